"""The process dies at each outgoing call of manage and unmanage; the next one ends what it began, wholly.

A death is played by a call that never comes back: its thread is as good as gone, and a second Corral is started on the same
database and the same world. When the dead thread wakes up at the very end, it must change nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from fault_bench import ACTOR, NODE, Bench, everything, memory

from corral.domain.errors import Unreachable
from corral.drivers.memory import MemorySource

Make = Callable[..., Bench]
ENOUGH = 200


class Death:
    """Holds the nth acting call for ever, before or after the act. Look-ups die with the act that follows them."""

    def __init__(self, nth: int, moment: str) -> None:
        self.nth, self.moment = nth, moment
        self.seen = 0
        self.call = ""
        self.reached, self.woken = threading.Event(), threading.Event()
        self.over = False
        self._lock = threading.Lock()

    def __call__(self, told: str) -> None:
        moment, _, call = told.partition(" ")
        if call.startswith("GET"):
            return
        with self._lock:
            self.seen += moment == "before"
            if self.over or moment != self.moment or self.seen != self.nth:
                return
            self.over, self.call = True, call
        self.reached.set()
        self.woken.wait(60)
        # The dead process's connection is gone: whatever it had sent is not sent again.
        raise Unreachable("the process that made this call is dead")


def dies_and_goes_on(
    make: Make, source: MemorySource, database: str, nth: int, moment: str, act: Callable[[Bench], str]
) -> tuple[Bench, str, Death]:
    """Have `act` start an operation, die at its nth acting call, and a second Corral finish it."""
    first = make(source, database)
    death = Death(nth, moment)
    source.faults = death
    operation = act(first)
    until = time.monotonic() + 120
    while not death.reached.is_set() and time.monotonic() < until:
        found = first.corral.engine.operation(operation)
        if found is not None and found.state.final:
            break
        time.sleep(0.01)
    second = make(source, database)
    second.corral.engine.wait(operation, 90)
    source.faults = None
    return second, operation, death


def check(source: MemorySource, bench: Bench, free: object, what: str) -> None:
    now = everything(source)
    node = now["nodes"][NODE]
    assert not node["maintenance"], what
    owner = node["instance_uuid"]
    if owner is None:
        assert now == free, what
        return
    server = bench.corral.servers.get(owner)
    assert server.status == "active", what
    assert node["protected"], what
    assert {nic["vif"] for nic in node["nics"]} == {nic.port for nic in server.nics}, what
    assert len(now["ports"]) == 3, what


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_adoption_that_dies_at_any_act_is_ended_by_the_next_process(bench_of: Make, moment: str) -> None:
    for nth in range(1, ENOUGH):
        source = memory()
        free = everything(source)
        bench, operation, death = dies_and_goes_on(
            bench_of, source, f"manage-{nth}.db", nth, moment, lambda first: first.manage()[1].uuid
        )
        what = f"died {moment} {death.call}"
        ended = bench.corral.engine.operation(operation)
        assert ended is not None
        assert ended.state == "succeeded", f"{what}: {ended.error}"
        check(source, bench, free, what)
        death.woken.set()
        time.sleep(0.05)
        check(source, bench, free, f"{what}, and woke up")
        if not death.call:
            return
    pytest.fail("the flow makes more calls than the test tries")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_unmanage_that_dies_at_any_act_is_ended_by_the_next_process(bench_of: Make, moment: str) -> None:
    for nth in range(1, ENOUGH):
        source = memory()
        free = everything(source)
        database = f"unmanage-{nth}.db"
        before = bench_of(source, database)
        server = before.managed()
        before.corral.stop()
        bench, operation, death = dies_and_goes_on(
            bench_of,
            source,
            database,
            nth,
            moment,
            lambda first, server=server: first.corral.adoption.unmanage(server, ACTOR)[1].uuid,  # type: ignore[misc]
        )
        what = f"died {moment} {death.call}"
        ended = bench.corral.engine.operation(operation)
        assert ended is not None
        assert ended.state == "succeeded", f"{what}: {ended.error}"
        assert everything(source) == free, what
        death.woken.set()
        time.sleep(0.05)
        assert everything(source) == free, f"{what}, and woke up"
        if not death.call:
            return
    pytest.fail("the flow makes more calls than the test tries")
