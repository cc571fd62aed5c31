"""How much of a request's body is read: as long as it says, or as it turns out to be. Role: what all HTTP services of Corral share.

Rule: plain ASGI; nothing is held in memory to be looked at.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope


def says_too_long(scope: Scope, most: int) -> bool:
    """Whether the request says that its body has more than `most` bytes, or says no number."""
    length = Headers(scope=scope).get("content-length", "0")
    return not length.isdigit() or int(length) > most


def measured(receive: Receive, most: int) -> Receive:
    """A chunked body does not say how long it is: count, and stop reading after `most` bytes."""
    so_far = 0

    async def counting() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > most:
            # FastAPI turns any other exception while it reads a body into a plain 400.
            raise HTTPException(413, f"The body has more than {most} bytes")
        return message

    return counting
