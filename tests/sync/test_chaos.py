"""Sources that flap, lie and lose pages: the brake holds, nothing is lost or switched, and what is true later is believed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from sync_bench import ACTOR, Bench, mac, node_id

from corral.domain.drift import DriftState, Field
from corral.domain.errors import CorralError
from corral.domain.lifecycle import Status
from corral.drivers.memory import Answered

Make = Callable[..., Bench]

EVERYTHING = {
    "policy": "sync",
    "fields": {"power": {"policy": "sync", "wins": "record"}, "name": "tolerate"},
    "allow": ["start", "stop", "reboot", "migrate", "resize"],
    "brake": {"percent": 20, "least": 1},
}
"""A policy that allows all it can: whatever holds things back is not a rule."""


@pytest.fixture
def fleet(bench: Make) -> Bench:
    one = bench(machines=8, **EVERYTHING)
    one.adopt(*range(1, 9))
    one.looks(2)
    assert one.drifts() == []
    return one


def untouched(one: Bench) -> None:
    """No server was lost or changed, and nothing was sent to the source."""
    assert {server.status for server in one.servers()} == {Status.ACTIVE}
    assert [server.name for server in one.servers()] == [f"server-{number}" for number in range(1, 9)]
    assert one.acts() == []


def braked(one: Bench) -> bool:
    return one.corral.drift.source("lab").state.braked_at is not None


@pytest.mark.parametrize("left", [0, 3])
def test_an_empty_or_truncated_list_loses_no_machine(fleet: Bench, left: int) -> None:
    whole = list(fleet.memory.world.order)
    fleet.memory.world.order[:] = whole[:left]
    fleet.looks(6)
    untouched(fleet)
    assert braked(fleet)
    fleet.memory.world.order[:] = whole
    fleet.looks(5)
    assert not braked(fleet)  # by itself, after some calm passes
    assert fleet.drifts() == []
    untouched(fleet)


def test_one_machine_that_is_left_out_of_the_list_is_asked_for_and_not_lost(fleet: Bench) -> None:
    fleet.memory.world.order.remove(node_id(3))
    fleet.looks(6)
    untouched(fleet)
    assert not braked(fleet)


def test_a_source_that_says_that_all_are_off_has_none_of_them_switched(fleet: Bench) -> None:
    for number in range(1, 9):
        fleet.node(number).power = "power off"
    fleet.looks(6)
    untouched(fleet)
    assert braked(fleet)
    assert {drift.state for drift in fleet.drifts()} == {DriftState.HELD}


def test_a_source_that_flaps_is_not_followed(fleet: Bench) -> None:
    for turn in range(8):
        for number in range(1, 9):
            fleet.node(number).power = "power off" if turn % 2 == 0 else "power on"
        fleet.look()
        fleet.clock.wait(90)
    untouched(fleet)


def test_a_few_machines_that_flap_are_not_followed_either(fleet: Bench) -> None:
    for turn in range(10):
        fleet.node(1).power = "power off" if turn % 2 == 0 else "power on"
        fleet.look()
        fleet.clock.wait(90)
    untouched(fleet)


def test_data_of_other_machines_is_reported_and_nothing_of_it_believed(fleet: Bench) -> None:
    for number in range(1, 9):
        fleet.node(number).nics[0].mac = mac(100 + number)
        fleet.node(number).power = "power off"
    fleet.looks(6)
    untouched(fleet)
    fleet.corral.drift.release("lab", ACTOR)
    fleet.looks(3)
    untouched(fleet)
    assert {drift.field for drift in fleet.drifts()} == {Field.NICS}
    assert {drift.state for drift in fleet.drifts()} == {DriftState.CONFLICT}


def test_a_machine_that_is_somebody_elses_is_left_alone(fleet: Bench) -> None:
    fleet.node(2).instance_uuid = node_id(99)
    fleet.node(2).power = "power off"
    fleet.looks(6)
    untouched(fleet)
    found = fleet.drift(2, Field.OWNER)
    assert (found.state, found.world) == (DriftState.CONFLICT, node_id(99))
    assert fleet.drift(2, Field.POWER) is None


def test_a_list_that_breaks_half_way_changes_nothing(fleet: Bench) -> None:
    before = deepcopy(fleet.servers())
    count = 0

    def fails_later(moment: str) -> None:
        nonlocal count
        count += moment == "before GET /v1/nodes"
        if count == 2:
            raise Answered(503)

    fleet.node(1).power = "power off"
    fleet.memory.faults = fails_later
    with pytest.raises(CorralError):
        fleet.look()
    fleet.memory.faults = None
    assert fleet.servers() == before
    assert fleet.drift(1, Field.POWER) is None
    assert fleet.corral.drift.source("lab").state.problem
    fleet.look()
    assert fleet.corral.drift.source("lab").state.problem is None
