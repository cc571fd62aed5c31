"""A process that carries out one operation and is killed at a chosen moment. Run in a child process."""

import itertools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from engine_world import QUICK, AnyRun, Broken, Environment, World, flow, until

from corral.engine import Engine, NewOperation, Operation, Step, create_all, open_database

STEPS = ("a", "b", "c")
Killer = Callable[[str], None]


def die() -> None:
    """As kill -9: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(moment: str) -> Killer:
    """Dies when that moment comes."""
    return lambda now: die() if now == moment else None


def spared(_moment: str) -> None:
    """Lives on."""


def engine_on(place: Path, *, fails: bool, killer: Killer) -> tuple[sa.Engine, Engine[Any]]:
    """An engine for one flow of three steps, the last of which may act and then fail."""
    sql = open_database(f"sqlite:///{place}/corral.db")
    create_all(sql)

    def step(name: str) -> Step[Any]:
        def do(run: AnyRun) -> Any:
            killer(f"before do {name}")
            run.env.world.make(name)
            killer(f"after do {name}")
            if fails and name == STEPS[-1]:
                raise Broken
            return {"made": name}

        def undo(run: AnyRun) -> None:
            killer(f"before undo {name}")
            run.env.world.remove(name)
            killer(f"after undo {name}")

        return Step(name, name, do, undo)

    env = Environment(World(place / "world"))
    engine = Engine(sql, [flow(*map(step, STEPS))], env, back_off=QUICK, reconcile_every=0.05, workers=2)
    return sql, engine


def crash_at_moment(place: Path, fails: bool, moment: str) -> None:
    """Submit, run, and be killed when `moment` comes."""
    _sql, engine = engine_on(place, fails=fails, killer=killed_at(moment))
    _finish(engine, engine.submit("flow", {}, operation=NewOperation(key="k")))


def crash_after_commit(place: Path, fails: bool, number: int) -> None:
    """Submit, run, and be killed right after the given transaction of the run; exit 0 if there are fewer."""
    sql, engine = engine_on(place, fails=fails, killer=spared)
    operation = engine.submit("flow", {}, operation=NewOperation(key="k"))
    seen = itertools.count(1)

    def count(*_told: Any) -> None:
        if next(seen) == number:
            die()

    # A connection comes back to the pool after each commit; those of readers only make some numbers do the same.
    sa.event.listen(sql.pool, "checkin", count)
    _finish(engine, operation)


def _finish(engine: Engine[Any], operation: Operation) -> None:
    engine.start()
    until(lambda: engine.operation(operation.uuid).state.final)  # type: ignore[union-attr]
    engine.stop()
    os._exit(0)


def recover(place: Path, *, fails: bool) -> tuple[Operation, set[str], list[str]]:
    """What a fresh process makes of it: the operation's end, what exists, and what happened."""
    sql, engine = engine_on(place, fails=fails, killer=spared)
    operation = engine.operations()[0]
    engine.start()
    try:
        done = engine.wait(operation.uuid, 90)
        return done, World(place / "world").things(), [event.kind.value for event in engine.events(done.uuid)]
    finally:
        engine.stop()
        sql.dispose()
