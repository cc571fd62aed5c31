"""Cancelling an operation at any time."""

import pytest
from engine_world import WHOLE, AnyRun, Start, World, flow, holding, making, until

from corral.engine import Finished, NewOperation, State, UnknownOperation


def test_a_pending_operation_is_cancelled_without_doing_anything(engine_of: Start, world: World) -> None:
    reverted: list[str] = []
    cancelled = flow(*WHOLE.steps, on_reverted=lambda run: reverted.append(run.operation))
    engine = engine_of(cancelled, start=False)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert engine.cancel(uuid).cancel_requested
    engine.start()
    done = engine.wait(uuid, 90)
    assert (done.state, done.error, done.started_at) == (State.CANCELLED, None, None)
    assert (world.log, reverted) == ([], [uuid])
    assert [event.kind.value for event in engine.events(uuid)] == ["step.failed", "operation.cancelled"]


def test_a_running_step_notices_the_cancel_at_its_next_check(engine_of: Start, world: World) -> None:
    engine = engine_of(flow(making("a"), holding("b"), making("c")))
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert world.reached.wait(60)
    engine.cancel(uuid)
    world.gate.set()
    done = engine.wait(uuid, 90)
    assert (done.state, done.error) == (State.CANCELLED, None)
    assert world.log == ["do a", "do b", "undo b", "undo a"]


def test_the_step_after_the_cancel_is_neither_done_nor_undone(engine_of: Start, world: World) -> None:
    unwary = making("b", lambda run: run.env.world.hold())
    engine = engine_of(flow(making("a"), unwary, making("c")))
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert world.reached.wait(60)
    engine.cancel(uuid)
    world.gate.set()
    assert engine.wait(uuid, 90).state is State.CANCELLED
    assert world.log == ["do a", "do b", "undo b", "undo a"]


def test_an_operation_whose_steps_are_all_done_succeeds_in_spite_of_the_cancel(engine_of: Start, world: World) -> None:
    def check(run: AnyRun) -> None:
        run.check()

    last = making("b", lambda run: run.env.world.hold())
    engine = engine_of(flow(making("a"), last, on_success=check))
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert world.reached.wait(60)
    engine.cancel(uuid)
    world.gate.set()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED


def test_a_driver_that_catches_every_exception_cannot_swallow_the_cancel(engine_of: Start, world: World) -> None:
    def careless(run: AnyRun) -> None:
        run.env.world.hold()
        try:
            run.check()
        except Exception:
            run.env.world.make("harm")

    engine = engine_of(flow(making("a", careless)))
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert world.reached.wait(60)
    engine.cancel(uuid)
    world.gate.set()
    assert engine.wait(uuid, 90).state is State.CANCELLED
    assert world.things() == set()


def test_cancelling_while_reverting_does_not_stop_the_revert(engine_of: Start, world: World) -> None:
    world.broken |= {"do b", "undo a"}
    checked = flow(making("a"), making("b"), on_reverted=lambda run: run.check())
    engine = engine_of(checked)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    until(lambda: engine.operation(uuid).needs_attention)  # type: ignore[union-attr]
    engine.cancel(uuid)
    world.heal()
    done = engine.wait(uuid, 90)
    assert (done.state, world.things()) == (State.REVERTED, set())


def test_a_finished_operation_refuses_to_be_cancelled(engine_of: Start) -> None:
    engine = engine_of(WHOLE)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    engine.wait(uuid, 90)
    with pytest.raises(Finished):
        engine.cancel(uuid)


def test_an_unknown_operation_cannot_be_cancelled(engine_of: Start) -> None:
    with pytest.raises(UnknownOperation):
        engine_of(WHOLE, start=False).cancel("no-such")
