"""The record's side of a server, field by field, and the record after it took over what the world says.

Rule: what the record has no place for (a node's CPUs, memory and disks) has the agreed value as its side: it can only change in the
world. Nothing here is decided; `merge` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from corral.domain.descriptions import (
    DESCRIPTIVE,
    is_server_name,
    metadata_of,
    normal_name,
    normal_text,
    pairs,
    tag_list,
    tags_of,
)
from corral.domain.drift import Facts, Field, Value
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import NetworkPort, Power
from corral.domain.server import Flavor, Kind, Server, ServerNic, normal_class
from corral.domain.sync_cloud import Beside, node_record, refreshed
from corral.domain.sync_pods import Composed
from corral.domain.vm import Vm, VmDisk, VmNic

TAKES: Mapping[Kind, frozenset[Field]] = {
    Kind.NODE: frozenset(
        {Field.POWER, Field.NAME, Field.CPU, Field.MEMORY, Field.DISKS, Field.NICS, Field.PORTS, Field.IMAGE}
        | {Field.ADDRESSES, Field.WIRING, Field.COMPOSITION}
        | DESCRIPTIVE
    ),
    Kind.VM: frozenset(
        {
            Field.POWER,
            Field.NAME,
            Field.HOST,
            Field.CPU,
            Field.MEMORY,
            Field.DISKS,
            Field.NICS,
            Field.ADDRESSES,
            Field.PORTS,
            Field.VOLUMES,
        }
        | DESCRIPTIVE
    ),
}
"""What the record can take over. Whose a machine is, and what it is sold as, is never taken over: somebody has to decide."""

_POWERS = (Power.ON, Power.OFF)


def record_side(
    server: Server,
    flavors: Mapping[str, Flavor],
    agreed: Facts,
    beside: Beside | None = None,
    composed: Composed | None = None,
) -> Facts:
    """What the record says of a server. `flavors`: by uuid. `beside`: what the cloud has of a VM. `composed`: what its pod has."""
    facts: dict[Field, Value] = {**_of_vm(server)} if server.kind is Kind.VM else _of_node(server, flavors, agreed)
    if server.power in _POWERS:
        facts[Field.POWER] = server.power
    return facts | {
        Field.NOTES: normal_text(server.description),
        Field.METADATA: pairs(server.metadata),
        Field.TAGS: tag_list(server.tags),
        **(beside.record(agreed) if beside is not None else {}),
        **(composed.record(agreed) if composed is not None else {}),
    }


def _of_node(server: Server, flavors: Mapping[str, Flavor], agreed: Facts) -> dict[Field, Value]:
    facts: dict[Field, Value] = {
        Field.OWNER: server.uuid,
        Field.NAME: normal_name(server.name),
        Field.NICS: sorted(server.macs),
        Field.PORTS: sorted(nic.port for nic in server.nics),
    }
    if server.image is not None:
        facts[Field.IMAGE] = server.image
    flavor = flavors.get(server.flavor)
    classes = {normal_class(name) for name in flavor.resources} if flavor is not None else set()
    if len(classes) == 1:
        facts[Field.FLAVOR] = classes.pop()
    kept = {what: agreed[what] for what in _UNRECORDED if what in agreed}
    return {**facts, **node_record(server, agreed), **kept}


_UNRECORDED = (Field.CPU, Field.MEMORY, Field.DISKS)


def _of_vm(server: Server) -> Facts:
    return {
        Field.NAME: normal_name(server.vm_name or server.machine_name),
        Field.HOST: server.host,
        Field.CPU: server.cpus,
        Field.MEMORY: server.memory,
        Field.DISKS: disk_ids(server.volumes),
        Field.NICS: sorted(server.macs),
        Field.ADDRESSES: addresses(server.vm_nics),
    }


def vm_facts(vm: Vm, *, told: bool = True) -> Facts:
    """What is compared of a VM. `told`: whether its host could be asked for the addresses."""
    facts: dict[Field, Value] = {
        Field.NAME: normal_name(vm.name),
        Field.HOST: vm.host,
        Field.CPU: vm.cpus,
        Field.MEMORY: vm.memory,
        Field.DISKS: disk_ids(vm.disks),
        Field.NICS: sorted(vm.macs),
        Field.TAGS: tag_list(vm.tags),
    }
    if vm.notes is not None:
        facts[Field.NOTES] = normal_text(vm.notes)
    if vm.metadata is not None:
        facts[Field.METADATA] = sorted(vm.metadata) or None
    if told:
        facts[Field.ADDRESSES] = addresses(vm.nics)
    if vm.power is not Power.UNKNOWN:
        facts[Field.POWER] = str(vm.power)
    return facts


def disk_ids(disks: Iterable[VmDisk]) -> list[str]:
    """Disks as texts that tell them apart: the id, and where the bytes are. Drives for media that come and go are none."""
    own = (one for one in disks if one.device in ("disk", "lun") and one.place is not None)
    return sorted(f"{one.id}={':'.join(one.place or ())}" for one in own)


def addresses(nics: Iterable[VmNic]) -> list[str]:
    """All addresses, sorted."""
    return sorted({address.ip for nic in nics for address in nic.addresses})


def with_world(
    server: Server, values: Facts, *, vm: Vm | None = None, ports: Mapping[str, NetworkPort] | None = None
) -> Server:
    """The record after it took over these values. `vm`: the VM that told them; `ports`: the new ones, by id."""
    changed = replace(server, **_plain(values, server.kind), **_described(server, values), **_of_parts(values, vm))
    if server.kind is Kind.NODE:
        if Field.PORTS in values:
            changed = replace(changed, nics=_nics(server, values[Field.PORTS], ports or {}))
        changed = refreshed(changed, values, ports or {})
    if Field.POWER in values:
        changed = with_power(changed, values[Field.POWER])
    return changed


def with_power(server: Server, power: str) -> Server:
    """The record of a server that was seen to be on or off. In error it stays in error: somebody wants to know."""
    event = Event.SEEN_ON if power == Power.ON else Event.SEEN_OFF
    moves = (server.status, event) in _MOVES
    return replace(server.on(event) if moves else server, power=power)


_MOVES = {
    (Status.ACTIVE, Event.SEEN_OFF),
    (Status.STOPPED, Event.SEEN_ON),
    (Status.LOST, Event.SEEN_ON),
    (Status.LOST, Event.SEEN_OFF),
}


def _plain(values: Facts, kind: Kind) -> dict[str, Any]:
    """What is one column of the record. A node's name is the server's own; a VM's is what its hypervisor calls it."""
    columns: dict[Field, str] = {Field.NAME: "name", Field.IMAGE: "image"}
    if kind is Kind.VM:
        columns = {Field.NAME: "machine_name", Field.HOST: "host", Field.CPU: "cpus", Field.MEMORY: "memory"}
    made = {column: values[what] for what, column in columns.items() if what in values}
    if Field.NOTES in values:
        made["description"] = values[Field.NOTES]
    if Field.METADATA in values:
        made["metadata"] = metadata_of(values[Field.METADATA])
    if Field.TAGS in values:
        made["tags"] = tags_of(values[Field.TAGS])
    if Field.NICS in values:
        made["macs"] = tuple(values[Field.NICS])
    return made


def _described(server: Server, values: Facts) -> dict[str, Any]:
    """A VM that was renamed is called so by its own will now; a server that was called as its VM goes on being called so."""
    if server.kind is not Kind.VM or Field.NAME not in values:
        return {}
    follows = server.name == server.machine_name and is_server_name(values[Field.NAME])
    return {"vm_name": None} | ({"name": values[Field.NAME]} if follows else {})


def _of_parts(values: Facts, vm: Vm | None) -> dict[str, Any]:
    """Disks and NICs are taken whole: as the VM tells them that told of the change."""
    if vm is None:
        return {}
    made: dict[str, Any] = {"volumes": vm.disks} if Field.DISKS in values else {}
    return made | ({"vm_nics": vm.nics} if {Field.NICS, Field.ADDRESSES} & values.keys() else {})


def _nics(server: Server, wanted: Iterable[str], found: Mapping[str, NetworkPort]) -> tuple[ServerNic, ...]:
    """The server's NICs, for these ports. One that was plugged in by somebody else is not Corral's to unplug."""
    here = {nic.port: nic for nic in server.nics}
    kept = [nic for nic in server.nics if nic.port in set(wanted)]
    new = [found[port] for port in wanted if port not in here and port in found]
    return (*kept, *(ServerNic(one.id, one.network, one.mac, tuple(ip.address for ip in one.fixed_ips)) for one in new))


def new_ports(server: Server, values: Facts) -> list[str]:
    """Of values that are to be taken over, the ports of a node that the record does not know yet."""
    known = {nic.port for nic in server.nics}
    plugged = values.get(Field.PORTS, ()) if server.kind is Kind.NODE else ()
    return [port for port in plugged if port not in known]


def changed_ports(server: Server, values: Facts) -> list[str]:
    """The ports of a node of which the record takes over something else."""
    said = server.kind is Kind.NODE and {Field.ADDRESSES, Field.WIRING} & values.keys()
    gone = {nic.port for nic in server.nics} - set(values.get(Field.PORTS) or (nic.port for nic in server.nics))
    return [nic.port for nic in server.nics if nic.port not in gone] if said else []
