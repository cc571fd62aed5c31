"""What a flavor composes: quantities with units, and from which pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corral.domain.blocks import Media, Wanted, WantedAdapters, WantedDrives

PREFIX = "corral-"
"""How the name of every system begins that Corral composes; the server's uuid follows, and what tells its attempts apart."""


@dataclass(frozen=True, slots=True)
class Composition:
    """`source`: the pod, None for the only one that there is. `when_full`: compose only when no existing node fits."""

    wanted: Wanted
    source: str | None = None
    when_full: bool = False

    def as_json(self) -> dict[str, Any]:
        """As flavors show and keep it. Memory in MiB, sizes in bytes, speeds in Mbit/s."""
        return {**wanted_as_json(self.wanted), "source": self.source, "compose_when_full": self.when_full}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Composition:
        return cls(wanted_from_json(data), data.get("source"), bool(data.get("compose_when_full")))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to compose a system. `name`: unique, and what the system is called at the pod. `blocks`: ids, none where the pod
    chooses. `system`: the pod's id of what was composed, None as long as nobody has seen it."""

    name: str
    pod: str
    server: str
    operation: str
    blocks: tuple[str, ...] = ()
    system: str | None = None


def wanted_as_json(wanted: Wanted) -> dict[str, Any]:
    """What a system must have, in a flavor's words."""
    return {
        "cpus": wanted.cores,
        "memory": wanted.memory,
        "disks": [{"size": one.size, "count": one.count, "media": one.media} for one in wanted.drives],
        "nics": [{"count": one.count, "speed": one.speed} for one in wanted.adapters],
        "traits": sorted(wanted.traits),
    }


def wanted_from_json(data: Mapping[str, Any]) -> Wanted:
    """The other way round."""
    return Wanted(
        cores=data["cpus"],
        memory=data["memory"],
        drives=tuple(_drives(one) for one in data.get("disks") or ()),
        adapters=tuple(WantedAdapters(one.get("count", 1), one.get("speed", 0)) for one in data.get("nics") or ()),
        traits=frozenset(data.get("traits") or ()),
    )


def _drives(one: Mapping[str, Any]) -> WantedDrives:
    media = one.get("media")
    return WantedDrives(one["size"], one.get("count", 1), Media(media) if media else None)
