"""Clusters and nodes: created, changed, reset, deleted, with every extension's part in it, or not at all.

remember what each extension keeps → call the hooks that are due, in order → record. The record is written last: until then a
node is what it was, and whatever fails, each extension gets back what it had.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from corral.domain.cluster import Cluster, Node
from corral.engine import Flow, Json, Run, Step
from corral.extensions.contract import Extension
from corral.flows.changes import Change, Due
from corral.flows.env import Env, note_change


def change_of(run: Run[Env]) -> Change:
    """The change that this operation carries out."""
    return Change.from_json(run.params["change"])


def remember(run: Run[Env]) -> Json:
    """Keep what each extension has of each node that one of its hooks is about. Only reads."""
    change = change_of(run)
    concerned = dict.fromkeys((one.extension, node) for one in change.due for node in one.nodes)
    kept = []
    for name, uuid in concerned:
        run.check()
        extension, (before, _) = run.env.extensions.get(name), change.node(uuid)
        kept.append([name, uuid, snapshot(run, extension, before)])
    return kept


def snapshot(run: Run[Env], extension: Extension, node: Node) -> Json | None:
    """What the extension keeps of the node."""
    kept = run.env.hooks.ask(extension, "snapshot", lambda: extension.snapshot(node), run.operation, run.check)
    return None if kept is None else dict(kept)


def bring_back(run: Run[Env], extension: Extension, node: Node, kept: Any) -> None:
    """Have the extension keep of the node what it kept before; nothing it was asked before may be going on any more."""
    run.check()
    run.env.hooks.settle(run.operation, extension)
    run.env.hooks.within(extension, "restore", lambda: extension.restore(node, kept), run.operation)


def call_hooks(run: Run[Env]) -> Json | None:
    """Call every hook that is due. Each is noted in the operation's events as it begins."""
    change = change_of(run)
    wanted = [one for one in change.due if run.env.extensions.wants(one.extension, one.hook)]
    for number, one in enumerate(wanted):
        run.progress(number / len(wanted), f"{one.extension}: {one.hook}")
        extension = run.env.extensions.get(one.extension)
        run.env.hooks.call(extension, one.hook, arguments(change, one), run.operation, run.attempt, run.check)
    return {"hooks": [f"{one.extension}: {one.hook}" for one in wanted]} if len(wanted) < 100 else None


def restore(run: Run[Env]) -> None:
    """Bring back what each extension had, the last first."""
    change = change_of(run)
    for name, uuid, kept in reversed(run.results.get("remember") or ()):
        bring_back(run, run.env.extensions.get(name), change.node(uuid)[0], kept)


def record(run: Run[Env]) -> Json | None:
    """Write what has become of nodes and cluster, and let them go."""
    run.check()
    change = change_of(run)
    nodes = [((before or after).id, after) for before, after in change.nodes if before or after]  # type: ignore[union-attr]
    run.env.estate.record(run.operation, nodes, _settled(change.cluster, forwards=True))
    return run.params["subject"]  # type: ignore[no-any-return]


def let_go(run: Run[Env]) -> None:
    """Nothing has changed: nodes and cluster are what they were, and what was to be new is gone again."""
    change = change_of(run)
    nodes = [((before or after).id, before) for before, after in change.nodes if before or after]  # type: ignore[union-attr]
    run.env.estate.record(run.operation, nodes, _settled(change.cluster, forwards=False))
    note_change(run, "reverted")


def finish(run: Run[Env]) -> None:
    """The audit entry."""
    note_change(run, "succeeded")


def _settled(
    pair: tuple[Cluster | None, Cluster | None] | None, *, forwards: bool
) -> tuple[str, Cluster | None] | None:
    if pair is None:
        return None
    before, after = pair
    there = before or after
    assert there is not None
    return there.id, after if forwards else before


def arguments(change: Change, due: Due) -> Sequence[Any]:
    """What the hook is given, but for the call itself."""
    return _ARGUMENTS[due.hook](change, due)


def _node_after(change: Change, due: Due) -> Sequence[Any]:
    return change.node(due.nodes[0])[1], cluster_of(change, due)


def _node_before(change: Change, due: Due) -> Sequence[Any]:
    return change.node(due.nodes[0])[0], cluster_of(change, due)


def _node_both(change: Change, due: Due) -> Sequence[Any]:
    before, after = change.node(due.nodes[0])
    return after, before, cluster_of(change, due)


def _nodes(change: Change, due: Due) -> Sequence[Any]:
    return ([change.node(one)[0] for one in due.nodes],)


def _cluster_with_nodes(change: Change, due: Due) -> Sequence[Any]:
    return cluster_of(change, due), [change.node(one)[0] for one in due.nodes]


def _cluster(change: Change, due: Due) -> Sequence[Any]:
    return (cluster_of(change, due),)


def _cluster_both(change: Change, due: Due) -> Sequence[Any]:
    assert change.cluster is not None
    return cluster_of(change, due), change.cluster[0]


def cluster_of(change: Change, due: Due) -> Cluster | None:
    """The cluster that the hook is given."""
    return None if due.cluster is None else (change.clusters or {})[due.cluster]


_ARGUMENTS: dict[str, Callable[[Change, Due], Sequence[Any]]] = {
    "on_node_create": _node_after,
    "on_node_update": _node_both,
    "on_node_reset": _node_after,
    "on_node_delete": _node_before,
    "on_node_collection_delete": _nodes,
    "on_remove_node_from_cluster": _node_before,
    "on_cluster_create": _cluster,
    "on_cluster_patch_attributes": _cluster_both,
    "on_cluster_delete": _cluster,
    "on_before_deployment_check": _cluster_with_nodes,
    "on_before_provisioning": _cluster_with_nodes,
}

KINDS = (
    "node_create",
    "node_update",
    "node_reset",
    "node_delete",
    "cluster_create",
    "cluster_update",
    "cluster_delete",
    "cluster_extensions",
)
"""All of them are carried out by the same steps; they differ in what is due and in what is recorded."""

STEPS = (
    Step("remember", "Remember what extensions keep", remember, undo=None),  # only reads
    Step("hooks", "Call the hooks of extensions", call_hooks, undo=restore),
    Step("record", "Record the change", record, undo=None),  # the last act
)

FLOWS: tuple[Flow[Env], ...] = tuple(
    Flow(name=kind, version=1, steps=STEPS, on_success=finish, on_reverted=let_go) for kind in KINDS
)
