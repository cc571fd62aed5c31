"""Keeps the board in step with the truth: what SQL knows as unfinished and due must be on the board.

It finds what a crash left between storing and posting, what a lost board forgot, what waits for its next try
to undo.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from corral.engine.records import Records

LOG = logging.getLogger(__name__)

BATCH = 500
"""How many jobs it puts on the board at most; the rest wait in SQL, where they cost no memory."""


class Reconciler:
    """Posts what is missing, at start and then every few seconds."""

    def __init__(
        self,
        records: Records,
        board: Any,
        post: Callable[[str, str | None], None],
        clock: Callable[[], datetime],
        every: float,
    ) -> None:
        self._records = records
        self._board = board
        self._post = post
        self._clock = clock
        self._every = every
        self._last: float | None = None

    def run(self, stopping: threading.Event) -> None:
        """Work until the process stops. A database or board that doesn't answer is asked again in time."""
        due_only = False  # a start is reason enough to try everything again at once
        while not stopping.is_set():
            posted = 0
            try:
                posted = self.post_missing(due_only=due_only)
                due_only = True
                self._last = time.monotonic()
            except Exception:
                LOG.exception("Operations and job board could not be compared.")
            # A full batch means that more are waiting.
            stopping.wait(min(self._every, 1.0) if posted >= BATCH else self._every)

    def post_missing(self, *, due_only: bool = True) -> int:
        """Post unfinished operations that the board lacks, the oldest first. Gives their number."""
        known = self._known()
        now = self._clock() if due_only else None
        waiting = self._records.waiting(BATCH + len(known), now)
        missing = [(uuid, source) for uuid, source in waiting if uuid not in known][: max(0, BATCH - len(known))]
        for uuid, source in missing:
            self._post(uuid, source)
        return len(missing)

    def age(self) -> float:
        """Seconds since the last comparison that succeeded."""
        return float("inf") if self._last is None else time.monotonic() - self._last

    def fresh(self) -> bool:
        """Whether comparing works: three rounds may fail before it counts as broken."""
        return self.age() < 3 * self._every + 5.0

    def _known(self) -> set[str]:
        known: set[str] = self._board.flows()
        return known
