"""What a source can tell of changes: hints, which say where to look again, and nothing else.

Rule: a hint is never data. It may be lost, late, doubled, in the wrong order or made up; what it costs then is a look, and what it
did not tell the next survey finds. So whoever watches sends on no state, and whoever is told believes none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Hint:
    """Look there again. `host`: the id or the name of a host, always the same one of the two; "" when it may be anywhere at the
    source, as after a watch that was interrupted. `machine`: the id of the machine that it is about, "" when it is not one."""

    host: str = ""
    machine: str = ""


@runtime_checkable
class Watches(Protocol):
    """A source that hears of changes by itself."""

    def watch(self, heard: Callable[[Hint], None]) -> Callable[[], None]:
        """Begin to watch, and return at once what ends it; that returns soon, too. One watch at a time.

        `heard` is called from threads of the source, for each change once or several times, and returns at once. The watch mends
        itself: after a loss of the connection it begins anew, with a hint for everything whose changes it may have missed. Raises
        nothing: what can't be watched is found by surveys."""


class Hears(Protocol):
    """Whoever wants to know what may have changed; returns at once."""

    def __call__(self, machines: Collection[str], parts: Collection[str] = (), /) -> None:
        """`machines`: to look at again. `parts`: ids of ports and volumes that may be some machine's, and of whom they are said to
        be. Neither: anything may have changed."""


class Listens(Protocol):
    """A message bus on which others tell of changes at one source."""

    def listen(self, heard: Hears, told: Callable[[str], None]) -> Callable[[], None]:
        """Begin to listen, and return at once what ends it; that returns soon, too. Once at a time.

        `heard` is called with what to look at again, and with nothing when any may have changed: also each time that listening
        begins, since what was announced before was not heard. `told` is called with "" when it hears, and with
        the reason when it does not. Both are called from a thread of the bus, and return at once. It mends itself, and raises
        nothing."""


@runtime_checkable
class Announces(Protocol):
    """A source that announces what changes there, and can be listened to."""

    def announcements(self) -> Listens | None:
        """What to listen to; None where nobody is to listen. `heard` is called with the source's ids of what changed: of a pod,
        systems and blocks, or what lies below them."""


class Heard(StrEnum):
    """What became of a hint."""

    RECEIVED = "received"
    COALESCED = "coalesced"
    """Another one wanted the same look already."""
    DROPPED = "dropped"
    """Too many hosts were waiting: all are looked at instead."""
    ACTED = "acted"
    """A look was begun for it, and those that were coalesced with it."""


class CountsHints(Protocol):
    """Whoever wants to know what became of hints; returns at once."""

    def hinted(self, source: str, what: Heard) -> None:
        """One more of them."""

    def recorded(self, source: str, seconds: float) -> None:
        """A look for a hint is in the record, so long after the hint came; where several were coalesced, after the first."""


class Uncounted:
    """Nobody wants to know."""

    def hinted(self, source: str, what: Heard) -> None: ...

    def recorded(self, source: str, seconds: float) -> None: ...
