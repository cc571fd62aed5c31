"""A step that has to wait gives its worker back, and operations that are submitted together are stored together."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import WHOLE, AnyRun, Broken, Start, World, flow, making, until

from corral.engine import Flow, NewOperation, Postponed, State, Step, Submission

NEW = NewOperation()


def patient(ready: Callable[[], bool], seconds: float = 0.01) -> Flow[Any]:
    def wait(run: AnyRun) -> Any:
        run.env.world.log.append("look")
        if not ready():
            raise Postponed(seconds)
        return {"attempt": run.attempt}

    return flow(making("a"), Step("wait", "Wait", wait, undo=None), name="patient")


def test_a_postponed_step_begins_again_until_it_is_done_and_tells_it_once(engine_of: Start, world: World) -> None:
    engine = engine_of(patient(lambda: world.log.count("look") >= 4))
    done = engine.wait(engine.submit("patient", {}, operation=NEW).uuid, 90)
    assert (done.state, done.result, world.log) == (State.SUCCEEDED, {"attempt": 1}, ["do a", *["look"] * 4])
    begun = [event.step for event in engine.events(done.uuid) if event.kind == "step.started"]
    assert begun == ["a", "wait"]


def test_while_a_step_is_postponed_its_worker_is_free(engine_of: Start, world: World) -> None:
    engine = engine_of(patient(lambda: "do c" in world.log), WHOLE, workers=1)
    waiting = engine.submit("patient", {}, operation=NEW)
    other = engine.submit("flow", {}, operation=NEW)
    assert engine.wait(other.uuid, 90).state is State.SUCCEEDED
    assert engine.wait(waiting.uuid, 90).state is State.SUCCEEDED


def test_a_postponed_operation_can_be_cancelled_and_is_undone(engine_of: Start, world: World) -> None:
    engine = engine_of(patient(lambda: False))
    waiting = engine.submit("patient", {}, operation=NEW)
    until(lambda: "look" in world.log)
    engine.cancel(waiting.uuid)
    assert engine.wait(waiting.uuid, 90).state is State.CANCELLED
    assert world.things() == set()


def several(*keys: str) -> list[Submission]:
    return [Submission("flow", {"n": n}, NewOperation(key=key)) for n, key in enumerate(keys)]


def test_several_are_stored_once_however_often_they_are_submitted(engine_of: Start) -> None:
    engine = engine_of(WHOLE)
    first = engine.submit_many(several("x", "y"))
    again = engine.submit_many(several("x", "y", "z"))
    assert [one.uuid for one in again[:2]] == [one.uuid for one in first]
    assert {engine.wait(one.uuid, 90).state for one in again} == {State.SUCCEEDED}
    assert len(engine.operations()) == 3


@pytest.mark.parametrize("breaks", ["first", "alongside"])
def test_several_are_stored_together_or_not_at_all(engine_of: Start, breaks: str) -> None:
    engine = engine_of(WHOLE, start=False)

    def broken(_conn: sa.Connection) -> None:
        raise Broken

    last = Submission("flow", {}, NewOperation(key="z"), broken if breaks == "alongside" else None)
    with pytest.raises(Broken):
        engine.submit_many([*several("x", "y"), last], first=broken if breaks == "first" else None)
    assert engine.operations() == []
