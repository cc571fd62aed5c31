"""A Corral that applies a large plan and is killed while it stores the machines' operations. Run as a process of its own."""

import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fault_bench import ACTOR, Bench

from corral.domain.mapping import read_rules
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import synthetic
from corral.services.planning import Wanted

MANY = 130


def world() -> MemorySource:
    """The same machines in every process; the one that is killed acts on none of them."""
    source = MemorySource("lab")
    synthetic(source.world, MANY)
    return source


def main(place: Path, nth: int) -> None:
    """Plan, apply, and die as the nth machine's operation is noted with the plan, before it is committed."""
    bench = Bench(world(), place / "killed", place / "corral.db", workers=1)
    bench.flavor()
    seen = count(1)

    def die(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE plan_items SET operation") and next(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(bench.corral.sql, "before_cursor_execute", die)
    plan = bench.corral.plans.store_matching(Wanted("lab"), read_rules({}), ACTOR)
    _, _, feeder = bench.corral.plans.apply(plan.uuid, ACTOR)
    bench.corral.start()
    bench.corral.engine.wait(str(feeder and feeder.uuid), 60)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
