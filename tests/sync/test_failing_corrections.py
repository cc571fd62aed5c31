"""Corrections that fail: what people are told of them, when they are tried again, and that nobody is blamed for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sync_bench import ACTOR, Bench

from corral.domain.drift import Drift, DriftState, Field
from corral.drivers.memory import Answered
from corral.engine import State

Make = Callable[..., Bench]


def ahead(bench: Make) -> Bench:
    """A server that was renamed, at a source that is not told so."""
    one = bench(machines=1, policy="sync")
    [server] = one.adopt(1)
    one.looks(3)
    assert one.node(1).instance_info["display_name"] == "server-1"
    one.clock.wait(3600)  # that was a correction too
    one.corral.servers.update(server, [{"op": "replace", "path": "/name", "value": "web-1"}], ACTOR)
    one.memory.faults = refused
    return one


def refused(moment: str) -> None:
    if moment.startswith("before PATCH"):
        raise Answered(400)


def corrections(one: Bench, state: str = "reverted") -> int:
    """How many ended so."""
    done = one.corral.engine.operations(limit=100)
    return sum(operation.kind == "sync" and operation.state == State(state) for operation in done)


def drift(one: Bench) -> Drift:
    found = one.drift(1, Field.NAME)
    assert found is not None
    return found


def again(found: Drift) -> datetime:
    """When it is to be tried again, as people are told."""
    [told] = re.findall(r"tried again after (.*) UTC", found.why)
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def test_a_correction_that_fails_says_so_and_is_tried_again_by_the_next_pass(bench: Make) -> None:
    one = ahead(bench)
    one.looks(2)
    assert (corrections(one), drift(one).state) == (1, DriftState.OPEN)
    assert "The correction failed: its operation says why." in drift(one).why
    one.memory.faults = None
    one.looks(1)
    assert one.node(1).instance_info["display_name"] == "web-1"
    assert one.drifts() == one.drifts("settling") == []


def test_one_that_fails_repeatedly_tells_the_last_error_how_often_it_was_tried_and_when_next(bench: Make) -> None:
    one = ahead(bench)
    begun = one.clock()
    one.looks(9, between=60)
    assert corrections(one) == 3
    found = drift(one)
    last = one.corral.engine.operation(str(found.operation))
    assert (found.state, last.state) == (DriftState.CONFLICT, State.REVERTED)
    assert last.error["message"].rstrip(".") in found.why
    assert "somebody" not in found.why
    assert "was tried 3 times within an hour" in found.why
    assert f"(operation {last.uuid})" in found.why
    assert begun + timedelta(hours=1) < again(found) <= begun + timedelta(hours=1, minutes=3)
    assert "corral drift restore" in found.why


def test_it_is_tried_again_when_that_time_has_come_though_nothing_changes(bench: Make) -> None:
    one = ahead(bench)
    one.looks(6)
    why = drift(one).why
    one.looks(3)
    assert (corrections(one), drift(one).why) == (3, why), "nothing is written anew, or tried, before that"
    one.clock.at = again(drift(one)) - timedelta(seconds=1)
    one.look()
    assert corrections(one) == 3
    one.clock.wait(2)
    one.look()
    assert corrections(one) == 4
    one.memory.faults = None
    one.looks(2)
    assert one.node(1).instance_info["display_name"] == "web-1"
    assert one.drifts() == []


def test_a_person_need_not_wait_for_that(bench: Make) -> None:
    one = ahead(bench)
    one.looks(6)
    one.memory.faults = None
    operation = one.corral.drift.restore(drift(one), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    assert one.node(1).instance_info["display_name"] == "web-1"
    assert one.drifts() == []


def test_where_somebody_changes_it_back_that_is_what_is_told(bench: Make) -> None:
    wins = {"policy": "sync", "wins": "record"}
    one = bench(machines=1, policy="sync", fields={"name": wins})
    one.adopt(1)
    for _ in range(5):
        one.looks(3)
        one.node(1).instance_info["display_name"] = "mine"
    one.looks(3)
    assert (drift(one).state, corrections(one)) == (DriftState.CONFLICT, 0)
    assert "does not stay: somebody else changes it back" in drift(one).why
