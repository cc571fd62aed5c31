"""The laws of `contracts.hosts.LooksAtSome`: memory, libvirt's test driver, a real libvirtd with QEMU, and a simulated vCenter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from contract_hosts import NEW_MAC, UUIDS, Rack

from corral.contracts.hosts import Glimpse, Look, LooksAtSome
from corral.contracts.watching import Hint
from corral.domain.host import Host

FEWEST = {"memory": 0, "libvirt": 5, "vsphere": 1}
"""Calls for one VM: libvirt finds it, reads it, and asks in three more what it is doing, whether it lasts, and for snapshots."""
MOST = {"memory": 0, "libvirt": 9, "vsphere": 2}
"""With whether it has saved memory, and with its leases. The vCenter's pages have one object here: the host, then the VM."""


class Watcher:
    """Whoever looks where hints say. `look`: the last look at the whole host."""

    def __init__(self, rack: Rack) -> None:
        self.rack = rack
        self.hints: list[Hint] = []
        self.stop = rack.hosts.watch(self.hints.append)
        [self.look] = rack.hosts.looks()

    def sees(self, right: Callable[[Glimpse], bool]) -> Glimpse:
        """What the host says of the VMs that hints name, once it is right."""
        end, done = time.monotonic() + 120, 0
        while time.monotonic() < end:
            if len(self.hints) > done:
                done = len(self.hints)
                named = {hint.machine for hint in self.hints}
                some = self.rack.hosts.look_at_some(self.look.host.name, named)
                assert some is not None
                if right(some):
                    return some
            time.sleep(0.02)
        raise AssertionError(f"not heard of: {self.hints}")

    def whole(self) -> Look:
        [found] = self.rack.hosts.looks()
        return found


def used(host: Host) -> tuple[object, ...]:
    """What VMs make of a host; how full its pools are is another thing at each look."""
    return host.id, host.name, host.vms, host.cpus_given, host.memory_given


@pytest.fixture
def watcher(rack: Rack) -> Iterator[Watcher]:
    made = Watcher(rack)
    if rack.source.driver == "vsphere":
        # Its watch begins in the background; a change before that would be told as what it found at its begin.
        time.sleep(1.0)
    made.hints.clear()
    yield made
    made.stop()


def test_the_driver_has_the_capability(rack: Rack) -> None:
    assert isinstance(rack.hosts, LooksAtSome)


def test_before_the_host_was_looked_at_none_of_its_vms_is_told_alone(rack: Rack) -> None:
    [host] = rack.hosts.hosts()
    assert rack.hosts.look_at_some(host.name, {UUIDS[0]}) is None


def test_it_tells_of_a_renamed_vm_what_a_look_at_the_whole_host_tells_and_of_no_other(
    rack: Rack, watcher: Watcher
) -> None:
    rack.rename("contract-some")
    some = watcher.sees(lambda told: [vm.name for vm in told.vms] == ["contract-some"])
    whole = watcher.whole()
    assert some.vms == tuple(vm for vm in whole.vms if vm.id == UUIDS[0])
    assert (used(some.host), some.missing) == (used(whole.host), frozenset())
    assert whole.read == 0, "it is remembered"


def test_a_nic_that_was_added_is_told(rack: Rack, watcher: Watcher) -> None:
    rack.add_nic()
    some = watcher.sees(lambda told: any(NEW_MAC in vm.macs for vm in told.vms))
    assert some.vms == tuple(vm for vm in watcher.whole().vms if vm.id == UUIDS[0])


def test_a_vm_that_was_removed_is_missing_and_the_host_uses_less(rack: Rack, watcher: Watcher) -> None:
    rack.remove()
    some = watcher.sees(lambda told: UUIDS[1] in told.missing)
    assert some.vms == ()
    assert some.host.vms == watcher.look.host.vms - 1
    assert used(some.host) == used(watcher.whole().host)


def test_one_vm_costs_the_same_few_calls_each_time(rack: Rack, watcher: Watcher) -> None:
    calls = []
    rack.source.border.heard = calls.append
    rack.rename("contract-counted")
    watcher.sees(lambda told: [vm.name for vm in told.vms] == ["contract-counted"])
    named = {watcher.hints[-1].machine}
    rack.hosts.look_at_some(watcher.look.host.name, named)  # logs in, where that is needed
    watcher.stop()
    time.sleep(0.5 if rack.source.driver == "vsphere" else 0.0)  # its question may be under way
    calls.clear()
    rack.hosts.look_at_some(watcher.look.host.name, named)
    assert FEWEST[rack.source.driver] <= len(calls) <= MOST[rack.source.driver]
    assert all(call.allowed for call in calls)
