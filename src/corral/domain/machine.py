"""What discovery finds at a source: machines, their NICs and disks, and the cloud's view of their ports.

Rule: a value here is what the source said, made typed and bounded; a judgement on it belongs to `adoptability`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def is_uuid(text: object) -> bool:
    """True for the canonical 36-character form, in either case."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def normal_mac(mac: str) -> str:
    """A MAC in one form: lower case, colons. Sources disagree on case, and Ironic and Neutron with each other."""
    digits = re.sub(r"[^0-9a-f]", "", mac.lower())
    if len(digits) != 12:
        return mac.lower()
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


class Power(StrEnum):
    """A machine's power; the values are Ironic's words, which Mogan's API shows too."""

    ON = "power on"
    OFF = "power off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Nic:
    """A machine's network interface (an Ironic port or port group).

    `id`: the source's durable id. `mac`: normalised. `vif`: the network port that is plugged there, or None.
    `group`: id of the port group that this NIC is a member of, or None. `bond`: True for the group itself.
    """

    id: str
    mac: str
    vif: str | None = None
    group: str | None = None
    bond: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk as the source's inventory tells it; sizes are bytes, 0 when unknown."""

    name: str
    size: int = 0
    serial: str = ""
    wwn: str = ""
    rotational: bool | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine at one source.

    `power` is what the source has on record; `observed_power` what the machine itself said when it was asked,
    None where nobody can ask. `claimed_by` is the instance that holds it, None for a free one. `image` is the
    image reference on record: an image's UUID, but also whatever else was written there (a URL, a path).
    """

    source: str
    id: str
    name: str | None
    provision_state: str
    power: Power
    resource_class: str | None = None
    observed_power: Power | None = None
    power_error: str = ""
    power_asked: bool = False
    target_power: str | None = None
    claimed_by: str | None = None
    allocation: str | None = None
    maintenance: bool = False
    maintenance_reason: str | None = None
    retired: bool = False
    retired_reason: str | None = None
    protected: bool = False
    protected_reason: str | None = None
    reserved_by: str | None = None
    image: str | None = None
    owner: str | None = None
    lessee: str | None = None
    driver: str = ""
    network_interface: str = ""
    fault: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    instance_info: Mapping[str, Any] = field(default_factory=dict)
    instance_name: str | None = field(default=None, compare=False)
    """What the source calls the instance, "" where it has no name yet; None where the source does not say, as in its lists."""
    traits: tuple[str, ...] = field(default=(), compare=False)
    """What the source says that it can do; empty in a list of chosen fields that leaves them out."""
    nics: tuple[Nic, ...] = ()
    disks: tuple[Disk, ...] = ()
    boot: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What the machine itself told of its boot settings and last reset when it was asked for its power."""
    problem: str = ""
    """Set when the source's answer about this machine could not be read: it is listed all the same."""

    @property
    def label(self) -> str:
        """The name where there is one, the id otherwise: for messages."""
        return self.name or self.id

    @property
    def macs(self) -> frozenset[str]:
        """All MACs of the machine, normalised. A port group may have none."""
        return frozenset(nic.mac for nic in self.nics if nic.mac)

    @property
    def vifs(self) -> tuple[str, ...]:
        """Ids of the network ports plugged into the machine, in the order of its NICs."""
        return tuple(nic.vif for nic in self.nics if nic.vif)


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the image service."""

    id: str
    name: str
    status: str = "active"


@dataclass(frozen=True, slots=True)
class FixedIp:
    """An address of a network port."""

    address: str
    subnet: str = ""


@dataclass(frozen=True, slots=True)
class NetworkPort:
    """A port in the network service. `device` and `device_owner` say who uses it; `host` where it is bound."""

    id: str
    mac: str
    network: str
    project: str
    name: str = ""
    status: str = ""
    device: str = ""
    device_owner: str = ""
    host: str = ""
    vnic_type: str = ""
    fixed_ips: tuple[FixedIp, ...] = ()
    tags: tuple[str, ...] = ()
    up: bool = field(default=True, compare=False)
    """Its administrative state. It says nothing against an adoption, and plans that were made before it was known still hold."""
    made: bool = field(default=False, compare=False)
    """Corral made it."""
    snapshot: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """The fields that adoption may change, as the service wrote them, and its revision: for `Networks.bind` and `restore`."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network in the network service."""

    id: str
    name: str
    project: str
    shared: bool = False
