"""Servers (machines that Corral manages), flavors, and the request that makes one of the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from corral.domain.composing import Composition
from corral.domain.lifecycle import Event, Status, after
from corral.domain.vm import VmDisk, VmNic


class Kind(StrEnum):
    """What kind of machine a server has."""

    NODE = "node"
    VM = "vm"


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """One entry of `networks`: exactly one of `port_id` (bind this port) and `net_id` (create a port and plug it)."""

    port_id: str | None = None
    net_id: str | None = None
    port_type: str | None = None

    def as_json(self) -> dict[str, str]:
        pairs = {"port_id": self.port_id, "net_id": self.net_id, "port_type": self.port_type}
        return {key: value for key, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ManageRequest:
    """What an operator asks for. `project` None: the one that the machine's ports or owner name, else the caller's.

    `kind`: what the machine is, as soon as somebody looked. A VM has no networks here, as it keeps the NICs that it has, and may
    have no flavor: "" then."""

    name: str
    node: str
    flavor: str
    networks: tuple[NetworkRequest, ...]
    source: str | None = None
    description: str | None = None
    availability_zone: str | None = None
    project: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = Kind.NODE

    def as_json(self) -> dict[str, Any]:
        # Of nodes nothing is said: plans of an earlier release are read here, and their digests must stay.
        kind = {} if self.kind is Kind.NODE else {"kind": str(self.kind)}
        return kind | {
            "name": self.name,
            "node_uuid": self.node,
            "flavor_uuid": self.flavor,
            "networks": [entry.as_json() for entry in self.networks],
            "source": self.source,
            "description": self.description,
            "availability_zone": self.availability_zone,
            "project_id": self.project,
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ManageRequest:
        return cls(
            name=data["name"],
            node=data["node_uuid"],
            flavor=data["flavor_uuid"],
            networks=tuple(NetworkRequest(**entry) for entry in data["networks"]),
            source=data.get("source"),
            description=data.get("description"),
            availability_zone=data.get("availability_zone"),
            project=data.get("project_id"),
            metadata=data.get("metadata") or {},
            kind=Kind(data.get("kind", Kind.NODE)),
        )


@dataclass(frozen=True, slots=True)
class ServerNic:
    """A network port of a server. `made` and `plugged` say what Corral did itself, and so what it may undo."""

    port: str
    network: str
    mac: str
    addresses: tuple[str, ...] = ()
    port_type: str | None = None
    made: bool = False
    plugged: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A machine that Corral manages. `revision` grows with each save; a save against an old one is refused.

    `composed`: None or False for a machine that was there already. `system`: the pod's id of what was composed for it.

    Of a VM: `flavor` is "" where none was named, `host` the id of the host that had it when last acted upon, `memory` bytes,
    `volumes` and `vm_nics` its disks and NICs as they were adopted, in its own order, by ids that last. `vm_name`: what it is
    to be called at its hypervisor since the server was renamed; None while it may be called as it is. `nics`: network ports."""

    uuid: str
    name: str
    source: str
    machine: str
    project: str
    status: Status
    flavor: str
    machine_name: str | None = None
    user: str | None = None
    description: str | None = None
    power: str | None = None
    availability_zone: str | None = None
    image: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    nics: tuple[ServerNic, ...] = ()
    macs: tuple[str, ...] = ()
    kind: Kind = Kind.NODE
    host: str | None = None
    cpus: int | None = None
    memory: int | None = None
    volumes: tuple[VmDisk, ...] = ()
    vm_nics: tuple[VmNic, ...] = ()
    vm_name: str | None = None
    locked: bool = False
    adopted: bool = True
    composed: bool | None = None
    system: str | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    fault: Mapping[str, Any] | None = None
    launched_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    revision: int = 0

    @property
    def placed(self) -> bool:
        """Whether it has a machine. Until one is chosen for a server that is created, its own uuid stands in for it, which is no
        machine's."""
        return self.machine != self.uuid

    def on(self, event: Event) -> Server:
        """This server after `event`; the only way in which a status changes. Raises Conflict."""
        return replace(self, status=after(self.status, event))


@dataclass(frozen=True, slots=True)
class Flavor:
    """What a server is sold as. `resources` maps resource classes to amounts, as text, as Mogan's client sends them.
    `compose`: what a server of it is composed of; None when it is scheduled onto a node that is there."""

    uuid: str
    name: str
    description: str | None = None
    resources: Mapping[str, str] = field(default_factory=dict)
    resource_aggregates: Mapping[str, str] = field(default_factory=dict)
    is_public: bool = True
    disabled: bool = False
    projects: tuple[str, ...] = ()
    compose: Composition | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def allows(self, project: str) -> bool:
        """True when servers of that project may have it."""
        return self.is_public or project in self.projects

    def fits(self, resource_class: str | None) -> bool:
        """True when the flavor asks for exactly this class. A flavor without resources fits nothing."""
        if not resource_class:
            return False
        return {normal_class(name) for name in self.resources} == {normal_class(resource_class)}


def normal_class(name: str) -> str:
    """A resource class as Placement writes it: `gold`, `Gold` and `CUSTOM_GOLD` are one class.

    As OpenStack does it: a run of other characters becomes one underscore, and only then come capitals, because
    capitals can turn one letter that is not ASCII into two that are. A name that is in this form already stays.
    """
    if re.fullmatch(r"CUSTOM_[A-Z0-9_]*", name):
        return name
    upper = re.sub(r"[^A-Za-z0-9]+", "_", name).upper()
    return upper if upper.startswith("CUSTOM_") else f"CUSTOM_{upper}"
