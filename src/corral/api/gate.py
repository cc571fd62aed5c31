"""What every request passes before anything else: it gets an id, and a body without measure is refused.

Rule: plain ASGI. Streams pass through untouched, and nothing is held in memory to be looked at.
"""

from __future__ import annotations

from uuid import uuid4

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corral.api import errors

MAX_BODY = 16 * 1024 * 1024  # bytes: 10,000 machines in one plan take about 5 MB


class Gate:
    """Gives each request an id, in the header that OpenStack's clients log, and measures its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = f"req-{uuid4()}"
        if _says_too_long(scope):
            error = {"code": "invalid", "message": "The body is too long.", "fix": f"Send up to {MAX_BODY} bytes."}
            await errors.answer(Request(scope), 413, error)(scope, receive, _marked(scope, send))
        else:
            await self._app(scope, _measured(receive), _marked(scope, send))


def _says_too_long(scope: Scope) -> bool:
    length = Headers(scope=scope).get("content-length", "0")
    return not length.isdigit() or int(length) > MAX_BODY


def _measured(receive: Receive) -> Receive:
    """A chunked body does not say how long it is: count, and stop reading."""
    so_far = 0

    async def measured() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > MAX_BODY:
            # FastAPI turns any other exception while it reads a body into a plain 400.
            raise HTTPException(413, f"The body is longer than {MAX_BODY} bytes")
        return message

    return measured


def _marked(scope: Scope, send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Openstack-Request-Id"] = scope["state"]["request_id"]
            headers["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return marked
