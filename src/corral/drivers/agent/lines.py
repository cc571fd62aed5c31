"""An agent's output as lines: bounded, and without what would move a terminal's cursor. It is hostile input like any other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

LONGEST = 2000
"""Characters of a line; the rest of a longer one is left out."""
MOST = 100_000
"""Lines that are passed on; an agent that says more is let go on, unheard."""
LAST = 20
"""Lines that are remembered for an error."""


class Lines:
    """Cuts text into lines, passes each one on, and remembers the last ones."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = ""
        self._told = 0
        self.last: deque[str] = deque(maxlen=LAST)

    def feed(self, text: str) -> None:
        """Take a piece of the output, wherever it was cut."""
        *whole, rest = (self._rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = rest[:LONGEST]
        for line in whole:
            self._pass_on(line)

    def end(self) -> None:
        """The output is over; a last line may lack its end."""
        if self._rest:
            self._pass_on(self._rest)
        self._rest = ""

    def _pass_on(self, line: str) -> None:
        clean = "".join(
            char if char.isprintable() or char == "\t" else "\N{REPLACEMENT CHARACTER}" for char in line[:LONGEST]
        )
        self.last.append(clean)
        if self._told < MOST:
            self._told += 1
            self._tell(clean)
