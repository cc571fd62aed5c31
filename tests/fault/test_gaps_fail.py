"""Every outgoing call of filling gaps, and of taking records back, fails in turn, and the process dies at each act: the end is a VM
that is wholly recorded or not at all, and what is recorded can always be taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gaps_bench import GapBench
from test_calls_fail import FAILURES, Nth
from test_process_dies import Death

from corral.domain.errors import CorralError
from corral.drivers.memory import Postponed
from corral.drivers.memory.clouds import MemoryCloud
from corral.engine import Operation
from tests.cloud_world import ARRAY, cloud, everything, hosts

LATE = {"timeout, done late": ("before", lambda: Postponed())}
WAYS: dict[str, tuple[str, Callable[[], Exception]]] = {**FAILURES, **LATE}
Make = Callable[..., GapBench]


@pytest.fixture
def bench_of(tmp_path: Path) -> Iterator[Make]:
    made: list[GapBench] = []

    def make(around: MemoryCloud, database: str = "corral.db") -> GapBench:
        bench = GapBench(around, hosts(), tmp_path / f"data-{len(made)}", tmp_path / database)
        made.append(bench)
        bench.corral.start()
        bench.surveyed()
        return bench

    yield make
    for bench in made:
        bench.corral.stop()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", WAYS)
def test_a_failed_call_leaves_a_vm_wholly_recorded_or_not_at_all(bench_of: Make, failure: str) -> None:
    around = cloud()
    bench, (moment, error) = bench_of(around), WAYS[failure]
    before, ends = everything(around), []
    for nth in range(1, 200):
        fault = Nth(nth, moment, error)
        around.faults = fault
        try:
            operation = bench.fill()
        except CorralError:
            around.faults = None  # refused while planning: nothing was begun
            assert bench.whole(before, fault.failed) == "untouched"
            continue
        ended, what = bench.ended(operation), f"{failure} at call {nth} ({fault.failed})"
        around.faults = None
        around.settle()
        ends.append(bench.whole(before, what))
        assert (ends[-1] == "filled") == (ended.state == "succeeded"), what
        if ended.state == "succeeded":
            assert bench.ended(bench.revert()).state == "succeeded", what
            assert bench.whole(before, f"{what}, taken back") == "untouched"
        if not fault.failed and fault.seen < nth:
            break
    assert fault.seen < fault.nth, "the flow makes more calls than the test tries"
    assert "filled" in ends


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", WAYS)
def test_a_failed_call_of_taking_back_leaves_what_can_be_taken_back_again(bench_of: Make, failure: str) -> None:
    around = cloud()
    bench, (moment, error) = bench_of(around), WAYS[failure]
    before = everything(around)
    for nth in range(1, 200):
        assert bench.ended(bench.fill()).state == "succeeded"
        fault = Nth(nth, moment, error)
        around.faults = fault
        ended, what = bench.ended(bench.revert()), f"{failure} at call {nth} ({fault.failed})"
        around.faults = None
        around.settle()
        if ended.state != "succeeded":
            assert {one.state for one in bench.records()} == {"made"}, what
            assert {one["status"] for one in everything(around)["volumes"].values()} <= {"in-use"}, what
            assert bench.ended(bench.revert()).state == "succeeded", what
        assert bench.whole(before, what) == "untouched"
        if not fault.failed and fault.seen < nth:
            break
    assert fault.seen < fault.nth, "the flow makes more calls than the test tries"


def test_what_changes_between_the_plan_and_the_first_act_is_refused_and_nothing_is_done(bench_of: Make) -> None:
    around = cloud()
    bench, before = bench_of(around), everything(around)
    counting = Nth(0, "before", AssertionError)
    around.faults = counting
    bench.corral.gaps.plan(bench.wish())

    def change(told: str) -> None:
        counting(told)
        if counting.seen == 2 * planned + 1:  # the first call of the operation itself
            around.world.storage.luns[ARRAY][0]["size"] = 3

    planned, around.faults = counting.seen, change
    ended = bench.ended(bench.fill())
    assert (ended.state, (ended.error or {})["code"]) == ("reverted", "refused")
    assert [one["code"] for one in (ended.error or {})["reasons"]] == ["volume-size-differs"]
    assert bench.whole(before, "changed") == "untouched"


def goes_on(make: Make, around: MemoryCloud, nth: int, moment: str, act: Callable[[GapBench], Operation]) -> Death:
    """Have `act` start an operation, die at its nth act, and a second Corral finish it."""
    database = f"{nth}-{moment}.db"
    first, death = make(around, database), Death(nth, moment)
    around.faults = death
    operation = act(first)
    until = time.monotonic() + 120
    while not death.reached.is_set() and time.monotonic() < until:
        found = first.corral.engine.operation(operation.uuid)
        if found is not None and found.state.final:
            break
        time.sleep(0.01)
    second = make(around, database)
    second.ended(operation)
    around.faults = None
    assert second.whole({"ports": {}, "volumes": {}, "attachments": {}}, f"dead {moment} {death.call}")
    death.woken.set()
    first.corral.stop()
    kept = everything(around)
    time.sleep(0.1)
    assert everything(around) == kept, f"the dead process changed something when it woke up ({death.call})"
    if second.records():
        assert second.ended(second.revert()).state == "succeeded"
    second.corral.stop()
    return death


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_filling_that_dies_at_any_act_is_ended_by_the_next_process(bench_of: Make, moment: str) -> None:
    around = cloud()
    for nth in range(1, 50):
        death = goes_on(bench_of, around, nth, moment, GapBench.fill)
        assert everything(around) == {"ports": {}, "volumes": {}, "attachments": {}}, death.call
        if not death.call:
            break
    assert nth == 5, "manage, attach, complete and a port are four acts"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_taking_back_that_dies_at_any_act_is_ended_by_the_next_process(bench_of: Make, moment: str) -> None:
    around = cloud()

    def revert(bench: GapBench) -> Operation:
        around.faults, death = None, around.faults
        assert bench.ended(bench.fill()).state == "succeeded"
        around.faults = death
        return bench.revert()

    for nth in range(1, 50):
        death = goes_on(bench_of, around, nth, moment, revert)
        assert everything(around) == {"ports": {}, "volumes": {}, "attachments": {}}, death.call
        if not death.call:
            break
    assert nth == 4, "a port, a detachment and an unmanaging are three acts"
