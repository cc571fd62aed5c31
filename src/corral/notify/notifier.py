"""Sending events through oslo.messaging, in the background.

A message bus that is down makes oslo.messaging wait and try again for seconds. An adoption does not wait with it: events
go into a queue that one thread empties in order, and when the queue is full they are dropped and the log says so.
"""

from __future__ import annotations

import importlib
import logging
import queue
import socket
import threading
import warnings
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any, NamedTuple

from oslo_config import cfg

from corral.domain.errors import Invalid
from corral.notify.events import ServerPayload

LOG = logging.getLogger(__name__)

_WAITING_AT_MOST = 1000
# oslo.messaging's own default is for ever.
_RETRIES = 2
_DRIVERS = "oslo.messaging.notify.drivers"
# What these drivers need of a transport is that there is one.
_WITHOUT_BUS = frozenset({"log", "noop", "test"})


class _Event(NamedTuple):
    type: str
    payload: dict[str, Any]
    error: bool


class Notifier:
    """Tells the cloud, at most once and without being waited for. Safe to use from several threads."""

    def __init__(
        self,
        driver: str = "log",
        *,
        transport_url: str | None = None,
        topics: Sequence[str] = ("notifications",),
        host: str | None = None,
    ) -> None:
        """`driver`: log, noop, messagingv2 or another of oslo.messaging's; those that use a bus need a `transport_url`.

        `host`: named in publisher_id; by default this machine. Raises Invalid; connects to nothing."""
        self._oslo, self._transport = _notifier(driver, transport_url, topics, f"corral.{host or socket.gethostname()}")
        self._waiting: queue.Queue[_Event | None] = queue.Queue(_WAITING_AT_MOST)
        self._thread = threading.Thread(target=self._send_all, name="corral-notify", daemon=True)
        self._thread.start()

    def emit(self, event_type: str, payload: ServerPayload | Mapping[str, Any], error: bool = False) -> None:
        """Send an event soon, with priority ERROR or INFO. Never raises and never waits."""
        body = payload.as_json() if isinstance(payload, ServerPayload) else dict(payload)
        event = _Event(str(event_type), body, error)
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            LOG.error("A notification was dropped, because too many wait to be sent.", extra=_fields(event))

    def close(self, timeout: float = 5.0) -> None:
        """Send what waits, for `timeout` seconds at most, and let go of the bus. Nothing may be emitted afterwards."""
        try:
            self._waiting.put(None, timeout=timeout)
        except queue.Full:
            return
        self._thread.join(timeout)
        if not self._thread.is_alive():
            self._transport.cleanup()

    def _send_all(self) -> None:
        while (event := self._waiting.get()) is not None:
            self._send(event)

    def _send(self, event: _Event) -> None:
        send = self._oslo.error if event.error else self._oslo.info
        try:
            send({}, event.type, event.payload)
        except Exception:  # whatever a bus's library raises: this thread must live on for the next event
            LOG.exception("A notification could not be sent.", extra=_fields(event))


def _fields(event: _Event) -> dict[str, Any]:
    return {
        "action": event.type,
        "server": event.payload.get("server_uuid"),
        "operation": event.payload.get("operation"),
        "source": event.payload.get("source"),
    }


def _notifier(driver: str, url: str | None, topics: Sequence[str], publisher: str) -> tuple[Any, Any]:
    """oslo.messaging's notifier and its transport, over a configuration of their own, not the process's."""
    _refuse_unknown(driver, url)
    messaging = oslo_messaging()
    conf = cfg.ConfigOpts()
    conf([], project="corral", default_config_files=[], default_config_dirs=[])
    try:
        transport = messaging.get_notification_transport(conf, url="fake://" if driver in _WITHOUT_BUS else url)
    except (messaging.DriverLoadFailure, messaging.InvalidTransportURL, ValueError):
        # Without the cause: its text has the URL, and that has a password.
        raise Invalid(
            "The transport URL of notifications can't be used.", fix="Write it as rabbit://user:password@host:5672/."
        ) from None
    notifier = messaging.Notifier(transport, publisher, driver=driver, retry=_RETRIES, topics=list(topics))
    return notifier, transport


def _refuse_unknown(driver: str, url: str | None) -> None:
    """oslo.messaging itself takes a driver that does not exist, and then sends nothing."""
    known = sorted({point.name for point in entry_points(group=_DRIVERS)})
    if driver not in known:
        raise Invalid(f"There is no notification driver {driver!r}.", fix=f"Use one of {', '.join(known)}.")
    if url is None and driver not in _WITHOUT_BUS:
        raise Invalid(
            f"The notification driver {driver} needs a transport URL.",
            fix="Set notifications.transport_url_env to the name of the environment variable that has it.",
        )


def oslo_messaging() -> Any:
    """Loaded late, since it takes most of a second, and quietly: it imports eventlet, which warns that it is deprecated.

    Nothing is patched by that; a test holds it to that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated", category=Warning)
        return importlib.import_module("oslo_messaging")
