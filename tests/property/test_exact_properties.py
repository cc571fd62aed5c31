"""The exact allocator keeps every promise on any schema and any disks."""

from __future__ import annotations

from typing import Any

from exact_world import MIB, Json, amounts, disk, disks, node, partitions_of, schemas
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from corral.layouts.check import check
from corral.layouts.exact import Allocation, Infeasible, SchemaInvalid, allocate, explain, parse, tables
from corral.layouts.exact.compiling import task
from corral.layouts.exact.conflicts import fits_together
from corral.layouts.exact.program import Clock
from corral.layouts.serial import from_json, to_json

PARTS = {"no-boot-disk"}


def laid_out(schema: Json, found: list[Json]) -> Allocation:
    """The allocation; an example that is refused is none."""
    try:
        return allocate(parse(schema), tables(node(*found)))
    except (Infeasible, SchemaInvalid) as error:
        event(type(error).__name__)
        assume(False)
        raise


def bounds(wish: Json) -> tuple[int, int | None]:
    """MiB that a volume must have, at least and at most."""
    if "size" in wish and wish["size"].endswith("MiB"):
        low = int(wish["size"].split()[0])
        return low, low
    high = wish.get("max")
    return int(wish.get("min", "0 MiB").split()[0]), int(high.split()[0]) if high else None


def within(size: int, wish: Json, step: int) -> bool:
    """Whether a size is in its bounds; an exact one, and a bare minimum, is rounded up by less than a step."""
    low, high = bounds(wish)
    top = low + step - 1 if high == low else high
    return low * MIB <= size and (top is None or size <= max(top, low + step - 1) * MIB)


@given(schema=schemas(), found=disks())
@settings(max_examples=40)
def test_every_layout_is_without_flaw_and_keeps_minimums_and_maximums(schema: Json, found: list[Json]) -> None:
    made = laid_out(schema, found)
    now = tables(node(*found))
    assert [flaw for flaw in check(made.layout, now) if flaw.code not in PARTS] == []
    step = int(schema.get("alignment", "1 MiB").split()[0])
    told = {one.volume: one for one in explain(made).volumes}
    for name, volume in schema["volumes"].items():
        if volume["type"] == "partition":
            assert within(told[name].size, volume, step), (name, told[name])
        if volume["type"] == "raid":
            assert told[name].size >= bounds(volume)[0] * MIB
            assert len({at[0] for at in told[name].at}) == volume["devices"]
        for part, wish in volume.get("volumes", {}).items():
            extent = int(volume["extent"].split()[0])
            assert within(told[f"{name}/{part}"].size, wish, extent), (name, part, told[f"{name}/{part}"])
        if volume["type"] != "vg" or volume["one_disk"]:
            assert len({at[0] for at in told[name].at}) == volume.get("devices", 1)
        for other, same in ((volume.get("same_disk"), True), (volume.get("other_disk"), False)):
            assert other is None or (told[other].at[0][0] == told[name].at[0][0]) is same


@given(schema=schemas(), found=disks())
def test_volumes_are_only_on_disks_that_their_selector_takes(schema: Json, found: list[Json]) -> None:
    made, facts = laid_out(schema, found), {one["name"]: one for one in found}
    for one in made.placed:
        wanted = schema["volumes"][one.volume]["disks"]
        assert wanted.get("rotational") in (None, facts[one.disk]["rotational"])
        assert "size" not in wanted or facts[one.disk]["size"] >= 900 * MIB


@given(schema=schemas(), found=disks())
def test_the_same_input_gives_the_same_layout_in_whatever_order_the_disks_come(schema: Json, found: list[Json]) -> None:
    first = laid_out(schema, found)
    assert allocate(parse(schema), tables(node(*reversed(found)))).layout == first.layout
    assert from_json(to_json(first.layout)) == first.layout


@given(schema=schemas(), found=disks(most=3), more=disks(most=1))
def test_a_further_disk_never_makes_a_layout_impossible(schema: Json, found: list[Json], more: list[Json]) -> None:
    laid_out(schema, found)
    for name in ("aaa", "zzz"):
        allocate(parse(schema), tables(node(*found, {**more[0], "name": name})))


@given(schema=schemas(), found=disks())
@settings(max_examples=40)
def test_what_conflicts_does_so_and_no_part_of_it_does(schema: Json, found: list[Json]) -> None:
    facts = tables(node(*found))
    try:
        allocate(parse(schema), facts)
    except SchemaInvalid:
        assume(False)
    except Infeasible as error:
        wanted, clock = task(parse(schema), facts), Clock(60)
        for conflict in error.conflicts:
            core = conflict.requirements
            assert not fits_together(wanted, core, clock), conflict.message
            for one in core:
                assert fits_together(wanted, [other for other in core if other != one], clock), conflict.message
        seen = [one for conflict in error.conflicts for one in conflict.requirements]
        assert len(seen) == len(set(seen))
    else:
        event("feasible")


@given(
    small=st.lists(st.integers(1, 90), max_size=4),
    found=disks(most=3),
    alignment=st.sampled_from([1, 2, 8]),
    kind=st.sampled_from(["partition", "vg"]),
)
def test_less_than_a_step_is_left_over_where_a_volume_wants_what_remains(
    small: list[int], found: list[Json], alignment: int, kind: str
) -> None:
    rest: Json = (
        {"size": "remaining"}
        if kind == "partition"
        else {"type": kind, "metadata": "1 MiB", "volumes": {"l": {"size": "remaining"}}}
    )
    volumes = {f"v{index}": {"size": f"{size} MiB"} for index, size in enumerate(small)} | {"rest": rest}
    made = laid_out({"version": 2, "alignment": f"{alignment} MiB", "volumes": volumes}, found)
    step = max(alignment, 4 if kind == "vg" else 1) * MIB
    overhead = (4 + 4) * MIB if kind == "vg" else 0  # three MiB of overhead, in whole extents, and the extent itself
    mine = {(one.disk, one.partition.end) for one in made.placed if one.volume == "rest"}
    for space in made.problem.spaces:
        for gap in space.gaps:
            start, end = gap.start * alignment * MIB, (gap.start + gap.size) * alignment * MIB
            here = [
                one for one in made.placed if one.disk == space.table.disk.name and start <= one.partition.start < end
            ]
            left = end - start - sum(one.partition.size for one in here)
            has_rest = any((one.disk, one.partition.end) in mine for one in here)
            assert left < step or not has_rest
            assert kind == "partition" or left < step + overhead


# -- against a search through everything ------------------------------------------------------------------

TINY = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=3)


def tiny(wishes: list[tuple[int, int, int]], rooms: list[int]) -> tuple[Json, list[Json], list[tuple[int, int]]]:
    parts = {
        f"v{index}": {"min": f"{low} MiB", "max": f"{low + more} MiB", "weight": weight}
        for index, (low, more, weight) in enumerate(wishes)
    }
    found = [disk(f"sd{index}", room) for index, room in enumerate(rooms)]
    return {"version": 2, "volumes": parts}, found, [(low, low + more) for low, more, _ in wishes]


@given(wishes=TINY, rooms=st.lists(st.integers(1, 7), min_size=1, max_size=3))
@settings(max_examples=40)
def test_it_is_as_good_as_the_best_of_all_layouts(wishes: list[tuple[int, int, int]], rooms: list[int]) -> None:
    schema, found, ranges = tiny(wishes, rooms)
    every = list(partitions_of(ranges, rooms))
    try:
        made = allocate(parse(schema), tables(node(*found)))
    except Infeasible:
        assert every == []
        return
    sizes = tuple(one.size // MIB for one in explain(made).volumes)
    assert sizes in every
    weights = [weight for _, _, weight in wishes]
    best = max(min(size / weight for size, weight in zip(each, weights, strict=True)) for each in every)
    for size, weight, (low, high) in zip(sizes, weights, ranges, strict=True):
        # Every share is within a unit of the best common level, or at its own limit.
        assert size > min(best * weight, high) - 1 or size == low, (sizes, best)
    # Nobody could have one unit more with all others as they are.
    for index in range(len(sizes)):
        assert (*sizes[:index], sizes[index] + 1, *sizes[index + 1 :]) not in every, (sizes, index)


@given(wish=amounts(40), sizes=st.lists(st.integers(20, 80), min_size=1, max_size=3))
def test_a_partition_alone_gets_the_most_that_its_wish_and_the_disks_allow(wish: Json, sizes: list[int]) -> None:
    schema: dict[str, Any] = {"version": 2, "volumes": {"v": wish}}
    low, high = bounds(wish)
    try:
        made = allocate(parse(schema), tables(node(*(disk(f"sd{one}", size) for one, size in enumerate(sizes)))))
    except Infeasible:
        assert low > max(sizes)
        return
    size = explain(made).volumes[0].size // MIB
    room = next(sizes[int(one.disk[2:])] for one in made.placed)
    if wish.get("size", "").endswith("%"):
        assert size == max(low, room * int(wish["size"][:-1]) // 100, 1)
    elif set(wish) == {"min"} or high == low:
        assert size == low
    else:
        assert size == min(high or max(sizes), max(sizes))
