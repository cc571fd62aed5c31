"""Pods: what they have, and what would be composed of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from corral.api import render_pods
from corral.api.context import STORABLE, Context, Ctx
from corral.api.schemas_compose import PreviewBody
from corral.domain.composing import Composition
from corral.domain.errors import Invalid

router = APIRouter(tags=["composition"])

SourceName = Annotated[str, Path(max_length=63, pattern=STORABLE, description="The name of a source.")]


@router.post("/v1/compose/preview", summary="Show what would be composed now", responses={501: {}})
def preview(ctx: Ctx, body: PreviewBody) -> dict[str, Any]:
    """The blocks that would be taken, or every reason why nothing fits. Nothing is reserved."""
    ctx.check("composition:preview")
    found = ctx.corral.composition.preview(_wish(ctx, body), body.source)
    return render_pods.preview(found)


@router.get("/v1/sources/{name}/pool", summary="Show the blocks and zones of a pod", responses={501: {}})
def pool(ctx: Ctx, name: SourceName) -> dict[str, Any]:
    ctx.check("source:pool")
    found, room = ctx.corral.composition.pool(name)
    return render_pods.pool(name, found, room)


def _wish(ctx: Context, body: PreviewBody) -> Composition:
    if body.compose is not None:
        return body.compose.composition()
    assert body.flavor is not None
    flavor = ctx.corral.flavors.named(body.flavor, ctx.project, admin=ctx.admin)
    if flavor.compose is None:
        raise Invalid(
            f"Flavor {flavor.name} composes nothing: it fits machines that are there.",
            fix="Name a flavor with `compose`: `corral flavor list` shows which have it.",
        )
    return flavor.compose
