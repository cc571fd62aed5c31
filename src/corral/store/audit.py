"""The audit trail: who did what to what, and how it ended. Only ever added to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.engine import read
from corral.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry. `action`: what, as policy names it; `outcome`: accepted, refused, or how the operation ended.
    `detail` never holds a body, a secret or user data."""

    action: str
    outcome: str
    user: str | None = None
    project: str | None = None
    request_id: str | None = None
    subject: str | None = None
    operation: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


class Audit:
    """The audit records."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def add(self, entry: AuditEntry, *, conn: sa.Connection | None = None) -> None:
        """Write an entry, in the caller's transaction if it has one: no change without its entry."""
        if conn is None:
            with self._sql.begin() as own:
                self.add(entry, conn=own)
            return
        values = {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__}
        conn.execute(sa.insert(audit).values({**values, "detail": dict(entry.detail), "at": self._clock()}))

    def of(self, subject: str) -> list[AuditEntry]:
        """All entries about a server, oldest first."""
        query = sa.select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
        with read(self._sql) as conn:
            rows = conn.execute(query).mappings().all()
        return [AuditEntry(**{key: value for key, value in row.items() if key != "id"}) for row in rows]
