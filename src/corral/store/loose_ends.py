"""What the record itself leaves open: operations that nobody works on, plans half applied, holds of operations that are over.

Rule: finding reads, and each repair is a change that is only made if things are still as they were found, in the caller's
transaction, beside its audit entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from corral.domain.server import Server
from corral.engine import UNFINISHED, read
from corral.engine.database import database_clock
from corral.engine.tables import flow_claims, operation_events, operations
from corral.store.tables import cluster_nodes, clusters, plan_items, plans, servers

QUIET = timedelta(hours=2)
"""How long nothing must have happened. A step may well take an hour without a word: a disk is being written."""
_UNFINISHED = operations.c.state.in_(sorted(UNFINISHED))
_TABLES = {"Cluster": clusters, "Node": cluster_nodes}
_NOTHING_TOGETHER = sa.cast(plans.c.operations, sa.Text) == "[]"
_UNTRIED = sa.and_(
    plan_items.c.plan == plans.c.uuid,
    sa.cast(plan_items.c.steps, sa.Text) != "[]",  # a blocked machine has none
    plan_items.c.operation.is_(None),
    plan_items.c.error.is_(sa.null()),
)


@dataclass(frozen=True, slots=True)
class Unattended:
    """An unfinished operation that nobody works on."""

    uuid: str
    kind: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A cluster or node (`what`) that is held by an operation that is over, or was never there."""

    what: str
    id: str
    operation: str


class LooseEnds:
    """Looks through the records of one database."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def unattended(self) -> list[Unattended]:
        """Operations in whose matter nothing has happened for long, and that no worker has. One that was never begun is not
        missed as long as others are begun: it waits for its turn."""
        with read(self._sql) as conn:
            now = database_clock(conn)
            quiet = now - QUIET
            mine = flow_claims.c.operation == operations.c.uuid
            alive = sa.exists().where(mine, sa.or_(flow_claims.c.until > now, flow_claims.c.claimed_at > quiet))
            told = sa.exists().where(operation_events.c.operation == operations.c.uuid, operation_events.c.at > quiet)
            begun = sa.exists().where(mine)
            lately = sa.exists().where(flow_claims.c.claimed_at > quiet)
            query = sa.select(operations.c.uuid, operations.c.kind, operations.c.source).where(
                _UNFINISHED,
                operations.c.created_at < quiet,
                sa.or_(operations.c.retry_at.is_(None), operations.c.retry_at < quiet),
                ~alive,
                ~told,
                sa.or_(begun, ~lately),
            )
            return [Unattended(*row) for row in conn.execute(query.order_by(operations.c.created_at))]

    def half_applied(self) -> list[str]:
        """Plans that were taken to be applied, long ago, of whose machines some were never tried, and that nobody goes on with."""
        old = sa.and_(plans.c.applied_at < self._clock() - QUIET, plans.c.cancelled_at.is_(None))
        fed = sa.exists().where(operations.c.uuid == plans.c.feeder, _UNFINISHED)
        with read(self._sql) as conn:
            query = sa.select(plans.c.uuid).where(old, _NOTHING_TOGETHER, ~fed, sa.exists().where(_UNTRIED))
            return list(conn.execute(query.order_by(plans.c.uuid)).scalars())

    def held(self) -> list[Hold]:
        """Clusters and nodes that an operation holds which is over."""
        found: list[Hold] = []
        with read(self._sql) as conn:
            for what, table in _TABLES.items():
                running = sa.exists().where(operations.c.uuid == table.c.busy, _UNFINISHED)
                query = sa.select(table.c.id, table.c.busy).where(table.c.busy.is_not(None), ~running)
                found += [Hold(what, *row) for row in conn.execute(query.order_by(table.c.id))]
        return found

    def settle_plan(self, conn: sa.Connection, plan: str) -> None:
        """Call a plan over, with what it started, found by its machines; one that started nothing can be applied again."""
        mine = sa.and_(plans.c.uuid == plan, plans.c.cancelled_at.is_(None), _NOTHING_TOGETHER)
        at = conn.execute(sa.select(plans.c.applied_at).where(mine)).scalar()
        if at is None:
            return
        here = sa.and_(plan_items.c.source == operations.c.source, plan_items.c.machine == operations.c.machine)
        started = sa.select(operations.c.uuid).where(
            operations.c.kind.in_(("manage", "onboard_vm")),
            operations.c.created_at >= at,
            sa.exists().where(plan_items.c.plan == plan, here),
        )
        found = list(conn.execute(started.order_by(operations.c.created_at)).scalars())
        again = {"applied_at": None, "feeder": None}
        over = {"operations": found, "cancelled_at": self._clock()}
        conn.execute(sa.update(plans).where(mine).values(over if found else again))

    def let_go(self, conn: sa.Connection, hold: Hold) -> None:
        """End a hold, if it still is that operation's."""
        table = _TABLES[hold.what]
        conn.execute(sa.update(table).where(table.c.id == hold.id, table.c.busy == hold.operation).values(busy=None))

    def forget(self, conn: sa.Connection, server: Server) -> None:
        """Remove a server's record, if nobody changed it since."""
        same = sa.and_(servers.c.uuid == server.uuid, servers.c.revision == server.revision)
        conn.execute(sa.delete(servers).where(same))
