"""What a step wants written with its end: one transaction for both, and nothing lost that counts."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from engine_world import AnyRun, Start, World, flow, making

from corral.engine import Flow, NewOperation, State, Step, read

NOTES = sa.Table("notes", sa.MetaData(), sa.Column("text", sa.String(32)))


@pytest.fixture
def notes(sql: sa.Engine) -> Callable[[], list[str]]:
    """What was written so far."""
    NOTES.create(sql)

    def told() -> list[str]:
        with read(sql) as conn:
            return list(conn.execute(sa.select(NOTES.c.text)).scalars())

    return told


def write(run: AnyRun, text: str) -> None:
    def insert(conn: sa.Connection) -> None:
        conn.execute(sa.insert(NOTES), {"text": text})

    run.along(insert)


def operate(engine: Any, name: str) -> str:
    operation = engine.submit(name, {}, operation=NewOperation(subject="s"))
    return str(engine.wait(operation.uuid, 90).state)


def test_it_is_written_before_the_next_step_acts_and_costs_no_transaction_of_its_own(
    sql: sa.Engine, engine_of: Start, notes: Callable[[], list[str]]
) -> None:
    seen, commits = list[list[str]](), list[int]()
    sa.event.listen(sql, "commit", lambda _conn: commits.append(1))

    def noted(name: str, *, along: bool) -> Flow[Any]:
        def first(run: AnyRun) -> None:
            if along:
                write(run, "first")
            seen.append(notes())

        def second(_run: AnyRun) -> None:
            seen.append(notes())

        return Flow(name, 1, (Step("first", "First", first, undo=None), Step("second", "Second", second, undo=None)))

    engine = engine_of(noted("plain", along=False), noted("along", along=True))
    took = []
    for name in ("plain", "along"):
        before = len(commits)
        assert operate(engine, name) == "succeeded"
        took.append(len(commits) - before)
    assert seen == [[], [], [], ["first"]]
    assert took[0] == took[1]


def test_a_step_that_fails_has_written_it(engine_of: Start, notes: Callable[[], list[str]]) -> None:
    def fail(run: AnyRun) -> None:
        write(run, "before it failed")
        raise ValueError("no")

    def undo(run: AnyRun) -> None:
        assert notes() == ["before it failed"]
        write(run, "undone")

    assert operate(engine_of(Flow("f", 1, (Step("a", "A", fail, undo),))), "f") == "reverted"
    assert notes() == ["before it failed", "undone"]


def test_a_superseded_worker_writes_none_of_it(engine_of: Start, world: World, notes: Callable[[], list[str]]) -> None:
    def paused(run: AnyRun) -> None:
        write(run, "of the old one")
        run.env.world.hold()

    old = engine_of(flow(making("a", paused)))
    uuid = old.submit("flow", {}, operation=NewOperation()).uuid
    assert world.reached.wait(60)
    new = engine_of(flow(making("a", lambda run: write(run, "of the new one"))))
    assert new.wait(uuid, 90).state is State.SUCCEEDED
    world.gate.set()
    assert old.stop(60)
    assert notes() == ["of the new one"]
