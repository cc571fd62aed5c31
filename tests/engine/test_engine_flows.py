"""How flows run to their end, one way or the other."""

from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import NOTHING, QUICK, WHOLE, AnyRun, Broken, Start, World, failing, flow, making, until

from corral.engine import Engine, EventKind, NewOperation, Operation, State, Step


def run(engine: Engine[Any], params: dict[str, Any] | None = None) -> Operation:
    submitted = engine.submit("flow", params or {}, operation=NewOperation())
    return engine.wait(submitted.uuid, 90)


def test_steps_run_in_order_and_the_operation_succeeds(engine_of: Start, world: World) -> None:
    done = run(engine_of(WHOLE), {"flavor": "gold"})
    assert world.log == ["do a", "do b", "do c"]
    assert (done.state, done.progress, done.result) == (State.SUCCEEDED, 1.0, {"made": "c"})
    assert (done.error, done.needs_attention, done.step, done.params) == (
        None,
        None,
        None,
        {"flavor": "gold"},
    )
    assert done.created_at <= done.started_at <= done.finished_at  # type: ignore[operator]


def test_a_failing_step_reverts_everything_in_reverse_order_itself_included(engine_of: Start, world: World) -> None:
    done = run(engine_of(flow(making("a"), making("b"), failing("c"), making("d"))))
    assert world.log == ["do a", "do b", "do c", "undo c", "undo b", "undo a"]
    assert (world.things(), done.state, done.progress) == (set(), State.REVERTED, 0.0)


def test_the_error_of_a_reverted_operation_is_the_exceptions_own_account(engine_of: Start) -> None:
    assert run(engine_of(NOTHING)).error == {
        "type": "Broken",
        "step": "c",
        "code": "world_refuses",
        "message": "the world refuses",
        "fix": "Mend the world.",
    }


def test_an_exception_without_an_account_of_its_own_is_told_by_its_message(engine_of: Start) -> None:
    def fail(_run: AnyRun) -> None:
        raise ZeroDivisionError("nothing to share")

    done = run(engine_of(flow(Step("s", "S", fail, None))))
    assert done.error == {"type": "ZeroDivisionError", "message": "nothing to share", "step": "s"}


def test_a_step_without_an_undo_is_passed_over_while_reverting(engine_of: Start, world: World) -> None:
    look = Step("look", "Look", lambda _run: None, None)
    done = run(engine_of(flow(making("a"), look, failing("c"))))
    assert world.log == ["do a", "do c", "undo c", "undo a"]
    assert done.state is State.REVERTED


def test_steps_see_params_results_of_earlier_steps_and_the_environment(engine_of: Start, world: World) -> None:
    seen: list[Any] = []

    def first(_run: AnyRun) -> Any:
        return {"ports": ("p1", "p2")}

    def second(run: AnyRun) -> None:
        seen.extend([run.params["x"], run.results["first"], run.env.world is world, run.attempt])
        seen.append(run.reverting)

    run(engine_of(flow(Step("first", "1", first, None), Step("second", "2", second, None))), {"x": 1})
    assert seen == [1, {"ports": ["p1", "p2"]}, True, 1, False]


def test_an_undo_sees_its_own_result_and_none_of_what_was_undone(engine_of: Start) -> None:
    seen: dict[str, Any] = {}

    def undo(name: str) -> Any:
        return lambda run: seen.update({name: (dict(run.results), run.reverting)})

    a = Step("a", "A", lambda _run: 1, undo("a"))
    b = Step("b", "B", lambda _run: 2, undo("b"))
    run(engine_of(flow(a, b, failing("c"))))
    assert seen == {"b": ({"a": 1, "b": 2}, True), "a": ({"a": 1}, True)}


def test_a_result_that_is_not_json_fails_the_step(engine_of: Start, world: World) -> None:
    done = run(engine_of(flow(making("a", lambda _run: {1, 2}))))
    assert (done.state, world.things()) == (State.REVERTED, set())
    assert done.error is not None and done.error["type"] == "TypeError"


def test_what_the_world_says_is_stored_however_hostile_it_is(engine_of: Start, world: World) -> None:
    def fail(run: AnyRun) -> None:
        run.progress(0.5, "half \0 way \ud800")
        raise ValueError("bad \0 bytes \ud800" + "x" * 100_000)

    engine = engine_of(flow(making("a", fail)))
    done = run(engine)
    assert (done.state, world.things()) == (State.REVERTED, set())
    assert done.error is not None and len(done.error["message"]) == 4000
    assert done.error["message"].startswith("bad \ufffd bytes ?x")


def test_an_exception_that_cannot_be_told_reverts_all_the_same(engine_of: Start, caplog: Any) -> None:
    class Mute(Exception):
        def as_json(self) -> Any:
            raise RuntimeError("mute")

    def fail(_run: AnyRun) -> None:
        raise Mute

    done = run(engine_of(flow(making("a", fail))))
    assert done.state is State.REVERTED
    assert done.error == {"type": "Mute", "message": "Mute", "step": "a"}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_are_refused(engine_of: Start, value: float) -> None:
    engine = engine_of(flow(making("a", lambda _run: value)))
    assert run(engine).state is State.REVERTED
    with pytest.raises(ValueError):
        engine.submit("flow", {"x": value}, operation=NewOperation())


def test_a_step_that_wants_to_exit_the_process_only_fails(engine_of: Start, world: World) -> None:
    def leave(_run: AnyRun) -> None:
        raise SystemExit(3)

    done = run(engine_of(flow(making("a"), making("b", leave))))
    assert (done.state, world.things()) == (State.REVERTED, set())


def test_undoing_is_tried_again_until_it_succeeds(engine_of: Start, world: World) -> None:
    attempts: list[int] = []

    def undo(run: AnyRun) -> None:
        attempts.append(run.attempt)
        if run.attempt < 3:
            raise Broken

    done = run(engine_of(flow(Step("a", "A", lambda _run: None, undo), failing("b"))))
    assert (done.state, attempts, done.needs_attention) == (State.REVERTED, [1, 2, 3], None)


def test_an_undo_that_keeps_failing_needs_attention_and_still_ends_when_the_world_is_mended(
    engine_of: Start, world: World
) -> None:
    engine = engine_of(flow(making("a"), failing("b")))
    world.broken.add("undo a")
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    until(lambda: engine.operation(uuid).needs_attention)  # type: ignore[union-attr]
    stuck = engine.operation(uuid)
    assert stuck is not None and stuck.state is State.REVERTING
    assert stuck.needs_attention == "Undoing “Make a” fails: the world refuses"
    tried = world.log.count("undo a")
    assert tried >= QUICK.tries
    until(lambda: world.log.count("undo a") > tried + 2)  # it goes on trying
    world.heal()
    done = engine.wait(uuid, 90)
    assert (done.state, done.needs_attention, world.things()) == (State.REVERTED, None, set())
    assert [e.kind for e in engine.events(uuid)].count(EventKind.NEEDS_ATTENTION) == 1


def test_each_undo_has_its_tries_before_it_needs_attention(engine_of: Start, world: World) -> None:
    engine = engine_of(flow(making("a"), making("b"), failing("c")))
    world.broken |= {"undo b", "undo a"}
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    until(lambda: engine.operation(uuid).needs_attention)  # type: ignore[union-attr]
    world.broken.discard("undo b")
    until(lambda: world.log.count("undo a") >= QUICK.tries)
    world.heal()
    assert engine.wait(uuid, 90).state is State.REVERTED
    told = [event for event in engine.events(uuid) if event.kind is EventKind.NEEDS_ATTENTION]
    assert told[0].step == "b"


def test_stuck_undoing_takes_no_worker_away_from_others(engine_of: Start, world: World) -> None:
    stuck = flow(making("stuck"), failing("x"), name="stuck")
    engine = engine_of(stuck, WHOLE, workers=1)
    world.broken.add("undo stuck")
    uuid = engine.submit("stuck", {}, operation=NewOperation()).uuid
    until(lambda: engine.operation(uuid).needs_attention)  # type: ignore[union-attr]
    assert run(engine).state is State.SUCCEEDED


def test_events_tell_the_story_in_order(engine_of: Start) -> None:
    heard: list[Any] = []
    engine = engine_of(flow(making("a"), failing("b")), listener=heard.append)
    uuid = run(engine).uuid
    events = engine.events(uuid)
    assert [(event.kind.value, event.step) for event in events] == [
        ("operation.started", None),
        ("step.started", "a"),
        ("step.done", "a"),
        ("step.started", "b"),
        ("step.failed", "b"),
        ("step.undone", "b"),
        ("step.undone", "a"),
        ("operation.reverted", None),
    ]
    assert [event.seq for event in events] == list(range(1, 9))
    assert heard == events
    assert engine.events(uuid, after=6) == events[6:]


def test_progress_is_told_as_part_of_the_whole_and_trifles_are_left_out(engine_of: Start) -> None:
    def slow(run: AnyRun) -> None:
        for fraction in (0.001, 0.5, 0.501, 7.0):
            run.progress(fraction, "")
        run.progress(1.0, "copied")

    engine = engine_of(flow(Step("a", "A", slow, None), making("b")))
    events = [e for e in engine.events(run(engine).uuid) if e.kind is EventKind.PROGRESS]
    assert [(e.step, e.fraction, e.message) for e in events] == [
        ("a", 0.25, ""),
        ("a", 0.5, ""),
        ("a", 0.5, "copied"),
    ]


def test_a_listener_that_fails_changes_nothing(engine_of: Start, caplog: Any) -> None:
    def fail(_event: Any) -> None:
        raise Broken

    assert run(engine_of(WHOLE, listener=fail)).state is State.SUCCEEDED
    assert "A listener failed." in caplog.text


def test_hooks_are_called_at_start_and_at_success(engine_of: Start) -> None:
    calls: list[str] = []

    def success(run: AnyRun) -> Any:
        calls.append("success")
        return {"all": sorted(run.results)}

    hooks = {"on_start": lambda _run: calls.append("start"), "on_success": success}
    done = run(engine_of(flow(making("a", lambda _run: calls.append("a")), making("b"), **hooks)))
    assert (calls, done.result) == (["start", "a", "success"], {"all": ["a", "b"]})


def test_on_reverted_is_called_when_all_is_undone_and_tried_again_until_it_succeeds(
    engine_of: Start, world: World
) -> None:
    seen: list[tuple[set[str], bool]] = []

    def reverted(run: AnyRun) -> None:
        seen.append((world.things(), run.reverting))
        if len(seen) < 6:
            raise Broken

    done = run(engine_of(flow(making("a"), failing("b"), on_reverted=reverted)))
    assert (done.state, seen) == (State.REVERTED, [(set(), True)] * 6)


def test_a_failing_on_start_reverts_without_any_step(engine_of: Start, world: World) -> None:
    def start(_run: AnyRun) -> None:
        raise Broken

    done = run(engine_of(flow(making("a"), making("b"), on_start=start)))
    assert (done.state, world.log) == (State.REVERTED, [])
    assert done.error is not None and done.error["code"] == "world_refuses"


def test_finished_operations_leave_no_rows_of_taskflow_behind(engine_of: Start, sql: Any) -> None:
    engine = engine_of(WHOLE, flow(failing(), name="bad"))
    run(engine)
    engine.wait(engine.submit("bad", {}, operation=NewOperation()).uuid, 90)
    with sql.connect() as conn:
        for table in ("logbooks", "flowdetails", "atomdetails", "flow_claims"):
            assert conn.execute(sa.text(f"select count(*) from {table}")).scalar() == 0


def test_two_hundred_operations_on_a_few_workers_all_come_to_their_end(engine_of: Start, world: World) -> None:
    def act(run: AnyRun) -> None:
        if run.params["n"] % 4 == 0:
            raise Broken

    few = flow(Step("one", "One", lambda _run: 1, None), Step("two", "Two", act, lambda _run: None))
    engine = engine_of(few, workers=8)
    uuids = [engine.submit("flow", {"n": n}, operation=NewOperation()).uuid for n in range(200)]
    for uuid in uuids:
        engine.wait(uuid, 60)
    assert engine.counts() == {
        "pending": 0,
        "running": 0,
        "reverting": 0,
        "succeeded": 150,
        "reverted": 50,
        "cancelled": 0,
    }
