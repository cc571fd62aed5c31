"""What Cinder's drivers do to a volume in use when they manage it, and how what they list is named at a hypervisor.

Rule: a driver is known here because its `manage_existing` and `unmanage` were read (Cinder 2026.1); what nobody has read is not
safe. What an operator knows of a driver goes into the mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corral.domain.disk_names import iscsi_name, plain_wwn, wwpn_name


class Treatment(StrEnum):
    """What managing does to a volume that a VM uses."""

    KEEPS = "keeps"
    RENAMES = "renames"
    REFUSES = "refuses"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Backend:
    """A pool of Cinder's. `host` is `host@backend#pool`; `protocol`, `vendor` and `location`: what its driver says of itself."""

    host: str
    name: str = ""
    protocol: str = ""
    vendor: str = ""
    location: str = ""

    @property
    def service(self) -> str:
        """`host@backend`, by which its volumes are listed."""
        return self.host.partition("#")[0]

    @property
    def pool(self) -> str:
        """The part after that, "" for none."""
        return self.host.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Manageable:
    """A volume that a backend has and Cinder does not, or does (`cinder_id`). `reference`: what the driver calls it, as
    `{source-name: …}`. `gib`: rounded up, None when not told. `safe` and `why_not`: the driver's word on managing it. `extra`:
    what else the driver tells of it."""

    backend: str
    reference: Mapping[str, str]
    gib: int | None = None
    safe: bool = True
    why_not: str = ""
    cinder_id: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The reference for people."""
        return ", ".join(f"{key} {value}" for key, value in sorted(self.reference.items()))


@dataclass(frozen=True, slots=True)
class Driver:
    """A kind of driver. `what` ends a sentence: what exactly is renamed."""

    name: str
    is_one: Callable[[Backend], bool]
    treatment: Treatment
    what: str = ""


def _protocol(*names: str) -> Callable[[Backend], bool]:
    return lambda backend: backend.protocol.lower() in names


def _vendor(name: str, *protocols: str) -> Callable[[Backend], bool]:
    def is_one(backend: Backend) -> bool:
        return name in backend.vendor.lower() and (not protocols or backend.protocol.lower() in protocols)

    return is_one


_BLOCK = ("iscsi", "fc", "fibre_channel", "nvmeof", "nvme-of", "nvme-tcp")

DRIVERS: tuple[Driver, ...] = (
    Driver(
        "LVM",
        lambda backend: backend.location.startswith("LVMVolumeDriver:"),
        Treatment.RENAMES,
        "the logical volume becomes volume-ID, and with it its path",
    ),
    Driver("RBD", _protocol("ceph", "rbd"), Treatment.RENAMES, "the image becomes volume-ID in its pool"),
    Driver(
        "files on shares",
        _protocol("file", "nfs", "smbfs", "vzstorage", "glusterfs"),
        Treatment.RENAMES,
        "the file becomes volume-ID on its share",
    ),
    # Its _query_powerflex_volume and Pure's manage_existing raise for a volume that is mapped.
    Driver("PowerFlex", _protocol("powerflex", "scaleio", "vxflexos"), Treatment.REFUSES),
    Driver("Pure Storage", _vendor("pure storage"), Treatment.REFUSES),
    # move_lun gives the LUN another path within its volume; serial number, mapping and access stay.
    Driver("NetApp LUNs", _vendor("netapp", *_BLOCK), Treatment.KEEPS),
)
"""The first that fits counts."""

_UNREAD = Driver("unknown", lambda _: True, Treatment.UNKNOWN)


def driver_of(backend: Backend) -> Driver:
    """The kind of driver that a backend has."""
    return next((one for one in DRIVERS if one.is_one(backend)), _UNREAD)


def names_of(one: Manageable, backend: Backend, host: str) -> frozenset[tuple[str, str]]:
    """What a hypervisor called `host` would know that volume by: (kind, value), as `gaps_volumes.known_as` has them."""
    told = {*one.reference.values(), *one.extra.values()}
    anyhow = {("wwn", plain_wwn(text)) for text in told} | {("serial", text) for text in told}
    anyhow |= {("iscsi", iscsi_name(text)) for text in told if "/" in text or text.startswith("iqn.")}
    anyhow |= {("wwpn", wwpn_name(text)) for text in told}
    place = {name for name in (one.reference.get("source-name"), one.reference.get("name")) if name}
    return frozenset(entry for entry in anyhow | _placed(place, backend, host) if entry[1])


def _placed(names: set[str], backend: Backend, host: str) -> set[tuple[str, str]]:
    parts = backend.location.split(":")
    if backend.location.startswith("LVMVolumeDriver:") and len(parts) > 2:
        # A volume group of that name on another host is another one.
        return {(kind, path) for name in names for kind, path in _lvm(parts[2], name) if same_host(parts[1], host)}
    if driver_of(backend).name == "RBD":
        return {("rbd", f"{parts[-1]}/{name}") for name in names if parts[-1]}
    return {("remote", name) for name in names if "/" in name} | {("path", name) for name in names if name[:1] == "/"}


def _lvm(group: str, name: str) -> set[tuple[str, str]]:
    mapped = "-".join(part.replace("-", "--") for part in (group, name))
    return {("path", f"/dev/{group}/{name}"), ("path", f"/dev/mapper/{mapped}"), ("lvm", f"{group}/{name}")}


def same_host(one: str, other: str) -> bool:
    """Whether two names of hosts mean one, of which either may be without its domain."""
    return one.partition(".")[0].lower() == other.partition(".")[0].lower()
