"""What Corral answers about hypervisor hosts, for the OpenAPI document: the shapes of `render_hosts`, field by field.

Rule: as `bodies`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from corral.api.bodies import Reason

Link = dict[str, str]


class HostStorage(BaseModel):
    """The pools of a host together, in bytes; of those that tell their size."""

    capacity: int
    used: int
    pools: int


class Host(BaseModel):
    """A hypervisor host, as it was seen last. Memory in bytes."""

    id: str
    name: str
    source: str
    group: str | None = Field(description="Its cluster, where the hypervisor has such.")
    hypervisor: str | None
    version: str | None
    reachable: bool
    problem: str | None = Field(description="Why the last survey could not look at it.")
    stale_since: str | None = Field(description="When it last answered, of one that does not; null when it never did.")
    seen_at: str | None = Field(description="When it last answered.")
    first_seen_at: str
    changed_at: str = Field(description="When it was last seen to be other than before.")
    gone_since: str | None = Field(description="Its source does not tell of it any more.")
    survey_wanted_at: str | None = Field(description="Somebody wants it surveyed, and that is not done yet.")
    cores: int
    cpus_given: int = Field(description="Virtual CPUs of the VMs that run.")
    memory: int
    memory_given: int
    machines: int
    storage: HostStorage
    networks: int
    links: list[Link]


class HostPool(BaseModel):
    """Where volumes are kept. Sizes in bytes, 0 when unknown."""

    id: str
    name: str
    kind: str
    path: str | None
    source: str | None
    capacity: int
    used: int
    active: bool


class HostNetworkBody(BaseModel):
    """A network that VMs of the host can be on."""

    name: str
    kind: str
    id: str | None
    bridge: str | None
    vlan: int | None
    active: bool


class Untold(BaseModel):
    """What a host could not be asked for."""

    part: str
    why: str


class HostDetail(Host):
    """A hypervisor host with its pools and networks."""

    pools: list[HostPool]
    host_networks: list[HostNetworkBody]
    untold: list[Untold]


class HostSourceBody(BaseModel):
    """A source of hosts, and how far its survey is."""

    name: str
    driver: str
    survey_every: float = Field(description="Seconds between surveys.")
    surveyed_at: str | None = Field(description="The end of the last survey in which all of its hosts were asked.")
    problem: str | None


class Hosts(BaseModel):
    """A page of hosts, by name."""

    hosts: list[Host]
    sources: list[HostSourceBody]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class HostMachine(BaseModel):
    """A VM. Memory in bytes."""

    id: str
    name: str
    source: str
    adoptable: bool
    reasons: list[Reason] = Field(description="Why it can't be adopted, and what should be known before.")
    server_uuid: str | None = Field(description="The server that it is, if it is managed.")
    host: str = Field(description="The host's id.")
    host_name: str | None
    also_on: list[str] = Field(description="Ids of other hosts that tell of the same VM.")
    state: str
    power_state: str
    cpus: int
    memory: int
    arch: str | None
    machine_type: str | None
    firmware: str | None
    hypervisor: str | None
    persistent: bool
    saved: bool
    agent: Literal["absent", "silent", "connected"]
    owner: str | None = Field(description="A system that says it manages the VM.")
    folder: str | None = Field(description="Where its hypervisor keeps it for people.")
    tags: list[str]
    run: str | None = Field(description="What the next start changes.")
    snapshots: list[str]
    passthrough: list[HostDevice]
    volumes: int
    macs: list[str]
    addresses: list[str]
    problem: str | None = Field(description="Why what the hypervisor said of it could not be read.")
    first_seen_at: str
    changed_at: str
    gone_since: str | None


class HostDevice(BaseModel):
    """A device of the host that a VM holds."""

    kind: str
    address: str


class HostMachines(BaseModel):
    """A page of a host's VMs, by id."""

    machines: list[HostMachine]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class AdoptableVms(BaseModel):
    """A page of VMs of all hosts, by source and id."""

    adoptable_vms: list[HostMachine]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class HostVolume(BaseModel):
    """A disk of a VM, or a drive for media. Sizes in bytes, 0 when unknown."""

    machine: str
    machine_name: str
    id: str
    kind: str
    device: str
    bus: str | None
    format: str | None
    path: str | None
    pool: str | None
    volume: str | None
    protocol: str | None
    serial: str | None
    wwn: str | None
    identifiers: dict[str, str] = Field(description="What storage may know it by, the most certain first.")
    backing: list[str]
    size: int
    used: int
    read_only: bool
    shared: bool
    job: str | None
    reasons: list[Reason] = Field(description="Those of its VM's that are about this volume.")


class HostVolumes(BaseModel):
    """A page of the volumes that a host's VMs use, by VM."""

    volumes: list[HostVolume]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class HostAddress(BaseModel):
    """An address of a NIC, and who said so."""

    ip: str
    origin: Literal["agent", "lease", "arp"]


class HostNic(BaseModel):
    """A NIC of a VM."""

    machine: str
    machine_name: str
    id: str
    mac: str
    kind: str
    model: str | None
    network: str | None
    bridge: str | None
    interface_id: str | None
    vlan: int | None
    device: str | None
    addresses: list[HostAddress]
    reasons: list[Reason] = Field(description="Those of its VM's that are about this NIC.")


class HostNics(BaseModel):
    """A page of the NICs of a host's VMs, by VM."""

    nics: list[HostNic]
    next: str | None = Field(None, description="The following page; not there on the last one.")


SUCCESS: dict[tuple[str, str, int], type[BaseModel]] = {
    ("GET", "/v1/hosts", 200): Hosts,
    ("GET", "/v1/hosts/{host}", 200): HostDetail,
    ("GET", "/v1/hosts/{host}/machines", 200): HostMachines,
    ("GET", "/v1/adoptable_vms", 200): AdoptableVms,
    ("GET", "/v1/adoptable_vms/{vm}", 200): HostMachine,
    ("GET", "/v1/hosts/{host}/volumes", 200): HostVolumes,
    ("GET", "/v1/hosts/{host}/nics", 200): HostNics,
    ("POST", "/v1/hosts/{host}/survey", 202): HostDetail,
}
"""By method, path and status."""
