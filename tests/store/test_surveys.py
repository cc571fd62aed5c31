"""What surveys make of hosts that change: each VM is one, wherever it is, and what has not changed is not written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from corral.contracts.hosts import HostSource, Look
from corral.domain.errors import Invalid, Unreachable
from corral.domain.host import Host
from corral.domain.vm import RunState, Vm, VmDisk, VmNic
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup, Surveyor
from corral.store import HostRecords, SurveyLeases, Surveys
from corral.store.host_rows import KnownHost, KnownVm
from corral.store.hosts import HostFilter

HOSTS = tuple(example_host(number) for number in range(3))


class World:
    """Three hosts with two VMs each, and the record of them."""

    def __init__(self, sql: sa.Engine, clock) -> None:
        self.sql, self.clock = sql, clock
        self.memory = MemoryHosts("racks")
        for number, host in enumerate(HOSTS):
            self.memory.add_host(host)
            for position in range(2):
                self.memory.put(example_vm(host, number * 2 + position))
        self.records = HostRecords(sql)
        self.surveyor = self.started()

    def started(self, **how) -> Surveyor:
        """Another surveyor, as after a start of the process."""
        hosts = self.memory
        group = HostGroup("racks", "memory", 60.0, lambda: HostSource("racks", "memory", hosts))
        return Surveyor([group], Surveys(self.sql, self.clock), SurveyLeases(self.sql), self.clock, **how)

    def survey(self) -> dict[str, int]:
        return {key: number for key, number in self.surveyor.survey("racks").items() if number}

    def hosts(self, **where) -> dict[str, KnownHost]:
        found = self.records.page(HostFilter(("racks",), **where), limit=100)
        return {one.host.name: one for one in found}

    def vms(self, *, gone: bool = False) -> dict[str, KnownVm]:
        """Every VM of the record by id; one that is listed twice fails here."""
        found: dict[str, KnownVm] = {}
        for host in self.records.page(HostFilter(("racks",), gone=True), limit=100):
            for one in self.records.machines("racks", host.host.id, gone=gone, limit=100, marker=None):
                assert one.vm.id not in found, f"{one.vm.id} is listed twice"
                found[one.vm.id] = one
        return found

    def vm(self, number: int) -> Vm:
        return next(vm for host in HOSTS for vm in self.memory._vms[host.id].values() if vm.id == ident(number))


def ident(number: int) -> str:
    return example_vm(HOSTS[0], number).id


@pytest.fixture
def world(sql: sa.Engine, clock) -> World:
    made = World(sql, clock)
    made.survey()
    return made


@contextmanager
def written(sql: sa.Engine) -> Iterator[list[str]]:
    """The tables that are written to, a name for each statement."""
    found: list[str] = []

    def heard(_conn, _cursor, statement: str, *_rest) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(next(word for word in words if word not in ("INSERT", "UPDATE", "DELETE", "INTO", "FROM")))

    event.listen(sql, "before_cursor_execute", heard)
    yield found
    event.remove(sql, "before_cursor_execute", heard)


def test_what_hosts_tell_comes_back_from_the_record_as_it_was_told(world: World) -> None:
    disk = VmDisk("vdb", "block", path="/dev/disk/by-id/x", wwn="5000", backing=("/a", "/b"), size=7, shared=True)
    world.memory.put(replace(world.vm(0), disks=(*world.vm(0).disks, disk), snapshots=("one", "two")))
    world.survey()
    assert {one.vm.id: one.vm for one in world.vms().values()} == {ident(n): world.vm(n) for n in range(6)}
    told = {host.name: host for host in world.memory.hosts()}
    assert {name: one.host for name, one in world.hosts().items()} == told


def test_a_second_survey_in_which_nothing_changed_writes_one_row_however_many_there_are(world: World) -> None:
    with written(world.sql) as tables:
        assert world.survey() == {}
    assert tables == ["host_sources"]


def test_a_survey_after_a_restart_finds_nothing_new_either(world: World) -> None:
    world.surveyor.stop()
    world.surveyor = world.started()
    with written(world.sql) as tables:
        assert world.survey() == {}
    assert set(tables) == {"host_sources"}


@pytest.mark.parametrize(("begin", "end"), [(0, 2), (2, 0)])
def test_a_vm_that_moved_is_the_same_vm_on_another_host_whichever_host_is_asked_first(
    world: World, begin: int, end: int
) -> None:
    number, before = begin * 2, world.vms()
    world.memory.put(replace(world.vm(number), host=HOSTS[end].id))
    assert world.survey() == {"moved": 1, "hosts_changed": 2}
    after = world.vms(gone=True)
    assert after.keys() == before.keys()
    assert after[ident(number)].vm.host == HOSTS[end].id
    assert after[ident(number)].also_on == ()
    assert after[ident(number)].first_seen_at == before[ident(number)].first_seen_at
    assert world.survey() == {}


def test_a_renamed_vm_is_the_same_vm(world: World) -> None:
    first = world.vms()[ident(1)].first_seen_at
    world.memory.put(replace(world.vm(1), name="renamed"))
    assert world.survey() == {"changed": 1}
    found = world.vms()[ident(1)]
    assert (found.vm.name, found.first_seen_at) == ("renamed", first)
    assert found.changed_at > first


def test_a_disk_that_was_added_and_a_nic_that_was_removed_are_seen_and_nothing_else_is_written(world: World) -> None:
    vm = world.vm(3)
    world.memory.put(replace(vm, disks=(*vm.disks, VmDisk("vdb", "file", path="/srv/images/more.qcow2")), nics=()))
    with written(world.sql) as tables:
        assert world.survey() == {"changed": 1}
    assert sorted(tables) == ["host_sources", "nics", "vm_holds", "vm_holds", "vms", "volumes", "volumes"]
    host = world.vm(3).host
    disks = world.records.volumes("racks", host, limit=10, marker=None)
    assert [(one.vm, one.part.id) for one in disks] == [(ident(2), "vda"), (ident(3), "vda"), (ident(3), "vdb")]
    assert [one.vm for one in world.records.nics("racks", host, limit=10, marker=None)] == [ident(2)]


def test_a_vm_that_is_gone_is_not_listed_and_is_the_same_when_it_is_back(world: World) -> None:
    vm, first = world.vm(4), world.vms()[ident(4)].first_seen_at
    world.memory.take(vm.id)
    assert world.survey() == {"gone": 1, "hosts_changed": 1}
    assert ident(4) not in world.vms()
    assert world.vms(gone=True)[ident(4)].gone_since is not None
    world.memory.put(vm)
    assert world.survey() == {"back": 1, "hosts_changed": 1}
    found = world.vms()[ident(4)]
    assert (found.first_seen_at, found.gone_since) == (first, None)


def test_a_host_that_does_not_answer_is_shown_with_since_when_and_why_and_keeps_its_vms(world: World) -> None:
    world.memory.silence(HOSTS[1].id, "it does not answer")
    assert world.survey() == {"hosts_silent": 1}
    one = world.hosts()["kvm-02"]
    assert (one.host.problem, one.host.vms, one.host.cores) == ("it does not answer", 2, 32)
    assert one.host.stale_since is not None
    assert len(world.vms()) == 6
    since = one.host.stale_since
    with written(world.sql) as tables:
        assert world.survey() == {}
    assert tables == ["host_sources"]
    assert world.hosts()["kvm-02"].host.stale_since == since
    world.memory.silence(HOSTS[1].id, "")
    assert world.survey() == {"hosts_back": 1}
    assert world.hosts()["kvm-02"].host.stale_since is None


def test_a_host_that_is_silent_when_corral_starts_is_the_host_that_the_record_knows(world: World) -> None:
    """A driver that was just started knows such a host by its name only, and not when it was last seen."""
    surveyed = world.records.states(["racks"])[0].surveyed_at

    class Started(MemoryHosts):
        def looks(self) -> Iterator[Look]:
            yield Look(Host("racks", "kvm-02", "kvm-02", problem="no route"))
            yield from (look for look in super().looks() if look.host.name != "kvm-02")

    started = Started("racks")
    started._hosts, started._vms = world.memory._hosts, world.memory._vms
    world.surveyor.stop()
    world.memory = started
    world.surveyor = world.started()
    assert world.survey() == {"hosts_silent": 1}
    assert sorted(world.hosts()) == ["kvm-01", "kvm-02", "kvm-03"]
    assert world.hosts()["kvm-02"].host.id == HOSTS[1].id
    assert world.hosts()["kvm-02"].host.stale_since == surveyed
    assert len(world.vms()) == 6


def test_a_host_that_never_answered_becomes_the_one_that_it_is_when_it_does(world: World) -> None:
    fourth = example_host(3)
    world.memory.add_host(replace(fourth, id="kvm-04", problem="no route"))
    assert world.survey() == {"hosts_silent": 1}
    assert world.hosts()["kvm-04"].host.stale_since is None
    assert world.hosts()["kvm-04"].seen_at is None
    world.memory.remove_host("kvm-04")
    world.memory.add_host(fourth)
    assert world.survey() == {"hosts_new": 1}
    assert world.hosts(gone=True)["kvm-04"].host.id == fourth.id


def test_a_host_that_is_not_told_any_more_is_gone_with_its_vms_and_the_same_when_it_is_back(world: World) -> None:
    host, vms = HOSTS[2], [world.vm(4), world.vm(5)]
    first = world.hosts()["kvm-03"].first_seen_at
    world.memory.remove_host(host.id)
    assert world.survey() == {"hosts_gone": 1, "gone": 2}
    assert sorted(world.hosts()) == ["kvm-01", "kvm-02"]
    assert len(world.vms()) == 4
    world.memory.add_host(host)
    for vm in vms:
        world.memory.put(vm)
    assert world.survey() == {"hosts_back": 1, "back": 2}
    assert world.hosts()["kvm-03"].first_seen_at == first
    assert len(world.vms()) == 6


def test_a_definition_that_a_migration_left_behind_is_told_beside_the_vm_and_never_takes_it_back(world: World) -> None:
    moved = replace(world.vm(0), host=HOSTS[1].id)
    left = replace(world.vm(0), state=RunState.OFF, run="")
    world.memory.put(moved)
    world.memory.leave(left)
    for expected in ({"changed": 1, "moved": 1, "hosts_changed": 2}, {}, {}):
        assert world.survey() == expected
        found = world.vms()[ident(0)]
        assert (found.vm.host, found.vm.state, found.also_on) == (HOSTS[1].id, RunState.RUNNING, (HOSTS[0].id,))


@pytest.mark.parametrize("other", [0, 2])
def test_a_leftover_that_is_started_while_the_vm_is_off_is_the_vm_from_then_on(world: World, other: int) -> None:
    vm, twin = replace(world.vm(2), state=RunState.OFF, run=""), HOSTS[other].id
    world.memory.put(vm)
    world.memory.leave(replace(vm, host=twin))
    world.survey()
    world.survey()
    world.memory.leave(replace(vm, host=twin, state=RunState.RUNNING, run="7"))
    world.survey()
    for _ in range(2):
        found = world.vms()[ident(2)]
        assert (found.vm.host, found.vm.state, found.also_on) == (twin, RunState.RUNNING, (HOSTS[1].id,))
        assert "moved" not in world.survey()


def test_two_that_run_under_one_id_are_one_entry_that_names_both_hosts_and_stays_where_it_is(world: World) -> None:
    world.memory.leave(replace(world.vm(0), host=HOSTS[2].id))
    world.survey()
    first = world.vms()[ident(0)]
    assert {first.vm.host, *first.also_on} == {HOSTS[0].id, HOSTS[2].id}
    for _ in range(3):
        assert world.survey() == {}
        assert world.vms()[ident(0)].vm.host == first.vm.host


@pytest.mark.parametrize(("vm", "leftover"), [(0, 1), (2, 0)])
def test_when_the_vm_goes_and_its_leftover_stays_the_leftover_is_what_is_left_at_once(
    world: World, vm: int, leftover: int
) -> None:
    here, there = world.vm(vm), HOSTS[leftover].id
    world.memory.leave(replace(here, host=there, state=RunState.OFF, run=""))
    world.survey()
    assert world.vms()[here.id].also_on == (there,)
    world.memory._vms[here.host].pop(here.id)
    world.survey()
    assert (world.vms()[here.id].vm.host, world.vms()[here.id].also_on) == (there, ())
    world.survey()
    assert world.vms()[here.id].vm.state is RunState.OFF


def test_a_vm_that_runs_on_another_host_while_its_own_is_silent_is_there(world: World) -> None:
    world.memory.silence(HOSTS[0].id)
    world.memory.leave(replace(world.vm(0), host=HOSTS[1].id))
    assert world.survey() == {"hosts_silent": 1, "hosts_changed": 1, "moved": 1}
    assert world.vms()[ident(0)].vm.host == HOSTS[1].id


def test_when_a_source_breaks_off_the_hosts_that_were_not_asked_are_stale_and_nothing_is_gone(world: World) -> None:
    class Broken(MemoryHosts):
        def looks(self) -> Iterator[Look]:
            yield next(super().looks())
            raise Unreachable("The vCenter does not answer.")

    broken = Broken("racks")
    broken._hosts, broken._vms = world.memory._hosts, world.memory._vms
    world.surveyor.stop()
    world.memory, whole = broken, world.memory
    world.surveyor = world.started()
    world.survey()
    told = {name: one.host.problem for name, one in world.hosts().items()}
    assert told == {"kvm-01": "", "kvm-02": "The vCenter does not answer.", "kvm-03": "The vCenter does not answer."}
    assert world.records.states(["racks"])[0].problem == "The vCenter does not answer."
    assert len(world.vms()) == 6
    world.surveyor.stop()
    world.memory = whole
    world.surveyor = world.started()
    world.survey()
    assert all(one.host.reachable for one in world.hosts().values())
    assert world.records.states(["racks"])[0].problem == ""


def test_a_host_that_tells_what_can_not_be_recorded_is_told_of_and_keeps_what_is_known_beside_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.memory.put(replace(world.vm(0), name=None))
    world.memory.put(replace(world.vm(4), name="renamed"))
    world.survey()
    problem = world.hosts()["kvm-01"].host.problem
    assert problem == "What it told could not be recorded: IntegrityError."
    assert "A look was not recorded." in caplog.messages
    assert world.vms()[ident(0)].vm.name == "vm-00000"
    assert world.vms()[ident(4)].vm.name == "renamed"
    world.memory.put(replace(world.vm(0), name="mended"))
    world.survey()
    assert world.hosts()["kvm-01"].host.reachable
    assert world.vms()[ident(0)].vm.name == "mended"


def test_a_driver_that_fails_unexpectedly_makes_its_hosts_stale_and_loses_none(world: World) -> None:
    class Defective(MemoryHosts):
        def looks(self) -> Iterator[Look]:
            raise TypeError("an answer that nobody thought of")

    world.surveyor.stop()
    world.memory = Defective("racks")
    world.surveyor = world.started()
    world.survey()
    told = {one.host.problem for one in world.hosts().values()}
    assert told == {"The driver memory failed unexpectedly: TypeError."}
    assert len(world.vms()) == 6


def test_what_is_gone_for_long_is_forgotten(world: World) -> None:
    world.memory.take(ident(0))
    world.survey()
    assert ident(0) in world.vms(gone=True)
    world.clock.at += timedelta(days=31)
    world.survey()
    assert ident(0) not in world.vms(gone=True)
    with world.sql.connect() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM volumes WHERE vm = :vm"), {"vm": ident(0)}).scalar() == 0


def test_a_surveyor_that_was_paused_while_another_took_over_writes_nothing(world: World) -> None:
    assert SurveyLeases(world.sql).lease("racks", "another", 60.0) is False
    with world.sql.begin() as conn:
        conn.execute(sa.text("UPDATE host_sources SET holder = 'another'"))
    world.memory.take(ident(0))
    world.memory.put(replace(world.vm(1), name="renamed"))
    with written(world.sql) as tables:
        world.survey()
    assert set(tables) <= {"host_sources"}  # its try to have the lease again
    assert ident(0) in world.vms()
    assert world.vms()[ident(1)].vm.name != "renamed"


def test_of_two_processes_one_surveys_a_source_and_the_other_goes_on_when_it_stops(world: World) -> None:
    leases = SurveyLeases(world.sql)
    assert not leases.lease("racks", "another", 60.0)
    world.surveyor.stop()
    assert leases.lease("racks", "another", 60.0)


def test_one_page_follows_another_by_name_and_by_id(world: World) -> None:
    first = world.records.page(HostFilter(("racks",)), limit=2)
    last = f"racks:{first[-1].host.id}"
    rest = world.records.page(HostFilter(("racks",)), limit=2, marker=last)
    assert [one.host.name for one in (*first, *rest)] == ["kvm-01", "kvm-02", "kvm-03"]
    with pytest.raises(Invalid, match="is no host"):
        world.records.page(HostFilter(("racks",)), limit=2, marker="racks:nobody")
    vm = world.vm(0)
    nic = VmNic("x", "52:54:00:ff:ff:ff", "bridge", bridge="br0")
    world.memory.put(replace(vm, nics=(*vm.nics, nic)))
    world.survey()
    pages, marker = [], None
    while found := world.records.nics("racks", vm.host, limit=1, marker=marker):
        pages += found
        marker = f"{found[-1].vm}:{found[-1].position}"
    assert [(one.vm, one.part.mac) for one in pages] == [
        (ident(0), vm.nics[0].mac),
        (ident(0), nic.mac),
        (ident(1), world.vm(1).nics[0].mac),
    ]
    with pytest.raises(Invalid, match="is no marker"):
        world.records.nics("racks", vm.host, limit=1, marker="nobody")


def test_of_two_that_run_one_surveys_again_and_again_and_the_other_goes_on_when_it_ends(sql: sa.Engine, clock) -> None:
    def until(true) -> None:
        end = time.monotonic() + 120
        while not true():
            assert time.monotonic() < end, "it did not come about in time"
            time.sleep(0.02)

    class Counted(MemoryHosts):
        looks_made = 0

        def looks(self) -> Iterator[Look]:
            self.looks_made += 1
            yield from super().looks()

    both = [Counted("racks"), Counted("racks")]
    running = []
    for one in both:
        one.add_host(HOSTS[0])
        group = HostGroup("racks", "memory", 0.05, lambda one=one: HostSource("racks", "memory", one))
        running.append(Surveyor([group], Surveys(sql, clock), SurveyLeases(sql), clock, tick=0.02, lease=5.0))
    try:
        running[0].start()
        until(lambda: both[0].looks_made > 1)
        running[1].start()
        until(lambda: both[0].looks_made > 10)
        assert both[1].looks_made == 0
        running[0].stop()
        until(lambda: both[1].looks_made > 1)
    finally:
        for one in running:
            one.stop()


def test_a_survey_that_broke_off_half_way_is_finished_by_the_next_one(sql: sa.Engine, clock) -> None:
    memory = MemoryHosts("racks")
    memory.add_host(HOSTS[0])
    for number in range(1200):
        memory.put(example_vm(HOSTS[0], number))
    group = HostGroup("racks", "memory", 60.0, lambda: HostSource("racks", "memory", memory))
    surveyor, records = Surveyor([group], Surveys(sql, clock), SurveyLeases(sql), clock), HostRecords(sql)
    batches = iter(range(10))

    def dies(_conn, _cursor, statement: str, *_rest) -> None:
        if statement.startswith("INSERT INTO vms") and next(batches) == 1:
            raise KeyError("the process died here")

    event.listen(sql, "before_cursor_execute", dies)
    surveyor.survey("racks")
    assert len(records.machines("racks", HOSTS[0].id, gone=True, limit=2000, marker=None)) == 500
    assert surveyor.survey("racks")["new"] == 700
    event.remove(sql, "before_cursor_execute", dies)
    found = records.machines("racks", HOSTS[0].id, gone=False, limit=2000, marker=None)
    assert {one.vm.id for one in found} == {example_vm(HOSTS[0], number).id for number in range(1200)}
    assert len(records.nics("racks", HOSTS[0].id, limit=2000, marker=None)) == 1200
    assert surveyor.survey("racks") == {}
