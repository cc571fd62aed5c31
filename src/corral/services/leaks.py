"""Leaks: look for them, and repair those that are certainly ours.

Rule: what runs right now is no leak. The record is read before and after the world; only what neither explains counts, and only if
a second look finds it again: an operation may have begun and ended between two readings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.cloud_records import CloudAround
from corral.contracts.composition import Pools
from corral.contracts.sources import Powers, Source
from corral.domain.errors import Conflict, CorralError, Invalid, NotFound
from corral.domain.gaps import Kind as GapKind
from corral.domain.leak_kinds import Kind, Leak, leak
from corral.domain.leaks import Scene, judge, lasting
from corral.domain.leaks_of_pods import PodScene, judge_pod, owner_of
from corral.domain.lifecycle import STABLE, Event, Status
from corral.domain.machine import NetworkPort, Power
from corral.domain.server import Server
from corral.domain.traces import Expected, Ours, PortTrace, Trace, expected, strangers
from corral.engine import UNFINISHED, Engine, NewOperation, Operation
from corral.flows import Env
from corral.flows.hypervisors import Hypervisor
from corral.flows.mend import AT_SOURCES, tracer
from corral.flows.vms import whereabouts
from corral.services.adoption import Actor
from corral.services.leaks_of_clouds import CloudMarks
from corral.services.leaks_of_vms import Marks
from corral.store import Audit, AuditEntry, Compositions, LooseEnds, Proofs, Servers, VmRecords
from corral.store.cloud_records import CloudRecords
from corral.store.loose_ends import Hold
from corral.store.servers import Stamp

_PAGE = 500
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look found. `problems`: why a source could not be looked at, by its name."""

    leaks: tuple[Leak, ...]
    sources: tuple[str, ...]
    problems: Mapping[str, str]
    installation: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a server's record for the time of a look."""

    revision: int
    status: Status
    must_show: Expected

    @property
    def stamp(self) -> Stamp:
        """What `Servers.stamps` tells of it as long as it stays as it is."""
        return self.revision, self.status


@dataclass(frozen=True, slots=True)
class Mending:
    """What is done about a leak: an operation; else it is done already, unless there was a problem."""

    leak: Leak
    operation: Operation | None = None
    problem: str | None = None


class LeakService:
    """The use cases around leaks."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        servers: Servers,
        proofs: Proofs,
        loose_ends: LooseEnds,
        audit: Audit,
        engine: Engine[Env],
        installation: str,
        compositions: Compositions,
        hypervisors: Mapping[str, Hypervisor],
        vm_records: VmRecords,
        clouds: Mapping[str, CloudAround],
        cloud_records: CloudRecords,
    ) -> None:
        self._clouds = clouds
        self._cloud_records = cloud_records
        self._compositions = compositions
        self._hypervisors = hypervisors
        self._vm_records = vm_records
        self._sources = sources
        self._servers = servers
        self._proofs = proofs
        self._loose_ends = loose_ends
        self._audit = audit
        self._engine = engine
        self._installation = installation

    # --- look ---------------------------------------------------------------------------------------------

    def scan(self, source: str | None = None, *, told: str | None = None) -> Scan:
        """Look at every source, or one. `told`: an installation whose marks are to be treated as this one's. A source that can't
        be looked at hides no other. Raises NotFound for one that does not exist, Invalid for `told` without a source."""
        if told is not None and source is None:
            raise Invalid("An installation was named, and no source.", fix="Name the source too: one at a time.")
        found, problems = _twice(lambda: list(self._in_records(source))), dict[str, str]()
        names = self._chosen(source)
        for name in names:
            # A hypervisor that does not answer hides nothing in the cloud around it, and the other way round.
            for look in (self._at, self._around) if name in self._clouds else (self._at,):
                try:
                    found += _twice(partial(look, name, told, alone=source is not None))
                except CorralError as exc:
                    problems[name] = "; ".join(filter(None, (problems.get(name), str(exc))))
        return Scan(tuple(found), names, problems, self._installation)

    def _chosen(self, name: str | None) -> tuple[str, ...]:
        known = sorted({*self._sources, *self._hypervisors})
        if name is not None and name not in known:
            raise NotFound(f"There is no source {name!r}.", fix=f"There are: {', '.join(known)}.")
        return tuple(known) if name is None else (name,)

    def _around(self, name: str, told: str | None, *, alone: bool) -> list[Leak]:
        """One look at the cloud around a source of hosts, between two at its records."""

        def ours(named: Set[str]) -> Ours:
            return Ours(self._installation, self._cloud_records.written(named), _told(told))

        return CloudMarks(self._clouds, self._cloud_records, ours).at(name, alone=alone)

    def _at(self, name: str, told: str | None, *, alone: bool) -> list[Leak]:  # noqa: ARG002  (as `_around`)
        """One look at one source, between two at its servers."""
        if name in self._hypervisors:
            marks = Marks(self._vm_records, self._servers, self._busy, lambda named: self._ours(named, told))
            return marks.at(self._hypervisors[name])
        source = self._sources[name]
        if isinstance(source.machines, Pools):
            return self._at_pod(source, source.machines, told)
        tracer(source)
        before, busy = self._recorded(source.name), self._busy()
        traces = tuple(_read(source, before))
        after, busy = self._servers.stamps(source.name), busy | self._busy()
        at_rest = {
            uuid: seen.must_show
            for uuid, seen in before.items()
            if after.get(uuid) == seen.stamp and seen.status in STABLE and uuid not in busy
        }
        moving = (before.keys() | after.keys() | busy) - at_rest.keys()
        named = strangers(traces, at_rest.keys() | moving)
        # Two sources may well be one Ironic: a server of the other one explains its claim as well.
        moving |= self._servers.existing(named)
        ours = self._ours(named, told)
        return judge(Scene(source.name, traces, at_rest, moving, ours))

    def _at_pod(self, source: Source, pod: Pools, told: str | None) -> list[Leak]:
        """One look at one pod, between two at what is composed there."""
        before, busy = self._compositions.at(source.name), self._busy()
        systems = tuple(pod.systems())
        after, busy = self._compositions.at(source.name), busy | self._busy()
        named = {owner for one in systems if (owner := owner_of(one.name))}
        spared = busy | self._servers.existing({*named, *(one.server for one in after)})
        ours = self._ours(named, told)
        steady, recorded = [one for one in after if one in before], {one.name for one in (*before, *after)}
        return judge_pod(PodScene(source.name, systems, steady, recorded, busy, spared, ours))

    def _ours(self, named: Set[str], told: str | None) -> Ours:
        return Ours(self._installation, self._proofs.remembered(named), _told(told))

    def _recorded(self, source: str) -> dict[str, Seen]:
        return {one.uuid: Seen(one.revision, one.status, expected(one)) for one in self._servers.each_at(source)}

    def _busy(self) -> set[str]:
        """What operations are about that are not over."""
        found: set[str] = set()
        marker, states = None, [str(state) for state in UNFINISHED]
        while page := self._engine.operations(state=states, limit=_PAGE, marker=marker):
            found |= {one.subject for one in page if one.subject is not None}
            marker = page[-1].uuid
        return found

    def _in_records(self, source: str | None) -> Iterator[Leak]:
        known = {*self._sources, *self._hypervisors}
        busy, recorded = self._busy(), self._servers.loose(STABLE, known, source=source)
        busy |= self._busy()
        for server in recorded:
            words = {"owner": server.uuid, "machine": server.machine, "how": str(server.status)}
            if server.source not in known:
                yield leak(Kind.SOURCE_GONE, server.source, server.uuid, words)
            if server.status not in STABLE and server.uuid not in busy:
                yield leak(Kind.STUCK, server.source, server.uuid, words)
        for one in self._loose_ends.unattended():
            if source in (None, one.source):
                yield leak(Kind.UNATTENDED, one.source or "", one.uuid, {"how": one.kind})
        if source is None:
            yield from (leak(Kind.HALF_APPLIED, "", plan) for plan in self._loose_ends.half_applied())
            for held in self._loose_ends.held():
                yield leak(Kind.HELD, "", held.id, {"how": held.what, "other": held.operation})

    # --- repair -------------------------------------------------------------------------------------------

    def fix(self, actor: Actor, source: str | None = None, *, told: str | None = None) -> tuple[Scan, list[Mending]]:
        """Look, and repair what is certainly ours and safe: at sources by an operation each, in the record at once. What can't be
        repaired hides no other. Raises as `scan`."""
        scan = self.scan(source, told=told)
        return scan, [self._mended(one, actor) for one in scan.leaks if one.fixable]

    def _mended(self, found: Leak, actor: Actor) -> Mending:
        try:
            if found.kind in AT_SOURCES:
                return Mending(found, operation=self._mend(found, actor))
            self._settle(found, actor)
        except CorralError as exc:
            return Mending(found, problem=str(exc))
        return Mending(found)

    def _mend(self, found: Leak, actor: Actor) -> Operation:
        uuid, machine = str(uuid4()), found.machine or found.subject
        about = {"server": found.owner, "source": found.source}
        params = {
            **about,
            "leak": found.kind,
            "subject": found.subject,
            "machine": found.machine,
            "record": found.record,
            "action": "leak:fix",
            "request_id": actor.request_id,
        }
        new = NewOperation(
            uuid=uuid,
            subject=found.owner,
            source=found.source,
            machine=machine,
            project_id=actor.project,
            user_id=actor.user,
        )
        proof = {**about, "server": found.owner or "", "operation": uuid, "kind": "mend", "machine": machine}
        entry = _entry(found, actor, "accepted", operation=uuid)

        def alongside(conn: sa.Connection) -> None:
            self._proofs.open(conn, {**proof, "user": actor.user, "project": actor.project})
            self._audit.add(entry, conn=conn)

        return self._engine.submit("mend", params, operation=new, alongside=alongside)

    def _settle(self, found: Leak, actor: Actor) -> None:
        change = self._settling(found)
        with self._audit.recording(_entry(found, actor, "done")) as conn:
            change(conn)

    def _settling(self, found: Leak) -> Callable[[sa.Connection], object]:
        """The change of the record that mends a leak in it. What it needs of the world is asked before any transaction begins."""
        match found.kind:
            case Kind.STUCK:
                return self._settling_server(self._servers.get(found.subject))
            case Kind.HALF_APPLIED:
                return lambda conn: self._loose_ends.settle_plan(conn, found.subject)
            case Kind.RECORD_GONE:
                return self._settling_record(found)
            case Kind.ATTEMPT:
                return lambda conn: self._compositions.forget(found.subject, conn=conn)
            case _:
                held = [one for one in self._loose_ends.held() if one.id == found.subject]
                return lambda conn: _each_let_go(self._loose_ends, conn, held)

    def _settling_record(self, found: Leak) -> Callable[[sa.Connection], object]:
        record, cloud = self._cloud_records.at(found.source).get(found.subject), self._clouds[found.source]
        if record is None:
            raise Conflict(f"Record {found.subject} is gone by now.", fix="Scan again.")
        # The lists said so twice; now it is asked for by itself, as what is forgotten here is nobody's afterwards.
        if record.kind is GapKind.VOLUME:
            there: object = cloud.volumes(record.project).known([record.made])
        else:
            there = cloud.ports.named([record.made])
        if there:
            raise Conflict(f"The {record.kind} of record {record.id} is there again.", fix="Scan again.")
        return lambda conn: self._cloud_records.lose(conn, record)

    def _settling_server(self, server: Server) -> Callable[[sa.Connection], object]:
        if self._engine.operations(subject=server.uuid, state=[str(state) for state in UNFINISHED], limit=1):
            raise Conflict(
                f"Server {server.uuid} is {server.status} by an operation that runs.", fix="Wait for its end."
            )
        if server.status is Status.MANAGING:
            # Nobody ever had it: what its adoption has done so far is a claim without a server now, and goes as one.
            return lambda conn: self._loose_ends.forget(conn, server)
        on = self._power(server) is not Power.OFF
        events = _LEFT if server.status is Status.UNMANAGING else _SWITCHED
        settled = server.on(events[on])
        return lambda conn: self._servers.save(settled, conn=conn)

    def _power(self, server: Server) -> Power:
        if (hypervisor := self._hypervisors.get(server.source)) is not None:
            with hypervisor.vms() as vms:
                return vms.observe(whereabouts(self._vm_records, server.source, server.machine, server.host))[1].power
        source = self._sources.get(server.source)
        if source is None or not isinstance(source.machines, Powers):
            return Power(server.power or Power.UNKNOWN)
        return source.machines.power(server.machine)


_LEFT = {True: Event.UNMANAGE_FAILED_ON, False: Event.UNMANAGE_FAILED_OFF}
_SWITCHED = {True: Event.IS_ON, False: Event.IS_OFF}


def _told(installation: str | None) -> Set[str]:
    return _NOBODY if installation is None else {installation.lower()}


def _twice(look: Callable[[], list[Leak]]) -> list[Leak]:
    first = look()
    return lasting(first, look()) if first else []


def _read(source: Source, servers: Mapping[str, Seen]) -> Iterator[Trace]:
    """Everything at a source that bears a mark, and what its servers should have there."""
    yield from tracer(source).traces()
    marked = set()
    for port in source.networks.marked():
        marked.add(port.id)
        yield _port(port, ours=True)
    others = [port for seen in servers.values() for port in seen.must_show.ports if port not in marked]
    for port in source.networks.ports(others).values():
        yield _port(port, ours=False)


def _port(port: NetworkPort, *, ours: bool) -> PortTrace:
    return PortTrace(port.id, port.device, ours, port.made)


def _each_let_go(loose_ends: LooseEnds, conn: sa.Connection, held: Sequence[Hold]) -> None:
    for one in held:
        loose_ends.let_go(conn, one)


def _entry(found: Leak, actor: Actor, outcome: str, **more: Any) -> AuditEntry:
    detail = {"source": found.source, "kind": found.kind, "subject": found.subject}
    return AuditEntry(
        "leak:fix",
        outcome,
        actor.user,
        actor.project,
        actor.request_id,
        found.owner or found.subject,
        machine=found.machine,
        detail=detail,
        **more,
    )
