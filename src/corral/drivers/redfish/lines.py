"""Connections to a service: so many at once, each used by one thread at a time.

Why: httpx shares its pool between threads, and under load closes a connection that another thread was just given. One client for
each connection, lent out and given back, leaves nothing to share; and it is the bound on how many requests run at once.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from corral.drivers.redfish.options import Options

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "OData-Version": "4.0"}

_SILENCE = 900.0
_ALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
]


class Lines:
    """Lends clients of one connection each."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._trust = ssl.create_default_context(cafile=options.ca_file) if options.verify else False
        self._free: list[httpx.Client] = []
        self._room = threading.BoundedSemaphore(options.threads)
        self._closed = False

    @contextmanager
    def one(self) -> Iterator[httpx.Client]:
        """A client of one's own, as soon as there is one."""
        with self._room:
            try:
                client = self._free.pop()
            except IndexError:
                client = self._new()
            try:
                yield client
            finally:
                if self._closed:
                    client.close()
                else:
                    self._free.append(client)

    def lasting(self) -> httpx.Client:
        """A client of its own for a stream that lasts: not one of those that are lent. A peer that died without a word is noticed
        by TCP after a minute; one that says nothing for a quarter of an hour is left."""
        transport = httpx.HTTPTransport(verify=self._trust, trust_env=False, socket_options=_ALIVE)
        return httpx.Client(
            base_url=self._options.url,
            transport=transport,
            timeout=httpx.Timeout(_SILENCE, connect=self._options.connect_timeout),
            headers=_HEADERS | {"Accept": "text/event-stream", "Cache-Control": "no-store"},
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close what is not lent; the others follow when they come back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _new(self) -> httpx.Client:
        return httpx.Client(
            base_url=self._options.url,
            verify=self._trust,
            timeout=httpx.Timeout(self._options.read_timeout, connect=self._options.connect_timeout),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=2.0),
            headers=_HEADERS,
            trust_env=False,
            follow_redirects=False,
        )
