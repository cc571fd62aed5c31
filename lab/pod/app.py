"""The pod over HTTP: what every answer of a Redfish service has in common, and who may send what where.

Rule: what an operation does is `routes`'; here is the protocol (headers, ETags, authentication, query parameters) and the faults.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from lab.pod.control import Control
from lab.pod.faults import Fault
from lab.pod.messages import Failed, error, message
from lab.pod.routes import Asked, Given, Routes

METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
_OPEN = ("/redfish", "/redfish/v1", "/redfish/v1/odata", "/redfish/v1/$metadata")
_SESSIONS = "/redfish/v1/SessionService/Sessions"
_SSE = "/redfish/v1/EventService/SSE"
_BIGGEST = 1024 * 1024
_DEEP = '{"a":' * 50_000 + "1" + "}" * 50_000
_NEEDS = {"GET": "Login", "HEAD": "Login"}


def application(routes: Routes, control: Control) -> Starlette:
    """The ASGI application of one pod."""
    service = _Service(routes, control)
    every = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE"]
    return Starlette(
        routes=[
            Route("/control/{what:path}", control.serve, methods=["GET", "POST"]),
            Route("/{path:path}", service.serve, methods=every),
        ]
    )


class _Service:
    def __init__(self, routes: Routes, control: Control) -> None:
        self._routes = routes
        self._control = control

    async def serve(self, request: Request) -> Response:
        path = _path(request)
        fault = self._control.faults.strike(request.method, path, await _text(request))
        if fault is not None and fault.kind == "slow":
            before = self._control.resets
            await asyncio.sleep(fault.seconds)
            if self._control.resets != before:
                return Response(status_code=503)  # an act of another test must not come about in the next one
        if fault is not None and (given := _instead(fault)) is not None:
            return given
        try:
            answer = await self._answer(request, path, fault)
        except Failed as failed:
            answer = self._failed(path, failed)
        if fault is not None and fault.kind == "late":
            await asyncio.sleep(fault.seconds)
        return answer

    async def _answer(self, request: Request, path: str, fault: Fault | None) -> Response:
        if request.method not in METHODS:
            raise Failed(501, "OperationNotAllowed")
        if request.headers.get("odata-version", "4.0") != "4.0":
            raise Failed(412, "GeneralError")
        asked = await self._asked(request, path, fault)
        operations = self._routes.operations(path)
        if not operations:
            raise Failed(404, "ResourceMissingAtURI", path)
        operation = operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            raise Failed(405, "OperationNotAllowed")
        if path == _SSE:
            return StreamingResponse(
                self._routes.events.stream(), media_type="text/event-stream", headers=_headers(operations)
            )
        self._precondition(request, path)
        given = operation(asked)
        self._afterwards(fault, given, request.method)
        body = self._control.faults.spoken(path, given.body)
        given = Given(given.status, body, given.headers, given.media)
        return _lost(fault) or _rendered(given, request, operations)

    async def _asked(self, request: Request, path: str, fault: Fault | None) -> Asked:
        account = self._routes.access.who(request.headers)
        opened = path in _OPEN and request.method in ("GET", "HEAD")
        opened = opened or (path == _SESSIONS and request.method == "POST")
        if account is None and not opened:
            raise Failed(401, "NoValidSession")
        if account is not None and not opened:
            self._privilege(request.method, path, account)
        _query(request)
        return Asked(path, await _body(request), account, _kind(fault))

    def _privilege(self, method: str, path: str, account: Any) -> None:
        needed = _NEEDS.get(method) or self._routes.privilege(method, path, account)
        if not account.may(needed):
            raise Failed(403, "InsufficientPrivilege")

    def _precondition(self, request: Request, path: str) -> None:
        wanted = request.headers.get("if-match")
        if wanted is None or request.method not in ("PATCH", "PUT", "DELETE"):
            return
        found = self._routes.operations(path)["GET"](Asked(path, {}, None, ""))
        if wanted not in ("*", _etag(found.body)):
            raise Failed(412, "PreconditionFailed")

    def _afterwards(self, fault: Fault | None, given: Given, method: str) -> None:
        if fault is None or method != "POST" or not given.system:
            return
        if fault.kind == "vanish":
            self._routes.pod.release(given.system)
        if fault.kind == "alone":
            self._routes.pod.lose(given.system)

    def _failed(self, path: str, failed: Failed) -> Response:
        headers = _headers(self._routes.operations(path) if failed.status == 405 else {})
        if failed.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Redfish", charset="UTF-8"'
        return _json(failed.status, failed.body, headers)


def _path(request: Request) -> str:
    """The resource's path. What is posted to a collection's Members is posted to the collection."""
    path = str(request.scope["path"]).rstrip("/") or "/"
    return path.removesuffix("/Members") if request.method == "POST" else path


def _kind(fault: Fault | None) -> str:
    return fault.kind if fault is not None else ""


def _instead(fault: Fault) -> Response | None:
    """The answer of a fault that does not act."""
    match fault.kind:
        case "fail":
            return _json(500, error(message("InternalError")), _headers({}))
        case "body_500":
            return Response("500", 200, media_type="application/json")
        case "answer":
            text = fault.body.replace("{n}", str(fault.hits))
            return Response(text, fault.status, media_type="application/json")
        case "trickle":
            return StreamingResponse(_trickle(fault.seconds), media_type="application/json")
        case "huge":
            return Response(b'{"Name": "' + b"x" * (16 * 1024 * 1024) + b'"}', 200, media_type="application/json")
        case "deep":
            return Response(_DEEP, 200, media_type="application/json")
    return None


async def _trickle(seconds: float) -> AsyncIterator[bytes]:
    for _ in range(int(seconds / 0.2)):
        yield b" "
        await asyncio.sleep(0.2)
    yield b"{}"


def _lost(fault: Fault | None) -> Response | None:
    """The answer of a fault that does act."""
    if fault is not None and fault.kind == "acted":
        return _json(500, error(message("InternalError")), _headers({}))
    if fault is not None and fault.kind == "garbled":
        return Response(_DEEP, 201, media_type="application/json")
    return Response(None, 200) if fault is not None and fault.kind == "silent" else None


def _query(request: Request) -> None:
    for key in request.query_params:
        if key.startswith("$") or key in ("only", "excerpt"):
            raise Failed(501, "QueryNotSupported")


async def _text(request: Request) -> str:
    return (await request.body()).decode("utf-8", "replace")


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    if len(text) > _BIGGEST:
        raise Failed(413, "MalformedJSON")
    if not text or request.method in ("GET", "HEAD", "DELETE"):
        return {}
    if not request.headers.get("content-type", "application/json").startswith("application/json"):
        raise Failed(415, "MalformedJSON")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise Failed(400, "MalformedJSON") from None
    if not isinstance(body, dict):
        raise Failed(400, "MalformedJSON")
    return body


def _rendered(given: Given, request: Request, operations: Mapping[str, Any]) -> Response:
    headers = _headers(operations) | given.headers
    if given.body is None:
        return Response(None, given.status, headers)
    if given.media != "application/json":
        return Response(given.body, given.status, headers, given.media)
    if "@odata.type" in given.body:
        headers["Link"] = f"<{_schema(given.body)}>; rel=describedby"
    if request.method in ("GET", "HEAD", "PATCH"):
        headers["ETag"] = _etag(given.body)
        if "@odata.id" in given.body:
            given = replace(given, body={**given.body, "@odata.etag": headers["ETag"]})
        if request.method == "GET" and request.headers.get("if-none-match") == headers["ETag"]:
            return Response(None, 304, headers)
    return _json(given.status, given.body, headers, bare=request.method == "HEAD")


def _json(status: int, body: Any, headers: dict[str, str], *, bare: bool = False) -> Response:
    text = b"" if bare else json.dumps(body).encode()
    response = Response(text, status, headers, "application/json")
    if bare:
        del response.headers["content-length"]
    return response


def _headers(operations: Mapping[str, Any]) -> dict[str, str]:
    headers = {"OData-Version": "4.0", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if operations:
        head = {"HEAD"} if "GET" in operations else set()
        headers["Allow"] = ", ".join(sorted({*operations, *head}))
    return headers


def _etag(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def _schema(body: Mapping[str, Any]) -> str:
    kind = str(body["@odata.type"]).lstrip("#").rpartition(".")[0]
    return f"http://redfish.dmtf.org/schemas/v1/{kind}.json"
