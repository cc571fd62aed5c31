"""Verdicts that are read page by page out of the record are those of one look at everything, whatever is on the hosts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from corral.contracts.hosts import HostSource
from corral.domain.reasons import Reason
from corral.domain.vm import Address, Origin, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_selection import Selection
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.engine import open_database
from corral.services.survey_hosts import judge
from corral.services.surveyor import HostGroup, Surveyor
from corral.services.vm_verdicts import VmVerdicts
from corral.store import Servers, SurveyLeases, Surveys, VmRecords, upgrade
from corral.store.host_tables import host_sources, hosts, vm_seconds, vms
from corral.store.vm_records import VmFilter

HOSTS = tuple(example_host(number) for number in range(3))
START = datetime(2026, 1, 1, tzinfo=UTC)

macs = st.sampled_from([f"52:54:00:00:00:0{number}" for number in range(4)])
ips = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8:0:1:2:3:4:5"])
nics = st.builds(
    lambda mac, bridge, found: VmNic(mac, mac, "bridge", bridge=bridge, addresses=tuple(found)),
    macs,
    st.sampled_from(["br0", "br9"]),
    st.lists(st.builds(Address, ips, st.just(Origin.ARP)), max_size=2, unique=True),
)
places = st.sampled_from(
    [
        {"kind": "file", "path": "/srv/images/a.qcow2"},
        {"kind": "file", "path": "/elsewhere/" + "long/" * 40 + "b"},
        {"kind": "network", "protocol": "rbd", "volume": "vms/one"},
        {"kind": "block", "path": "/dev/sdb", "wwn": "5000c500"},
        {"kind": "file", "path": "/srv/images/c.iso", "device": "cdrom"},
    ]
)
disks = st.builds(lambda place, backing: VmDisk("vda", backing=backing, **place), places, st.sampled_from([(), ("x",)]))


@st.composite
def machines(draw: st.DrawFn) -> list[Vm]:
    found = []
    for number in range(draw(st.integers(0, 9))):
        host = HOSTS[draw(st.integers(0, 2))]
        shape = {
            "name": draw(st.sampled_from(["", "db", "web"])),
            "state": draw(st.sampled_from([RunState.RUNNING, RunState.OFF, RunState.PAUSED])),
            "persistent": draw(st.booleans()),
            "template": draw(st.booleans()),
            "owner": draw(st.sampled_from(["", "", "OpenStack Nova"])),
            "nics": tuple(draw(st.lists(nics, max_size=2))),
            "disks": tuple(draw(st.lists(disks, max_size=2))),
            "folder": draw(st.sampled_from(["", "/east/web"])),
            "tags": draw(st.sampled_from([(), ("gold",)])),
        }
        found.append(replace(example_vm(host, number), **shape))
    return found


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    path: Path = tmp_path_factory.mktemp("verdicts") / "corral.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    yield engine
    engine.dispose()


def now() -> datetime:
    return START


def surveyed(sql: sa.Engine, memory: MemoryHosts, *rounds: list[Vm]) -> None:
    with sql.begin() as conn:
        for table in (vm_seconds, vms, hosts, host_sources):
            conn.execute(sa.delete(table))
    clock = itertools.count()
    ticking = lambda: START + timedelta(seconds=next(clock))  # noqa: E731
    group = HostGroup(memory.name, "memory", 60.0, lambda: HostSource(memory.name, "memory", memory))
    surveyor = Surveyor([group], Surveys(sql, ticking), SurveyLeases(sql), ticking)
    for there in rounds:
        for on_it in memory._vms.values():
            on_it.clear()
        for vm in there:
            memory.put(vm)
        surveyor.survey(memory.name)
    surveyor.stop()


def paged(verdicts: VmVerdicts, limit: int, which: Selection, adoptable: bool | None) -> dict[str, tuple[Reason, ...]]:
    found: dict[str, tuple[Reason, ...]] = {}
    marker: str | None = None
    while True:
        page = verdicts.page(VmFilter(("racks",)), which, adoptable=adoptable, limit=limit, marker=marker)
        assert len(page.vms) <= limit
        assert not found.keys() & {one.known.vm.id for one in page.vms}
        found |= {one.known.vm.id: one.judged.reasons for one in page.vms}
        if (marker := page.next) is None:
            return found


def told(found: dict[str, tuple[Reason, ...]]) -> dict[str, list[str]]:
    return {vm: [f"{one.code}: {one.message}" for one in reasons] for vm, reasons in found.items()}


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    before=machines(),
    there=machines(),
    limit=st.integers(1, 4),
    adoptable=st.sampled_from([None, True, False]),
    which=st.sampled_from([Selection(), Selection(folder="east"), Selection(tag="gold"), Selection(name="d*")]),
)
def test_pages_of_verdicts_are_one_look_at_everything(
    sql: sa.Engine, before: list[Vm], there: list[Vm], limit: int, adoptable: bool | None, which: Selection
) -> None:
    memory = MemoryHosts("racks")
    for host in HOSTS:
        memory.add_host(host)
    surveyed(sql, memory, before, there, there)  # of one that was moved while it is off the second look says how it is
    verdicts = VmVerdicts(VmRecords(sql), Servers(sql, now))
    wanted = {
        one.machine.id: one.reasons
        for one in judge(list(memory.looks()))
        if which.matches(one.machine) and adoptable in (None, one.adoptable)
    }
    assert told(paged(verdicts, limit, which, adoptable)) == told(wanted)
