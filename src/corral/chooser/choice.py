"""The two answers of the chooser: blocks, or why there are none."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Surplus:
    """What the blocks have beyond what was wanted. `memory`: MiB, `disk`: bytes, `network`: Mbit/s, `drives` and `adapters`: how
    many. `score`: the sum that is kept least, in typical blocks (see `demand.Measure`)."""

    cores: int = 0
    memory: int = 0
    disk: int = 0
    drives: int = 0
    network: int = 0
    adapters: int = 0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """`blocks`: ids, sorted. `bound`: no choice has a lower score than that; where `exact`, it is this one's."""

    zone: str
    blocks: tuple[str, ...]
    surplus: Surplus
    bound: float

    @property
    def exact(self) -> bool:
        """Whether this choice is proven to be a best one."""
        return self.bound >= self.surplus.score

    def as_json(self) -> dict[str, Any]:
        return {"zone": self.zone, "blocks": list(self.blocks), "surplus": asdict(self.surplus), "exact": self.exact}


@dataclass(frozen=True, slots=True)
class Shortage:
    """One requirement that no zone meets, or that a zone lacks. `requirement`: as `memory`, or `zone:ID` for what only fails
    together. `zone`: the one that comes nearest. `free` and `wanted`: in cores, MiB, drives, interfaces, or blocks."""

    requirement: str
    message: str
    zone: str | None = None
    free: int = 0
    wanted: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class NoFit:
    """No choice of blocks will do. `reasons`: all at once. `taken`: how many blocks were not looked at, by why."""

    reasons: tuple[Shortage, ...]
    taken: tuple[tuple[str, int], ...] = ()

    @property
    def message(self) -> str:
        """All of it in words."""
        told = " ".join(f"{one.message}." for one in self.reasons)
        aside = ", ".join(f"{count} {why}" for why, count in self.taken)
        return f"{told} Not counted: {aside}." if aside else told

    def as_json(self) -> dict[str, Any]:
        return {
            "message": self.message,
            "reasons": [one.as_json() for one in self.reasons],
            "not_counted": dict(self.taken),
        }
