"""Extensions raise, hang, and die with the process, at every hook, before and after they acted: each node stays whole.

Whole: the record, and what every extension keeps, are either all as they were or all as they were to be, and nothing holds the
node any more."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fault_bench import ACTOR, QUICK

from corral import config
from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.errors import CorralError, Unreachable
from corral.engine import Operation
from corral.services.changes import Undone
from corral.store.nodes import NodeFilter
from corral.wiring import Corral, build
from tests.extension_doubles import laid_out, shelves
from tests.prepared import prepared

_ANY = NodeFilter()
DISKS = [{"name": "sda", "size": 100}]


class Bench:
    """A Corral with a shelf and a rack, which outlive it as a service would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found, self.shelf, self.rack = shelves()
        self._running: list[Corral] = []
        self.corral = self.another()

    def another(self, **extensions: Any) -> Corral:
        """One more process on the same database, with the same extensions."""
        number = len(self._running)
        settings = config.Settings(
            data_dir=self.folder / f"data-{number}",
            database_url=f"sqlite:///{self.folder / 'corral.db'}",
            extensions={"default": ["shelf", "rack"], "answer_within": 30, **extensions},
        )
        corral = build(
            prepared(settings),
            sources={},
            extensions=self.found,
            emit=lambda *_a, **_k: None,
            sleep=lambda _s: time.sleep(0.001),
            back_off=QUICK,
        )
        corral.start()
        self._running.append(corral)
        return corral

    def stop(self) -> None:
        for corral in self._running:
            corral.stop()

    def cluster(self, name: str = "prod", names: tuple[str, ...] = ("shelf", "rack")) -> Cluster:
        made = self.corral.clusters.create(name, {}, names, ACTOR)
        return self.corral.clusters.get(str(made.subject))

    def node(self, cluster: Cluster, name: str = "n1") -> Node:
        fields = {"name": name, "cluster": cluster.id, "roles": ("compute",), "meta": {"disks": DISKS}}
        made = self.corral.nodes.create(fields, ACTOR)
        return self.corral.nodes.get(str(made.subject))

    def picture(self) -> Any:
        """All there is, but for times and revisions."""
        nodes = self.corral.nodes.page(_ANY, limit=100, marker=None)
        return copy.deepcopy(([one.as_json() for one in nodes], [one.busy for one in nodes], self.kept()))

    def kept(self) -> dict[str, Any]:
        return {"shelf": self.shelf.kept, "rack": self.rack.kept}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.stop()


Act = Callable[[Bench, Node], Operation]


def _update(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.update(node, {"roles": ("cinder", "ceph")}, ACTOR)


def _reset(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.reset(node, ACTOR)


def _delete(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.delete(node, ACTOR)


def _delete_many(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.delete_many(bench.corral.nodes.page(_ANY, limit=9, marker=None), ACTOR)


def _move(bench: Bench, node: Node) -> Operation:
    return bench.corral.nodes.update(node, {"cluster": bench.cluster("other", ("rack",)).id}, ACTOR)


CHANGES: dict[str, tuple[Act, str]] = {
    "update": (_update, "on_node_update"),
    "reset": (_reset, "on_node_reset"),
    "delete": (_delete, "on_node_delete"),
    "delete_many": (_delete_many, "on_node_collection_delete"),
    "move": (_move, "on_node_update"),
}
EVERYWHERE = [
    pytest.param(act, hook, who, moment, id=f"{name}-{who}-{moment}")
    for name, (act, hook) in CHANGES.items()
    for who in ("shelf", "rack")
    for moment in ("before", "after")
    if (name, who) != ("move", "shelf")
]


def edited(bench: Bench) -> Node:
    """Two nodes, one of which a user laid out by hand."""
    cluster = bench.cluster()
    bench.node(cluster, "n0")
    node = bench.node(cluster)
    bench.corral.nodes.set_disks(node, [{"id": "sda", "size": 1, "volumes": [{"name": "mine"}]}], ACTOR)
    return node


@pytest.mark.parametrize(("act", "hook", "who", "moment"), EVERYWHERE)
def test_a_hook_that_raises_leaves_every_node_as_it_was(
    bench: Bench, act: Act, hook: str, who: str, moment: str
) -> None:
    node = edited(bench)
    before = bench.picture()

    def fault(called: str, at: str) -> None:
        if (called, at) == (hook, moment):
            raise Unreachable("The service is away.")

    getattr(bench, who).fault = fault
    with pytest.raises(Undone, match=f"Extension {who}, {hook}: The service is away"):
        act(bench, node)
    assert bench.picture() == before


@pytest.mark.parametrize("who", ["shelf", "rack"])
def test_what_can_not_be_brought_back_at_once_is_brought_back_later(bench: Bench, who: str) -> None:
    node = edited(bench)
    before, stumbles = bench.picture(), iter(range(30))

    def fault(called: str, at: str) -> None:
        if called == "restore" and next(stumbles, None) is not None:
            raise Unreachable("The service is away.")
        if (called, at) == ("on_node_update", "after"):
            raise ZeroDivisionError

    getattr(bench, who).fault = fault
    with pytest.raises(Undone):
        _update(bench, node)
    assert bench.picture() == before


def test_a_hook_that_hangs_past_its_limit_leaves_the_node_as_it_was(bench: Bench) -> None:
    node = edited(bench)
    before = bench.picture()
    bench.corral = bench.another(hook_timeout=1.0)
    held = threading.Event()
    bench.rack.fault = lambda hook, at: held.wait(3.0) if (hook, at) == ("on_node_update", "before") else None
    with pytest.raises(Undone, match=r"Extension rack, on_node_update: It did not come to an end within 1 s"):
        _update(bench, node)
    assert bench.picture() == before
    held.set()
    time.sleep(0.2)
    assert bench.picture() == before


def test_a_node_is_held_while_a_hook_that_hangs_may_still_act(bench: Bench) -> None:
    node = edited(bench)
    before = bench.picture()
    bench.corral = bench.another(hook_timeout=1.0, answer_within=2.0)
    held = threading.Event()

    def rude(hook: str, at: str) -> None:
        if (hook, at) == ("on_node_update", "after"):  # has acted already, and does not end
            held.wait(60)

    bench.rack.fault = rude
    operation = _update(bench, node)
    assert not operation.state.final
    now = bench.corral.nodes.get(node.id)
    assert now.busy == operation.uuid
    with pytest.raises(CorralError, match="is being changed by operation"):
        bench.corral.nodes.delete(now, ACTOR)
    held.set()
    assert bench.corral.engine.wait(operation.uuid, 60).state == "reverted"
    assert bench.picture() == before


@pytest.mark.parametrize(("act", "hook", "who", "moment"), EVERYWHERE)
def test_a_process_that_dies_in_a_hook_is_followed_by_one_that_ends_it(
    bench: Bench, act: Act, hook: str, who: str, moment: str
) -> None:
    node = edited(bench)
    reached, woken, died = threading.Event(), threading.Event(), threading.Event()

    def death(called: str, at: str) -> None:
        if (called, at) == (hook, moment) and not died.is_set():
            died.set()
            reached.set()
            woken.wait(60)
            raise Unreachable("the process that made this call is dead")

    getattr(bench, who).fault = death
    first = bench.corral
    caller = threading.Thread(target=_ignore(lambda: act(bench, node)), daemon=True)
    caller.start()
    assert reached.wait(60)
    operation = first.nodes.get(node.id).busy
    assert operation is not None
    second = bench.another()
    assert second.engine.wait(operation, 60).state == "succeeded"
    bench.corral = second
    whole = bench.picture()
    _check_done(bench, hook, node)
    woken.set()
    caller.join(60)
    time.sleep(0.1)
    assert bench.picture() == whole


def _ignore(act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with suppress(CorralError):  # the first process may see how the second one ended it, or not
            act()

    return run


def _check_done(bench: Bench, hook: str, node: Node) -> None:
    nodes, busy, kept = bench.picture()
    assert set(busy) <= {None}
    ids = {one["id"] for one in nodes}
    assert (node.id in ids) == ("delete" not in hook)
    for one in map(Node.from_json, nodes):
        cluster = bench.corral.clusters.get(str(one.cluster))
        for name in ("shelf", "rack"):
            there = kept[name].get(one.id)
            assert (there is not None) == (name in cluster.extensions)
            if there is not None and one.id == node.id:
                assert there == {"disks": laid_out(one), "edited": False}
    assert set(kept["shelf"]) | set(kept["rack"]) == ids


@pytest.mark.parametrize("roles", [(), ("cinder",)], ids=["none", "another"])
def test_roles_that_change_while_something_writes_to_a_node_are_told_when_it_is_done_or_it_is_not_done(
    bench: Bench, roles: tuple[str, ...]
) -> None:
    node = bench.node(bench.cluster())
    update, get = bench.corral.nodes.update, bench.corral.nodes.get
    update(node, {"status": NodeStatus.DEPLOYING}, ACTOR)
    update(get(node.id), {"roles": roles}, ACTOR)
    assert bench.shelf.kept[node.id]["disks"] == laid_out(node)
    before = bench.picture()

    def fault(hook: str, at: str) -> None:
        if (hook, at) == ("on_node_update", "after"):
            raise Unreachable("The service is away.")

    bench.rack.fault = fault
    with pytest.raises(Undone, match="Extension rack, on_node_update: The service is away"):
        update(get(node.id), {"status": NodeStatus.READY}, ACTOR)
    assert bench.picture() == before
    bench.rack.fault = lambda _hook, _at: None
    update(get(node.id), {"status": NodeStatus.READY}, ACTOR)
    _check_done(bench, "on_node_update", node)
    assert bench.shelf.kept[node.id]["disks"] == laid_out(get(node.id)) != laid_out(node)
