"""Equal disks, taken together.

A class of equal disks could be filled alike in as many ways as it has orders, and a solver would look at all of them. So a disk
has its `order` in its class, from which `model` says how far down the class a piece may be; and of a large class only so many
disks are looked at one by one as can matter. The rest is a bulk: each of its disks is given to one group as a whole, or left.

Nothing is lost by that. Pieces that are single use at most as many disks as there are such pieces. On the others, extents can be
moved around any ring of disks and groups until one piece of it is gone, and from one partly filled disk of a group to another;
then, for K groups, at most K - 1 disks are shared, and K more are partly filled. This needs extents that all take the same room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corral.layouts.exact.problem import Ask, Problem


@dataclass(frozen=True, slots=True)
class Bin:
    """One disk, or a bulk. `group`: which class of equal disks; `order`: the place within it."""

    disks: tuple[int, ...]
    group: int
    order: int
    bulk: bool = False


def single_pieces(ask: Ask) -> int:
    """How many disks a volume is on when that number is known; 0 for a group that spreads."""
    return 1 if ask.spread and ask.spec.one_disk else ask.pieces


def bins(problem: Problem, asks: Sequence[int]) -> list[Bin]:
    """The disks that these volumes may be on, by class."""
    classes: dict[object, list[int]] = defaultdict(list)
    chosen = [problem.asks[number] for number in asks]
    for disk in sorted({disk for ask in chosen for disk in (*ask.caps, *(slot.disk for slot in ask.slots))}):
        classes[_likeness(problem, chosen, disk)].append(disk)
    found = []
    for group, disks in enumerate(classes.values()):
        looked_at = _looked_at([ask for ask in chosen if disks[0] in ask.caps], len(disks))
        found += [Bin((disk,), group, order) for order, disk in enumerate(disks[:looked_at])]
        if looked_at < len(disks):
            found.append(Bin(tuple(disks[looked_at:]), group, looked_at, bulk=True))
    return found


def _likeness(problem: Problem, asks: list[Ask], disk: int) -> object:
    """Equal for disks that no volume can tell apart. A disk with something on it is like no other."""
    gaps = problem.spaces[disk].gaps
    if len(gaps) != 1 or any(slot.disk == disk for ask in asks for slot in ask.slots):
        return disk
    return gaps, tuple((ask.caps.get(disk), ask.aim.get(disk)) for ask in asks)


def _looked_at(asks: list[Ask], count: int) -> int:
    spreading = [ask for ask in asks if not single_pieces(ask)]
    if len({(ask.load, ask.gain) for ask in spreading}) > 1:
        return count
    return min(count, sum(single_pieces(ask) for ask in asks) + 2 * len(spreading))
