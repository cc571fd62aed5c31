"""Plans and their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corral.domain.errors import Conflict, NotFound
from corral.domain.plan import Plan, PlanItem, Step
from corral.domain.reasons import Reason
from corral.domain.server import ManageRequest
from corral.engine import read
from corral.store.tables import plan_items, plans


class Plans:
    """The plan records. A plan never changes, but for being applied, once."""

    def __init__(self, sql: sa.Engine) -> None:
        self._sql = sql

    def add(self, plan: Plan) -> None:
        """Write a new plan with its items."""
        head: dict[str, Any] = {
            "uuid": plan.uuid,
            "project": plan.project,
            "user": plan.user,
            "digest": plan.digest,
            "created_at": plan.created_at,
            "operations": [],
        }
        with self._sql.begin() as conn:
            conn.execute(sa.insert(plans).values(head))
            if plan.items:
                conn.execute(sa.insert(plan_items), [_row(plan.uuid, n, item) for n, item in enumerate(plan.items)])

    def get(self, uuid: str) -> Plan:
        """The plan with its items. Raises NotFound."""
        items = sa.select(plan_items).where(plan_items.c.plan == uuid).order_by(plan_items.c.position)
        with read(self._sql) as conn:
            head = conn.execute(sa.select(plans).where(plans.c.uuid == uuid)).mappings().first()
            if head is None:
                raise NotFound(f"No plan has the uuid {uuid}.", fix="Make one: POST /v1/plans.")
            rows = conn.execute(items).mappings().all()
        return Plan(
            uuid=head["uuid"],
            project=head["project"],
            user=head["user"],
            items=tuple(_item(dict(row)) for row in rows),
            created_at=head["created_at"],
            applied_at=head["applied_at"],
            operations=tuple(head["operations"]),
        )

    def take(self, uuid: str, at: datetime) -> None:
        """Mark a plan as applied; whoever comes second gets Conflict."""
        with self._sql.begin() as conn:
            unapplied = sa.and_(plans.c.uuid == uuid, plans.c.applied_at.is_(None))
            if conn.execute(sa.update(plans).where(unapplied).values(applied_at=at)).rowcount != 1:
                raise Conflict(f"Plan {uuid} was applied already.", fix="Make a new plan for what is left to do.")

    def give_back(self, uuid: str) -> None:
        """Undo `take`, for an apply that started nothing."""
        with self._sql.begin() as conn:
            conn.execute(sa.update(plans).where(plans.c.uuid == uuid).values(applied_at=None))

    def started(self, uuid: str, operations: Sequence[str]) -> None:
        """Record the operations that the plan became."""
        with self._sql.begin() as conn:
            conn.execute(sa.update(plans).where(plans.c.uuid == uuid).values(operations=list(operations)))


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
    }


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
