"""Listening to the notifications of OpenStack services on a RabbitMQ, as oslo.messaging writes them.

oslo.messaging's own listener is not used: it does not say when its connection is lost, its queue stays and grows when Corral is
gone, and it declares the exchanges of others. Here the queue is exclusive, short, and ends with the connection, and exchanges are
only looked up. So whoever else reads the notifications misses none for it.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from corral.domain.errors import Invalid
from corral.notify.hints import node_named

LOG = logging.getLogger(__name__)

TOPICS: Mapping[str, Sequence[str]] = {"ironic": ("ironic_versioned_notifications",)}
"""By exchange, Ironic's defaults."""
_HEARTBEAT = 20
"""Seconds; a peer that is silent for twice as long is gone."""
_LONGEST_QUEUE = 10_000
_FIRST, _LONGEST = 0.5, 30.0
"""Seconds between two tries to connect."""
_ANSWER = 5.0
_FORM = "Write it as rabbit://user:password@host:5672/, and several hosts with commas between them."
_KNOWN = frozenset({"ssl", "ssl_ca_file", "ssl_cert_file", "ssl_key_file"})


@dataclass(frozen=True, slots=True)
class Broker:
    """One host of a transport URL."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    vhost: str = "/"
    tls: Mapping[str, Any] | None = None


class Bus:
    """Hears of the changes at one source. `topics`: what to listen to, by exchange."""

    def __init__(self, source: str, url: str, topics: Mapping[str, Sequence[str]] = TOPICS) -> None:
        """`url`: as oslo.messaging's transport URL. Raises Invalid; connects to nothing."""
        self._source = source
        self._brokers = brokers(url)
        self._topics = topics

    def listen(self, heard: Callable[[Collection[str]], None], told: Callable[[str], None]) -> Callable[[], None]:
        return _Listening(self._source, self._brokers, self._topics, heard, told).stop


class _Listening:
    def __init__(
        self,
        source: str,
        some: Sequence[Broker],
        topics: Mapping[str, Sequence[str]],
        heard: Callable[[Collection[str]], None],
        told: Callable[[str], None],
    ) -> None:
        self._source, self._brokers, self._topics = source, some, topics
        self._heard, self._told = heard, told
        self._stopping = threading.Event()
        self._pause = _FIRST
        self._thread = threading.Thread(target=self._run, name=f"corral-bus {source}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        for turn in count():
            broker = self._brokers[turn % len(self._brokers)]
            try:
                self._listen(broker)
            except Exception as exc:
                # Whatever the library raises when its peer dies or misbehaves: this thread must live on, and try again.
                LOG.debug("The connection to a message bus ended.", exc_info=exc)
                if not self._stopping.is_set():
                    self._lost(broker, exc)
            if self._stopping.wait(self._pause):
                return
            self._pause = min(self._pause * 2, _LONGEST)

    def _lost(self, broker: Broker, exc: Exception) -> None:
        why = f"{broker.host}:{broker.port}: {str(exc) or type(exc).__name__}"[:300]
        if broker.password:
            why = why.replace(broker.password, "***")
        self._told(why)

    def _listen(self, broker: Broker) -> None:
        with connection(broker) as connected, connected.channel() as channel:
            queue = channel.queue_declare(
                f"corral-{self._source}-{uuid4().hex[:12]}",
                exclusive=True,
                auto_delete=True,
                # Hints: what is one too many may go.
                arguments={"x-max-length": _LONGEST_QUEUE},
            ).queue
            for exchange, topics in self._topics.items():
                for topic in topics:
                    # Fails for an exchange that is not there: to make it would be its owner's, with what it is like.
                    channel.exchange_declare(exchange, "topic", passive=True)
                    channel.queue_bind(queue, exchange, f"{topic}.*")
            channel.basic_consume(queue, no_ack=True, callback=self._message)
            self._told("")
            self._heard(())
            since = time.monotonic()
            while not self._stopping.is_set():
                if time.monotonic() - since > _LONGEST:
                    self._pause = _FIRST  # not before: each new connection has everything looked at
                with suppress(TimeoutError):
                    connected.drain_events(timeout=0.5)
                connected.heartbeat_check()

    def _message(self, message: Any) -> None:
        node = node_named(message.body)
        if node is not None:
            self._heard((node,))


def connection(broker: Broker) -> Any:
    """A connection of kombu's to that host, opened when it is first used."""
    import kombu  # a fifth of a second, and only for who listens

    return kombu.Connection(
        transport="pyamqp",
        hostname=broker.host,
        port=broker.port,
        userid=broker.user,
        password=broker.password,
        virtual_host=broker.vhost,
        ssl=broker.tls or False,
        heartbeat=_HEARTBEAT,
        connect_timeout=_ANSWER,
    )


def brokers(url: str) -> tuple[Broker, ...]:
    """The hosts of a transport URL, with what its query says of TLS: `?ssl=1&ssl_ca_file=…`. Raises Invalid, without the URL."""
    from oslo_config import cfg

    from corral.notify.notifier import oslo_messaging

    messaging = oslo_messaging()
    try:
        found = messaging.TransportURL.parse(cfg.ConfigOpts(), url)
        hosts = [(one, one.hostname, int(one.port or 0)) for one in found.hosts]
    except (messaging.InvalidTransportURL, ValueError):
        raise Invalid("The transport URL of notifications can't be used.", fix=_FORM) from None
    if found.transport != "rabbit" or not hosts or not all(name for _, name, _ in hosts):
        raise Invalid("The transport URL of notifications names no RabbitMQ.", fix=_FORM)
    if unknown := sorted(set(found.query) - _KNOWN):
        raise Invalid(
            f"The transport URL of notifications has {unknown[0]!r}, which is not understood.",
            fix=f"After the question mark may stand {', '.join(sorted(_KNOWN))}.",
        )
    return tuple(
        Broker(
            host=name,
            port=port or (5671 if _tls(found.query, name) else 5672),
            user=one.username or "guest",
            password=one.password or "",
            vhost=found.virtual_host or "/",
            tls=_tls(found.query, name),
        )
        for one, name, port in hosts
    )


def _tls(query: Mapping[str, str], host: str) -> Mapping[str, Any] | None:
    if query.get("ssl", "").lower() not in ("1", "true", "yes", "on"):
        return None
    files = {"ssl_ca_file": "ca_certs", "ssl_cert_file": "certfile", "ssl_key_file": "keyfile"}
    named = {ours: query[theirs] for theirs, ours in files.items() if theirs in query}
    # With its name the certificate is checked against the host's.
    return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": host, **named}
