"""A worker that lost its claim does no harm; an operation that stopped half-way goes on."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import QUICK, WHOLE, AnyRun, Start, World, failing, flow, holding, making, until

from corral.engine import BackOff, ClaimLost, EventKind, NewOperation, State, Step
from corral.engine._taskflow import states
from corral.engine.tables import operations

NEW = NewOperation()


def test_a_superseded_worker_writes_nothing_and_acts_no_more(engine_of: Start, sql: sa.Engine, world: World) -> None:
    seen: list[type[BaseException]] = []

    def paused(run: AnyRun) -> None:
        run.env.world.hold()
        for act in (run.check, lambda: run.progress(0.5)):
            with pytest.raises(ClaimLost) as caught:
                act()
            seen.append(caught.type)
        run.check()
        run.env.world.make("harm")

    old = engine_of(flow(making("a"), making("b", paused)))
    uuid = old.submit("flow", {}, operation=NEW).uuid
    assert world.reached.wait(60)
    # Another process, with its own board, takes the operation: as after a lease that ran out.
    new = engine_of(flow(making("a"), making("b"), making("c")))
    done = new.wait(uuid, 90)
    before = new.events(uuid)
    world.gate.set()
    assert old.stop(60)
    assert done.state is State.SUCCEEDED
    assert seen == [ClaimLost, ClaimLost]
    assert world.things() == {"a", "b", "c"}
    assert (new.operation(uuid), new.events(uuid)) == (done, before)


def test_a_superseded_worker_whose_step_ends_cannot_note_it(engine_of: Start, world: World) -> None:
    unwary = making("a", lambda run: run.env.world.hold())
    old = engine_of(flow(unwary, making("b")))
    uuid = old.submit("flow", {}, operation=NEW).uuid
    assert world.reached.wait(60)
    new = engine_of(flow(making("a"), holding("b")))
    until(lambda: len(world.log) == 3)  # the new one made a again, and holds in b
    world.gate.set()
    assert new.wait(uuid, 90).state is State.SUCCEEDED
    assert old.stop(60)
    kinds = [event.kind for event in new.events(uuid)]
    assert kinds.count(EventKind.OPERATION_SUCCEEDED) == 1
    assert kinds.count(EventKind.STEP_DONE) == 2


def test_a_step_begun_again_knows_that_its_first_outcome_is_unknown(engine_of: Start, world: World) -> None:
    attempts: list[int] = []

    def act(run: AnyRun) -> None:
        attempts.append(run.attempt)
        if run.attempt == 1:
            run.env.world.hold()

    old = engine_of(flow(Step("a", "A", act, None)))
    uuid = old.submit("flow", {}, operation=NEW).uuid
    assert world.reached.wait(60)
    new = engine_of(flow(Step("a", "A", act, None)))
    new.wait(uuid, 90)
    assert attempts == [1, 2]
    assert [e.message for e in new.events(uuid) if e.kind is EventKind.STEP_STARTED] == [
        "",
        "again, attempt 2",
    ]


def test_stopping_during_a_back_off_is_prompt_and_the_next_start_goes_on_undoing(
    engine_of: Start, world: World
) -> None:
    slow = BackOff(first=60.0, cap=60.0)
    engine = engine_of(flow(making("a"), failing("b")), back_off=slow)
    world.broken.add("undo a")
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    until(lambda: "undo a" in world.log)
    assert engine.stop(60)
    left = engine.operation(uuid)
    assert left is not None and (left.state, left.finished_at) == (State.REVERTING, None)
    world.heal()
    engine.start()
    assert engine.wait(uuid, 90).state is State.REVERTED
    assert world.things() == set()
    assert world.log.count("do b") == 1


def test_what_waits_for_its_next_try_is_tried_at_once_by_the_next_start(engine_of: Start, world: World) -> None:
    parked = BackOff(first=0.01, cap=3600.0, tries=1)
    engine = engine_of(flow(making("a"), failing("b")), back_off=parked)
    world.broken.add("undo a")
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    until(lambda: engine.operation(uuid).needs_attention)  # type: ignore[union-attr]
    assert engine.stop(60)
    world.heal()
    again = engine_of(flow(making("a"), failing("b")))
    assert again.wait(uuid, 90).state is State.REVERTED


def test_stopping_lets_the_running_step_end_and_leaves_the_rest(engine_of: Start, world: World) -> None:
    engine = engine_of(flow(holding("a"), making("b")))
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    assert world.reached.wait(60)
    threading.Timer(0.1, world.gate.set).start()
    assert engine.stop(60)
    left = engine.operation(uuid)
    assert left is not None and (left.state, world.log) == (State.RUNNING, ["do a"])
    engine.start()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    assert world.log == ["do a", "do b"]


def test_an_operation_whose_last_row_is_missing_is_finished_without_running_again(
    engine_of: Start, sql: sa.Engine, world: World
) -> None:
    engine = engine_of(WHOLE, start=False)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    with sql.begin() as conn:
        conn.execute(sa.text("update flowdetails set state = :state"), {"state": states.SUCCESS})
        conn.execute(sa.update(operations).values(state=State.RUNNING))
    engine.start()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    assert world.log == []


def test_a_revert_that_taskflow_took_for_failed_is_repaired(engine_of: Start, sql: sa.Engine, world: World) -> None:
    engine = engine_of(flow(making("a"), making("b"), failing("c")), back_off=BackOff(first=60.0))
    world.broken.add("undo b")
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    until(lambda: "undo b" in world.log)
    assert engine.stop(60)
    with sql.begin() as conn:  # as stock TaskFlow, or an earlier release of ours, would have left it
        named = sa.text("update atomdetails set state = :state where name = 'b'")
        conn.execute(named, {"state": states.REVERT_FAILURE})
        conn.execute(sa.text("update flowdetails set state = :state"), {"state": states.FAILURE})
    world.heal()
    engine.start()
    assert engine.wait(uuid, 90).state is State.REVERTED
    assert world.things() == set()


def test_a_flow_version_that_nobody_has_needs_attention_and_waits(
    engine_of: Start, sql: sa.Engine, world: World, caplog: Any
) -> None:
    gone = engine_of(flow(making("a"), version=2), start=False)
    uuid = gone.submit("flow", {}, operation=NEW).uuid
    old = engine_of(flow(making("a"), version=1), back_off=BackOff(cap=3600))
    until(lambda: old.operation(uuid).needs_attention)  # type: ignore[union-attr]
    waiting = old.operation(uuid)
    assert waiting is not None and waiting.state is State.PENDING
    assert "no flow flow version 2" in str(waiting.needs_attention)
    assert old.stop(60)
    gone.start()
    done = gone.wait(uuid, 90)
    assert (done.state, done.needs_attention) == (State.SUCCEEDED, None)
    assert [event.kind for event in gone.events(uuid)].count(EventKind.NEEDS_ATTENTION) == 1
    assert caplog.text.count("could not be carried out") == 1


def test_a_database_that_does_not_answer_fails_no_step(engine_of: Start, sql: sa.Engine, world: World) -> None:
    outages = iter([True])

    def refuse(conn: sa.Connection) -> None:
        if world.log == ["do a"] and next(outages, False):
            raise sa.exc.OperationalError("BEGIN", {}, Exception("the server went away"))

    sa.event.listen(sql, "begin", refuse)
    engine = engine_of(flow(making("a"), making("b")), back_off=QUICK)
    uuid = engine.submit("flow", {}, operation=NEW).uuid
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    assert world.log == ["do a", "do a", "do b"]


def test_a_superseded_worker_changes_no_record_of_anybody(engine_of: Start, sql: sa.Engine, world: World) -> None:
    seen: list[str] = []

    def write(note: str) -> None:
        with sql.begin() as conn:
            conn.execute(sa.text("CREATE TABLE IF NOT EXISTS elsewhere (note TEXT)"))
            conn.execute(sa.text("INSERT INTO elsewhere VALUES (:note)"), {"note": note})

    def paused(run: AnyRun) -> None:
        write(f"attempt {run.attempt}")
        if run.attempt == 1:
            run.env.world.hold()
            with pytest.raises(ClaimLost):
                write("harm")
            seen.append("fenced")
            run.check()

    old = engine_of(flow(Step("a", "A", paused, None)))
    uuid = old.submit("flow", {}, operation=NEW).uuid
    assert world.reached.wait(60)
    new = engine_of(flow(Step("a", "A", paused, None)))
    assert new.wait(uuid, 90).state is State.SUCCEEDED
    world.gate.set()
    until(lambda: seen)
    with sql.connect() as conn:
        assert list(conn.execute(sa.text("SELECT note FROM elsewhere")).scalars()) == ["attempt 1", "attempt 2"]


def test_a_database_that_is_away_while_a_step_writes_a_record_delays_the_operation(
    engine_of: Start, sql: sa.Engine, world: World
) -> None:
    away = [True, True]

    def write(run: AnyRun) -> None:
        run.env.world.make("record")
        if away:
            away.pop()
            raise sa.exc.OperationalError("INSERT", {}, Exception("server closed the connection unexpectedly"))

    engine = engine_of(flow(making("a"), Step("b", "B", write, None)))
    done = engine.wait(engine.submit("flow", {}, operation=NEW).uuid, 90)
    assert done.state is State.SUCCEEDED
    assert world.log == ["do a", "do record", "do record", "do record"]
