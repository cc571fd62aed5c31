"""The laws of `contracts.watching.Watches`: memory, libvirt's test driver, a real libvirtd with QEMU, and a simulated vCenter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from typing import Any

import pytest
from contract_hosts import NEW_MAC, UUIDS, Rack
from contract_hosts_vsphere import VsphereRack
from pyVim.connect import Disconnect

from corral.contracts.border import Purpose, crossing
from corral.contracts.hosts import Look, LooksAtOne
from corral.contracts.watching import Hint, Watches
from corral.drivers.libvirt import open_hosts
from lab.hypervisor.daemon import Hypervisor
from lab.vcenter.administrator import administrator
from lab.vcenter.server import Vcenter


class Ears:
    """Whoever watches."""

    def __init__(self, rack: Rack) -> None:
        self.hints: list[Hint] = []
        [self.host] = (look.host for look in rack.hosts.looks())
        self.stop = rack.hosts.watch(self.hints.append)

    def hear(self, hosts: LooksAtOne, right: Callable[[Look], bool]) -> Look:
        """What a look says to which a hint led, as soon as it is right."""
        end, done = time.monotonic() + 120, 0
        while time.monotonic() < end:
            if len(self.hints) > done:
                done = len(self.hints)
                assert self.hints[-1].host in (self.host.name, self.host.id)
                if right(found := hosts.look(self.hints[-1].host)):
                    return found
            time.sleep(0.02)
        raise AssertionError(f"not heard of: {self.hints}")


def _until(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def listening(rack: Rack) -> Ears:
    """Whoever watches already: a watch is begun in the background, and only what happens from then on is heard of."""
    made = Ears(rack)
    if rack.source.driver == "vsphere":
        tries = count()
        while not made.hints:
            rack.rename(f"contract-try-{next(tries)}")
            time.sleep(0.5)
        rack.rename("contract-listening")
        made.hear(rack.hosts, lambda look: any(vm.name == "contract-listening" for vm in look.vms))
        time.sleep(0.5)
    made.hints.clear()
    return made


@pytest.fixture
def ears(rack: Rack) -> Iterator[Ears]:
    made = listening(rack)
    yield made
    made.stop()


def test_the_driver_has_the_capability(rack: Rack) -> None:
    assert isinstance(rack.hosts, Watches)
    assert isinstance(rack.hosts, LooksAtOne)


def test_where_nothing_happens_nothing_is_heard(rack: Rack, ears: Ears) -> None:
    time.sleep(0.6)
    assert ears.hints == []


def test_a_renamed_vm_is_heard_of_and_a_look_there_tells_its_name(rack: Rack, ears: Ears) -> None:
    rack.rename("contract-heard")
    ears.hear(rack.hosts, lambda look: any(vm.name == "contract-heard" for vm in look.vms))


def test_a_nic_that_is_added_is_heard_of_and_a_look_there_tells_it(rack: Rack, ears: Ears) -> None:
    rack.add_nic()
    found = ears.hear(rack.hosts, lambda look: any(NEW_MAC in vm.macs for vm in look.vms))
    assert found.read <= 1
    assert [one.host.id for one in rack.hosts.looks()] == [found.host.id]


def test_a_removed_vm_is_heard_of_and_a_look_there_tells_of_it_no_more(rack: Rack, ears: Ears) -> None:
    rack.remove()
    found = ears.hear(rack.hosts, lambda look: all(vm.id != UUIDS[1] for vm in look.vms))
    [whole] = rack.hosts.looks()
    assert (whole.vms, whole.host.vms) == (found.vms, found.host.vms)


def test_nothing_is_heard_after_the_end_and_a_watch_can_be_begun_anew(rack: Rack, ears: Ears) -> None:
    ears.stop()
    ears.hints.clear()
    rack.rename("contract-unheard")
    time.sleep(0.6)
    assert ears.hints == []
    again = listening(rack)
    rack.remove()
    again.hear(rack.hosts, lambda look: all(vm.id != UUIDS[1] for vm in look.vms))
    again.stop()


def test_a_watch_makes_no_call_that_is_not_for_looking(rack: Rack) -> None:
    calls = []
    rack.source.border.heard = calls.append
    with crossing(Purpose.LOOK):
        ears = listening(rack)
        rack.rename("contract-watched")
        ears.hear(rack.hosts, lambda look: True)
        ears.stop()
    assert all(call.allowed for call in calls)
    assert rack.source.driver == "memory" or calls


@pytest.fixture
def manager(vcenter: Vcenter) -> Iterator[Any]:
    """The administrator's session manager."""
    login = administrator(vcenter)
    yield login.content.sessionManager
    Disconnect(login)


@pytest.fixture
def center(vcenter: Vcenter, manager: Any) -> Iterator[VsphereRack]:
    made = VsphereRack(vcenter)
    yield made
    made.close()


@pytest.mark.lab
@pytest.mark.timeout(900)
def test_a_vcenter_that_ends_all_sessions_loses_no_host_and_is_watched_again(center: VsphereRack, manager: Any) -> None:
    own = {one.key for one in manager.sessionList}  # the administrators'
    ears = listening(center)
    center.hosts.look(ears.host.name)
    before = [(look.host.id, len(look.vms)) for look in center.hosts.looks()]
    keys = [one.key for one in manager.sessionList if one.key not in own]
    assert len(keys) == 3
    manager.TerminateSession(keys)
    center.rename("contract-between")
    ears.hear(center.hosts, lambda look: any(vm.name == "contract-between" for vm in look.vms))
    assert [(look.host.id, len(look.vms)) for look in center.hosts.looks()] == before
    ears.hints.clear()
    center.add_nic()
    ears.hear(center.hosts, lambda look: any(NEW_MAC in vm.macs for vm in look.vms))
    ears.stop()


@pytest.mark.lab
@pytest.mark.timeout(900)
def test_the_end_of_a_watch_comes_soon_and_leaves_no_session_behind(center: VsphereRack, manager: Any) -> None:
    own = {one.key for one in manager.sessionList}
    ears = Ears(center)
    _until(lambda: len({one.key for one in manager.sessionList} - own) == 2)
    begun = time.monotonic()
    ears.stop()
    center.source.close()
    assert time.monotonic() - begun < 25, "a question waits for half a minute"
    # A thread that is in the middle of a call logs out when that has ended.
    _until(lambda: {one.key for one in manager.sessionList} == own)


@pytest.mark.lab
def test_a_libvirtd_that_dies_is_heard_of_and_the_look_says_so(hypervisor: Hypervisor) -> None:
    with closing(open_hosts("contract", {"hosts": [{"uri": hypervisor.uri, "name": "rack"}], "timeout": 60})) as source:
        hints: list[Hint] = []
        assert [look.host.problem for look in source.hosts.looks()] == [""]
        source.hosts.watch(hints.append)
        hypervisor.stop()
        try:
            end = time.monotonic() + 120
            while not hints:
                assert time.monotonic() < end, "not heard of"
                time.sleep(0.02)
            assert hints[0] == Hint("rack")
            assert "can't be reached" in source.hosts.look("rack").host.problem
        finally:
            hypervisor.start()
        assert source.hosts.look("rack").host.reachable
