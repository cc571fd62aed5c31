"""Flavors: Mogan's resource."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from corral.api import render
from corral.api.context import Ctx
from corral.api.schemas import FlavorAccess, FlavorFields, Patch
from corral.domain.errors import Invalid

router = APIRouter(prefix="/v1/flavors", tags=["flavors"])


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a patched flavor, validated as a new one's are."""
    try:
        return FlavorFields(**fields).fields()
    except ValidationError as exc:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in exc.errors())
        raise Invalid(f"The flavor would not be valid: {wrong}.", fix="Correct what is named.") from exc


@router.get("", summary="List flavors")
def list_flavors(ctx: Ctx) -> dict[str, Any]:
    ctx.check("flavor:list")
    found = ctx.corral.flavors.visible(ctx.project, admin=ctx.admin)
    return {"flavors": [render.flavor(one, ctx.base) for one in found]}


@router.post("", status_code=201, summary="Create a flavor")
def create(ctx: Ctx, body: FlavorFields) -> dict[str, Any]:
    ctx.check("flavor:create")
    return render.flavor(ctx.corral.flavors.create(body.fields(), ctx.actor), ctx.base)


@router.get("/{uuid}", summary="Show a flavor")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    ctx.check("flavor:show", subject=uuid)
    return render.flavor(ctx.corral.flavors.get(uuid, ctx.project, admin=ctx.admin), ctx.base)


@router.patch("/{uuid}", summary="Change a flavor")
def update(ctx: Ctx, uuid: str, patch: Patch) -> dict[str, Any]:
    ctx.check("flavor:update", subject=uuid)
    changed = ctx.corral.flavors.update(uuid, [one.model_dump() for one in patch], _checked, ctx.actor)
    return render.flavor(changed, ctx.base)


@router.delete("/{uuid}", status_code=204, response_class=Response, summary="Delete a flavor that no server uses")
def delete(ctx: Ctx, uuid: str) -> Response:
    ctx.check("flavor:delete", subject=uuid)
    ctx.corral.flavors.delete(uuid, ctx.actor)
    return Response(status_code=204)


@router.get("/{uuid}/access", summary="Show which projects may use a private flavor")
def access(ctx: Ctx, uuid: str) -> dict[str, Any]:
    ctx.check("flavor:access", subject=uuid)
    return {"flavor_access": list(ctx.corral.flavors.get(uuid, ctx.project, admin=True).projects)}


@router.post("/{uuid}/access", status_code=204, response_class=Response, summary="Let a project use a private flavor")
def grant(ctx: Ctx, uuid: str, body: FlavorAccess) -> Response:
    ctx.check("flavor:access", subject=uuid)
    ctx.corral.flavors.grant(uuid, body.tenant_id, ctx.actor)
    return Response(status_code=204)


@router.delete(
    "/{uuid}/access/{project}", status_code=204, response_class=Response, summary="Take a project's access back"
)
def revoke(ctx: Ctx, uuid: str, project: str) -> Response:
    ctx.check("flavor:access", subject=uuid)
    ctx.corral.flavors.revoke(uuid, project, ctx.actor)
    return Response(status_code=204)
