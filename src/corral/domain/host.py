"""A host: a machine with a hypervisor, what it offers to its VMs, and whether it answers.

Rule: one shape for every hypervisor. A libvirt daemon is one host; a vCenter has many, with its clusters in `group`.
Where a hypervisor was found (its URI, the login) is the driver's business: nothing of it is here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """A part of a host that may not be there to be asked: a driver that is not installed, a right that is missing."""

    POOLS = "storage pools"
    NETWORKS = "networks"
    BRIDGES = "interfaces"
    LEASES = "DHCP leases"
    AGENTS = "guest agents"


@dataclass(frozen=True, slots=True)
class Pool:
    """Where volumes are kept: a libvirt storage pool, a vSphere datastore. Sizes are bytes, 0 when unknown.

    `kind`: the hypervisor's own word (dir, logical, rbd, netfs, vmfs …). `path`: where its volumes appear on the host, if they
    do. `source`: what the storage calls it (an RBD pool, a volume group, an export)."""

    id: str
    name: str
    kind: str
    path: str = ""
    source: str = ""
    capacity: int = 0
    used: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class HostNetwork:
    """A network that VMs of the host can be on: a libvirt network, a bridge of the host, a vSphere port group.

    `kind`: network, bridge or portgroup. `bridge`: the bridge under it, "" where there is none or nobody says."""

    name: str
    kind: str
    id: str = ""
    bridge: str = ""
    vlan: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Host:
    """One hypervisor host. `id` is durable (the machine's UUID where it tells one, else its name).

    `memory` is bytes. `problem`: why it could not be looked at, "" when it was; then only `source`, `id` and `name` hold, and
    `stale_since` is when it was last seen, None when it never was. `untold`: what it could not be asked for, with why; nothing is
    judged by those parts."""

    source: str
    id: str
    name: str
    hypervisor: str = ""
    version: str = ""
    group: str = ""
    cores: int = 0
    memory: int = 0
    cpus_given: int = 0
    memory_given: int = 0
    vms: int = 0
    pools: tuple[Pool, ...] = ()
    networks: tuple[HostNetwork, ...] = ()
    untold: tuple[tuple[Part, str], ...] = ()
    problem: str = ""
    stale_since: datetime | None = None
    seconds: float = field(default=0.0, compare=False)
    """How long the look took."""

    @property
    def reachable(self) -> bool:
        return not self.problem

    def tells(self, part: Part) -> bool:
        """Whether that part of the host could be read."""
        return all(untold is not part for untold, _ in self.untold)

    def pool_of(self, path: str) -> Pool | None:
        """The pool whose place holds that file or device; the innermost one where places are nested."""
        holding = [pool for pool in self.pools if pool.path and path.startswith(pool.path.rstrip("/") + "/")]
        return max(holding, key=lambda pool: len(pool.path), default=None)
