"""The one place where an error becomes an answer.

On Mogan's paths the body is Mogan's — `{"error_message": "<JSON text>"}` — with `error` beside it for clients that know us;
elsewhere it is RFC 9457 problem+json. Either way it says what, why and what to do.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corral.api.trail import record_refusal
from corral.domain.errors import CorralError, Unauthenticated
from corral.engine import EngineError, Finished, KeyReused, UnknownOperation

LOG = logging.getLogger(__name__)

MOGAN_PATHS = ("/v1/servers", "/v1/flavors", "/v1/manageable_servers", "/v1/adoptable_nodes")
_ENGINE_STATUS: dict[type[EngineError], int] = {UnknownOperation: 404, Finished: 409, KeyReused: 409}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(CorralError, _corral)
    app.add_exception_handler(EngineError, _engine)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, status: int, error: dict[str, Any]) -> JSONResponse:
    """The answer for an error `{code, message, fix, …}`."""
    request_id = getattr(request.state, "request_id", "")
    # Here too: what failed unexpectedly is answered outside of the gate, which marks all other answers.
    marks = {"Openstack-Request-Id": request_id}
    if is_mogans(request.url.path):
        fault = {
            "faultstring": f"{error['message']} {_told(error)}".strip(),
            "faultcode": "Client" if status < 500 else "Server",
            "debuginfo": None,
        }
        return JSONResponse({"error_message": json.dumps(fault), "error": error}, status, marks)
    problem = {"type": "about:blank", "title": error["code"], "status": status, "detail": error["message"], **error}
    problem.pop("message")
    return JSONResponse({**problem, "request_id": request_id}, status, marks, media_type="application/problem+json")


def is_mogans(path: str) -> bool:
    """Whether errors on that path are in Mogan's form."""
    return path.startswith(MOGAN_PATHS)


def _told(error: dict[str, Any]) -> str:
    """The reasons in words, for clients that show one line only."""
    reasons = error.get("reasons") or []
    return " ".join(f"[{one['code']}] {one['message']}" for one in reasons) or str(error.get("fix", ""))


async def _refused(request: Request, status: int, error: dict[str, Any]) -> JSONResponse:
    await to_thread.run_sync(record_refusal, request, status, error)
    return answer(request, status, error)


async def _corral(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, CorralError)
    if exc.status >= 500:
        LOG.warning("A request failed.", extra={"code": exc.code, "error": exc.message, "path": request.url.path})
    response = await _refused(request, exc.status, exc.as_json())
    if isinstance(exc, Unauthenticated):
        response.headers["WWW-Authenticate"] = request.app.state.corral.authenticator.challenge
    return response


async def _engine(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, EngineError)
    status = next((code for kind, code in _ENGINE_STATUS.items() if isinstance(exc, kind)), 500)
    code = {404: "not-found", 409: "conflict"}.get(status, "internal")
    error = {"code": code, "message": str(exc), "fix": "Look at `corral operation list`."}
    return await _refused(request, status, error)


async def _validation(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    wrong = [{"field": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]} for one in exc.errors()]
    told = "; ".join(f"{one['field']}: {one['problem']}" for one in wrong)
    error = {
        "code": "invalid",
        "message": f"The request is not valid: {told}.",
        "fix": "Correct what is named; /docs describes every field.",
        "fields": wrong,
    }
    return answer(request, 400, error)


async def _http(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    code = {404: "not-found", 405: "method-not-allowed", 413: "invalid"}.get(exc.status_code, "http")
    error = {"code": code, "message": f"{request.method} {request.url.path}: {exc.detail}.", "fix": "See /docs."}
    response = answer(request, exc.status_code, error)
    response.headers.update(exc.headers or {})
    return response


async def _unexpected(request: Request, exc: Exception) -> JSONResponse:
    LOG.error("A request failed unexpectedly.", exc_info=exc, extra={"path": request.url.path})
    error = {
        "code": "internal",
        "message": "Corral failed in a way that it did not expect. Nothing more is known to be wrong.",
        "fix": "Report it with the request id; the server's log has the details.",
    }
    return await _refused(request, 500, error)
