"""Why nothing fits: for each requirement the zone that comes nearest, and what only fails together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corral.chooser.choice import Shortage
from corral.chooser.demand import Requirement
from corral.chooser.reach import most
from corral.chooser.zones import Candidates
from corral.domain.blocks import BlockKind, Limit

_TOLD = 5
"""Zones that are told one by one."""


def explain(places: Sequence[Candidates], sums: Sequence[Requirement]) -> tuple[Shortage, ...]:
    """All reasons at once; never empty."""
    if not any(place.blocks for place in places):
        return (Shortage("blocks", "no zone has a free block"),)
    reach = {place.zone: [most(place, one.amount) for one in sums] for place in places}
    alone = tuple(_nowhere(places, sums, reach))
    unmet = tuple(_forced(places))
    return alone + unmet or tuple(_together(places, sums, reach))


def _nowhere(
    places: Sequence[Candidates], sums: Sequence[Requirement], reach: Mapping[str, Sequence[int]]
) -> Iterator[Shortage]:
    """The requirements that no zone meets. Of several about the same thing the first is told: the others contain it."""
    told: set[str] = set()
    for number, one in enumerate(sums):
        nearest = max(places, key=lambda place: reach[place.zone][number])
        have = reach[nearest.zone][number]
        if have < one.need and one.key not in told:
            told.add(one.key)
            message = f"{one.key}: best zone has {one.text(have, one.need)} free"
            yield Shortage(one.key, message, nearest.zone, have, one.need)


def _forced(places: Sequence[Candidates]) -> Iterator[Shortage]:
    """Kinds of which every zone must have more in a system than are free."""
    for kind in sorted({kind for place in places for kind in place.limits}):
        nearest = max(places, key=lambda place: _count(place, kind) - place.limits.get(kind, Limit()).least)
        have, least = _count(nearest, kind), nearest.limits.get(kind, Limit()).least
        if have < least:
            message = f"{kind}: a system needs at least {least} such blocks, and {have} are free"
            yield Shortage(f"kind {kind}", message, nearest.zone, have, least)


def _together(
    places: Sequence[Candidates], sums: Sequence[Requirement], reach: Mapping[str, Sequence[int]]
) -> Iterator[Shortage]:
    """What is wrong with each zone when each requirement fits somewhere: the zones that lack least come first."""
    yield Shortage("together", "each requirement fits into some zone alone, but all together into none")
    lacks = {
        place.zone: [
            one.key + " " + one.text(have, one.need)
            for one, have in zip(sums, reach[place.zone], strict=True)
            if have < one.need
        ]
        for place in places
        if place.blocks
    }
    for place in sorted((one for one in places if one.blocks), key=lambda one: len(lacks[one.zone]))[:_TOLD]:
        why = "; ".join(dict.fromkeys(lacks[place.zone])) or _within(place)
        yield Shortage(f"zone:{place.zone}", f"zone {place.zone}: {why}", place.zone)


def _within(place: Candidates) -> str:
    bounds = [
        f"{'at least ' + str(bound.least) if bound.least else ''}"
        f"{' and ' if bound.least and bound.most is not None else ''}"
        f"{'at most ' + str(bound.most) if bound.most is not None else ''} {kind}"
        for kind, bound in sorted(place.limits.items())
    ]
    return f"each requirement alone would do, but not all within its limits of {', '.join(bounds)} blocks"


def _count(place: Candidates, kind: BlockKind) -> int:
    return sum(kind in block.kinds for block in place.blocks)
