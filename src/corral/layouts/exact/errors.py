"""What the allocator raises.

Invalid
└── SchemaInvalid    400  the schema, or the facts about the disks, are wrong: `problems` has all of them
CorralError
├── Infeasible       422  nothing is wrong, but it doesn't fit: `conflicts` has what can't be had together
└── Unsolved         503  no proven answer within the time limit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corral.domain.errors import CorralError, Invalid


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


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must hold. `kind`: `size`, `disks`, `one-disk`, `same-disk`, `other-disk`, `keep`. `subject`: the
    volume, or the kept partition; `other`: the second volume of a rule about two."""

    kind: str
    subject: str
    other: str = ""
    words: str = ""

    def as_json(self) -> dict[str, str]:
        """`{kind, subject, other, words}`."""
        return {"kind": self.kind, "subject": self.subject, "other": self.other, "words": self.words}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Requirements that can't be kept together, though any all but one of them can."""

    requirements: tuple[Requirement, ...]
    message: str
    fix: str

    def as_json(self) -> dict[str, Any]:
        """`{message, fix, requirements}`."""
        listed = [requirement.as_json() for requirement in self.requirements]
        return {"message": self.message, "fix": self.fix, "requirements": listed}


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
