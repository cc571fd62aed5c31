"""A bus that fails hurts no operation."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from test_notifier import PAYLOAD

from corral.notify import Unfailing


class Fuse(BaseException):
    """What ends a thread from outside."""


def test_what_the_bus_raises_is_logged_with_what_it_was_about_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_event: Any, **_options: Any) -> None:
        raise OSError("no route to the bus")

    emit = Unfailing(broken)
    emit("server.manage.start", PAYLOAD)
    emit("server.manage.error", PAYLOAD, error=True)
    assert emit.failed == 2
    assert "no route to the bus" in caplog.text
    [first, second] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (first.action, first.operation, first.failed) == ("server.manage.start", "o-1", 1)  # type: ignore[attr-defined]
    assert second.failed == 2  # type: ignore[attr-defined]


def test_what_can_be_emitted_is_passed_on_as_it_is() -> None:
    told: list[tuple[Any, ...]] = []
    emit = Unfailing(lambda kind, payload, error: told.append((kind, payload, error)))
    emit("server.manage.end", PAYLOAD)
    emit("server.manage.error", PAYLOAD, error=True)
    assert told == [("server.manage.end", PAYLOAD, False), ("server.manage.error", PAYLOAD, True)]
    assert emit.failed == 0


def test_what_ends_a_step_from_outside_is_let_through() -> None:
    def ended(*_event: Any, **_options: Any) -> None:
        raise Fuse

    with pytest.raises(Fuse):
        Unfailing(ended)("server.manage.start", PAYLOAD)
