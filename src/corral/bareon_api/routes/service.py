"""Whether the service lives, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from corral import __version__

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Whether the process answers at all")
async def healthz() -> dict[str, str]:
    return {"status": "ok", "version": __version__}


@router.get("/readyz", summary="Whether it can do its work", responses={503: {"description": "It can't; why."}})
def readyz(request: Request) -> JSONResponse:
    problem = request.app.state.service.nodes.problem()
    return JSONResponse({"ready": problem is None, "problems": [problem] if problem else []}, 503 if problem else 200)
