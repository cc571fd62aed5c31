"""Keeps the leases of running operations, in SQL and on the board: a dead worker's claims must end, a living one's must not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from corral.engine.boards import SharedBoard
from corral.engine.records import Records

LOG = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews what this process runs, three times per lease."""

    def __init__(self, records: Records, board: SharedBoard, jobs: Callable[[], Iterable[Any]], owner: str) -> None:
        self._records = records
        self._board = board
        self._jobs = jobs
        self._owner = owner

    def run(self, stopping: threading.Event) -> None:
        """Work until the process stops."""
        while not stopping.wait(self._board.lease / 3):
            self.renew()

    def renew(self) -> None:
        """Renew once. SQL first: a claim on the board must not end before the one that counts."""
        jobs = list(self._jobs())
        if not jobs:
            return
        try:
            self._records.renew([job.details["flow_uuid"] for job in jobs], self._owner)
        except Exception as exc:  # noqa: BLE001 - a lease that ends is no harm: the fence stops this worker, another goes on
            LOG.warning("Leases were not renewed.", extra={"operations": len(jobs), "error": str(exc)})
        self._board.renew(jobs)
