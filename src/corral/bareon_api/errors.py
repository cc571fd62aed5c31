"""The one place where an error becomes an answer: RFC 9457 problem+json, with what, why and what to do."""

from __future__ import annotations

import difflib
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corral.bareon_api import documents, objects
from corral.domain.errors import CorralError

LOG = logging.getLogger(__name__)

_KEYS = sorted(
    {key for model in (*objects.Object.__args__, objects.Partition, objects.Partitioning) for key in model.model_fields}
    | set(documents.NodeBody.model_fields)
)


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(CorralError, _corral)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer(status: int, error: dict[str, Any]) -> JSONResponse:
    """The answer for an error `{code, message, fix, …}`."""
    told = {key: value for key, value in error.items() if key != "message"}
    problem = {"type": "about:blank", "title": error["code"], "status": status, "detail": error["message"], **told}
    return JSONResponse(problem, status, media_type="application/problem+json")


async def _corral(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, CorralError)
    if exc.status >= 500:
        LOG.warning("A request failed.", extra={"code": exc.code, "error": exc.message, "path": request.url.path})
    return answer(exc.status, exc.as_json())


async def _validation(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    wrong = [{"field": ".".join(map(str, one["loc"])), "problem": _problem(one)} for one in exc.errors()]
    told = "; ".join(f"{one['field']}: {one['problem']}" for one in wrong)
    fix = "Correct what is named; /docs describes every field."
    return answer(
        400, {"code": "invalid", "message": f"The request is not valid: {told}.", "fix": fix, "fields": wrong}
    )


def _problem(error: dict[str, Any]) -> str:
    if error["type"] != "extra_forbidden":
        return str(error["msg"])
    near = difflib.get_close_matches(str(error["loc"][-1]), _KEYS, 1)
    return "agents know no such key" + (f"; did you mean {near[0]}?" if near else "")


async def _http(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    code = {400: "invalid", 404: "not-found", 405: "method-not-allowed", 413: "invalid"}.get(exc.status_code, "http")
    error = {"code": code, "message": f"{request.method} {request.url.path}: {exc.detail}.", "fix": "See /docs."}
    response = answer(exc.status_code, error)
    response.headers.update(exc.headers or {})
    return response


async def _unexpected(request: Request, exc: Exception) -> JSONResponse:
    LOG.error("A request failed unexpectedly.", exc_info=exc, extra={"path": request.url.path})
    message = "The service failed in a way that it did not expect. Nothing was written by this request."
    return answer(500, {"code": "internal", "message": message, "fix": "Report it; the server's log has the details."})
