"""What a request asked for, and its entry in the audit trail when it was refused. What was carried out, services record.

Recorded are all that policy denied, reading too, and whatever was meant to change something and was not possible. Not recorded
are malformed requests, and those of callers whom nobody knows: they say nothing about anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from corral.domain.machine import is_uuid
from corral.identity import Caller
from corral.store import AuditEntry
from corral.store.audit import REFUSED, codes

LOG = logging.getLogger(__name__)

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class Asked:
    """What a request wants, as far as it is known by now. `hidden`: policy denied it, and the answer is that nothing exists."""

    caller: Caller
    action: str = ""
    subject: str | None = None
    machine: str | None = None
    operation: str | None = None
    hidden: bool = False

    def about(
        self, action: str, *, subject: str | None = None, machine: str | None = None, operation: str | None = None
    ) -> None:
        """Remember the action, and what it is about. Text that is no id is a client's invention, and is not kept."""
        self.action = action
        self.subject = _known(subject) or self.subject
        self.machine = _known(machine) or self.machine
        self.operation = _known(operation) or self.operation


def record_refusal(request: Request, status: int, error: Mapping[str, Any]) -> None:
    """Put a refused request into the audit trail, if it belongs there. Waits for the database; never raises."""
    asked: Asked | None = getattr(request.state, "asked", None)
    if asked is None or not asked.action or not _matters(request, status, asked):
        return
    code, reasons = codes(error)
    entry = AuditEntry(
        action=asked.action,
        outcome=REFUSED,
        user=asked.caller.user,
        project=asked.caller.project,
        request_id=asked.caller.request_id,
        subject=asked.subject,
        operation=asked.operation,
        machine=asked.machine,
        code="forbidden" if asked.hidden else code,
        reasons=reasons,
        detail={"method": request.method, "path": getattr(request.scope.get("route"), "path", None), "status": status},
    )
    try:
        request.app.state.corral.audit.add(entry)
    except Exception:
        # The request stays refused, whatever the database does; the log is the trail's last resort.
        LOG.exception("A refused request could not be recorded.", extra={"action": asked.action, "status": status})


def _matters(request: Request, status: int, asked: Asked) -> bool:
    acting = request.method not in _READING
    return status == 403 or asked.hidden or (acting and (status in (409, 422) or status >= 500))


def _known(text: str | None) -> str | None:
    return text.lower() if text is not None and is_uuid(text) else None
