"""Two wishes for one machine at the same moment: the second is told that it came second, whatever it happened to see first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from fault_bench import Bench, memory

from corral.services.planning import Planner
from corral.services.vm_planning import VmPlanner
from corral.store import Flavors, Servers
from corral.store.vm_records import VmRecords

Make = Callable[..., Bench]


class LooksBefore(Servers):
    """A record that was looked at just before somebody else's wish was accepted."""

    def managed(self, source: str, machines: Iterable[str]) -> dict[str, str]:
        return {}


@pytest.mark.parametrize("name", ["db-01", "another-name"])
def test_a_wish_that_sees_only_its_name_taken_knows_whether_its_machine_is_taken_too(
    bench_of: Make, tmp_path: Path, name: str
) -> None:
    bench = bench_of(memory())
    server = bench.managed()
    sql = sa.create_engine(f"sqlite:///{tmp_path / 'corral.db'}")
    early = LooksBefore(sql, lambda: datetime.now(UTC))
    flavors = Flavors(sql, lambda: datetime.now(UTC))
    planner = Planner(bench.corral.inventory, early, flavors, VmPlanner({}, VmRecords(sql), early, flavors))

    reasons = planner.item(replace(bench.request(), name=name), "bank").reasons
    sql.dispose()

    taken = [one for one in reasons if one.code == "already-managed"]
    assert bool(taken) == (name == server.name)
    assert all(server.uuid in one.message for one in taken)
