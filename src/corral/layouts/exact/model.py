"""The program of a problem: which piece of which volume is in which gap, and how large it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corral.layouts.exact.bins import Bin, bins, single_pieces
from corral.layouts.exact.problem import Ask, Problem
from corral.layouts.exact.program import Clock, Program

Ranges = Sequence[tuple[int, int]]
"""The counts that each ask may have in this stage: from, to."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a solution: `count` of an ask in a gap of a disk. `reused`: `gap` is a place in the ask's slots instead."""

    ask: int
    disk: int
    gap: int
    count: int
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece may be. `taken`: the variable that is 1 if it is; `count`: the one that says how large, None when that is
    known. `bulk`: the place is a whole disk of a bulk, and `taken` says of how many."""

    ask: int
    disk: int
    gap: int
    taken: int
    count: int | None = None
    reused: bool = False
    bulk: Bin | None = None


class Model:
    """The program for some of the asks, which share no disk with the others."""

    def __init__(self, problem: Problem, asks: Sequence[int], ranges: Ranges) -> None:
        self.problem = problem
        self.ranges = ranges
        self.program = Program()
        self.totals: dict[int, int] = {}
        self.places: dict[int, list[Place]] = {number: [] for number in asks}
        self._on_disk: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._choose(bins(problem, asks))
        for number in asks:
            self._count(number, problem.asks[number])
        self._fit()
        self._rules()

    # -- where pieces may be ----------------------------------------------------------------------------------

    def _choose(self, found: list[Bin]) -> None:
        before: dict[int, int] = defaultdict(int)
        for number, places in self.places.items():
            ask = self.problem.asks[number]
            places += [
                Place(number, slot.disk, index, self._binary(), reused=True) for index, slot in enumerate(ask.slots)
            ]
            single = single_pieces(ask)
            for one in (one for one in found if one.disks[0] in ask.caps):
                if one.bulk and not single:
                    taken = self.program.variable(0, len(one.disks))
                    places.append(Place(number, one.disks[0], 0, taken, bulk=one))
                elif not one.bulk and (not single or one.order < before[one.group] + single):
                    places += self._in_gaps(number, ask, one.disks[0])
            for group in {one.group for one in found if one.disks[0] in ask.caps}:
                before[group] += single

    def _in_gaps(self, number: int, ask: Ask, disk: int) -> Iterable[Place]:
        low, high = self.ranges[number]
        for gap, room in enumerate(self.problem.spaces[disk].gaps):
            most = min(ask.most(room.size), ask.caps[disk], high if ask.pieces else -(-(high + ask.loss) // ask.gain))
            if most < (low if ask.pieces else ask.least):
                continue
            taken = self._binary()
            if ask.pieces and low == high:
                yield Place(number, disk, gap, taken)
                continue
            count = self.program.variable(0, most)
            self.program.row(((count, 1), (taken, -most)), high=0)
            self.program.row(((count, 1), (taken, -(low if ask.pieces else ask.least))), low=0)
            yield Place(number, disk, gap, taken, count)

    def _binary(self) -> int:
        return self.program.variable(0, 1)

    # -- how much there is of each ----------------------------------------------------------------------------

    def _count(self, number: int, ask: Ask) -> None:
        places, (low, high) = self.places[number], self.ranges[number]
        if ask.pieces:
            self.program.row([(place.taken, 1) for place in places], ask.pieces, ask.pieces)
            self._apart_from_itself(ask, places)
        counted = [(place.count, ask.gain) for place in places if place.count is not None]
        if not counted and ask.pieces:
            return
        total = self.totals[number] = self.program.variable(low, high)
        if ask.pieces:
            self.program.row([*counted, (total, -ask.pieces)], 0, 0)
            for count, _ in counted if ask.pieces > 1 else ():
                self.program.row(((count, 1), (total, -1)), high=0)
            return
        lost = [(place.taken, self._whole(ask, place) if place.bulk else -ask.loss) for place in places]
        self.program.row([*counted, *((taken, factor) for taken, factor in lost if factor), (total, -1)], 0, 0)
        if ask.spec.one_disk:
            self._on_one_disk(number, places)

    def _whole(self, ask: Ask, place: Place) -> int:
        """The count that a whole disk of a bulk adds."""
        return ask.gain * self._most(ask, place) - ask.loss

    def _most(self, ask: Ask, place: Place) -> int:
        return ask.most(self.problem.spaces[place.disk].gaps[0].size)

    def _apart_from_itself(self, ask: Ask, places: list[Place]) -> None:
        """The members of an array are on different disks."""
        on: dict[int, list[int]] = defaultdict(list)
        for place in places:
            on[place.disk].append(place.taken)
        for taken in on.values():
            if len(taken) > 1 and ask.pieces > 1:
                self.program.row([(one, 1) for one in taken], high=1)

    def _on_one_disk(self, number: int, places: list[Place]) -> None:
        chosen = {disk: self._binary() for disk in sorted({place.disk for place in places})}
        self.program.row([(one, 1) for one in chosen.values()], 1, 1)
        for place in places:
            self.program.row(((place.taken, 1), (chosen[place.disk], -1)), high=0)
        for disk, one in chosen.items():
            self._on_disk[number, disk].append(one)

    # -- what fits, and what goes together --------------------------------------------------------------------

    def _fit(self) -> None:
        loads: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        numbers: dict[int, list[int]] = defaultdict(list)
        bulks: dict[Bin, list[int]] = defaultdict(list)
        for number, places in self.places.items():
            ask = self.problem.asks[number]
            for place in (one for one in places if not one.reused):
                if place.bulk:
                    bulks[place.bulk].append(place.taken)
                    continue
                numbers[place.disk].append(place.taken)
                loads[place.disk, place.gap] += self._load(ask, place)
        for (disk, gap), terms in loads.items():
            self.program.row(terms, high=self.problem.spaces[disk].gaps[gap].size)
        for bulk, taken in bulks.items():
            self.program.row([(one, 1) for one in taken], high=len(bulk.disks))
        for disk, taken in numbers.items():
            free = MOST_PARTITIONS - len(self.problem.spaces[disk].kept)
            if len(taken) > free:
                self.program.row([(one, 1) for one in taken], high=free)

    def _load(self, ask: Ask, place: Place) -> list[tuple[int, int]]:
        if place.count is None:
            return [(place.taken, ask.load * self.ranges[place.ask][0] + ask.fixed)]
        return [(place.count, ask.load), (place.taken, ask.fixed)] if ask.fixed else [(place.count, ask.load)]

    def _rules(self) -> None:
        for number, places in self.places.items():
            if self.problem.asks[number].pieces:
                for place in places:
                    self._on_disk[number, place.disk].append(place.taken)
        for one, other in self.problem.together:
            if one in self.places:
                for disk in sorted(self._disks(one) | self._disks(other)):
                    here = [(taken, 1) for taken in self._on_disk[one, disk]]
                    self.program.row([*here, *((taken, -1) for taken in self._on_disk[other, disk])], 0, 0)
        for one, other in self.problem.apart:
            if one in self.places:
                for disk in sorted(self._disks(one) & self._disks(other)):
                    for first in self._presence(one, disk):
                        for second in self._presence(other, disk):
                            self.program.row([(taken, 1) for taken in (*first, *second)], high=1)

    def _disks(self, number: int) -> set[int]:
        return {place.disk for place in self.places[number] if not place.bulk}

    def _presence(self, number: int, disk: int) -> list[list[int]]:
        """Sums of variables, each of which is 1 when the volume is on the disk."""
        if single_pieces(self.problem.asks[number]):
            return [self._on_disk[number, disk]]
        return [[place.taken] for place in self.places[number] if place.disk == disk and not place.bulk]

    # -- what came out ----------------------------------------------------------------------------------------

    def solve(
        self, goal: dict[int, int], clock: Clock, what: str, gap: float = 0.0, nodes: int = 0
    ) -> list[int] | None:
        """The values that make the goal largest; None when nothing fits, or nothing was found within so many branches."""
        return self.program.maximize(goal, clock, what, gap, nodes)

    def total(self, number: int, values: list[int]) -> int:
        """The count of an ask."""
        return values[self.totals[number]] if number in self.totals else self.ranges[number][0]

    def pieces(self, values: list[int]) -> list[Piece]:
        """The pieces of a solution, in the order of asks, disks and gaps."""
        found: list[Piece] = []
        given: dict[Bin, int] = defaultdict(int)
        for number, places in self.places.items():
            ask = self.problem.asks[number]
            for place in (one for one in places if values[one.taken]):
                if place.bulk:
                    first = given[place.bulk]
                    given[place.bulk] += values[place.taken]
                    disks = place.bulk.disks[first : given[place.bulk]]
                    found += [Piece(number, disk, 0, self._most(ask, place)) for disk in disks]
                    continue
                count = values[place.count] if place.count is not None else self.ranges[number][0]
                found.append(Piece(number, place.disk, place.gap, count, place.reused))
        return found


MOST_PARTITIONS = 128
"""What a GPT of the usual size holds."""
