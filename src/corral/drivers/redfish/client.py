"""HTTP to a Redfish service: one login, every call through the border, every answer bounded.

Rule: nothing is ever sent twice by itself, but what a 401 kept from being carried out. Redirects are not followed, compressed
answers are not accepted, and an answer that is too big, too slow or nested too deep is no answer.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from corral.contracts.border import Border, Call
from corral.domain.errors import DriverFailed, OutcomeUnknown, Unreachable
from corral.drivers.redfish.lines import Lines
from corral.drivers.redfish.links import Links
from corral.drivers.redfish.messages import meaning
from corral.drivers.redfish.options import Options
from corral.drivers.redfish.rules import SERVICE

BIGGEST_ANSWER = 8 * 1024 * 1024
"""A collection of 10,000 members is about 1 MB."""
DEEPEST = 40
"""Levels. A manifest with all its resources expanded has fewer than 20."""
_SESSIONS = "/redfish/v1/SessionService/Sessions"
_READS = ("GET", "HEAD")
LOOK = "Look at the pod before anything is tried again."
_REACH = "Check that the pod's service runs, and the source's option 'url'."


class Broken(Unreachable):
    """The connection of a read broke before there was an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `data`: the JSON object, empty when there was none. `location`: the id that the Location header names."""

    status: int
    data: Mapping[str, Any]
    location: str | None = None


class Client:
    """Requests to one service. Safe to share between threads."""

    def __init__(self, options: Options, border: Border) -> None:
        self.links = Links(options.url)
        self._options = options
        self._border = border
        self._lock = threading.Lock()
        self._token: str | None = None
        self._session: str | None = None
        self._lines = Lines(options)

    def get(self, target: str) -> Mapping[str, Any]:
        """The resource at a path. Raises NotFound, Unreachable, DriverFailed."""
        try:
            got = self.send("GET", target)
        except Broken:
            # The service had closed the connection just when it was used again. A read may simply be repeated.
            got = self.send("GET", target)
        if not got.data:
            raise DriverFailed(f"The Redfish service answered GET {target} without a resource.")
        return got.data

    def send(self, method: str, target: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Send one request, once. Raises what its answer means: see `messages.meaning`."""
        token = self._token or self._log_in(None)
        got = self._once(method, target, body, self._headers(token))
        if got.status == 401 and token is not None:
            # Refused before anything was done: the session was over. The same request may go out again.
            got = self._once(method, target, body, self._headers(self._log_in(token)))
        if (error := meaning(got.status, got.data, method, target)) is not None:
            raise error
        return got

    @contextmanager
    def stream(self, target: str) -> Iterator[httpx.Response]:
        """What a path answers, on a connection of its own, not read yet: whoever reads bounds it. Raises as `send`."""
        with self._lines.lasting() as http:
            token = self._token or self._log_in(None)
            response = self._opened(http, target, token)
            if response.status_code == 401 and token is not None:
                response.close()
                response = self._opened(http, target, self._log_in(token))
            try:
                if (error := meaning(response.status_code, {}, "GET", target)) is not None:
                    raise error
                yield response
            finally:
                response.close()

    def _opened(self, http: httpx.Client, target: str, token: str | None) -> httpx.Response:
        path = target.partition("?")[0]
        with self._border.admit(SERVICE, "GET", path) as call:
            try:
                request = http.build_request("GET", target, headers=self._headers(token))
                response = http.send(request, auth=self._basic(), stream=True)
            except httpx.HTTPError as exc:
                error = _translated(exc, "GET", f"GET {path}")
                call.outcome = error.code
                raise error from exc
            call.outcome = str(response.status_code)
            return response

    def close(self) -> None:
        """Log out, as far as the service can be reached."""
        with self._lock:
            session, token, self._session, self._token = self._session, self._token, None, None
        try:
            if session is not None and token is not None:
                self._once("DELETE", session, None, self._headers(token))
        except (Unreachable, DriverFailed):
            # The session ends by itself after the service's own timeout.
            return
        finally:
            self._lines.close()

    def _headers(self, token: str | None) -> dict[str, str]:
        return {"X-Auth-Token": token} if token else {}

    def _log_in(self, spent: str | None) -> str | None:
        """A token. `spent`: the one that is no good any more; another thread may have got a new one meanwhile."""
        if self._options.username is None or self._options.auth == "basic":
            return None
        with self._lock:
            if self._token is not None and self._token != spent:
                return self._token
            self._token = self._session = None
            got = self._exchange("POST", _SESSIONS, None, {}, self._credentials())
            error = meaning(got.status, got.data, "POST", _SESSIONS)
            if error is not None or not got.token:
                raise DriverFailed(
                    f"Logging in failed: {error.message if error else 'the answer has no token.'}",
                    fix="Check 'username' and the variable of 'password_env'; for services without sessions set auth: basic.",
                ) from error
            self._token, self._session = got.token, got.location
            return self._token

    def _credentials(self) -> dict[str, str]:
        return {"UserName": self._options.username or "", "Password": self._options.password}

    def _once(self, method: str, target: str, body: Mapping[str, Any] | None, headers: dict[str, str]) -> _Raw:
        return self._exchange(method, target, body, headers, body)

    def _exchange(
        self, method: str, target: str, shown: Any, headers: dict[str, str], body: Mapping[str, Any] | None
    ) -> _Raw:
        """`shown`: the body as the border sees it; that of a login is not shown."""
        path = target.partition("?")[0]
        with self._border.admit(SERVICE, method, path, shown) as call:
            try:
                return self._read(call, method, target, headers, body)
            except httpx.HTTPError as exc:
                error = _translated(exc, "GET" if path == _SESSIONS else method, f"{method} {path}")
                call.outcome = error.code
                raise error from exc
            except DriverFailed as exc:
                if method in _READS or path == _SESSIONS:
                    raise
                # What can't be read does not tell what was done.
                raise OutcomeUnknown(f"{method} {path}: {exc.message}", fix=LOOK) from exc

    def _read(
        self, call: Call, method: str, target: str, headers: dict[str, str], body: Mapping[str, Any] | None
    ) -> _Raw:
        with (
            self._lines.one() as http,
            http.stream(method, target, headers=headers, json=body, auth=self._basic()) as response,
        ):
            call.outcome = str(response.status_code)
            text = _bounded(response, self._options.read_timeout)
            location = response.headers.get("Location")
            return _Raw(
                response.status_code,
                _json(text, response.status_code, method),
                self.links.id(location) if location else None,
                response.headers.get("X-Auth-Token"),
            )

    def _basic(self) -> tuple[str, str] | None:
        if self._options.username is None or self._options.auth != "basic":
            return None
        return self._options.username, self._options.password


@dataclass(frozen=True, slots=True)
class _Raw(Answer):
    token: str | None = None


def _bounded(response: httpx.Response, patience: float) -> bytes:
    """The body, if it is not too much and comes in time: a peer that sends a byte now and then must not hold a thread for ever."""
    deadline = time.monotonic() + patience
    text = bytearray()
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise DriverFailed("The Redfish service compressed its answer, which was not asked for: it is not read.")
    for part in response.iter_raw():
        text += part
        if len(text) > BIGGEST_ANSWER or time.monotonic() > deadline:
            raise DriverFailed(
                f"An answer was cut off: more than {BIGGEST_ANSWER} bytes or {patience:.0f} seconds long."
            )
    return bytes(text)


def _json(text: bytes, status: int, method: str) -> Mapping[str, Any]:
    """The object in a body; none where there is no object. A success that is no object is nothing to believe."""
    if not text.strip():
        return {}
    try:
        data = json.loads(text)
    except RecursionError as exc:
        raise DriverFailed("The Redfish service's answer is nested too deep to be read.") from exc
    except ValueError as exc:
        if status < 300 and method in _READS:
            raise DriverFailed(f"The Redfish service's answer is not valid JSON: {exc}") from exc
        return {}
    if _deeper_than(data, DEEPEST):
        raise DriverFailed("The Redfish service's answer is nested too deep to be read.")
    return data if isinstance(data, Mapping) else {}


def _deeper_than(data: Any, most: int) -> bool:
    level: list[Any] = [data]
    for _ in range(most):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def _translated(exc: httpx.HTTPError, method: str, what: str) -> Unreachable | OutcomeUnknown:
    """Which of our errors a failure of the network is. In doubt, a change may have been carried out."""
    why = str(exc)[:200] or type(exc).__name__
    if isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol):
        return Unreachable(f"{what}: no connection ({why}). Nothing was sent.", fix=_REACH)
    if method in _READS:
        kind = Unreachable if isinstance(exc, httpx.TimeoutException) else Broken
        return kind(f"{what}: no answer ({why}).", fix=_REACH)
    return OutcomeUnknown(f"{what}: sent, but the answer was lost ({why}).", fix=LOOK)
