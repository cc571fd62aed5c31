"""What belongs to an operation's end is written with it; what is over for long can be forgotten, whole."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import NOTHING, WHOLE, Start, until

from corral.engine import NewOperation, Operation, State, metadata, read
from corral.engine.tables import operation_events, operations

TASKFLOW = ("logbooks", "flowdetails", "atomdetails")
NOBODY = sa.false()


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def rows(sql: sa.Engine, *tables: str) -> int:
    with read(sql) as conn:
        return sum(conn.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables)


@pytest.fixture
def endings(sql: sa.Engine) -> sa.Table:
    """A table of the caller's own, in which it notes how operations ended."""
    table = sa.Table("endings", sa.MetaData(), sa.Column("operation", sa.String(36)), sa.Column("state", sa.String(16)))
    table.create(sql)
    return table


def noting(table: sa.Table) -> Any:
    def note(conn: sa.Connection, operation: Operation) -> None:
        conn.execute(sa.insert(table).values(operation=operation.uuid, state=operation.state))

    return note


@pytest.mark.parametrize(
    ("flow", "state"), [(WHOLE, State.SUCCEEDED), (NOTHING, State.REVERTED)], ids=["whole", "nothing"]
)
def test_what_belongs_to_the_end_is_written_once(
    engine_of: Start, sql: sa.Engine, endings: sa.Table, flow: Any, state: State
) -> None:
    engine = engine_of(flow, ended=noting(endings))
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert engine.wait(uuid, 90).state is state
    with read(sql) as conn:
        assert conn.execute(sa.select(endings)).all() == [(uuid, state)]


def test_an_operation_does_not_end_before_what_belongs_to_it_is_written(
    engine_of: Start, sql: sa.Engine, endings: sa.Table
) -> None:
    repaired, tried = threading.Event(), threading.Event()

    def note(conn: sa.Connection, operation: Operation) -> None:
        noting(endings)(conn, operation)
        if not repaired.is_set():
            tried.set()
            raise RuntimeError("no room left")

    engine = engine_of(WHOLE, ended=note)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    assert tried.wait(60)
    until(lambda: engine.operation(uuid).needs_attention)
    assert not engine.operation(uuid).state.final
    assert rows(sql, "endings") == 0
    repaired.set()
    assert engine.wait(uuid, 90).state is State.SUCCEEDED
    assert rows(sql, "endings") == 1


def test_an_operation_is_forgotten_with_its_events_and_what_the_caller_has_of_it(
    engine_of: Start, sql: sa.Engine, endings: sa.Table
) -> None:
    engine = engine_of(WHOLE, ended=noting(endings))
    uuids = [engine.submit("flow", {}, operation=NewOperation()).uuid for _ in range(3)]
    for uuid in uuids:
        engine.wait(uuid, 90)

    def alongside(conn: sa.Connection, gone: Any) -> None:
        conn.execute(sa.delete(endings).where(endings.c.operation.in_(gone)))

    found = engine.over(soon(), spare=NOBODY, limit=2)
    assert len(found) == 2
    assert engine.forget(found, soon(), spare=NOBODY, alongside=alongside) == 2
    (left,) = set(uuids) - set(found)
    assert [one.uuid for one in engine.operations()] == [left]
    assert engine.events(found[0]) == []
    assert engine.events(left)
    with read(sql) as conn:
        assert set(conn.execute(sa.select(operation_events.c.operation)).scalars()) == {left}
        assert conn.execute(sa.select(endings.c.operation)).scalars().all() == [left]
    assert rows(sql, *TASKFLOW, "flow_claims") == 0


def test_what_is_younger_spared_or_not_over_stays(engine_of: Start, sql: sa.Engine) -> None:
    engine = engine_of(WHOLE)
    old = engine.submit("flow", {}, operation=NewOperation(subject="spared")).uuid
    engine.wait(old, 90)
    engine.stop()
    waiting = engine.submit("flow", {}, operation=NewOperation()).uuid
    spared = operations.c.subject == "spared"
    assert engine.over(soon(), spare=spared, limit=10) == []
    assert engine.over(datetime.now(UTC) - timedelta(hours=1), spare=NOBODY, limit=10) == []
    assert engine.over(soon(), spare=NOBODY, limit=10) == [old]

    def nothing(_conn: sa.Connection, _gone: Any) -> None:
        pass

    # Whoever looked before the world changed removes nothing that counts now.
    assert engine.forget([old, waiting], soon(), spare=spared, alongside=nothing) == 0
    assert engine.forget([waiting], soon(), spare=NOBODY, alongside=nothing) == 0
    assert rows(sql, "operations") == 2
    assert rows(sql, *TASKFLOW) == 2, "the one that waits can still be carried out"


def test_forgetting_is_whole_or_nothing(engine_of: Start, sql: sa.Engine) -> None:
    engine = engine_of(WHOLE)
    uuid = engine.submit("flow", {}, operation=NewOperation()).uuid
    engine.wait(uuid, 90)
    before = rows(sql, *(table.name for table in metadata.sorted_tables))

    def broken(_conn: sa.Connection, _gone: Any) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        engine.forget([uuid], soon(), spare=NOBODY, alongside=broken)
    assert rows(sql, *(table.name for table in metadata.sorted_tables)) == before
