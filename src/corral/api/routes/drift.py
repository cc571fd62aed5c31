"""Drifts: where record and world differ, who decides, and how the passes over each source go."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from corral.api import render_drift
from corral.api.context import STORABLE, Context, Ctx, Limit
from corral.api.estate import paged
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import Invalid
from corral.store.drift import DriftFilter

router = APIRouter(tags=["drift"])

Ident = Annotated[int, Path(ge=1, le=2**62, description="The drift's id.")]
SourceName = Annotated[str, Path(max_length=63, pattern=STORABLE, description="A source that the policy names.")]
Source = Annotated[str | None, Query(max_length=63, pattern=STORABLE, description="Only at this source.")]
Server = Annotated[str | None, Query(max_length=36, pattern=STORABLE, description="Only of this server, by its uuid.")]
Project = Annotated[str | None, Query(max_length=64, pattern=STORABLE, description="Only of servers of this project.")]
What = Annotated[Field | None, Query(alias="field", description="Only of this field.")]
State = Annotated[DriftState | None, Query(description="Only in this state; without it, all but those still settling.")]
After = Annotated[
    str | None, Query(max_length=320, pattern=STORABLE, description="The last entry of the page before; `next` has it.")
]


@router.get("/v1/drift", summary="List drifts")
def list_drifts(
    ctx: Ctx,
    source: Source = None,
    server: Server = None,
    project_id: Project = None,
    what: What = None,
    state: State = None,
    limit: Limit = 100,
    marker: After = None,
) -> dict[str, Any]:
    """Every field of every machine that is not as recorded, with both sides, since when, and what is done about it. Those of new
    machines are nobody's: who may see all projects sees them."""
    ctx.check("drift:list")
    project = project_id or (None if ctx.allows("drift:list_all_projects") else ctx.project)
    if project != ctx.project:
        ctx.check("drift:list_all_projects")
    asked = {"source": source, "server": server, "project_id": project_id, "field": what, "state": state}
    where = DriftFilter(source, server, project, what and str(what), state and str(state))
    found = ctx.corral.drift.page(where, limit=limit + 1, after=_after(marker))
    page, link = paged(found, limit, f"{ctx.base}/v1/drift", asked)
    return {"drifts": [render_drift.drift(one, ctx.base) for one in page], **link}


def _after(marker: str | None) -> int:
    if marker is None:
        return 0
    if not (marker.isascii() and marker.isdigit() and len(marker) < 19):
        raise Invalid(f"{marker!r} is no marker.", fix="Follow the `next` link of the page before.")
    return int(marker)


@router.get("/v1/drift/{drift}", summary="Show a drift")
def show(ctx: Ctx, drift: Ident) -> dict[str, Any]:
    return render_drift.drift(_found(ctx, drift, "drift:show"), ctx.base)


@router.post(
    "/v1/drift/{drift}/accept", status_code=202, summary="Have the record follow the world", responses={501: {}}
)
def accept(ctx: Ctx, drift: Ident) -> dict[str, Any]:
    """At once, if the world still is as the drift says. The server of a machine that is gone is let go, by an operation."""
    one = _found(ctx, drift, "drift:accept")
    decided = ctx.corral.drift.decided(ctx.key, ctx.actor) or ctx.corral.drift.accept(one, ctx.actor, key=ctx.key)
    return render_drift.decided(one, decided, ctx.base)


@router.post(
    "/v1/drift/{drift}/restore", status_code=202, summary="Have the source follow the record", responses={501: {}}
)
def restore(ctx: Ctx, drift: Ident) -> dict[str, Any]:
    """By an operation, which looks at both sides once more. It may start or stop the machine: whoever asks for that wants it."""
    one = _found(ctx, drift, "drift:restore")
    decided = ctx.corral.drift.decided(ctx.key, ctx.actor) or ctx.corral.drift.restore(one, ctx.actor, key=ctx.key)
    return render_drift.decided(one, decided, ctx.base)


@router.post("/v1/drift/{drift}/ignore", status_code=202, summary="Leave a drift alone until it changes")
def ignore(ctx: Ctx, drift: Ident) -> dict[str, Any]:
    one = _found(ctx, drift, "drift:ignore")
    return render_drift.decided(ctx.corral.drift.ignore(one, ctx.actor), None, ctx.base)


def _found(ctx: Context, ident: int, action: str) -> Drift:
    one = ctx.corral.drift.get(ident)
    ctx.asked.about(action, subject=one.server, machine=one.machine)
    if not ctx.allows("drift:show", one.project) or (one.project is None and not ctx.allows("drift:list_all_projects")):
        raise ctx.hidden(
            f"There is no drift {ident}: it may be settled by now.", fix="`corral drift list` shows them all."
        )
    ctx.check(action, one.project, subject=one.server, machine=one.machine)
    return one


@router.get("/v1/servers/{uuid}/drift", summary="List the drifts of a server")
def of_server(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """Those that are still settling as well."""
    server = ctx.server(uuid, "drift:show")
    found = [
        one
        for state in DriftState
        for one in ctx.corral.drift.page(DriftFilter(server=server.uuid, state=str(state)), limit=len(Field))
    ]
    return {"drifts": [render_drift.drift(one, ctx.base) for one in sorted(found, key=lambda one: one.id or 0)]}


@router.get("/v1/sync", summary="Show how each source is kept in step")
def status(ctx: Ctx) -> dict[str, Any]:
    """What the policy says of it, how the passes go, whether the brake is on, and how many drifts there are."""
    ctx.check("sync:show")
    return {"sources": [render_drift.source(one) for one in ctx.corral.drift.sources()]}


@router.get("/v1/sync/{source}", summary="Show how a source is kept in step")
def status_of(ctx: Ctx, source: SourceName) -> dict[str, Any]:
    ctx.check("sync:show")
    return render_drift.source(ctx.corral.drift.source(source))


@router.post("/v1/sync/{source}/release", status_code=202, summary="Release the brake of a source")
def release(ctx: Ctx, source: SourceName) -> dict[str, Any]:
    """What differs by now may be settled, however much it is. What begins to differ later counts for the brake again."""
    ctx.check("sync:release")
    return render_drift.source(ctx.corral.drift.release(source, ctx.actor))


@router.post("/v1/sync/{source}/look", status_code=202, summary="Have a source looked at now")
def look(ctx: Ctx, source: SourceName) -> dict[str, Any]:
    """It is done when `wanted_at` is null again."""
    ctx.check("sync:look")
    return render_drift.source(ctx.corral.drift.look(source))
