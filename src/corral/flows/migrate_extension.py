"""migrate_extension: the layouts of a cluster's nodes move from one extension to another, and nobody notices.

remember what both keep → copy each layout and read it back → switch the cluster over → remove the old layouts. The old ones are
removed last, and come back from what was remembered when that fails: at any moment one of the two has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import DriverFailed
from corral.engine import Flow, Json, Run, Step
from corral.extensions.contract import Extension, NodeVolumes
from corral.extensions.registry import as_node_volumes
from corral.flows.cluster import bring_back, change_of, snapshot
from corral.flows.env import Env, note_change

Act = Callable[[NodeVolumes, Node], Any]


def _nodes(run: Run[Env]) -> list[Node]:
    return [before for before, _ in change_of(run).nodes if before is not None]


def _clusters(run: Run[Env]) -> tuple[Cluster, Cluster]:
    pair = change_of(run).cluster
    assert pair is not None
    before, after = pair
    assert before is not None
    assert after is not None
    return before, after


def _old(run: Run[Env]) -> Extension:
    return run.env.extensions.get(run.params["from"])


def _new(run: Run[Env]) -> Extension:
    return run.env.extensions.get(run.params["to"])


def _ask(run: Run[Env], extension: Extension, what: str, act: Act, node: Node) -> Any:
    volumes = as_node_volumes(extension)
    return run.env.hooks.ask(extension, what, lambda: act(volumes, node), run.operation, run.check)


def _each(run: Run[Env], doing: str) -> Iterator[Node]:
    nodes = _nodes(run)
    for number, node in enumerate(nodes):
        run.check()
        run.progress(number / len(nodes), f"{doing} {node.name}")
        yield node


def remember(run: Run[Env]) -> Json:
    """Keep what both extensions have of each node. Only reads."""
    old, new = _old(run), _new(run)
    return [[node.id, snapshot(run, old, node), snapshot(run, new, node)] for node in _each(run, "reading")]


def copy(run: Run[Env]) -> Json | None:
    """Give each layout to the new extension, and compare what both say of it then. Raises DriverFailed at a difference."""
    before, _ = _clusters(run)
    for node in _each(run, "copying"):
        layout = _ask(run, _old(run), "export_layout", lambda v, n: v.export_layout(n, before), node)
        _import(run, node, before, layout)
        _compare(run, node, before)
    return None


def _import(run: Run[Env], node: Node, cluster: Cluster, layout: Mapping[str, Any]) -> None:
    _ask(run, _new(run), "import_layout", lambda v, n: v.import_layout(n, cluster, layout), node)


def _compare(run: Run[Env], node: Node, cluster: Cluster) -> None:
    for what, act in _SAID.items():
        said = [_ask(run, one, what, lambda v, n: act(v, n, cluster), node) for one in (_old(run), _new(run))]  # noqa: B023
        if said[0] != said[1]:
            raise DriverFailed(
                f"Node {node.name} has other {what} in {run.params['to']} than in {run.params['from']}.",
                fix="Everything stays with the old extension. It is a defect in one of the two: report it.",
                code="migration-differs",
            )


_SAID: dict[str, Callable[[NodeVolumes, Node, Cluster], Any]] = {
    "disks": lambda volumes, node, cluster: volumes.disks(node, cluster),
    "volumes": lambda volumes, node, cluster: volumes.volumes(node, cluster),
    "export_layout": lambda volumes, node, cluster: dict(volumes.export_layout(node, cluster)),
}


def forget_copies(run: Run[Env]) -> None:
    """Bring back what the new extension had of each node before: nothing, for the most part."""
    _restore(run, _new(run), 2)


def switch(run: Run[Env]) -> Json | None:
    """From here on the new extension answers for the cluster's nodes."""
    run.check()
    before, after = _clusters(run)
    run.env.estate.change(run.operation, cluster=before.id, extensions=after.extensions)
    return None


def switch_back(run: Run[Env]) -> None:
    """The old extension answers again."""
    run.check()
    before, _ = _clusters(run)
    run.env.estate.change(run.operation, cluster=before.id, extensions=before.extensions)


def remove_old(run: Run[Env]) -> Json | None:
    """The old extension forgets the nodes."""
    for node in _each(run, "removing the old layout of"):
        _ask(run, _old(run), "remove_layout", lambda v, n: v.remove_layout(n), node)
    return {
        "cluster": run.params["subject"],
        "nodes": len(_nodes(run)),
        "from": run.params["from"],
        "to": run.params["to"],
    }


def bring_old_back(run: Run[Env]) -> None:
    """The old extension has again what it had."""
    _restore(run, _old(run), 1)


def _restore(run: Run[Env], extension: Extension, which: int) -> None:
    kept = {one[0]: one[which] for one in run.results.get("remember") or ()}
    for node in _nodes(run):
        if node.id in kept:
            bring_back(run, extension, node, kept[node.id])


def finish(run: Run[Env]) -> None:
    """Let the cluster go."""
    before, after = _clusters(run)
    run.env.estate.record(run.operation, [], (before.id, after))
    note_change(run, "succeeded")


def let_go(run: Run[Env]) -> None:
    """Everything is with the old extension, as it was."""
    before, _ = _clusters(run)
    run.env.estate.record(run.operation, [], (before.id, before))
    note_change(run, "reverted")


FLOW: Flow[Env] = Flow(
    name="migrate_extension",
    version=1,
    steps=(
        Step("remember", "Remember what both extensions keep", remember, undo=None),  # only reads
        Step("copy", "Copy the layouts and compare them", copy, undo=forget_copies),
        Step("switch", "Switch the cluster over", switch, undo=switch_back),
        Step("remove_old", "Remove the old layouts", remove_old, undo=bring_old_back),
    ),
    on_success=finish,
    on_reverted=let_go,
)
