"""What there is in memory: nodes with NICs, allocations, images, networks and their ports.

Rule: plain records and the levers that tests and demonstrations pull from outside (`add`, `remove_node`, `real_power`);
what a client may do to them over the API is in `baremetal` and `cloud`.
"""

from __future__ import annotations

import threading
import uuid
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from corral.domain.errors import Conflict, NotFound
from corral.domain.machine import Image, Machine, Network, NetworkPort, Nic, Power


@dataclass(slots=True)
class NicRecord:
    """A port (or, with `bond`, a port group) of a node."""

    uuid: str
    mac: str
    vif: str | None = None
    group: str | None = None
    bond: bool = False


@dataclass(slots=True)
class Node:
    """A node. `power` is the record; `real_power` the machine itself, None where nobody can ask, and `bmc_error` why
    the BMC does not answer. `broken`: its record can't be read."""

    uuid: str
    name: str | None = None
    provision_state: str = "active"
    power: str | None = "power on"
    real_power: Power | None = None
    bmc_error: str = ""
    boots: int = 0
    target_power: str | None = None
    resource_class: str | None = None
    driver: str = "fake-hardware"
    network_interface: str = "flat"
    instance_uuid: str | None = None
    allocation_uuid: str | None = None
    maintenance: bool = False
    maintenance_reason: str | None = None
    retired: bool = False
    retired_reason: str | None = None
    protected: bool = False
    protected_reason: str | None = None
    reservation: str | None = None
    owner: str | None = None
    lessee: str | None = None
    fault: str | None = None
    last_error: str | None = None
    broken: str = ""
    instance_info: dict[str, Any] = field(default_factory=dict)
    instance_name: str | None = None
    target_raid_config: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    traits: list[str] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    created_at: str = "2026-01-01T00:00:00+00:00"
    updated_at: str | None = None
    nics: list[NicRecord] = field(default_factory=list)

    def touch(self) -> None:
        self.updated_at = datetime.now(UTC).isoformat()


@dataclass(slots=True)
class Port:
    """A port of the network service."""

    id: str
    mac: str
    network: str
    project: str = ""
    name: str = ""
    device: str = ""
    device_owner: str = ""
    host: str = ""
    vnic_type: str = "baremetal"
    status: str = "DOWN"
    description: str = ""
    addresses: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    up: bool = True
    revision: int = 1


@dataclass(slots=True)
class Storage:
    """What Cinder has, and what its backends have. `pools` and `luns` as Cinder shows them, by `host@backend`; `volumes` and
    `attachments` by id. `slow`: volumes stay as they are until `settle`; `broken`: what is managed ends in an error."""

    pools: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    luns: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    volumes: dict[str, dict[str, Any]] = field(default_factory=dict)
    attachments: dict[str, dict[str, Any]] = field(default_factory=dict)
    slow: bool = False
    broken: bool = False


class World:
    """All records, under one lock. `slow_power`: power changes stay under way until `finish_power`. `slow_deploys`: they wait
    for the agent until `finish_deploy`. `deploy_error` and `clean_error`: how those fail that come to their end;
    `verify_error`: why a new node can't be reached."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.nodes: dict[str, Node] = {}
        self.order: list[str] = []
        self.names: dict[str, str] = {}
        self.allocations: dict[str, dict[str, Any]] = {}
        self.images: dict[str, Image] = {}
        self.networks: dict[str, Network] = {}
        self.ports: dict[str, Port] = {}
        self.segments: dict[str, dict[str, Any]] = {}
        self.subnets: dict[str, dict[str, Any]] = {}
        self.storage = Storage()
        self.projects: dict[str, bool] = {}
        self.slow_power = False
        self.slow_deploys = False
        self.deploy_error = ""
        self.clean_error = ""
        self.verify_error = ""

    def add_node(self, node: Node) -> Node:
        with self.lock:
            self.nodes[node.uuid] = node
            if node.name:
                self.names[node.name] = node.uuid
            if not self.order or node.uuid > self.order[-1]:
                self.order.append(node.uuid)
            else:
                insort(self.order, node.uuid)
            if node.allocation_uuid:
                self.allocations[node.allocation_uuid] = allocation(node.allocation_uuid, node.uuid)
        return node

    def add_machine(self, machine: Machine) -> Node:
        """A node that discovery will find as `machine`."""
        return self.add_node(_node(machine))

    def add(
        self, images: Iterable[Image] = (), networks: Iterable[Network] = (), ports: Iterable[NetworkPort] = ()
    ) -> None:
        with self.lock:
            self.images |= {image.id: image for image in images}
            self.networks |= {network.id: network for network in networks}
            self.ports |= {port.id: _port(port) for port in ports}

    def remove_node(self, node: str) -> None:
        """What `DELETE /v1/nodes/U` of an administrator does. Raises Conflict where Ironic refuses."""
        with self.lock:
            found = self.node(node)
            if found.protected:
                raise Conflict(f"Node {node} is protected and cannot be deleted.")
            if found.provision_state == "active" and not found.maintenance:
                raise Conflict(f"Node {node} can not be deleted while it is in provision state active.")
            del self.nodes[found.uuid]
            self.order.remove(found.uuid)
            self.names.pop(found.name or "", None)
            self.allocations.pop(found.allocation_uuid or "", None)

    def node(self, ident: str) -> Node:
        """By uuid or name. Raises NotFound."""
        found = self.nodes.get(ident.lower()) or self.nodes.get(self.names.get(ident, ""))
        if found is None:
            raise NotFound(f"Node {ident} could not be found.")
        return found

    def nics(self) -> Iterator[tuple[Node, NicRecord]]:
        for node in self.nodes.values():
            for nic in node.nics:
                yield node, nic

    def finish_power(self, ident: str) -> None:
        """Carry the power change out that is under way."""
        with self.lock:
            node = self.node(ident)
            if node.target_power is not None:
                switch(node, node.target_power)
                node.target_power = None

    def finish_deploy(self, ident: str) -> None:
        """Bring the deployment that is under way to its end."""
        with self.lock:
            node = self.node(ident)
            node.last_error = self.deploy_error or None
            node.provision_state = "deploy failed" if self.deploy_error else "active"
            node.touch()


def switch(node: Node, to: str) -> None:
    """The node's power becomes `to`; the machine itself follows."""
    if to == "power on" and node.power != "power on":
        node.boots += 1
    node.power = to
    if node.real_power is not None:
        node.real_power = Power(to)
    node.touch()


def allocation(ident: str, node: str | None, state: str = "active", error: str | None = None) -> dict[str, Any]:
    return {"uuid": ident, "node_uuid": node, "state": state, "last_error": error, "name": None, "resource_class": None}


def new_mac() -> str:
    """A MAC as Neutron makes one up for a port that was unplugged."""
    tail = uuid.uuid4().hex[:6]
    return f"fa:16:3e:{tail[:2]}:{tail[2:4]}:{tail[4:6]}"


_SAME = (
    "name",
    "provision_state",
    "resource_class",
    "driver",
    "network_interface",
    "maintenance",
    "maintenance_reason",
    "retired",
    "retired_reason",
    "protected",
    "protected_reason",
    "owner",
    "lessee",
    "fault",
)


def _node(machine: Machine) -> Node:
    info = dict(machine.instance_info)
    if machine.image and "image_source" not in info:
        info["image_source"] = machine.image
    node = Node(
        uuid=machine.id,
        power=None if machine.power is Power.UNKNOWN else str(machine.power),
        real_power=machine.observed_power,
        bmc_error=machine.power_error if machine.power_asked and machine.observed_power is None else "",
        last_error=machine.power_error if machine.power is Power.UNKNOWN else None,
        target_power=machine.target_power,
        instance_uuid=machine.claimed_by,
        allocation_uuid=machine.allocation,
        reservation=machine.reserved_by,
        broken=machine.problem,
        instance_info=info,
        instance_name=machine.instance_name or None,
        properties=dict(machine.properties),
        nics=[_nic(nic) for nic in machine.nics],
        **{name: getattr(machine, name) for name in _SAME},
    )
    if machine.created_at is not None:
        node.created_at = machine.created_at.isoformat()
    return node


def _nic(nic: Nic) -> NicRecord:
    return NicRecord(nic.id, nic.mac, nic.vif, nic.group, nic.bond)


def _port(port: NetworkPort) -> Port:
    return Port(
        id=port.id,
        mac=port.mac,
        network=port.network,
        project=port.project,
        name=port.name,
        device=port.device,
        device_owner=port.device_owner,
        host=port.host,
        vnic_type=port.vnic_type,
        status=port.status or "DOWN",
        addresses=tuple((ip.subnet, ip.address) for ip in port.fixed_ips),
        tags=port.tags,
    )
