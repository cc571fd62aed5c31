"""What explains a layout: volumes with their reasons, what serves booting, what was left free, and what can't be had together.

Rule: data that needs no computing; both ways to lay out disks (roles, and schemas of version 2) explain themselves with these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

At = tuple[str, int | None, int]
"""Disk, start and size in bytes; the start is None while nothing can be placed."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must hold. `kind`: `size`, `disks`, `one-disk`, `same-disk`, `other-disk`, `keep`, `boot`. `subject`: the
    volume, the disk, or the kept partition; `other`: the second volume of a rule about two."""

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


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A volume with its reasons. `asked`: in the schema's words. `size` in usable bytes. `keys`: where in node and schema it comes
    from."""

    volume: str
    kind: str
    asked: str
    size: int
    at: tuple[At, ...]
    why: tuple[str, ...]
    keys: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "volume": self.volume,
            "kind": self.kind,
            "asked": self.asked,
            "size": self.size,
            "at": [_place(one) for one in self.at],
            "why": list(self.why),
            "keys": list(self.keys),
        }


@dataclass(frozen=True, slots=True)
class Service:
    """A partition that no volume has: it is there for booting, or for the deployment. `part`: what it is."""

    part: str
    at: At
    why: str

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"part": self.part, **_place(self.at), "why": self.why}


@dataclass(frozen=True, slots=True)
class Spare:
    """Space of a disk, or of a group, that nobody has; in bytes."""

    where: str
    size: int
    why: str

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"where": self.where, "size": self.size, "why": self.why}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about a layout. With `conflicts` it can't be had as it is: `volumes` shows how far it came."""

    volumes: tuple[Reasoned, ...]
    spare: tuple[Spare, ...]
    service: tuple[Service, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        parts = ("volumes", "service", "spare", "conflicts")
        return {part: [one.as_json() for one in getattr(self, part)] for part in parts}


def _place(at: At) -> dict[str, Any]:
    return dict(zip(("disk", "start", "size"), at, strict=True))
