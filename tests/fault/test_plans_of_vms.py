"""Plans for many VMs: what fails stops no other, what has changed is refused, and the next process starts none of them twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from fault_bench import ACTOR
from vm_bench import SOURCE, VmBench, everything

from corral.domain.errors import DriverFailed
from corral.domain.mapping import read_rules
from corral.domain.plan import ItemState
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.planning import Wanted
from corral.store import Servers
from corral.wiring import now

Make = Callable[..., VmBench]
MANY = 101
"""More than are started together."""
FEW = 20

pytestmark = pytest.mark.timeout(400)


def racks(count: int = MANY) -> MemoryHosts:
    made = MemoryHosts(SOURCE)
    for number in range(2):
        made.add_host(example_host(number))
    for number in range(count):
        made.put(example_vm(example_host(number % 2), number))
    return made


def ident(number: int) -> str:
    return example_vm(example_host(0), number).id


def planned(bench: VmBench, **which: str) -> str:
    bench.corral.surveyor.survey(SOURCE)
    return bench.corral.plans.store_matching(Wanted(SOURCE, **which), read_rules({}), ACTOR).uuid


def counts(bench: VmBench, plan: str) -> dict[ItemState, int]:
    return {state: number for state, number in bench.corral.plans.get(plan).counts.items() if number}


def over(bench: VmBench, plan: str) -> dict[ItemState, int]:
    """How it ended."""
    until = time.monotonic() + 100
    while (seen := bench.corral.plans.get(plan)).over < seen.adoptable:
        assert time.monotonic() < until, seen.counts
        time.sleep(0.05)
    return counts(bench, plan)


def reached(true: Callable[[], object]) -> None:
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


def marked(made: MemoryHosts) -> dict[str, str]:
    return {vm: mark.server for vm, mark in made._marks.items()}


def servers(bench: VmBench) -> dict[str, str]:
    return {one.machine: one.uuid for one in Servers(bench.corral.sql, now).each_at(SOURCE)}


def test_planning_asks_no_vm_by_itself_however_many_there_are(vms_of: Make) -> None:
    made = racks()
    bench = vms_of(made, "plan.db")
    bench.corral.surveyor.survey(SOURCE)
    asked: list[str] = []
    made.faults = asked.append
    plan = bench.corral.plans.store_matching(Wanted(SOURCE), read_rules({}), ACTOR)
    assert (plan.adoptable, asked) == (MANY, [])


def test_one_that_fails_stops_no_other_and_is_left_as_it_was(vms_of: Make) -> None:
    made = racks(FEW)
    bench = vms_of(made, "fails.db")
    plan = planned(bench)
    bad = {ident(number) for number in (0, 7, 19)}

    def fail(told: str) -> None:
        if told.startswith("after PUT") and any(vm in told for vm in bad):
            raise DriverFailed("the hypervisor says no")

    made.faults = fail
    bench.corral.plans.apply(plan, ACTOR)
    assert over(bench, plan) == {ItemState.ADOPTED: FEW - 3, ItemState.FAILED: 3}
    made.faults = None
    assert marked(made) == servers(bench)
    assert not bad & marked(made).keys()
    failed = bench.corral.plans.machines(plan, state=ItemState.FAILED, limit=9)
    assert {one.item.machine for one in failed} == bad
    assert all(one.error and "says no" in one.error["message"] for one in failed)


def test_what_changed_since_the_plan_is_refused_by_its_own_operation(vms_of: Make) -> None:
    made = racks()
    bench = vms_of(made, "changed.db")
    plan = planned(bench)
    made.put(replace(made.vm(ident(7)), memory=1 << 40))
    made.put(replace(made.vm(ident(8)), host=example_host(1).id, run="4711"))
    made.put(replace(made.vm(ident(9)), persistent=False))
    before = everything(made)["vms"]
    bench.corral.plans.apply(plan, ACTOR)
    assert over(bench, plan) == {ItemState.ADOPTED: MANY - 2, ItemState.FAILED: 2}
    failed = {one.item.machine: one.error for one in bench.corral.plans.machines(plan, state=ItemState.FAILED, limit=9)}
    assert failed.keys() == {ident(7), ident(9)}
    assert failed[ident(7)]["code"] == "stale"
    assert [one["code"] for one in failed[ident(9)]["reasons"]] == ["vm-transient"]
    assert everything(made)["vms"] == before


def test_a_plan_goes_on_in_the_next_process_and_adopts_each_vm_once(vms_of: Make) -> None:
    made = racks()
    first = vms_of(made, "goes-on.db")
    plan = planned(first)
    first.corral.plans.apply(plan, ACTOR)
    reached(lambda: len(made._marks) >= 10)
    first.corral.stop()
    assert len(made._marks) < MANY
    second = vms_of(made, "goes-on.db")
    assert over(second, plan) == {ItemState.ADOPTED: MANY}
    assert marked(made) == servers(second)
    assert len(servers(second)) == MANY


def test_cancelling_with_revert_leaves_no_mark_of_what_was_under_way(vms_of: Make) -> None:
    made = racks()
    bench = vms_of(made, "cancelled.db")
    plan = planned(bench)
    held = Event()
    made.faults = lambda told: held.wait(120) if told.startswith("after PUT") and len(made._marks) > 5 else None
    bench.corral.plans.apply(plan, ACTOR)
    reached(lambda: len(made._marks) > 5)
    bench.corral.plans.cancel(plan, ACTOR, revert=True)
    held.set()
    made.faults = None
    reached(lambda: not counts(bench, plan).get(ItemState.RUNNING))
    assert marked(made) == servers(bench)
    assert counts(bench, plan).get(ItemState.ADOPTED, 0) < MANY
