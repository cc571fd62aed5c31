"""What is wanted, as sums that blocks must reach together, and what a block costs.

Drives and interfaces must be matched one by one: a drive serves one wish only. By Hall's theorem that is the same as: of every set
of wishes, there are as many drives that serve some of them as the set asks for. Each such set is one more sum, and only sets
that are as large as can be for their drives count, so there are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from corral.chooser.words import adapters_text, drives_text, gib
from corral.domain.blocks import Block, Drive, Media, Wanted, WantedDrives

SCALE = 1000
"""Costs are whole numbers, in this many parts of a typical block: sums of them can be compared."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Blocks whose `amount`s add up to `need`. `text`: an amount of it, for people: `384 of 512 GiB free`."""

    key: str
    need: int
    amount: Callable[[Block], int]
    text: Callable[[int, int], str]


def requirements(wanted: Wanted) -> tuple[Requirement, ...]:
    """Everything that is wanted, in the order in which it is told."""
    found = [
        Requirement("cpus", wanted.cores, lambda block: block.cores, lambda have, need: f"{have} of {need} cores"),
        Requirement(
            "memory", wanted.memory, lambda block: block.memory, lambda have, need: f"{gib(have)} of {gib(need)} GiB"
        ),
        *_drives(wanted),
        *_adapters(wanted),
        *(_trait(trait) for trait in sorted(wanted.traits)),
    ]
    return tuple(one for one in found if one.need > 0)


def _trait(trait: str) -> Requirement:
    return Requirement(
        f"trait {trait}", 1, lambda block: int(trait in block.traits), lambda have, need: f"{have} of {need} block"
    )


# --- drives ---------------------------------------------------------------------------------------------------


def _drives(wanted: Wanted) -> Iterator[Requirement]:
    for floors in _floors(wanted.drives):
        served = [one for one in wanted.drives if one.media in floors and one.size >= floors[one.media]]
        yield _of_drives(floors, sum(one.count for one in served), " or ".join(dict.fromkeys(map(drives_text, served))))


def _of_drives(floors: Mapping[Media | None, int], need: int, text: str) -> Requirement:
    def amount(block: Block) -> int:
        return sum(_serves(floors, one) for one in block.drives)

    return Requirement("disks", need, amount, lambda have, need: f"{have} of {need} drives {text}")


def _floors(wishes: Iterable[WantedDrives]) -> Iterator[Mapping[Media | None, int]]:
    """For each medium the least size that a set of wishes has for it: of all sets with the same, the largest."""
    sizes: dict[Media | None, set[int]] = {}
    for one in wishes:
        sizes.setdefault(one.media, set()).add(one.size)
    media = sorted(sizes, key=str)
    picks = product(*([None, *sorted(sizes[one], reverse=True)] for one in media))
    # Alone first: what is told about one wish is clearer than about a set.
    for pick in sorted(picks, key=lambda pick: sum(one is not None for one in pick)):
        if any(one is not None for one in pick):
            yield {kind: size for kind, size in zip(media, pick, strict=True) if size is not None}


def _serves(floors: Mapping[Media | None, int], drive: Drive) -> bool:
    return any(drive.size >= floors[kind] for kind in {None, drive.media} if kind in floors)


# --- interfaces -----------------------------------------------------------------------------------------------


def _adapters(wanted: Wanted) -> Iterator[Requirement]:
    for floor in sorted({one.speed for one in wanted.adapters}, reverse=True):
        yield _of_adapters(floor, sum(one.count for one in wanted.adapters if one.speed >= floor))


def _of_adapters(floor: int, need: int) -> Requirement:
    def amount(block: Block) -> int:
        return sum(one.speed >= floor for one in block.adapters)

    return Requirement("nics", need, amount, lambda have, need: f"{have} of {need} {adapters_text(floor)}")


# --- cost -----------------------------------------------------------------------------------------------------


def amounts(block: Block) -> tuple[int, int, int, int]:
    """Cores, MiB, bytes, and Mbit/s. An interface of unknown speed counts as one of 1 Gbit/s."""
    return (
        block.cores,
        block.memory,
        sum(one.size for one in block.drives),
        sum(one.speed or 1000 for one in block.adapters),
    )


def wanted_amounts(wanted: Wanted) -> tuple[int, int, int, int]:
    """The same of what is wanted."""
    return (
        wanted.cores,
        wanted.memory,
        sum(one.size * one.count for one in wanted.drives),
        sum(one.speed * one.count for one in wanted.adapters),
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """`units`: what one typical block has of each amount, or all that is wanted, whichever is more: a surplus is counted in these.

    Taken from the whole pool, used blocks included: so it does not move while blocks come and go."""

    units: tuple[int, int, int, int]

    @classmethod
    def of(cls, blocks: Iterable[Block], wanted: Wanted) -> Measure:
        columns = list(zip(*map(amounts, blocks), strict=True)) or [(), (), (), ()]
        typical = [sum(column) // max(1, sum(map(bool, column))) for column in columns]
        cores, memory, disk, network = (max(1, *pair) for pair in zip(typical, wanted_amounts(wanted), strict=True))
        return cls((cores, memory, disk, network))

    def cost(self, block: Block) -> int:
        """What taking it costs. One part more for the block itself: fewer blocks are better, and none comes for nothing."""
        return 1 + sum(have * SCALE // unit for have, unit in zip(amounts(block), self.units, strict=True))
