"""What Neutron and Cinder have of a server, as sides that are compared: texts that begin with the port, the MAC or the disk.

Rule: pure. Of a VM the hypervisor is right: what the cloud should say follows from what the VM has, unless both sides agreed on
something else since, and the VM is as it was then. A NIC of which nobody tells an address speaks of no change: it was switched
off, or its agent is silent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Protocol

from corral.domain.digest import digest
from corral.domain.drift import Facts, Field, Value
from corral.domain.gaps import CloudRecord, Filling, Kind
from corral.domain.gaps_ports import OWNER, CloudPort, addresses_of
from corral.domain.machine import NetworkPort
from corral.domain.server import Server
from corral.domain.vm import Vm

FIELDS: Mapping[Kind, Field] = {Kind.PORT: Field.PORTS, Kind.VOLUME: Field.VOLUMES}
"""The field of a VM that each kind of record is compared in."""
LASTING = frozenset(FIELDS.values())
"""What was corrected in the cloud, or plugged in, stays so: nothing takes it back."""
_GIB = 1 << 30
_ATTACHED = "attached"


# --- nodes ------------------------------------------------------------------------------------------------


def node_facts(facts: Facts, server: str, recorded: Sequence[str], found: Mapping[str, NetworkPort]) -> Facts:
    """What is told of a node, with what Neutron says of its ports. `recorded`: the ports of its server; `found`: those that exist.

    A port that Neutron does not know is plugged in nowhere, whatever Ironic says. Of one that is not plugged in nothing else is
    told: unplugging changes its MAC."""
    plugged = [one for one in facts.get(Field.PORTS) or () if one in found]
    more: dict[Field, Value] = {Field.PORTS: plugged}
    if set(recorded) <= set(plugged):
        ports = [found[one] for one in recorded]
        more[Field.ADDRESSES] = sorted({ip.address for port in ports for ip in port.fixed_ips})
        more[Field.WIRING] = sorted(_wiring(port, server) for port in ports)
    return {**facts, **more}


def _wiring(port: NetworkPort, server: str) -> str:
    said = [port.id, port.network, port.mac]
    said += [] if port.up else ["down"]
    said += [] if port.device in ("", server) else [f"of {port.device_owner} {port.device}"]
    return " ".join(said)


def node_record(server: Server, agreed: Facts) -> Facts:
    """The record's side of that. Whether a port is down, or somebody else's, the record has no place for: there the agreed side
    stands. Before the first look nothing is known of it."""
    facts: dict[Field, Value] = {Field.ADDRESSES: sorted({ip for nic in server.nics for ip in nic.addresses})}
    if Field.WIRING in agreed:
        before = by_part(agreed[Field.WIRING])
        ours = (" ".join((nic.port, nic.network, nic.mac)) for nic in server.nics)
        facts[Field.WIRING] = sorted(_agreed_form(one, before.get(one.split()[0], "")) for one in ours)
    return facts


def _agreed_form(ours: str, before: str) -> str:
    return before if before.startswith(f"{ours} ") else ours


def refreshed(server: Server, fields: Iterable[Field], ports: Mapping[str, NetworkPort]) -> Server:
    """The record of a node after it took over what Neutron says of its ports."""
    wanted, nics = set(fields), []
    for nic in server.nics:
        if (port := ports.get(nic.port)) is not None:
            if Field.WIRING in wanted:
                nic = replace(nic, network=port.network, mac=port.mac)
            if Field.ADDRESSES in wanted:
                nic = replace(nic, addresses=tuple(ip.address for ip in port.fixed_ips))
        nics.append(nic)
    return replace(server, nics=tuple(nics))


# --- VMs --------------------------------------------------------------------------------------------------


class SeenVolume(Protocol):
    """A volume as Cinder tells it; see `contracts.cloud_records.CloudVolume`."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def backend(self) -> str: ...
    @property
    def gib(self) -> int | None: ...
    @property
    def attached(self) -> tuple[str, ...]: ...
    @property
    def moving(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One record of a VM in the cloud. `there`: what the cloud says of it, None when it has nothing. `gib`: the size that it says.

    `basis`: what the VM had of it when both sides last agreed, None before that; `has`: what it has now, "" when it has it no
    more; `wanted`: what the cloud should say then, None for nothing."""

    record: CloudRecord
    there: str | None = None
    gib: int | None = None
    basis: str | None = None
    has: str = ""
    wanted: str | None = None

    @property
    def field(self) -> Field:
        return FIELDS[self.record.kind]


@dataclass(frozen=True, slots=True)
class Beside:
    """All records of a VM. `told`: the fields of which the cloud could be asked, and in which nothing is under way."""

    parts: tuple[Part, ...] = ()
    told: frozenset[Field] = frozenset()

    @property
    def stamp(self) -> str:
        """Another one when the cloud says something else."""
        said = sorted((one.record.id, one.there, one.basis) for one in self.parts)
        return digest([said, sorted(self.told)])[:16]

    @property
    def facts(self) -> Facts:
        """What the cloud says."""
        return {what: sorted(one.there for one in self.of(what) if one.there is not None) for what in self.told}

    def of(self, what: Field) -> tuple[Part, ...]:
        """The records that are compared in a field."""
        return tuple(one for one in self.parts if one.field is what)

    def record(self, agreed: Facts) -> Facts:
        """The record's side."""
        made: dict[Field, Value] = {}
        for what in self.told:
            before = by_part(agreed.get(what))
            ours = (_ours(one, before) for one in self.of(what))
            made[what] = sorted(one for one in ours if one is not None)
        return made

    def bases(self, fields: Iterable[Field]) -> dict[str, str]:
        """What the VM has, by record, for fields on which both sides are agreed now."""
        agreed = self.told & set(fields)
        return {one.record.id: one.has for one in self.parts if one.field in agreed and one.has != one.basis}

    def gone(self, values: Facts) -> tuple[CloudRecord, ...]:
        """Records of which the cloud has nothing any more, when these values are taken over."""
        return tuple(one.record for what in values for one in self.of(what) if one.there is None)


def _ours(part: Part, before: Mapping[str, str]) -> str | None:
    if part.basis is not None and part.basis == part.has:
        return before.get(part.record.part)
    return part.wanted


def by_part(texts: Any) -> dict[str, str]:
    """Such texts by what they begin with."""
    return {text.split()[0]: text for text in texts or ()}


def beside(
    records: Iterable[tuple[CloudRecord, str | None]],
    ports: Mapping[str, CloudPort] | None,
    volumes: Mapping[str, SeenVolume] | None,
    unsure: Collection[str] = (),
) -> Beside:
    """What the cloud has of a VM's records, each with its basis. `ports` and `volumes`: by the id of the record, those that there
    are; None where the service could not be asked. `unsure`: records of which nobody knows whether there is anything."""
    parts = []
    told = {what for what, there in ((Field.PORTS, ports), (Field.VOLUMES, volumes)) if there is not None}
    for record, basis in records:
        port = (ports or {}).get(record.id) if record.kind is Kind.PORT else None
        volume = (volumes or {}).get(record.id) if record.kind is Kind.VOLUME else None
        moving = volume is not None and volume.moving
        if record.state is not Filling.MADE or moving or record.id in unsure:
            told.discard(FIELDS[record.kind])
        parts.append(_part(record, basis, port, volume))
    return Beside(tuple(parts), frozenset(told))


def _part(record: CloudRecord, basis: str | None, port: CloudPort | None, volume: SeenVolume | None) -> Part:
    if port is not None:
        return Part(record, _port_there(record, port), basis=basis)
    if volume is not None:
        return Part(record, _volume_there(record, volume), volume.gib, basis)
    return Part(record, basis=basis)


def _port_there(record: CloudRecord, port: CloudPort) -> str:
    text = port_text(record.part, (ip for _, ip in port.addresses))
    text += "" if port.mac == record.part else f" with MAC {port.mac}"
    text += "" if port.up else " down"
    return text if (port.device, port.device_owner) == (record.vm, OWNER) else f"{text} of {port.holder}"


def _volume_there(record: CloudRecord, volume: SeenVolume) -> str:
    others = ", ".join(one for one in volume.attached if one != record.vm)
    ours = volume.status == "in-use" and record.vm in volume.attached
    condition = f"attached to {others}" if others else _ATTACHED if ours else volume.status
    text = volume_text(record.part, volume.gib or 0, condition)
    host = str(record.wanted.get("host"))
    return (
        text if volume.backend in ("", host) or volume.backend.startswith(f"{host}#") else f"{text} on {volume.backend}"
    )


def port_text(mac: str, addresses: Iterable[str]) -> str:
    """A port as it should be."""
    return f"{mac} {' '.join(sorted(addresses)) or 'no address'}"


def addresses_in(text: str) -> list[str] | None:
    """The addresses in such a text, None where the port is not as it should be."""
    words = text.split()[1:]
    if words == ["no", "address"]:
        return []
    return words if all(map(_is_address, words)) else None


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def volume_text(disk: str, gib: int, condition: str = _ATTACHED) -> str:
    """A volume: attached, as it should be, or in a condition that Cinder has a word for."""
    return f"{disk} {gib} GiB {condition}"


def gib_in(text: str) -> int | None:
    """The size in such a text, None where the volume is not as it should be."""
    words = text.split()
    return int(words[1]) if words[2:] == ["GiB", _ATTACHED] else None


def with_vm(found: Beside, vm: Vm) -> Beside:
    """The same, with what the VM has."""
    return replace(found, parts=tuple(_had(one, vm) for one in found.parts))


def _had(part: Part, vm: Vm) -> Part:
    return _of_nic(part, vm) if part.record.kind is Kind.PORT else _of_disk(part, vm)


def _of_nic(part: Part, vm: Vm) -> Part:
    mac = part.record.part
    nic = next((one for one in vm.nics if one.mac == mac), None)
    if nic is None:
        return part
    told = addresses_of(nic)
    fixed = (one["ip_address"] for one in part.record.wanted.get("fixed_ips", ()))
    text = port_text(mac, told) if told else part.basis or port_text(mac, fixed)
    return replace(part, has=text, wanted=text)


def _of_disk(part: Part, vm: Vm) -> Part:
    disk = next((one for one in vm.own_disks if one.id == part.record.part), None)
    if disk is None:
        return part
    gib = -(-disk.size // _GIB) if disk.size else part.gib or 0
    place = " at " + ":".join(disk.place or ())
    has = f"{disk.id} {gib} GiB{place}"
    if part.basis and not part.basis.endswith(place):
        return replace(part, has=has)  # another disk has its name now
    return replace(part, has=has, wanted=volume_text(disk.id, gib))
