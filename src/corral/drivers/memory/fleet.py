"""Fleets for the world in memory: a demonstration with one machine for every case, and any number of the same kind.

Rule: the same ids every time, so that what is shown or tested can be named.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from corral.domain.machine import FixedIp, Image, Network, NetworkPort, Power
from corral.drivers.memory.world import NicRecord, Node, World

_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
PROJECT = "c0a1c0a1000000000000000000000001"
OTHER_PROJECT = "c0a1c0a1000000000000000000000002"
_GOLD = {"cpus": 16, "memory_mb": 65536, "local_gb": 480, "cpu_arch": "x86_64"}


def ident(what: str) -> str:
    """The id of something of that name in the demonstration."""
    return str(uuid.uuid5(_SPACE, f"corral-demo/{what}"))


IMAGE = Image(ident("image/debian-12"), "debian-12")
TENANT = Network(ident("network/tenant"), "tenant", PROJECT)
SHARED = Network(ident("network/provisioning"), "provisioning", OTHER_PROJECT, shared=True)


@dataclass(frozen=True, slots=True)
class Case:
    """A machine of the demonstration. `nics`: for each NIC, the network that its port is in, None without a port.
    `ports_made`: whether those ports exist in the network service."""

    name: str
    nics: tuple[Network | None, ...] = (TENANT,)
    image: str | None = IMAGE.id
    real: Power | None = None
    wrong_mac: bool = False
    ports_made: bool = True
    fields: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case("bank-db-01"),
    Case("bank-db-02", fields={"owner": PROJECT}),
    Case("bank-web-01", nics=(TENANT, SHARED)),
    Case("redfish-01", real=Power.ON, fields={"driver": "redfish"}),
    Case("legacy-app-01", image="99999999-0000-4000-8000-000000000000"),
    Case("legacy-app-02", image=None),
    Case("edge-01", nics=(None,)),
    Case("noop-01", nics=(None,), fields={"network_interface": "noop"}),
    Case("off-01", real=Power.OFF, fields={"driver": "redfish", "power": "power off"}),
    Case("bmc-dead-01", fields={"driver": "redfish", "bmc_error": "connection refused"}),
    Case("url-image-01", image="https://images.example.org/debian.qcow2"),
    Case("url-image-02", image="file:///etc/passwd"),
    Case("bad-port-01", ports_made=False),
    Case("mac-mismatch-01", wrong_mac=True),
    Case("maint-01", fields={"maintenance": True, "maintenance_reason": "bad DIMM, waits for a spare part"}),
    Case("noclass-01", fields={"resource_class": None}),
    Case("no-ports-01", nics=()),
    Case("retired-01", fields={"retired": True, "retired_reason": "out of warranty"}),
    Case("power-untrue-01", real=Power.ON, fields={"driver": "redfish", "power": "power off"}),
    Case("power-unknown-01", fields={"power": None, "last_error": "timed out"}),
    Case("fault-01", fields={"fault": "power failure"}),
    Case("locked-01", fields={"reservation": "conductor-3"}),
    Case("protected-01", fields={"protected": True, "protected_reason": "the bank's own word"}),
    Case("taken-01", fields={"instance_uuid": ident("taken"), "allocation_uuid": ident("taken")}),
    Case("available-01", image=None, nics=(None,), fields={"provision_state": "available", "power": "power off"}),
    Case("enroll-01", image=None, nics=(None,), fields={"provision_state": "enroll", "power": None}),
    Case("unreadable-01", fields={"broken": "provision_state is no text"}),
)


def demo(world: World) -> None:
    """The demonstration's fleet, one machine for every case, and a bond."""
    world.add([IMAGE], [TENANT, SHARED])
    for number, case in enumerate(CASES, 1):
        _add(world, case, number)
    _add_bond(world)


def _add(world: World, case: Case, number: int) -> None:
    nics = [_nic(world, case, number, index, network) for index, network in enumerate(case.nics)]
    info = {"display_name": case.name} | ({"image_source": case.image} if case.image else {})
    fields: dict[str, Any] = {"resource_class": "gold", "properties": _GOLD} | case.fields
    world.add_node(
        Node(uuid=ident(case.name), name=case.name, real_power=case.real, instance_info=info, nics=nics, **fields)
    )


def _nic(world: World, case: Case, number: int, index: int, network: Network | None) -> NicRecord:
    mac = f"52:54:00:c0:{number:02x}:{index:02x}"
    nic = NicRecord(ident(f"{case.name}/eth{index}"), mac)
    if network is not None:
        nic.vif = ident(f"{case.name}/port{index}")
        if case.ports_made:
            made = "52:54:00:ee:ee:01" if case.wrong_mac else mac
            world.add(ports=[_port(nic.vif, made, network, case.name, number)])
    return nic


def _port(port: str, mac: str, network: Network, node: str, number: int) -> NetworkPort:
    address = FixedIp(f"10.30.{number // 250}.{number % 250 + 2}", ident(f"subnet/{network.name}"))
    return NetworkPort(port, mac, network.id, PROJECT, node, "ACTIVE", host=ident(node), fixed_ips=(address,))


def _add_bond(world: World) -> None:
    name, group, mac = "bond-01", ident("bond-01/bond0"), "52:54:00:c0:f0:00"
    port = ident("bond-01/port0")
    world.add(ports=[_port(port, mac, TENANT, name, 200)])
    nics = [
        NicRecord(ident("bond-01/eth0"), mac, group=group),
        NicRecord(ident("bond-01/eth1"), "52:54:00:c0:f0:01", group=group),
        NicRecord(group, mac, vif=port, bond=True),
    ]
    info = {"display_name": name, "image_source": IMAGE.id}
    world.add_node(Node(ident(name), name, resource_class="gold", instance_info=info, properties=_GOLD, nics=nics))


def synthetic(world: World, count: int) -> None:
    """`count` free machines of resource class gold with a port each."""
    if count:
        world.add([IMAGE], [TENANT])
    for number in range(count):
        name, mac = f"node-{number:05d}", "52:55:{:02x}:{:02x}:{:02x}:00".format(*number.to_bytes(3, "big"))
        port = ident(f"{name}/port0")
        world.add(ports=[NetworkPort(port, mac, TENANT.id, PROJECT, name, "ACTIVE", host=ident(name))])
        nics = [NicRecord(ident(f"{name}/eth0"), mac, vif=port)]
        info = {"image_source": IMAGE.id}
        world.add_node(Node(ident(name), name, resource_class="gold", instance_info=info, properties=_GOLD, nics=nics))
