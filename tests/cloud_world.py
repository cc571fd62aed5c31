"""A host with VMs whose disks are on an array that Cinder has too, and whose NICs are on a VLAN that Neutron has too.

`db` has a disk on the array and a NIC on VLAN 120; `web` has a file on the host, and a NIC on the same VLAN; `lab` is on no network
that Neutron has. Everything in memory.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from corral.domain.host import Host, HostNetwork, Pool
from corral.domain.machine import Network
from corral.domain.vm import Address, Origin, RunState, Vm, VmDisk, VmNic
from corral.drivers.memory.clouds import MemoryCloud
from corral.drivers.memory.hosts import MemoryHosts
from corral.services.surveyor import HostGroup

GIB = 1 << 30
SOURCE, PROJECT = "racks", "b" * 32
HOST = "e0000000-0000-4000-8000-000000000001"
DB, WEB, LAB = (f"a0000000-0000-4000-8000-{number:012d}" for number in (1, 2, 3))
NET, OTHER = "c0000000-0000-4000-8000-000000000120", "c0000000-0000-4000-8000-000000000130"
SUBNET = "d0000000-0000-4000-8000-000000000120"
WWN = "6005076801810523100000000000a001"
ARRAY, FILES = "cinder@array", "cinder@files"
RULES = {"volumes": {"keeps": [ARRAY]}, "project": PROJECT}


def mac(number: int) -> str:
    return f"52:54:00:12:00:{number:02x}"


def host() -> Host:
    return Host(
        source="",
        id=HOST,
        name="kvm-01",
        hypervisor="QEMU",
        pools=(Pool("p1", "images", "dir", path="/srv/images"),),
        networks=(HostNetwork("br120", "bridge", vlan=120), HostNetwork("br0", "bridge")),
    )


def vm(number: int, name: str, disk: VmDisk, bridge: str, ip: str) -> Vm:
    nic = VmNic(mac(number), mac(number), "bridge", "virtio", bridge=bridge, addresses=(Address(ip, Origin.AGENT),))
    return Vm(
        source="",
        host=HOST,
        id=f"a0000000-0000-4000-8000-{number:012d}",
        name=name,
        state=RunState.RUNNING,
        cpus=2,
        memory=4 * GIB,
        machine_type="pc-i440fx-7.2",
        firmware="bios",
        disks=(disk,),
        nics=(nic,),
        run=str(number),
    )


def hosts() -> MemoryHosts:
    """The hypervisor."""
    made = MemoryHosts(SOURCE)
    made.add_host(host())
    disk = VmDisk("sda", "block", bus="scsi", path=f"/dev/disk/by-id/wwn-0x{WWN}", wwn=f"0x{WWN}", size=2 * GIB)
    made.put(vm(1, "db", disk, "br120", "10.12.0.11"))
    image = VmDisk("vda", "file", bus="virtio", format="qcow2", path="/srv/images/web.qcow2", size=20 * GIB)
    made.put(vm(2, "web", image, "br120", "10.12.0.12"))
    made.put(vm(3, "lab", replace(image, path="/srv/images/lab.qcow2"), "br0", "192.168.7.3"))
    return made


def group(made: MemoryHosts) -> HostGroup:
    return HostGroup(SOURCE, "memory", 3600.0, lambda: made.source)


def cloud() -> MemoryCloud:
    """The cloud around it."""
    made = MemoryCloud("corral")
    world = made.world
    world.projects |= {PROJECT: True, "default": True}
    world.add(networks=[Network(NET, "tenant", PROJECT), Network(OTHER, "other", PROJECT)])
    world.segments = {NET: _segment(120), OTHER: _segment(130)}
    pool = {"start": "10.12.0.2", "end": "10.12.0.254"}
    world.subnets[SUBNET] = {
        "id": SUBNET,
        "network_id": NET,
        "cidr": "10.12.0.0/24",
        "gateway_ip": "10.12.0.1",
        "allocation_pools": [pool],
    }
    world.storage.pools = {ARRAY: [_pool(ARRAY, "array", "Acme")], FILES: [_pool(FILES, "file", "files")]}
    world.storage.luns = {
        ARRAY: [lun("lun-db", 2, f"naa.{WWN}"), lun("lun-else", 2, "naa.6005076801810523100000000000a002")],
        FILES: [{"reference": {"source-name": "/srv/images/web.qcow2"}, "size": 20, "extra_info": None}],
    }
    return made


def _segment(vlan: int) -> dict[str, Any]:
    return {
        "provider:network_type": "vlan",
        "provider:physical_network": "physnet1",
        "provider:segmentation_id": vlan,
    }


def _pool(service: str, protocol: str, vendor: str) -> dict[str, Any]:
    told = {"storage_protocol": protocol, "vendor_name": vendor, "volume_backend_name": service.partition("@")[2]}
    return {"name": f"{service}#pool", "capabilities": told}


def lun(name: str, gib: int, wwn: str) -> dict[str, Any]:
    return {"reference": {"source-name": name}, "size": gib, "extra_info": {"wwn": wwn}}


def everything(made: MemoryCloud) -> dict[str, Any]:
    """All there is in the cloud, but for the revisions of ports."""
    with made.world.lock:
        ports = {port.id: {**_plain(port), "revision": None} for port in made.world.ports.values()}
        storage = made.world.storage
        return copy.deepcopy({"ports": ports, "volumes": storage.volumes, "attachments": storage.attachments})


def _plain(port: Any) -> dict[str, Any]:
    return {name: getattr(port, name) for name in type(port).__slots__}
