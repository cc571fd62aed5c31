"""Operations: what is being done, how far it is, how it ended; with server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlencode

import anyio
from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from corral.api import render_operations
from corral.api.context import STORABLE, Context, Ctx, Limit, Marker
from corral.domain.errors import Invalid, NotFound
from corral.domain.machine import is_uuid
from corral.engine import Event, Operation, State

router = APIRouter(prefix="/v1/operations", tags=["operations"])
_LOOK_EVERY = 0.2  # seconds; one indexed read a look
_EVENT = {
    "type": "object",
    "description": "`event`: its kind; `id`: its number, to resume after; `data`: the event, or the operation at the `end`.",
    "properties": {
        "event": {"type": "string"},
        "id": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}


def _operation(ctx: Context, uuid: str, action: str) -> Operation:
    found = ctx.corral.engine.operation(uuid) if is_uuid(uuid) else None
    fix = "Look at `corral operation list`."
    if found is None:
        raise NotFound(f"No operation has the uuid {uuid}.", fix=fix)
    ctx.asked.about(action, subject=found.subject, machine=found.machine, operation=found.uuid)
    if not ctx.allows("operation:show", found.project_id):
        raise ctx.hidden(f"No operation has the uuid {uuid}.", fix=fix)
    ctx.check(action, found.project_id)
    return found


@router.get("", summary="List operations, newest first")
def list_operations(
    ctx: Ctx,
    state: Annotated[State | None, Query()] = None,
    kind: Annotated[str | None, Query(max_length=64, pattern=STORABLE)] = None,
    server: Annotated[str | None, Query(max_length=36, pattern=STORABLE)] = None,
    limit: Limit = 100,
    marker: Marker = None,
) -> dict[str, Any]:
    ctx.check("operation:list")
    if marker is not None and not is_uuid(marker):
        raise Invalid(f"{marker!r} is no marker.", fix="Follow the `next` link of the page before.")
    everything = ctx.allows("operation:list_all_projects")
    found = ctx.corral.engine.operations(
        kind=kind,
        state=str(state) if state else None,
        subject=server,
        project_id=None if everything else ctx.project,
        limit=limit + 1,
        marker=marker,
    )
    page = found[:limit]
    answer: dict[str, Any] = {
        "operations": [render_operations.operation(one, ctx.base) for one in page],
        "counts": dict(ctx.corral.engine.counts()) if everything else None,
    }
    if len(found) > limit:
        asked = {"limit": limit, "marker": page[-1].uuid, "state": state, "kind": kind, "server": server}
        kept = {key: str(value) for key, value in asked.items() if value is not None}
        answer["next"] = f"{ctx.base}/v1/operations?{urlencode(kept)}"
    return answer


@router.get("/{uuid}", summary="Show an operation")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    return render_operations.operation(_operation(ctx, uuid, "operation:show"), ctx.base)


@router.get("/{uuid}/proof", summary="Show the no-disturbance proof of an operation")
def proof(ctx: Ctx, uuid: str) -> dict[str, Any]:
    (found,) = ctx.proofs(lambda: [ctx.corral.servers.operation_proof(uuid)])
    return render_operations.operation_proof(found)


@router.post("/{uuid}/cancel", status_code=202, summary="Ask an operation to turn around")
def cancel(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """What it has done is undone. 409 when it is over."""
    found = _operation(ctx, uuid, "operation:cancel")
    return render_operations.operation(ctx.corral.operations.cancel(found, ctx.actor), ctx.base)


@router.get(
    "/{uuid}/events",
    summary="Follow an operation (server-sent events)",
    response_class=Response,
    responses={200: {"description": "A stream of events.", "content": {"text/event-stream": {"schema": _EVENT}}}},
)
def events(
    ctx: Ctx,
    request: Request,
    uuid: str,
    last: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=2**31)] = 0,
    follow: Annotated[bool, Query(description="False: only what has happened by now, and no waiting.")] = True,
) -> EventSourceResponse:
    """Every event so far, then each as it happens; the last one is `end`, with the operation. Resumes after Last-Event-ID."""
    _operation(ctx, uuid, "operation:show")
    return EventSourceResponse(_stream(ctx, request, uuid, last, follow=follow), ping=15)


async def _stream(
    ctx: Context, request: Request, uuid: str, after: int, *, follow: bool
) -> AsyncIterator[ServerSentEvent]:
    while not await request.is_disconnected():
        # The operation first: one that is final by then has all its events written.
        operation, fresh = await to_thread.run_sync(_look, ctx, uuid, after)
        for one in fresh:
            after = one.seq
            yield ServerSentEvent(json.dumps(render_operations.event(one)), event=str(one.kind), id=str(one.seq))
        if operation is None or operation.state.final:
            end = render_operations.operation(operation, ctx.base) if operation else {}
            yield ServerSentEvent(json.dumps(end), event="end")
            return
        if not follow:
            return
        await anyio.sleep(_LOOK_EVERY)


def _look(ctx: Context, uuid: str, after: int) -> tuple[Operation | None, list[Event]]:
    operation = ctx.corral.engine.operation(uuid)
    return operation, ctx.corral.engine.events(uuid, after)
