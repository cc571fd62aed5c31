"""The laws of `contracts.hosts.Hosts`: memory, libvirt's test driver, a real libvirtd with QEMU, and a simulated vCenter."""

from __future__ import annotations

import time

import pytest
from contract_hosts import MACS, NAMES, NEW_MAC, UUIDS, Rack

from corral.contracts.border import Purpose, crossing
from corral.contracts.hosts import Hosts, Look, LooksAtOne
from corral.domain.errors import NotFound
from corral.domain.vm import RunState, Vm


def look(rack: Rack) -> Look:
    [found] = rack.hosts.looks()
    return found


def vms(rack: Rack) -> dict[str, Vm]:
    return {vm.id: vm for vm in look(rack).vms}


def test_the_driver_has_the_capability(rack: Rack) -> None:
    assert isinstance(rack.hosts, Hosts)


def test_a_look_tells_the_host_with_all_its_vms_in_the_order_of_their_ids(rack: Rack) -> None:
    found = look(rack)
    ids = [vm.id for vm in found.vms]
    assert found.host.reachable
    assert found.host.vms == len(ids)
    assert ids == sorted(ids)
    assert set(UUIDS) <= set(ids)


def test_a_vm_comes_with_its_disks_nics_and_state(rack: Rack) -> None:
    vm = vms(rack)[UUIDS[0]]
    assert (vm.name, vm.state, vm.run, vm.problem) == (NAMES[0], RunState.OFF, "", "")
    assert vm.macs == {MACS[0]}
    assert [disk.id for disk in vm.own_disks] == [rack.disk]
    assert vm.memory > 0
    assert vm.cpus > 0


def test_a_host_is_found_by_its_name_and_its_id_and_tells_the_same(rack: Rack) -> None:
    [host] = rack.hosts.hosts()
    by_name, by_id = rack.hosts.machines(host.name), rack.hosts.machines(host.id)
    assert by_name == by_id == look(rack).vms
    with pytest.raises(NotFound):
        rack.hosts.machines("no-such-host")


def test_looking_again_reads_nothing_where_nothing_changed(rack: Rack) -> None:
    first, second = look(rack), look(rack)
    assert first.read == len(first.vms)
    assert second.read == 0
    assert second.vms == first.vms


def test_a_renamed_vm_is_the_same_vm(rack: Rack) -> None:
    before = vms(rack)
    rack.rename("contract-renamed")
    after = vms(rack)
    assert before.keys() == after.keys()
    assert after[UUIDS[0]].name == "contract-renamed"


def test_a_changed_definition_is_read_again_and_only_that_one(rack: Rack) -> None:
    look(rack)
    rack.add_nic()
    # The news may take a moment; a look that comes too early is followed by one that has it.
    for _ in range(600):
        found = look(rack)
        if found.read:
            break
        time.sleep(0.1)
    assert found.read == 1
    assert next(vm for vm in found.vms if vm.id == UUIDS[0]).macs == {MACS[0], NEW_MAC}


def test_a_removed_vm_is_not_told_any_more(rack: Rack) -> None:
    assert UUIDS[1] in vms(rack)
    rack.remove()
    assert UUIDS[1] not in vms(rack)


def test_a_look_makes_no_call_that_is_not_for_looking(rack: Rack) -> None:
    with crossing(Purpose.LOOK) as recorder:
        look(rack)
        rack.hosts.hosts()
    assert all(call.allowed for call in recorder.calls)
    assert rack.source.driver == "memory" or recorder.calls


def test_one_host_can_be_looked_at_alone_by_its_name_or_its_id(rack: Rack) -> None:
    if not isinstance(rack.hosts, LooksAtOne):
        pytest.skip("This driver looks at all hosts or none.")
    whole = look(rack)
    for wanted in (whole.host.name, whole.host.id):
        found = rack.hosts.look(wanted)
        assert (found.host, found.vms) == (whole.host, whole.vms)
    with pytest.raises(NotFound):
        rack.hosts.look("no-such-host")
