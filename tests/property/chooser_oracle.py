"""A chooser that tries every set of blocks, and pools small enough for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import strategies as st

from corral.chooser.demand import Measure, requirements
from corral.domain.blocks import (
    Adapter,
    Block,
    BlockKind,
    BlockState,
    Drive,
    Limit,
    Media,
    Pool,
    Wanted,
    WantedAdapters,
    WantedDrives,
    Zone,
)

GB = 10**9
ZONES = ("z1", "z2")

KINDS = (BlockKind.COMPUTE, BlockKind.MEMORY, BlockKind.STORAGE)
MEDIA = (None, Media.HDD, Media.SSD)

drives = st.builds(Drive, st.sampled_from((100 * GB, 400 * GB)), st.sampled_from(MEDIA))
adapters = st.builds(Adapter, st.sampled_from((0, 1000, 10_000)))
_usually_unused = st.sampled_from((*[BlockState.UNUSED] * 9, BlockState.COMPOSED, BlockState.FAILED))


@st.composite
def models(draw: st.DrawFn) -> Block:
    """A kind of block, of which a pool has several."""
    return Block(
        id="",
        kinds=draw(st.frozensets(st.sampled_from(KINDS), min_size=1, max_size=2)),
        cores=draw(st.sampled_from((0, 0, 4, 6, 16))),
        memory=draw(st.sampled_from((0, 0, 1024, 3000, 8192))),
        drives=tuple(draw(st.lists(drives, max_size=2))),
        adapters=tuple(draw(st.lists(adapters, max_size=2))),
        traits=draw(st.frozensets(st.just("GPU"), max_size=1)),
    )


@st.composite
def blocks(draw: st.DrawFn, model: Block, number: int) -> Block:
    block = replace(
        model,
        id=f"b{number}",
        state=draw(_usually_unused),
        healthy=draw(st.integers(0, 15)) > 0,
        reserved=draw(st.integers(0, 15)) == 1,
        zones=frozenset(draw(st.sampled_from((("z1", "z2"), ("z1",), ("z2",))))),
    )
    return block if draw(st.integers(0, 9)) else _shared(block, draw(st.integers(1, 3)))


def _shared(block: Block, users: int) -> Block:
    systems = tuple(f"s{number}" for number in range(users))
    return replace(block, state=BlockState.COMPOSED_AND_AVAILABLE, systems=systems, limit=3)


def _limit(least: int, more: int | None) -> Limit:
    return Limit(least, None if more is None else least + more)


limits = st.dictionaries(
    st.sampled_from(KINDS), st.builds(_limit, st.integers(0, 2), st.one_of(st.none(), st.integers(0, 2))), max_size=2
)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    kinds = draw(st.lists(models(), min_size=1, max_size=4))
    picked = draw(st.lists(st.sampled_from(kinds), min_size=4, max_size=9))
    found = tuple(draw(blocks(model, number)) for number, model in enumerate(picked))
    return Pool(found, tuple(Zone(name, limits=draw(limits)) for name in ZONES))


@st.composite
def asked(draw: st.DrawFn) -> tuple[Pool, Wanted]:
    """A pool, and something that fits more often than not: not much more than some of its blocks have."""
    pool = draw(pools())
    some = draw(st.lists(st.sampled_from(pool.blocks), min_size=1, max_size=4, unique_by=lambda one: one.id))
    have = [drive for one in some for drive in one.drives]
    cards = [card for one in some for card in one.adapters]
    share = draw(st.sampled_from((1, 1, 2, 3)))
    wanted = Wanted(
        sum(one.cores for one in some) // share,
        sum(one.memory for one in some) // share,
        tuple(draw(_drive_wish(one)) for one in have[:3]),
        tuple(WantedAdapters(draw(st.integers(1, 2)), one.speed) for one in cards[:2]),
        draw(st.sampled_from((frozenset(), frozenset(), frozenset({"GPU"})))),
    )
    return pool, wanted if requirements(wanted) else replace(wanted, cores=1)


def _drive_wish(drive: Drive) -> st.SearchStrategy[WantedDrives]:
    sizes = st.sampled_from((drive.size, 50 * GB))
    return st.builds(WantedDrives, sizes, st.sampled_from((1, 1, 2)), st.sampled_from((None, drive.media)))


def good(chosen: Sequence[Block], zone: Zone, wanted: Wanted) -> bool:
    """Whether a system of these blocks has what is wanted, and the zone allows it."""
    if not all(_usable(one) and zone.id in one.zones for one in chosen):
        return False
    if sum(one.cores for one in chosen) < wanted.cores or sum(one.memory for one in chosen) < wanted.memory:
        return False
    if not wanted.traits <= {trait for one in chosen for trait in one.traits}:
        return False
    for kind, limit in zone.limits.items():
        count = sum(kind in one.kinds for one in chosen)
        if count < limit.least or (limit.most is not None and count > limit.most):
            return False
    have = [drive for one in chosen for drive in one.drives]
    cards = [card for one in chosen for card in one.adapters]
    wish = [want for want in wanted.drives for _ in range(want.count)]
    links = [want for want in wanted.adapters for _ in range(want.count)]
    serves = [[want.size <= one.size and want.media in (None, one.media) for one in have] for want in wish]
    return _matched(serves) and _matched([[want.speed <= one.speed for one in cards] for want in links])


def _usable(block: Block) -> bool:
    if block.reserved or not block.healthy or block.problem:
        return False
    room = block.state is BlockState.COMPOSED_AND_AVAILABLE and len(block.systems) < block.limit
    return block.state is BlockState.UNUSED or room


def _matched(serves: list[list[bool]]) -> bool:
    """Whether every wish can have one of its own, by paths that make room for one more."""
    holder: dict[int, int] = {}

    def place(wish: int, seen: set[int]) -> bool:
        for number, fits in enumerate(serves[wish]):
            if fits and number not in seen:
                seen.add(number)
                if number not in holder or place(holder[number], seen):
                    holder[number] = wish
                    return True
        return False

    return all(place(wish, set()) for wish in range(len(serves)))


def answers(pool: Pool, wanted: Wanted) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every answer there is, with what it costs."""
    measure = Measure.of(pool.blocks, wanted)
    for zone in pool.zones:
        for size in range(1, len(pool.blocks) + 1):
            for chosen in combinations(pool.blocks, size):
                if good(chosen, zone, wanted):
                    yield sum(map(measure.cost, chosen)), tuple(sorted(one.id for one in chosen))
