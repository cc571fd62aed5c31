"""What is not a VM: hosts with their clusters, datastores and networks, all of it in one listing.

Rule: what a host was not allowed to tell of is named in `untold`; what else is missing is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyVmomi import vim

from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.drivers.vsphere.collect import Told, Wanted, of_view
from corral.drivers.vsphere.link import Session

LONGEST = 1024
"""Characters of a single value; what is longer is cut."""
DEEPEST = 64
"""Folders in each other that are followed."""
_HOST = (
    *("name", "parent", "runtime.connectionState", "summary.hardware.uuid", "summary.hardware.memorySize"),
    *("summary.hardware.numCpuThreads", "summary.config.product.version", "datastore", "network"),
    "config.network.portgroup",
)
_POOL = ("name", "summary.url", "summary.type", "summary.capacity", "summary.freeSpace", "summary.accessible")
WANTED: Wanted = {
    vim.HostSystem: _HOST,
    vim.ComputeResource: ("name", "parent"),
    vim.Folder: ("parent",),
    vim.Datacenter: ("name", "parent"),
    vim.Datastore: _POOL,
    vim.Network: ("name",),
    vim.OpaqueNetwork: ("name", "summary"),
    vim.dvs.DistributedVirtualPortgroup: ("name", "key", "config.defaultPortConfig"),
}


@dataclass(frozen=True, slots=True)
class Inventory:
    """By the vCenter's own id for them: hosts; datastores. By the key that a NIC names: distributed and opaque networks."""

    hosts: Mapping[str, Host]
    pools: Mapping[str, Pool]
    networks: Mapping[str, HostNetwork]

    @property
    def shape(self) -> tuple[object, ...]:
        """What VMs are made of: not how full the datastores are, which is another number at each look."""
        hosts = {key: (host.id, host.name, host.networks) for key, host in self.hosts.items()}
        pools = {key: (pool.id, pool.name, pool.kind) for key, pool in self.pools.items()}
        return hosts, pools, self.networks


@dataclass(slots=True)
class _Found:
    hosts: list[Told] = field(default_factory=list)
    places: dict[str, tuple[type, Told]] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    networks: dict[str, HostNetwork] = field(default_factory=dict)
    keys: dict[str, HostNetwork] = field(default_factory=dict)


def text(value: object) -> str:
    """A value as text, "" where there is none."""
    return "" if value is None else str(value)[:LONGEST]


def look_inventory(session: Session, source: str) -> Inventory:
    """All hosts without their VMs, in the order of their names."""
    found = _Found()
    for kind, told in of_view(session, session.view((*WANTED,)), WANTED):
        _sort(found, kind, told)
    ids = [text(told.properties.get("summary.hardware.uuid")) for told in found.hosts]
    hosts = {}
    for told, uuid in sorted(zip(found.hosts, ids, strict=True), key=lambda pair: text(pair[0].properties.get("name"))):
        # Some makers give all their boards one UUID: then it tells nothing.
        hosts[told.object] = _host(found, told, source, uuid if ids.count(uuid) == 1 else "")
    return Inventory(hosts, found.pools, found.keys)


def _sort(found: _Found, kind: type, told: Told) -> None:
    if issubclass(kind, vim.HostSystem):
        found.hosts.append(told)
    elif issubclass(kind, vim.Datastore):
        found.pools[told.object] = _pool(told)
    elif issubclass(kind, vim.Network):
        made, key = _network(kind, told)
        found.networks[told.object] = made
        if key:
            found.keys[key] = made
    else:
        found.places[told.object] = (kind, told)


def _pool(told: Told) -> Pool:
    known = told.properties.get
    url = text(known("summary.url"))
    capacity = int(known("summary.capacity") or 0)
    return Pool(
        # ds:///vmfs/volumes/UUID/ is the same at every host that has it; so no two of one name are taken for one.
        id=url.removeprefix("ds:///vmfs/volumes/").strip("/") or told.object,
        name=text(known("name")),
        kind=text(known("summary.type")).lower() or "datastore",
        source=url,
        capacity=capacity,
        used=max(capacity - int(known("summary.freeSpace") or 0), 0),
        active=known("summary.accessible") is not False,
    )


def _network(kind: type, told: Told) -> tuple[HostNetwork, str]:
    known = told.properties.get
    opaque = getattr(known("summary"), "opaqueNetworkId", None)
    # A distributed port group's key is its id, should a vCenter tell only what it tells of all networks.
    spread = told.object if issubclass(kind, vim.dvs.DistributedVirtualPortgroup) else ""
    key = text(known("key") or opaque) or spread
    vlan = getattr(getattr(known("config.defaultPortConfig"), "vlan", None), "vlanId", None)
    # Of a trunk the ranges are told, which is not one VLAN.
    tag = vlan if isinstance(vlan, int) and vlan > 0 else None
    return HostNetwork(text(known("name")), "portgroup", id=key or told.object, vlan=tag), key


def _host(found: _Found, told: Told, source: str, uuid: str) -> Host:
    known = told.properties.get
    name = text(known("name")) or told.object
    state = text(known("runtime.connectionState")) or "unknown"
    return Host(
        source=source,
        id=uuid or name,
        name=name,
        hypervisor="ESXi",
        version=text(known("summary.config.product.version")),
        group=_group(found, known("parent")),
        cores=int(known("summary.hardware.numCpuThreads") or 0),
        memory=int(known("summary.hardware.memorySize") or 0),
        pools=tuple(found.pools[one] for one in _ids(known("datastore")) if one in found.pools),
        networks=_networks(found, told),
        untold=_untold(told),
        problem="" if state == "connected" else f"Its vCenter says that host {name} is {_WORDS.get(state, state)}.",
    )


_WORDS = {"notResponding": "not responding"}


def _ids(objects: Iterable[Any] | None) -> list[str]:
    return [one._moId for one in objects or ()]


def _networks(found: _Found, told: Told) -> tuple[HostNetwork, ...]:
    groups = told.properties.get("config.network.portgroup") or ()
    vlans = {text(group.spec.name): int(group.spec.vlanId or 0) for group in groups}
    made = (found.networks[one] for one in _ids(told.properties.get("network")) if one in found.networks)
    # A standard port group has its VLAN at each host by itself; 4095 is all of them.
    return tuple(
        HostNetwork(one.name, one.kind, one.id, vlan=vlans[one.name])
        if one.vlan is None and 0 < vlans.get(one.name, 0) < 4095
        else one
        for one in made
    )


def _untold(told: Told) -> tuple[tuple[Part, str], ...]:
    parts = ((Part.POOLS, "datastore"), (Part.NETWORKS, "network"))
    return tuple((part, f"{told.missing[path]} by its vCenter") for part, path in parts if path in told.missing)


def _group(found: _Found, parent: Any) -> str:
    """Where the host is: its datacenter, and its cluster if it is in one."""
    names: list[str] = []
    for _ in range(DEEPEST):
        if parent is None or parent._moId not in found.places:
            break
        kind, told = found.places[parent._moId]
        if issubclass(kind, vim.ClusterComputeResource | vim.Datacenter):
            names.append(text(told.properties.get("name")))
        parent = told.properties.get("parent")
    return "/".join(reversed(names))
