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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from corral.contracts.watching import Hears
from corral.domain.errors import Invalid
from corral.notify.hints import named

LOG = logging.getLogger(__name__)

Topics = Mapping[str, Sequence[str]]
"""What to listen to, by exchange."""
_HEARTBEAT = 20
"""Seconds; a peer that is silent for twice as long is gone."""
_LONGEST_QUEUE = 10_000
_FIRST, _LONGEST = 0.5, 30.0
"""Seconds between two tries to connect."""
_ANSWER = 5.0
_NOT_FOUND = 404
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
    """Hears of the changes at one source."""

    def __init__(self, source: str, url: str, topics: Topics) -> None:
        """`url`: as oslo.messaging's transport URL. Raises Invalid; connects to nothing."""
        self._source = source
        self._brokers = brokers(url)
        self._topics = topics

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        return _Listening(self._source, self._brokers, self._topics, heard, told).stop


class _Listening:
    def __init__(
        self,
        source: str,
        some: Sequence[Broker],
        topics: Topics,
        heard: Hears,
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
        why = _of(broker, str(exc) or type(exc).__name__)
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
            exchanges = _Exchanges(connected, channel, queue, self._topics)
            self._bind(broker, exchanges)
            channel.basic_consume(queue, no_ack=True, callback=self._message)
            since = time.monotonic()
            while not self._stopping.is_set():
                if time.monotonic() - since > _LONGEST:
                    self._pause = _FIRST  # not before: each new connection has everything looked at
                with suppress(TimeoutError):
                    connected.drain_events(timeout=0.5)
                connected.heartbeat_check()
                if exchanges.due():
                    self._bind(broker, exchanges)

    def _bind(self, broker: Broker, exchanges: _Exchanges) -> None:
        """Hear what there is to be heard. What was announced before may have changed anything."""
        if exchanges.bind():
            self._heard(())
        missing = " and ".join(exchanges.missing)
        why = f"there is no exchange {missing}: nothing was announced there yet, or its name in `topics` is wrong."
        self._told(_of(broker, why) if missing else "")

    def _message(self, message: Any) -> None:
        found = named(message.body)
        if found is not None:
            self._heard(found.machines, found.parts)


class _Exchanges:
    """The exchanges that a queue is to be bound to. One that is not there is waited for, while the others are heard."""

    def __init__(self, connected: Any, channel: Any, queue: str, topics: Topics) -> None:
        self._connected, self._channel, self._queue, self._topics = connected, channel, queue, topics
        self.missing: tuple[str, ...] = tuple(topics)
        self._pause = _FIRST
        self._next = 0.0

    def due(self) -> bool:
        """Whether to look again for those that were missing."""
        return bool(self.missing) and time.monotonic() >= self._next

    def bind(self) -> bool:
        """Bind the queue to those that are there. Whether there was any that it was not bound to before."""
        there = [exchange for exchange in self.missing if self._exists(exchange)]
        for exchange in there:
            for topic in self._topics[exchange]:
                self._channel.queue_bind(self._queue, exchange, f"{topic}.*")
        self.missing = tuple(one for one in self.missing if one not in there)
        self._next, self._pause = time.monotonic() + self._pause, min(self._pause * 2, _LONGEST)
        return bool(there)

    def _exists(self, exchange: str) -> bool:
        try:
            # To make it would be its owner's, with what it is like. A channel of its own, as the answer may be its end.
            with self._connected.channel() as asking:
                asking.exchange_declare(exchange, "topic", passive=True)
        except self._connected.channel_errors as exc:
            if exc.code != _NOT_FOUND:
                raise
            return False
        return True


def _of(broker: Broker, why: str) -> str:
    return f"{broker.host}:{broker.port}: {why}"[:300]


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
