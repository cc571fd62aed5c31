"""When all hosts of a source are surveyed again: at latest after the time that is set, sooner while surveys find surprises.

A surprise is a VM that came, went or moved, and of which no hint told. Where hints come, or nothing happens, there are none, and
the time that is set is kept; where something happens unheard, the next surveys come sooner until they find nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

SOONEST = 4
"""A surprise is followed by a survey after this part of the time that is set."""
SHARE = 4
"""And never before so many times as long as the last one took, unless the time that is set wants it."""
FLOOR = 5.0
"""Seconds at least between surveys for hints that name no host."""
_JITTER = 0.1


class Cadence:
    """`every`: seconds at most from the begin of one survey to that of the next. For one thread at a time."""

    def __init__(self, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = every
        self._clock = clock
        self._interval = every
        self._begun: float | None = None
        self._took = 0.0
        self._hurried = False
        # Sources that were opened together must not be surveyed together for ever.
        self._early = 0.0

    def due(self) -> bool:
        """Whether to begin a survey now."""
        if self._begun is None:
            return True
        waited = self._clock() - self._begun
        if self._hurried and waited >= min(self._every, max(FLOOR, SHARE * self._took)):
            return True
        return waited >= self._wait()

    def hurry(self) -> None:
        """Something happened, nobody knows where."""
        self._hurried = True

    def begin(self) -> None:
        """A survey begins."""
        self._begun, self._hurried = self._clock(), False
        self._early = random.uniform(0, _JITTER)  # noqa: S311  # no secret

    def ended(self, surprises: int) -> None:
        """The survey that began last is over."""
        if self._begun is not None:
            self._took = self._clock() - self._begun
        self._interval = self._every / SOONEST if surprises else min(self._interval * 2, self._every)

    def reset(self) -> None:
        """The next one is due at once, as if there had been none."""
        self._begun, self._interval = None, self._every

    def _wait(self) -> float:
        """Seconds from the begin of the last survey to that of the next."""
        return min(self._every, max(self._interval, SHARE * self._took)) * (1 - self._early)
