"""How often and how long to wait when a service says "not now".

Rule: bounded, spread at random so that many workers do not come back at the same moment, and never blind: whoever
waits here looks at the world again before acting again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """`pauses` are the longest waits in seconds before the second, third, … attempt."""

    pauses: tuple[float, ...] = (0.2, 0.4, 0.8, 1.6, 2.5, 2.5)
    sleep: Callable[[float], None] = time.sleep

    def pause(self, attempt: int, error: Exception) -> None:
        """Wait after failed attempt number `attempt` (from 0); raises `error` when it was the last one."""
        if attempt >= len(self.pauses):
            raise error
        longest = self.pauses[attempt]
        self.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - spreads load, guards nothing


NO_WAITING = Patience(pauses=(0.0,) * 6, sleep=lambda _: None)
"""For worlds in memory, where nobody else needs the time."""
