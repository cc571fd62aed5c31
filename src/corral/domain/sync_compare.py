"""From the two sides of one server to what is done about each field: what differs, and when a difference is believed.

Rule: pure. A source that tells of another machine, or of another owner, is believed in nothing else about it. A difference is acted
upon only when it was seen unchanged for long enough: a reboot is none, and neither is an answer that was wrong once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from corral.domain.descriptions import DESCRIPTIVE, unfit, unkept
from corral.domain.drift import RESTING, Drift, DriftState, Facts, Field, Value, doubtful
from corral.domain.merge import Act, Decision, Means, Merge, Never, Policy, Terms, decide, merge
from corral.domain.server import Server

_UNRECORDED = frozenset({Field.CPU, Field.MEMORY, Field.DISKS, Field.WIRING})
"""What a record may have no place for: the first look is what is agreed."""
_OPTIONAL = frozenset({Field.NAME}) | DESCRIPTIVE
"""What a source need not have: its absence differs only where it was there before, or the policy would fill it in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A field that differs, and what the policy says of it."""

    what: Field
    record: Value
    world: Value
    agreed: Value
    decision: Decision
    filling: bool = False
    """The record never had anything there: to fill it in changes nothing that anybody said."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, what is agreed on now, and which fields were compared at all."""

    found: tuple[Found, ...]
    agreed: Facts
    compared: frozenset[Field]


TermsOf = Callable[[Field], Terms]
MeansOf = Callable[[Field, Value], Means]
"""What can be done about a field, when the source were to be told that value."""


def compare(server: Server, record: Facts, world: Facts, agreed: Facts, terms: TermsOf, means: MeansOf) -> Comparison:
    """Hold both sides against each other and against what they agreed on."""
    if (doubt := _doubt(server, record, world, agreed, terms)) is not None:
        return Comparison((doubt,), agreed, frozenset({doubt.what}))
    found, now = [], dict(agreed)
    for what, there in world.items():
        if what not in record:
            if what in _UNRECORDED:
                now[what] = there
            continue
        before = agreed.get(what, Never.AGREED) if what in agreed else Never.AGREED
        ours, say = record[what], terms(what)
        if there is None and what in _OPTIONAL and agreed.get(what) is None and say.policy is not Policy.SYNC:
            continue
        merged = merge(before, ours, there)
        # What can be done is asked only about what differs: of a whole fleet that is little.
        able = means(what, ours) if merged is not Merge.NOTHING else Means()
        decision = _possible(server, what, there, decide(merged, say, able))
        if decision.act is Act.AGREE:
            now[what] = there
        else:
            filling = before is Never.AGREED and ours is None
            found.append(Found(what, ours, there, agreed.get(what), decision, filling))
    return Comparison(tuple(found), now, frozenset(world))


def _possible(server: Server, what: Field, there: Value, decision: Decision) -> Decision:
    """The decision, as far as each side can have what the other says, and be put back as it was."""
    why = ""
    if decision.act is Act.TAKE:
        why = unfit(server.kind, what, there)
    elif decision.act is Act.CORRECT:
        why = unkept(what, there)
    return Decision(Act.REPORT, why) if why else decision


def _doubt(server: Server, record: Facts, world: Facts, agreed: Facts, terms: TermsOf) -> Found | None:
    owner = world.get(Field.OWNER, server.uuid)
    if owner != server.uuid:
        what, why = Field.OWNER, "The source says that it is somebody else's: nothing else about it is believed."
        sides = (server.uuid, owner)
    elif doubtful(record, world):
        what, why = Field.NICS, "None of its NICs is one that was adopted: the source may tell of another machine."
        sides = (record[Field.NICS], world[Field.NICS])
    else:
        return None
    act = Act.REPORT if terms(what).policy is Policy.NONE else Act.ASK
    return Found(what, *sides, agreed.get(what), Decision(act, why))


# --- when a difference is believed ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many looks in a row, and seconds, a difference must last."""

    looks: int
    seconds: float


_UNSURE = "The brake is on: so much differs at once that it may not be true."


@dataclass(frozen=True, slots=True)
class Settled:
    """A drift after a look, and what is to be done about it now: `take`, `correct`, or None for nothing."""

    drift: Drift
    act: Act | None = None


def settled(drift: Drift, row: Drift | None, decision: Decision, patience: Patience, *, held: bool) -> Settled:
    """What becomes of a difference that was just seen (`drift`, as if for the first time), given the row that there is of it.
    `held`: the brake is on."""
    at = drift.last_seen_at
    if row is not None:
        drift = replace(drift, id=row.id, first_seen_at=row.first_seen_at)
    if row is not None and row.same(drift.record, drift.world):
        drift = replace(drift, looks=row.looks + 1, changed_at=row.changed_at, operation=row.operation)
        if row.state in (DriftState.IGNORED, DriftState.CORRECTING):
            return Settled(replace(drift, state=row.state, why=row.why))
    if drift.looks < patience.looks or at - drift.changed_at < timedelta(seconds=patience.seconds):
        return Settled(replace(drift, state=DriftState.SETTLING, why="It has to last before it is believed."))
    if held and drift.field is Field.COMPOSITION:
        # Nothing is done about it in any case; but what a pod says while so much differs at once is not to be taken for true.
        return Settled(replace(drift, state=DriftState.HELD, why=f"{decision.why} {_UNSURE}".strip()))
    match decision.act:
        case Act.TAKE | Act.CORRECT if held:
            return Settled(replace(drift, state=DriftState.HELD, why="The brake is on: release it, or decide here."))
        case Act.TAKE | Act.CORRECT:
            return Settled(replace(drift, state=DriftState.OPEN, why=decision.why), decision.act)
        case Act.ASK:
            return Settled(replace(drift, state=DriftState.CONFLICT, why=decision.why))
        case _:
            return Settled(replace(drift, state=DriftState.OPEN, why=decision.why))


def is_news(row: Drift | None, record: Value, world: Value, released_at: datetime | None) -> bool:
    """Whether a difference counts for the brake: it is not what was known, and at rest, before; nor what a person let pass."""
    if row is None or not row.same(record, world):
        return True
    if row.state in RESTING or row.state is DriftState.CORRECTING:
        return False
    return released_at is None or row.changed_at >= released_at


TURNS = 3
_WITHIN = timedelta(hours=1)


def is_spent(turns: Sequence[datetime], now: datetime) -> bool:
    """Whether a field was corrected so often lately that another correction would be one turn of a fight."""
    return len(_late(turns, now)) >= TURNS


def failing(turns: Sequence[datetime], now: datetime, operation: str, message: str) -> str:
    """What to say of a field whose correction was tried so often lately, the last time by that operation, which failed."""
    late = sorted(_late(turns, now))
    return (
        f"Its correction was tried {len(late)} times within an hour, and failed the last time: {message} (operation {operation}). "
        f"It is tried again after {late[-TURNS] + _WITHIN:%Y-%m-%d %H:%M:%S} UTC. Mend that before; `corral drift restore` tries "
        "at once, `corral drift accept` lets it be."
    )


def _late(turns: Sequence[datetime], now: datetime) -> list[datetime]:
    return [turn for turn in turns if now - turn < _WITHIN]
