"""A worker in a process of its own: PostgreSQL for the records, Redis or etcd for the board, a directory for the world."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from engine_world import QUICK, AnyRun, Environment, World, flow

from corral.engine import Engine, Flow, Step, open_board, open_database

LEASE = 2.0


def slow_flow(seconds: float) -> Flow[Any]:
    """Three steps; each checks, acts, and writes down who did it. The first takes its time between check and act."""

    def step(name: str) -> Step[Any]:
        def do(run: AnyRun) -> Any:
            run.check()
            run.progress(0.5, "half")
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(0.05)
                run.check()
            run.env.world.make(f"{run.operation}.{name}")
            return {"made": name}

        def undo(run: AnyRun) -> None:
            run.env.world.remove(f"{run.operation}.{name}")

        return Step(name, name, do, undo)

    return flow(step("a"), step("b"), step("c"))


def engine_on(database: str, board: str, place: str, seconds: float, **options: Any) -> tuple[sa.Engine, Engine[Any]]:
    """An engine on a shared board."""
    sql = open_database(database)
    env = Environment(World(Path(place)))
    shared = open_board(board, lease=LEASE)
    options = {"back_off": QUICK, "reconcile_every": 0.3, "workers": 4} | options
    return sql, Engine(sql, [slow_flow(seconds)], env, board=shared, **options)


class Worker:
    """The process."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, cwd=Path(__file__).parent
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == b"ready\n"

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()


if __name__ == "__main__":
    _sql, _engine = engine_on(*sys.argv[1:4], float(sys.argv[4]))
    _engine.start()
    print("ready", flush=True)
    threading.Event().wait(240)  # killed long before; and a test that hangs leaves nothing behind
