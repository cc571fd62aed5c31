"""Which blocks are chosen, and what is told when none are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.chooser import Choice, NoFit, choose, room
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
from corral.domain.errors import Invalid

GB, GIB = 10**9, 1024


def block(name: str, kind: BlockKind = BlockKind.COMPUTE, *also: BlockKind, zones: str = "z", **fields: Any) -> Block:
    return Block(name, frozenset({kind, *also}), zones=frozenset(zones.split()), **fields)


def pool(*blocks: Block, **limits: Limit) -> Pool:
    """A pool of all zones that the blocks are in, each with those limits."""
    names = sorted({zone for one in blocks for zone in one.zones})
    bounds = {BlockKind[kind.upper()]: limit for kind, limit in limits.items()}
    return Pool(blocks, tuple(Zone(name, limits=bounds) for name in names))


def chosen(pool: Pool, *wanted: Any, exclude: tuple[str, ...] = (), **more: Any) -> tuple[str, ...]:
    found = choose(pool, Wanted(*wanted, **more), exclude)
    assert isinstance(found, Choice), found
    assert found.exact
    return found.blocks


def refused(pool: Pool, *wanted: Any, **more: Any) -> NoFit:
    found = choose(pool, Wanted(*wanted, **more))
    assert isinstance(found, NoFit), found
    return found


def test_two_small_blocks_are_better_than_a_large_one_that_leaves_much_over() -> None:
    large = block("a", cores=64, memory=64 * GIB)
    small = [block(name, cores=8, memory=8 * GIB) for name in "bcd"]
    assert chosen(pool(large, *small), 16, 16 * GIB) == ("b", "c")
    assert chosen(pool(large, *small), 30, 16 * GIB) == ("a",)


def test_of_equal_blocks_the_first_by_id_are_taken() -> None:
    assert chosen(pool(*(block(name, cores=8) for name in "dbca")), 16, 0) == ("a", "b")


def test_of_equal_choices_that_of_fewer_blocks_is_taken() -> None:
    halves = [block(name, cores=8) for name in "ab"]
    assert chosen(pool(*halves, block("c", cores=16)), 16, 0) == ("c",)


def test_blocks_that_fit_in_many_zones_stay_free() -> None:
    found = pool(block("a", cores=8, zones="x y"), block("b", cores=8, zones="x"), block("c", cores=8, zones="y"))
    assert chosen(found, 8, 0) == ("b",)


def test_blocks_with_scarce_kinds_or_traits_that_nobody_asked_for_stay_free() -> None:
    plain = [block(name, cores=8) for name in "cd"]
    assert chosen(pool(block("a", BlockKind.COMPUTE, BlockKind.EXPANSION, cores=8), *plain), 8, 0) == ("c",)
    gpu = block("b", cores=8, traits=frozenset({"GPU"}))
    assert chosen(pool(gpu, *plain), 8, 0) == ("c",)
    assert chosen(pool(gpu, *plain), 8, 0, traits=frozenset({"GPU"})) == ("b",)


def test_a_block_brings_all_its_drives_and_each_serves_one_wish() -> None:
    big = block("a", BlockKind.STORAGE, drives=(Drive(2000 * GB, Media.NVME),))
    four = block("b", BlockKind.STORAGE, drives=tuple([Drive(480 * GB, Media.SSD)] * 4))
    wish = (WantedDrives(400 * GB, 2, Media.SSD), WantedDrives(1000 * GB))
    assert chosen(pool(big, four), 0, 0, wish) == ("a", "b")
    told = refused(pool(big), 0, 0, (WantedDrives(400 * GB, 2),))
    assert [one.message for one in told.reasons] == ["disks: best zone has 1 of 2 drives of at least 400 GB free"]
    same = (WantedDrives(400 * GB, 2, Media.SSD), WantedDrives(400 * GB, 3))
    told = refused(pool(big, replace(four, drives=four.drives[:3])), 0, 0, same)
    assert "4 of 5 drives of at least 400 GB on SSD or of at least 400 GB" in told.reasons[0].message


def test_interfaces_are_matched_by_speed_and_an_unknown_speed_serves_only_who_wants_none() -> None:
    cards = pool(
        block("a", BlockKind.NETWORK, adapters=(Adapter(0), Adapter(0))),
        block("b", BlockKind.NETWORK, adapters=(Adapter(25_000),)),
    )
    assert chosen(cards, 0, 0, adapters=(WantedAdapters(1, 10_000),)) == ("b",)
    assert chosen(cards, 0, 0, adapters=(WantedAdapters(2), WantedAdapters(1, 10_000))) == ("a", "b")


def test_a_system_keeps_to_the_limits_of_its_zone() -> None:
    blocks = [block(name, BlockKind.MEMORY, memory=8 * GIB) for name in "abc"]
    assert chosen(pool(*blocks, memory=Limit(most=3)), 0, 24 * GIB) == ("a", "b", "c")
    told = refused(pool(*blocks, memory=Limit(most=2)), 0, 24 * GIB)
    assert [(one.free, one.wanted) for one in told.reasons] == [(16 * GIB, 24 * GIB)]


def test_a_kind_of_which_a_system_must_have_some_is_taken_though_nothing_of_it_is_wanted() -> None:
    found = pool(
        block("a", cores=8), block("b", BlockKind.EXPANSION), block("c", BlockKind.EXPANSION), expansion=Limit(1)
    )
    assert chosen(found, 8, 0) == ("a", "b")
    told = refused(pool(block("a", cores=8), expansion=Limit(1)), 8, 0)
    assert told.reasons[0].message == "Expansion: a system needs at least 1 such blocks, and 0 are free"


def test_one_zone_must_hold_everything_and_that_is_told() -> None:
    apart = pool(block("a", cores=16, zones="x"), block("b", BlockKind.MEMORY, memory=64 * GIB, zones="y"))
    told = refused(apart, 16, 64 * GIB)
    assert [one.message for one in told.reasons] == [
        "each requirement fits into some zone alone, but all together into none",
        "zone x: memory 0 of 64 GiB",
        "zone y: cpus 0 of 16 cores",
    ]


def test_limits_that_let_each_requirement_through_but_not_all_are_told() -> None:
    found = pool(block("a", cores=16), block("b", memory=64 * GIB), compute=Limit(most=1))
    told = refused(found, 16, 64 * GIB)
    assert told.reasons[1].message == (
        "zone z: each requirement alone would do, but not all within its limits of at most 1 Compute blocks"
    )


def test_every_requirement_that_is_short_is_told_at_once_with_what_was_not_counted() -> None:
    found = pool(
        block("a", cores=8, memory=384 * GIB),
        block("b", cores=64, state=BlockState.COMPOSED, systems=("s",)),
        block("c", cores=64, reserved=True),
        block("d", cores=64, healthy=False),
        block("e", cores=64, problem="no answer"),
    )
    told = refused(found, 16, 512 * GIB, (WantedDrives(GB),), traits=frozenset({"GPU"}))
    assert [one.message for one in told.reasons] == [
        "cpus: best zone has 8 of 16 cores free",
        "memory: best zone has 384 of 512 GiB free",
        "disks: best zone has 0 of 1 drives of at least 1 GB free",
        "trait GPU: best zone has 0 of 1 block free",
    ]
    assert dict(told.taken) == {"in use": 1, "reserved": 1, "unhealthy": 1, "unreadable": 1}
    assert told.message.endswith("Not counted: 1 in use, 1 reserved, 1 unhealthy, 1 unreadable.")


def test_a_shared_block_is_free_while_it_has_room() -> None:
    shared = block("a", cores=8, state=BlockState.COMPOSED_AND_AVAILABLE, systems=("s",), limit=2)
    assert chosen(pool(shared), 8, 0) == ("a",)
    refused(pool(replace(shared, systems=("s", "t"))), 8, 0)


def test_excluded_blocks_are_left_alone() -> None:
    found = pool(block("a", cores=8), block("b", cores=8))
    assert chosen(found, 8, 0, exclude=("a",)) == ("b",)
    assert dict(refused(pool(), 8, 0).taken) == {}


def test_an_empty_wish_is_refused() -> None:
    with pytest.raises(Invalid, match="Nothing is wanted"):
        choose(pool(block("a", cores=8)), Wanted(0, 0))


def test_the_room_of_a_pod_tells_what_no_single_system_could_have() -> None:
    found = room(pool(block("a", cores=8, zones="x"), block("b", cores=24, zones="y"), block("c", reserved=True)))
    assert found.free["cpus"] == 32
    assert found.fragmentation["cpus"] == 0.25
    assert found.kinds == {"Compute": {"free": 2, "reserved": 1}}
    capped = room(pool(block("a", cores=8), block("b", cores=24), compute=Limit(most=1)))
    assert capped.zones[0].largest["cpus"] == 24
