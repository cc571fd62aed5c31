"""How fast a source is asked, and whether at all: a rate, and a breaker for each of its services.

Rule: one object per source and process, asked at the border before each call and told of its outcome after it. A source that does
not answer is left alone for a while, so that it can recover, and so that nobody waits for it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from corral.domain.errors import Unreachable

_SILENT = frozenset({"unreachable", "outcome-unknown", "502", "503", "504"})
_EACH_ITS_OWN = frozenset({"bmc", "libvirt"})
"""Services that are many hosts: one that is silent says nothing of the others."""
_GLANCE = 0.05
_GLANCES = 100
"""How often, and how many seconds apart, who waits for the outcome of another's try looks whether it is known."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`flows`: operations at the source at the same time, in one process. `requests`: a second, in one process; None for as many
    as there are. `failures`: silent answers in a row after which a service is left alone, at first for `pause` seconds, then
    twice as long each time, at most `longest`."""

    flows: int | None = None
    requests: float | None = None
    failures: int = 5
    pause: float = 2.0
    longest: float = 120.0


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    pauses: int = 0
    until: float | None = None  # None: closed
    trying: bool = False  # one call is on its way, after the pause


@dataclass(frozen=True, slots=True)
class PaceState:
    """What an operator sees. `services`: those that are left alone, with the seconds until they are tried again."""

    limits: Limits
    services: dict[str, float]

    @property
    def breaker(self) -> str:
        """`closed`: the source is asked. `open`: some service of it is left alone."""
        return "open" if self.services else "closed"


@dataclass
class Pace:
    """See the module. `clock` and `sleep` are replaced in tests; `chance` gives 0..1."""

    source: str
    limits: Limits = Limits()
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    # Jitter only keeps a crowd from coming back at once; nobody gains by foreseeing it.
    chance: Callable[[], float] = random.random
    _breakers: dict[str, _Breaker] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def enter(self, service: str) -> None:
        """Wait for the turn of a call, and for a moment while another one tries whether the service is back: operations that were
        begun with it would fail for nothing. Raises Unreachable, and nothing is sent, while the service is left alone."""
        glances = _GLANCES
        while not self._open_to(service):
            if not glances:
                raise self._left_alone(service)
            glances -= 1
            self.sleep(_GLANCE)
        with self._lock:
            wait = self._turn()
        if wait > 0:
            self.sleep(wait)

    def left(self, service: str, outcome: str) -> None:
        """Learn from the outcome of a call."""
        if service in _EACH_ITS_OWN:
            return
        with self._lock:
            breaker = self._breakers.setdefault(service, _Breaker())
            if outcome not in _SILENT:
                self._breakers[service] = _Breaker()
                return
            if breaker.until is not None and not breaker.trying:
                return  # it was on its way before the service was left alone, and tells nothing new
            breaker.failures += 1
            if breaker.failures >= self.limits.failures:
                self._open(breaker)

    def state(self) -> PaceState:
        """How it stands right now."""
        now = self.clock()
        with self._lock:
            opened = {name: one.until for name, one in self._breakers.items() if one.until is not None}
        return PaceState(self.limits, {name: max(0.0, until - now) for name, until in opened.items()})

    def silence(self) -> float:
        """Seconds until each of its services is asked again; 0 while none is left alone."""
        with self._lock:
            now = self.clock()
            return max((one.until - now for one in self._breakers.values() if one.until is not None), default=0.0)

    def allows(self, running: int) -> bool:
        """Whether an operation may begin beside so many that run at this source in this process."""
        return self.silence() <= 0 and (self.limits.flows is None or running < self.limits.flows)

    def _open_to(self, service: str) -> bool:
        """False while another call tries. Raises Unreachable when nobody may try yet."""
        with self._lock:
            breaker = self._breakers.get(service)
            if breaker is None or breaker.until is None:
                return True
            if breaker.until > self.clock():
                if not breaker.trying:
                    raise self._left_alone(service)
                return False
            # One call tries; the others go on waiting until its outcome is known.
            breaker.until, breaker.trying = self.clock() + self.limits.pause, True
            return True

    def _left_alone(self, service: str) -> Unreachable:
        # The same words as long as it lasts: an operation that waits for it notes them once.
        return Unreachable(
            f"The {service} service of source {self.source} does not answer, and is left alone for a while.",
            fix="See whether it is up: `corral source check`. Operations go on by themselves when it is back.",
        )

    def _turn(self) -> float:
        if self.limits.requests is None:
            return 0.0
        now = self.clock()
        turn = max(now, self._next)
        self._next = turn + 1.0 / self.limits.requests
        return turn - now

    def _open(self, breaker: _Breaker) -> None:
        pause = min(self.limits.longest, self.limits.pause * 2.0 ** min(breaker.pauses, 32))
        breaker.pauses += 1
        breaker.trying = False
        breaker.until = self.clock() + pause * (1.0 + 0.2 * self.chance())
