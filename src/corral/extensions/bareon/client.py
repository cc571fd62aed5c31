"""Speaks with a Bareon-API service: bounded in time and size, tried again where that does no harm, foreign errors made ours.

Rule: every request that it sends may be carried out twice. So a lost answer is no riddle: it is sent again.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from corral.domain.errors import (
    Conflict,
    CorralError,
    DriverFailed,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Stale,
    Unreachable,
)
from corral.domain.reasons import Reason
from corral.engine import BackOff

NODE_PREFIX = "nailgun_"
"""What a node's id starts with in the service: other clients keep theirs there too."""
BIGGEST = 16 * 1024 * 1024  # bytes of an answer; a layout of 1,000 partitions has a sixtieth of it
_WAITS = BackOff(first=0.2, cap=2.0, tries=3)
_AGAIN = (429, 500, 502, 503, 504)
_OURS: dict[int, type[CorralError]] = {400: Invalid, 404: NotFound, 413: Invalid}


@dataclass(frozen=True)
class Answer:
    """What the service said. `etag`: the version of the node that it is about."""

    body: Any
    etag: str | None = None


class Client:
    """A client of one service, for several threads. `transport` and `sleep` are for tests."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"X-Auth-Token": token} if token else {}
        limits = httpx.Timeout(timeout, connect=min(timeout, 3.0))
        # A proxy of the environment is for the world outside; this service is one's own. Reading all certificate authorities
        # takes longer than all else that a server does to open its extensions: only where they are needed.
        self._http = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=limits,
            transport=transport,
            trust_env=False,
            verify=not url.startswith("http://"),
        )
        self._url = url
        self._timeout = timeout
        self._sleep = sleep

    def get(self, node: str, part: str = "", *, query: Mapping[str, str] | None = None) -> Answer:
        """A node, or a part of it. Raises NotFound, Refused, Unreachable, DriverFailed."""
        return self._send("GET", _path(node, part), params=query)

    def put(self, node: str, part: str, body: Any, *, match: str | None = None, within: float | None = None) -> Answer:
        """Write a node, or a part of it. `match`: the version that it must have, else Stale. `within`: seconds for all tries.

        Raises Invalid, Refused, NotFound, Stale, Unreachable, DriverFailed."""
        headers = {"If-Match": match} if match else {}
        return self._send("PUT", _path(node, part), within=within, headers=headers, json=body)

    def delete(self, node: str, *, within: float | None = None) -> None:
        """Forget a node; one that is not there is done. Raises Unreachable, DriverFailed."""
        try:
            self._send("DELETE", _path(node, ""), within=within)
        except NotFound:
            return

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, method: str, path: str, *, within: float | None = None, **request: Any) -> Answer:
        deadline = time.monotonic() + (self._timeout * _WAITS.tries if within is None else within)
        for attempt in range(1, _WAITS.tries + 1):
            try:
                return self._once(method, path, deadline, request)
            except Unreachable:
                wait = _WAITS.delay(attempt, random.random())  # noqa: S311 - keeps a crowd apart; no secret
                if attempt == _WAITS.tries or time.monotonic() + wait >= deadline:
                    raise
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, path: str, deadline: float, request: Mapping[str, Any]) -> Answer:
        left = max(0.1, min(self._timeout, deadline - time.monotonic()))
        try:
            with self._http.stream(
                method, path, timeout=httpx.Timeout(left, connect=min(left, 3.0)), **request
            ) as reply:
                content = _bounded(reply, time.monotonic() + left)
        except httpx.TransportError as exc:
            raise Unreachable(
                f"The Bareon-API service at {self._url} does not answer ({type(exc).__name__}).",
                fix="Check that `corral bareon-api` runs there, and the setting BAREON_ADDRESS.",
            ) from exc
        return self._read(reply, content)

    def _read(self, reply: httpx.Response, content: bytes) -> Answer:
        body = _json(content)
        if reply.is_success:
            if body is None and reply.status_code != 204:
                raise DriverFailed(f"The Bareon-API service at {self._url} answered with what is no JSON.")
            return Answer(body, reply.headers.get("ETag"))
        raise _error(reply.status_code, body if isinstance(body, dict) else {}, self._url)


def _path(node: str, part: str) -> str:
    whole = f"/v1/nodes/{NODE_PREFIX}{quote(node.lower(), safe='')}"
    return f"{whole}/{part}" if part else whole


def _bounded(reply: httpx.Response, until: float) -> bytes:
    content = bytearray()
    for part in reply.iter_bytes():
        content += part
        if len(content) > BIGGEST:
            raise DriverFailed(f"The Bareon-API service answered with more than {BIGGEST} bytes; it was cut off.")
        if time.monotonic() > until:
            raise Unreachable("The Bareon-API service answers too slowly.", fix="Look at its load.")
    return bytes(content)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _error(status: int, problem: Mapping[str, Any], url: str) -> CorralError:
    """The service's answer as an error of ours; what it says is kept, what can't be said is not guessed."""
    message = str(problem.get("detail") or f"The Bareon-API service at {url} answered {status}.")[:2000]
    fix = str(problem.get("fix") or "")[:500]
    if status in _AGAIN:
        return Unreachable(message, fix=fix or "It is tried again.")
    if status in (401, 403):
        return Forbidden(message, fix="Give its token: `extensions.options.bareon.token_env`.")
    if status == 409:
        return (Stale if problem.get("code") == "stale" else Conflict)(message, fix=fix)
    if status == 422:
        return Refused(message, [_reason(one) for one in _listed(problem.get("reasons"))], fix=fix)
    kind = _OURS.get(status, DriverFailed)
    return kind(message, fix=fix)


def _listed(reasons: Any) -> list[Any]:
    return reasons[:200] if isinstance(reasons, list) else []


def _reason(data: Any) -> Reason:
    told = data if isinstance(data, dict) else {"message": data}
    code, message, fix = (str(told.get(key) or "")[:1000] for key in ("code", "message", "fix"))
    return Reason(code or "unknown", message, fix)
