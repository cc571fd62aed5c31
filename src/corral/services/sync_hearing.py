"""Listening to the bus of a source, as long as this process is the source's synchronizer, and telling whether it hears.

Rule: what is heard is a hint. A bus that is silent, lost, or full of lies costs looks and time, and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from corral.contracts.watching import Hears, Listens

LOG = logging.getLogger(__name__)

_NOT_YET = "It has not been connected yet."


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether changes are heard of. None: there is no bus for that source. `why`: why not."""

    hears: bool | None = None
    why: str = ""


class Ear:
    """One source's bus, or none. `heard`: see `Listens.listen`. Times and threads are the bus's own."""

    def __init__(self, source: str, bus: Listens | None, heard: Hears) -> None:
        self._source = source
        self._bus = bus
        self._heard = heard
        self._stop: Callable[[], None] | None = None
        self.now = Hearing() if bus is None else Hearing(False, _NOT_YET)

    def listen(self) -> None:
        """Begin, unless it has begun."""
        if self._bus is not None and self._stop is None:
            self._stop = self._bus.listen(self._heard, self._told)

    def close(self) -> None:
        """Listen no more."""
        if self._stop is not None:
            self._stop()
            self._stop, self.now = None, Hearing(False, _NOT_YET)

    def _told(self, why: str) -> None:
        before, self.now = self.now, Hearing(not why, why)
        if before == self.now:
            return
        if why:
            LOG.warning("Notifications are not heard: polling goes on.", extra={"source": self._source, "why": why})
        else:
            LOG.info("Notifications are heard.", extra={"source": self._source})
