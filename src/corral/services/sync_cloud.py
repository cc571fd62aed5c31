"""Worlds with what Neutron and Cinder have of their machines: one listing of each service in a pass, which sources may share.

Rule: a service that can't be asked tells nothing: what it would have told is not compared, nothing is taken for gone, everything
else goes on, and `trouble` says so. Whoever is not in a list is asked for by itself before it is gone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from corral.contracts.cloud import Networks
from corral.contracts.cloud_records import CloudAround, CloudVolume
from corral.contracts.syncing import Told
from corral.domain.drift import Field, Value
from corral.domain.errors import DriverFailed, NotFound, Unreachable
from corral.domain.gaps import CloudRecord, Filling, Kind
from corral.domain.gaps_ports import CloudPort
from corral.domain.machine import NetworkPort
from corral.domain.merge import Means
from corral.domain.server import Kind as Machines
from corral.domain.sync_cloud import Beside, beside, node_facts, with_vm
from corral.flows.sync_cloud import CloudedVm
from corral.services.at_once import at_once
from corral.services.sync_worlds import NodeWorld, VmWorld, means_of
from corral.store.sync_cloud import Based, CloudSides, Plugged

LOG = logging.getLogger(__name__)

_SILENT = (Unreachable, DriverFailed, NotFound)
"""What a service says that can't be asked right now, or not by this login."""
_BATCH = 500
_FEW = 160
"""So many ports are asked for by their ids; a list of all is cheaper for more."""
_ASKED = 20
"""So many volumes that a list lacks are asked for by themselves in a look; of the others nothing is known."""
_AT_ONCE = 8
"""Volumes that are asked for at the same time in a glance."""
_SHARED_FOR = timedelta(seconds=2)
"""For so long a listing serves other sources of the same cloud: those that are looked at together."""
_NOBODY = Plugged("", ())
T = TypeVar("T")
Asked = TypeVar("Asked")


# --- nodes ------------------------------------------------------------------------------------------------


class PluggedNodes:
    """The nodes of a source, with what Neutron says of their ports."""

    kind = Machines.NODE

    def __init__(self, world: NodeWorld, networks: Networks, sides: CloudSides) -> None:
        self.name = world.name
        self.trouble = ""
        self._world = world
        self._networks = networks
        self._sides = sides

    def told(self, *, free: bool) -> Iterator[Told]:
        self.trouble = ""
        plugged = self._sides.plugged(self.name)
        known = self._asked(lambda: self._listed([port for one in plugged.values() for port in one.ports]))
        told = self._world.told(free=free)
        while batch := list(islice(told, _BATCH)):
            yield from self._with_ports(batch, plugged, known)

    def _listed(self, ids: Sequence[str]) -> dict[str, NetworkPort]:
        if len(ids) <= _FEW:
            return dict(self._networks.ports(ids))
        return {one.id: one for one in self._networks.marked()}

    def _with_ports(
        self, batch: Sequence[Told], plugged: Mapping[str, Plugged], known: Mapping[str, NetworkPort] | None
    ) -> Iterable[Told]:
        vifs = {port for one in batch for port in one.facts.get(Field.PORTS) or ()}
        mine = {port for one in batch for port in plugged.get(one.machine, _NOBODY).ports}
        rest = None if known is None else self._asked(lambda: self._others(vifs | mine, known))
        if known is None or rest is None:
            return [replace(one, facts=_without_ports(one.facts)) for one in batch]
        ports = {**known, **rest} if rest else known
        return [_of_node(one, plugged.get(one.machine, _NOBODY), ports) for one in batch]

    def _others(self, ports: Iterable[str], known: Mapping[str, NetworkPort]) -> dict[str, NetworkPort]:
        return dict(self._networks.ports([port for port in ports if port not in known]))

    def _asked(self, ask: Callable[[], dict[str, NetworkPort]]) -> dict[str, NetworkPort] | None:
        try:
            found = ask()
        except _SILENT as exc:
            self.trouble = f"Ports are not compared: {exc.message}"
            return None
        return found

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        return self._world.filled(some)

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        plugged = self._sides.plugged(self.name, machines)
        return iter(list(self._with_ports(list(self._world.named(machines)), plugged, {})))

    def told_of(self, machine: str) -> Told:
        return self._world.told_of(machine)

    def look(self, machine: str) -> Told:
        plugged = self._sides.plugged(self.name, [machine])
        return next(iter(self._with_ports([self._world.look(machine)], plugged, {})))

    def means(self, what: Field, value: Value) -> Means:
        return self._world.means(what, value)


def _of_node(told: Told, mine: Plugged, known: Mapping[str, NetworkPort]) -> Told:
    if told.problem or Field.PORTS not in told.facts:
        return told
    return replace(told, facts=node_facts(told.facts, mine.server, mine.ports, known))


def _without_ports(facts: Mapping[Field, Value]) -> Mapping[Field, Value]:
    return {what: value for what, value in facts.items() if what is not Field.PORTS}


# --- VMs --------------------------------------------------------------------------------------------------


@dataclass
class Listing:
    """What one cloud lists of all that Corral recorded there. Safe to share between the passes of several sources: one reads, the
    others wait for its answer."""

    cloud: CloudAround
    clock: Callable[[], datetime]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _read: dict[Kind, tuple[datetime, set[str], dict[str, Any]]] = field(default_factory=dict)

    def ports(self, source: str) -> dict[str, CloudPort]:
        """By id. For a source it is read anew each time: two looks are never one answer."""
        return self._shared(Kind.PORT, source, lambda: {one.id: one for one in self.cloud.ports.recorded()})

    def volumes(self, source: str) -> dict[str, list[CloudVolume]]:
        """By record; likewise."""
        return self._shared(Kind.VOLUME, source, self._volumes)

    def _volumes(self) -> dict[str, list[CloudVolume]]:
        found: dict[str, list[CloudVolume]] = {}
        for one in self.cloud.volumes(None).recorded():
            found.setdefault(one.record, []).append(one)
        return found

    def _shared(self, kind: Kind, source: str, read: Callable[[], dict[str, T]]) -> dict[str, T]:
        with self._lock:
            at, users, found = self._read.get(kind, (None, set[str](), {}))
            if at is None or source in users or self.clock() - at > _SHARED_FOR:
                users, found = set(), read()
                self._read[kind] = self.clock(), users, found
            users.add(source)
            return found


class CloudedVms:
    """The VMs of a source, with what the cloud around it has of their records."""

    kind = Machines.VM

    def __init__(self, world: VmWorld, way: CloudedVm, listing: Listing, sides: CloudSides) -> None:
        self.name = world.name
        self.trouble = ""
        self._world = world
        self._way = way
        self._listing = listing
        self._sides = sides

    def told(self, *, free: bool) -> Iterator[Told]:
        found = self._look()
        none = beside((), *((None, None) if self.trouble else ({}, {})))
        for one in self._world.told(free=free):
            yield _beside(one, found.get(one.machine, none))

    def _look(self) -> dict[str, Beside]:
        """By VM, what the cloud has of its records."""
        records = self._sides.records(self.name)
        every = [based for some in records.values() for based in some]
        troubles: list[str] = []
        ports = _told_by("Neutron", troubles, lambda: self._ports(every))
        volumes = _told_by("Cinder", troubles, lambda: self._volumes(every))
        self.trouble = " ".join(troubles)
        there, unsure = volumes if volumes is not None else (None, set[str]())
        return {vm: beside(some, ports, there, unsure) for vm, some in records.items()}

    def _ports(self, based: Iterable[Based]) -> dict[str, CloudPort]:
        made = {one.made: one.id for one, _ in based if one.kind is Kind.PORT and one.made}
        if not made:
            return {}
        listed = self._listing.ports(self.name)
        rest = self._listing.cloud.ports.named(made.keys() - listed.keys())
        return {made[one.id]: one for one in (*listed.values(), *rest) if one.id in made}

    def _volumes(self, based: Iterable[Based]) -> tuple[dict[str, CloudVolume], set[str]]:
        """By record, its volume; and those records of which nobody knows whether there is one."""
        records = [one for one, _ in based if one.kind is Kind.VOLUME and one.state is Filling.MADE]
        if not records:
            return {}, set()
        listed = self._listing.volumes(self.name)
        found = {one.id: listed[one.id][0] for one in records if len(listed.get(one.id, ())) == 1}
        doubled = {one.id for one in records if len(listed.get(one.id, ())) > 1}
        missing = [one for one in records if one.id not in listed]
        for one in missing[:_ASKED]:
            # A login that may not see every project's volumes is shown those of its own.
            if (volume := self._listing.cloud.volumes(one.project).marked(one.id)) is not None:
                found[one.id] = volume
        return found, doubled | {one.id for one in missing[_ASKED:]}

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        return [_with_cloud(one) for one in self._world.filled(some)]

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        return self._world.named(machines)

    def around(self, machines: Sequence[str]) -> Iterator[Told]:
        # Before the VMs: what surveys tell must not be older than what the cloud says of it.
        found = self._look_at(machines)
        for one in self._world.named(machines):
            yield _beside(one, found[one.machine]) if one.machine in found else one

    def _look_at(self, machines: Sequence[str]) -> dict[str, Beside]:
        """By VM, what the cloud has of the records of these few: asked for one by one, never by a list."""
        records = self._sides.records(self.name, machines)
        every = [based for some in records.values() for based in some]
        ports = _told_by("Neutron", [], lambda: self._named_ports(every))
        volumes = _told_by("Cinder", [], lambda: self._marked_volumes(every))
        return {vm: beside(some, ports, volumes) for vm, some in records.items()}

    def _named_ports(self, based: Iterable[Based]) -> dict[str, CloudPort]:
        made = {one.made: one.id for one, _ in based if one.kind is Kind.PORT and one.made}
        return {made[one.id]: one for one in self._listing.cloud.ports.named(made) if one.id in made}

    def _marked_volumes(self, based: Iterable[Based]) -> dict[str, CloudVolume]:
        records = [one for one, _ in based if one.kind is Kind.VOLUME and one.state is Filling.MADE]
        if not records:
            return {}
        found = at_once(self._marked, records, min(_AT_ONCE, len(records)))
        return {one.id: volume for one, volume in zip(records, found, strict=True) if volume is not None}

    def _marked(self, record: CloudRecord) -> CloudVolume | None:
        return self._listing.cloud.volumes(record.project).marked(record.id)

    def told_of(self, machine: str) -> Told:
        return self._world.told_of(machine)

    def look(self, machine: str) -> Told:
        return _with_cloud(replace(self._world.look(machine), beside=self._way.beside(machine)))

    def means(self, what: Field, value: Value) -> Means:
        return means_of(self.kind, self._way, what, value)


def _beside(told: Told, mine: Beside) -> Told:
    return replace(told, beside=mine, stamp=f"{told.stamp}.{mine.stamp}" if mine.parts else told.stamp)


def _with_cloud(told: Told) -> Told:
    if told.beside is None or told.vm is None:
        return told
    found = with_vm(told.beside, told.vm)
    return replace(told, facts={**told.facts, **found.facts}, beside=found)


def _told_by(service: str, troubles: list[str], ask: Callable[[], Asked]) -> Asked | None:
    try:
        return ask()
    except _SILENT as exc:
        LOG.info("What a cloud has is not compared.", extra={"service": service, "why": exc.message})
        what = "Ports" if service == "Neutron" else "Volumes"
        troubles.append(f"{what} of VMs are not compared: {exc.message}")
        return None
