"""Operations in SQL, for everyone but the run that carries one out (that is `journal`): submit, claim,
cancel, list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.engine._taskflow import states
from corral.engine.database import database_clock, read
from corral.engine.errors import Finished, KeyReused, UnknownOperation
from corral.engine.journal import Claim, Desk
from corral.engine.operation import UNFINISHED, Event, EventKind, NewOperation, Operation, State, Submission
from corral.engine.runs import History
from corral.engine.tables import (
    event_from,
    flow_claims,
    operation_events,
    operation_from,
    operations,
    select_operations,
)

Alongside = Callable[[sa.Connection], None]

_KEYS = UUID("6f0b3c5e-3f5a-5d0e-9a43-0c6f1f6f5a11")
_WAITING = sorted(UNFINISHED)


_HELD = sa.select(flow_claims.c.until).where(flow_claims.c.operation == sa.bindparam("of_uuid"))
_HELD_LOCKED = _HELD.with_for_update()
_ONE = select_operations().where(operations.c.uuid == sa.bindparam("of_uuid"))
_ONE_LOCKED = _ONE.with_for_update()
_STARTED = sa.select(operation_events.c.step).where(
    operation_events.c.operation == sa.bindparam("of_uuid"), operation_events.c.kind == EventKind.STEP_STARTED
)
_EPOCH = sa.select(flow_claims.c.epoch).where(flow_claims.c.operation == sa.bindparam("of_uuid"))
_SUBMIT = sa.insert(operations)
_CLAIM_FIRST = sa.insert(flow_claims)
_CLAIM_AGAIN = sa.update(flow_claims).where(flow_claims.c.operation == sa.bindparam("of_uuid"))
_INNER = sa.select(operations.c.retry_at, operations.c.trace).where(operations.c.uuid == sa.bindparam("of_uuid"))


@dataclass(frozen=True)
class Claimed:
    """An operation that this process may carry out now."""

    claim: Claim
    history: History
    detail: Any  # TaskFlow's FlowDetail
    trace: str | None = None


class Records:
    """The operations of one database."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sql = desk.sql

    def submit(
        self,
        kind: str,
        version: int,
        params: Mapping[str, Any],
        new: NewOperation,
        alongside: Alongside | None,
    ) -> tuple[Operation, bool]:
        """Store an operation with what `alongside` writes, in one transaction. Tell whether it is new."""
        uuid = uuid_of(new)
        try:
            with self._sql.begin() as conn:
                if (known := self._known(conn, uuid, kind)) is None:
                    self._insert(conn, uuid, kind, version, params, new, 1)
                    if alongside is not None:
                        alongside(conn)
        except IntegrityError:
            # Either somebody stored the same key at the same time, or `alongside` broke a rule of its own.
            with read(self._sql) as conn:
                if (known := self._known(conn, uuid, kind)) is None:
                    raise
        return (known, False) if known else (self.must_get(uuid), True)

    def submit_many(
        self, wanted: Sequence[tuple[Submission, int]], first: Alongside | None
    ) -> list[tuple[Operation, bool]]:
        """As `submit`, for several (each with its flow's version) in one transaction, which `first` begins."""
        found = []
        with self._sql.begin() as conn:
            if first is not None:
                first(conn)
            for one, version in wanted:
                uuid = uuid_of(one.operation)
                if new := self._known(conn, uuid, one.flow) is None:
                    self._insert(conn, uuid, one.flow, version, one.params, one.operation, len(wanted))
                    if one.alongside is not None:
                        one.alongside(conn)
                found.append((uuid, new))
            return [(_there(conn, uuid), new) for uuid, new in found]

    def get(self, uuid: str) -> Operation | None:
        """The operation, or None."""
        with read(self._sql) as conn:
            return _one(conn, uuid)

    def must_get(self, uuid: str) -> Operation:
        """The operation; UnknownOperation if there is none."""
        if (operation := self.get(uuid)) is None:
            raise UnknownOperation(f"There is no operation {uuid}.")
        return operation

    def page(
        self, where: Mapping[str, Any], limit: int, marker: str | None, states: Sequence[str] | None
    ) -> list[Operation]:
        """Operations whose columns have the given values, newest first, after the one named by `marker`."""
        query = select_operations().order_by(operations.c.created_at.desc(), operations.c.uuid.desc())
        for column, value in where.items():
            query = query.where(operations.c[column] == value) if value is not None else query
        if states:
            query = query.where(operations.c.state.in_([*states]))
        with read(self._sql) as conn:
            if marker is not None:
                query = query.where(sa.tuple_(*self._place(conn, marker)) > _KEYSET)
            return [operation_from(row) for row in conn.execute(query.limit(limit))]

    def events(self, uuid: str, after: int, limit: int) -> list[Event]:
        """Events with a `seq` above `after`, in order."""
        columns = operation_events.c
        query = sa.select(operation_events).where(columns.operation == uuid, columns.seq > after)
        with read(self._sql) as conn:
            return [event_from(row) for row in conn.execute(query.order_by(columns.seq).limit(limit))]

    def counts(self) -> dict[str, int]:
        """How many operations are in each state."""
        query = sa.select(operations.c.state, sa.func.count()).group_by(operations.c.state)
        with read(self._sql) as conn:
            found = {row[0]: row[1] for row in conn.execute(query)}
        return {state.value: found.get(state.value, 0) for state in State}

    def request_cancel(self, uuid: str, alongside: Alongside | None = None) -> Operation:
        """Set the flag that turns an operation around at its next check, with what `alongside` writes."""
        with self._sql.begin() as conn:
            operation = _one(conn, uuid, lock=True)
            if operation is None:
                raise UnknownOperation(f"There is no operation {uuid}.")
            if operation.state.final:
                raise Finished(f"Operation {uuid} is over ({operation.state}); there is nothing to cancel.")
            conn.execute(sa.update(operations).where(operations.c.uuid == uuid).values(cancel_requested=True))
            if alongside is not None:
                alongside(conn)
        return self.must_get(uuid)

    def waiting(self, limit: int, now: datetime | None) -> list[tuple[str, str | None]]:
        """Unfinished operations that no worker has, with their sources; only those due at `now`, if given.

        The oldest of each source, then the second oldest of each: so that a source that is slow, or silent, can't fill the board.
        """
        columns = operations.c
        place = sa.func.row_number().over(partition_by=columns.source, order_by=columns.created_at)
        query = sa.select(columns.uuid, columns.source, columns.created_at, place.label("place"))
        query = query.where(columns.state.in_(_WAITING))
        if now is not None:
            query = query.where(sa.or_(columns.retry_at.is_(None), columns.retry_at <= now))
        with read(self._sql) as conn:
            if self._desk.lease is not None:
                taken = sa.select(flow_claims.c.operation).where(flow_claims.c.until > database_clock(conn))
                query = query.where(columns.uuid.not_in(taken))
            ranked = query.subquery().c
            inturn = sa.select(ranked.uuid, ranked.source).order_by(ranked.place, ranked.created_at)
            return [(uuid, source) for uuid, source in conn.execute(inturn.limit(limit))]

    def claim(self, uuid: str, owner: str) -> Claimed | None:
        """Take an operation, from whoever had it if the lease is over. None if it is finished, or in a living worker's hands."""
        with self._desk.fenced.begin() as conn:
            # The claim is locked before the operation, as the journal does; read after it, when nobody else can make one.
            conn.execute(_HELD_LOCKED, {"of_uuid": uuid})
            operation = _one(conn, uuid, lock=True)
            if operation is None or operation.state.final:
                return None
            if self._desk.lease is not None and _lasts(conn, uuid):
                return None
            claim = Claim(uuid, self._next_epoch(conn, uuid, owner))
            detail = self._desk.rows.load(conn, uuid)
            inner = conn.execute(_INNER, {"of_uuid": uuid}).one()
            history = History(operation, _begun(conn, operation), _results(detail), inner.retry_at is not None)
        return Claimed(claim, history, detail, inner.trace)

    def _next_epoch(self, conn: sa.Connection, uuid: str, owner: str) -> int:
        epoch = (conn.execute(_EPOCH, {"of_uuid": uuid}).scalar() or 0) + 1
        values = {"epoch": epoch, "owner": owner, "claimed_at": self._desk.clock(), "until": self._lease_end(conn)}
        if epoch == 1:
            conn.execute(_CLAIM_FIRST, {"operation": uuid, **values})
        else:
            conn.execute(_CLAIM_AGAIN, {"of_uuid": uuid, **values})
        return epoch

    def renew(self, operations: Sequence[str], owner: str) -> None:
        """Make the owner's claims on these operations last for another lease."""
        mine = flow_claims.c.operation.in_(operations) & (flow_claims.c.owner == owner)
        with self._desk.fenced.begin() as conn:
            conn.execute(sa.update(flow_claims).where(mine).values(until=self._lease_end(conn)))

    def leases(self) -> list[tuple[str, int]]:
        """Who carries out how many operations."""
        query = sa.select(flow_claims.c.owner, sa.func.count()).group_by(flow_claims.c.owner)
        with read(self._sql) as conn:
            return [(owner, count) for owner, count in conn.execute(query.order_by(flow_claims.c.owner))]

    def _lease_end(self, conn: sa.Connection) -> datetime | None:
        lease = self._desk.lease
        return None if lease is None else database_clock(conn) + timedelta(seconds=lease)

    def _known(self, conn: sa.Connection, uuid: str, kind: str) -> Operation | None:
        known = _one(conn, uuid)
        if known is not None and known.kind != kind:
            raise KeyReused(f"The key {known.key!r} belongs to a {known.kind} operation, not to {kind}.")
        return known

    def _insert(
        self,
        conn: sa.Connection,
        uuid: str,
        kind: str,
        version: int,
        params: Mapping[str, Any],
        new: NewOperation,
        among: int,
    ) -> None:
        values = {field.name: getattr(new, field.name) for field in fields(new)}
        values |= {"uuid": uuid, "kind": kind, "flow_version": version, "params": dict(params)}
        values |= {"state": State.PENDING, "created_at": self._desk.clock()}
        values["trace"] = self._desk.tracing.submitted(kind, uuid, among=among)
        conn.execute(_SUBMIT, values)
        self._desk.rows.insert(conn, uuid, kind)

    def _place(self, conn: sa.Connection, marker: str) -> tuple[Any, str]:
        query = sa.select(operations.c.created_at).where(operations.c.uuid == marker)
        created_at = conn.execute(query).scalar()
        if created_at is None:
            raise UnknownOperation(f"There is no operation {marker} to list after.")
        return sa.literal(created_at, operations.c.created_at.type), marker


def unfinished_flows(sql: sa.Engine) -> Counter[tuple[str, int]]:
    """How many operations of which flows and versions are not over; also in a database of an older release, or an empty one."""
    columns = operations.c
    query = sa.select(columns.kind, columns.flow_version, sa.func.count()).where(columns.state.in_(_WAITING))
    with read(sql) as conn:
        if not sa.inspect(conn).has_table(operations.name):
            return Counter()
        rows = conn.execute(query.group_by(columns.kind, columns.flow_version))
        return Counter({(kind, version): count for kind, version, count in rows})


def _lasts(conn: sa.Connection, uuid: str) -> bool:
    until = conn.execute(_HELD, {"of_uuid": uuid}).scalar()
    return until is not None and until > database_clock(conn)


def uuid_of(new: NewOperation) -> str:
    """The operation's uuid: made of its key, within its project, so that no tenant can hit another's key."""
    if new.uuid is not None:
        return new.uuid
    return str(uuid4() if new.key is None else uuid5(_KEYS, f"{new.project_id or ''}\n{new.key}"))


def _one(conn: sa.Connection, uuid: str, *, lock: bool = False) -> Operation | None:
    row = conn.execute(_ONE_LOCKED if lock else _ONE, {"of_uuid": uuid}).first()
    return operation_from(row) if row else None


def _there(conn: sa.Connection, uuid: str) -> Operation:
    operation = _one(conn, uuid)
    assert operation is not None
    return operation


def _begun(conn: sa.Connection, operation: Operation) -> Counter[str]:
    if operation.state is State.PENDING:
        return Counter()
    return Counter(conn.execute(_STARTED, {"of_uuid": operation.uuid}).scalars())


def _results(detail: Any) -> dict[str, Any]:
    kept = (states.SUCCESS, states.REVERTING)
    return {atom.name: atom.results for atom in detail if atom.state in kept and atom.failure is None}


_KEYSET = sa.tuple_(operations.c.created_at, operations.c.uuid)
