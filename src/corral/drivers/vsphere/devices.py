"""What a VM's devices are: its disks, its NICs, and what it holds of its host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pyVmomi import vim

from corral.domain.host import Host, HostNetwork, Pool
from corral.domain.machine import normal_mac
from corral.domain.vm import Address, Passthrough, VmDisk, VmNic
from corral.drivers.vsphere.inventory import Inventory, text

MOST_DEVICES = 1024
LONGEST_CHAIN = 64
_DEVICE = vim.vm.device
_RDM = (_DEVICE.VirtualDisk.RawDiskMappingVer1BackingInfo, _DEVICE.VirtualDisk.PartitionedRawDiskVer2BackingInfo)
_BUSES = (
    (_DEVICE.VirtualSCSIController, "scsi"),
    (_DEVICE.VirtualIDEController, "ide"),
    (_DEVICE.VirtualAHCIController, "sata"),
    (_DEVICE.VirtualNVMEController, "nvme"),
)
_ROLES = (
    (_DEVICE.VirtualDisk, "disk"),
    (_DEVICE.VirtualEthernetCard, "nic"),
    (_DEVICE.VirtualCdrom, "cdrom"),
    (_DEVICE.VirtualFloppy, "floppy"),
    (_DEVICE.VirtualController, "controller"),
    (_DEVICE.VirtualPCIPassthrough, "pci"),
    (_DEVICE.VirtualSCSIPassthrough, "scsi"),
    (_DEVICE.VirtualUSB, "usb"),
)
Addresses = Mapping[str, tuple[Address, ...]]


class Unreadable(ValueError):
    """What was told is not what it should be; says in what way."""


@cache
def _role(kind: type) -> str:
    return next((role for wanted, role in _ROLES if issubclass(kind, wanted)), "")


@cache
def _bus(kind: type) -> str:
    return next((bus for wanted, bus in _BUSES if issubclass(kind, wanted)), "")


@cache
def _model(kind: type) -> str:
    """vmxnet3 of VirtualVmxnet3."""
    return kind.__name__.rpartition(".")[2].removeprefix("Virtual").removesuffix("EthernetCard").lower()


def sorted_out(devices: Sequence[Any]) -> dict[str, list[Any]]:
    """The devices by their role. Raises Unreadable."""
    if len(devices) > MOST_DEVICES:
        raise Unreadable(f"it has {len(devices)} devices, more than {MOST_DEVICES}")
    found: dict[str, list[Any]] = {role: [] for _, role in _ROLES}
    for device in devices:
        if role := _role(device.__class__):
            found[role].append(device)
    return found


def disks(found: Mapping[str, list[Any]], pools: Mapping[str, Pool]) -> tuple[VmDisk, ...]:
    """Disks by their keys, and drives."""
    controllers = {one.key: one for one in found["controller"]}
    return (
        *(_disk(one, controllers.get(one.controllerKey), pools) for one in found["disk"]),
        *(_drive(one, role) for role in ("cdrom", "floppy") for one in found[role]),
    )


def _disk(device: Any, controller: Any, pools: Mapping[str, Pool]) -> VmDisk:
    backing = device.backing
    raw = isinstance(backing, _RDM)
    path = text(getattr(backing, "fileName", ""))
    pool = pools.get(backing.datastore._moId) if getattr(backing, "datastore", None) is not None else None
    sharing = text(getattr(backing, "sharing", ""))
    return VmDisk(
        id=str(device.key),
        kind="block" if raw else "file",
        bus=_bus(controller.__class__),
        format="raw" if raw else "vmdk",
        path=path,
        pool=pool.name if pool else "",
        protocol=pool.kind if pool and path else "",
        # A path begins with the datastore's name, which others may have too; its id is its own.
        volume=f"{pool.id}/{path.partition('] ')[2]}" if pool and path else "",
        serial=text(getattr(backing, "uuid", "")),
        wwn=wwn(text(getattr(backing, "lunUuid", ""))) if raw else "",
        backing=chain(backing),
        size=int(device.capacityInBytes or (device.capacityInKB or 0) * 1024),
        shared=sharing == "sharingMultiWriter" or getattr(controller, "sharedBus", "noSharing") != "noSharing",
        volatile="nonpersistent" in text(getattr(backing, "diskMode", "")),
    )


def wwn(lun: str) -> str:
    """The NAA id (page 0x83) in a LUN's UUID, which has 02, the LUN and zeros before it and the model's name after it.

    "" for another kind of id."""
    digits = lun.lower()
    length = {"6": 32, "5": 16, "3": 16, "2": 16}.get(digits[10:11], 0)
    return digits[10 : 10 + length] if digits.startswith("02") and len(digits) >= 10 + length else ""


def chain(backing: Any) -> tuple[str, ...]:
    """The files that a disk rests on, the nearest first. Raises Unreadable for a chain that has no end."""
    found: list[str] = []
    while (backing := getattr(backing, "parent", None)) is not None:
        if len(found) == LONGEST_CHAIN:
            raise Unreadable(f"a disk's chain of files is longer than {LONGEST_CHAIN}")
        found.append(text(getattr(backing, "fileName", "")) or "another file")
    return tuple(found)


def _drive(device: Any, role: str) -> VmDisk:
    path = text(getattr(device.backing, "fileName", ""))
    kind = "file" if path else "none"
    return VmDisk(id=str(device.key), kind=kind, device=role, path=path, read_only=role == "cdrom")


def nics(found: Mapping[str, list[Any]], host: Host | None, inventory: Inventory, told: Addresses) -> tuple[VmNic, ...]:
    """NICs by their keys."""
    own = {network.name: network for network in host.networks} if host else {}
    return tuple(_nic(one, own, inventory.networks, told) for one in found["nic"])


def _nic(device: Any, own: Mapping[str, HostNetwork], known: Mapping[str, HostNetwork], told: Addresses) -> VmNic:
    backing, mac = device.backing, normal_mac(text(device.macAddress))
    port = getattr(backing, "port", None)
    key = text(getattr(port, "portgroupKey", None) or getattr(backing, "opaqueNetworkId", None))
    network = known.get(key) if key else own.get(text(getattr(backing, "deviceName", "")))
    name = network.name if network else key or text(getattr(backing, "deviceName", ""))
    return VmNic(
        id=str(device.key),
        mac=mac,
        kind="portgroup" if backing is not None else "nothing",
        model=_model(device.__class__),
        network=name,
        interface_id=text(getattr(device, "externalId", "")),
        vlan=network.vlan if network else None,
        addresses=told.get(mac, ()),
    )


def held(found: Mapping[str, list[Any]]) -> tuple[Passthrough, ...]:
    """What the VM has of its host: PCI, SCSI and USB devices, and functions of network cards."""
    cards = [one for one in found["nic"] if isinstance(one, _DEVICE.VirtualSriovEthernetCard)]
    return (
        *(Passthrough("network", _address(getattr(one, "sriovBacking", None) or one.backing)) for one in cards),
        *(Passthrough(role, _address(one.backing)) for role in ("pci", "scsi", "usb") for one in found[role]),
    )


def _address(backing: Any) -> str:
    function = getattr(backing, "physicalFunctionBacking", None)
    if function is not None:
        backing = function
    for name in ("id", "vgpu", "deviceName"):
        if found := text(getattr(backing, name, "")):
            return found[:120]
    return "without an address"
