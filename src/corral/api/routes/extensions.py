"""The extensions that are installed, and the routes that they bring."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request

from corral.api import estate
from corral.api.context import Ctx
from corral.extensions.registry import Extensions

router = APIRouter(prefix="/v1/extensions", tags=["extensions"])


@router.get("", summary="List the extensions that are installed")
def list_extensions(ctx: Ctx) -> dict[str, Any]:
    """One that can't be loaded is listed too; `problem` says why."""
    ctx.check("extension:list")
    return {"extensions": [estate.extension(one) for one in ctx.corral.clusters.installed()]}


def allowed(ctx: Ctx, request: Request) -> None:
    """What every route of an extension asks before it is reached."""
    ctx.check("extension:read" if request.method in ("GET", "HEAD") else "extension:write")


def mount(app: FastAPI, extensions: Extensions) -> None:
    """Serve each extension's own routes under /v1/ext/NAME. One whose routes can't be made is without them."""
    for one in extensions.all():
        found = extensions.router(one)
        if found is not None:
            app.include_router(
                found, prefix=f"/v1/ext/{one.name}", tags=[f"extension {one.name}"], dependencies=[Depends(allowed)]
            )
