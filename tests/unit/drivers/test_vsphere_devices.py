"""What pyVmomi's own objects of devices and properties become, one kind at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pyVmomi import vim

from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.domain.vm import Agent, Passthrough, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_adoptability import holders, vm_reasons
from corral.drivers.vsphere.devices import MOST_DEVICES, wwn
from corral.drivers.vsphere.inventory import Inventory
from corral.drivers.vsphere.properties import vm

DEVICE = vim.vm.device
POOL = Pool("5f0c-aa", "ds1", "vmfs")
STORE = vim.Datastore("datastore-1", None)
GROUP = HostNetwork("web", "portgroup", "dvportgroup-7", vlan=42)
OPAQUE = HostNetwork("seg-1", "portgroup", "seg-id")
HOST = Host(
    "s",
    "h-1",
    "esx-01",
    pools=(POOL,),
    networks=(GROUP, OPAQUE, HostNetwork("VM Network", "portgroup", "network-1", vlan=7)),
)
INVENTORY = Inventory({"host-1": HOST}, {"datastore-1": POOL}, {"dvportgroup-7": GROUP, "seg-id": OPAQUE})
UUID = "5005AAAA-0000-4000-8000-000000000001"
SCSI = DEVICE.ParaVirtualSCSIController(key=1000, busNumber=0, sharedBus="noSharing")
NAA = "6000c29a0b1c2d3e4f5061728394a5b6"


def told(*devices: Any, **more: Any) -> Vm:
    known = {
        "name": "db-01",
        "config.instanceUuid": UUID,
        "config.hardware.device": list(devices),
        "config.hardware.numCPU": 4,
        "config.hardware.memoryMB": 2048,
        "config.firmware": "efi",
        "summary.runtime.powerState": "poweredOn",
        "summary.runtime.connectionState": "connected",
        "summary.runtime.bootTime": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        **{key.replace("__", "."): value for key, value in more.items()},
    }
    return vm(known, {}, "vm-1", "s", HOST, INVENTORY)


def flat(path: str = "[ds1] db/db.vmdk", **more: Any) -> Any:
    return DEVICE.VirtualDisk.FlatVer2BackingInfo(
        **{"diskMode": "persistent", "fileName": path, "datastore": STORE, **more}
    )


def a_disk(backing: Any, controller: int = 1000) -> Any:
    return DEVICE.VirtualDisk(key=2000, controllerKey=controller, unitNumber=0, capacityInKB=2048, backing=backing)


def the_disk(backing: Any, *more: Any) -> VmDisk:
    made = told(SCSI, a_disk(backing), *more)
    assert made.problem == ""
    [found] = made.disks
    return found


def the_nic(kind: Any, backing: Any, **more: Any) -> VmNic:
    [found] = told(kind(key=4000, macAddress="00:50:56:AA:bb:01", backing=backing, **more)).nics
    return found


def test_the_vm_itself() -> None:
    made = told()
    assert (made.id, made.name, made.host, made.host_name) == (UUID.lower(), "db-01", "h-1", "esx-01")
    assert (made.state, made.cpus, made.memory, made.firmware) == (RunState.RUNNING, 4, 2 << 30, "uefi")
    assert made.run == "2026-01-02T03:04:05+00:00"
    assert told(summary__runtime__powerState="poweredOff").run == ""
    assert told(summary__runtime__powerState="suspended").state is RunState.SUSPENDED
    assert told(summary__runtime__powerState="odd").state is RunState.UNKNOWN


def test_a_file_on_a_datastore_has_a_name_that_holds_on_every_host() -> None:
    found = the_disk(flat(uuid="6000C29x"))
    assert (found.id, found.kind, found.bus, found.size) == ("2000", "file", "scsi", 2 << 20)
    assert dict(found.identifiers) == {"vmfs": "5f0c-aa/db/db.vmdk", "serial": "6000C29x", "path": "[ds1] db/db.vmdk"}
    assert found.pool == "ds1"


def test_a_raw_device_mapping_is_known_by_its_naa_id() -> None:
    backing = DEVICE.VirtualDisk.RawDiskMappingVer1BackingInfo(
        fileName="[ds1] db/rdm.vmdk",
        datastore=STORE,
        lunUuid=f"0200000000{NAA}565241494420",
        compatibilityMode="physicalMode",
    )
    found = the_disk(backing)
    assert (found.kind, found.format, found.wwn) == ("block", "raw", NAA)
    assert found.identifiers[0] == ("wwn", NAA)


@pytest.mark.parametrize(
    ("lun", "found"),
    [
        (f"02000b0000{NAA}5652", NAA),
        ("020000000050014380186a1b2c4d53", "50014380186a1b2c"),
        ("0100000000433456", ""),
        ("0200000000", ""),
        ("", ""),
    ],
)
def test_only_an_naa_id_is_taken_out_of_a_lun(lun: str, found: str) -> None:
    assert wwn(lun) == found


def test_disks_that_are_shared_volatile_or_rest_on_others_say_so() -> None:
    assert the_disk(flat(sharing="sharingMultiWriter")).shared
    assert not the_disk(flat(sharing="sharingNone")).shared
    assert the_disk(flat(diskMode="independent_nonpersistent")).volatile
    assert the_disk(flat(parent=flat("[ds1] base/base.vmdk"))).backing == ("[ds1] base/base.vmdk",)
    bus = DEVICE.VirtualLsiLogicController(key=1001, busNumber=1, sharedBus="physicalSharing")
    [found] = told(bus, a_disk(flat(), 1001)).disks
    assert found.shared


def test_a_linked_clone_is_one_as_long_as_no_snapshot_explains_its_files() -> None:
    on_another = a_disk(flat(parent=flat("[ds1] base/base.vmdk")))
    tree = vim.vm.SnapshotTree(
        snapshot=vim.vm.Snapshot("snapshot-1", None),
        vm=vim.VirtualMachine("vm-1", None),
        name="one",
        description="",
        createTime=datetime(2026, 1, 1, tzinfo=UTC),
        state="poweredOff",
        quiesced=False,
    )
    snapshot = vim.vm.SnapshotInfo(rootSnapshotList=[tree])
    assert told(SCSI, on_another).linked
    assert not told(SCSI, a_disk(flat())).linked
    assert not told(SCSI, on_another, snapshot=snapshot).linked
    assert told(snapshot=snapshot).snapshots == ("one",)


def test_drives_are_no_disks_of_its_own() -> None:
    empty = DEVICE.VirtualCdrom(
        key=3000, backing=DEVICE.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="", exclusive=False)
    )
    loaded = DEVICE.VirtualCdrom(key=3001, backing=DEVICE.VirtualCdrom.IsoBackingInfo(fileName="[ds1] a.iso"))
    made = told(empty, loaded)
    assert [(disk.device, disk.kind, disk.path) for disk in made.disks] == [
        ("cdrom", "none", ""),
        ("cdrom", "file", "[ds1] a.iso"),
    ]
    assert made.own_disks == ()


def test_nics_are_on_port_groups_of_three_kinds() -> None:
    card = DEVICE.VirtualEthernetCard
    standard = the_nic(DEVICE.VirtualVmxnet3, card.NetworkBackingInfo(deviceName="VM Network"))
    assert (standard.id, standard.mac, standard.model) == ("4000", "00:50:56:aa:bb:01", "vmxnet3")
    assert (standard.kind, standard.network, standard.vlan) == ("portgroup", "VM Network", 7)
    port = vim.dvs.PortConnection(switchUuid="u", portgroupKey="dvportgroup-7")
    spread = the_nic(DEVICE.VirtualE1000e, card.DistributedVirtualPortBackingInfo(port=port))
    assert (spread.model, spread.network, spread.vlan) == ("e1000e", "web", 42)
    opaque = card.OpaqueNetworkBackingInfo(opaqueNetworkId="seg-id", opaqueNetworkType="nsx.LogicalSwitch")
    nsx = the_nic(DEVICE.VirtualVmxnet3, opaque, externalId="port-uuid")
    assert (nsx.network, nsx.interface_id) == ("seg-1", "port-uuid")


def test_addresses_come_from_vmware_tools_by_mac() -> None:
    state = {"origin": "dhcp", "state": "preferred"}
    address = vim.net.IpConfigInfo.IpAddress(ipAddress="192.0.2.7", prefixLength=24, **state)
    net = vim.vm.GuestInfo.NicInfo(
        macAddress="00:50:56:aa:bb:01",
        connected=True,
        deviceConfigId=4000,
        ipConfig=vim.net.IpConfigInfo(ipAddress=[address]),
    )
    card = DEVICE.VirtualVmxnet3(key=4000, macAddress="00:50:56:AA:BB:01")
    made = told(card, guest__net=[net], guest__toolsRunningStatus="guestToolsRunning")
    assert [one.ip for one in made.nics[0].addresses] == ["192.0.2.7"]
    assert made.agent is Agent.CONNECTED
    assert told(guest__toolsVersionStatus2="guestToolsCurrent").agent is Agent.SILENT
    assert told(guest__toolsVersionStatus2="guestToolsNotInstalled").agent is Agent.ABSENT


def test_devices_of_the_host_are_named() -> None:
    gpu = DEVICE.VirtualPCIPassthrough.VmiopBackingInfo(vgpu="grid_t4-8q")
    pci = DEVICE.VirtualPCIPassthrough.DeviceBackingInfo(
        id="0000:3b:00.0", deviceId="x", systemId="s", vendorId=1, deviceName="card"
    )
    stick = DEVICE.VirtualUSB.RemoteHostBackingInfo(deviceName="path:1/2", hostname="h")
    made = told(
        DEVICE.VirtualPCIPassthrough(key=13000, backing=gpu),
        DEVICE.VirtualPCIPassthrough(key=13001, backing=pci),
        DEVICE.VirtualUSB(key=14000, connected=True, backing=stick),
        DEVICE.VirtualSriovEthernetCard(key=4001, macAddress="00:50:56:00:00:02"),
    )
    assert made.problem == ""
    assert made.passthrough == (
        Passthrough("network", "without an address"),
        Passthrough("pci", "grid_t4-8q"),
        Passthrough("pci", "0000:3b:00.0"),
        Passthrough("usb", "path:1/2"),
    )


def test_too_much_is_a_problem_of_that_vm_alone() -> None:
    assert "more than 1024" in told(*[SCSI] * (MOST_DEVICES + 1)).problem
    backing = flat()
    for number in range(70):
        backing = flat(f"[ds1] db/{number}.vmdk", parent=backing)
    assert "longer than 64" in told(SCSI, a_disk(backing)).problem
    assert "more than 512 snapshots" in told(snapshot=_Endless()).problem
    assert "what can't be" in told(config__hardware__device=["no device", 7], config__hardware__memoryMB="much").problem


class _Endless:
    """A tree of snapshots that has itself in it."""

    name = "again"

    @property
    def rootSnapshotList(self) -> list[_Endless]:
        return [self]

    childSnapshotList = rootSnapshotList


_ASKED = vim.vm.QuestionInfo(
    id="1",
    text="moved or\ncopied?",
    choice=vim.option.ChoiceOption(choiceInfo=[vim.ElementDescription(label="copied", summary="copied", key="1")]),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "vm-template": {"config__template": True},
    "vm-fault-tolerant": {"summary__runtime__faultToleranceState": "running"},
    "vm-encrypted": {"config__keyId": vim.encryption.CryptoKeyId(keyId="k")},
    "vm-unconsolidated": {"summary__runtime__consolidationNeeded": True},
    "vm-question": {"summary__runtime__question": _ASKED},
    "vm-owned": {"config__managedBy": vim.ext.ManagedByInfo(extensionKey="com.vmware.vim.eam", type="cluster-agent")},
}


@pytest.mark.parametrize("code", SPECIAL)
def test_what_is_special_is_a_reason(code: str) -> None:
    made = told(guest__toolsRunningStatus="guestToolsRunning", **SPECIAL[code])
    assert made.problem == ""
    assert code in {one.code for one in vm_reasons(made, HOST, holders([made]))}
    ordinary = told(
        guest__toolsRunningStatus="guestToolsRunning", summary__runtime__faultToleranceState="notConfigured"
    )
    assert {one.code for one in vm_reasons(ordinary, HOST, holders([ordinary]))} == {"vm-no-nics"}


def test_two_vms_on_different_hosts_with_one_file_are_seen_to_share_it() -> None:
    first = told(SCSI, a_disk(flat()))
    known = {"name": "other", "config.instanceUuid": UUID.replace("5005", "5006")}
    devices = {"config.hardware.device": [SCSI, a_disk(flat())]}
    second = vm({**known, **devices}, {}, "vm-2", "s", Host("s", "h-2", "esx-02"), INVENTORY)
    codes = {one.code for one in vm_reasons(first, HOST, holders([first, second]))}
    assert "disk-shared" in codes


def test_a_nic_on_a_network_that_its_host_lacks_is_a_reason() -> None:
    card = DEVICE.VirtualVmxnet3(
        key=4000,
        macAddress="00:50:56:00:00:01",
        backing=DEVICE.VirtualEthernetCard.NetworkBackingInfo(deviceName="old"),
    )
    made = told(card)
    assert "nic-network-unknown" in {one.code for one in vm_reasons(made, HOST, holders([made]))}
    silent = Host("s", "h-1", "esx-01", untold=((Part.NETWORKS, "no right"),))
    assert "nic-network-unknown" not in {one.code for one in vm_reasons(made, silent, holders([made]))}
