"""What Corral asks of the cloud around a hypervisor, and records there: volumes in Cinder, ports in Neutron.

All methods may raise Unreachable (nothing was carried out), OutcomeUnknown (sent, answer lost) and DriverFailed, besides what they
name. What records or takes back passes the border for the purpose *record*; everything else only looks. Nothing here deletes a
volume, attaches one for real, or binds a port.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from corral.contracts.border import Border
from corral.domain.cloud_backends import Backend, Manageable
from corral.domain.gaps_ports import CloudNetwork, CloudPort


@dataclass(frozen=True, slots=True)
class CloudVolume:
    """A volume of Cinder's. `attached`: ids of what it is recorded to be attached to. `record`: which of ours made it, "" for
    none. `gib` is its size."""

    id: str
    status: str
    project: str = ""
    name: str = ""
    backend: str = ""
    gib: int | None = None
    record: str = ""
    attached: tuple[str, ...] = ()

    @property
    def moving(self) -> bool:
        """Whether Cinder is at work on it."""
        return self.status in ("creating", "managing", "unmanaging", "attaching", "detaching", "deleting")


@dataclass(frozen=True, slots=True)
class CloudProject:
    """A project of Keystone's."""

    id: str
    name: str = ""
    enabled: bool = True


class Volumes(Protocol):
    """The block storage service, as one project sees it."""

    def backends(self) -> tuple[Backend, ...]:
        """Every pool, by host."""

    def manageable(self, service: str) -> tuple[Manageable, ...]:
        """The volumes that the backend `host@backend` has, those that Cinder has already as well; () for a driver that lists
        none. Raises DriverFailed for one that fails to."""

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these ids that are volumes of any project."""

    def check_project(self) -> None:
        """Raise DriverFailed when the login can't work in this project."""

    def marked(self, record: str) -> CloudVolume | None:
        """The volume that was made for that record."""

    def recorded(self, also: Container[str] = ()) -> tuple[CloudVolume, ...]:
        """Every volume that bears the mark of a record, whoever's, and those of the ids `also`: of all projects where the login may
        see them, else of its own. In pages."""

    def forsake(self, volume: str, record: str) -> None:
        """Have Cinder forget that volume, which bears the mark of a record that is not there any more, with the attachments that
        nothing was exported for; returns at once. Idempotent: does nothing to a volume that is gone, or bears another mark. Raises
        Conflict while somebody is attached for real, or Cinder is at work on it. The volume itself stays where it is."""

    def manage(self, record: str, wanted: Mapping[str, Any]) -> CloudVolume:
        """Have Cinder manage the volume of the body `wanted`, marked as that record's; returns at once, while Cinder works. If the
        record has its volume, that is returned: so a lost answer can't make a second one."""

    def attach(self, volume: str, machine: str) -> None:
        """Record that the volume is attached to that machine, and exports or maps nothing. Idempotent."""

    def detach(self, volume: str, machine: str) -> None:
        """Take that back. Idempotent: does nothing to a volume that is gone, or attached to others only."""

    def unmanage(self, record: str) -> None:
        """Have Cinder forget that record's volume; returns at once. Idempotent. The volume itself stays where it is. Raises
        Conflict when Cinder holds it for something else: an attachment or a snapshot of somebody else's."""


class Ports(Protocol):
    """The network service."""

    def networks(self) -> tuple[CloudNetwork, ...]:
        """Every network with its segments and subnets, in pages."""

    def ports(self, macs: Iterable[str], addresses: Iterable[str]) -> tuple[CloudPort, ...]:
        """The ports with one of these MACs, or one of these addresses."""

    def marked(self, record: str, machine: str) -> CloudPort | None:
        """The port that was made for that record of that machine."""

    def recorded(self) -> tuple[CloudPort, ...]:
        """Every port of a VM that Corral recorded, whoever's, and that nobody has taken over. In pages."""

    def named(self, ids: Iterable[str]) -> tuple[CloudPort, ...]:
        """Those of these ports that exist."""

    def create(self, record: str, wanted: Mapping[str, Any]) -> CloudPort:
        """A port with the body `wanted`, marked as that record's. If the record has its port, that is returned. Raises Conflict
        when MAC or address are taken."""

    def renew(self, record: str, machine: str, mac: str, addresses: Iterable[str]) -> CloudPort:
        """Give that record's port this MAC and exactly these addresses, and switch it on, by the revision that was read: what it
        has of that already is left alone. Raises NotFound; Conflict when somebody has taken it over, or an address is taken."""

    def delete(self, record: str, machine: str) -> None:
        """Delete that record's port, unless somebody has taken it over: then Conflict. Idempotent."""

    def forsake(self, port: str, record: str) -> None:
        """Delete that port, which bears the mark of a record that is not there any more. Idempotent. Raises Conflict when somebody
        has taken it over."""


@dataclass(frozen=True, slots=True)
class CloudAround:
    """The cloud around a source of hosts, that was opened. `volumes`: as a project sees them (None: that of the login)."""

    name: str
    volumes: Callable[[str | None], Volumes]
    ports: Ports
    project: Callable[[str], CloudProject | None]
    close: Callable[[], None] = lambda: None
    check_settings: Callable[[], None] = lambda: None
    border: Border = field(default_factory=lambda: Border(()))
