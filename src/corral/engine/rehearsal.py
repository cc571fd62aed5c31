"""A stand-in for `Run`, to call steps without an engine: in unit tests of flows, and to try a step by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

import sqlalchemy as sa

from corral.engine.errors import Cancelled, ClaimLost
from corral.engine.flow import E, Flow


@dataclass
class Rehearsal(Generic[E]):
    """Has the shape of `Run`, remembers what steps tell, and raises on `check` what it was asked to."""

    env: E
    params: Mapping[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    operation: str = "00000000-0000-4000-8000-000000000000"
    attempt: int = 1
    reverting: bool = False
    cancelled: bool = False
    superseded: bool = False
    told: list[tuple[float, str]] = field(default_factory=list)
    checks: int = 0
    written: list[Callable[[sa.Connection], None]] = field(default_factory=list)

    def check(self) -> None:
        """Raise as the engine would: ClaimLost always counts, Cancelled not while reverting."""
        self.checks += 1
        if self.superseded:
            raise ClaimLost("Another worker owns this operation.")
        if self.cancelled and not self.reverting:
            raise Cancelled("The operation was cancelled.")

    def along(self, write: Callable[[sa.Connection], None]) -> None:
        """Remember what would have been written."""
        self.written.append(write)

    def progress(self, fraction: float, note: str = "") -> None:
        """Remember what was told."""
        self.told.append((fraction, note))

    def play(self, flow: Flow[E]) -> None:
        """Do all steps in order; on an exception undo those begun, in reverse order, and let it out."""
        begun = []
        try:
            for step in flow.steps:
                begun.append(step)
                self.results[step.name] = step.do(self)
        except BaseException:
            self.reverting = True
            for step in reversed(begun):
                if step.undo is not None:
                    step.undo(self)
            raise
