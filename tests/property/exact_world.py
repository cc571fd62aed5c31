"""Small nodes and schemas for the exact allocator, made by hypothesis, and a search through all layouts of tiny ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import strategies as st

MIB = 2**20
Json = dict[str, Any]


def disk(name: str, mib: int, **facts: Any) -> Json:
    """A disk with exactly so many usable MiB: one more in front, and a bit behind for the second table."""
    return {"name": name, "size": (mib + 1) * MIB + 20 * 1024 // 512 * 512, **facts}


def node(*disks: Json) -> Json:
    return {"meta": {"disks": list(disks)}}


@st.composite
def disks(draw: st.DrawFn, most: int = 4, largest: int = 4000) -> list[Json]:
    found = []
    for index in range(draw(st.integers(1, most))):
        size = draw(st.sampled_from([300, 1000, 1000, 2500]) | st.integers(200, largest))
        one = disk(f"sd{'abcdefgh'[index]}", size, rotational=draw(st.booleans()))
        if draw(st.integers(0, 3)) == 0:
            start, length = draw(st.integers(1, size - 20)), draw(st.integers(1, 20))
            odd = draw(st.sampled_from([0, 512, 4096]))
            kept = {"number": 3, "start": start * MIB + odd, "size": length * MIB, "name": "old", "keep": True}
            one["partitions"] = [kept]
        found.append(one)
    return found


SELECTORS = st.sampled_from([{}, {}, {"rotational": True}, {"rotational": False}, {"size": {"min": "900 MiB"}}])


@st.composite
def amounts(draw: st.DrawFn, most: int) -> Json:
    low = draw(st.integers(1, most))
    match draw(st.integers(0, 5)):
        case 0:
            return {"size": f"{low} MiB"}
        case 1:
            return {"min": f"{low} MiB"}
        case 2:
            return {
                "min": f"{low} MiB",
                "max": f"{low + draw(st.integers(8, 2 * most))} MiB",
                "weight": draw(st.integers(1, 3)),
            }
        case 3:
            return {"size": f"{draw(st.integers(1, 100))}%", "min": f"{low} MiB"}
        case 4:
            return {"size": "remaining", "min": f"{low} MiB"}
        case _:
            return {"weight": draw(st.integers(1, 4))}


@st.composite
def volumes(draw: st.DrawFn, most: int = 4) -> Json:
    found: Json = {}
    for index in range(draw(st.integers(1, most))):
        name, kind = f"v{index}", draw(st.sampled_from(["partition", "partition", "vg", "vg", "raid"]))
        one: Json = {"type": kind, "disks": draw(SELECTORS)}
        if kind == "raid":
            level, devices = draw(st.sampled_from([("0", 2), ("1", 2), ("5", 3), ("10", 2)]))
            one |= {"level": level, "devices": devices, **draw(amounts(300))}
        elif kind == "vg":
            one |= {
                "metadata": "1 MiB",
                "one_disk": draw(st.booleans()),
                "extent": draw(st.sampled_from(["1 MiB", "4 MiB", "16 MiB"])),
            }
            one["volumes"] = {f"l{part}": draw(amounts(200)) for part in range(draw(st.integers(1, 3)))}
        else:
            one |= draw(amounts(400))
        others = [other for other in found if found[other]["type"] == "partition"]
        if others and kind == "partition" and draw(st.integers(0, 4)) == 0:
            one[draw(st.sampled_from(["same_disk", "other_disk"]))] = draw(st.sampled_from(others))
        found[name] = one
    return found


@st.composite
def schemas(draw: st.DrawFn) -> Json:
    made: Json = {"version": 2, "volumes": draw(volumes())}
    if draw(st.integers(0, 2)) == 0:
        made["alignment"] = draw(st.sampled_from(["2 MiB", "8 MiB"]))
    return made


# -- every layout of a tiny case --------------------------------------------------------------------------


def partitions_of(wishes: list[tuple[int, int]], rooms: list[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of sizes (low to high, in MiB) for partitions on disks of so many MiB, wherever they go."""
    for sizes in product(*(range(low, high + 1) for low, high in wishes)):
        if any(
            all(
                sum(size for size, at in zip(sizes, places, strict=True) if at == one) <= room
                for one, room in enumerate(rooms)
            )
            for places in product(range(len(rooms)), repeat=len(wishes))
        ):
            yield sizes
