"""Hints of hosts that change: the record has it soon and for little, and is right after a survey whatever hints were worth."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from random import Random

import pytest
import sqlalchemy as sa

from corral.contracts.hosts import Glimpse, HostSource, Look
from corral.contracts.watching import Heard
from corral.domain.vm import RunState, Vm
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup, Surveyor
from corral.store import HostRecords, SurveyLeases, Surveys
from corral.store.host_rows import KnownVm
from corral.store.hosts import HostFilter
from tests.waiting import until

HOUR = 3600.0
HOSTS = tuple(example_host(number) for number in range(3))


class Slow(MemoryHosts):
    """Hosts of which some hang until they are let go. `looked`: how often each was looked at alone, or some VMs of it; `some`: how
    often only those; `surveys`: how often all."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.hanging: dict[str, threading.Event] = {}
        self.looked: Counter[str] = Counter()
        self.some: Counter[str] = Counter()
        self.surveys = 0

    def look(self, host: str) -> Look:
        self._begun(host)
        return super().look(host)

    def look_at_some(self, host: str, machines: Collection[str]) -> Glimpse | None:
        self._begun(host)
        self.some[host] += 1
        return super().look_at_some(host, machines)

    def _begun(self, host: str) -> None:
        self.looked[host] += 1
        if host in self.hanging:
            self.hanging[host].wait(120)

    def looks(self) -> Iterator[Look]:
        yield from super().looks()
        self.surveys += 1


class Counts:
    """What became of hints."""

    def __init__(self) -> None:
        self.of: Counter[Heard] = Counter()
        self.seconds: list[float] = []

    def hinted(self, source: str, what: Heard) -> None:
        self.of[what] += 1

    def recorded(self, source: str, seconds: float) -> None:
        self.seconds.append(seconds)


class World:
    """Three hosts with two VMs each, surveyed once an hour and watched."""

    def __init__(self, sql: sa.Engine, clock, every: float = HOUR) -> None:
        self.memory, self.counts = Slow("racks"), Counts()
        for number, host in enumerate(HOSTS):
            self.memory.add_host(host)
            for position in range(2):
                self.memory.put(example_vm(host, number * 2 + position))
        self.records, self._sql = HostRecords(sql), sql
        group = HostGroup("racks", "memory", every, lambda: HostSource("racks", "memory", self.memory))
        surveys, leases = Surveys(sql, clock), SurveyLeases(sql)
        self.surveyor = Surveyor([group], surveys, leases, clock, counts=self.counts)
        self.surveyor.start()
        until(lambda: self.memory.surveys and len(self.vms()) == 6)

    def vms(self) -> dict[str, KnownVm]:
        found = {}
        for host in self.records.page(HostFilter(("racks",)), limit=100):
            for one in self.records.machines("racks", host.host.id, gone=False, limit=1000, marker=None):
                found[one.vm.id] = one
        return found

    def is_gone(self, vm: str) -> bool:
        with self._sql.connect() as conn:
            return conn.execute(sa.text("SELECT gone_since FROM vms WHERE id = :vm"), {"vm": vm}).scalar() is not None

    def told(self) -> dict[str, Vm]:
        return {vm.id: vm for vms in self.memory._vms.values() for vm in vms.values()}

    def agrees(self) -> bool:
        return {ident: one.vm for ident, one in self.vms().items()} == self.told()

    def vm(self, number: int) -> Vm:
        return self.told()[example_vm(HOSTS[0], number).id]


@pytest.fixture
def world(sql: sa.Engine, clock) -> Iterator[World]:
    made = World(sql, clock)
    yield made
    for one in made.memory.hanging.values():
        one.set()
    made.surveyor.stop()


@pytest.mark.parametrize("what", ["renamed", "stopped", "new", "gone", "moved"])
def test_a_change_is_in_the_record_long_before_the_next_survey(world: World, what: str) -> None:
    vm, begun = world.vm(0), time.monotonic()
    if what == "gone":
        world.memory.take(vm.id)
    else:
        world.memory.put(
            {
                "renamed": replace(vm, name="renamed"),
                "stopped": replace(vm, state=RunState.OFF, run=""),
                "new": example_vm(HOSTS[1], 77),
                "moved": replace(vm, host=HOSTS[2].id),
            }[what]
        )
    until(world.agrees)
    assert time.monotonic() - begun < HOUR / 360
    assert world.memory.surveys == 1
    until(lambda: world.counts.seconds)
    assert max(world.counts.seconds) < HOUR / 360


def test_a_vm_that_moves_is_never_gone_and_leaves_nothing_behind(world: World) -> None:
    """Its old host is looked at first, and tells of it no more."""
    vm, seen, began = world.vm(0), set(), time.monotonic()
    world.memory.lost = True
    world.memory.take(vm.id)
    world.memory.lost = False
    world.memory.hint(HOSTS[0].name)
    until(lambda: world.memory.looked[HOSTS[0].name] == 1 and not world.surveyor._sources["racks"]._looking)
    seen.add(world.is_gone(vm.id))
    world.memory.put(replace(vm, host=HOSTS[2].id))
    until(lambda: seen.add(world.is_gone(vm.id)) or world.agrees())
    # The grace is one second: on a machine that is slower than that it may well be gone in between.
    assert seen == {False} or time.monotonic() - began > 0.9
    time.sleep(1.5)  # longer than the grace
    assert world.agrees()
    assert world.vms()[vm.id].also_on == ()


def test_a_vm_that_is_away_for_a_moment_is_not_gone_afterwards(world: World) -> None:
    vm = world.vm(0)
    world.memory.take(vm.id)
    until(lambda: world.memory.looked[HOSTS[0].name] == 1)
    world.memory.put(vm)
    until(lambda: world.memory.looked[HOSTS[0].name] == 2)
    time.sleep(1.5)  # longer than the grace
    assert world.agrees()


def test_a_hint_of_a_vm_is_a_look_at_that_vm_and_what_nothing_hinted_waits_for_a_look_at_all(world: World) -> None:
    host, unheard = HOSTS[0].name, world.vm(1)
    world.memory.lost = True
    world.memory.put(replace(unheard, name="unheard"))
    world.memory.lost = False
    world.memory.put(replace(world.vm(0), name="heard"))
    until(lambda: world.vms()[world.vm(0).id].vm.name == "heard", 60)
    assert world.memory.some[host] == world.memory.looked[host] > 0
    assert world.vms()[unheard.id].vm == unheard
    world.memory.hint(host)
    until(world.agrees, 60)
    assert world.memory.looked[host] > world.memory.some[host]


def test_where_vms_can_not_be_told_alone_the_whole_host_is_looked_at(world: World) -> None:
    world.memory._told.clear()  # as if it had never been looked at
    world.memory.put(replace(world.vm(0), name="renamed"))
    until(world.agrees, 60)
    assert world.memory.looked[HOSTS[0].name] > world.memory.some[HOSTS[0].name] > 0


def test_a_host_that_stops_answering_is_told_so_though_the_hint_named_a_vm(world: World) -> None:
    world.memory.lost = True
    world.memory.silence(HOSTS[0].id)
    world.memory.lost = False
    world.memory.hint(HOSTS[0].name, world.vm(0).id)
    until(lambda: world.records.find(HOSTS[0].name, ("racks",))[0].host.problem, 60)
    assert len(world.vms()) == 6


def test_a_storm_of_a_thousand_hints_is_a_look_or_two(world: World) -> None:
    began = time.monotonic()
    for number in range(1000):
        world.memory.hint(HOSTS[1].name, str(number))
    until(lambda: world.memory.looked[HOSTS[1].name])
    time.sleep(0.3)
    few = 2 + 5 * (time.monotonic() - began - 0.5)
    assert world.memory.looked[HOSTS[1].name] <= max(2, few)
    assert set(world.memory.looked) == {HOSTS[1].name}
    assert world.counts.of[Heard.RECEIVED] == 1000
    assert world.counts.of[Heard.COALESCED] >= 1000 - max(2, few)
    until(lambda: world.counts.of[Heard.ACTED] == world.memory.looked[HOSTS[1].name])
    assert world.memory.surveys == 1


def test_a_flapping_vm_costs_a_few_looks_and_its_neighbours_nothing(world: World) -> None:
    began, changes = time.monotonic(), 0
    while time.monotonic() < began + 2 or changes <= 50:
        changes += 1
        world.memory.put(replace(world.vm(0), name=f"flap-{changes}"))
        time.sleep(0.005)
    assert world.memory.looked[HOSTS[0].name] <= 2 + 5 * (time.monotonic() - began)
    until(world.agrees)
    assert set(world.memory.looked) == {HOSTS[0].name}


def test_hosts_that_hang_delay_nobody(world: World) -> None:
    dead = [replace(example_host(10 + number), name=f"dead-{number:02d}") for number in range(40)]
    for host in dead:
        world.memory.hanging[host.name] = threading.Event()
        world.memory.add_host(host)
    until(lambda: sum(world.memory.looked[host.name] for host in dead) == 40)
    begun = time.monotonic()
    world.memory.put(replace(world.vm(2), name="renamed"))
    until(lambda: world.vms()[world.vm(2).id].vm.name == "renamed")
    assert time.monotonic() - begun < HOUR / 360
    assert not any(one.is_set() for one in world.memory.hanging.values())


def test_hints_of_hosts_and_vms_that_are_not_there_harm_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for host in ("nobody", "x" * 5000, "'; DROP TABLE vms"):
        world.memory.hint(host, "who")
    until(lambda: len(world.memory.looked) == 3)
    world.memory.put(replace(world.vm(0), name="renamed"))
    until(world.agrees)
    assert len(world.vms()) == 6


def test_what_hints_did_not_tell_is_right_after_the_next_survey(sql: sa.Engine, clock) -> None:
    world = World(sql, clock, every=2.0)
    try:
        world.memory.lost = True
        world.memory.put(replace(world.vm(0), host=HOSTS[1].id, name="renamed"))
        world.memory.take(world.vm(3).id)
        world.memory.put(example_vm(HOSTS[2], 90))
        until(world.agrees)
        assert not world.memory.looked
    finally:
        world.surveyor.stop()


@pytest.mark.parametrize("seed", range(3))
def test_any_changes_with_lost_doubled_and_made_up_hints_end_agreed_after_a_survey(
    sql: sa.Engine, clock, seed: int
) -> None:
    world, chance = World(sql, clock), Random(seed)
    try:
        for _ in range(60):
            world.memory.lost = chance.random() < 0.4
            vm, host = chance.choice(sorted(world.told().values(), key=lambda one: one.id)), chance.choice(HOSTS)
            act = chance.randrange(4)
            if act == 0 and len(world.told()) > 2:
                world.memory.take(vm.id)
            elif act == 1:
                world.memory.put(replace(example_vm(host, chance.randrange(20)), name=f"n{chance.randrange(9)}"))
            elif act == 2:
                world.memory.put(replace(vm, host=host.id))
            else:
                world.memory.put(replace(vm, state=chance.choice([RunState.OFF, RunState.RUNNING])))
            world.memory.lost = False
            for _ in range(chance.randrange(3)):
                world.memory.hint(chance.choice(HOSTS).name)
            time.sleep(chance.choice([0, 0, 0.02, 0.1]))
        world.surveyor.survey("racks")
        until(world.agrees)
        time.sleep(1.6)  # what was still under way must not undo it
        assert world.agrees()
    finally:
        world.surveyor.stop()


def test_a_look_that_an_older_one_overtakes_is_not_undone_by_it(world: World) -> None:
    """A survey saw a host before the look that a hint led to, and comes to write it afterwards."""
    held, seen = threading.Event(), threading.Event()
    whole = world.memory.looks

    def looks() -> Iterator[Look]:
        found = list(whole())
        seen.set()
        held.wait(120)
        yield from found

    world.memory.looks = looks
    survey = threading.Thread(target=lambda: world.surveyor.survey("racks"))
    survey.start()
    seen.wait(120)
    world.memory.put(replace(world.vm(0), name="renamed"))
    world.memory.put(example_vm(HOSTS[0], 50))
    world.memory.take(world.vm(3).id)
    until(world.agrees)
    held.set()
    survey.join(60)
    assert world.agrees()


def test_nobody_watches_when_the_surveyor_stopped_or_is_another_process(world: World) -> None:
    assert world.memory._heard is not None
    world.surveyor.stop()
    assert world.memory._heard is None
