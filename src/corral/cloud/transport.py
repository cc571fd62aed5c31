"""The HTTP layer under every session: the border is here, below everything that could go wrong above.

Rule: a request that this adapter did not admit is not sent, whichever library made it; redirects are never followed,
answers are bounded, and what `requests` raises is sorted into "nothing was carried out" and "nobody knows".
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from corral.cloud.wire import Reset
from corral.contracts.border import Border
from corral.domain.errors import CorralError, DriverFailed, OutcomeUnknown, Unreachable

BIGGEST_ANSWER = 64 * 1024 * 1024
"""1,000 nodes with all their fields are about 3 MB."""
LONGEST_ANSWER = 180.0
"""Seconds for one whole answer: a peer that sends a byte now and then must not hold a thread for ever."""
_READS = ("GET", "HEAD", "OPTIONS")


class Routes:
    """Which service a URL belongs to: what was learnt from the catalogue, and nothing else. `unknown` is no service: no
    rule allows it anything."""

    def __init__(self) -> None:
        self._roots: dict[str, str] = {}

    def add(self, service: str, root: str) -> None:
        self._roots[root.rstrip("/")] = service

    def find(self, url: str) -> tuple[str, str]:
        """(service, path below its root)."""
        bare = url.split("?", 1)[0]
        path = urlsplit(bare).path
        if crooked(path):
            return "unknown", path
        for root in sorted(self._roots, key=len, reverse=True):
            if bare == root or bare.startswith(f"{root}/"):
                return self._roots[root], bare[len(root) :] or "/"
        return "unknown", path


class OneService(Routes):
    """Every URL belongs to one service, whichever host it is at: for BMCs, of which each has its own."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def find(self, url: str) -> tuple[str, str]:
        path = urlsplit(url).path
        return "unknown" if crooked(path) else self._service, path


def crooked(path: str) -> bool:
    """True for a path with dot segments: what the border sees would not be what arrives."""
    return any(unquote(part) in (".", "..") for part in path.split("/"))


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect and between two bytes, then bytes and seconds for a whole answer."""

    connect: float = 5.0
    read: float = 60.0
    biggest: int = BIGGEST_ANSWER
    longest: float = LONGEST_ANSWER
    threads: int = 32


class BorderAdapter(HTTPAdapter):
    """Admits, sends, bounds and translates. Safe to share between threads, like its parent."""

    def __init__(self, border: Border, routes: Routes, limits: Limits) -> None:
        super().__init__(pool_connections=limits.threads, pool_maxsize=limits.threads, max_retries=0)
        self._border = border
        self._routes = routes
        self._limits = limits

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - always streamed here, to be bounded
        timeout: Any = None,  # noqa: ARG002 - ours hold for every request
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        service, path = self._routes.find(request.url or "")
        method, limits = request.method or "", self._limits
        with self._border.admit(service, method, path, _json(request.body)) as call:
            try:
                response = super().send(request, True, (limits.connect, limits.read), verify, cert, proxies)
                call.outcome = str(response.status_code)
                return bounded(response, limits.biggest, limits.longest)
            except requests.RequestException as exc:
                # A login whose answer was lost changes nothing: what it was for has not been sent yet.
                error = translated(exc, "GET" if service == "identity" else method, f"{service}: {method} {path}")
                call.outcome = error.code
                raise error from exc


def _json(body: Any) -> Any:
    """The body as the rules want to see it; one that is no JSON is shown as it is, and no rule will like it."""
    if not isinstance(body, str | bytes):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return body


def bounded(response: requests.Response, biggest: int, longest: float) -> requests.Response:
    """`response` with its body read, if it has at most `biggest` bytes and comes within `longest` seconds."""
    deadline = time.monotonic() + longest
    parts, size = [], 0
    for part in _parts(response):
        parts.append(part)
        size += len(part)
        if size > biggest or time.monotonic() > deadline:
            response.close()
            raise DriverFailed(f"An answer was cut off: more than {biggest} bytes or {longest:.0f} seconds long.")
    # What `requests` itself does in `.content`, which knows no limit.
    response._content = b"".join(parts)
    response._content_consumed = True  # type: ignore[attr-defined, unused-ignore]
    return response


def _parts(response: requests.Response) -> Iterator[bytes]:
    yield from response.iter_content(64 * 1024)


def translated(exc: requests.RequestException, method: str, what: str) -> CorralError:
    """Which of our errors a failure of the network is. In doubt, a change may have been carried out."""
    if _never_sent(exc):
        return Unreachable(f"{what}: no connection ({_cause(exc)}). Nothing was sent.", fix=_REACH)
    if method not in _READS:
        return OutcomeUnknown(
            f"{what}: sent, but the answer was lost ({_cause(exc)}).",
            fix="Look at the machine before anything is tried again.",
        )
    kind = Unreachable if isinstance(exc, requests.Timeout) else Reset
    return kind(f"{what}: no answer ({_cause(exc)}).", fix=_REACH)


_REACH = "Check that the service runs and that its endpoint in the catalogue is right."


def _never_sent(exc: requests.RequestException) -> bool:
    if isinstance(exc, requests.ConnectTimeout | requests.exceptions.InvalidURL | requests.exceptions.ProxyError):
        return True
    never = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
    return any(isinstance(one, never) for one in _causes(exc))


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """The exception and all that lie under it: requests hides urllib3's, and urllib3 the system's."""
    seen: list[BaseException] = [exc]
    for one in seen:
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        seen.extend(x for x in inner if isinstance(x, BaseException) and all(x is not y for y in seen))


def _cause(exc: BaseException) -> str:
    """What lies at the bottom, in the system's words where it has some."""
    words = [one.strerror for one in _causes(exc) if isinstance(one, OSError) and one.strerror]
    inner = [type(one).__name__ for one in _causes(exc) if not isinstance(one, requests.RequestException)]
    return str((words or inner or [type(exc).__name__])[0])
