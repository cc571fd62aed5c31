"""Gaps: what a VM has, and Cinder or Neutron has no record of; and what would be recorded to fill them.

Rule: pure. A gap with a blocker is shown and left open. What is `wanted` is what is sent, word for word: a dry run shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from corral.domain.digest import digest
from corral.domain.reasons import Reason, blockers
from corral.domain.vm import Vm


class Kind(StrEnum):
    """What is recorded: a disk as a volume in Cinder, or a NIC as a port in Neutron."""

    VOLUME = "volume"
    PORT = "port"


class Filling(StrEnum):
    """How far a record is."""

    MAKING = "making"
    MADE = "made"
    REVERTING = "reverting"


@dataclass(frozen=True, slots=True)
class Gap:
    """A disk (`part`: its id) or a NIC (`part`: its MAC) of a VM. `wanted`: the body of what would be made; empty when it can't be
    told. `evidence`: why it is that volume or network. `there`: the id of what is there already."""

    kind: Kind
    vm: str
    part: str
    project: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    there: str = ""
    left: bool = False

    @property
    def blocked(self) -> bool:
        """Whether something speaks against filling it."""
        return bool(blockers(self.reasons))

    @property
    def fillable(self) -> bool:
        """Whether it would be filled."""
        return not (self.blocked or self.there or self.left)


@dataclass(frozen=True, slots=True)
class GapsOfVm:
    """All gaps of one VM. `server`: of the one that is adopted. `basis`: the digest of all that would be done."""

    vm: Vm
    gaps: tuple[Gap, ...]
    server: str | None = None

    @property
    def fillable(self) -> tuple[Gap, ...]:
        """Those that would be filled."""
        return tuple(gap for gap in self.gaps if gap.fillable)

    @property
    def basis(self) -> str:
        """Another one when what would be made is, or for which VM."""
        made = [(str(gap.kind), gap.part, gap.project, gap.wanted) for gap in self.fillable]
        return digest([self.vm.source, self.vm.id, self.server, made])


def plan_digest(found: Iterable[GapsOfVm]) -> str:
    """Of a whole plan: another one when anything that would be made is."""
    return digest(sorted((one.vm.id, one.basis) for one in found if one.fillable))


@dataclass(frozen=True, slots=True)
class CloudRecord:
    """What Corral made, or is making, in Cinder or Neutron. `made`: the id of the volume or port, "" until it is known."""

    id: str
    kind: Kind
    state: Filling
    source: str
    vm: str
    vm_name: str
    part: str
    project: str
    cloud: str
    wanted: Mapping[str, Any]
    operation: str
    made: str = ""
    created_at: datetime | None = None


MARK = "corral:record"
"""The key of a volume's metadata, and how the description of a port begins, that say which record it is."""


def port_mark(record: str) -> str:
    """The description of a port that was made for that record."""
    return f"{MARK} {record}"


def record_of(description: str) -> str:
    """The record that a port's description names, "" for none."""
    found = re.fullmatch(rf"{MARK} ([0-9a-f-]{{36}})", description)
    return found[1] if found else ""
