"""Reads bodies: JSON of bounded depth, with nothing in it that can't be stored and told again.

Python's reader takes more than JSON is: NaN, numbers without end, halves of characters. Any of them would be accepted now and
fail later.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

DEEPEST = 16
_MOST = 2**63


class StrictRequest(Request):
    """A request whose body is read strictly."""

    async def json(self) -> Any:
        """The body. Raises HTTPException 400."""
        return parsed(await self.body())


class StrictRoute(APIRoute):
    """A route that reads bodies strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, on a StrictRequest."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strict


def parsed(body: bytes) -> Any:
    """The value of a JSON text. Raises HTTPException 400 with what is wrong."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise HTTPException(
            400, f"The body is no JSON that can be read ({type(exc).__name__}: {str(exc)[:120]})"
        ) from exc
    if wrong := _unusable(value, DEEPEST):
        raise HTTPException(400, f"The body has {wrong}")
    return value


def _unusable(value: Any, levels: int) -> str | None:
    """What can't be kept of the value, in words; None when all can."""
    match value:
        case str():
            return None if value.isprintable() or _is_text(value) else "text that is no valid Unicode, or has a NUL"
        case float():
            return None if math.isfinite(value) else "a number that is none"
        case int():
            return None if -_MOST <= value < _MOST else "a number of more than 64 bits"
        case dict() | list() if levels == 0:
            return f"more than {DEEPEST} levels"
        case dict():
            parts = [*value, *value.values()]
        case list():
            parts = value
        case _:
            return None
    return next((wrong for part in parts if (wrong := _unusable(part, levels - 1))), None)


def _is_text(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
