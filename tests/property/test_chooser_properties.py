"""The chooser against one that tries everything."""

from __future__ import annotations

from random import Random

from chooser_oracle import answers, asked, good
from hypothesis import given, settings
from hypothesis import strategies as st

from corral.chooser import Choice, NoFit, choose
from corral.chooser.demand import Measure
from corral.domain.blocks import Block, BlockKind, Pool, Wanted, Zone


@given(asked())
def test_chosen_blocks_are_free_in_one_zone_within_its_limits_and_have_all_that_is_wanted(
    case: tuple[Pool, Wanted],
) -> None:
    pool, wanted = case
    found = choose(pool, wanted)
    if isinstance(found, Choice):
        zone = next(one for one in pool.zones if one.id == found.zone)
        assert good([one for one in pool.blocks if one.id in found.blocks], zone, wanted)
        assert len(set(found.blocks)) == len(found.blocks) > 0


@given(asked())
@settings(max_examples=120)
def test_nothing_costs_less_than_the_choice_and_nothing_fits_only_where_no_set_of_blocks_does(
    case: tuple[Pool, Wanted],
) -> None:
    pool, wanted = case
    found, every = choose(pool, wanted), list(answers(pool, wanted))
    if isinstance(found, NoFit):
        assert not every
        assert found.reasons
    else:
        assert every, found
        measure = Measure.of(pool.blocks, wanted)
        cost = sum(measure.cost(one) for one in pool.blocks if one.id in found.blocks)
        assert cost == min(every)[0]
        assert found.exact
        assert found.blocks in {blocks for price, blocks in every if price == cost}


@given(st.lists(st.integers(1, 40), min_size=4, max_size=10), st.integers(1, 120), st.integers(0, 3))
def test_sums_that_a_greedy_search_misses_are_found(cores: list[int], wanted: int, memory: int) -> None:
    blocks = [
        Block(f"b{number}", frozenset({BlockKind.COMPUTE}), cores=have, memory=memory * have, zones=frozenset({"z"}))
        for number, have in enumerate(cores)
    ]
    found, every = choose(Pool(tuple(blocks), (Zone("z"),)), Wanted(wanted, 0)), sums(cores, wanted)
    if isinstance(found, NoFit):
        assert not every
    else:
        assert found.surplus.cores == min(every) - wanted


def sums(cores: list[int], least: int) -> set[int]:
    """Every sum of some of them that is not too small."""
    found = {0}
    for one in cores:
        found |= {one + other for other in found}
    return {one for one in found if one >= least}


@given(asked(), st.integers())
def test_the_order_of_blocks_and_zones_does_not_matter(case: tuple[Pool, Wanted], seed: int) -> None:
    pool, wanted = case
    blocks, zones = list(pool.blocks), list(pool.zones)
    Random(seed).shuffle(blocks)
    Random(seed).shuffle(zones)
    assert choose(Pool(tuple(blocks), tuple(zones)), wanted) == choose(pool, wanted)


@given(asked())
def test_excluded_blocks_are_as_if_they_were_not_there(case: tuple[Pool, Wanted]) -> None:
    pool, wanted = case
    found = choose(pool, wanted)
    if isinstance(found, Choice):
        again = choose(pool, wanted, exclude=found.blocks[:1])
        if isinstance(again, Choice):
            assert found.blocks[0] not in again.blocks
            assert again.surplus.score >= found.surplus.score - 0.02  # costs are counted in thousandths


@given(asked())
def test_each_requirement_that_is_told_as_short_is_short_even_of_all_free_blocks_of_every_zone(
    case: tuple[Pool, Wanted],
) -> None:
    pool, wanted = case
    found = choose(pool, wanted)
    if not isinstance(found, NoFit):
        return
    for one in found.reasons:
        if one.requirement == "memory":
            assert one.free < one.wanted == wanted.memory
            assert not any(_memory(pool, zone) >= wanted.memory for zone in pool.zones if not zone.limits)
        if one.requirement == "together":
            assert len(found.reasons) > 1


def _memory(pool: Pool, zone: Zone) -> int:
    return sum(one.memory for one in pool.blocks if one.free and zone.id in one.zones)
