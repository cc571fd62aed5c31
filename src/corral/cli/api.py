"""The HTTP client: one method a verb, pages, and server-sent events. Raises errors of the domain's tree, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from corral import __version__
from corral.cli.faults import fault
from corral.domain.errors import CorralError, DriverFailed, Invalid, OutcomeUnknown, Unreachable

Json = dict[str, Any]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PATIENCE = httpx.Timeout(120, connect=10)
"""Planning asks every machine of a request, so an answer may take a while; a connection may not."""


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event. `data` is empty where the server sent no JSON object."""

    kind: str
    id: str
    data: Json


class Api:
    """Corral's API at `url` (with or without /v1)."""

    def __init__(self, url: str, token: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/").removesuffix("/v1")
        headers = {"User-Agent": f"corral/{__version__}", "Accept": "application/json"}
        if token:
            headers["X-Auth-Token"] = token
        try:
            where = httpx.URL(self.url)
            if where.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:-]+", where.host):
                raise ValueError("it is no URL of a server")
            # A proxy from the environment must not see what is meant for this machine.
            trust = where.host not in _LOOPBACK
            self._http = httpx.Client(headers=headers, transport=transport, timeout=_PATIENCE, trust_env=trust)
        except (httpx.InvalidURL, ValueError) as exc:
            raise Invalid(f"{url!r} can't be used: {exc}", fix="Check `--url` and `--token`.") from exc

    def get(self, path: str, **query: object) -> Any:
        return self._call("GET", path, query)

    def listed(self, path: str) -> Any:
        """The answer of those few paths whose whole body is a list."""
        return self._call("GET", path, {}, shape=list)

    def post(self, path: str, body: object = None, **query: object) -> Any:
        return self._call("POST", path, query, body)

    def put(self, path: str, body: object, shape: type[dict[Any, Any] | list[Any]] = dict) -> Any:
        return self._call("PUT", path, {}, body, shape)

    def patch(self, path: str, body: object) -> Any:
        return self._call("PATCH", path, {}, body)

    def delete(self, path: str, **query: object) -> Any:
        return self._call("DELETE", path, query)

    def pages(
        self, path: str, key: str, query: Mapping[str, object] | None = None, limit: int | None = None
    ) -> Iterator[Json]:
        """The items of a collection, drawn page by page, at most `limit`."""
        left, wanted = limit, dict(query or {})
        while left is None or left > 0:
            page = self._call("GET", path, {**wanted, "limit": left if left is None else min(left, 1000)})
            items = page.get(key) or []
            yield from items if left is None else items[:left]
            left = None if left is None else left - len(items)
            marker = _marker(page.get("next"))
            # A page may be empty and not the last one: filters are applied after a page was read.
            if marker is None or marker == wanted.get("marker"):
                return
            wanted["marker"] = marker

    def events(self, path: str, after: str = "") -> Iterator[Event]:
        """Events as the server sends them, those after id `after`; ends when the server ends the stream."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        timeout = httpx.Timeout(60, connect=10)
        with (
            self._network("GET"),
            self._http.stream("GET", self._url(path), headers=headers, timeout=timeout) as response,
        ):
            if response.is_error:
                response.read()
                raise fault(response)
            yield from parse_events(response.iter_lines())

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, object],
        body: object = None,
        shape: type[dict[Any, Any] | list[Any]] = dict,
    ) -> Any:
        params = {key: _word(value) for key, value in query.items() if value is not None}
        with self._network(method):
            response = self._http.request(method, self._url(path), params=params, json=body)
        if response.is_error:
            raise fault(response)
        return self._decoded(response, shape)

    def _url(self, path: str) -> str:
        return f"{self.url}/v1/{path}"

    def _decoded(self, response: httpx.Response, shape: type[dict[Any, Any] | list[Any]]) -> Any:
        if not response.content:
            return {}
        try:
            decoded = response.json()
        except ValueError:
            decoded = None
        if isinstance(decoded, shape) and not response.is_redirect:
            return decoded
        raise DriverFailed(f"What answers at {self.url} is not Corral.", fix="Check `--url` or CORRAL_URL.")

    @contextmanager
    def _network(self, method: str) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            raise self._silent(exc) from exc
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as exc:
            raise Invalid(f"{self.url!r} is no URL: {exc}", fix="Give one as in http://127.0.0.1:6688.") from exc
        except httpx.TransportError as exc:
            raise self._lost(method, exc) from exc

    def _silent(self, exc: Exception) -> CorralError:
        return Unreachable(
            f"No server answers at {self.url}: {exc or type(exc).__name__}.",
            fix="Start one with `corral serve`, or name another with `--url` or CORRAL_URL.",
        )

    def _lost(self, method: str, exc: Exception) -> CorralError:
        message = f"The connection to {self.url} broke before the answer came: {exc or type(exc).__name__}."
        if method == "GET":
            return Unreachable(message, fix="Try again, or look at the server's log.")
        return Lost(
            message,
            fix="Look first (`corral operation list`, `corral server list`): what was asked may have been done.",
        )


class Lost(OutcomeUnknown):
    """The request left and no answer came. For a person, that is a server that does not answer."""

    status = 503


def parse_events(lines: Iterator[str]) -> Iterator[Event]:
    """Server-sent events from their lines; comments and unknown fields are passed over."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields.setdefault(name, []).append(value.removeprefix(" "))
        elif fields:
            if "data" in fields or "event" in fields:
                yield _event(fields)
            fields = {}


def _event(fields: Mapping[str, list[str]]) -> Event:
    try:
        data = json.loads("\n".join(fields.get("data", [])))
    except ValueError:
        data = None
    kind, ident = fields.get("event", ["message"])[-1], fields.get("id", [""])[-1]
    return Event(kind, ident, data if isinstance(data, dict) else {})


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _marker(link: object) -> str | None:
    """Only the marker is taken from a `next` link: a link is never followed to another host or path."""
    if not isinstance(link, str):
        return None
    marker: str | None = httpx.URL(link).params.get("marker")
    return marker
