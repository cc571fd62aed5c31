"""What a change of a node or a cluster asks of extensions, as data: which hook of which extension, in which order.

It is made when the operation is stored and carried in its params, so that a restart goes on with the same list, and whoever
looks at the operation sees what was due. Rule: functions from values to values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corral.domain.cluster import Cluster, Node, concerns_layout
from corral.domain.errors import Conflict

Names = Sequence[str]
"""Extensions, in order."""


@dataclass(frozen=True, slots=True)
class Due:
    """One hook to call. `nodes`: ids of those that it is about; `cluster`: id of the one that it is given."""

    extension: str
    hook: str
    nodes: tuple[str, ...] = ()
    cluster: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As an operation carries it."""
        return {"extension": self.extension, "hook": self.hook, "nodes": list(self.nodes), "cluster": self.cluster}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Due:
        """What `as_json` gave."""
        return cls(**{**data, "nodes": tuple(data["nodes"])})


@dataclass(frozen=True, slots=True)
class Change:
    """A change of nodes, or of one cluster, to be carried out whole. A pair is (before, after); None: not there. `clusters`: as
    they are to be, by id: those that hooks are given."""

    due: tuple[Due, ...]
    nodes: tuple[tuple[Node | None, Node | None], ...] = ()
    cluster: tuple[Cluster | None, Cluster | None] | None = None
    clusters: Mapping[str, Cluster] | None = None

    def as_json(self) -> dict[str, Any]:
        """As an operation carries it."""
        return {
            "due": [one.as_json() for one in self.due],
            "nodes": [[_json(one) for one in pair] for pair in self.nodes],
            "cluster": None if self.cluster is None else [_json(one) for one in self.cluster],
            "clusters": {uuid: one.as_json() for uuid, one in (self.clusters or {}).items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        """What `as_json` gave."""
        nodes = tuple((_node(before), _node(after)) for before, after in data["nodes"])
        cluster = None if data["cluster"] is None else (_cluster(data["cluster"][0]), _cluster(data["cluster"][1]))
        clusters = {uuid: Cluster.from_json(one) for uuid, one in data["clusters"].items()}
        return cls(tuple(map(Due.from_json, data["due"])), nodes, cluster, clusters)

    def node(self, uuid: str) -> tuple[Node, Node]:
        """The node before and after; one that is new, or goes, is the same in both."""
        before, after = next(pair for pair in self.nodes if uuid in (one.id for one in pair if one is not None))
        only = after if before is None else before
        assert only is not None
        return before or only, after or only


def created(node: Node, names: Names) -> list[Due]:
    """A node is new."""
    return _each(names, "on_node_create", node.id, node.cluster)


def updated(before: Node, after: Node, old: Names, new: Names) -> list[Due]:
    """A node changed. `old` and `new`: its extensions before and after."""
    if not concerns_layout(before, after):
        return []
    if before.cluster == after.cluster:
        return _each(new, "on_node_update", after.id, after.cluster)
    left = _each(old, "on_remove_node_from_cluster", after.id, before.cluster) if before.cluster else []
    gone = _each([one for one in old if one not in new], "on_node_delete", after.id, before.cluster)
    came = [Due(one, _arrival(one, old), (after.id,), after.cluster) for one in new]
    return [*left, *gone, *came]


def _arrival(name: str, old: Names) -> str:
    return "on_node_update" if name in old else "on_node_create"


def reset(node: Node, names: Names) -> list[Due]:
    """A node is to be as if it had just been found."""
    return _each(names, "on_node_reset", node.id, node.cluster)


def deleted(node: Node, names: Names) -> list[Due]:
    """A node is about to be deleted."""
    return _each(names, "on_node_delete", node.id, node.cluster)


def collection_deleted(nodes: Iterable[tuple[Node, Names]]) -> list[Due]:
    """Several nodes are about to be deleted: each extension hears once, of those that are in its care."""
    cared: dict[str, list[str]] = {}
    for node, names in nodes:
        for name in names:
            cared.setdefault(name, []).append(node.id)
    return [Due(name, "on_node_collection_delete", tuple(ids)) for name, ids in cared.items()]


def extensions_changed(cluster: Cluster, nodes: Iterable[Node], old: Names) -> list[Due]:
    """A cluster has other extensions now: those that came take its nodes into their care, those that left let them go."""
    due: list[Due] = []
    for node in nodes:
        due += _each([one for one in old if one not in cluster.extensions], "on_node_delete", node.id, cluster.id)
        due += _each([one for one in cluster.extensions if one not in old], "on_node_create", node.id, cluster.id)
    return due


def of_cluster(hook: str, cluster: Cluster) -> list[Due]:
    """A hook about the cluster itself."""
    return [Due(name, hook, (), cluster.id) for name in cluster.extensions]


def steady(before: Node, after: Node) -> None:
    """Raise Conflict when a node would leave its cluster while something writes to it."""
    if before.status.under_way and before.cluster != after.cluster:
        raise Conflict(
            f"Node {before.name} is {before.status}: it can't be moved to another cluster now.",
            fix="Wait until it is done, or reset it.",
        )


def _each(names: Iterable[str], hook: str, node: str, cluster: str | None) -> list[Due]:
    return [Due(name, hook, (node,), cluster) for name in names]


def _json(one: Node | Cluster | None) -> dict[str, Any] | None:
    return None if one is None else one.as_json()


def _node(data: Mapping[str, Any] | None) -> Node | None:
    return None if data is None else Node.from_json(data)


def _cluster(data: Mapping[str, Any] | None) -> Cluster | None:
    return None if data is None else Cluster.from_json(data)
