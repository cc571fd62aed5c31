"""What is not a VM: hosts with their clusters, datastores and networks, all of it in one listing.

Rule: what a host was not allowed to tell of is named in `untold`; what else is missing is empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyVmomi import vim

from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.drivers.vsphere.collect import Told, Wanted, of_objects, of_view
from corral.drivers.vsphere.link import Session

LONGEST = 1024
"""Characters of a single value; what is longer is cut."""
MOST_ATTRIBUTES = 4096
DEEPEST = 64
"""Folders in each other that are followed."""
_HOST = (
    *("name", "parent", "runtime.connectionState", "summary.hardware.uuid", "summary.hardware.memorySize"),
    *("summary.hardware.numCpuThreads", "summary.config.product.version", "datastore", "network"),
    "config.network.portgroup",
)
STATE = ("runtime.connectionState",)
_POOL = ("name", "summary.url", "summary.type", "summary.capacity", "summary.freeSpace", "summary.accessible")
WANTED: Wanted = {
    vim.HostSystem: _HOST,
    vim.ComputeResource: ("name", "parent"),
    vim.Folder: ("name", "parent"),
    vim.Datacenter: ("name", "parent"),
    vim.Datastore: _POOL,
    vim.Network: ("name",),
    vim.OpaqueNetwork: ("name", "summary"),
    vim.dvs.DistributedVirtualPortgroup: ("name", "key", "config.defaultPortConfig"),
}
FIELDS: Wanted = {vim.CustomFieldsManager: ("field",)}


@dataclass(frozen=True, slots=True)
class Inventory:
    """By the vCenter's own id for them: hosts; datastores; folders, as paths. By the key that a NIC names: distributed and opaque
    networks. By its key: the name of each custom attribute."""

    hosts: Mapping[str, Host]
    pools: Mapping[str, Pool]
    networks: Mapping[str, HostNetwork]
    folders: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[int, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[object, ...]:
        """What VMs are made of: not how full the datastores are, which is another number at each look."""
        hosts = {key: (host.id, host.name, host.networks) for key, host in self.hosts.items()}
        pools = {key: (pool.id, pool.name, pool.kind) for key, pool in self.pools.items()}
        return hosts, pools, self.networks, self.folders, self.attributes


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
    told = list(of_view(session, session.view((*WANTED,)), WANTED))
    ids = Counter(uuid_of(one) for kind, one in told if issubclass(kind, vim.HostSystem))
    return inventory(told, source, {uuid for uuid, count in ids.items() if count > 1}, attributes(session))


def inventory(
    told: Iterable[tuple[type, Told]], source: str, twice: Container[str], names: Mapping[int, str]
) -> Inventory:
    """What was told, sorted. `twice`: UUIDs that several hosts have. `names`: the custom attributes."""
    found = _Found()
    for kind, one in told:
        _sort(found, kind, one)
    hosts = {}
    for one in sorted(found.hosts, key=lambda one: text(one.properties.get("name"))):
        # Some makers give all their boards one UUID: then it tells nothing.
        uuid = uuid_of(one)
        hosts[one.object] = _host(found, one, source, uuid if uuid not in twice else "")
    folders = {key: _folder(found, key) for key, (kind, _) in found.places.items() if issubclass(kind, vim.Folder)}
    return Inventory(hosts, found.pools, found.keys, folders, names)


def uuid_of(host: Told) -> str:
    """The UUID of a host's board, which its maker may have given to many."""
    return text(host.properties.get("summary.hardware.uuid"))


def attributes(session: Session) -> dict[int, str]:
    """The names of the custom attributes by their keys, none where there is no vCenter that keeps them."""
    return names_in(of_objects(session, keepers(session), FIELDS))


def keepers(session: Session) -> list[Any]:
    """What keeps the custom attributes; none where there is no vCenter."""
    manager = session.content.customFieldsManager
    return [manager] if manager is not None else []


def names_in(told: Iterable[tuple[type, Told]]) -> dict[int, str]:
    """The names of the custom attributes by their keys, out of what was told of what keeps them."""
    fields = [field for _, one in told for field in one.properties.get("field") or ()]
    return {int(one.key): text(one.name) for one in fields[:MOST_ATTRIBUTES]}


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
        problem=_problem(name, state),
    )


def stated(host: Host, told: Told) -> Host:
    """The host with what its `STATE` says now."""
    return replace(host, problem=_problem(host.name, text(told.properties.get(*STATE)) or "unknown"))


def _problem(name: str, state: str) -> str:
    return "" if state == "connected" else f"Its vCenter says that host {name} is {_WORDS.get(state, state)}."


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
    kinds = vim.ClusterComputeResource | vim.Datacenter
    above = [name for kind, name in _above(found, getattr(parent, "_moId", "")) if issubclass(kind, kinds)]
    return "/".join(reversed(above))


def _folder(found: _Found, number: str) -> str:
    """A folder as people see it: /datacenter/folder, without the two that no client shows, the root and the datacenter's own."""
    above = [*_above(found, number)]
    shown = [
        name
        for (kind, name), (over, _) in zip(above, [*above[1:], (type(None), "")], strict=True)
        if issubclass(kind, vim.Datacenter) or (issubclass(kind, vim.Folder) and issubclass(over, vim.Folder))
    ]
    return "".join(f"/{name}" for name in reversed(shown))[:LONGEST]


def _above(found: _Found, number: str) -> Iterator[tuple[type, str]]:
    """The kind and the name of an object, and of all that it is in, the nearest first."""
    for _ in range(DEEPEST):
        if number not in found.places:
            return
        kind, told = found.places[number]
        yield kind, text(told.properties.get("name"))
        number = getattr(told.properties.get("parent"), "_moId", "")
