"""The line between an operation and the bus: what goes wrong on the other side is logged and counted, and stays there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from corral.notify.events import ServerPayload

LOG = logging.getLogger(__name__)


class Unfailing:
    """Emits through `emit`, and never raises: a step that announces something must not fail, or be undone for ever, because
    nobody could be told."""

    def __init__(self, emit: Callable[..., Any]) -> None:
        self._emit = emit
        self.failed = 0
        """How many events could not be emitted since the start."""

    def __call__(self, event_type: str, payload: ServerPayload, *, error: bool = False) -> None:
        """Emit an event, if that is possible."""
        try:
            self._emit(event_type, payload, error=error)
        except Exception:
            self.failed += 1
            fields = {"action": str(event_type), "server": payload.server_uuid, "operation": payload.operation}
            LOG.exception("A notification could not be emitted.", extra={**fields, "failed": self.failed})
