"""Plans: look before anything is done, then do exactly that."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from corral.api import render
from corral.api.context import Ctx
from corral.api.schemas import NewPlan

router = APIRouter(prefix="/v1/plans", tags=["adoption"])


@router.post("", status_code=201, summary="Plan the adoption of one or many machines")
def create(ctx: Ctx, body: NewPlan) -> dict[str, Any]:
    """Reads only. A machine that can't be adopted is in the plan, with every reason."""
    ctx.check("plan:create")
    return render.plan(ctx.corral.adoption.store_plan([one.wish() for one in body.machines], ctx.actor), ctx.base)


@router.get("/{uuid}", summary="Show a plan")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    ctx.check("plan:show")
    return render.plan(ctx.corral.adoption.get_plan(uuid), ctx.base)


@router.post("/{uuid}/apply", status_code=202, summary="Carry a plan out")
def apply(ctx: Ctx, uuid: str, skip_blocked: bool = False) -> dict[str, Any]:
    """Refused with 409 when anything that the plan rests on has changed since it was made."""
    ctx.check("plan:apply")
    plan, operations = ctx.corral.adoption.apply(uuid, ctx.actor, skip_blocked=skip_blocked)
    return {
        "plan": render.plan(plan, ctx.base),
        "operations": [render.operation(one, ctx.base) for one in operations],
    }
