"""Plans: look before anything is done, then do exactly that."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from corral.api import render_operations, render_plans
from corral.api.context import Ctx, Limit, Marker
from corral.api.schemas import NewPlan
from corral.domain.errors import Invalid
from corral.domain.mapping import read_rules
from corral.domain.plan import ItemState, PlanRecord
from corral.services.planning import Wanted

router = APIRouter(prefix="/v1/plans", tags=["adoption"])

_FIRST_PAGE = 100
_LAST_POSITION = 2**31 - 1


def _shown(ctx: Ctx, plan: PlanRecord) -> dict[str, Any]:
    return render_plans.plan(plan, ctx.corral.plans.machines(plan.uuid, limit=_FIRST_PAGE), ctx.base)


@router.post("", status_code=201, summary="Plan the adoption of one or many machines")
def create(ctx: Ctx, body: NewPlan) -> dict[str, Any]:
    """Reads only. A machine that can't be adopted is in the plan, with every reason. `from` and `mapping` plan for all free
    machines of a source that match. The answer has the first 100 machines; `next` leads to the others."""
    ctx.check("plan:create")
    plans = ctx.corral.plans
    if body.matching is None:
        return _shown(ctx, plans.store([one.wish() for one in body.machines or ()], ctx.actor))
    wanted = Wanted(**body.matching.model_dump())
    if wanted.host is not None:
        wanted = replace(wanted, host=ctx.corral.hosts.get(wanted.host, wanted.source).host.id)
    return _shown(ctx, plans.store_matching(wanted, read_rules(body.mapping or {}), ctx.actor))


@router.get("/{uuid}", summary="Show a plan")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """With how many machines are in which state, and the first 100 of them; `next` leads to the others."""
    ctx.check("plan:show", subject=uuid)
    return _shown(ctx, ctx.corral.plans.get(uuid))


@router.get("/{uuid}/machines", summary="List the machines of a plan")
def machines(
    ctx: Ctx,
    uuid: str,
    state: ItemState | None = None,
    adoptable: bool | None = None,
    limit: Limit = 1000,
    marker: Marker = None,
) -> dict[str, Any]:
    """Each with what would be done to it, what speaks against it, and what has become of it."""
    ctx.check("plan:show", subject=uuid)
    plan, after = ctx.corral.plans.get(uuid), _position(marker)
    found = ctx.corral.plans.machines(plan.uuid, state=state, adoptable=adoptable, after=after, limit=limit + 1)
    page = found[:limit]
    answer: dict[str, Any] = {"machines": [render_plans.planned_machine(one) for one in page]}
    if len(found) > limit:
        asked = {"state": state, "adoptable": adoptable, "limit": limit, "marker": page[-1].position}
        kept = {key: str(value).lower() for key, value in asked.items() if value is not None}
        answer["next"] = f"{ctx.base}/v1/plans/{plan.uuid}/machines?{urlencode(kept)}"
    return answer


def _position(marker: str | None) -> int:
    if marker is None:
        return -1
    if not (marker.isascii() and marker.isdigit() and int(marker) <= _LAST_POSITION):
        raise Invalid(f"{marker!r} is no marker.", fix="Follow the `next` link of the page before.")
    return int(marker)


@router.get(
    "/{uuid}/result",
    summary="What has become of each machine of a plan",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
)
def result(
    ctx: Ctx,
    uuid: str,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
    state: ItemState | None = None,
) -> StreamingResponse:
    """All of them, however many; in CSV no cell can be taken for a formula."""
    ctx.check("plan:show", subject=uuid)
    plan = ctx.corral.plans.get(uuid)
    drawn = ctx.corral.plans.all_machines(plan.uuid, state=state)
    if form == "json":
        return StreamingResponse(render_plans.as_json(drawn), media_type="application/json")
    named = {"Content-Disposition": f'attachment; filename="plan-{plan.uuid}.csv"'}
    return StreamingResponse(render_plans.as_csv(drawn), media_type="text/csv; charset=utf-8", headers=named)


@router.post("/{uuid}/apply", status_code=202, summary="Carry a plan out")
def apply(ctx: Ctx, uuid: str, skip_blocked: bool = False) -> dict[str, Any]:
    """Up to 100 machines are started together, all or none, and their operations are in the answer; it is refused with 409 when
    anything that the plan rests on has changed since it was made. For more, `operation` is the one that starts the others, some
    hundred at a time; then each machine is judged again by its own operation."""
    ctx.check("plan:apply", subject=uuid)
    plan, operations, feeder = ctx.corral.plans.apply(uuid, ctx.actor, skip_blocked=skip_blocked)
    answer = {
        "plan": _shown(ctx, plan),
        "operations": [render_operations.operation(one, ctx.base) for one in operations],
    }
    return answer if feeder is None else {**answer, "operation": render_operations.operation(feeder, ctx.base)}


@router.post("/{uuid}/pause", summary="Start no more machines of a plan for now")
def pause(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """What is under way goes on."""
    ctx.check("plan:control", subject=uuid)
    return _shown(ctx, ctx.corral.plans.pause(uuid, ctx.actor))


@router.post("/{uuid}/resume", summary="Go on with a paused plan")
def resume(ctx: Ctx, uuid: str) -> dict[str, Any]:
    ctx.check("plan:control", subject=uuid)
    return _shown(ctx, ctx.corral.plans.resume(uuid, ctx.actor))


@router.post("/{uuid}/cancel", summary="Start no more machines of a plan")
def cancel(ctx: Ctx, uuid: str, revert: bool = False) -> dict[str, Any]:
    """What is under way goes on; with `revert=true` it is turned around, too. What is adopted stays so."""
    ctx.check("plan:control", subject=uuid)
    return _shown(ctx, ctx.corral.plans.cancel(uuid, ctx.actor, revert=revert))
