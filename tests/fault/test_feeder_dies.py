"""A process that dies while it starts the operations of a large plan: the next one goes on, starts nothing twice, loses none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from fault_bench import Bench
from feeding import MANY, world

from corral.domain.plan import PlanState
from corral.engine import metadata
from corral.store.tables import plans

Make = Callable[..., Bench]
SCRIPT = Path(__file__).with_name("feeding.py")
CHUNK = 50


def operations(bench: Bench) -> Counter[str]:
    table = metadata.tables["operations"]
    with bench.corral.sql.connect() as conn:
        return Counter(conn.execute(sa.select(table.c.machine).where(table.c.kind == "manage")).scalars())


@pytest.mark.timeout(400)
@pytest.mark.parametrize("nth", [1, CHUNK, CHUNK + 1, 2 * CHUNK + 20])
def test_a_feeder_that_is_killed_goes_on_and_starts_each_machine_once(bench_of: Make, tmp_path: Path, nth: int) -> None:
    found = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
    died = subprocess.run([sys.executable, str(SCRIPT), str(tmp_path), str(nth)], env=found, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    source = world()
    bench = bench_of(source, start=False)
    # What was stored is whole chunks: with each operation its server and its place in the plan.
    assert sum(operations(bench).values()) == (nth - 1) // CHUNK * CHUNK
    bench.corral.start()
    with bench.corral.sql.connect() as conn:
        plan, feeder = conn.execute(sa.select(plans.c.uuid, plans.c.feeder)).one()
    ended = bench.corral.engine.wait(feeder, 120)
    assert ended.result == {"plan": plan, "adopted": MANY}
    assert bench.corral.plans.get(plan).state is PlanState.APPLIED
    assert operations(bench) == dict.fromkeys(source.world.nodes, 1)
    owners = Counter(node.instance_uuid for node in source.world.nodes.values())
    assert len(owners) == MANY
    assert None not in owners
