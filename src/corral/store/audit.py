"""The audit trail: who did what to what, and how it ended. Only ever added to, until it is older than it has to be kept.

Rule: what changes the record is written in one transaction with its entry (`recording`, or `add` with a connection). An
operation has two entries: `accepted`, stored with it, and its result, stored when it becomes final at the latest — so the
trail of a server has no gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.engine import Operation, read
from corral.engine.tables import operations
from corral.store.tables import audit

ACCEPTED, DONE, REFUSED = "accepted", "done", "refused"
OUTCOMES = (ACCEPTED, DONE, REFUSED, "succeeded", "reverted", "cancelled", "failed")
"""`accepted`: an operation was stored; `done`: carried out at once; `refused`: not carried out, and the code says why. The
others tell how an operation ended."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `action`: what, as policy names it; `outcome`: one of OUTCOMES; `subject`: the uuid of the server, flavor or
    plan that it was done to; `machine`: the machine's id; `code` and `reasons`: the codes of a refusal or a failure.
    `detail` never holds a body, a secret or user data. `id` grows with each entry."""

    action: str
    outcome: str
    user: str | None = None
    project: str | None = None
    request_id: str | None = None
    subject: str | None = None
    operation: str | None = None
    machine: str | None = None
    code: str | None = None
    reasons: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to list; None: any. `since` is included, `until` is not. `within`: refusals of that project's callers only;
    what strangers were refused is not a project's business."""

    user: str | None = None
    action: str | None = None
    subject: str | None = None
    machine: str | None = None
    operation: str | None = None
    outcome: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    within: str | None = None


# Built once: making SQL of expressions costs more than running it.
_ADD = sa.insert(audit)
_OPERATION: sa.BindParameter[str] = sa.bindparam("of_operation")
_ERROR = sa.select(operations.c.error).where(operations.c.uuid == _OPERATION)
_ASKER = (
    sa.select(audit.c.action, audit.c.user, audit.c.project, audit.c.request_id)
    .where(audit.c.operation == _OPERATION, audit.c.outcome == ACCEPTED)
    .order_by(audit.c.id)
    .limit(1)
)
_RESULT = (
    sa.select(audit.c.id).where(audit.c.operation == _OPERATION, audit.c.outcome.not_in((ACCEPTED, REFUSED))).limit(1)
)
_EQUAL = ("user", "action", "subject", "machine", "operation", "outcome", "request_id")


class Audit:
    """The audit records."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def add(self, entry: AuditEntry, *, conn: sa.Connection | None = None) -> None:
        """Write an entry, in the caller's transaction if it has one: no change without its entry.

        Of an operation's result the first entry stays: a step that is repeated after a crash tells nothing new."""
        if conn is None:
            with self._sql.begin() as own:
                self.add(entry, conn=own)
        elif entry.operation is None or entry.outcome in (ACCEPTED, REFUSED):
            self._insert(conn, entry, entry.code, entry.reasons)
        elif not self._ended(conn, entry.operation):
            error = conn.execute(_ERROR, {"of_operation": entry.operation}).scalar()
            self._insert(conn, replace(entry, **self._asker(conn, entry.operation)), *codes(error))

    @contextmanager
    def recording(self, entry: AuditEntry) -> Iterator[sa.Connection]:
        """A transaction for a change and its entry: both are written, or neither."""
        with self._sql.begin() as conn:
            yield conn
            self.add(entry, conn=conn)

    def ended(self, conn: sa.Connection, operation: Operation) -> None:
        """See to it that an operation that becomes final has a result, in the transaction that makes it final."""
        self.add(
            AuditEntry(
                action=operation.params.get("action") or f"server:{operation.kind}",
                outcome=str(operation.state),
                user=operation.user_id,
                project=operation.project_id,
                request_id=operation.params.get("request_id"),
                subject=operation.subject,
                operation=operation.uuid,
                machine=operation.machine,
                detail={"source": operation.source},
            ),
            conn=conn,
        )

    def page(self, where: AuditFilter, *, limit: int, marker: int | None = None) -> list[AuditEntry]:
        """Entries, newest first, after the one whose id is `marker`: the last page costs what the first does."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
        for condition in _conditions(where, marker):
            query = query.where(condition)
        with read(self._sql) as conn:
            return [_entry(dict(row)) for row in conn.execute(query).mappings()]

    def of(self, subject: str) -> list[AuditEntry]:
        """All entries about a server, oldest first."""
        query = sa.select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
        with read(self._sql) as conn:
            return [_entry(dict(row)) for row in conn.execute(query).mappings()]

    def _insert(self, conn: sa.Connection, entry: AuditEntry, code: str | None, reasons: tuple[str, ...]) -> None:
        values = {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__ if name != "id"}
        machine = entry.machine or entry.detail.get("machine")
        told = {"code": code, "reasons": list(reasons), "detail": dict(entry.detail), "machine": machine}
        conn.execute(_ADD, {**values, **told, "at": self._clock()})

    @staticmethod
    def _asker(conn: sa.Connection, operation: str) -> dict[str, Any]:
        """Who asked for an operation, and how: the result is theirs, whatever project it ended in."""
        found = conn.execute(_ASKER, {"of_operation": operation}).mappings().first()
        return dict(found) if found else {}

    @staticmethod
    def _ended(conn: sa.Connection, operation: str) -> bool:
        return conn.execute(_RESULT, {"of_operation": operation}).first() is not None


def codes(error: Mapping[str, Any] | None) -> tuple[str | None, tuple[str, ...]]:
    """The code of an error as it is stored or shown, and those of its reasons; None and nothing without an error."""
    if not error:
        return None, ()
    reasons = error.get("reasons") or ()
    return str(error.get("code") or "internal")[:64], tuple(str(one["code"]) for one in reasons if "code" in one)


def _conditions(where: AuditFilter, marker: int | None) -> Iterator[sa.ColumnElement[bool]]:
    for name in _EQUAL:
        if (value := getattr(where, name)) is not None:
            yield audit.c[name] == value
    if where.since is not None:
        yield audit.c.at >= where.since
    if where.until is not None:
        yield audit.c.at < where.until
    if where.within is not None:
        yield sa.or_(audit.c.outcome != REFUSED, audit.c.project == where.within)
    if marker is not None:
        yield audit.c.id < marker


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(**{**row, "reasons": tuple(row["reasons"] or ())})
