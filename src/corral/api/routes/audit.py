"""The audit trail: who did what to what, when, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query

from corral.api import render_operations
from corral.api.context import STORABLE, Context, Ctx, Limit
from corral.domain.errors import Invalid
from corral.domain.machine import is_uuid
from corral.store.audit import AuditFilter

router = APIRouter(tags=["audit"])

Outcome = Literal["accepted", "done", "refused", "succeeded", "reverted", "cancelled", "failed"]


class _Asked:
    """The filters and the page that a list of entries takes."""

    def __init__(
        self,
        actor: Annotated[
            str | None, Query(max_length=255, pattern=STORABLE, description="Who: the id of a user.")
        ] = None,
        action: Annotated[
            str | None, Query(max_length=64, pattern=STORABLE, description="What, as policy names it: server:manage.")
        ] = None,
        node: Annotated[
            str | None, Query(max_length=255, pattern=STORABLE, description="The machine: in Ironic, the node.")
        ] = None,
        operation: Annotated[
            str | None, Query(max_length=36, pattern=STORABLE, description="The operation's uuid.")
        ] = None,
        outcome: Outcome | None = None,
        request_id: Annotated[
            str | None, Query(max_length=64, pattern=STORABLE, description="Openstack-Request-Id of the answer.")
        ] = None,
        since: Annotated[datetime | None, Query(description="From then on; UTC unless it says otherwise.")] = None,
        until: Annotated[datetime | None, Query(description="Before that.")] = None,
        limit: Limit = 100,
        marker: Annotated[
            int | None, Query(ge=1, le=2**62, description="The `id` of the last entry of the page before.")
        ] = None,
    ) -> None:
        self.filters: dict[str, str | None] = {
            "user": actor, "action": action, "machine": node, "operation": operation, "outcome": outcome,
            "request_id": request_id,
        }  # fmt: skip
        self.since, self.until = _utc(since), _utc(until)
        self.limit, self.marker = limit, marker

    def query(self) -> dict[str, Any]:
        """The same filters again, for the link of the following page."""
        names = {"user": "actor", "machine": "node"}
        times = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        asked = {names.get(key, key): value for key, value in self.filters.items()} | times
        return {key: value for key, value in asked.items() if value is not None}


_AskedDep = Annotated[_Asked, Depends(_Asked)]


def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError as exc:
        raise Invalid(
            f"{at.isoformat()} is no time that a clock shows in UTC.", fix="Give a time of this era."
        ) from exc


def _listed(ctx: Context, asked: _Asked, where: AuditFilter, path: str, also: dict[str, str]) -> dict[str, Any]:
    found = ctx.corral.audit.page(where, limit=asked.limit + 1, marker=asked.marker)
    page = found[: asked.limit]
    answer: dict[str, Any] = {"audit": [render_operations.audit(one) for one in page]}
    if len(found) > asked.limit:
        query = urlencode({**asked.query(), **also, "limit": asked.limit, "marker": page[-1].id})
        answer["next"] = f"{ctx.base}{path}?{query}"
    return answer


@router.get("/v1/audit", summary="List who did what, newest first")
def list_audit(
    ctx: Ctx,
    asked: _AskedDep,
    server: Annotated[
        str | None, Query(max_length=36, pattern=STORABLE, description="The uuid of a server, also of a former one.")
    ] = None,
    subject: Annotated[
        str | None, Query(max_length=36, pattern=STORABLE, description="The uuid of a server, flavor or plan.")
    ] = None,
) -> dict[str, Any]:
    """An operation has two entries: `accepted`, and how it ended. A request that was not carried out has one: `refused`."""
    ctx.check("audit:list")
    about = server or subject
    if server and subject and server != subject:
        raise Invalid("An entry is about one thing: server and subject differ.", fix="Give one of them.")
    where = AuditFilter(subject=about, since=asked.since, until=asked.until, **asked.filters)
    return _listed(ctx, asked, where, "/v1/audit", {"subject": about} if about else {})


@router.get("/v1/servers/{uuid}/audit", summary="List who did what to a server, newest first")
def list_of_server(ctx: Ctx, uuid: str, asked: _AskedDep) -> dict[str, Any]:
    """Also of a server that was let go, for who may see the whole trail. Others don't see what strangers were refused."""
    within = _within(ctx, uuid)
    where = AuditFilter(subject=uuid.lower(), since=asked.since, until=asked.until, within=within, **asked.filters)
    return _listed(ctx, asked, where, f"/v1/servers/{uuid}/audit", {})


def _within(ctx: Context, uuid: str) -> str | None:
    """The project to which refusals are narrowed, None for all. Raises NotFound, Forbidden."""
    if not ctx.allows("audit:list"):
        return ctx.server(uuid, "server:audit").project
    if not is_uuid(uuid) or not ctx.corral.audit.page(AuditFilter(subject=uuid.lower()), limit=1):
        ctx.server(uuid, "server:audit")  # of one that never was there is no trail: this says so
    return None
