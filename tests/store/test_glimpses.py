"""Looks at some VMs on their way into the record: beside looks at all, older and newer ones, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from corral.config import Settings, SyncSettings
from corral.contracts.hosts import Glimpse, Look
from corral.domain.drift import Field
from corral.domain.lifecycle import Status
from corral.domain.server import Kind, Server
from corral.domain.vm import Vm
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.agenda import Wanted
from corral.services.recording import Recording
from corral.services.surveyor import HostGroup
from corral.store import Drifts, HostRecords, Servers, SurveyLeases, Surveys
from corral.store.survey_vms import Round
from corral.wiring import Corral, build
from tests.prepared import prepared

HERE, THERE = example_host(0), example_host(1)
FEW, MANY = 20, 500


class Desk:
    """A surveyor's desk with two hosts, of which the first has three VMs. `the`: the looks that hints lead to."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], Any]) -> None:
        assert SurveyLeases(sql).lease("racks", "me", 600)
        self.sql, self.recording = sql, Recording(Surveys(sql, clock), "racks", "me")
        self.the = self.recording.hinted
        self.vms = [self.vm(number) for number in range(3)]
        survey = self.recording.begin()
        self.look(survey, self.vms, 100.0)
        self.recording.record(survey, Look(self.on(THERE), (), 0, 100.0))
        self.recording.finish(survey, "", None)

    @staticmethod
    def on(host: Any) -> Any:
        return replace(host, source="racks")

    def vm(self, number: int, host: Any = HERE, **fields: Any) -> Vm:
        return replace(example_vm(host, number), source="racks", host_name=host.name, **fields)

    def look(self, the: Round, vms: list[Vm], as_of: float) -> None:
        self.recording.record(the, Look(self.on(HERE), tuple(vms), 0, as_of))

    def glimpse(self, vms: list[Vm], as_of: float, *missing: Vm, host: Any = HERE) -> None:
        told = Glimpse(self.on(host), tuple(vms), frozenset(vm.id for vm in missing), as_of)
        self.recording.record_some(self.the, told)

    def names(self) -> dict[str, list[str]]:
        """The names of the VMs that are there, by host."""
        records, found = HostRecords(self.sql), {}
        for host in (HERE, THERE):
            page = records.machines("racks", host.id, gone=False, limit=100, marker=None)
            found[host.name] = [one.vm.name for one in page]
        return found


@pytest.fixture
def desk(sql: sa.Engine, clock) -> Desk:
    return Desk(sql, clock)


NAMES = ["vm-00000", "vm-00001", "vm-00002"]


def test_a_glimpse_changes_the_vms_that_it_tells_of_and_no_other(desk: Desk) -> None:
    desk.glimpse([desk.vm(1, name="other"), desk.vm(9)], 110.0)
    assert desk.names()[HERE.name] == ["vm-00000", "other", "vm-00002", "vm-00009"]
    assert (desk.the.counts["changed"], desk.the.counts["new"]) == (1, 1)
    assert desk.the.absent == set()


def test_a_vm_that_a_glimpse_misses_is_gone_only_when_that_is_settled(desk: Desk) -> None:
    desk.glimpse([], 110.0, desk.vms[1], desk.vm(50))
    assert desk.names()[HERE.name] == NAMES
    desk.recording.settle(desk.the)
    assert desk.names()[HERE.name] == ["vm-00000", "vm-00002"]


def test_a_vm_that_is_seen_elsewhere_before_that_has_moved_and_was_never_gone(desk: Desk) -> None:
    desk.glimpse([], 110.0, desk.vms[1])
    desk.glimpse([desk.vm(1, THERE)], 111.0, host=THERE)
    desk.recording.settle(desk.the)
    assert desk.names() == {HERE.name: ["vm-00000", "vm-00002"], THERE.name: ["vm-00001"]}
    assert (desk.the.counts["moved"], desk.the.counts["gone"]) == (1, 0)


def test_a_vm_that_comes_back_before_it_is_settled_is_not_gone(desk: Desk) -> None:
    desk.glimpse([], 110.0, desk.vms[1])
    desk.glimpse([desk.vms[1]], 111.0)
    desk.recording.settle(desk.the)
    assert desk.names()[HERE.name] == NAMES


def test_a_survey_that_is_older_leaves_those_vms_as_they_are_and_tells_of_all_others(desk: Desk) -> None:
    survey = desk.recording.begin()
    desk.glimpse([desk.vm(0, name="newer")], 110.0, desk.vms[1])
    older = [desk.vms[0], desk.vm(1, name="older"), desk.vm(2, name="surveyed"), desk.vm(3)]
    desk.look(survey, older, 105.0)
    assert desk.names()[HERE.name] == ["newer", "vm-00001", "surveyed", "vm-00003"]
    desk.recording.settle(desk.the)
    desk.recording.finish(survey, "", None)
    assert desk.names()[HERE.name] == ["newer", "surveyed", "vm-00003"]


def test_a_survey_that_is_older_does_not_miss_a_vm_that_came_since(desk: Desk) -> None:
    survey = desk.recording.begin()
    desk.glimpse([desk.vm(9)], 110.0)
    desk.look(survey, desk.vms, 105.0)
    desk.recording.record(survey, Look(desk.on(THERE), (), 0, 105.0))
    desk.recording.finish(survey, "", None)
    assert desk.names()[HERE.name] == [*NAMES, "vm-00009"]


def test_the_next_survey_tells_of_all_again(desk: Desk) -> None:
    desk.glimpse([desk.vm(0, name="newer"), desk.vm(9)], 110.0)
    survey = desk.recording.begin()
    desk.look(survey, desk.vms, 120.0)
    desk.recording.record(survey, Look(desk.on(THERE), (), 0, 120.0))
    desk.recording.finish(survey, "", None)
    assert desk.names()[HERE.name] == NAMES


def test_a_glimpse_that_is_older_than_a_look_at_all_or_at_that_vm_is_not_written(desk: Desk) -> None:
    desk.glimpse([desk.vm(0, name="older")], 90.0, desk.vms[1])
    assert desk.names()[HERE.name] == NAMES
    desk.glimpse([desk.vm(0, name="newest")], 120.0)
    desk.glimpse([desk.vm(0, name="older"), desk.vm(2, name="news")], 110.0)
    desk.recording.settle(desk.the)
    assert desk.names()[HERE.name] == ["newest", "vm-00001", "news"]


# --- what an event costs ----------------------------------------------------------------------------------


class Estate:
    """All of Corral, with so many VMs on one host, which all are servers in step; and a count of the database's steps."""

    def __init__(self, folder: Path, count: int) -> None:
        self.memory, self.steps, self.statements = MemoryHosts("racks"), 0, 0
        self.memory.lost = True
        self.memory.add_host(HERE)
        for number in range(count):
            self.memory.put(example_vm(HERE, number))
        policy = folder / "policy.yaml"
        policy.write_text(yaml.safe_dump({"sources": {"racks": {"policy": "none"}}}))
        settings = prepared(Settings(data_dir=folder / "data", sync=SyncSettings(policy_file=policy)))
        groups = [HostGroup("racks", "memory", 3600.0, lambda: self.memory.source)]
        self.corral: Corral = build(settings, sources={}, hosts=groups, emit=lambda *_told, **_more: None)
        self._manage(count)
        self.corral.surveyor.survey("racks")
        self.corral.synchronizer.synchronize("racks")
        self.corral.sql.dispose()
        sa.event.listen(self.corral.sql, "connect", lambda made, _record: made.set_progress_handler(self._step, 10))
        sa.event.listen(self.corral.sql, "after_cursor_execute", self._executed)

    def _manage(self, count: int) -> None:
        servers = Servers(self.corral.sql, lambda: datetime.now(UTC))
        with self.corral.sql.begin() as conn:
            for number in range(count):
                vm = self.memory.vm(example_vm(HERE, number).id)
                made = Server(
                    f"5e000000-0000-4000-8000-{number:012d}", f"s-{number}", "racks", vm.id, "bank", Status.ACTIVE, ""
                )
                seen = {"machine_name": vm.name, "host": vm.host, "cpus": vm.cpus, "memory": vm.memory, "macs": vm.macs}
                parts = {"volumes": vm.disks, "vm_nics": vm.nics, "power": str(vm.power)}
                servers.add(conn, replace(made, kind=Kind.VM, **seen, **parts))

    def _step(self) -> int:
        self.steps += 10
        return 0

    def _executed(self, *_arguments: object) -> None:
        self.statements += 1

    def event(self, number: int) -> tuple[int, int]:
        """Steps and statements from a hint to the row of the drift."""
        vm = self.memory.vm(example_vm(HERE, number).id)
        self.memory.put(replace(vm, cpus=vm.cpus + 1))
        before = self.steps, self.statements
        hinted = Wanted(HERE.name, time.monotonic(), frozenset({vm.id}))
        self.corral.surveyor._sources["racks"]._hinted(hinted)
        assert self.corral.synchronizer.glance("racks", [vm.id])["found"] == 1
        cost = self.steps - before[0], self.statements - before[1]
        assert Drifts(self.corral.sql).at("racks", [vm.id])[vm.id].keys() == {Field.CPU}
        return cost


@pytest.fixture
def estates(tmp_path: Path) -> Iterator[Callable[[int], Estate]]:
    made: list[Estate] = []

    def estate(count: int) -> Estate:
        made.append(Estate(tmp_path / str(count), count))
        return made[-1]

    for count in (FEW, MANY):
        (tmp_path / str(count)).mkdir()
    yield estate
    for one in made:
        one.corral.stop()


def test_an_event_costs_the_database_the_same_however_many_vms_the_host_has(estates: Callable[[int], Estate]) -> None:
    few, many = (estates(count) for count in (FEW, MANY))
    costs = [(one.event(1), one.event(2))[1] for one in (few, many)]  # of the first one, something is remembered
    assert costs[0][1] == costs[1][1]
    assert 0 < costs[1][0] < 1.5 * costs[0][0]
