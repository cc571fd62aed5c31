"""What rules that adopt remember of machines: that somebody let one go, and when rules tried to adopt one.

Rule: what a person let go of is left to people. No row is forgotten by itself, as nobody knows when that would be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from corral.engine import read
from corral.store.sync_tables import sync_rules

_KEPT = 10
"""So many of the last tries are kept."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Of one machine. `let_go_at`: when `let_go_by` let go of its server; None: nobody did."""

    let_go_at: datetime | None = None
    let_go_by: str | None = None
    tries: tuple[datetime, ...] = ()

    def tried(self, now: datetime, within: timedelta) -> int:
        """How often rules tried it lately."""
        return sum(now - at < within for at in self.tries)


class RuleMemory:
    """The rows, of all sources."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def at(self, source: str) -> dict[str, Remembered]:
        """By machine, all that is remembered of those of a source."""
        with read(self._sql) as conn:
            rows = conn.execute(sa.select(sync_rules).where(sync_rules.c.source == source)).all()
        return {row.machine: Remembered(row.let_go_at, row.let_go_by, _times(row.tries)) for row in rows}

    def let_go(self, conn: sa.Connection, source: str, machine: str, who: str | None, at: datetime) -> None:
        """Somebody lets go of that machine's server: rules leave it alone from now on."""
        self._put(conn, source, machine, let_go_at=at, let_go_by=(who or "")[:255])

    def trying(self, conn: sa.Connection, source: str, machine: str, at: datetime) -> None:
        """A rule begins to adopt it."""
        before = conn.execute(sa.select(sync_rules.c.tries).where(_of(source, machine))).scalar_one_or_none()
        self._put(conn, source, machine, tries=[*(before or [])[1 - _KEPT :], at.isoformat()])

    def _put(self, conn: sa.Connection, source: str, machine: str, **values: object) -> None:
        if not conn.execute(sa.update(sync_rules).where(_of(source, machine)).values(**values)).rowcount:
            conn.execute(sa.insert(sync_rules).values(source=source, machine=machine, **{"tries": [], **values}))


def _of(source: str, machine: str) -> sa.ColumnElement[bool]:
    return sa.and_(sync_rules.c.source == source, sync_rules.c.machine == machine)


def _times(texts: Sequence[str]) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(text) for text in texts)
