"""Which hosts hints want looked at, and when: many hints of one host are one look, and a host is not looked at all the time.

Rule: it keeps names and times only, and at most `most` of them. Whoever looks asks it what is due, and tells it what was done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from corral.contracts.watching import Heard, Hint

PAUSE = 0.05
"""Seconds from the first hint of a host to the look: a change mostly comes with several."""
FLOOR = 0.5
"""Seconds at least from one look for hints at a host to the next."""
FLOOR_SOME = 0.2
"""The same after a look at some of its VMs, which costs little."""
FEW = 32
"""VMs of a host that are looked at by themselves; for more, all of them are."""
SHARE = 4
"""A host is left alone so many times as long as the look at it took, for at most `REST` seconds; or as long as it took, if that is
longer. A VM that comes and goes all the time costs no more."""
REST = 1.0
SAVED = 2.0
"""Seconds of looks that a host which was quiet has to spare, before it is left alone for more than the look took: changes that come
now and then, or a few at once, do not wait."""
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A host to look at, and since when, by the agenda's clock. `machines`: only at these VMs of it; none for all of it."""

    host: str
    since: float
    machines: frozenset[str] = frozenset()


class Agenda:
    """For any number of threads. Times are seconds of `clock`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._since: dict[str, float] = {}
        self._few: dict[str, set[str]] = {}
        """Of each host that is wanted, the VMs that are, as long as nobody wants all of it."""
        self._not_before: dict[str, float] = {}
        self._spent: dict[str, tuple[float, float]] = {}
        self._everything = False

    def heard(self, hint: Hint) -> Heard:
        """Put a hint in. DROPPED for one too many: then everything is wanted."""
        with self._lock:
            if hint.host in self._since or (not hint.host and self._everything):
                self._more(hint)
                return Heard.COALESCED
            full = len(self._since) >= self._most
            if full or not hint.host:
                self._everything = True
                return Heard.DROPPED if full else Heard.RECEIVED
            self._since[hint.host], self._few[hint.host] = self._clock(), set()
            self._more(hint)
            return Heard.RECEIVED

    def _more(self, hint: Hint) -> None:
        few = self._few.get(hint.host)
        if few is not None:
            few.add(hint.machine)
            if not hint.machine or len(few) > FEW:
                del self._few[hint.host]

    def take(self, busy: Collection[str], room: int) -> tuple[Wanted, ...]:
        """At most `room` hosts that are to be looked at now, those that wait longest first; none of `busy`."""
        with self._lock:
            now = self._clock()
            due = [host for host in self._since if host not in busy and self._at(host) <= now][: max(room, 0)]
            return tuple(Wanted(host, self._since.pop(host), frozenset(self._few.pop(host, ()))) for host in due)

    def everything(self) -> bool:
        """Whether all hosts are wanted. Asked once, it is so no more."""
        with self._lock:
            found, self._everything = self._everything, False
            return found

    def waiting(self) -> int:
        """How many hosts are wanted."""
        return len(self._since)

    def looked(self, host: str, begun: float, *, whole: bool = True) -> None:
        """A look for hints at that host, or at some VMs of it, which began then, is over."""
        with self._lock:
            now = self._clock()
            took = now - begun
            rest = min(SHARE * took, REST) if self._spend(host, took, now) > SAVED else 0.0
            self._not_before[host] = max(begun + (FLOOR if whole else FLOOR_SOME), now + rest, now + took)
            if len(self._not_before) > self._most:
                self._not_before = {one: at for one, at in self._not_before.items() if at > now}
                self._spent = {one: spent for one, spent in self._spent.items() if one in self._not_before}

    def _spend(self, host: str, took: float, now: float) -> float:
        """Seconds of looks that the host has had lately, beyond its share of the time."""
        before, at = self._spent.get(host, (0.0, now))
        spent = max(before - (now - at) / (SHARE + 1), 0.0) + took
        self._spent[host] = spent, now
        return spent

    def seconds(self, busy: Collection[str]) -> float | None:
        """Until a host that is not busy is due; None when none is wanted."""
        with self._lock:
            if self._everything:
                return 0.0
            times = [self._at(host) for host in self._since if host not in busy]
            return max(min(times) - self._clock(), 0.0) if times else None

    def clear(self) -> None:
        """Want nothing any more."""
        with self._lock:
            self._since.clear()
            self._few.clear()
            self._everything = False

    def _at(self, host: str) -> float:
        return max(self._since[host] + PAUSE, self._not_before.get(host, 0.0))
