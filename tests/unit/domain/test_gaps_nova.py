"""What Nova would need to have a VM."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corral.domain.gaps_nova import nova_needs
from corral.domain.host import Host
from corral.domain.vm import Agent, Passthrough, RunState, Vm, VmDisk, VmNic

GIB = 1 << 30
HOST = Host("racks", "h", "kvm-01", hypervisor="QEMU")
GOOD = Vm(
    "racks",
    "h",
    "v",
    "db",
    RunState.RUNNING,
    cpus=2,
    memory=3 * GIB,
    arch="x86_64",
    machine_type="pc-i440fx-7.2",
    firmware="bios",
    disks=(VmDisk("vda", "file", bus="virtio", format="qcow2", path="/srv/db.qcow2", size=20 * GIB - 1),),
    nics=(VmNic("m", "m", "bridge", "virtio", bridge="br-int", interface_id="port-1"),),
    agent=Agent.CONNECTED,
)


def met(vm: Vm, images_type: str = "qcow2") -> dict[str, bool | None]:
    return {one.what: one.met for one in nova_needs(vm, HOST, images_type).needs}


def test_a_vm_that_nova_could_have_is_told_with_what_its_records_would_say() -> None:
    found = nova_needs(GOOD, HOST, "qcow2")
    assert found.possible
    assert all(one.met for one in found.needs)
    assert (found.instance["uuid"], found.instance["memory_mb"], found.instance["root_gb"]) == ("v", 3072, 20)
    assert found.image == {
        "architecture": "x86_64",
        "hw_machine_type": "pc-i440fx-7.2",
        "hw_firmware_type": "bios",
        "hw_disk_bus": "virtio",
        "hw_vif_model": "virtio",
        "hw_qemu_guest_agent": "yes",
    }


@pytest.mark.parametrize(
    ("vm", "what", "answer"),
    [
        (replace(GOOD, passthrough=(Passthrough("pci", "0000:01:00.0"),)), "devices", False),
        (replace(GOOD, snapshots=("before",)), "snapshots", False),
        (replace(GOOD, persistent=False), "persistent", False),
        (replace(GOOD, owner="oVirt"), "owner", False),
        (replace(GOOD, state=RunState.PAUSED), "state", False),
        (replace(GOOD, state=RunState.OFF, saved=True), "state", False),
        (replace(GOOD, firmware="efi"), "firmware", False),
        (replace(GOOD, firmware=""), "firmware", None),
        (replace(GOOD, machine_type="pc-q35-7.2"), "machine type", None),
        (replace(GOOD, nics=(VmNic("m", "m", "bridge", bridge="br0"),)), "NIC m", False),
        (replace(GOOD, disks=(replace(GOOD.disks[0], bus="sata"),)), "disk vda", True),
        (replace(GOOD, disks=(VmDisk("vda", "network", protocol="rbd", volume="ssd/db"),)), "disk vda", None),
    ],
)
def test_what_stands_against_it_or_is_not_told_is_named(vm: Vm, what: str, answer: bool | None) -> None:
    found = nova_needs(vm, HOST, "qcow2")
    assert met(vm)[what] is answer
    assert found.possible is (answer is not False and vm.disks[0].bus != "sata")


def test_a_format_that_the_compute_service_does_not_keep_is_told_with_the_way_out() -> None:
    [need] = [one for one in nova_needs(GOOD, HOST, "raw").needs if one.what == "disk vda"]
    assert (need.met, "blockcopy" in need.fix) == (False, True)
    assert met(GOOD, "")["disk vda"] is None
