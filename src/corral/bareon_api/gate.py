"""What every request passes before anything else: the door, and what older clients do differently.

Those clients end collection paths with a slash, send bodies with GET and DELETE, and no Content-Type. Rule: plain ASGI; nothing
is held in memory to be looked at.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corral.bareon_api import errors
from corral.bodies import measured, says_too_long
from corral.domain.errors import CorralError, Invalid, Unauthenticated
from corral.identity import LoopbackAuthenticator
from corral.identity.authenticate import presented_token

MAX_BODY = 4 * 1024 * 1024  # bytes: a layout of 1,000 partitions takes a quarter of it
_OPEN = ("/healthz", "/readyz")


@dataclass(frozen=True)
class Door:
    """Who may come in. `token`: what every request must bring, from anywhere; None: this machine is served only, without one."""

    token: str | None = None

    def check(self, headers: Mapping[str, str], client: str) -> None:
        """Raise Unauthenticated or Forbidden for who may not."""
        if self.token is None:
            LoopbackAuthenticator().authenticate(headers, client)
        elif not hmac.compare_digest(_hashed(presented_token(headers)), _hashed(self.token)):
            raise Unauthenticated(
                "The token is not this service's.", fix="Send the one that `bareon_api.token_env` names."
            )


def _hashed(secret: str) -> bytes:
    # Of equal length, whatever was sent: comparing them tells nothing.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Gate:
    """Lets requests through the door, in the form that routes expect."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "path": scope["path"].rstrip("/") or "/", "headers": list(scope["headers"])}
        MutableHeaders(scope=scope).setdefault("content-type", "application/json")
        try:
            self._admit(scope)
        except CorralError as exc:
            response = errors.answer(exc.status, exc.as_json())
            if isinstance(exc, Unauthenticated):
                response.headers["WWW-Authenticate"] = 'Bearer realm="bareon-api"'
            await response(scope, receive, send)
            return
        await self._app(scope, measured(receive, MAX_BODY), _marked(send))

    def _admit(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if scope["path"] not in _OPEN:
            self._door.check(headers, (scope.get("client") or ("",))[0])
        if says_too_long(scope, MAX_BODY):
            raise TooLong(f"The body has more than {MAX_BODY} bytes.", fix="Send less at a time.")


class TooLong(Invalid):
    """A body without measure."""

    status = 413


def _marked(send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return marked


def refuse_open_door(host: str, door: Door) -> None:
    """Raise Invalid if the service would listen beyond loopback without a token."""
    from corral.identity import refuse_open_listen

    try:
        refuse_open_listen(host, door.token is not None)
    except Invalid:
        raise Invalid(
            f"The Bareon-API service would listen on {host or 'every address'}, and anyone who reaches it could lay out disks.",
            fix="Name a variable with a token in `bareon_api.token_env`, or listen on 127.0.0.1.",
        ) from None
