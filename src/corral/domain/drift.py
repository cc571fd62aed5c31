"""Drift: a difference between what the record says of a machine and what its source tells.

Rule: a field that nobody told is no difference. What is unknown for the moment (a power change is under way) is left out of the
facts, and never stands there as None: None says that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Value = Any
"""A side of a field: a text, a number, a sorted list of texts or numbers, or None for "has none". As JSON keeps it."""


class Field(StrEnum):
    """What is compared. `gone` and `new` are about the machine as a whole."""

    POWER = "power"
    HOST = "host"
    NAME = "name"
    CPU = "cpu"
    MEMORY = "memory"
    DISKS = "disks"
    NICS = "nics"
    ADDRESSES = "addresses"
    PORTS = "ports"
    WIRING = "wiring"
    VOLUMES = "volumes"
    COMPOSITION = "composition"
    FLAVOR = "flavor"
    IMAGE = "image"
    OWNER = "owner"
    NOTES = "notes"
    METADATA = "metadata"
    TAGS = "tags"
    GONE = "gone"
    NEW = "new"


WHOLE = frozenset({Field.GONE, Field.NEW})
"""Fields that are about the machine as a whole: no side of them can be written."""

Facts = Mapping[Field, Value]
"""One side of a machine: only what is known."""


class DriftState(StrEnum):
    """Where a drift is. `settling`: not seen for long enough to be believed. `open`: reported, and nothing is done about it.
    `conflict`: waits until somebody decides. `held`: the brake keeps it from being settled. `correcting`: an operation
    carries the record's side to the source. `ignored`: somebody said so; until either side changes again."""

    SETTLING = "settling"
    OPEN = "open"
    CONFLICT = "conflict"
    HELD = "held"
    CORRECTING = "correcting"
    IGNORED = "ignored"


RESTING = frozenset({DriftState.OPEN, DriftState.CONFLICT, DriftState.IGNORED})
"""States that last as long as neither side changes."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One field of one machine that is not as recorded.

    `server`: None for a machine that no server has. `record`, `world` and `agreed`: the sides, and what they last had in common;
    None also where there is none. `changed_at`: since when both sides are as they are; `looks`: how often they were seen so.
    `why`: what is, or is not, done about it, for people. `operation`: the one that corrects it."""

    source: str
    machine: str
    server: str | None
    name: str
    project: str | None
    field: Field
    record: Value
    world: Value
    agreed: Value
    state: DriftState
    why: str
    looks: int
    first_seen_at: datetime
    changed_at: datetime
    last_seen_at: datetime
    operation: str | None = None
    id: int | None = None

    def same(self, record: Value, world: Value) -> bool:
        """Whether both sides are still these."""
        return bool(self.record == record and self.world == world)


def doubtful(record: Facts, world: Facts) -> bool:
    """Whether a source seems to tell of another machine: it names NICs, and none of them is the one that was adopted. A machine
    whose identity is in doubt is reported, and nothing about it is believed."""
    ours, theirs = record.get(Field.NICS), world.get(Field.NICS)
    return bool(ours) and bool(theirs) and not set(ours or ()) & set(theirs or ())
