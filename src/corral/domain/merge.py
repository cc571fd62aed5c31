"""What to do about a field whose two sides may differ: a three-way merge, and the policy's say on it.

Rule: pure and total. Every answer is one of the two sides or none of them: no value is ever made up, and no side is given up for
the other unless it is the one that stayed as agreed, or a rule says by name who wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from corral.domain.drift import Field, Value


class Never(Enum):
    """Stands for the agreed value of a field on which the sides never agreed."""

    AGREED = "never agreed"


class Merge(StrEnum):
    """What a three-way merge says."""

    NOTHING = "nothing"
    WORLD = "take world"
    RECORD = "take record"
    CONFLICT = "conflict"


class Policy(StrEnum):
    """What is done about differences. `none`: they are reported; `tolerate`: the record follows the world; `sync`: what changed on
    one side is applied on the other."""

    NONE = "none"
    TOLERATE = "tolerate"
    SYNC = "sync"


class Wins(StrEnum):
    """Whose side counts, whoever changed: nobody's, so that a change on both sides waits for somebody's decision."""

    NOBODY = "nobody"
    RECORD = "record"
    WORLD = "world"


class Act(StrEnum):
    """What is done about a field. `agree`: the sides are one; `take`: the record becomes as the world is; `correct`: the world
    becomes as the record is; `report`: nothing; `ask`: nothing, until somebody decides."""

    AGREE = "agree"
    TAKE = "take"
    CORRECT = "correct"
    REPORT = "report"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy says of one field of one server."""

    policy: Policy = Policy.NONE
    wins: Wins = Wins.NOBODY


@dataclass(frozen=True, slots=True)
class Means:
    """What can be done about a field. `take`: the record can take the world's value; `give`: the source can be told the record's.
    `disturbs`: what telling it would do to the machine (start, stop, …), "" for nothing. `allowed`: what a rule allows by name.
    `spent`: it was corrected so often lately that another correction would be no better. `failing`: what to say of it then where
    the last one failed, "" where somebody changed it back. `why`: why the source can't be told it."""

    take: bool = False
    give: bool = False
    disturbs: str = ""
    allowed: frozenset[str] = frozenset()
    spent: bool = False
    why: str = ""
    failing: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done, and why, for people."""

    act: Act
    why: str = ""


def merge(agreed: Value | Never, record: Value, world: Value) -> Merge:
    """Three-way merge. Where the sides never agreed, nobody knows who changed: a conflict, unless one of them
    has nothing yet."""
    if record == world:
        return Merge.NOTHING
    if agreed is Never.AGREED:
        if world is None:
            return Merge.RECORD
        return Merge.WORLD if record is None else Merge.CONFLICT
    if record == agreed:
        return Merge.WORLD
    return Merge.RECORD if world == agreed else Merge.CONFLICT


def decide(found: Merge, terms: Terms, means: Means) -> Decision:
    """What the policy does about a merge."""
    if found is Merge.NOTHING:
        return Decision(Act.AGREE)
    if terms.policy is Policy.NONE:
        return Decision(Act.REPORT, "The policy is none: differences are only reported.")
    match _DIRECTIONS[terms.wins].get(found, found):
        case Merge.WORLD:
            return _taken(means)
        case Merge.RECORD:
            return _given(terms, means)
        case _:
            return Decision(Act.ASK, "Both sides changed, or never agreed: decide which one counts.")


_DIRECTIONS: Mapping[Wins, Mapping[Merge, Merge]] = {
    Wins.NOBODY: {},
    Wins.RECORD: {Merge.WORLD: Merge.RECORD, Merge.CONFLICT: Merge.RECORD},
    Wins.WORLD: {Merge.RECORD: Merge.WORLD, Merge.CONFLICT: Merge.WORLD},
}


def _taken(means: Means) -> Decision:
    if not means.take:
        return Decision(Act.REPORT, "The record can't take this over by itself.")
    return Decision(Act.TAKE, "The record follows the world.")


def _given(terms: Terms, means: Means) -> Decision:
    if terms.policy is not Policy.SYNC:
        return Decision(
            Act.REPORT, "The record is ahead, and the policy is tolerate: nothing is changed at the source."
        )
    if not means.give:
        return Decision(Act.REPORT, means.why or "The source can't be told this.")
    if means.disturbs and means.disturbs not in means.allowed:
        return Decision(
            Act.ASK,
            f"To correct it is to {_ACTS.get(means.disturbs, f'{means.disturbs} the machine')}, which no rule allows by name.",
        )
    if means.spent:
        return Decision(Act.ASK, means.failing or _FOUGHT)
    return Decision(Act.CORRECT, "The source follows the record.")


_FOUGHT = "It was corrected several times and does not stay: somebody else changes it back. Find out who, then decide."
_ACTS = {"plug": "plug ports into the machine"}


def refusal(field: Field, means: Means, *, restoring: bool) -> str:
    """Why a person's wish to accept (or restore) a field can't be fulfilled; "" when it can. A person may disturb."""
    if restoring:
        return "" if means.give else means.why or f"The source can't be told its {field}."
    return "" if means.take else f"The record can't take over its {field}."
