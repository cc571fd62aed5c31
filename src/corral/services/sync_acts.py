"""What a pass does about differences: the record follows, an operation corrects, a machine is lost, a new one is adopted.

Rule: each act is one transaction with its audit entry, which begins with the proof that this process still is the source's one
synchronizer. What somebody else changed meanwhile is left alone: the next pass sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from corral.contracts.syncing import Told
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import Conflict, CorralError, Refused, Stale
from corral.domain.lifecycle import Event
from corral.domain.machine import NetworkPort
from corral.domain.server import Server
from corral.domain.sync_compare import Comparison
from corral.domain.sync_policy import AdoptRule
from corral.domain.sync_sides import changed_ports, new_ports, with_power, with_world
from corral.engine import Engine, Operation
from corral.flows import Env
from corral.flows.env import Emit
from corral.flows.start import Actor, about, params_of
from corral.notify import ServerPayload
from corral.services.keys import operation_uuid
from corral.store import Audit, AuditEntry, Drifts, Flavors, Proofs, Servers, SyncState
from corral.store.sync_cloud import CloudSides
from corral.store.sync_pods import PodClaims
from corral.store.sync_rules import Remembered, RuleMemory
from corral.store.sync_state import Agreed, SourceState

LOG = logging.getLogger(__name__)

LOST = "It is lost: its source says that it does not exist. Accept it to let the server go."
REFUSED = "A rule adopts it, and it can't be:"
_AT_ONCE = 200
USER = "corral-sync"
"""Whom the audit names where a rule decided, and no person."""

Ports = Callable[[str, Sequence[str]], Mapping[str, NetworkPort]]
"""Network ports of a source, by id: those that exist."""
Adopt = Callable[[str, str, AdoptRule], Operation]
"""Adopts a machine of a source by a rule, as a person would. Raises CorralError."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One server whose sides were held against each other. `stamp`: "" when it must be compared again by the next pass."""

    server: Server
    told: Told
    kept: Agreed
    stamp: str
    result: Comparison


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written of one server: its drifts that there are, and the fields that differ no more."""

    compared: Compared
    put: tuple[Drift, ...] = ()
    over: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Where it is written, and who is told. `count(source, what, number)` counts for the metrics."""

    state: SyncState
    drifts: Drifts
    servers: Servers
    flavors: Flavors
    audit: Audit
    proofs: Proofs
    engine: Engine[Env]
    emit: Emit
    clock: Callable[[], datetime]
    ports: Ports
    adopt: Adopt
    rules: RuleMemory
    sides: CloudSides
    count: Callable[[str, str, int], None] = lambda _source, _what, _number: None
    pods: PodClaims | None = None


class Acts:
    """The acts at one source. `holder`: the synchronizer that must still be the source's own; None for a person, who decides
    whoever synchronizes."""

    def __init__(self, desk: Desk, source: str, holder: str | None = None) -> None:
        self._desk = desk
        self._source = source
        self._holder = holder
        self.state, self.drifts, self.servers, self.flavors = desk.state, desk.drifts, desk.servers, desk.flavors
        self.clock = desk.clock

    # --- rows ---------------------------------------------------------------------------------------------

    def seen(self, ids: Sequence[int]) -> None:
        """These drifts are still there."""
        if ids:
            with self._writing() as conn:
                self.drifts.seen(conn, ids, self.clock())

    def put(self, drifts: Sequence[Drift]) -> None:
        """Write drifts, and tell of those that are believed now."""
        for start in range(0, len(drifts), _AT_ONCE):
            with self._writing() as conn:
                self.drifts.put_all(conn, drifts[start : start + _AT_ONCE])
            self._tell_found(drifts[start : start + _AT_ONCE])

    def drop(self, source: str, machine: str, fields: Iterable[Field]) -> None:
        """Forget drifts that are settled."""
        with self._writing() as conn:
            for what in fields:
                self.drifts.drop(conn, source, machine, what)

    def keep(self, all_of_it: Sequence[Kept]) -> None:
        """Write what is agreed on now, the drifts that there are, and forget those that are over: of many servers at once."""
        for start in range(0, len(all_of_it), _AT_ONCE):
            some = all_of_it[start : start + _AT_ONCE]
            with self._writing() as conn:
                self._keep(conn, some)
            self._tell_found([drift for one in some for drift in one.put])
            for one in some:
                for what in one.over:
                    self._tell("server.drift.settled", one.compared.server, what, "Both sides are one again.")

    def _keep(self, conn: sa.Connection, some: Sequence[Kept]) -> None:
        # What an operation wrote meanwhile stays: only what this look is sure of is written.
        before = self.state.several_in(conn, [one.compared.server.uuid for one in some])
        agreed: dict[str, Agreed] = {}
        for one in some:
            compared, uuid = one.compared, one.compared.server.uuid
            now = before.get(uuid, Agreed())
            if (now.agreed, now.stamp) != (compared.result.agreed, compared.stamp):
                agreed[uuid] = replace(now, agreed=compared.result.agreed, stamp=compared.stamp)
        self.state.agree_all(conn, agreed)
        self.drifts.put_all(conn, [drift for one in some for drift in one.put])
        for one in some:
            compared = one.compared
            if compared.told.beside is not None:
                same = compared.result.compared - {found.what for found in compared.result.found}
                self._desk.sides.agreed(conn, compared.told.beside.bases(same))
            for what in one.over:
                self.drifts.drop(conn, one.compared.server.source, one.compared.server.machine, what)

    # --- the record follows -------------------------------------------------------------------------------

    def take(self, one: Compared, drifts: Sequence[Drift]) -> int:
        """The record takes over what the world says. Gives how many fields it took."""
        try:
            self._taken("sync:take", one, drifts, None)
        except Stale:
            return 0
        except Conflict as exc:
            # Two machines of one name, say: the database knows better.
            self.put([replace(drift, state=DriftState.CONFLICT, why=exc.message) for drift in drifts])
            return 0
        return len(drifts)

    def accept(self, one: Compared, drift: Drift, actor: Actor) -> None:
        """As `take`, because a person said so. Raises Stale, Conflict."""
        self._taken("drift:accept", one, [drift], actor)

    def _taken(self, action: str, one: Compared, drifts: Sequence[Drift], actor: Actor | None) -> None:
        values = {drift.field: drift.world for drift in drifts}
        ports = self._ports(one.server, new_ports(one.server, values), changed_ports(one.server, values))
        changed = with_world(one.server, values, vm=one.told.vm, ports=ports)
        with self._acting(action, one.server, actor, fields=_told(drifts)) as conn:
            if changed != one.server:
                self.servers.save(changed, conn=conn)
            self._agree(conn, one.server, values)
            if one.told.beside is not None:
                self._desk.sides.agreed(conn, one.told.beside.bases(values))
                self._desk.sides.lose(conn, one.told.beside.gone(values))
            if one.told.composed is not None and self._desk.pods is not None and Field.COMPOSITION in values:
                self._desk.pods.follow(conn, one.told.composed.claim, values[Field.COMPOSITION])
        for drift in drifts:
            self._tell("server.drift.settled", changed, drift.field, "The record follows the world.")

    def _ports(self, server: Server, wanted: Sequence[str], changed: Sequence[str]) -> Mapping[str, NetworkPort]:
        if not wanted and not changed:
            return {}
        found = self._desk.ports(server.source, [*wanted, *changed])
        if missing := [port for port in wanted if port not in found]:
            raise Conflict(f"It has network ports that the network service does not know: {', '.join(missing)}.")
        return found

    def _agree(self, conn: sa.Connection, server: Server, values: Mapping[Field, object]) -> None:
        now = self.state.agreed_in(conn, server.uuid)
        # What the source's people said since is not to be put back to what was there before ours.
        origin = {what: before for what, before in now.origin.items() if what not in values}
        self.state.agree(conn, server.uuid, replace(now, agreed={**now.agreed, **values}, origin=origin, stamp=""))
        for what in values:
            self.drifts.drop(conn, server.source, server.machine, what)

    def returned(self, server: Server, power: str) -> int:
        """A lost server's machine is there again."""
        try:
            back = replace(with_power(server, power), fault=None)
            with self._acting("sync:returned", server, None) as conn:
                self.servers.save(back, conn=conn)
                self.drifts.drop(conn, server.source, server.machine, Field.GONE)
        except Stale:
            return 0
        self._tell("server.returned", back, Field.GONE, "Its source tells of it again.")
        return 1

    def lost(self, server: Server, drift: Drift) -> int:
        """Its source says that it does not exist: the server stays, and is lost."""
        try:
            gone = replace(server.on(Event.VANISHED), fault={"message": LOST})
            with self._acting("sync:lost", server, None) as conn:
                self.servers.save(gone, conn=conn)
                self.drifts.put(conn, replace(drift, state=DriftState.OPEN, why=LOST))
        except (Stale, Conflict):
            return 0
        self._tell("server.lost", gone, Field.GONE, LOST)
        return 1

    # --- the source follows -------------------------------------------------------------------------------

    def correct(
        self,
        server: Server,
        drifts: Sequence[Drift],
        allowed: frozenset[str],
        actor: Actor | None = None,
        *,
        key: str | None = None,
    ) -> Operation:
        """Start an operation that tells the source what the record says."""
        who = actor or Actor(USER, server.project)
        uuid = operation_uuid(key, who)
        action = "sync:correct" if actor is None else "drift:restore"
        params = params_of(server, who) | {
            "name": server.name,
            "action": action,
            "allowed": sorted(allowed),
            "wanted": {str(one.field): {"to": one.record, "from": one.world} for one in drifts},
        }
        about_it = {"operation": uuid, "server": server.uuid, "source": server.source, "machine": server.machine}

        def alongside(conn: sa.Connection) -> None:
            self._prove(conn)
            for one in drifts:
                being = replace(one, state=DriftState.CORRECTING, operation=uuid, why="An operation corrects it.")
                self.drifts.put(conn, being)
            proof = {**about_it, "kind": "sync", "user": who.user, "project": who.project}
            self._desk.proofs.open(conn, proof)
            entry = _entry(action, "accepted", server, who, operation=uuid, fields=_told(drifts))
            self._desk.audit.add(entry, conn=conn)

        return self._desk.engine.submit("sync", params, operation=about(server, who, uuid), alongside=alongside)

    def failure(self, operation: str) -> str:
        """With what a correction ended undone; "" for one that did not, or of which nothing is known any more."""
        found = self._desk.engine.operation(operation)
        return str((found.error or {}).get("message", "")).rstrip(".") if found is not None else ""

    # --- new machines, and the brake ----------------------------------------------------------------------

    def adopt(self, rule: AdoptRule, drift: Drift) -> int:
        """Adopt a new machine by a rule, with the operation that a person would start."""
        try:
            operation = self._desk.adopt(self._source, drift.machine, rule)
        except CorralError as exc:
            # Written each time: those that were tried longest ago come first the next time.
            self.put([replace(drift, state=DriftState.OPEN, why=f"{REFUSED} {_why(exc)}")])
            return 0
        with self._writing() as conn:
            self._desk.rules.trying(conn, self._source, drift.machine, self.clock())
        LOG.info("A new machine is adopted by rule.", extra={"source": self._source, "operation": operation.uuid})
        self.drop(self._source, drift.machine, [Field.NEW])
        return 1

    def remembered(self) -> Mapping[str, Remembered]:
        """What rules remember, by machine."""
        return self._desk.rules.at(self._source)

    def brake(self, source: str, why: str, state: SourceState) -> None:
        """Put the brake on, or keep it on."""
        first = state.braked_at is None
        with self._writing() as conn:
            if first:
                self.state.put(conn, source, braked_at=self.clock(), brake_why=why, calm=0)
                entry = AuditEntry("sync:brake", "done", USER, detail={"source": source, "why": why})
                self._desk.audit.add(entry, conn=conn)
            else:
                self.state.put(conn, source, calm=0)
        if first:
            self._desk.count(source, "braked", 1)
            LOG.warning("The brake is on: too much of a source differs at once.", extra={"source": source, "why": why})

    def calmer(self, source: str, state: SourceState, needed: int) -> bool:
        """Count a calm pass. Gives whether there were enough of them: then the brake is off again."""
        calm = (state.calm or 0) + 1
        over = calm >= needed
        with self._writing() as conn:
            ended = {"braked_at": None, "brake_why": None, "calm": None}
            self.state.put(conn, source, **(ended if over else {"calm": calm}))
            if over:
                detail = {"source": source, "why": f"{calm} calm passes"}
                self._desk.audit.add(AuditEntry("sync:release", "done", USER, detail=detail), conn=conn)
        return over

    # --- inside -------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self.state.changing() as conn:
            self._prove(conn)
            yield conn

    def _prove(self, conn: sa.Connection) -> None:
        if self._holder is not None:
            self.state.prove(conn, self._source, self._holder)

    @contextmanager
    def _acting(
        self, action: str, server: Server, actor: Actor | None, *, fields: Sequence[str] = ()
    ) -> Iterator[sa.Connection]:
        """A transaction for a change and its audit entry."""
        who = actor or Actor(USER, server.project)
        with self._writing() as conn:
            yield conn
            self._desk.audit.add(_entry(action, "done", server, who, fields=fields), conn=conn)

    def _tell_found(self, drifts: Sequence[Drift]) -> None:
        # Of what the brake holds there is too much to tell one by one.
        told = [one for one in drifts if one.server and one.state in (DriftState.OPEN, DriftState.CONFLICT)]
        servers = self.servers.several(one.server for one in told if one.server)
        for one in told:
            if one.server in servers:
                self._tell("server.drift.found", servers[one.server], one.field, one.why)

    def _tell(self, event: str, server: Server, what: Field, why: str) -> None:
        payload = ServerPayload(
            server_uuid=server.uuid,
            name=server.name,
            project_id=server.project,
            user_id=None,
            source=server.source,
            node_uuid=server.machine,
            operation="",
            state=str(server.status),
            flavor_uuid=server.flavor or None,
            image_uuid=server.image,
            power_state=server.power,
            field=str(what),
            detail=why,
        )
        self._desk.emit(event, payload)


def _why(exc: CorralError) -> str:
    reasons = exc.reasons if isinstance(exc, Refused) else ()
    return " ".join([exc.message, *(one.message for one in reasons[:5])])


def _told(drifts: Sequence[Drift]) -> tuple[str, ...]:
    return tuple(sorted(str(one.field) for one in drifts))


def _entry(
    action: str, outcome: str, server: Server, who: Actor, *, operation: str | None = None, fields: Sequence[str] = ()
) -> AuditEntry:
    detail = {"source": server.source, "fields": list(fields)}
    return AuditEntry(
        action, outcome, who.user, who.project, who.request_id, server.uuid, operation, server.machine, detail=detail
    )
