"""The ground for the laws of single VMs: two of a test's own, which can be started, and drivers that know nothing of each other.

Role: one `Stall` for each driver; nothing in the suite knows which it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Protocol

import libvirt
from contract_hosts import NAMES, UUIDS, MemoryRack, await_end
from contract_hosts_vsphere import VsphereRack
from pyVmomi import vim

from corral.contracts.hosts import HostSource
from corral.contracts.virtual import Where
from corral.drivers.libvirt import open_hosts
from corral.drivers.vsphere import open_hosts as open_vcenter
from lab.vcenter.server import Vcenter

FOREIGN = "<other:note xmlns:other='urn:contract:other' owner='somebody else'/>"


class Stall(Protocol):
    """`source`: what is tried. `hears`: whether a guest does what it is asked to by a soft change of power."""

    source: HostSource
    hears: bool
    where: Where
    bare: Where
    """A second VM; of libvirt's, one that had no metadata at all."""

    def another(self) -> HostSource:
        """A driver of its own for the same place, as another control plane has it."""

    def plain(self, where: Where) -> object:
        """All that the hypervisor itself says of a VM, to whom it is asked by another client."""

    def label(self) -> tuple[str, tuple[str, ...]]:
        """Give the VM a folder and a tag as people do there; they, as the driver is to tell them."""

    def remove(self) -> None:
        """Have the VM be gone."""

    def close(self) -> None: ...


class MemoryStall:
    hears = True

    def __init__(self) -> None:
        self._rack = MemoryRack()
        self.source = self._rack.hosts.source
        self.where, self.bare = (Where(one, self._rack.host.id) for one in UUIDS)

    def another(self) -> HostSource:
        return self.source  # a hypervisor that is in this process is itself the driver

    def plain(self, where: Where) -> object:
        return self._rack.hosts.vm(where.vm), self._rack.hosts.marked(where)

    def label(self) -> tuple[str, tuple[str, ...]]:
        vm = self._rack.hosts.vm(self.where.vm)
        return vm.folder, vm.tags

    def remove(self) -> None:
        self._rack.hosts.take(self.where.vm)

    def close(self) -> None:
        self._rack.close()


class LibvirtStall:
    """`uri` for the drivers; the administrator's own connection, which is another one, by `admin`."""

    def __init__(self, uri: str, kind: str, admin: Callable[[], libvirt.virConnect]) -> None:
        self._uri, self._kind, self._admin = uri, kind, admin()
        self.hears = kind == "test"
        for number in (0, 1):
            self._admin.defineXML(self._xml(number, FOREIGN if number == 0 else ""))
        self._more = ExitStack()
        self.source = self.another()
        [host] = self.source.hosts.hosts()
        self.where, self.bare = (Where(one, host.id) for one in UUIDS)

    def _xml(self, number: int, metadata: str) -> str:
        real = self._kind == "qemu"
        arch, machine = ("x86_64", " machine='pc'") if real else ("i686", "")
        cache = "<features><acpi/><tcg><tb-cache unit='MiB'>32</tb-cache></tcg></features>" if real else ""
        screens = (
            "<graphics type='vnc' autoport='yes' listen='127.0.0.1' passwd='secret'/><serial type='pty'/>"
            if real
            else ""
        )
        return (
            f"<domain type='{self._kind}'><name>{NAMES[number]}</name><uuid>{UUIDS[number]}</uuid>"
            f"{f'<metadata>{metadata}</metadata>' if metadata else ''}<memory unit='MiB'>64</memory><vcpu>1</vcpu>"
            f"<os><type arch='{arch}'{machine}>hvm</type></os>{cache}<devices>{screens}"
            f"<interface type='user'><mac address='52:54:00:c0:11:0{number + 1}'/></interface></devices></domain>"
        )

    def another(self) -> HostSource:
        source = open_hosts("contract", {"hosts": [{"uri": self._uri, "name": "rack"}], "timeout": 60})
        self._more.callback(source.close)
        return source

    def plain(self, where: Where) -> object:
        domain = self._admin.lookupByUUIDString(where.vm)
        return domain.XMLDesc(0), domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)

    def label(self) -> tuple[str, tuple[str, ...]]:
        labels = '<labels folder="/east/web"><tag>gold</tag><tag>blue</tag></labels>'
        space = "https://corral.example.org/xmlns/libvirt/labels/1"
        self._admin.lookupByUUIDString(self.where.vm).setMetadata(2, labels, "labels", space, 2)
        return "/east/web", ("blue", "gold")

    def remove(self) -> None:
        self._admin.lookupByUUIDString(self.where.vm).undefine()

    def close(self) -> None:
        self._more.close()
        await_end()
        for one in UUIDS:
            with contextlib.suppress(libvirt.libvirtError):
                domain = self._admin.lookupByUUIDString(one)
                if domain.isActive():
                    domain.destroy()
                domain.undefine()
        self._admin.close()


class VsphereStall:
    hears = True

    def __init__(self, vcenter: Vcenter) -> None:
        self._rack = VsphereRack(vcenter)
        self.source = self._rack.source
        [host] = self.source.hosts.hosts()
        self.where, self.bare = (Where(one, host.id) for one in UUIDS)
        self._more = ExitStack()

    def another(self) -> HostSource:
        source = open_vcenter("contract", self._rack.options)
        self._more.callback(source.close)
        return source

    def plain(self, where: Where) -> object:
        vm, names = self._rack.vm(UUIDS.index(where.vm)), {field.key: field.name for field in self._fields().field}
        values = sorted((names[one.key], one.value) for one in vm.customValue)
        return str(vm.config), str(vm.runtime), values

    def label(self) -> tuple[str, tuple[str, ...]]:
        fields = self._fields()
        found = next((one for one in fields.field if one.name == "project"), None)
        made = found or fields.AddCustomFieldDef("project", vim.VirtualMachine, None, None)
        fields.SetField(self._rack.vm(0), made.key, "blue")
        folder = self._rack.center.vmFolder.CreateFolder("web")
        self._rack.move(folder)
        return f"/{self._rack.center.name}/web", ("project:blue",)

    def _fields(self) -> Any:
        return self._rack.fields

    def remove(self) -> None:
        self._rack.destroy(0)

    def close(self) -> None:
        self._more.close()
        self._rack.close()
