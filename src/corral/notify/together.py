"""Several buses as one: the services around a source may announce in several places."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from corral.contracts.watching import Hears, Listens

_NOT_YET = "It has not been connected yet."


class Together:
    """Hears what any of them announces, and says that it hears when all of them do."""

    def __init__(self, buses: Sequence[Listens]) -> None:
        self._buses = buses

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        why, lock = [_NOT_YET] * len(self._buses), threading.Lock()

        def said(number: int, reason: str) -> None:
            with lock:  # two at once must not be told in another order than they are
                why[number] = reason
                told(" ".join(dict.fromkeys(filter(None, why))))

        stops = [bus.listen(heard, partial(said, number)) for number, bus in enumerate(self._buses)]

        def stop() -> None:
            for one in stops:
                one()

        return stop
