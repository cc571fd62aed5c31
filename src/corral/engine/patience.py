"""How long the engine waits before it tries to undo once more."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from corral.engine.errors import Released


@dataclass(frozen=True)
class BackOff:
    """Waits `first` seconds, then `factor` times as long each time, at most `cap`; `jitter` spreads each
    wait.

    After `tries` failures an operation needs attention, and is tried again after `cap` seconds, for ever.
    """

    first: float = 0.5
    factor: float = 2.0
    cap: float = 60.0
    jitter: float = 0.2
    tries: int = 5

    def delay(self, attempt: int, chance: float) -> float:
        """Seconds to wait after the given attempt (1, 2, …); `chance` is in 0..1."""
        wait = min(self.cap, self.first * self.factor ** min(attempt - 1, 64))
        return wait * (1.0 + self.jitter * (2.0 * chance - 1.0))


@dataclass(frozen=True)
class Patience:
    """A back-off bound to this process: its clock, its wish to stop, and for how many seconds it leaves a source alone."""

    back_off: BackOff
    stopping: threading.Event
    clock: Callable[[], datetime]
    # Jitter only keeps a crowd from coming back at once; nobody gains by foreseeing it.
    chance: Callable[[], float] = field(default=random.random)
    silence: Callable[[str | None], float] = lambda _source: 0.0

    def tries(self, source: str | None) -> int:
        """Failures in a row after which people are told, and the worker is given back: at once while nobody asks the source."""
        return 1 if self.silence(source) > 0 else self.back_off.tries

    def pause(self, attempt: int) -> None:
        """Wait after a failed attempt. Raise Released when the process stops: the next start goes on."""
        if self.stopping.wait(self.back_off.delay(attempt, self.chance())):
            raise Released

    def after(self, seconds: float) -> datetime:
        """When so many seconds will have passed."""
        return self.clock() + timedelta(seconds=seconds)

    def later(self, source: str | None) -> datetime:
        """When an operation that needs attention is worth another try: as soon as its source is asked again, if it is left
        alone; earlier is in vain, and later would keep a machine half-way without need."""
        if (silence := self.silence(source)) > 0:
            return self.after(silence + self.back_off.first * self.chance())
        return self.after(self.back_off.cap * (1.0 + self.back_off.jitter * (2.0 * self.chance() - 1.0)))
