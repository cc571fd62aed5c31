"""Forgetting operations that are over, with their events and whatever TaskFlow may have left of them.

Looking for them takes no lock, and forgetting is done in batches: nobody waits long for the database meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.engine.database import read
from corral.engine.journal import Desk
from corral.engine.operation import FINAL
from corral.engine.tables import flow_claims, operation_events, operations

Spare = sa.ColumnElement[bool]
"""A condition on `operations`: those for which it is true stay."""


def over(sql: sa.Engine, before: datetime, spare: Spare, limit: int) -> list[str]:
    """Operations that ended before that time and are not spared, up to `limit`."""
    with read(sql) as conn:
        return list(conn.execute(_over(before, spare).limit(limit)).scalars())


def forget(
    desk: Desk,
    uuids: Sequence[str],
    before: datetime,
    spare: Spare,
    alongside: Callable[[sa.Connection, Sequence[str]], None],
) -> int:
    """Remove those of the operations that are still over and not spared, with what `alongside` removes, in one transaction.
    Gives their number."""
    with desk.sql.begin() as conn:
        gone = list(conn.execute(_over(before, spare).where(operations.c.uuid.in_(uuids))).scalars())
        alongside(conn, gone)
        for uuid in gone:
            desk.rows.delete(conn, uuid)
        for table in (operation_events, flow_claims):
            conn.execute(sa.delete(table).where(table.c.operation.in_(gone)))
        conn.execute(sa.delete(operations).where(operations.c.uuid.in_(gone)))
    return len(gone)


def _over(before: datetime, spare: Spare) -> sa.Select[Any]:
    ended = sa.and_(operations.c.state.in_(sorted(FINAL)), operations.c.finished_at < before)
    # What ended before a time began before it: this is what the index is for.
    return sa.select(operations.c.uuid).where(ended, operations.c.created_at < before, ~spare)
