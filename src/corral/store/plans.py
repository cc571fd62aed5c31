"""Plans and their items. Items are written and read in pages: nothing here grows with the number of machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import Conflict, NotFound
from corral.domain.plan import ItemState, Plan, PlanItem, PlannedMachine, PlanRecord, Step
from corral.domain.reasons import Reason
from corral.domain.server import ManageRequest
from corral.engine import State, read
from corral.engine.tables import operations
from corral.store.tables import plan_items, plans

_PAGE = 500
UNSEALED = ""
"""The digest of a plan that is still being written, or whose writer died: nobody sees it, and it expires."""

_ADOPTABLE = sa.func.coalesce(plan_items.c.adoptable, sa.cast(plan_items.c.steps, sa.Text) != "[]")
_became = sa.case(
    (~_ADOPTABLE, ItemState.BLOCKED.value),
    (plan_items.c.error.is_not(sa.null()), ItemState.FAILED.value),
    (plan_items.c.operation.is_(None), ItemState.PLANNED.value),
    (operations.c.state.is_(None), ItemState.EXPIRED.value),
    (operations.c.state == State.SUCCEEDED, ItemState.ADOPTED.value),
    (operations.c.state == State.REVERTED, ItemState.FAILED.value),
    (operations.c.state == State.CANCELLED, ItemState.CANCELLED.value),
    else_=ItemState.RUNNING.value,
)
_JOINED = plan_items.outerjoin(operations, operations.c.uuid == plan_items.c.operation)
_MACHINES = sa.select(
    plan_items, _became.label("state"), operations.c.subject, operations.c.error.label("why")
).select_from(_JOINED)


class Plans:
    """The plan records. What a plan says never changes; it is applied once."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    # --- write a plan -------------------------------------------------------------------------------------

    def add(self, conn: sa.Connection, plan: Plan) -> None:
        """Write a new plan with its items, in the caller's transaction."""
        _insert(conn, plan, plan.digest)
        for start in range(0, len(plan.items), _PAGE):
            _append(conn, plan.uuid, start, plan.items[start : start + _PAGE])

    def begin(self, plan: Plan) -> None:
        """Write a plan without items. It is not there for anybody until it is sealed."""
        with self._sql.begin() as conn:
            _insert(conn, plan, UNSEALED)

    def append(self, uuid: str, start: int, items: Sequence[PlanItem]) -> None:
        """Write a page of items, the first at position `start`."""
        with self._sql.begin() as conn:
            _append(conn, uuid, start, items)

    def seal(self, conn: sa.Connection, uuid: str, digest: str) -> None:
        """All items are written: from here on the plan is there."""
        conn.execute(sa.update(plans).where(plans.c.uuid == uuid).values(digest=digest))

    def discard(self, uuid: str) -> None:
        """Remove a plan that will not be sealed, with its items."""
        with self._sql.begin() as conn:
            conn.execute(sa.delete(plans).where(plans.c.uuid == uuid, plans.c.digest == UNSEALED))

    # --- read ---------------------------------------------------------------------------------------------

    def get(self, uuid: str) -> PlanRecord:
        """The plan, with how many of its machines are in which state. Raises NotFound."""
        counted = sa.select(_became, sa.func.count()).select_from(_JOINED).where(plan_items.c.plan == uuid)
        with read(self._sql) as conn:
            head = conn.execute(sa.select(plans).where(plans.c.uuid == uuid)).mappings().first()
            if head is None or head["digest"] == UNSEALED:
                raise NotFound(f"No plan has the uuid {uuid}.", fix="Make one: POST /v1/plans.")
            # By position: PostgreSQL takes two texts of one expression, with parameters in it, for two expressions.
            counts = {ItemState(state): number for state, number in conn.execute(counted.group_by(sa.text("1")))}
        return PlanRecord(**{**head, "operations": tuple(head["operations"]), "counts": counts})

    def machines(
        self,
        uuid: str,
        *,
        state: ItemState | None = None,
        adoptable: bool | None = None,
        after: int = -1,
        limit: int = _PAGE,
    ) -> list[PlannedMachine]:
        """A page of the plan's machines, in their order, those behind position `after`."""
        query = _MACHINES.where(plan_items.c.plan == uuid, plan_items.c.position > after)
        if state is not None:
            query = query.where(_became == state.value)
        if adoptable is not None:
            query = query.where(_ADOPTABLE if adoptable else ~_ADOPTABLE)
        with read(self._sql) as conn:
            rows = conn.execute(query.order_by(plan_items.c.position).limit(limit)).mappings().all()
        return [_machine(dict(row)) for row in rows]

    def under_way(self, uuid: str) -> list[str]:
        """The unfinished operations of the plan's machines; never more than are fed ahead."""
        query = sa.select(plan_items.c.operation).select_from(_JOINED)
        query = query.where(plan_items.c.plan == uuid, _became == ItemState.RUNNING.value)
        with read(self._sql) as conn:
            return list(conn.execute(query).scalars())

    # --- apply it -----------------------------------------------------------------------------------------

    def take(self, conn: sa.Connection, uuid: str, at: datetime, feeder: str | None = None) -> None:
        """Mark a plan as applied, in the caller's transaction; whoever comes second gets Conflict."""
        free = sa.and_(plans.c.uuid == uuid, plans.c.applied_at.is_(None), plans.c.cancelled_at.is_(None))
        if conn.execute(sa.update(plans).where(free).values(applied_at=at, feeder=feeder)).rowcount != 1:
            raise Conflict(f"Plan {uuid} was applied already.", fix="Make a new plan for what is left to do.")

    def together(self, conn: sa.Connection, uuid: str, started: Sequence[str]) -> None:
        """Record the operations that a small plan became, in the caller's transaction."""
        conn.execute(sa.update(plans).where(plans.c.uuid == uuid).values(operations=list(started)))

    def may_start(self, conn: sa.Connection, uuid: str) -> bool:
        """Whether machines may be started now. Until the caller's transaction ends, nobody pauses or cancels the plan."""
        query = sa.select(plans.c.paused_at, plans.c.cancelled_at).where(plans.c.uuid == uuid)
        row = conn.execute(query.with_for_update(read=True)).first()
        return row is not None and row.paused_at is None and row.cancelled_at is None

    def started(self, conn: sa.Connection, uuid: str, position: int, operation: str) -> None:
        """Record a machine's operation, in the transaction that stores it."""
        conn.execute(_of(uuid, position).values(operation=operation))

    def failed(self, uuid: str, position: int, error: Mapping[str, Any]) -> None:
        """Record why a machine's operation could not be started."""
        with self._sql.begin() as conn:
            conn.execute(_of(uuid, position).values(error=dict(error)))

    def pause(self, conn: sa.Connection, uuid: str, at: datetime | None) -> None:
        """Start no more machines until `at` is None again."""
        conn.execute(sa.update(plans).where(plans.c.uuid == uuid).values(paused_at=at))

    def cancel(self, conn: sa.Connection, uuid: str, at: datetime) -> None:
        """Start no more machines, for good. Once more changes nothing."""
        first = sa.and_(plans.c.uuid == uuid, plans.c.cancelled_at.is_(None))
        conn.execute(sa.update(plans).where(first).values(cancelled_at=at))

    def cancelled(self, uuid: str, at: datetime) -> None:
        """As `cancel`, in a transaction of its own."""
        with self._sql.begin() as conn:
            self.cancel(conn, uuid, at)


def _of(plan: str, position: int) -> sa.Update:
    return sa.update(plan_items).where(plan_items.c.plan == plan, plan_items.c.position == position)


def _insert(conn: sa.Connection, plan: Plan, digest: str) -> None:
    head: dict[str, Any] = {
        "uuid": plan.uuid,
        "project": plan.project,
        "user": plan.user,
        "digest": digest,
        "created_at": plan.created_at,
        "operations": [],
    }
    conn.execute(sa.insert(plans).values(head))


def _append(conn: sa.Connection, plan: str, start: int, items: Sequence[PlanItem]) -> None:
    if items:
        conn.execute(sa.insert(plan_items), [_row(plan, start + n, item) for n, item in enumerate(items)])


def _row(plan: str, position: int, item: PlanItem) -> dict[str, Any]:
    return {
        "plan": plan,
        "position": position,
        "source": item.source,
        "machine": item.machine,
        "machine_name": item.machine_name,
        "project": item.project,
        "basis": item.basis,
        "request": item.request.as_json(),
        "reasons": [one.as_json() for one in item.reasons],
        "steps": [{"title": step.title, "call": step.call} for step in item.steps],
        "adoptable": item.adoptable,
    }


def _machine(row: Mapping[str, Any]) -> PlannedMachine:
    return PlannedMachine(
        position=row["position"],
        item=_item(row),
        state=ItemState(row["state"]),
        operation=row["operation"],
        server=row["subject"],
        error=row["error"] or row["why"],
    )


def _item(row: Mapping[str, Any]) -> PlanItem:
    return PlanItem(
        request=ManageRequest.from_json(row["request"]),
        source=row["source"],
        machine=row["machine"],
        machine_name=row["machine_name"],
        project=row["project"],
        basis=row["basis"],
        reasons=tuple(Reason.from_json(one) for one in row["reasons"]),
        steps=tuple(Step(**one) for one in row["steps"]),
    )
