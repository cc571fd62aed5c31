"""Notifications: what is sent, and that a bus in trouble troubles nobody."""

from __future__ import annotations

import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from corral.domain.errors import Invalid
from corral.notify import EventType, Notifier, ServerPayload

PAYLOAD = ServerPayload(
    server_uuid="s-1",
    name="bank-db-01",
    project_id="p-1",
    user_id="u-1",
    source="lab",
    node_uuid="n-1",
    operation="o-1",
    state="active",
    power_state="power on",
)


@pytest.fixture
def sent() -> Iterator[list[Any]]:
    """What went through oslo.messaging's `test` driver: (context, message, priority, retry)."""
    Notifier("noop").close()  # imports oslo.messaging quietly
    from oslo_messaging.notify import _impl_test

    _impl_test.reset()
    yield _impl_test.NOTIFICATIONS
    _impl_test.reset()


def test_an_event_carries_the_documented_payload(sent: list[Any]) -> None:
    notifier = Notifier("test", host="h1")
    notifier.emit(EventType.MANAGE_START, PAYLOAD)
    notifier.close()
    [(context, message, priority, _)] = sent
    assert (context, priority) == ({}, "INFO")
    assert (message["event_type"], message["publisher_id"], message["priority"]) == (
        "server.manage.start",
        "corral.h1",
        "INFO",
    )
    assert message["payload"] == {
        "payload_version": "1.1",
        "server_uuid": "s-1",
        "name": "bank-db-01",
        "project_id": "p-1",
        "user_id": "u-1",
        "source": "lab",
        "node_uuid": "n-1",
        "flavor_uuid": None,
        "image_uuid": None,
        "operation": "o-1",
        "state": "active",
        "power_state": "power on",
        "reason": None,
        "fault": None,
        "field": None,
        "detail": None,
    }


def test_events_are_sent_in_order_and_errors_as_errors(sent: list[Any]) -> None:
    notifier = Notifier("test")
    for event in EventType:
        notifier.emit(event, PAYLOAD, error=event.endswith(".error"))
    notifier.close()
    assert [(message["event_type"], priority) for _, message, priority, _ in sent] == [
        (str(event), "ERROR" if event.endswith(".error") else "INFO") for event in EventType
    ]


def test_by_default_events_go_to_the_log_as_json(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    notifier = Notifier()
    notifier.emit("server.unmanage.end", {"server_uuid": "s-1"})
    notifier.close()
    [record] = [r for r in caplog.records if r.name == "oslo.messaging.notification.server.unmanage.end"]
    message = json.loads(record.getMessage())
    assert message["payload"] == {"server_uuid": "s-1"}
    assert message["publisher_id"] == f"corral.{socket.gethostname()}"


def test_a_bus_that_is_down_costs_an_operation_no_time_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        notifier = Notifier("messagingv2", transport_url=f"rabbit://u:sekrit@127.0.0.1:{unused.getsockname()[1]}/")
        before = time.monotonic()
        notifier.emit(EventType.MANAGE_START, PAYLOAD)
        assert time.monotonic() - before < 10
        notifier.close(timeout=120)
    assert "Could not send notification" in caplog.text
    assert "sekrit" not in caplog.text


class _Listener:
    """An endpoint of a notification listener, as another service of the cloud would have one."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, Any]] = []
        self.any = threading.Event()

    def error(self, context: Any, publisher: str, event_type: str, payload: Any, metadata: Any) -> None:
        self.heard.append((publisher, event_type, payload))
        self.any.set()


def test_a_listener_on_the_bus_hears_the_event() -> None:
    notifier = Notifier("messagingv2", transport_url="fake://", topics=["audit"], host="h1")
    import oslo_messaging
    from oslo_config import cfg

    transport = oslo_messaging.get_notification_transport(cfg.ConfigOpts(), url="fake://")
    listener = _Listener()
    targets = [oslo_messaging.Target(topic="audit")]
    server = oslo_messaging.get_notification_listener(transport, targets, [listener], executor="threading")
    server.start()
    notifier.emit(EventType.UNMANAGE_ERROR, PAYLOAD, error=True)
    assert listener.any.wait(60)
    server.stop()
    server.wait()
    notifier.close()
    assert listener.heard == [("corral.h1", "server.unmanage.error", PAYLOAD.as_json())]


class _Sticky(logging.Handler):
    """A log that takes an event only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.let = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.reached.set()
        self.let.wait(120)


class _Broken(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise OSError("no space left on device")


@pytest.fixture
def handlers() -> Iterator[Any]:
    logger = logging.getLogger("oslo.messaging.notification")
    level = logger.level
    logger.setLevel(logging.INFO)
    added: list[logging.Handler] = []

    def add(handler: logging.Handler) -> logging.Handler:
        logger.addHandler(handler)
        added.append(handler)
        return handler

    yield add
    logger.setLevel(level)
    for handler in added:
        logger.removeHandler(handler)


def test_when_too_many_wait_the_next_is_dropped_and_the_log_says_so(
    handlers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sticky = handlers(_Sticky())
    notifier = Notifier()
    notifier.emit(EventType.MANAGE_START, PAYLOAD)
    assert sticky.reached.wait(60)
    for _ in range(1001):
        notifier.emit(EventType.MANAGE_START, PAYLOAD)
    sticky.let.set()
    notifier.close(timeout=120)
    [dropped] = [r for r in caplog.records if r.name == "corral.notify.notifier"]
    assert dropped.getMessage() == "A notification was dropped, because too many wait to be sent."
    assert (dropped.server, dropped.operation, dropped.source) == ("s-1", "o-1", "lab")  # type: ignore[attr-defined]


def test_a_failure_to_send_is_logged_and_the_next_event_is_sent(
    handlers: Any, caplog: pytest.LogCaptureFixture, sent: list[Any]
) -> None:
    handlers(_Broken())
    notifier = Notifier()
    notifier.emit(EventType.MANAGE_START, PAYLOAD)
    notifier.emit(EventType.MANAGE_END, PAYLOAD)
    notifier.close()
    assert caplog.text.count("no space left on device") >= 2


@pytest.mark.parametrize(
    ("driver", "url"),
    [
        ("carrier-pigeon", None),
        ("messagingv2", None),
        ("messagingv2", "pigeon://u:sekrit@coop/"),
        ("messagingv2", "rabbit://u:sekrit@host:port/"),
    ],
)
def test_settings_that_would_send_nothing_stop_the_start(driver: str, url: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        Notifier(driver, transport_url=url)
    assert "sekrit" not in str(caught.value)
    assert caught.value.fix


def test_nothing_of_python_is_patched() -> None:
    Notifier("noop").close()
    patcher = sys.modules.get("eventlet.patcher")
    assert patcher is None or not any(patcher.is_monkey_patched(name) for name in ("os", "select", "socket", "thread"))


def test_the_global_configuration_is_left_alone() -> None:
    from oslo_config import cfg

    Notifier("messagingv2", transport_url="fake://").close()
    assert "oslo_messaging_notifications" not in cfg.CONF
