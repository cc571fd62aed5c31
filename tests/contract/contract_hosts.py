"""The ground for the laws of hosts: two VMs of a test's own on one host, and what an administrator may do behind a driver's back.

Role: one `Rack` for each driver; nothing in the suite knows which it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from xml.sax.saxutils import quoteattr

import libvirt

from corral.contracts.hosts import Hosts, HostSource
from corral.domain.vm import RunState
from corral.drivers.libvirt import open_hosts
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm

UUIDS = ("c0117ac7-0000-4000-8000-000000000001", "c0117ac7-0000-4000-8000-000000000002")
NAMES = ("contract-a", "contract-b")
MACS = ("52:54:00:c0:11:01", "52:54:00:c0:11:02")
NEW_MAC = "52:54:00:c0:11:09"


class Rack(Protocol):
    """A source with one host that has at least two VMs: those of UUIDS, with one disk and one NIC each; neither runs, so that
    they can be renamed and removed. `disk`: the id of the first one's disk."""

    hosts: Hosts
    source: HostSource
    disk: str

    def rename(self, name: str) -> None:
        """Call the first VM something else."""

    def add_nic(self) -> None:
        """Give the first VM a second NIC, with NEW_MAC, in its definition."""

    def remove(self) -> None:
        """Remove the second VM."""

    def close(self) -> None: ...


class MemoryRack:
    disk = "vda"

    def __init__(self) -> None:
        self.hosts = MemoryHosts("contract")
        self.source = HostSource("contract", "memory", self.hosts)
        self.host = example_host(1)
        self.hosts.add_host(self.host)
        for number in (0, 1):
            self.hosts.put(self._vm(number))

    def _vm(self, number: int):
        made = example_vm(self.host, number)
        nic = replace(made.nics[0], id=MACS[number], mac=MACS[number])
        return replace(made, id=UUIDS[number], name=NAMES[number], nics=(nic,), state=RunState.OFF, run="")

    def rename(self, name: str) -> None:
        self.hosts.put(replace(self._vm(0), name=name))

    def add_nic(self) -> None:
        made = self._vm(0)
        self.hosts.put(replace(made, nics=(*made.nics, replace(made.nics[0], id=NEW_MAC, mac=NEW_MAC))))

    def remove(self) -> None:
        self.hosts.take(UUIDS[1])

    def close(self) -> None:
        self.source.close()


class LibvirtRack:
    """Over libvirt: `uri` for the driver; the administrator's own connection, which is another one, by `admin`."""

    disk = "vda"

    def __init__(self, uri: str, kind: str, admin: Callable[[], libvirt.virConnect]) -> None:
        self._kind = kind
        self._admin = admin()
        for number in (0, 1):
            self._admin.defineXML(self._xml(number))
        self.source = open_hosts("contract", {"hosts": [{"uri": uri, "name": "rack"}], "timeout": 60})
        self.hosts = self.source.hosts

    def _xml(self, number: int, *more: str) -> str:
        nics = "".join(f"<interface type='user'><mac address='{mac}'/></interface>" for mac in (MACS[number], *more))
        path = quoteattr(f"/srv/images/{NAMES[number]}.qcow2")
        machine = " machine='pc'" if self._kind == "qemu" else ""
        arch = "x86_64" if self._kind == "qemu" else "i686"
        return (
            f"<domain type='{self._kind}'><name>{NAMES[number]}</name><uuid>{UUIDS[number]}</uuid>"
            f"<memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='{arch}'{machine}>hvm</type></os><devices>"
            f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file={path}/>"
            f"<target dev='vda' bus='virtio'/></disk>{nics}</devices></domain>"
        )

    def rename(self, name: str) -> None:
        self._admin.lookupByUUIDString(UUIDS[0]).rename(name, 0)

    def add_nic(self) -> None:
        self._admin.defineXML(self._xml(0, NEW_MAC))

    def remove(self) -> None:
        self._admin.lookupByUUIDString(UUIDS[1]).undefine()

    def close(self) -> None:
        self.source.close()
        await_end()
        for one in UUIDS:
            try:
                self._admin.lookupByUUIDString(one).undefine()
            except libvirt.libvirtError:
                continue
        self._admin.close()


def await_end() -> None:
    """Wait until connections to a rack that were let go of are closed. All those to libvirt's test driver share one host and its
    events: one that ends while the next test begins to listen makes libvirt forget what that one waits for."""
    for thread in threading.enumerate():
        if thread.name == "libvirt rack":
            thread.join(60)
