"""A page of verdicts costs what its own VMs cost, however many there are and whatever they share; and old rows are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from corral.contracts.hosts import HostSource
from corral.domain.vm import Address, Origin
from corral.domain.vm_selection import Selection
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.engine import open_database
from corral.services.surveyor import HostGroup, Surveyor
from corral.services.vm_verdicts import READ, SeenVm, VmVerdicts
from corral.store import Servers, SurveyLeases, Surveys, VmRecords, upgrade
from corral.store.host_tables import vm_holds, vms
from corral.store.vm_records import VmFilter

BRIDGE = Address("172.17.0.1", Origin.AGENT)
"""What every guest with containers says that it has."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RACKS = VmFilter(("racks",))


def record(folder: Path, count: int, gone: int = 0) -> sa.Engine:
    """A record of so many VMs on one host, all with one address in common, of which some are gone."""
    sql = open_database(f"sqlite:///{folder / f'{count}.db'}")
    upgrade(sql)
    memory = MemoryHosts("racks")
    memory.add_host(example_host(0))
    for number in range(count):
        vm = example_vm(example_host(0), number)
        nic = replace(vm.nics[0], addresses=(*vm.nics[0].addresses, BRIDGE))
        memory.put(replace(vm, nics=(nic,), folder="/rare" if number == count - 1 else ""))
    group = HostGroup("racks", "memory", 60.0, lambda: HostSource("racks", "memory", memory))
    surveyor = Surveyor([group], Surveys(sql, lambda: NOW), SurveyLeases(sql), lambda: NOW)
    surveyor.survey("racks")
    for number in range(gone):
        memory.take(example_vm(example_host(0), number).id)
        surveyor.survey("racks")
    surveyor.stop()
    return sql


@pytest.fixture
def of(tmp_path: Path) -> Iterator[Callable[[int], sa.Engine]]:
    made: list[sa.Engine] = []

    def make(count: int) -> sa.Engine:
        made.append(record(tmp_path, count))
        return made[-1]

    yield make
    for sql in made:
        sql.dispose()


def verdicts(sql: sa.Engine) -> VmVerdicts:
    return VmVerdicts(VmRecords(sql), Servers(sql, lambda: NOW))


@contextmanager
def counted(sql: sa.Engine) -> Iterator[list[int]]:
    """How many times a hundred steps SQLite makes meanwhile: the work itself, on whatever machine."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def begun(conn: sa.Connection) -> None:
        conn.connection.driver_connection.set_progress_handler(step, 100)

    sa.event.listen(sql, "begin", begun)
    yield steps
    sa.event.remove(sql, "begin", begun)


def steps_of_a_page(sql: sa.Engine) -> tuple[int, list[SeenVm]]:
    of_page = verdicts(sql)
    middle = f"racks:{example_vm(example_host(0), 30).id}"
    with counted(sql) as steps:
        page = of_page.page(RACKS, Selection(), limit=20, marker=middle)
    return steps[0], list(page.vms)


def test_a_page_of_verdicts_is_the_same_work_for_ten_times_as_many_vms(of: Callable[[int], sa.Engine]) -> None:
    few, small = steps_of_a_page(of(60))
    many, large = steps_of_a_page(of(600))
    assert few > 5
    assert many <= 1.3 * few
    assert len(small) == len(large) == 20
    [why] = large[0].judged.reasons
    assert why.message.endswith("and others.")


def test_a_filter_that_leaves_few_ends_the_page_and_leads_on(of: Callable[[int], sa.Engine]) -> None:
    of_page = verdicts(of(READ + 300))
    rare = Selection(folder="/rare")
    first = of_page.page(RACKS, rare, limit=10)
    assert first.vms == ()
    assert first.next is not None
    last = of_page.page(RACKS, rare, limit=10, marker=first.next)
    assert (len(last.vms), last.next) == (1, None)


def test_rows_of_a_release_that_knew_less_are_read(of: Callable[[int], sa.Engine]) -> None:
    sql = of(1)
    newer = (
        "folder",
        "tags",
        "project",
        "template",
        "fault_tolerant",
        "linked",
        "encrypted",
        "unconsolidated",
        "question",
    )
    with sql.begin() as conn:
        facts = conn.execute(sa.select(vms.c.facts)).scalar_one()
        older = {key: value for key, value in facts.items() if key not in newer}
        assert len(older) == len(facts) - len(newer)
        conn.execute(sa.update(vms).values(facts=older))
    [one] = verdicts(sql).page(RACKS, Selection(), limit=2).vms
    assert (one.known.vm.tags, one.known.vm.folder, one.judged.adoptable) == ((), "", True)


def test_what_is_gone_is_not_looked_through_any_more(tmp_path: Path) -> None:
    sql = record(tmp_path, 4, gone=3)
    with sql.connect() as conn:
        assert set(conn.execute(sa.select(vm_holds.c.vm)).scalars()) == {example_vm(example_host(0), 3).id}
    sql.dispose()
