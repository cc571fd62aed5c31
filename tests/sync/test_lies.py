"""A source that lies in every way: nothing is lost, switched or renamed, and the truth is believed again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy

import pytest
from sync_bench import ACTOR, Bench, node_id
from sync_lies import (
    Lie,
    Stuck,
    all_gone,
    all_off,
    breaks_half_way,
    broken,
    doubled,
    flapping,
    half_gone,
    nobodys,
    shifted,
    swapped,
    without_names,
)

from corral.domain.drift import DriftState, Field
from corral.domain.errors import CorralError
from corral.domain.lifecycle import Status

Make = Callable[..., Bench]

EAGER = {
    "policy": "sync",
    "fields": {"power": {"policy": "sync", "wins": "world"}, "name": "tolerate"},
    "allow": ["start", "stop", "reboot", "migrate", "resize"],
    "adopt": [{"project": "bank", "mapping": {"flavor": "gold"}}],
    "brake": {"percent": 20, "least": 1},
}
"""A policy that follows whatever it is told, and allows all it can: nothing but the brake and doubt hold anything back."""
LIES = {
    "all are off": lambda: all_off,
    "all are gone": lambda: all_gone,
    "half are gone": lambda: half_gone,
    "each answers with the next one's data": lambda: shifted,
    "two answer with each other's": lambda: swapped,
    "one is told twice": lambda: doubled,
    "nobody has them": lambda: nobodys,
    "nonsense": lambda: without_names,
    "no record can be read": lambda: broken,
    "half of a list, and an error": lambda: breaks_half_way,
    "all off every other time": flapping,
}


@pytest.fixture
def fleet(bench: Make) -> Bench:
    one = bench(machines=8, lying=True, **EAGER)
    one.adopt(*range(1, 9))
    one.looks(2)
    assert one.drifts() == []
    return one


def listened(one: Bench, times: int) -> None:
    """So many passes, whatever comes of them, with hints of every machine between them."""
    for _ in range(times):
        for look in (one.look, lambda: one.glance(*range(1, 9))):
            try:
                look()
            except CorralError:
                assert one.lying.lie is not None  # the truth can be listened to
        one.clock.wait(90)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_does_no_harm_and_the_truth_is_believed_again_by_itself(fleet: Bench, lie: str) -> None:
    before = deepcopy(fleet.servers())
    fleet.lying.lie = LIES[lie]()
    listened(fleet, 5)
    assert fleet.servers() == before
    assert fleet.acts() == []
    fleet.lying.lie = None
    listened(fleet, 5)
    assert fleet.servers() == before
    assert (fleet.drifts(), fleet.drifts("settling")) == ([], [])
    assert fleet.corral.drift.source("lab").state.braked_at is None
    fleet.node(1).power = "power off"  # and what is true is followed
    fleet.looks(3, between=90)
    assert fleet.server(1).status is Status.STOPPED


@pytest.mark.parametrize("lie", [swapped, shifted, nobodys])
def test_whose_data_it_is_is_doubted_without_a_brake_too(bench: Make, lie: Lie) -> None:
    one = bench(machines=4, lying=True, **{**EAGER, "adopt": None, "brake": {"percent": 100, "least": 100}})
    one.adopt(1, 2, 3, 4)
    one.looks(2)
    before = deepcopy(one.servers())
    one.lying.lie = lie
    listened(one, 5)
    assert one.servers() == before
    assert one.acts() == []
    assert {(drift.field, drift.state) for drift in one.drifts()} == {(Field.OWNER, DriftState.CONFLICT)}


def test_a_brake_that_somebody_releases_lets_pass_what_was_known_and_no_more(fleet: Bench) -> None:
    fleet.lying.lie = all_off
    listened(fleet, 4)
    fleet.lying.lie = lambda told: half_gone(list(all_off(told)))
    fleet.corral.drift.release("lab", ACTOR)
    listened(fleet, 4)
    assert {server.status for server in fleet.servers()} <= {Status.ACTIVE, Status.STOPPED}  # none is lost
    assert fleet.corral.drift.source("lab").state.braked_at is not None
    fleet.lying.lie = None
    listened(fleet, 6)
    assert {server.status for server in fleet.servers()} == {Status.ACTIVE}
    assert fleet.drifts() == []


def test_a_source_that_never_ends_its_answer_keeps_no_hint_from_being_seen(fleet: Bench) -> None:
    stuck = fleet.lying.lie = Stuck()
    passing = threading.Thread(target=fleet.look)
    passing.start()
    assert stuck.reached.wait(60)
    fleet.lying.lie = None
    fleet.node(3).power = "power off"
    fleet.glance(3)
    assert fleet.drift(3, Field.POWER).state is DriftState.SETTLING
    stuck.go.set()
    passing.join(60)
    # The pass had seen an older power of it: that is not believed over the newer one.
    assert fleet.drift(3, Field.POWER) is not None
    assert fleet.server(3).status is Status.ACTIVE


def test_an_answer_that_is_old_makes_nothing_go_back_that_was_changed_here(bench: Make) -> None:
    one = bench(machines=1, lying=True, policy="sync", brake={"least": 10})
    one.adopt(1)
    one.looks(3)
    old = list(one.lying.told(free=False))
    one.corral.servers.update(one.server(1), [{"op": "replace", "path": "/name", "value": "web-1"}], ACTOR)
    one.looks(3)
    assert one.node(1).instance_info["display_name"] == "web-1"
    one.lying.lie = lambda _told: old
    listened(one, 1)
    assert (one.server(1).name, one.node(1).instance_info["display_name"]) == ("web-1", "web-1")
    one.lying.lie = None
    one.looks(3)
    assert one.drifts() == []
    assert one.node(1).instance_info["display_name"] == "web-1"


def test_hints_of_machines_that_nobody_has_or_that_are_none_cost_a_look_each(fleet: Bench) -> None:
    fleet.glance(1, 2, 99)
    fleet.corral.synchronizer.hint("lab", ["no such machine", node_id(1)])
    fleet.corral.synchronizer.hint("nowhere", [node_id(1)])
    assert (fleet.drifts(), fleet.drifts("settling")) == ([], [])
