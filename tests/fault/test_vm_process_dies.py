"""The process dies at each act on a VM; the next one ends what it began, wholly. How a death is played: see test_process_dies."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from fault_bench import ACTOR
from test_process_dies import ENOUGH, Death
from test_vm_calls_fail import whole
from vm_bench import VM, VmBench, everything, hosts

from corral.contracts.sources import PowerTarget
from corral.domain.server import Server
from corral.drivers.memory.hosts import MemoryHosts

Make = Callable[..., VmBench]


def dies_and_goes_on(
    make: Make, made: MemoryHosts, database: str, nth: int, moment: str, act: Callable[[VmBench], str]
) -> tuple[VmBench, str, Death]:
    """Have `act` start an operation, die at its nth acting call, and a second Corral finish it."""
    first = make(made, database)
    made.faults = death = Death(nth, moment)
    operation = act(first)
    until = time.monotonic() + 120
    while not death.reached.is_set() and time.monotonic() < until:
        found = first.corral.engine.operation(operation)
        if found is not None and found.state.final:
            break
        time.sleep(0.01)
    second = make(made, database)
    ended = second.finished(operation)
    made.faults = None
    assert ended.state == "succeeded", f"died {moment} {death.call}: {ended.error}"
    return second, operation, death


@pytest.mark.timeout(400)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_adoption_that_dies_at_any_act_is_ended_by_the_next_process(vms_of: Make, moment: str) -> None:
    for nth in range(1, ENOUGH):
        made = hosts()
        free = everything(made)
        servers: list[Server] = []

        def act(first: VmBench, servers: list[Server] = servers) -> str:
            server, operation = first.manage()
            servers.append(server)
            return operation.uuid

        bench, _, death = dies_and_goes_on(vms_of, made, f"manage-{nth}.db", nth, moment, act)
        what = f"died {moment} {death.call}"
        assert whole(made, bench, free, servers[0].uuid, what) == "managed"
        death.woken.set()
        time.sleep(0.05)
        assert whole(made, bench, free, servers[0].uuid, f"{what}, and woke up") == "managed"
        if not death.call:
            assert nth > 1
            return
    pytest.fail("the flow makes more calls than the test tries")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_unmanage_that_dies_at_any_act_is_ended_by_the_next_process(vms_of: Make, moment: str) -> None:
    for nth in range(1, ENOUGH):
        made = hosts()
        free, database = everything(made), f"unmanage-{nth}.db"
        before = vms_of(made, database)
        server = before.managed()
        before.corral.stop()
        bench, _, death = dies_and_goes_on(
            vms_of,
            made,
            database,
            nth,
            moment,
            lambda first, server=server: first.unmanage(server).uuid,  # type: ignore[misc]
        )
        what = f"died {moment} {death.call}"
        assert everything(made) == free, what
        death.woken.set()
        time.sleep(0.05)
        assert whole(made, bench, free, server.uuid, f"{what}, and woke up") == "untouched"
        if not death.call:
            assert nth > 1
            return
    pytest.fail("the flow makes more calls than the test tries")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reboot_that_dies_is_not_asked_for_twice(vms_of: Make, moment: str) -> None:
    made = hosts()
    before = vms_of(made, "reboot.db")
    server = before.managed()
    before.corral.stop()
    runs = {made.vm(VM).run}

    def reboot(first: VmBench) -> str:
        return first.corral.servers.power(server, PowerTarget.REBOOT, ACTOR)[1].uuid

    _, _, death = dies_and_goes_on(vms_of, made, "reboot.db", 1, moment, reboot)
    assert death.call.startswith("PUT")
    runs.add(made.vm(VM).run)
    assert len(runs) == (1 if moment == "before" else 2)
    assert made._runs == (1_000_000 if moment == "before" else 1_000_001), "a VM was started twice"
    death.woken.set()
