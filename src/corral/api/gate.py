"""What every request passes before anything else: it gets an id; a body without measure is refused, and so is a path with a NUL.

Rule: plain ASGI. Streams pass through untouched, and nothing is held in memory to be looked at.
"""

from __future__ import annotations

from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corral.api import errors
from corral.bodies import measured, says_too_long

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
        if says_too_long(scope, MAX_BODY):
            error = {"code": "invalid", "message": "The body is too long.", "fix": f"Send up to {MAX_BODY} bytes."}
            await errors.answer(Request(scope), 413, error)(scope, receive, _marked(scope, send))
        elif "\x00" in scope["path"]:
            # No name that is stored has one: PostgreSQL can't even be asked for it.
            error = {"code": "not-found", "message": "No name has a NUL in it.", "fix": "Correct the path."}
            await errors.answer(Request(scope), 404, error)(scope, receive, _marked(scope, send))
        else:
            await self._app(scope, measured(receive, MAX_BODY), _marked(scope, send))


def _marked(scope: Scope, send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Openstack-Request-Id"] = scope["state"]["request_id"]
            headers["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return marked
