"""Machines that could be adopted: the approved spec's list, and Mogan's own."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from corral.api import render
from corral.api.context import STORABLE, Ctx, Fields, Limit, Marker, chosen, only
from corral.api.schemas import ManageableServer
from corral.contracts.sources import Query as Wanted

router = APIRouter(tags=["adoption"])
_Filter = Annotated[str | None, Query(max_length=255, pattern=STORABLE)]


@router.get("/v1/adoptable_nodes", summary="List machines with their verdict and reasons")
def adoptable_nodes(
    ctx: Ctx,
    source: _Filter = None,
    adoptable: Annotated[bool | None, Query(description="Only those that can, or can't, be adopted.")] = None,
    resource_class: _Filter = None,
    name: _Filter = None,
    uuid: Annotated[
        str | None, Query(max_length=255, pattern=STORABLE, description="One machine, by its id or name.")
    ] = None,
    limit: Limit = 1000,
    marker: Marker = None,
    fields: Fields = None,
) -> dict[str, Any]:
    """One bad node never hides the rest: it is listed with its reasons. With `adoptable=true` the source filters."""
    ctx.check("adoptable_node:list")
    wanted = chosen(fields, render.NODE_FIELDS)
    if uuid is not None:
        one = ctx.corral.inventory.judge(*ctx.corral.inventory.find(uuid, source))
        return {"adoptable_nodes": [only(render.node(one, ctx.base), wanted)]}
    times = wanted is None or "created_at" in wanted
    query = Wanted(resource_class=resource_class, name=name, active_free=adoptable is True, times=times)
    page = ctx.corral.inventory.adoptable(query, source=source, adoptable=adoptable, limit=limit, marker=marker)
    answer: dict[str, Any] = {"adoptable_nodes": [only(render.node(one, ctx.base), wanted) for one in page.verdicts]}
    if page.next:
        asked = {
            "source": source,
            "adoptable": None if adoptable is None else str(adoptable).lower(),
            "resource_class": resource_class,
            "name": name,
            "limit": limit,
            "marker": page.next,
            "fields": ",".join(sorted(wanted)) if wanted else None,
        }
        kept = {key: value for key, value in asked.items() if value is not None}
        answer["next"] = f"{ctx.base}/v1/adoptable_nodes?{urlencode(kept)}"
    return answer


@router.get("/v1/manageable_servers", summary="List adoptable machines in Mogan's own form")
def manageable_servers(ctx: Ctx) -> dict[str, Any]:
    """Only machines that can be adopted, as Mogan listed them."""
    ctx.check("manageable_server:list")
    found: list[dict[str, Any]] = []
    marker = None
    while True:
        page = ctx.corral.inventory.adoptable(Wanted(active_free=True), adoptable=True, limit=1000, marker=marker)
        found += [render.manageable(one) for one in page.verdicts]
        marker = page.next
        if marker is None:
            return {"manageable_servers": found}


@router.post("/v1/manageable_servers", status_code=201, summary="Adopt a machine in Mogan's own form")
def manage(ctx: Ctx, body: ManageableServer) -> dict[str, Any]:
    """The flavor is chosen by resource class; the networks are the ports that the machine has."""
    ctx.check("manageable_server:manage", machine=body.node_uuid)
    server, _ = ctx.corral.adoption.manage_by_class(
        body.name, body.node_uuid, body.description, dict(body.metadata or {}), ctx.actor
    )
    return render.server(server, ctx.base, admin=ctx.admin)
