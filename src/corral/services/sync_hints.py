"""Which machines of a source hints want looked at, and when: many hints are one look, and looks never take all of the time.

Rule: it keeps ids and times only, and at most `most` ids: for more, everything is looked at. What the ids are is nothing to it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import ClassVar


class Hints:
    """For any number of threads. `most`: machines of one glance. Times are seconds of `clock`."""

    PAUSE: ClassVar = 0.05
    """Seconds from the first hint to the look: a change mostly comes with several."""
    REST: ClassVar = 1.0
    """After a glance as long a rest as it took, at most so long: a machine that changes all the time costs half of a processor's
    time at worst, and in most cases nearly nothing."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._machines: set[str] = set()
        self._not_before = 0.0
        self._everything = False

    def add(self, machines: Collection[str]) -> bool:
        """These may be others now; anything may, where none is named. Whether nothing was waiting before."""
        with self._lock:
            if first := not self._machines:
                self._not_before = max(self._not_before, self._clock() + self.PAUSE)
            self._machines |= set(machines)
            if not machines or len(self._machines) > self._most:
                self._machines, self._everything = set(), True
            return first

    def everything(self) -> bool:
        """Whether a pass is wanted instead. It is not wanted any more when that was told."""
        with self._lock:
            wanted, self._everything = self._everything, False
            return wanted

    def waiting(self) -> bool:
        """Whether there is anything to look at."""
        with self._lock:
            return bool(self._machines)

    def take(self) -> frozenset[str]:
        """What is to be looked at now; empty when it is too soon for anything."""
        with self._lock:
            if self._clock() < self._not_before:
                return frozenset()
            taken, self._machines = frozenset(self._machines), set()
            return taken

    def seconds(self) -> float | None:
        """After how long there is something to take, None when nothing waits."""
        with self._lock:
            return max(self._not_before - self._clock(), 0.0) if self._machines else None

    def done(self, took: float) -> None:
        """A glance has ended."""
        with self._lock:
            self._not_before = self._clock() + min(took, self.REST)


class Reacting:
    """Acts on hints, in a thread of its own: once at a time. `act` is given what is to be looked at, and raises nothing."""

    def __init__(self, hints: Hints, act: Callable[[frozenset[str]], object], name: str) -> None:
        self.hints = hints
        self._act = act
        self._name = name
        self._thread: threading.Thread | None = None

    def react(self) -> float | None:
        """Begin what is due. Gives after how many seconds there may be more to begin, None for no idea."""
        if self._thread is not None and self._thread.is_alive():
            return Hints.PAUSE if self.hints.waiting() else None
        if taken := self.hints.take():
            # A daemon: the process must be able to end while a source hangs.
            self._thread = threading.Thread(target=self._act, args=(taken,), name=self._name, daemon=True)
            self._thread.start()
        return self.hints.seconds()

    def join(self, timeout: float) -> None:
        """Wait for what is under way, for so many seconds at most."""
        if self._thread is not None:
            self._thread.join(timeout)
