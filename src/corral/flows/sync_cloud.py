"""Ways to machines that see what Neutron and Cinder have of them, and bring that back to what the machines have.

Rule: a VM is looked at, and never told anything. What is corrected is a record of it in the cloud: made again, renewed or taken
away by the mark that it bears. Storage is asked nothing but to list a volume, and to have it managed where it is: only where its
driver is known to keep the name. What would take more (extending, detaching for real, deleting, moving) is refused here, and has
no rule at the border. Cinder reads a volume's size when it begins to manage it, and never again: a disk that grew is told only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from corral.contracts.cloud import Networks
from corral.contracts.cloud_records import CloudAround, CloudVolume
from corral.contracts.syncing import Told
from corral.domain.cloud_backends import Treatment, driver_of
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, DriverFailed
from corral.domain.gaps import CloudRecord, Kind
from corral.domain.sync_cloud import LASTING, Beside, Part, addresses_in, beside, by_part, gib_in, with_vm
from corral.store.cloud_records import CloudRecords
from corral.store.sync_cloud import Based, CloudSides
from corral.store.vm_records import VmRecords

if TYPE_CHECKING:
    from corral.flows.sync_ways import Way

_PATIENCE = 300
"""Seconds that Cinder is given to manage or to forget a volume."""
_DETACHED = (["available"], ["reserved"])
"""Conditions of a volume whose attachment can be recorded again."""


class PluggedNode:
    """A node's way: a port that Neutron does not know is plugged in nowhere, and can't be plugged in again."""

    def __init__(self, way: Way, networks: Networks) -> None:
        self._way = way
        self._networks = networks

    def told_of(self, machine: str) -> Told:
        told = self._way.told_of(machine)
        vifs = told.facts.get(Field.PORTS)
        if not vifs:
            return told
        found = self._networks.ports(vifs)
        return replace(told, facts={**told.facts, Field.PORTS: [one for one in vifs if one in found]})

    def settable(self) -> frozenset[Field]:
        return self._way.settable()

    def disturbance(self, what: Field, value: Value) -> str:
        return self._way.disturbance(what, value)

    def refusal(self, what: Field, value: Value) -> str:
        return self._way.refusal(what, value)

    def set(self, machine: str, what: Field, value: Value) -> None:
        if what is Field.PORTS and (lost := sorted(set(value) - set(self._networks.ports(value)))):
            raise Conflict(
                f"Network ports {', '.join(lost)} do not exist any more: they can't be plugged in again.",
                fix="Accept the drift, so that the record is without them, or have others made and plugged in.",
            )
        self._way.set(machine, what, value)


class CloudedVm:
    """A VM's way, with its records in the cloud. `sleep(seconds)` waits while Cinder works."""

    def __init__(
        self,
        way: Way,
        source: str,
        cloud: CloudAround,
        records: CloudRecords,
        sides: CloudSides,
        surveyed: VmRecords,
        sleep: Callable[[float], None],
    ) -> None:
        self._way = way
        self._source = source
        self._cloud = cloud
        self._records = records
        self._sides = sides
        self._surveyed = surveyed
        self._sleep = sleep

    def told_of(self, machine: str) -> Told:
        told = self._way.told_of(machine)
        found = self.beside(machine)
        return replace(told, facts={**told.facts, **found.facts}, beside=found)

    def beside(self, machine: str) -> Beside:
        """What the cloud has of a VM now, and what surveys saw last that it has."""
        found = look_at(self._cloud, self._sides.records(self._source, [machine]).get(machine, ()))
        known = self._surveyed.named(self._source, [machine]).get(machine)
        return found if known is None else with_vm(found, known.vm)

    def settable(self) -> frozenset[Field]:
        return self._way.settable() | LASTING

    def disturbance(self, what: Field, value: Value) -> str:
        return "" if what in LASTING else self._way.disturbance(what, value)

    def refusal(self, what: Field, value: Value) -> str:
        if what not in LASTING:
            return self._way.refusal(what, value)
        reads = addresses_in if what is Field.PORTS else gib_in
        odd = [text for text in value if reads(text) is None]
        return f"Nothing here brings about that {odd[0]}." if odd else ""

    def set(self, machine: str, what: Field, value: Value) -> None:
        if what not in LASTING:
            self._way.set(machine, what, value)
            return
        wanted = by_part(value)
        for part in self.beside(machine).of(what):
            should = wanted.get(part.record.part)
            if should != part.there:
                (self._port if what is Field.PORTS else self._volume)(part, should)

    # --- ports --------------------------------------------------------------------------------------------

    def _port(self, part: Part, should: str | None) -> None:
        ports, record = self._cloud.ports, part.record
        if should is None:
            ports.delete(record.id, record.vm)
            self._records.forget(record.id)
            return
        addresses = addresses_in(should)
        if addresses is None:
            raise _beyond(part, should)
        if part.there is not None:
            ports.renew(record.id, record.vm, record.part, addresses)
            return
        subnets = {one["ip_address"]: one for one in record.wanted["fixed_ips"]}
        fixed = [subnets.get(one, {"ip_address": one}) for one in addresses]
        self._records.made(record.id, ports.create(record.id, {**record.wanted, "fixed_ips": fixed}).id)

    # --- volumes ------------------------------------------------------------------------------------------

    def _volume(self, part: Part, should: str | None) -> None:
        gib = None if should is None else gib_in(should)
        if gib is None:
            raise _beyond(part, should)
        if part.there is None:
            self._manage(part.record, gib)
        elif part.gib != gib or part.there.split()[3:] not in _DETACHED:
            raise _beyond(part, should)
        self._attach(part.record)

    def _attach(self, record: CloudRecord) -> None:
        volumes = self._cloud.volumes(record.project)
        found = volumes.marked(record.id)
        if found is not None:
            volumes.attach(found.id, record.vm)

    def _manage(self, record: CloudRecord, gib: int) -> None:
        volumes = self._cloud.volumes(record.project)
        if volumes.marked(record.id) is None:
            self._check_keeps(record)
            self._check_there(record, gib)
            volumes.manage(record.id, record.wanted)
        found = self._settled(record)
        if found is None or found.status != "available":
            what = "gone" if found is None else f"volume {found.id} in status {found.status}"
            raise DriverFailed(
                f"Cinder could not manage {record.part} of {record.vm_name} again: it is {what}.",
                fix="The log of cinder-volume says why. `cinder unmanage` takes away what it could not manage.",
            )
        self._records.made(record.id, found.id)

    def _check_keeps(self, record: CloudRecord) -> None:
        service = str(record.wanted["host"]).partition("#")[0]
        pools = [one for one in self._cloud.volumes(None).backends() if one.service == service]
        if not pools or driver_of(pools[0]).treatment in (Treatment.RENAMES, Treatment.REFUSES):
            raise Conflict(
                f"Cinder's backend {service} can't have {record.part} of {record.vm_name} managed while it is in use.",
                fix="Take the record back, or accept the drift.",
            )

    def _check_there(self, record: CloudRecord, gib: int) -> None:
        service = str(record.wanted["host"]).partition("#")[0]
        listed = self._cloud.volumes(None).manageable(service)
        found = next((one for one in listed if dict(one.reference) == dict(record.wanted["ref"])), None)
        if found is None or found.cinder_id or found.gib not in (None, gib):
            is_it = "not there" if found is None else f"volume {found.cinder_id or 'of another size'} by now"
            raise Conflict(
                f"What {record.part} of {record.vm_name} was recorded as is {is_it} at {service}.",
                fix="Find out what became of it; accept the drift to forget the record.",
            )

    def _settled(self, record: CloudRecord) -> CloudVolume | None:
        """The record's volume once Cinder is not at work on it. Raises DriverFailed after a while."""
        volumes = self._cloud.volumes(record.project)
        for _ in range(_PATIENCE):
            found = volumes.marked(record.id)
            if found is None or not found.moving:
                return found
            self._sleep(1.0)
        raise DriverFailed(f"Cinder did not come to an end with {record.part} of {record.vm_name}.")


def _beyond(part: Part, should: str | None) -> Conflict:
    what, name = part.record.kind, part.record.vm_name
    return Conflict(
        f"The {what} of {part.record.part} of {name} is `{part.there or 'gone'}`, and should be `{should or 'gone'}`: nothing "
        "here brings that about without touching data, or what is somebody else's.",
        fix=f"Do it by hand, accept the drift, or take the record back: `corral cloud {what}s --revert`.",
    )


def look_at(cloud: CloudAround, records: Iterable[Based]) -> Beside:
    """What the cloud has of these few records."""
    based = list(records)
    made = {one.made: one.id for one, _ in based if one.kind is Kind.PORT and one.made}
    ports = {made[port.id]: port for port in cloud.ports.named(made)}
    volumes: dict[str, CloudVolume] = {}
    for one, _ in based:
        if one.kind is Kind.VOLUME and (found := cloud.volumes(one.project).marked(one.id)) is not None:
            volumes[one.id] = found
    return beside(based, ports, volumes)
