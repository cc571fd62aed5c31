"""Where work begins and ends, for whoever draws traces of it. The engine itself draws none.

Rule: what is told here holds no message, no parameter and no result: traces leave for services that are trusted less.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from corral.engine.operation import Operation

Tell = Callable[[str], None]
"""How it ended, in a word."""


class Tracing(Protocol):
    """Called in the thread that does the work. What it raises counts as the work's own failure, so it must not raise."""

    def submitted(self, kind: str, operation: str, *, among: int) -> str | None:
        """An operation is stored, as one of so many. Gives what lets its trace go on in whichever process carries it out: at most
        1,024 characters, or None."""

    def running(self, operation: Operation, trace: str | None, worker: str) -> AbstractContextManager[Tell]:
        """A worker has the operation, until it is over or given back. `trace`: what `submitted` gave."""

    def step(self, name: str, *, undoing: bool, attempt: int) -> AbstractContextManager[None]:
        """A step is done, or undone, within `running`."""


class Untraced:
    """Draws nothing."""

    def submitted(self, _kind: str, _operation: str, *, among: int) -> str | None:  # noqa: ARG002
        """Nothing goes on."""
        return None

    def running(self, _operation: Operation, _trace: str | None, _worker: str) -> AbstractContextManager[Tell]:
        """Nothing is told."""
        return nullcontext(_nobody_listens)

    def step(self, _name: str, *, undoing: bool, attempt: int) -> AbstractContextManager[None]:  # noqa: ARG002
        """Nothing is told."""
        return nullcontext()


def _nobody_listens(_outcome: str) -> None:
    """Take the place of Tell."""
