"""Leases on boards of other processes: a dead worker's claims must end, a living one's must not.

Stock TaskFlow claims on Redis and etcd for ever, and renews nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

LOG = logging.getLogger(__name__)


class LeasedBoard:
    """A board whose claims end by themselves after `lease` seconds, unless they are renewed."""

    def __init__(self, board: Any, lease: float) -> None:
        self._board = board
        self._lease = lease

    def claim(self, job: Any, who: str) -> None:
        """Claim for the time of the lease."""
        self._board.claim(job, who, expiry=self._lease)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._board, name)


def keep_leases(jobs: Callable[[], Iterable[Any]], lease: float, stopping: threading.Event) -> None:
    """Renew the leases of all running jobs, three times per lease, until the process stops."""
    while not stopping.wait(lease / 3):
        for job in jobs():
            renew(job, lease)


def renew(job: Any, lease: float) -> None:
    """Renew one lease. If that fails the claim may be lost: the fence will tell, before any harm is done."""
    try:
        job.extend_expiry(lease)
    except Exception as exc:  # noqa: BLE001 - each board has its own exceptions; the next renewal may succeed
        LOG.warning("A job's lease was not renewed.", extra={"operation": job.uuid, "error": str(exc)})
