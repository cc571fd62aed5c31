"""The no-disturbance proof: every call that left for a source, and the fingerprints around them, by operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from corral.contracts.border import Call
from corral.engine import read
from corral.store.tables import calls, proofs

_BATCH = 500
_OF_NODE = "node_"
_PROVISION = "provision"


@dataclass(frozen=True, slots=True)
class ProofRow:
    """What was done in one operation, by whom, and what the machine looked like before and after (None: not taken). `server`: the
    node's id where the operation is about a node; `source` and `machine` are empty for a node without a machine."""

    operation: str
    server: str
    kind: str
    user: str | None
    project: str
    source: str
    machine: str
    created_at: datetime
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    calls: tuple[Call, ...] = ()


def about_node(kind: str) -> bool:
    """Whether operations of this kind are about nodes, and no servers."""
    return kind == _PROVISION or kind.startswith(_OF_NODE)


_OF_SERVERS = sa.and_(proofs.c.kind != _PROVISION, ~proofs.c.kind.startswith(_OF_NODE, autoescape=True))


# Built once: making SQL of expressions costs more than running it.
_OPEN = sa.insert(proofs)
_AFTER = sa.update(proofs).where(proofs.c.operation == sa.bindparam("of_operation"))
_BEFORE = _AFTER.where(proofs.c.before.is_(None))
_CALLS = sa.insert(calls)


class Proofs:
    """The proof records. They are only ever added to."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def open(self, conn: sa.Connection, proof: Mapping[str, Any]) -> None:
        """Begin the proof of an operation, in the transaction that stores the operation."""
        conn.execute(_OPEN, {**proof, "created_at": self._clock()})

    def before(self, operation: str, fingerprint: Mapping[str, Any], *, conn: sa.Connection | None = None) -> None:
        """Keep the fingerprint from before the first act. The first one stays: a resumed flow must not replace it."""
        self._write(_BEFORE, {"of_operation": operation, "before": dict(fingerprint)}, conn)

    def after(self, operation: str, fingerprint: Mapping[str, Any], *, conn: sa.Connection | None = None) -> None:
        """Keep the fingerprint from after the last act."""
        self._write(_AFTER, {"of_operation": operation, "after": dict(fingerprint)}, conn)

    def record(self, operation: str, made: Sequence[Call], *, conn: sa.Connection | None = None) -> None:
        """Keep calls of an operation."""
        if made:
            self._write(_CALLS, [_call_row(operation, call) for call in made], conn)

    def _write(self, statement: Any, values: Any, conn: sa.Connection | None) -> None:
        """In the caller's transaction, if it has one."""
        if conn is not None:
            conn.execute(statement, values)
            return
        with self._sql.begin() as own:
            own.execute(statement, values)

    def lost(self, operation: str) -> datetime | None:
        """When the last act of an operation was given up on whose answer never came; None when all were answered."""
        unanswered = calls.c.outcome.in_(("outcome-unknown", "no answer"))
        query = sa.select(calls.c.at, calls.c.seconds).where(calls.c.operation == operation, unanswered)
        with read(self._sql) as conn:
            rows = conn.execute(query.where(calls.c.method != "GET")).all()
        return max((row.at + timedelta(seconds=row.seconds) for row in rows), default=None)

    def of_server(self, server: str) -> list[ProofRow]:
        """The proofs of all operations on a server, oldest first; also of one that was let go."""
        return self._load(sa.and_(proofs.c.server == server, _OF_SERVERS))

    def of_operation(self, operation: str) -> ProofRow | None:
        """The proof of one operation, or None when it has none."""
        return next(iter(self._load(proofs.c.operation == operation)), None)

    def remembered(self, uuids: Iterable[str]) -> set[str]:
        """Those of these uuids that are servers, or former ones, of this Corral: there is a proof of something done to them, but
        for the mending of what was left over. Nodes are none: what is provisioned bears its node's id, and is not left over."""
        wanted, found = sorted(set(uuids)), set[str]()
        with read(self._sql) as conn:
            for start in range(0, len(wanted), _BATCH):
                here = proofs.c.server.in_(wanted[start : start + _BATCH])
                query = sa.select(proofs.c.server).where(here, proofs.c.kind != "mend", _OF_SERVERS).distinct()
                found |= set(conn.execute(query).scalars())
        return found

    def _load(self, where: sa.ColumnElement[bool]) -> list[ProofRow]:
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(proofs).where(where).order_by(proofs.c.created_at)).mappings().all()
            of_these = (
                sa.select(calls).where(calls.c.operation.in_([row["operation"] for row in rows])).order_by(calls.c.id)
            )
            made: dict[str, list[Call]] = {}
            for row in conn.execute(of_these).mappings():
                made.setdefault(row["operation"], []).append(_call(dict(row)))
        return [ProofRow(**row, calls=tuple(made.get(row["operation"], ()))) for row in rows]


def _call_row(operation: str, call: Call) -> dict[str, Any]:
    return {
        "operation": operation,
        "at": datetime.fromtimestamp(call.at, UTC),
        "service": call.service,
        "method": call.method,
        "path": call.path[:1024],
        "outcome": call.outcome[:255],
        "allowed": call.allowed,
        "seconds": round(call.seconds, 4),
    }


def _call(row: Mapping[str, Any]) -> Call:
    names = ("service", "method", "path", "allowed", "outcome", "seconds")
    return Call(at=row["at"].timestamp(), **{name: row[name] for name in names})
