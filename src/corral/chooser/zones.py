"""The free blocks of each zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corral.domain.blocks import Block, BlockKind, BlockState, Limit, Pool, Zone


@dataclass(frozen=True, slots=True)
class Candidates:
    """What of a zone may be taken: `blocks`, sorted by id. `zone`: its id."""

    zone: str
    blocks: tuple[Block, ...]
    limits: Mapping[BlockKind, Limit]


def candidates(pool: Pool, exclude: frozenset[str]) -> tuple[tuple[Candidates, ...], tuple[tuple[str, int], ...]]:
    """Zones by id, without those that have the same blocks and limits as one before; and how many blocks are not free, by why."""
    free = sorted((one for one in pool.blocks if one.free and one.id not in exclude), key=lambda one: one.id)
    places: dict[object, Candidates] = {}
    for zone in sorted(pool.zones, key=lambda one: one.id):
        limits = {kind: bound for kind, bound in zone.limits.items() if bound.least or bound.most is not None}
        blocks = tuple(one for one in free if in_zone(one, zone))
        same = frozenset(one.id for one in blocks), frozenset(limits.items())
        places.setdefault(same, Candidates(zone.id, blocks, limits))
    return tuple(places.values()), _taken(pool, exclude)


def in_zone(block: Block, zone: Zone) -> bool:
    """Pods link zones and blocks on one side or on both."""
    return block.id in zone.blocks or zone.id in block.zones


def _taken(pool: Pool, exclude: frozenset[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(why_not(one) or "set aside" for one in pool.blocks if not one.free or one.id in exclude)
    return tuple(sorted(counts.items()))


def why_not(block: Block) -> str:
    """Why a block is not free, in a word or two; empty for one that is."""
    if block.free:
        return ""
    if block.problem:
        return "unreadable"
    if block.state in (BlockState.FAILED, BlockState.UNAVAILABLE, BlockState.UNKNOWN) or not block.healthy:
        return "unhealthy"
    return "reserved" if block.reserved and not block.systems else "in use"
