"""Choosing: every zone that could have the best answer is asked for it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence

from corral.chooser.case import Case, Weighed, Whole, case
from corral.chooser.choice import Choice, NoFit, Surplus
from corral.chooser.demand import SCALE, Measure, Requirement, amounts, requirements, wanted_amounts
from corral.chooser.explain import explain
from corral.chooser.greedy import greedy
from corral.chooser.program import Best, best, evened
from corral.chooser.scarcity import ties
from corral.chooser.zones import Candidates, candidates
from corral.domain.blocks import Block, Pool, Wanted
from corral.domain.errors import Invalid


def choose(pool: Pool, wanted: Wanted, exclude: Collection[str] = ()) -> Choice | NoFit:
    """The blocks of one zone that have what is wanted with the least surplus, none of them in `exclude`.

    Of equal choices, that which leaves more free of what there is little of, and of what fits in many places; then the first by id.
    Raises Invalid when nothing is wanted."""
    sums = requirements(wanted)
    if not sums:
        raise Invalid("Nothing is wanted: no cores, memory, drives, interfaces or traits.", fix="Say what is.")
    places, taken = candidates(pool, frozenset(exclude))
    measure = Measure.of(pool.blocks, wanted)
    found = _best_of(_weighed(places, sums, measure, wanted), places, sums)
    if found is None:
        return NoFit(explain(places, sums), taken)
    zone, answer, bound = found
    blocks = {block.id: block for block in pool.blocks}
    chosen = [blocks[one] for one in answer.blocks]
    left = (answer.cost - bound) / SCALE
    surplus = _surplus(chosen, wanted, measure)
    return Choice(zone, answer.blocks, surplus, surplus.score - left)


def _weighed(
    places: Sequence[Candidates], sums: Sequence[Requirement], measure: Measure, wanted: Wanted
) -> Mapping[str, Weighed]:
    free = {block.id: block for place in places for block in place.blocks}
    tie = ties(list(free.values()), places, wanted)
    return {
        block.id: Weighed(
            block, tuple(min(one.need, one.amount(block)) for one in sums), measure.cost(block), tie[block.id]
        )
        for block in free.values()
    }


def _best_of(
    weighed: Mapping[str, Weighed], places: Iterable[Candidates], sums: Sequence[Requirement]
) -> tuple[str, Best, int] | None:
    """The best answer of all zones, with its zone, and what no answer of any zone costs less than."""
    found: list[tuple[str, Best]] = []
    bounds: list[int] = []
    for zone, here, quick in _promising(weighed, places, sums):
        answer, bound = best(here, quick, min((one.cost for _, one in found), default=None))
        bounds += [] if bound is None else [bound]
        found += [] if answer is None else [(zone, answer)]
    if not found:
        return None
    least = min(answer.cost for _, answer in found)
    even = [(zone, evened(answer)) for zone, answer in found if answer.cost == least]
    zone, answer = min(even, key=lambda one: (one[1].tie, one[1].blocks))
    return zone, answer, min(bounds)


def _promising(
    weighed: Mapping[str, Weighed], places: Iterable[Candidates], sums: Sequence[Requirement]
) -> list[tuple[str, Case, Whole | None]]:
    """Each zone's case and what the greedy search finds there: the cheapest first, which rules most of the others out."""
    need = [one.need for one in sums]
    cases = [(place.zone, case([weighed[block.id] for block in place.blocks], need, place.limits)) for place in places]
    tried = [(zone, here, greedy(here)) for zone, here in cases]
    return sorted(tried, key=lambda one: int(one[1].cost @ one[2]) if one[2] is not None else sys.maxsize)


def _surplus(chosen: Sequence[Block], wanted: Wanted, measure: Measure) -> Surplus:
    given = [sum(column) for column in zip(*map(amounts, chosen), strict=True)]
    cores, memory, disk, network = (have - need for have, need in zip(given, wanted_amounts(wanted), strict=True))
    shares = zip((cores, memory, disk, network), measure.units, strict=True)
    return Surplus(
        cores,
        memory,
        disk,
        sum(len(one.drives) for one in chosen) - sum(one.count for one in wanted.drives),
        network,
        sum(len(one.adapters) for one in chosen) - sum(one.count for one in wanted.adapters),
        sum(max(0, extra) / unit for extra, unit in shares),
    )
