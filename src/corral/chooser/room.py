"""What a pod has left: blocks by kind, and the largest systems that its zones could still make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from corral.chooser.reach import most
from corral.chooser.zones import candidates, in_zone, why_not
from corral.domain.blocks import Block, Pool

AMOUNTS: Mapping[str, Callable[[Block], int]] = {
    "cpus": lambda block: block.cores,
    "memory": lambda block: block.memory,
    "disk": lambda block: sum(one.size for one in block.drives),
    "drives": lambda block: len(block.drives),
    "nics": lambda block: len(block.adapters),
}
"""In cores, MiB, bytes, drives and interfaces."""


@dataclass(frozen=True, slots=True)
class ZoneRoom:
    """`largest`: the most of each amount that one system of this zone could have, one amount at a time."""

    id: str
    name: str
    blocks: int
    free: int
    largest: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Room:
    """`kinds`: blocks of each kind by what they are: `free`, `in use`, `reserved`, `unhealthy`, `unreadable`. `free`: amounts
    in all free blocks. `fragmentation`: the share of that which no single system could have, from 0 to 1."""

    kinds: Mapping[str, Mapping[str, int]]
    zones: tuple[ZoneRoom, ...]
    free: Mapping[str, int]
    fragmentation: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def room(pool: Pool) -> Room:
    """What is left of a pod."""
    free = {name: sum(amount(one) for one in pool.blocks if one.free) for name, amount in AMOUNTS.items()}
    zones = tuple(_zones(pool))
    best = {name: max((zone.largest[name] for zone in zones), default=0) for name in AMOUNTS}
    split = {name: round(1 - best[name] / have, 4) if have else 0.0 for name, have in free.items()}
    return Room(_kinds(pool), zones, free, split)


def _kinds(pool: Pool) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for block in pool.blocks:
        for kind in block.kinds:
            counts.setdefault(str(kind), Counter())[why_not(block) or "free"] += 1
    return {kind: dict(sorted(counts[kind].items())) for kind in sorted(counts)}


def _zones(pool: Pool) -> list[ZoneRoom]:
    found = []
    for zone in sorted(pool.zones, key=lambda one: one.id):
        inside = tuple(block for block in pool.blocks if in_zone(block, zone))
        alone = candidates(Pool(inside, (zone,)), frozenset())[0][0]
        largest = {name: most(alone, amount) for name, amount in AMOUNTS.items()}
        found.append(ZoneRoom(zone.id, zone.name, len(inside), len(alone.blocks), largest))
    return found
