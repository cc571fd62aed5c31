"""Listening to what pods announce, and having a look at the composed servers that it is about.

Rule: what is heard is a hint, as at a bus. One process listens to each pod, by a lease; which server an announced system or block
is of, the record says. What the record does not know may be anybody's: then all servers of the pod are looked at, and seldom.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.watching import Listens
from corral.services.sync_acts import Desk
from corral.services.sync_hearing import Ear, Hearing
from corral.services.sync_hints import Hints, Reacting
from corral.store.sync_pods import Claimed, PodClaims

_MOST = 1_000
"""So many ids are looked up at once; for more, all servers of the pod are looked at."""
_REST = 3.0
"""Seconds at least between two looks at all servers of a pod."""

Hint = Callable[[str, Collection[str]], None]
"""Have these machines of a source looked at."""


class PodEar:
    """One pod. `hint`: may be called for any source; `wake`: called when there is something to `react` to."""

    def __init__(
        self, pod: str, bus: Listens, claims: PodClaims, desk: Desk, hint: Hint, wake: Callable[[], None], lease: float
    ) -> None:
        self.name = pod
        self._claims = claims
        self._desk = desk
        self._hint = hint
        self._wake = wake
        self._lease = lease
        self._holder = str(uuid4())
        self._ear = Ear(pod, bus, self._heard)
        self._said: Hearing | None = None
        self._renewed: float | None = None
        self._hints = Reacting(Hints(_MOST), self._looked_up, f"corral-pod {pod}")
        self._every = threading.Event()
        self._not_before = 0.0

    def tick(self, *, wanted: bool) -> None:
        """Listen, if this process is the one that does. `wanted`: whether anybody wants to know at all."""
        if not wanted and self._said is not None:
            self._say(Hearing())
        if not wanted or not self._leading():
            self._ear.close()
            self._said = None
            return
        self._ear.listen()
        if self._ear.now != self._said:
            self._say(self._ear.now)

    def react(self) -> float | None:
        """Begin to look at what was announced. Gives after how many seconds there may be more to begin, None for no idea."""
        if self._renewed is None:
            return None
        if self._hints.hints.everything():
            self._every.set()
        if self._every.is_set() and time.monotonic() >= self._not_before:
            self._every.clear()
            self._not_before = time.monotonic() + _REST
            self._look_at(self._claims.of(self.name))
        waits = max(self._not_before - time.monotonic(), 0.0) if self._every.is_set() else None
        return min((one for one in (self._hints.react(), waits) if one is not None), default=None)

    def close(self, timeout: float) -> None:
        """Listen no more, and let others."""
        self._ear.close()
        self._hints.join(timeout)
        if self._renewed is not None:
            with suppress(sa.exc.SQLAlchemyError):  # then it ends by itself
                self._desk.state.end_lease(self.name, self._holder)
            self._renewed = None

    def _heard(self, ids: Collection[str], _parts: Collection[str] = ()) -> None:
        if self._hints.hints.add(ids):
            self._wake()

    def _looked_up(self, ids: Collection[str]) -> None:
        began = time.monotonic()
        known: dict[str, list[Claimed]] = {}
        for one in self._claims.of(self.name):
            for own in (one.claim.system, *one.claim.blocks):
                known.setdefault(own, []).append(one)
        named = [next((known[part] for part in _within(one) if part in known), None) for one in ids]
        if None in named:
            self._every.set()  # somebody else's system, or a block that nobody claimed: it may be in any of ours now
            self._wake()
        self._look_at(one for some in named if some is not None for one in some)
        self._hints.hints.done(time.monotonic() - began)

    def _look_at(self, some: Iterable[Claimed]) -> None:
        machines: dict[str, set[str]] = {}
        for one in some:
            machines.setdefault(one.source, set()).add(one.machine)
        for source, named in machines.items():
            self._hint(source, named)

    def _say(self, now: Hearing) -> None:
        since = None if now.hears is None else self._desk.clock()
        with self._desk.state.changing() as conn:
            self._desk.state.put(conn, self.name, hears=now.hears, hears_why=now.why or None, hears_since=since)
        self._said = now

    def _leading(self) -> bool:
        now = time.monotonic()
        if self._renewed is None or now - self._renewed > self._lease / 3:
            self._renewed = now if self._desk.state.lease(self.name, self._holder, self._lease) else None
        return self._renewed is not None


def _within(path: str) -> Iterable[str]:
    """A path, and all that it lies below."""
    while path:
        yield path
        path = path.rpartition("/")[0]
