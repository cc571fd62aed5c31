"""Nodes: created, changed, moved, reset, deleted, provisioned; and their disks, as the extension of their cluster has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import uuid4

from corral.contracts.sources import Source
from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.errors import Conflict, CorralError, ExtensionFailed, Invalid, NotFound
from corral.engine import Operation
from corral.extensions.contract import NODE_VOLUMES, NodeVolumes
from corral.extensions.hooks import Hooks
from corral.extensions.pipelines import Data
from corral.extensions.registry import Extensions, as_node_volumes
from corral.flows import changes as due
from corral.flows.changes import Change, Due
from corral.flows.provision import node_provisioning
from corral.services.adoption import Actor
from corral.services.changes import Changes, Wanted
from corral.store import Audit, AuditEntry, Estate
from corral.store.nodes import NodeFilter, free

T = TypeVar("T")
Disks = list[dict[str, Any]]


class NodeService:
    """The use cases around nodes."""

    def __init__(
        self,
        estate: Estate,
        extensions: Extensions,
        hooks: Hooks,
        changes: Changes,
        audit: Audit,
        sources: Mapping[str, Source],
    ) -> None:
        self._estate = estate
        self._extensions = extensions
        self._hooks = hooks
        self._changes = changes
        self._audit = audit
        self._sources = sources

    def get(self, uuid: str) -> Node:
        """The node. Raises NotFound."""
        return self._estate.nodes.get(uuid)

    def page(self, where: NodeFilter, *, limit: int, marker: str | None) -> list[Node]:
        """One page of nodes, by name."""
        return self._estate.nodes.page(where, limit=limit, marker=marker)

    # --- changes ------------------------------------------------------------------------------------------

    def create(self, fields: Mapping[str, Any], actor: Actor, *, key: str | None = None) -> Operation:
        """A new node. Raises Conflict when its name or machine is taken, NotFound for a cluster or source that does not exist."""
        node = Node(id=str(uuid4()), project=actor.project, **fields)
        self._check_machine(node)
        cluster = self._cluster_for(node)
        asked = due.created(node, self._extensions.names_for(cluster))
        return self._carry_out("create", node, [(None, node)], asked, [cluster], actor, key)

    def update(self, node: Node, values: Mapping[str, Any], actor: Actor, *, key: str | None = None) -> Operation:
        """Change some fields. Extensions hear of it when roles, cluster or disks are others now, and nothing writes to the node."""
        after = replace(node, **values)
        due.steady(node, after)
        if (node.source, node.machine) != (after.source, after.machine):
            self._check_machine(after)
        old, new = self._estate.cluster_of(node), self._cluster_for(after)
        names = self._extensions.names_for
        asked = due.updated(node, after, names(old), names(new))
        return self._carry_out("update", node, [(node, after)], asked, [old, new], actor, key)

    def reset(self, node: Node, actor: Actor, *, key: str | None = None) -> Operation:
        """Make the node as if it had just been found. Its disks are not touched."""
        after = replace(node, status=NodeStatus.DISCOVER)
        cluster = self._estate.cluster_of(node)
        asked = due.reset(after, self._extensions.names_for(cluster))
        return self._carry_out("reset", node, [(node, after)], asked, [cluster], actor, key)

    def delete(self, node: Node, actor: Actor, *, key: str | None = None) -> Operation:
        """Forget the node. Its machine is not touched."""
        cluster = self._estate.cluster_of(node)
        asked = due.deleted(node, self._extensions.names_for(cluster))
        return self._carry_out("delete", node, [(node, None)], asked, [cluster], actor, key)

    def delete_many(self, nodes: Sequence[Node], actor: Actor, *, key: str | None = None) -> Operation:
        """Forget several nodes, all or none."""
        clusters = {node.cluster: self._estate.cluster_of(node) for node in nodes}
        asked = due.collection_deleted((node, self._extensions.names_for(clusters[node.cluster])) for node in nodes)
        pairs = [(node, None) for node in nodes]
        return self._carry_out("delete", nodes[0], pairs, asked, list(clusters.values()), actor, key)

    def provision(self, node: Node, actor: Actor, *, key: str | None = None) -> Operation:
        """Erase the node's disks and lay them out anew. Submits only: it takes minutes."""
        cluster = self._estate.cluster_of(node)
        asked = [
            Due(name, "on_before_provisioning", (node.id,), node.cluster)
            for name in self._extensions.names_for(cluster)
        ]
        change = Change(tuple(asked), ((node, node),), None, _by_id([cluster]))
        wanted = Wanted("provision", "node:provision", node.id, node.name, node.project, change, _present([cluster]))
        return self._changes.submit(wanted, actor, key=key)

    # --- disks --------------------------------------------------------------------------------------------

    def disks(self, node: Node) -> Disks:
        """How the node's disks are to be laid out."""
        return self._asked(node, "disks", lambda volumes, cluster: volumes.disks(node, cluster))

    def default_disks(self, node: Node) -> Disks:
        """How they would be by default."""
        return self._asked(node, "default_disks", lambda volumes, cluster: volumes.default_disks(node, cluster))

    def volumes(self, node: Node) -> Disks:
        """What may be placed on them."""
        return self._asked(node, "volumes", lambda volumes, cluster: volumes.volumes(node, cluster))

    def set_disks(self, node: Node, disks: Sequence[Mapping[str, Any]], actor: Actor) -> Disks:
        """Lay them out as a user wants. Raises Conflict while the node is being changed or written to."""
        free(node)
        if node.status.under_way:
            raise Conflict(f"Node {node.name} is {node.status}.", fix="Wait until it is done, or reset the node.")
        now = self._asked(node, "set_disks", lambda volumes, cluster: volumes.set_disks(node, cluster, disks))
        entry = AuditEntry("node:disks", "done", actor.user, actor.project, actor.request_id, node.id)
        self._audit.add(entry)
        return now

    def provisioning(self, node: Node) -> Data:
        """The provisioning data that the extensions of the node's cluster make. Changes nothing."""
        return node_provisioning(self._extensions, self._estate.cluster_of(node), node)

    # --- inside -------------------------------------------------------------------------------------------

    def _asked(self, node: Node, what: str, act: Callable[[NodeVolumes, Cluster | None], T]) -> T:
        """What the extension that lays out disks says. What it refuses reaches the user in its own words."""
        cluster = self._estate.cluster_of(node)
        extension = self._extensions.provider(NODE_VOLUMES, cluster)
        volumes = as_node_volumes(extension)
        try:
            answer: T = self._hooks.within(extension, what, lambda: act(volumes, cluster))
        except ExtensionFailed as exc:
            if isinstance(exc.__cause__, CorralError) and exc.__cause__.status < 500:
                raise exc.__cause__ from exc
            raise
        return answer

    def _cluster_for(self, node: Node) -> Cluster | None:
        cluster = self._estate.cluster_of(node)
        if cluster is not None and cluster.project != node.project:
            raise NotFound(f"No cluster has the id {node.cluster}.", fix="Look at `corral cluster list`.")
        return cluster

    def _check_machine(self, node: Node) -> None:
        if (node.source is None) != (node.machine is None):
            raise Invalid("A node is bound by source and machine.", fix="Give both, or neither.")
        if node.source is not None and node.machine is not None:
            if node.source not in self._sources:
                raise NotFound(f"Source {node.source!r} is not configured.", fix="Look at `corral source list`.")
            self._sources[node.source].machines.observe(node.machine)

    def _carry_out(
        self,
        what: str,
        node: Node,
        pairs: Sequence[tuple[Node | None, Node | None]],
        asked: Sequence[Due],
        clusters: Sequence[Cluster | None],
        actor: Actor,
        key: str | None,
    ) -> Operation:
        change = Change(tuple(asked), tuple(pairs), None, _by_id(clusters))
        wanted = Wanted(f"node_{what}", f"node:{what}", node.id, node.name, node.project, change, _present(clusters))
        return self._changes.carried_out(wanted, actor, key=key)


def _present(clusters: Sequence[Cluster | None]) -> list[Cluster]:
    return list({one.id: one for one in clusters if one is not None}.values())


def _by_id(clusters: Sequence[Cluster | None]) -> dict[str, Cluster]:
    return {one.id: one for one in clusters if one is not None}
