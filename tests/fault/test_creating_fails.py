"""Every outgoing call of creating and deleting a server fails in turn, and the process dies at every act: pool, source and records
agree in the end, and nothing is left that nobody explains."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from building_bench import COMPOSED, RUNNING, Bench, Make, Yard
from fault_bench import ACTOR
from test_calls_fail import FAILURES, Nth
from test_process_dies import Death

from corral.domain.composing import Composition
from corral.domain.errors import CorralError
from corral.domain.server import Server
from corral.drivers.memory import Postponed

KINDS: dict[str, Composition | None] = {"scheduled": None, "composed": COMPOSED}
SOME = [
    *(("composed", failure) for failure in ("conflict", "timeout, not done", "timeout, done", "server error, done")),
    *(("scheduled", failure) for failure in ("refused", "server error", "timeout, done")),
]
"""Every way to fail, at every call; not every one for both kinds, which share most of their steps."""


def whole(yard: Yard, bench: Bench, before: dict[str, Any], server: str, what: str) -> str:
    """`built`, or `nothing` of it anywhere; fails for anything between."""
    now, record = yard.everything(), bench.corral.servers.get(server)
    assert now["nodes"][RUNNING] == before["nodes"][RUNNING], what
    assert all(count <= 1 for count in now["blocks"].values()), what
    if record.status != "active":
        assert record.status == "error", what
        assert record.fault, what
        assert now == before, f"{what}: {record.fault}"
        assert not bench.corral.composition._claimed("pod"), what
        return "nothing"
    node = now["nodes"][record.machine]
    assert (node["provision_state"], node["instance_uuid"]) == ("active", record.uuid), what
    assert {nic["vif"] for nic in node["nics"]} >= {nic.port for nic in record.nics}, what
    assert all(now["ports"][nic.port]["device"] == record.uuid for nic in record.nics), what
    assert len(now["systems"]) == bool(record.composed), what
    return "built"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "failure"), SOME)
def test_a_failed_call_leaves_a_whole_server_or_nothing_of_it(building: Make, failure: str, kind: str) -> None:
    moment, error = FAILURES[failure]
    yard = Yard(machines=1, systems=1)
    bench = building(yard)
    wish, before, ends = bench.wish(compose=KINDS[kind]), yard.everything(), []
    for nth in range(1, 200):
        fault = Nth(nth, moment, error)
        yard.faults = fault
        try:
            server, _ = bench.create(wish)
        except CorralError:
            yard.faults = None
            assert yard.everything() == before, fault.failed  # refused while looking for room
            continue
        server, ended = bench.ended(server)
        yard.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        ends.append(whole(yard, bench, before, server.uuid, what))
        assert (ends[-1] == "built") == (ended.state == "succeeded"), what
        assert bench.leaks() == [], what
        assert bench.delete(server).state == "succeeded", what
        assert yard.everything() == before, what
        if not fault.failed:
            break
    assert not fault.failed, "the flow makes more calls than the test tries"
    assert ends[-1] == "built"
    assert "nothing" in ends


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "failure"), SOME)
def test_a_failed_call_of_a_delete_is_gone_on_from(building: Make, failure: str, kind: str) -> None:
    moment, error = FAILURES[failure]
    yard = Yard(machines=1, systems=1)
    bench = building(yard)
    wish, before = bench.wish(compose=KINDS[kind]), yard.everything()
    for nth in range(1, 100):
        server, _ = bench.ended(bench.create(wish)[0])
        fault = Nth(nth, moment, error)
        yard.faults = fault
        ended = bench.delete(server)
        yard.faults = None
        what = f"{failure} at call {nth} ({fault.failed})"
        if ended.state != "succeeded":
            stopped = bench.corral.servers.get(server.uuid)
            assert (stopped.status, bool(stopped.fault)) == ("error", True), what
            assert bench.leaks() == [], what
            assert bench.delete(server).state == "succeeded", what
        assert yard.everything() == before, what
        assert bench.leaks() == [], what
        if not fault.failed:
            return
    pytest.fail("the flow makes more calls than the test tries")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_for_in_vain_is_undone_also_when_it_is_done_late(building: Make, kind: str) -> None:
    yard = Yard(machines=1, systems=1)
    bench = building(yard)
    wish, before, late = bench.wish(compose=KINDS[kind]), yard.everything(), []
    for nth in range(1, 200):
        fault = Nth(nth, "before", Postponed)
        yard.faults = fault
        try:
            server, _ = bench.create(wish)
        except CorralError:
            yard.faults = None
            continue
        server, _ = bench.ended(server)
        yard.faults = None
        yard.catch_up()
        what = f"{fault.failed}, late, {server.status}"
        if whole(yard, bench, before, server.uuid, what) == "nothing" and not fault.failed.startswith("GET"):
            late.append(fault.failed)
        assert bench.delete(server).state == "succeeded", what
        assert yard.everything() == before, what
        if not fault.failed:
            break
    assert len(late) >= 3, late


def _dies(
    make: Make, yard: Yard, database: str, nth: int, moment: str, act: Callable[[Bench], Server]
) -> tuple[Bench, Server, Death]:
    """Have `act` start something, die at its nth act, and a second Corral finish it."""
    first = make(yard, database)
    death = Death(nth, moment)
    yard.faults = death
    server = act(first)
    until = time.monotonic() + 120
    while not death.reached.is_set() and time.monotonic() < until:
        last = first.corral.engine.operations(subject=server.uuid, limit=1)[0]
        if last.state.final:
            break
        time.sleep(0.01)
    second = make(yard, database)
    for operation in second.corral.engine.operations(subject=server.uuid, limit=10):
        second.corral.engine.wait(operation.uuid, 90)
    yard.faults = None
    return second, server, death


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_while_it_creates_is_gone_on_with(building: Make, moment: str, kind: str) -> None:
    for nth in range(1, 40):
        yard = Yard(machines=1, systems=1)
        before = yard.everything()
        bench, server, death = _dies(
            building, yard, f"{nth}.db", nth, moment, lambda one: one.create(one.wish(compose=KINDS[kind]))[0]
        )
        what = f"died {moment} act {nth} ({death.call})"
        assert whole(yard, bench, before, server.uuid, what) == "built", what
        death.woken.set()
        time.sleep(0.05)
        assert whole(yard, bench, before, server.uuid, f"{what}, and woke up") == "built"
        assert bench.leaks() == [], what
        if not death.call:
            assert nth > 4
            return
    pytest.fail("the flow makes more acts than the test tries")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_while_it_deletes_is_gone_on_with(building: Make, moment: str, kind: str) -> None:
    for nth in range(1, 30):
        yard = Yard(machines=1, systems=1)
        before, database = yard.everything(), f"{nth}.db"
        earlier = building(yard, database)
        server, _ = earlier.ended(earlier.create(earlier.wish(compose=KINDS[kind]))[0])
        earlier.corral.stop()

        def leave(one: Bench, server: Server = server) -> Server:
            return one.corral.creation.delete(one.corral.servers.get(server.uuid), ACTOR)[0]

        bench, _, death = _dies(building, yard, database, nth, moment, leave)
        what = f"died {moment} act {nth} ({death.call})"
        assert yard.everything() == before, what
        death.woken.set()
        time.sleep(0.05)
        assert yard.everything() == before, f"{what}, and woke up"
        assert bench.leaks() == [], what
        if not death.call:
            assert nth > 3
            return
    pytest.fail("the flow makes more acts than the test tries")
