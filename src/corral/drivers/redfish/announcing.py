"""Listening to a Redfish service's events, over the stream that its EventService offers.

Why a stream, and no subscription: a service that pushes would need an address of ours that it can reach, and would bring whoever
can reach that address to speak to us. A stream is opened from here, with our login and the service's certificate.

Rule: an event is a hint. Of it only links are read, to what changed; nothing that it says of that is believed, and what can't be
read is a hint that something changed. Events are bounded in size and in number.
"""

from __future__ import annotations

import json
import logging
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

import httpx
from httpx_sse import EventSource, SSEError

from corral.contracts.watching import Hears
from corral.domain.errors import CorralError, DriverFailed
from corral.drivers.redfish import reading
from corral.drivers.redfish.client import Client
from corral.drivers.redfish.links import Links
from corral.drivers.redfish.pool import ROOT

LOG = logging.getLogger(__name__)

BIGGEST_EVENT = 1 << 20
"""Bytes. One that announces a hundred changes has some 50,000."""
_MOST_RECORDS = 1_000
_PER_SECOND = 200
"""So many events are read in a second; the rest waits at the service."""
_FIRST, _LONGEST = 0.5, 30.0
"""Seconds between two tries to connect."""
_SELDOM = 600.0
"""Likewise, to a service that has no stream: it may be set up, or brought up to date."""
_END = re.compile(rb"\n\n|\r\r|\r\n\r\n")
_ABOUT = re.compile(rf"{ROOT}/(?:Systems|CompositionService|ResourceBlocks)(?:/|$)")
"""What may have to do with what is composed. Sensors, sessions, tasks and logs have not."""


class NoStream(DriverFailed):
    """The service offers no events that could be listened to."""


class Announcements:
    """`Listens` over one service. `heard` is called with ids of systems and blocks, or of what lies below them."""

    def __init__(self, source: str, client: Client) -> None:
        self._source = source
        self._client = client

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        return _Listening(self._source, self._client, heard, told).stop


class _Listening:
    def __init__(self, source: str, client: Client, heard: Hears, told: Callable[[str], None]) -> None:
        self._client = client
        self._heard, self._told = heard, told
        self._stopping = threading.Event()
        self._response: httpx.Response | None = None
        self._pause = _FIRST
        self._thread = threading.Thread(target=self._run, name=f"corral-events {source}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if (response := self._response) is not None:
            _cut(response)
        self._thread.join(2.0)

    def _run(self) -> None:
        while True:
            seldom = False
            try:
                self._listen()
            except NoStream as exc:
                seldom = True
                self._told(exc.message)
            except (CorralError, httpx.HTTPError, SSEError) as exc:
                self._lost(exc)
            except Exception as exc:
                # Whatever a library raises when its peer misbehaves: this thread must live on, and try again.
                LOG.warning("Listening to a pod failed unexpectedly.", exc_info=exc)
                self._lost(exc)
            pause = _SELDOM if seldom else self._pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load
            if self._stopping.wait(pause):
                return
            self._pause = min(self._pause * 2, _LONGEST)

    def _lost(self, exc: Exception) -> None:
        if not self._stopping.is_set():
            why = exc.message if isinstance(exc, CorralError) else str(exc) or type(exc).__name__
            self._told(f"The stream of events ended: {why}"[:300])

    def _listen(self) -> None:
        target = stream_of(self._client.get(f"{ROOT}/"), self._client)
        with self._client.stream(target) as response:
            self._response = response
            try:
                self._read(EventSource(bounded(response)))
            finally:
                self._response = None
        raise DriverFailed("the service closed it.")

    def _read(self, source: EventSource) -> None:
        events, since, number = source.iter_sse(), time.monotonic(), 0
        self._told("")
        self._heard(())
        began = since
        for event in events:
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _LONGEST:
                self._pause = _FIRST  # not before: each new stream has everything looked at
            if (named := about(event.data, self._client.links)) is not None:
                self._heard(named)
            number += 1
            if number >= _PER_SECOND:
                self._stopping.wait(max(1.0 - (time.monotonic() - since), 0.0))
                since, number = time.monotonic(), 0


def stream_of(root: Mapping[str, Any], client: Client) -> str:
    """Where a service streams its events. Raises NoStream with the reason where it does not."""
    path = client.links.of(root, "EventService")
    if path is None:
        raise NoStream("It has no EventService: only polls see what changes there.")
    found = client.get(path)
    if found.get("ServiceEnabled") is False:
        raise NoStream("Its EventService is switched off: only polls see what changes there.")
    if found.get("ServerSentEventUri") is None:
        raise NoStream(
            "Its EventService only pushes to subscribers, which would need an address of Corral's that it can reach; it streams "
            "no events. Only polls see what changes there."
        )
    return client.links.target(found["ServerSentEventUri"])


def bounded(response: httpx.Response) -> httpx.Response:
    """The same stream, of which no event is longer than `BIGGEST_EVENT`. Raises DriverFailed for what is no such stream."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream" or response.headers.get("Content-Encoding", "identity") != "identity":
        raise DriverFailed(f"the service answered with {kind[:80] or 'nothing'} where it should stream events.")
    return httpx.Response(200, headers={"Content-Type": kind}, stream=_Bounded(response))


class _Bounded(httpx.SyncByteStream):
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        size, tail = 0, b""
        for part in self._response.iter_raw():
            seen = tail + part
            ends = [found.end() for found in _END.finditer(seen)]
            size = len(seen) - ends[-1] if ends else size + len(part)
            if size > BIGGEST_EVENT:
                raise DriverFailed(f"an event was longer than {BIGGEST_EVENT} bytes.")
            tail = seen[-3:]
            yield part


def about(data: str, links: Links) -> Collection[str] | None:
    """The ids that an event is about, of systems and blocks or below them; none when it can't be said what changed; None when it is
    about nothing that is composed."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return ()
    records = event.get("Events") if isinstance(event, dict) else None
    if not isinstance(records, list):
        return None if isinstance(event, dict) and "MetricValues" in event else ()
    if len(records) > _MOST_RECORDS:
        return ()
    named = [_origin(one, links) for one in records if isinstance(one, dict)]
    if "" in named:
        return ()
    found = frozenset(one for one in named if one and _ABOUT.match(one))
    return found or None


def _origin(record: Mapping[str, Any], links: Links) -> str:
    """The id of what changed; "" when that can't be read. Older services write the link as it is."""
    said = record.get("OriginOfCondition")
    link = reading.text(said, "@odata.id") if isinstance(said, Mapping) else said
    try:
        return links.id(link)
    except DriverFailed:
        return ""


def _cut(response: httpx.Response) -> None:
    """Wake whoever reads it: to close a socket does not."""
    stream = response.extensions.get("network_stream")
    with suppress(OSError):  # it was closed meanwhile
        found = None if stream is None else stream.get_extra_info("socket")
        if found is not None:
            found.shutdown(socket.SHUT_RDWR)
