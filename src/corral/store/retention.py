"""What is forgotten when it is old enough: never anything of a server that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.engine import read
from corral.engine.tables import operations
from corral.store.plans import UNSEALED
from corral.store.tables import audit, calls, plan_items, plans, proofs, servers

OF_LIVE_SERVERS: sa.ColumnElement[bool] = sa.exists().where(servers.c.uuid == operations.c.subject)
"""True for the operations of servers that exist: they, and their proofs, stay as long as the server does."""

_BATCH = 500


def forget_proofs(conn: sa.Connection, of: Sequence[str]) -> None:
    """Remove the proofs of operations, in the transaction that removes those."""
    conn.execute(sa.delete(calls).where(calls.c.operation.in_(of)))
    conn.execute(sa.delete(proofs).where(proofs.c.operation.in_(of)))


class Retention:
    """Removes old plans and audit entries, batch by batch: each step of an iterator is one short transaction, and gives how many
    rows went."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def expired_plans(self, before: datetime) -> Iterator[int]:
        """Plans that were made before that time and never applied."""
        return self._remove(plans, plans.c.uuid, sa.and_(plans.c.applied_at.is_(None), plans.c.created_at < before))

    def unsealed_plans(self, before: datetime) -> Iterator[int]:
        """Plans that somebody began to write before that time and never came to the end of: nobody ever saw them."""
        return self._remove(plans, plans.c.uuid, sa.and_(plans.c.digest == UNSEALED, plans.c.created_at < before))

    def applied_plans(self, before: datetime) -> Iterator[int]:
        """Plans that were applied before that time, and of whose machines none is managed any more."""
        here = sa.and_(plan_items.c.source == servers.c.source, plan_items.c.machine == servers.c.machine)
        live = sa.exists().where(plan_items.c.plan == plans.c.uuid, here)
        return self._remove(plans, plans.c.uuid, sa.and_(plans.c.applied_at < before, ~live))

    def audit_entries(self, before: datetime) -> Iterator[int]:
        """Audit entries from before that time, but for those about servers that exist."""
        live = sa.exists().where(servers.c.uuid == audit.c.subject)
        return self._remove(audit, audit.c.id, sa.and_(audit.c.at < before, ~live))

    def _remove(self, table: sa.Table, key: sa.Column[Any], old: sa.ColumnElement[bool]) -> Iterator[int]:
        while True:
            with read(self._sql) as conn:
                found = list(conn.execute(sa.select(key).where(old).limit(_BATCH)).scalars())
            if not found:
                return
            with self._sql.begin() as conn:
                # Asked again: meanwhile a plan may have been applied, a machine adopted.
                removed = conn.execute(sa.delete(table).where(key.in_(found), old)).rowcount
            yield removed  # outside: nobody waits for what is done with it
