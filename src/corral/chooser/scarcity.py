"""Which of equal blocks to keep for others: the scarce, and those that fit in many places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corral.chooser.zones import Candidates
from corral.domain.blocks import Block, Wanted

_ONLY_ONE = 1000
_EACH_ZONE = 50


def ties(free: Sequence[Block], places: Iterable[Candidates], wanted: Wanted) -> dict[str, int]:
    """How much a block will be missed, by id. A block of many kinds is missed for each of them; traits that nobody asked for
    count like kinds."""
    zones = Counter(block.id for place in places for block in place.blocks)
    kinds = Counter(kind for block in free for kind in block.kinds)
    traits = Counter(trait for block in free for trait in block.traits)
    return {
        block.id: sum(_ONLY_ONE // kinds[kind] for kind in block.kinds)
        + sum(_ONLY_ONE // traits[trait] for trait in block.traits - wanted.traits)
        + _EACH_ZONE * (zones[block.id] - 1)
        for block in free
    }
