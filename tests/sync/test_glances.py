"""Glances: what hints named is looked at at once, beside passes, and nothing is decided about it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sync_bench import SETTLE, Bench, add_machine, node_id
from sync_lies import Stuck

from corral.domain.drift import DriftState, Field
from corral.domain.errors import Unreachable
from corral.domain.lifecycle import Status
from corral.services.sync_hints import Hints
from tests.waiting import until

Make = Callable[..., Bench]


def calls(one: Bench) -> Callable[[], list[str]]:
    """What the source is asked from now on."""
    asked: list[str] = []
    one.memory.faults = lambda moment: asked.append(moment) if moment.startswith("before") else None

    def told() -> list[str]:
        one.memory.faults = None
        return asked

    return told


def test_a_hint_leads_to_a_row_at_once_and_to_nothing_else(bench: Make) -> None:
    one = bench(policy="tolerate", settle=0, looks=1)
    one.adopt(1, 2)
    one.look()
    one.node(1).power = one.node(2).power = "power off"
    assert one.glance(1)["found"] == 1
    found = one.drift(1, Field.POWER)
    assert (found.state, found.record, found.world, found.looks) == (DriftState.SETTLING, "power on", "power off", 1)
    assert one.drift(2, Field.POWER) is None
    assert one.server(1).status is Status.ACTIVE
    one.look()  # a pass decides, and there is a look already that counts
    assert one.server(1).status is Status.STOPPED


def test_a_glance_asks_for_the_machine_that_was_named_and_for_no_list(bench: Make) -> None:
    one = bench(machines=10, policy="tolerate")
    one.adopt(*range(1, 11))
    one.look()
    asked = calls(one)
    one.glance(3)
    found = asked()
    assert "before GET /v1/nodes" not in found
    assert f"before GET /v1/nodes/{node_id(3)}" in found
    assert not any(node_id(number) in call for call in found for number in range(1, 11) if number != 3)


def test_a_hint_that_is_doubled_or_made_up_writes_nothing(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1)
    one.look()
    one.glance(1)
    one.node(1).power = "power off"
    one.glance(1)
    before = one.drift(1, Field.POWER)
    one.clock.wait(5)
    one.glance(1)
    one.glance(1)
    assert one.drift(1, Field.POWER) == before


def test_what_a_glance_saw_counts_as_the_first_look_and_a_pass_settles_it(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.glance(1)
    one.clock.wait(SETTLE)
    one.look()
    assert one.server(1).status is Status.STOPPED
    assert one.drift(1, Field.POWER) is None


def test_a_change_that_is_taken_back_is_forgotten_by_a_glance(bench: Make) -> None:
    one = bench(policy="tolerate")
    one.adopt(1)
    one.look()
    one.node(1).power = "power off"
    one.glance(1)
    one.node(1).power = "power on"
    assert one.glance(1)["settled"] == 1
    assert one.drift(1, Field.POWER) is None


def test_another_value_begins_to_settle_anew(bench: Make) -> None:
    one = bench(policy="none", settle=0, looks=1, fields={"name": "none"})
    one.memory.world.node(node_id(1)).instance_info["display_name"] = "server-1"
    one.adopt(1)
    one.look()
    one.node(1).instance_info["display_name"] = "first"
    one.look()
    first = one.drift(1, Field.NAME)
    assert first.state is DriftState.OPEN
    one.clock.wait(5)
    one.node(1).instance_info["display_name"] = "second"
    one.glance(1)
    now = one.drift(1, Field.NAME)
    assert (now.state, now.world, now.looks, now.id) == (DriftState.SETTLING, "second", 1, first.id)
    assert now.first_seen_at == first.first_seen_at < now.changed_at


def test_machines_that_are_gone_or_new_are_noted_and_kept_to_a_pass(bench: Make) -> None:
    rule = {"project": "bank", "mapping": {"flavor": "gold"}}
    one = bench(machines=2, policy="tolerate", settle=0, looks=1, gone_looks=1, brake={"least": 10}, adopt=[rule])
    one.adopt(1, 2)
    one.look()
    add_machine(one.memory, 3)
    one.memory.world.order.remove(node_id(1))
    gone = one.memory.world.nodes.pop(node_id(1))
    one.glance(1, 3)
    assert one.drift(1, Field.GONE).state is DriftState.SETTLING
    assert one.drift(3, Field.NEW).state is DriftState.SETTLING
    assert one.server(1).status is Status.ACTIVE
    assert len(one.servers()) == 2
    one.memory.world.add_node(gone)
    one.glance(1)
    assert one.drift(1, Field.GONE) is None
    one.look()
    assert len(one.servers()) == 3


def test_a_hint_is_heard_while_the_synchronizer_runs(bench: Make) -> None:
    one = bench(policy="tolerate", settle=3600, poll={"every": 3600, "at_most": 3600})
    one.adopt(1)
    one.corral.synchronizer.start()
    until(lambda: one.corral.drift.source("lab").state.ended_at is not None)
    one.node(1).power = "power off"
    for _ in range(100):
        one.corral.synchronizer.hint("lab", [node_id(1)])
    until(lambda: one.drift(1, Field.POWER) is not None)


def test_what_a_glance_that_failed_would_have_seen_is_found_by_a_pass_without_another_hint(bench: Make) -> None:
    one = bench(policy="tolerate", settle=3600, poll={"every": 3600, "at_most": 3600})
    one.adopt(1)
    one.corral.synchronizer.start()
    until(lambda: one.corral.drift.source("lab").state.ended_at is not None)
    one.node(1).power = "power off"
    failed = threading.Event()

    def fails(moment: str) -> None:
        if moment == f"before GET /v1/nodes/{node_id(1)}":
            failed.set()
            raise Unreachable("The source is silent.", fix="Wait.")

    one.memory.faults = fails
    one.corral.synchronizer.hint("lab", [node_id(1)])
    assert failed.wait(60)
    until(lambda: one.drift(1, Field.POWER) is not None)


def test_a_pass_that_saw_what_is_older_than_a_glance_leaves_it_alone(bench: Make) -> None:
    one = bench(policy="tolerate", settle=0, looks=1, gone_looks=1, brake={"least": 10}, lying=True)
    one.adopt(1, 2, 3)
    one.look()
    one.node(2).power = "power off"
    stuck = one.lying.lie = Stuck()  # it has told all of it before it hangs, but for the first one
    passing = threading.Thread(target=one.look)
    passing.start()
    assert stuck.reached.wait(60)
    one.lying.lie = None
    one.node(2).power = "power on"
    one.node(3).power = "power off"
    one.glance(2, 3)
    stuck.go.set()
    passing.join(60)
    assert {server.status for server in one.servers()} == {Status.ACTIVE}
    assert one.drift(2, Field.POWER) is None
    assert one.drift(3, Field.POWER).state is DriftState.SETTLING
    one.look()
    assert one.server(3).status is Status.STOPPED


# --- which, and when --------------------------------------------------------------------------------------


class Time:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_hints_within_a_moment_are_one_look() -> None:
    now = Time()
    hints = Hints(10, now)
    hints.add(["a"])
    hints.add(["b", "a"])
    assert (hints.take(), hints.waiting()) == (frozenset(), True)
    now.at += Hints.PAUSE
    assert hints.seconds() == 0
    assert hints.take() == {"a", "b"}
    assert (hints.waiting(), hints.seconds()) == (False, None)


def test_after_a_glance_there_is_a_rest_as_long_as_it_took_and_not_longer_than_a_second() -> None:
    now = Time()
    hints = Hints(10, now)
    hints.done(0.5)
    hints.add(["a"])
    assert hints.seconds() == 0.5
    hints.done(30)
    assert hints.seconds() == Hints.REST


@pytest.mark.parametrize("machines", [[], ["a", "b", "c"]])
def test_more_machines_than_are_worth_a_glance_or_none_at_all_are_a_pass(machines: list[str]) -> None:
    hints = Hints(2, Time())
    hints.add(["a"])
    hints.add(machines)
    assert not hints.waiting()
    assert hints.everything()
    assert not hints.everything()
