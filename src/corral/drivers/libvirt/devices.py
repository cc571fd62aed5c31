"""By which names a host knows the disks of its own that VMs have: those of udev, through libvirt's node devices.

Asked for when a VM has a whole device, and then all disks of the host at once. A libvirt that has no node devices tells none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import libvirt

from corral.domain.disk_names import Name, is_device, names_in, plain_wwn
from corral.domain.errors import CorralError
from corral.domain.vm import Vm, VmDisk
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.xml import Unreadable, parse, text_of

MOST = 16_384
_DISKS = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE


class DeviceNames:
    """The names of one host's disks, read at the first VM that has one of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, vm: Vm) -> Vm:
        """The VM with the names of its disks."""
        if not any(map(_asked, vm.disks)):
            return vm
        return replace(vm, disks=tuple(self._told(disk) if _asked(disk) else disk for disk in vm.disks))

    def _told(self, disk: VmDisk) -> VmDisk:
        return replace(disk, told=self._known.get(disk.path, ()))

    @cached_property
    def _known(self) -> Mapping[str, tuple[Name, ...]]:
        """By each of its paths, the names of a disk."""
        try:
            listed = self._session.ask("listAllDevices", _DISKS)[:MOST]
        except CorralError:
            return {}  # what a disk's path tells by itself must do
        found: dict[str, tuple[Name, ...]] = {}
        for _device, answer in self._session.each(listed, "XMLDesc", 0):
            if not isinstance(answer, CorralError):
                found |= _names(answer)
        return found


def _asked(disk: VmDisk) -> bool:
    return disk.kind == "block" and is_device(disk.path)


def _names(text: str) -> dict[str, tuple[Name, ...]]:
    try:
        root = parse(text)
    except Unreadable:
        return {}  # one that can't be read has no other names
    disk = root.find("capability[@type='storage']")
    paths = {text_of(one) for one in root.findall("devnode")}
    paths |= {text_of(disk.find("block"))} if disk is not None else set()
    serial = text_of(disk.find("serial")) if disk is not None else ""
    # udev gives the id of page 0x83 as serial where there is one.
    told = [("wwn", plain_wwn(serial)) if plain_wwn(serial) else ("serial", serial)] if serial else []
    names = tuple(dict.fromkeys((*(name for path in sorted(paths) for name in names_in(path)), *told)))
    return {path: names for path in paths if path}
