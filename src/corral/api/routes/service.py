"""Corral itself: versions, health, readiness, sources."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from corral import __version__
from corral.api import render
from corral.api.context import Ctx
from corral.wiring import Corral

router = APIRouter(tags=["service"])


def _version(request: Request) -> dict[str, Any]:
    base = str(request.base_url).rstrip("/")
    return {"id": "v1", "status": "CURRENT", "version": __version__, "links": [{"href": f"{base}/v1/", "rel": "self"}]}


@router.get("/", summary="API versions")
def root(request: Request) -> dict[str, Any]:
    version = _version(request)
    return {
        "name": "Corral",
        "description": "Manages machines that already run.",
        "versions": [version],
        "default_version": version,
    }


@router.get("/v1", summary="API version 1")
@router.get("/v1/", include_in_schema=False)
def version(request: Request) -> dict[str, Any]:
    return _version(request)


@router.get("/healthz", summary="Whether the process answers")
def health() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="Whether the process can do its work", responses={503: {}})
def ready(request: Request) -> JSONResponse:
    corral: Corral = request.app.state.corral
    problems = corral.problems()
    return JSONResponse(
        {"status": "not ready" if problems else "ready", "problems": problems}, 503 if problems else 200
    )


@router.get("/metrics", summary="Prometheus metrics of this process", response_class=PlainTextResponse)
def metrics(ctx: Ctx) -> PlainTextResponse:
    ctx.check("metrics:show")
    return PlainTextResponse(ctx.corral.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/sources", summary="List sources with their health")
def sources(ctx: Ctx) -> dict[str, Any]:
    ctx.check("source:list")
    found, drift = ctx.corral.inventory.sources(), ctx.corral.drift
    return {"sources": [render.source(one, health, drift.state(one.name)) for one, health in found]}
