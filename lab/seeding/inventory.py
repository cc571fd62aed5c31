"""The nodes of a seeded lab, as data.

Role: says what there is, and why; seeding/nodes.py makes it. Each node exists for one case that Corral has to judge.
Nothing here talks to a service.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

# Fixed UUIDs: a node that is made anew is the same node for whoever noted its UUID.
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
IMAGE = "debian-12"
MISSING_IMAGE = "99999999-0000-4000-8000-000000000000"
TAKEN_BY = "aaaaaaaa-0000-4000-8000-000000000001"

PROPERTIES = {
    "gold": {"cpus": 16, "memory_mb": 65536, "local_gb": 480, "cpu_arch": "x86_64"},
    "silver": {"cpus": 8, "memory_mb": 32768, "local_gb": 240, "cpu_arch": "x86_64"},
}


@dataclass(frozen=True)
class Node:
    """One node that the seed makes. `networks` has an entry per NIC: the network of its VIF, or None without one."""

    name: str
    about: str
    number: int = 0
    resource_class: str | None = "gold"
    network_interface: str = "flat"
    networks: Sequence[str | None] = ("tenant",)
    image: str | None = IMAGE
    owner: str | None = None
    system: int | None = None
    state: str = "active"
    power: str | None = "power on"
    portgroup: bool = False
    shout: bool = False
    mac_prefix: str = "52:54:00:10"

    @property
    def uuid(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"corral-lab/{self.name}"))

    def mac(self, nic: int) -> str:
        """MAC of a NIC; redfish nodes have the one that the emulator reports."""
        if self.system is not None:
            return f"00:5c:52:00:00:{self.system:02x}"
        address = f"{self.mac_prefix}:{self.number:02x}:{nic:02x}"
        return address.upper() if self.shout else address

    def port_name(self, nic: int) -> str:
        """Name of the Neutron port that is the VIF of a NIC."""
        return f"{self.name}-eth{nic}"


def _numbered(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(Node(**(vars(node) | {"number": number})) for number, node in enumerate(nodes, 1))


NODES = _numbered(
    (
        Node("bank-db-01", "adoptable, one NIC with a VIF", owner="demo"),
        Node(
            "bank-db-02",
            "adoptable, its MAC was given to Ironic in upper case",
            owner="demo",
            shout=True,
            mac_prefix="52:54:00:ab",
        ),
        Node("bank-web-01", "adoptable, two NICs with VIFs in two networks", networks=("tenant", "provisioning")),
        Node("legacy-app-01", "adoptable, its image is not in Glance", image=MISSING_IMAGE),
        Node("legacy-app-02", "adoptable, no image recorded", image=None),
        Node("edge-01", "adoptable, its NIC has no VIF yet", networks=(None,), owner="demo"),
        Node("noop-01", "adoptable, noop network interface without a VIF", networks=(None,), network_interface="noop"),
        Node("url-image-01", "image_source is a URL on the web", image="http://127.0.0.1:9/debian-12.qcow2"),
        Node("url-image-02", "image_source is a file of the host", image="file:///etc/passwd"),
        Node("bad-port-01", "not adoptable: its VIF names a Neutron port that was deleted"),
        Node("mac-mismatch-01", "not adoptable: the Neutron port of its VIF has another MAC"),
        Node("maint-01", "not adoptable: in maintenance"),
        Node("noclass-01", "not adoptable: no resource class", resource_class=None),
        Node("retired-01", "not adoptable: retired"),
        Node(
            "power-untrue-01",
            "not adoptable: the machine runs, Ironic's record says power off",
            system=3,
            resource_class="silver",
            power="power off",
        ),
        Node("power-unknown-01", "not adoptable: Ironic knows no power state", power=None),
        Node("taken-01", "not adoptable: another client's instance and allocation are on it"),
        Node(
            "portgroup-01",
            "adoptable, the VIF is on a port group of two NICs",
            portgroup=True,
            networks=("tenant", None),
        ),
        Node("rf-adopt-01", "adoptable Redfish machine", system=1, resource_class="silver"),
        Node("rf-adopt-02", "adoptable Redfish machine", system=2, resource_class="silver"),
        Node(
            "available-01",
            "not adoptable: available, nothing runs on it",
            networks=(None,),
            image=None,
            state="available",
            power="power off",
        ),
        Node("enroll-01", "not adoptable: only enrolled", networks=(None,), image=None, state="enroll", power=None),
    )
)


def benchmark_nodes(prefix: str, count: int) -> tuple[Node, ...]:
    """Adoptable nodes prefix-00001 and so on, each with one NIC and its VIF; at most 65,535."""
    first = f"52:{zlib.crc32(prefix.encode()) & 255:02x}"
    return tuple(
        Node(
            f"{prefix}-{number:05d}",
            "benchmark",
            number=number & 255,
            networks=("provisioning",),
            mac_prefix=f"{first}:{zlib.crc32(prefix.encode()) >> 8 & 255:02x}:{number >> 8:02x}",
        )
        for number in range(1, count + 1)
    )
