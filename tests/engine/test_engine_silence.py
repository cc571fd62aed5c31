"""What can't be undone while a source is left alone waits for the source, and not for a back-off of its own."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import AnyRun, Start, World, failing, flow, until

from corral.contracts.pace import Limits, Pace
from corral.domain.errors import Unreachable
from corral.engine import BackOff, EventKind, NewOperation, State, Step
from corral.engine.tables import operations

HOUR = BackOff(first=0.01, factor=1.0, cap=3600.0, jitter=0.0, tries=8)
START = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """One clock, as the pace reads it and as the engine does."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def pace(self) -> float:
        return self.seconds

    def engine(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    limits = Limits(failures=2, pause=30.0, longest=1000.0)
    return Pace("east", limits, time.pace, chance=lambda: 0.0)


def asking(pace: Pace, answers: threading.Event) -> Step[Any]:
    """A step whose undoing asks the source, which answers when the event is set."""

    def undo(run: AnyRun) -> None:
        run.env.world.log.append("try")
        pace.enter("baremetal")
        pace.left("baremetal", "200" if answers.is_set() else "unreachable")
        if not answers.is_set():
            raise Unreachable("Nobody answers.")
        run.env.world.remove("a")

    return Step("a", "Make a", lambda run: run.env.world.make("a"), undo)


def waits_until(sql: sa.Engine, uuid: str) -> datetime | None:
    with sql.connect() as conn:
        found: datetime | None = conn.execute(
            sa.select(operations.c.retry_at).where(operations.c.uuid == uuid)
        ).scalar_one()
    return found


def test_an_undo_at_a_source_that_is_left_alone_is_tried_when_it_is_asked_again(
    engine_of: Start, sql: sa.Engine, world: World, time: Time, pace: Pace
) -> None:
    answers = threading.Event()
    engine = engine_of(
        flow(asking(pace, answers), failing("bad")),
        back_off=HOUR,
        clock=time.engine,
        room=lambda _source, running: pace.allows(running),
        silence=lambda source: pace.silence() if source == "east" else 0.0,
    )
    uuid = engine.submit("flow", {}, operation=NewOperation(source="east")).uuid
    # The second silent answer opens the breaker: no more tries are spent, and the worker is free.
    until(lambda: waits_until(sql, uuid))
    assert 30 <= (waits_until(sql, uuid) - START).total_seconds() < 31  # type: ignore[operator]
    # The one that tries first after the pause finds nobody: the pause is twice as long, and it waits for that one.
    time.seconds = 31.0
    until(lambda: waits_until(sql, uuid) > START + timedelta(seconds=90))  # type: ignore[operator]
    assert 91 <= (waits_until(sql, uuid) - START).total_seconds() < 92  # type: ignore[operator]
    answers.set()
    time.seconds = 92.0
    assert engine.wait(uuid, 90).state is State.REVERTED
    assert "a" not in world.things()


def test_what_waits_for_a_silent_source_says_so_once(
    engine_of: Start, sql: sa.Engine, world: World, time: Time, pace: Pace
) -> None:
    answers = threading.Event()
    for _ in range(2):
        pace.left("baremetal", "unreachable")
    engine = engine_of(
        flow(asking(pace, answers), failing("bad")), back_off=HOUR, clock=time.engine, silence=lambda _: pace.silence()
    )
    uuid = engine.submit("flow", {}, operation=NewOperation(source="east")).uuid
    until(lambda: waits_until(sql, uuid))
    for seconds in (10.0, 20.0):
        time.seconds, tried = seconds, world.log.count("try")
        # Begun again too early, as by a restart: the breaker still refuses.
        engine.stop()
        engine.start()
        until(lambda tried=tried: world.log.count("try") > tried and not engine._board.flows())
    operation = engine.operation(uuid)
    assert operation is not None
    assert "does not answer, and is left alone" in str(operation.needs_attention)
    told = [event for event in engine.events(uuid) if event.kind is EventKind.NEEDS_ATTENTION]
    assert len(told) == 1
    answers.set()
    time.seconds = 40.0
    assert engine.wait(uuid, 90).state is State.REVERTED
