"""HTTP to a Valence: every call through the border, every answer bounded, nothing sent twice.

Rule: what an answer says is put into one error of ours here; whether it is true is found out by looking, elsewhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from corral.contracts.border import Border
from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound, OutcomeUnknown, Refused, Unreachable
from corral.domain.reasons import reason
from corral.drivers.valence.options import Options
from corral.drivers.valence.rules import SERVICE

BIGGEST_ANSWER = 8 * 1024 * 1024
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Client:
    """Requests to one Valence. Safe to share between threads."""

    def __init__(self, options: Options, border: Border) -> None:
        self._border = border
        self._longest = options.read_timeout
        timeout = httpx.Timeout(options.read_timeout, connect=options.connect_timeout)
        self._http = httpx.Client(
            base_url=options.url,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of an answer that says that all went well; None where there is none.

        Raises NotFound (404), Conflict (409), Refused (400), DriverFailed (other answers; `Answered` for a 5xx, after which
        anything may have been done), Unreachable, and OutcomeUnknown for a change whose answer was lost."""
        with self._border.admit(SERVICE, method, path, body) as call:
            try:
                with self._http.stream(method, path, json=body) as response:
                    call.outcome = str(response.status_code)
                    status, data = response.status_code, self._read(response)
            except httpx.HTTPError as exc:
                error = _lost(exc, method, path)
                call.outcome = error.code
                raise error from exc
        if (failure := _meaning(status, data, f"{method} {path}")) is not None:
            raise failure
        return data

    def close(self) -> None:
        self._http.close()

    def _read(self, response: httpx.Response) -> Any:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise DriverFailed("Valence compressed its answer, which was not asked for: it is not read.")
        deadline, text = time.monotonic() + self._longest, bytearray()
        for part in response.iter_raw():
            text += part
            if len(text) > BIGGEST_ANSWER or time.monotonic() > deadline:
                raise DriverFailed(f"An answer of Valence was cut off: more than {BIGGEST_ANSWER} bytes, or too slow.")
        return _json(bytes(text), response.status_code)


class Answered(DriverFailed):
    """Valence answered with an error of its own: it may have acted all the same."""


def _json(text: bytes, status: int) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        if status >= 300:
            return None  # the status tells enough
        raise Answered("Valence's answer is no JSON that can be read.") from exc


def _meaning(status: int, data: Any, what: str) -> CorralError | None:
    """The error that an answer is; None for success. Some releases answer 200 with an error as the body."""
    told = data if isinstance(data, Mapping) else {}
    inner = told.get("status")
    if status < 300 and isinstance(inner, int) and not isinstance(inner, bool) and inner >= 400 and "detail" in told:
        status = inner
    if status < 300:
        return None
    detail = str(told.get("detail") or told.get("title") or told.get("message") or "no detail")[:300]
    message = f"Valence answered {what} with {status}: {detail}"
    if status == 404:
        return NotFound(message)
    if status == 409:
        return Conflict(message, fix="Try again; if it stays so, look at Valence's nodes.")
    if status == 400:
        return Refused(message, [reason("not-composable", why=detail)])
    return Answered(message, fix="Look at Valence's log.") if status >= 500 else DriverFailed(message)


def _lost(exc: httpx.HTTPError, method: str, path: str) -> CorralError:
    why = str(exc)[:200] or type(exc).__name__
    if isinstance(exc, _NEVER_SENT):
        return Unreachable(f"{method} {path}: no connection to Valence ({why}). Nothing was sent.", fix=_REACH)
    if method == "GET":
        return Unreachable(f"{method} {path}: Valence did not answer ({why}).", fix=_REACH)
    return OutcomeUnknown(
        f"{method} {path}: sent, but the answer was lost ({why}).", fix="Look at Valence's nodes before trying again."
    )


_REACH = "Check that Valence runs, and the source's option 'url'."
