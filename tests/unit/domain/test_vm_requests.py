"""What speaks against a wish for a VM, what a plan for it rests on, and what of its fingerprint counts when it was moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.domain.fingerprint import differences
from corral.domain.server import Flavor, Kind, ManageRequest, NetworkRequest
from corral.domain.vm import Address, Agent, Origin, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.domain.vm_requests import vm_basis, vm_request_reasons

VM = Vm(
    source="racks", host="h1", id="a", name="app", state=RunState.RUNNING, host_name="kvm-01", cpus=2, memory=1 << 30, run="5",
    disks=(VmDisk("vda", "file", path="/srv/a.qcow2", size=1 << 30, used=7),),
    nics=(VmNic("n", "52:54:00:00:00:01", "bridge", bridge="br0", device="vnet3"),),
    boot={"guest": "2026-01-01"},
)  # fmt: skip
FLAVOR = Flavor("f1", "small")
WISH = ManageRequest(name="app", node="a", flavor="", networks=(), source="racks")


def codes(request: ManageRequest = WISH, flavor: Flavor | None = None, **known: Any) -> list[str]:
    return [one.code for one in vm_request_reasons(request, flavor, "bank", **known)]


def test_a_vm_needs_neither_a_flavor_nor_networks_and_takes_no_networks() -> None:
    assert codes() == []
    assert codes(replace(WISH, networks=(NetworkRequest(net_id="n"),))) == ["vm-networks"]


def test_a_flavor_that_is_named_must_be_one_that_may_be_had() -> None:
    named = replace(WISH, flavor="f1")
    assert codes(named) == ["flavor-not-found"]
    assert codes(named, FLAVOR) == []
    assert codes(named, replace(FLAVOR, disabled=True, is_public=False)) == ["flavor-disabled", "flavor-private"]


def test_only_another_servers_mark_stands_against_it() -> None:
    assert codes(mark="s1") == ["vm-marked"]
    assert codes(mark="s1", own="s1") == []
    assert codes(own="s1") == []


@pytest.mark.parametrize(
    "moment",
    [{"host": "h2", "host_name": "kvm-02"}, {"run": "6"}, {"boot": {}}, {"agent": Agent.CONNECTED},
     {"disks": (replace(VM.disks[0], used=9),)}, {"nics": (replace(VM.nics[0], device="vnet9"),)},
     {"nics": (replace(VM.nics[0], addresses=(Address("10.0.0.1", Origin.ARP),)),)}],
    ids=str,
)  # fmt: skip
def test_a_plan_outlives_what_changes_from_moment_to_moment(moment: dict[str, Any]) -> None:
    assert vm_basis(replace(VM, **moment), FLAVOR) == vm_basis(VM, FLAVOR)


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"state": RunState.OFF}, {"cpus": 4}, {"owner": "nova"}, {"snapshots": ("s",)}, {"persistent": False},
     {"disks": (replace(VM.disks[0], path="/srv/b.qcow2"),)}, {"nics": ()}, {"nics": (replace(VM.nics[0], bridge="br1"),)}],
    ids=str,
)  # fmt: skip
def test_a_plan_expires_when_the_vm_is_another_one(change: dict[str, Any]) -> None:
    assert vm_basis(replace(VM, **change), FLAVOR) != vm_basis(VM, FLAVOR)


def test_a_plan_expires_when_its_flavor_changes() -> None:
    assert vm_basis(VM, FLAVOR) != vm_basis(VM, replace(FLAVOR, disabled=True)) != vm_basis(VM, None)


def changed(before: Vm, after: Vm) -> set[str]:
    return {one.field for one in differences(vm_fingerprint(before).as_json(), vm_fingerprint(after).as_json())}


def test_on_another_host_another_number_of_its_run_is_no_change_and_another_boot_of_its_guest_is() -> None:
    assert changed(VM, replace(VM, run="6")) == {"run"}
    moved = replace(VM, host="h2", run="9")
    assert changed(VM, moved) == set()
    assert changed(VM, replace(moved, boot={"guest": "2026-01-02"}, disks=())) == {"boot", "disks"}


def test_a_restart_shows_on_another_host_where_its_time_is_told_or_it_is_off() -> None:
    timed = replace(VM, run="2026-01-01T00:00:00")
    assert changed(timed, replace(timed, host="h2")) == set()
    assert changed(timed, replace(timed, host="h2", run="2026-01-01T00:09:00")) == {"run"}
    assert changed(VM, replace(VM, host="h2", run="", state=RunState.OFF)) == {"run", "state"}


def test_the_digest_of_a_fingerprint_does_not_depend_on_the_host() -> None:
    assert vm_fingerprint(VM).digest == vm_fingerprint(replace(VM, host="h2")).digest


def test_a_request_says_its_kind_in_its_json_only_for_a_vm() -> None:
    assert "kind" not in WISH.as_json()
    of_vm = replace(WISH, kind=Kind.VM)
    assert ManageRequest.from_json(of_vm.as_json()) == of_vm
    assert ManageRequest.from_json(WISH.as_json()) == WISH
