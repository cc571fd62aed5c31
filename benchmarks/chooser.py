"""`python -m benchmarks.chooser`: choosing blocks. It needs no service.

Time and surplus on pools of 100, 1,000 and 10,000 blocks of some hardware models, and of as many blocks of which no two are alike;
whether an exhaustive search finds anything cheaper, where it comes to an end; and how many requests are placed in 1,000 random
cycles of composing and releasing, against first-fit on the same requests.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.report import tell
from corral.chooser import Choice, choose, room
from corral.chooser.demand import Measure, Requirement, requirements
from corral.domain.blocks import (
    Adapter,
    Block,
    BlockKind,
    BlockState,
    Drive,
    Media,
    Pool,
    Wanted,
    WantedAdapters,
    WantedDrives,
    Zone,
)

GB, GIB = 10**9, 1024
SIZES = (100, 1000, 10_000)
STEPS = 3_000_000
"""Of the exhaustive search: after so many it is given up."""
AIM = 1.0
WISHES = {
    "one drive": Wanted(8, 32 * GIB, (WantedDrives(480 * GB),), (WantedAdapters(1, 10_000),)),
    "database": Wanted(
        48, 384 * GIB, (WantedDrives(480 * GB, 2, Media.SSD), WantedDrives(900 * GB, 3)), (WantedAdapters(2, 25_000),)
    ),
    "storage": Wanted(
        96, 700 * GIB, (WantedDrives(960 * GB, 5, Media.NVME),), (WantedAdapters(1, 10_000), WantedAdapters(2, 1000))
    ),
}


def pool(count: int, alike: bool, zones: int = 4, seed: int = 1) -> Pool:
    """Blocks with processors, memory, drives and interfaces; a twentieth of them in each further zone too."""
    chance = random.Random(seed)
    blocks = tuple(_block(chance, number, alike, zones) for number in range(count))
    return Pool(blocks, tuple(Zone(f"zone-{number}") for number in range(zones)))


def _block(chance: random.Random, number: int, alike: bool, zones: int) -> Block:
    def amount(models: Sequence[int], least: int, most: int) -> int:
        return chance.choice(models) if alike else chance.randint(least, most)

    kind = chance.choices(
        (BlockKind.COMPUTE, BlockKind.MEMORY, BlockKind.STORAGE, BlockKind.NETWORK), (28, 17, 25, 30)
    )[0]
    places = {f"zone-{one}" for one in range(zones) if one == number % zones or chance.random() < 0.05}
    block = Block(f"block-{number:05}", frozenset({kind}), zones=frozenset(places))
    if kind is BlockKind.COMPUTE:
        return replace(block, cores=amount((8, 16, 32, 64), 4, 64), memory=GIB * amount((32, 64, 128, 256), 16, 256))
    if kind is BlockKind.MEMORY:
        return replace(block, memory=GIB * amount((64, 128, 256), 16, 512))
    if kind is BlockKind.NETWORK:
        speeds = [chance.choice((1000, 10_000, 25_000, 100_000)) for _ in range(chance.choice((1, 2)))]
        return replace(block, adapters=tuple(map(Adapter, speeds)))
    count, medium = chance.choice((1, 2, 4)), chance.choice(list(Media))
    return replace(block, drives=tuple([Drive(GB * amount((480, 960, 1920, 3840), 200, 4000), medium)] * count))


# --- against everything -----------------------------------------------------------------------------------------


def anything_cheaper(pool: Pool, wanted: Wanted, cost: int) -> bool | None:
    """Whether some set of blocks of one zone does for less than `cost`; None when there are too many sets to try."""
    measure, sums = Measure.of(pool.blocks, wanted), requirements(wanted)
    steps = [STEPS]
    for zone in pool.zones:
        inside = [one for one in pool.blocks if one.free and zone.id in one.zones]
        rows = [(measure.cost(one), tuple(each.amount(one) for each in sums)) for one in inside]
        useful = sorted((row for row in rows if any(row[1])), key=lambda row: row[0])
        found = _search(useful, 0, tuple(one.need for one in sums), cost, steps)
        if found is not False:
            return found
    return False


def _search(
    rows: Sequence[tuple[int, tuple[int, ...]]], start: int, missing: tuple[int, ...], left: int, steps: list[int]
) -> bool | None:
    """Whether blocks from `start` on cover what is missing for less than `left`. Rows come by cost."""
    if max(missing) <= 0:
        return left > 0
    for number in range(start, len(rows)):
        cost, cover = rows[number]
        if cost >= left:
            return False
        steps[0] -= 1
        if steps[0] < 0:
            return None
        rest = tuple(need - have for need, have in zip(missing, cover, strict=True))
        found = _search(rows, number + 1, rest, left - cost, steps)
        if found is not False:
            return found
    return False


def _told(pool: Pool, wanted: Wanted, found: Choice) -> str:
    measure = Measure.of(pool.blocks, wanted)
    cost = sum(measure.cost(one) for one in pool.blocks if one.id in found.blocks)
    cheaper = anything_cheaper(pool, wanted, cost)
    return {None: "not tried to the end", False: "none cheaper", True: "A CHEAPER ONE"}[cheaper]


# --- in use -----------------------------------------------------------------------------------------------------

Chooser = Callable[[Pool, Wanted], Sequence[str] | None]


def best(pool: Pool, wanted: Wanted) -> Sequence[str] | None:
    """Corral's."""
    found = choose(pool, wanted)
    return found.blocks if isinstance(found, Choice) else None


def first_fit(pool: Pool, wanted: Wanted) -> Sequence[str] | None:
    """In the first zone that does, each block in order that has something of what is still missing."""
    sums = requirements(wanted)
    for zone in pool.zones:
        inside = [one for one in pool.blocks if one.free and zone.id in one.zones]
        taken = _first(inside, sums)
        if taken is not None:
            return taken
    return None


def _first(blocks: Sequence[Block], sums: Sequence[Requirement]) -> list[str] | None:
    missing, taken = [one.need for one in sums], []
    for block in blocks:
        cover = [one.amount(block) for one in sums]
        if any(have > 0 and need > 0 for have, need in zip(cover, missing, strict=True)):
            missing = [need - have for need, have in zip(missing, cover, strict=True)]
            taken.append(block.id)
        if max(missing) <= 0:
            return taken
    return None


def cycles(chooser: Chooser, blocks: int, count: int, seed: int) -> dict[str, Any]:
    """Requests come and go at random; the same ones for every chooser. What is placed, and what is left in pieces at the end."""
    chance, here = random.Random(seed), pool(blocks, alike=True, zones=2, seed=seed)
    state = {one.id: one for one in here.blocks}
    living: dict[int, Sequence[str]] = {}
    asked: list[int] = []
    placed = 0
    for number in range(count):
        wanted = _request(chance)
        if asked and chance.random() < len(asked) / 40:  # about twenty live at a time, were all placed
            for one in living.pop(asked.pop(chance.randrange(len(asked))), ()):
                state[one] = replace(state[one], state=BlockState.UNUSED)
        asked.append(number)
        taken = chooser(Pool(tuple(state.values()), here.zones), wanted)
        for one in taken or ():
            state[one] = replace(state[one], state=BlockState.COMPOSED)
        if taken is not None:
            placed += 1
            living[number] = taken
    left = room(Pool(tuple(state.values()), here.zones))
    return {"asked": count, "placed": placed, "living": len(living), "fragmentation": dict(left.fragmentation)}


def _request(chance: random.Random) -> Wanted:
    drives = WantedDrives(
        chance.choice((200, 480, 900)) * GB, chance.choice((1, 1, 2)), chance.choice((None, None, *Media))
    )
    adapters = WantedAdapters(chance.choice((1, 1, 2)), chance.choice((1000, 10_000, 25_000)))
    cores = chance.choice((4, 8, 8, 16, 32, 64))
    return Wanted(cores, cores * chance.choice((2, 4, 8)) * GIB, (drives,), (adapters,))


# --- telling ----------------------------------------------------------------------------------------------------


def main() -> int:
    args = _parse()
    result: dict[str, Any] = {"choices": [], "cycles": {}}
    rows: list[tuple[str, str]] = []
    for count in (one for one in SIZES if one <= args.most):
        for alike in (True, False):
            _choices(count, alike, args.runs, result, rows)
    if args.cycles:
        _cycles(args, result, rows)
    tell(result, rows, args.json)
    return 0


def _choices(count: int, alike: bool, runs: int, result: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    here = pool(count, alike)
    for name, wanted in WISHES.items():
        times, busy = [], []
        for _ in range(runs):
            start, used = time.perf_counter(), time.process_time()
            found = choose(here, wanted)
            times.append(time.perf_counter() - start)
            busy.append(time.process_time() - used)
        label = f"{count} blocks, {'models' if alike else 'all different'}, {name}"
        if not isinstance(found, Choice):
            rows.append((label, f"{statistics.median(times):7.3f} s  nothing fits"))
            continue
        told = _told(here, wanted, found) if count <= 100 else "proven" if found.exact else f"bound {found.bound:.3f}"
        seconds, processor = statistics.median(times), statistics.median(busy)
        aim = f"  aim {AIM:.0f} s: {'kept' if seconds <= AIM else 'missed'}" if count == 1000 else ""
        rows.append(
            (
                label,
                f"{seconds:7.3f} s ({processor:6.3f} s of processor)  surplus {found.surplus.score:6.3f}  {told}{aim}",
            )
        )
        entry = {"blocks": count, "models": alike, "wish": name, "seconds": round(seconds, 4)}
        entry["processor_seconds"] = round(processor, 4)
        result["choices"].append(
            {**entry, "surplus": found.surplus.score, "bound": found.bound, "exact": found.exact, "exhaustive": told}
        )


def _cycles(args: argparse.Namespace, result: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    for name, chooser in (("corral", best), ("first-fit", first_fit)):
        runs = [cycles(chooser, args.blocks, args.cycles, seed) for seed in range(1, args.seeds + 1)]
        result["cycles"][name] = runs
        placed, asked = sum(run["placed"] for run in runs), sum(run["asked"] for run in runs)
        memory = statistics.mean(run["fragmentation"]["memory"] for run in runs)
        rows.append((f"{args.blocks} blocks, {name}", f"{placed} of {asked} placed, memory in pieces {memory:.2f}"))


def _parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chooser", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="counted choices of each kind (default 3)")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="no pools larger than that (default 10000)")
    parser.add_argument(
        "--cycles", type=int, default=1000, help="requests of a run; 0 leaves this part out (default 1000)"
    )
    parser.add_argument(
        "--blocks", type=int, default=160, help="blocks of the pool in which they are placed (default 160)"
    )
    parser.add_argument("--seeds", type=int, default=3, help="runs, each with other blocks and requests (default 3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
