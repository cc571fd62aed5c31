"""A virtual machine, as its hypervisor tells it: what it has, where that comes from, and how it runs.

Rule: one shape for libvirt and vSphere. Ids are durable ones: the domain's UUID or instanceUuid, a disk's target or key, a NIC's
MAC or key. What is not told is "" or None, never a guess. A judgement belongs to `vm_adoptability`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corral.domain.disk_names import Name, names_in, plain_wwn
from corral.domain.machine import Power


class RunState(StrEnum):
    """What a VM does right now."""

    RUNNING = "running"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    STOPPING = "stopping"
    OFF = "off"
    CRASHED = "crashed"
    UNKNOWN = "unknown"


class Agent(StrEnum):
    """The guest agent: no channel for it, a channel that nobody answers on, or one that answers."""

    ABSENT = "absent"
    SILENT = "silent"
    CONNECTED = "connected"


class Origin(StrEnum):
    """Where an address is known from, the most trustworthy first."""

    AGENT = "agent"
    LEASE = "lease"
    ARP = "arp"


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address that a NIC has, and who said so."""

    ip: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class VmNic:
    """A NIC. `kind`: bridge, network, direct, user, hostdev, portgroup …: the hypervisor's word for how it is connected.

    `network`: the libvirt network or port group it names; `bridge`: the bridge under it; `interface_id`: the id under which Open
    vSwitch or NSX knows it; `device`: its name on the host while it runs."""

    id: str
    mac: str
    kind: str
    model: str = ""
    network: str = ""
    bridge: str = ""
    interface_id: str = ""
    vlan: int | None = None
    device: str = ""
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class VmDisk:
    """A disk. `id`: libvirt's target, vSphere's device key. `kind`: file, block, network, volume or none (an empty drive).

    `device`: disk, cdrom, floppy or lun. `path`: a file, a device, `[datastore] file`. `pool` and `volume`: as the VM or the
    host's pools name it; for network storage `protocol` with `volume` as its name there (an RBD `pool/image`, an iSCSI
    `IQN/LUN`). `serial`: what the guest sees (vSphere: the backing's UUID); `wwn`: page 0x83. `backing`: what it rests on, the
    nearest first. `size` and `used` are bytes, 0 when unknown. `job`: a copy or a commit that is under way on it. `volatile`: what
    is written to it is dropped when the VM is switched off. `told`: names that the host itself knows its device by."""

    id: str
    kind: str
    device: str = "disk"
    bus: str = ""
    format: str = ""
    path: str = ""
    pool: str = ""
    volume: str = ""
    protocol: str = ""
    serial: str = ""
    wwn: str = ""
    backing: tuple[str, ...] = ()
    size: int = 0
    used: int = 0
    read_only: bool = False
    shared: bool = False
    job: str = ""
    volatile: bool = False
    told: tuple[Name, ...] = ()

    @property
    def names(self) -> tuple[Name, ...]:
        """What storage may know it by, the most certain first: (kind, value). A kind may be there several times, as a disk is seen
        through several ports, and its guest may be told another serial than its host."""
        named = f"{self.pool}/{self.volume}" if self.kind == "volume" else ""
        known = (
            ("wwn", self.wwn),
            (self.protocol, self.volume if self.protocol else ""),
            ("volume", named),
            ("serial", self.serial),
            *names_in(self.path),
            *self.told,
            ("path", self.path),
        )
        return tuple(dict.fromkeys((kind, value) for kind, value in known if value))

    @property
    def identifiers(self) -> tuple[Name, ...]:
        """The first name of each kind, for people."""
        first: dict[str, Name] = {}
        for name in self.names:
            first.setdefault(name[0], name)
        return tuple(first.values())

    @property
    def page83(self) -> str:
        """Its WWN or page 0x83 id without prefix, "" where nobody tells one."""
        if self.wwn:
            return plain_wwn(self.wwn) or self.wwn
        return next((value for kind, value in (*names_in(self.path), *self.told) if kind == "wwn"), "")

    @property
    def place(self) -> tuple[str, str] | None:
        """Where its bytes are: two disks with one place are one. None for an empty drive."""
        if self.protocol:
            return self.protocol, self.volume
        if self.path:
            return "path", self.path
        return ("volume", f"{self.pool}/{self.volume}") if self.volume else None


@dataclass(frozen=True, slots=True)
class Passthrough:
    """A device of the host that the VM holds: `kind` is pci, usb, mdev, scsi …, `address` as the host names it."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Vm:
    """One VM on one host. `host` is the host's id; `memory` is bytes, `cpus` those it runs with.

    `owner`: a system that says it manages the VM (Nova, oVirt …), "" for none. `run`: an id of this run, which the next start
    changes (libvirt's domain id, vSphere's boot time), "" while it is off. `boot`: what else tells one run from the next."""

    source: str
    host: str
    id: str
    name: str
    state: RunState = RunState.UNKNOWN
    host_name: str = ""
    cpus: int = 0
    memory: int = 0
    arch: str = ""
    machine_type: str = ""
    firmware: str = ""
    hypervisor: str = ""
    disks: tuple[VmDisk, ...] = ()
    nics: tuple[VmNic, ...] = ()
    snapshots: tuple[str, ...] = ()
    passthrough: tuple[Passthrough, ...] = ()
    persistent: bool = True
    saved: bool = False
    """Its memory was saved to disk; the next start goes on from there."""
    agent: Agent = Agent.ABSENT
    owner: str = ""
    run: str = ""
    boot: Mapping[str, str] = field(default_factory=dict, compare=False)
    problem: str = ""
    """Set when what the hypervisor said of it could not be read: it is listed all the same."""
    template: bool = False
    """It is a pattern for others, which never runs."""
    fault_tolerant: bool = False
    """A second VM runs in step with it on another host."""
    linked: bool = False
    """Its disks rest on those of another VM."""
    encrypted: bool = False
    """Its files can be read with a key only that its hypervisor gets from elsewhere."""
    unconsolidated: bool = False
    """Files of snapshots that were deleted are still part of its disks."""
    question: str = ""
    """It stands still until somebody answers this."""
    folder: str = ""
    """Where its hypervisor keeps it for people: `/east/web` at vSphere, without the VM's own name."""
    project: str = ""
    """The project that a system's metadata with it names (Nova's)."""
    tags: tuple[str, ...] = ()
    """Words that people put on it: `name`, or `category:name` where the hypervisor has categories."""
    notes: str | None = None
    """What people wrote of it, as it stands there; None where that was not told."""
    metadata: tuple[str, ...] | None = None
    """Keys and values that people gave it, `key=value`, sorted; None where the hypervisor has no place for them."""

    @property
    def label(self) -> str:
        """The name where there is one, the id otherwise: for messages."""
        return self.name or self.id

    @property
    def power(self) -> Power:
        """Its power in the words of servers: a paused VM has power, as it holds its memory."""
        if self.state in (RunState.OFF, RunState.CRASHED):
            return Power.OFF
        return Power.UNKNOWN if self.state is RunState.UNKNOWN else Power.ON

    @property
    def macs(self) -> frozenset[str]:
        """All MACs of the VM, normalised."""
        return frozenset(nic.mac for nic in self.nics if nic.mac)

    @property
    def own_disks(self) -> tuple[VmDisk, ...]:
        """The disks that hold its data: no drives for media that are put in and taken out."""
        return tuple(disk for disk in self.disks if disk.device in ("disk", "lun") and disk.place is not None)
