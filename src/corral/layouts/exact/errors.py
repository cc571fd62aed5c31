"""What the allocator raises.

Invalid
└── SchemaInvalid    400  the schema, or the facts about the disks, are wrong: `problems` has all of them
CorralError
├── Infeasible       422  nothing is wrong, but it doesn't fit: `conflicts` has what can't be had together
└── Unsolved         503  no proven answer within the time limit
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corral.domain.errors import CorralError, Invalid
from corral.layouts.explained import Conflict


class SchemaInvalid(Invalid):
    """`problems`: every one, each with the place where it is."""

    code = "layout-schema-invalid"

    def __init__(self, what: str, problems: Sequence[str]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        listed = "; ".join(problems)
        super().__init__(f"The {what} has {count}: {listed}.", fix="docs/how-to/lay-out-disks.md explains every key.")
        self.problems = tuple(problems)

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "problems": list(self.problems)}


class Infeasible(CorralError):
    """The volumes don't fit on the disks. The conflicts have no requirement in common; mend at least one of each."""

    status = 422
    code = "layout-infeasible"

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(" ".join(one.message for one in conflicts), fix=" ".join(one.fix for one in conflicts))
        self.conflicts = tuple(conflicts)

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "conflicts": [conflict.as_json() for conflict in self.conflicts]}


class Unsolved(CorralError):
    """The time limit came before a proof."""

    status = 503
    code = "layout-unsolved"

    def __init__(self, limit: float, what: str) -> None:
        super().__init__(
            f"No proven layout within {limit:g} seconds: {what}.",
            fix="Give more time, or make the choice smaller: disk selectors, fewer volumes with a range of sizes.",
        )
