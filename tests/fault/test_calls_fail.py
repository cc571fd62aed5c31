"""Every outgoing call of manage and unmanage fails in turn, in every way: the end is wholly managed or wholly untouched."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from fault_bench import ACTOR, NODE, Bench, everything, memory

from corral.domain.errors import CorralError, OutcomeUnknown, Unreachable
from corral.drivers.memory import Answered, MemorySource
from corral.services.adoption import Actor

Make = Callable[..., Bench]

FAILURES: dict[str, tuple[str, Callable[[], Exception]]] = {
    "refused": ("before", lambda: Unreachable("connection refused")),
    "conflict": ("before", lambda: Answered(409)),
    "server error": ("before", lambda: Answered(500)),
    "timeout, not done": ("before", lambda: OutcomeUnknown("timed out")),
    "timeout, done": ("after", lambda: OutcomeUnknown("timed out")),
    "server error, done": ("after", lambda: Answered(500)),
}


class Nth:
    """Fails the nth call once, counting from 1; 0 only counts."""

    def __init__(self, nth: int, moment: str, error: Callable[[], Exception]) -> None:
        self.nth, self.moment, self.error = nth, moment, error
        self.seen = 0
        self.failed = ""
        self._lock = threading.Lock()

    def __call__(self, told: str) -> None:
        moment, _, call = told.partition(" ")
        with self._lock:
            self.seen += moment == "before"
            if moment != self.moment or self.seen != self.nth or self.failed:
                return
            self.failed = call
        raise self.error()


def whole(source: MemorySource, bench: Bench, before: object, uuid: str, what: str) -> str:
    """`managed` or `untouched`; fails for anything between."""
    now = everything(source)
    server = bench.corral.inventory.judge(source.source, source.source.machines.observe(NODE))
    held = now["nodes"][NODE]["instance_uuid"]
    try:
        record = bench.corral.servers.get(uuid)
    except CorralError:
        assert now == before, f"{what}: the record is gone and the world is not as it was"
        assert server.adoptable, what
        return "untouched"
    assert held == record.uuid == now["nodes"][NODE]["allocation_uuid"], what
    assert now["nodes"][NODE]["protected"], what
    assert not now["nodes"][NODE]["maintenance"], what
    assert [one["state"] for one in now["allocations"].values()] == ["active"], what
    assert len(record.nics) == 3, what
    assert all(now["ports"][nic.port]["device"] == record.uuid for nic in record.nics), what
    vifs = {nic["vif"] for nic in now["nodes"][NODE]["nics"]}
    assert vifs == {nic.port for nic in record.nics}, what
    assert len(now["ports"]) == 3, f"{what}: a port was left behind"
    return "managed"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_call_leaves_the_machine_wholly_managed_or_wholly_untouched(bench_of: Make, failure: str) -> None:
    source = memory()
    bench = bench_of(source)
    moment, error = FAILURES[failure]
    before, ends = everything(source), []
    for nth in range(1, 200):
        fault = Nth(nth, moment, error)
        source.faults = fault
        try:
            server, operation = bench.manage()
        except CorralError:
            # Refused while planning: nothing was begun.
            source.faults = None
            assert everything(source) == before, fault.failed
            continue
        ended = bench.finished(operation)
        source.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        ends.append(whole(source, bench, before, server.uuid, what))
        assert (ends[-1] == "managed") == (ended.state == "succeeded"), what
        if ended.state == "succeeded":
            _, leaving = bench.corral.adoption.unmanage(bench.corral.servers.get(server.uuid), _actor())
            assert bench.finished(leaving).state == "succeeded", what
            assert everything(source) == before, f"{what}: unmanage did not restore everything"
        if not fault.failed:
            break
    assert not fault.failed, "the flow makes more calls than the test tries"
    assert "untouched" in ends
    assert "managed" in ends


@pytest.mark.timeout(300)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_call_leaves_a_server_wholly_managed_or_its_machine_wholly_free(bench_of: Make, failure: str) -> None:
    source = memory()
    bench = bench_of(source)
    moment, error = FAILURES[failure]
    free = everything(source)
    for nth in range(1, 200):
        server = bench.managed()
        fault = Nth(nth, moment, error)
        source.faults = fault
        _, operation = bench.corral.adoption.unmanage(server, _actor())
        ended = bench.finished(operation)
        source.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        end = whole(source, bench, free, server.uuid, what)
        assert (end == "untouched") == (ended.state == "succeeded"), what
        if end == "managed":
            assert bench.corral.servers.get(server.uuid).status == "active", what
            _, again = bench.corral.adoption.unmanage(bench.corral.servers.get(server.uuid), _actor())
            assert bench.finished(again).state == "succeeded", what
            assert everything(source) == free, what
        if not fault.failed:
            break
    assert not fault.failed, "the flow makes more calls than the test tries"


def _actor() -> Actor:
    return ACTOR
