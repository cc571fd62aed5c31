"""What looking VMs and hosts up costs does not grow with the number of them: counted in steps of SQLite's machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from corral.engine import open_database
from corral.store import HostRecords, VmRecords, upgrade
from corral.store.host_tables import hosts, vms
from corral.store.hosts import HostFilter
from corral.store.vm_records import VmFilter

FEW, MANY = 200, 3_000
SOURCES = ("east", "west")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST: dict[str, Any] = {"facts": {"pools": [], "networks": [], "untold": []}, "digest": ""}
VM: dict[str, Any] = {
    "facts": {"snapshots": [], "passthrough": [], "agent": "absent"},
    "digest": "",
    "state": "running",
}
SEEN = {"first_seen_at": NOW, "changed_at": NOW}


class Counted:
    """So many VMs on half as many hosts of two sources, and a count of the steps that the database makes."""

    def __init__(self, sql: sa.Engine, count: int) -> None:
        self.sql, self.steps, self.last = sql, 0, f"{count - 1:05d}"
        numbered = [(f"{number:05d}", SOURCES[number * 2 // count]) for number in range(count)]
        with sql.begin() as conn:
            told = [{"source": source, "id": f"h-{n}", "name": f"host-{n}", **HOST, **SEEN} for n, source in numbered]
            conn.execute(sa.insert(hosts), told)
            rows = [
                {"source": source, "id": f"v-{n}", "host": f"h-{n}", "name": f"vm-{n}", **VM, **SEEN}
                for n, source in numbered
            ]
            conn.execute(sa.insert(vms), rows)
        sql.dispose()
        sa.event.listen(sql, "connect", lambda connection, _record: connection.set_progress_handler(self._step, 10))

    def _step(self) -> int:
        self.steps += 10
        return 0

    def cost(self, act: Callable[[Counted], Any]) -> int:
        assert act(self), "something is found"
        before = self.steps
        act(self)
        return self.steps - before


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counted, Counted]]:
    folder: Path = tmp_path_factory.mktemp("growth")
    made = []
    for count in (FEW, MANY):
        sql = open_database(f"sqlite:///{folder / str(count)}.db")
        upgrade(sql)
        made.append(Counted(sql, count))
    yield made[0], made[1]
    for one in made:
        one.sql.dispose()


LOOKUPS: dict[str, Callable[[Counted], Any]] = {
    "a VM by its name": lambda the: VmRecords(the.sql).called(f"vm-{the.last}", SOURCES),
    "where a VM is": lambda the: VmRecords(the.sql).place("west", f"v-{the.last}"),
    "where VMs were seen": lambda the: VmRecords(the.sql).last_seen("west", [f"v-{the.last}"]),
    "the last page of VMs": lambda the: VmRecords(the.sql).page(
        VmFilter(SOURCES), limit=20, marker=f"west:v-{int(the.last) - 20:05d}"
    ),
    "the last page of hosts": lambda the: HostRecords(the.sql).page(
        HostFilter(SOURCES), limit=20, marker=f"west:h-{int(the.last) - 20:05d}"
    ),
    "a host by its name": lambda the: HostRecords(the.sql).find(f"host-{the.last}", SOURCES),
}


@pytest.mark.parametrize("what", LOOKUPS)
def test_a_look_up_costs_the_same_however_many_there_are(few_and_many: tuple[Counted, Counted], what: str) -> None:
    few, many = (one.cost(LOOKUPS[what]) for one in few_and_many)
    assert 0 < many < 1.5 * few


def test_pages_of_vms_go_on_from_one_source_to_the_next(few_and_many: tuple[Counted, Counted]) -> None:
    few, _many = few_and_many
    found: list[str] = []
    marker = None
    while page := VmRecords(few.sql).page(VmFilter(SOURCES), limit=30, marker=marker):
        found += [one.vm.id for one in page]
        marker = f"{page[-1].vm.source}:{page[-1].vm.id}"
    assert found == [f"v-{number:05d}" for number in range(FEW)]
