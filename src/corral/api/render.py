"""The domain as JSON, field by field: Mogan's shapes where Mogan has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from corral.contracts.pace import PaceState
from corral.contracts.sources import Health, Source
from corral.contracts.virtual import Console
from corral.domain.creation import Built
from corral.domain.server import Flavor, Server
from corral.domain.vm import VmDisk, VmNic
from corral.services.survey import Verdict
from corral.store.sync_state import SourceState
from corral.store.vm_records import LastSeen

SERVER_FIELDS = frozenset(
    [
        "uuid",
        "name",
        "description",
        "project_id",
        "user_id",
        "status",
        "power_state",
        "availability_zone",
        "flavor_uuid",
        "image_uuid",
        "addresses",
        "links",
        "launched_at",
        "metadata",
        "tags",
        "key_name",
        "partitions",
        "locked",
        "node",
        "node_uuid",
        "source",
        "kind",
        "host",
        "last_seen",
        "cpus",
        "memory",
        "adopted",
        "composed",
        "warnings",
        "affinity_zone",
        "system_metadata",
        "created_at",
        "updated_at",
        "fault",
    ]
)
SHORT_SERVER = frozenset({"uuid", "name", "description", "status", "power_state", "links"})
NODE_FIELDS = frozenset(
    [
        "uuid",
        "name",
        "source",
        "ports",
        "power_state",
        "provision_state",
        "created_at",
        "properties",
        "instance_info",
        "resource_class",
        "image_source",
        "adoptable",
        "reasons",
        "links",
    ]
)
_ADMIN_ONLY = ("node", "node_uuid", "source", "host", "last_seen", "affinity_zone", "system_metadata")


def time(at: datetime | None) -> str | None:
    """ISO 8601, to the second as Mogan writes it, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def links(base: str, kind: str, uuid: str) -> list[dict[str, str]]:
    """The links of a resource: itself, and its bookmark without a version."""
    return [
        {"href": f"{base}/v1/{kind}/{uuid}", "rel": "self"},
        {"href": f"{base}/{kind}/{uuid}", "rel": "bookmark"},
    ]


def server(one: Server, base: str, *, admin: bool, seen: Mapping[str, LastSeen] | None = None) -> dict[str, Any]:
    """A server in Mogan's shape, with `source`, `kind`, `adopted`, `composed` and `warnings` beside it, and of a VM what it has.
    `fault` only where there is one; `last_seen` only where surveys were asked (`seen`, by the server's uuid)."""
    addresses: dict[str, list[dict[str, str]]] = {}
    for network, found in _addresses(one):
        addresses.setdefault(network, []).extend({"addr": address, "type": "fixed"} for address in found)
    entry: dict[str, Any] = {
        "uuid": one.uuid,
        "name": one.name,
        "description": one.description,
        "project_id": one.project,
        "user_id": one.user,
        "status": str(one.status),
        "power_state": one.power,
        "availability_zone": one.availability_zone,
        "flavor_uuid": one.flavor or None,
        "image_uuid": one.image,
        "addresses": addresses,
        "links": links(base, "servers", one.uuid),
        "launched_at": time(one.launched_at),
        "metadata": dict(one.metadata),
        "tags": list(one.tags),
        "key_name": None,
        "partitions": None if (asked := Built.of(one).partitions) is None else dict(asked),
        "locked": one.locked,
        "adopted": one.adopted,
        "composed": one.composed,
        "warnings": [dict(warning) for warning in one.warnings],
        "node": (one.machine_name or one.machine) if one.placed else None,
        "node_uuid": one.machine if one.placed else None,
        "source": one.source,
        "kind": str(one.kind),
        "host": one.host,
        "cpus": one.cpus,
        "memory": one.memory,
        "affinity_zone": None,
        "system_metadata": {},
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at),
    }
    if seen is not None:
        entry["last_seen"] = _last_seen(seen.get(one.uuid))
    if one.fault:
        entry["fault"] = dict(one.fault)
    if not admin:
        for name in _ADMIN_ONLY:
            entry.pop(name, None)
    return entry


def _last_seen(at: LastSeen | None) -> dict[str, Any] | None:
    if at is None:
        return None
    told = {"host": at.host, "host_name": at.host_name or None, "state": str(at.state)}
    return {**told, "gone_since": time(at.gone_since)}


def _addresses(one: Server) -> Iterator[tuple[str, Iterable[str]]]:
    """By network: its uuid for a port, what the hypervisor calls it for a VM's NIC."""
    yield from ((nic.network, nic.addresses) for nic in one.nics)
    yield from ((_plugged(nic), (address.ip for address in nic.addresses)) for nic in one.vm_nics if nic.addresses)


def _plugged(nic: VmNic) -> str:
    return nic.network or nic.bridge or nic.kind


def consoles(opened: Iterable[Console]) -> dict[str, Any]:
    """The consoles of a server."""
    return {"consoles": [{"kind": one.kind, "url": one.url, "note": one.note} for one in opened]}


def volumes(one: Server, *, admin: bool) -> dict[str, Any]:
    """The volumes of a server, in its own order. Where they are is for admins only, as its host is."""
    return {"volumes": [_volume(disk, admin=admin) for disk in one.volumes]}


def _volume(disk: VmDisk, *, admin: bool) -> dict[str, Any]:
    told = {"id": disk.id, "device": disk.device, "bus": disk.bus, "format": disk.format, "size": disk.size}
    placed = {"kind": disk.kind, "path": disk.path, "identifiers": dict(disk.identifiers)} if admin else {}
    return told | placed


def nics(one: Server) -> dict[str, Any]:
    """A server's networks: its ports, or the NICs of a VM, of which `port_id` is the hypervisor's id."""
    return {
        "nics": [
            {
                "port_id": nic.port,
                "network_id": nic.network,
                "mac_address": nic.mac,
                "fixed_ips": [{"ip_address": address} for address in nic.addresses],
                "floating_ip": None,
                "port_type": nic.port_type,
            }
            for nic in one.nics
        ]
        + [
            {
                "port_id": nic.id,
                "network_id": _plugged(nic),
                "mac_address": nic.mac,
                "fixed_ips": [{"ip_address": address.ip} for address in nic.addresses],
                "floating_ip": None,
                "port_type": nic.kind,
            }
            for nic in one.vm_nics
        ]
    }


def node(verdict: Verdict, base: str) -> dict[str, Any]:
    """An adoptable node as the approved spec shows it, with the verdict beside it."""
    one = verdict.machine
    return {
        "uuid": one.id,
        "name": one.name,
        "source": one.source,
        "ports": [_port(nic.id, nic.vif, nic.mac, nic.bond, nic.href) for nic in one.nics],
        "power_state": str(one.power),
        "provision_state": one.provision_state,
        "created_at": time(one.created_at),
        "properties": dict(one.properties),
        "instance_info": dict(one.instance_info),
        "image_source": one.image,
        "resource_class": one.resource_class,
        "adoptable": verdict.adoptable,
        "reasons": [reason.as_json() for reason in verdict.reasons],
        "links": [{"href": f"{base}/v1/adoptable_nodes?uuid={one.id}", "rel": "self"}],
    }


def _port(uuid: str, vif: str | None, mac: str, group: bool, href: str) -> dict[str, Any]:
    both = [{"href": href, "rel": "self"}, {"href": href.replace("/v1/", "/", 1), "rel": "bookmark"}]
    kind = "portgroup" if group else "port"
    return {"uuid": uuid, "vif_port_id": vif, "address": mac, "kind": kind, "href": href, "rel": "self", "links": both}


def manageable(verdict: Verdict) -> dict[str, Any]:
    """A node as Mogan's manageable server."""
    one = verdict.machine
    ports = [{"address": n.mac, "uuid": n.id, "neutron_port_id": n.vif} for n in one.nics if not n.bond]
    groups = [{"address": n.mac, "uuid": n.id, "mode": None, "neutron_port_id": n.vif} for n in one.nics if n.bond]
    return {
        "uuid": one.id,
        "name": one.name,
        "resource_class": one.resource_class,
        "power_state": str(one.power),
        "provision_state": one.provision_state,
        "ports": ports,
        "portgroups": groups,
        "image_source": one.image,
    }


def flavor(one: Flavor, base: str) -> dict[str, Any]:
    """A flavor in Mogan's shape."""
    return {
        "uuid": one.uuid,
        "name": one.name,
        "description": one.description,
        "resources": dict(one.resources),
        "resource_aggregates": dict(one.resource_aggregates),
        "is_public": one.is_public,
        "disabled": one.disabled,
        "compose": None if one.compose is None else one.compose.as_json(),
        "links": links(base, "flavors", one.uuid),
        "created_at": time(one.created_at),
        "updated_at": time(one.updated_at),
    }


def notifications(state: SourceState) -> dict[str, Any] | None:
    """Whether changes are heard of; None where there is no bus."""
    if state.hears is None:
        return None
    return {"heard": state.hears, "since": time(state.hears_since), "why": state.hears_why}


def source(one: Source, health: Health, state: SourceState) -> dict[str, Any]:
    """A source and how it answers."""
    return {
        "name": one.name,
        "driver": one.driver,
        "reachable": health.reachable,
        "detail": health.detail,
        "seconds": round(health.seconds, 3),
        "capabilities": list(one.capabilities),
        "pace": None if one.border.pace is None else pace(one.border.pace.state()),
        "notifications": notifications(state),
    }


def pace(state: PaceState) -> dict[str, Any]:
    """How hard a source may be asked, and which of its services are left alone right now."""
    return {
        "breaker": state.breaker,
        "left_alone": [
            {"service": service, "asked_again_in": round(seconds, 1)} for service, seconds in state.services.items()
        ],
        "flows": state.limits.flows,
        "requests_per_second": state.limits.requests,
    }
