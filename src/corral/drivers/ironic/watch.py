"""Which nodes are being deployed right now, asked of Ironic once for all who wait.

Why a list: a thousand deployments that are each looked at every few seconds would be most of what Ironic does. Those under way are
few states, which Ironic filters by; a node that is in none of them is read alone, once, at its end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any

from corral.cloud.wire import Service
from corral.contracts.provisioning import Deployer
from corral.drivers.ironic.listing import node_pages
from corral.drivers.ironic.rules import MARK

UNDER_WAY = ("deploying", "wait call-back", "deploy hold", "deploy complete")
_ASKED = ("deploying", "wait call-back")
"""Where nodes stay for long. The others are passed, or rare."""
_PAGE = 1000
_BELIEVED_FOR = 3.0
"""Seconds; less than those who wait sleep between two looks."""


def instance_info(row: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a record's instance_info."""
    info = row.get("instance_info")
    return dict(info) if isinstance(info, Mapping) else {}


def ours(row: Mapping[str, Any], who: Deployer) -> bool:
    """Whether a record bears both marks."""
    return row.get("instance_uuid") == who.owner and instance_info(row).get(MARK) == who.operation


class InFlight:
    """The nodes under way. Safe to call from many threads: one reads, the others wait for its answer."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, Mapping[str, Any]] = {}
        self._until = float("-inf")

    def state(self, node: str, who: Deployer) -> str | None:
        """The provision state of a node that is being deployed for `who`; None: look at it."""
        with self._lock:
            begun = self._clock()
            if begun >= self._until:
                self._seen = self._read()
                self._until = begun + _BELIEVED_FOR
            row = self._seen.get(node.lower())
        return str(row.get("provision_state")) if row is not None and ours(row, who) else None

    def _read(self) -> dict[str, Mapping[str, Any]]:
        seen: dict[str, Mapping[str, Any]] = {}
        for state in _ASKED:
            query = [("provision_state", state), ("fields", "uuid,provision_state,instance_uuid,instance_info")]
            for page in node_pages(self._service, "/v1/nodes", query, repeat(_PAGE), None):
                seen |= {str(row.get("uuid")): row for row in page if isinstance(row, Mapping)}
        return seen
