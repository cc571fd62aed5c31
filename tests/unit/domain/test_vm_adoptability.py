"""Why a VM can't be adopted, or should be looked at first: each reason by the one thing that makes it."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest

from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.domain.reasons import CATALOGUE, Reason
from corral.domain.reasons_of_cloud import CLOUD
from corral.domain.vm import Address, Agent, Origin, Passthrough, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_adoptability import holders, vm_reasons

HOST = Host(
    "lab",
    "host-1",
    "kvm-01",
    pools=(Pool("p", "images", "dir", path="/srv/images"), Pool("q", "inner", "dir", path="/srv/images/inner/")),
    networks=(HostNetwork("default", "network", bridge="virbr0"), HostNetwork("br0", "bridge")),
)
NIC = VmNic("52:54:00:00:00:01", "52:54:00:00:00:01", "bridge", bridge="br0")
DISK = VmDisk("vda", "file", path="/srv/images/a.qcow2")
FINE = Vm(
    "lab",
    "host-1",
    "11111111-0000-4000-8000-000000000001",
    "db-01",
    RunState.RUNNING,
    host_name="kvm-01",
    disks=(DISK,),
    nics=(NIC,),
    agent=Agent.CONNECTED,
    run="7",
)
OTHER = replace(
    FINE,
    id="11111111-0000-4000-8000-000000000002",
    name="db-02",
    disks=(VmDisk("vda", "file", path="/srv/images/b.qcow2"),),
    nics=(VmNic("52:54:00:00:00:02", "52:54:00:00:00:02", "bridge", bridge="br0"),),
)


def judged(vm: Vm, *others: Vm, host: Host = HOST) -> tuple[Reason, ...]:
    return vm_reasons(vm, host, holders([vm, *others]))


def codes(vm: Vm, *others: Vm, host: Host = HOST) -> list[str]:
    return [one.code for one in judged(vm, *others, host=host)]


def nic(**changes: Any) -> dict[str, Any]:
    return {"nics": (replace(NIC, **changes),)}


def disk(**changes: Any) -> dict[str, Any]:
    return {"disks": (replace(DISK, **changes),)}


def test_an_ordinary_vm_has_nothing_against_it() -> None:
    assert codes(FINE, OTHER) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unreadable", {"problem": "its XML has a document type"}),
        ("vm-owned", {"owner": "OpenStack Nova"}),
        ("power-off", {"state": RunState.OFF}),
        ("vm-halted", {"state": RunState.PAUSED}),
        ("vm-halted", {"state": RunState.SUSPENDED}),
        ("vm-unsettled", {"state": RunState.CRASHED}),
        ("vm-unsettled", {"state": RunState.STOPPING}),
        ("vm-unsettled", {"state": RunState.UNKNOWN}),
        ("vm-saved", {"saved": True}),
        ("vm-template", {"template": True}),
        ("vm-fault-tolerant", {"fault_tolerant": True}),
        ("vm-linked-clone", {"linked": True, **disk(backing=("[ds1] base/base.vmdk",))}),
        ("vm-encrypted", {"encrypted": True}),
        ("vm-unconsolidated", {"unconsolidated": True}),
        ("vm-question", {"question": "moved or copied?"}),
        ("disk-volatile", disk(volatile=True)),
        ("vm-transient", {"persistent": False}),
        ("vm-passthrough", {"passthrough": (Passthrough("pci", "0000:3b:00.1"),)}),
        ("vm-snapshots", {"snapshots": ("before-upgrade",)}),
        ("agent-missing", {"agent": Agent.ABSENT}),
        ("agent-missing", {"agent": Agent.SILENT}),
        ("vm-no-nics", {"nics": ()}),
        ("disk-shareable", disk(shared=True)),
        ("disk-busy", disk(job="copy")),
        ("disk-backed", disk(backing=("/srv/images/base.qcow2",))),
        ("disk-path-fleeting", disk(kind="block", path="/dev/sdb")),
        ("disk-path-fleeting", disk(kind="block", path="/dev/dm-4")),
        ("disk-not-in-pool", disk(path="/root/a.qcow2")),
        ("disk-not-in-pool", disk(path="/srv/images-old/a.qcow2")),
        ("disk-not-in-pool", disk(kind="block", path="/dev/disk/by-id/wwn-0x5000c500")),
        ("nic-network-unknown", nic(bridge="br9")),
        ("nic-network-unknown", nic(kind="network", network="old", bridge="")),
        ("nic-unplugged", nic(kind="user", bridge="")),
        ("nic-unplugged", nic(kind="direct", bridge="eth0")),
        ("mac-twice", {"nics": (NIC, replace(NIC, id="2"))}),
    ],
)
def test_each_obstacle_has_its_reason_and_no_other(code: str, changes: dict[str, Any]) -> None:
    assert codes(replace(FINE, **changes), OTHER) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        disk(path="/srv/images/inner/a.qcow2"),
        disk(kind="volume", path="", pool="images", volume="a"),
        disk(kind="network", path="", protocol="rbd", volume="vms/a"),
        disk(kind="block", path="/dev/sdb", wwn="5000c500a1b2c3d4", pool="san"),
        disk(device="cdrom", path="/root/debian.iso"),
        nic(kind="network", network="default", bridge=""),
        nic(bridge="virbr0"),
    ],
)
def test_what_is_in_its_place_is_no_obstacle(changes: dict[str, Any]) -> None:
    assert codes(replace(FINE, **changes), OTHER) == []


@pytest.mark.parametrize(
    ("code", "own", "others"),
    [
        ("disk-shared", {}, {"disks": (replace(DISK, id="vdb"),)}),
        (
            "disk-shared",
            disk(path="", protocol="rbd", volume="vms/a"),
            {"host": "host-2"} | disk(path="", protocol="rbd", volume="vms/a"),
        ),
        ("disk-shared", disk(wwn="5000c500"), {"host": "host-2"} | disk(path="/dev/mapper/x", wwn="5000c500")),
        ("mac-twice", {}, nic(bridge="br1")),
        (
            "address-twice",
            nic(addresses=(Address("192.0.2.7", Origin.AGENT),)),
            {"nics": (replace(OTHER.nics[0], addresses=(Address("192.0.2.7", Origin.ARP),)),)},
        ),
        ("vm-twice", {}, {"id": FINE.id, "host": "host-2", "host_name": "kvm-02"}),
    ],
)
def test_what_two_vms_have_is_told_of_both_with_the_other_named(
    code: str, own: dict[str, Any], others: dict[str, Any]
) -> None:
    one, other = replace(FINE, **own), replace(OTHER, **others)
    for vm, rival in ((one, other), (other, one)):
        found = [reason for reason in judged(vm, rival) if reason.code == code]
        assert len(found) == 1
        assert rival.label in found[0].message


def test_the_same_path_on_two_hosts_is_two_disks() -> None:
    assert codes(FINE, replace(OTHER, host="host-2", disks=(DISK,))) == []


@pytest.mark.parametrize(
    ("part", "left", "changes"),
    [
        (Part.POOLS, {"pools": ()}, disk(path="/root/a.qcow2")),
        (Part.NETWORKS, {"networks": ()}, nic(kind="network", network="old", bridge="")),
        (Part.BRIDGES, {"networks": ()}, nic(bridge="br9")),
    ],
)
def test_nothing_is_judged_by_what_a_host_did_not_tell(
    part: Part, left: dict[str, Any], changes: dict[str, Any]
) -> None:
    vm = replace(FINE, **changes)
    assert len(codes(vm, host=replace(HOST, **left))) == 1
    assert codes(vm, host=replace(HOST, **left, untold=((part, "there is no such driver"),))) == []


def test_a_stranger_s_names_stay_one_word_in_a_command() -> None:
    evil = replace(FINE, disks=(replace(DISK, id="vda; reboot", path="/x/$(reboot)/a", backing=("b",)),))
    for found in judged(evil):
        commands = found.fix.split("`")[1::2]
        assert all("reboot" not in shlex.split(command) for command in commands)
        assert all(";" not in word or " " in word for command in commands for word in shlex.split(command))


def test_our_own_record_says_that_it_is_managed() -> None:
    [found] = vm_reasons(FINE, HOST, holders([FINE]), {FINE.id: "server-1"})
    assert found.code == "already-managed"


def test_every_reason_for_vms_is_tried_here() -> None:
    told = {
        code
        for code in CATALOGUE.keys() - CLOUD.keys()
        if code.startswith(("vm-", "disk-", "nic-")) or code.endswith("-twice")
    }
    tables = [
        mark.args[1]
        for test in (
            test_each_obstacle_has_its_reason_and_no_other,
            test_what_two_vms_have_is_told_of_both_with_the_other_named,
        )
        for mark in test.pytestmark
    ]  # type: ignore[attr-defined]
    assert told - {row[0] for table in tables for row in table} == OF_NODES | OF_REQUESTS | {"vm-gone"}


OF_NODES = {"machine-twice", "port-twice"}
OF_REQUESTS = {"vm-networks", "vm-marked", "vm-other-project"}
"""Of what is wished for a VM, not of the VM: test_vm_requests and test_mapping_vms have them. What is gone only a record tells."""


def test_of_many_who_have_the_same_three_are_named_and_that_there_are_more() -> None:
    same = {"nics": FINE.nics}
    many = [
        replace(OTHER, id=f"11111111-0000-4000-8000-0000000000{number}", name=f"n{number}", **same)
        for number in range(20, 29)
    ]
    [found] = judged(FINE, *many)
    assert found.message == f"MAC {NIC.mac} is also that of n20, n21, n22 and others."
    [found] = judged(FINE, *many[:3])
    assert found.message.endswith("n20, n21, n22.")


def test_what_a_twin_on_another_host_has_is_told_once_as_that_it_is_there_twice() -> None:
    twin = replace(FINE, host="host-2", host_name="kvm-02")
    assert codes(FINE, twin) == ["vm-twice"]
