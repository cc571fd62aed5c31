"""The stages of an allocation, each of which keeps what those before it reached.

1. Everything fits, with its minimum.
2. Percentages fall as little short as can be; then shares grow in step with their weights, and those that can grow no more are left
   behind; then what remains is shared out likewise. At the end of each, what a volume could still use where it is goes to it.
3. Groups have as few pieces as can be.
4. Disks that come first by name are used first.

Stage 1 is proven, whatever it takes. For the others there is a bound that nothing can exceed, and a quick packing that mostly comes
within NEAR of it; that is proof enough. Where they are apart, small problems are searched, and large ones packed as well as rules
of thumb can. Every such search is of bounded length, counted in branches and not in seconds: the same input gives the same output.

Volumes that share no disk are solved apart, for nothing that one does matters to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from corral.layouts.exact.amounts import Wish
from corral.layouts.exact.bound import Bound
from corral.layouts.exact.model import Model, Piece
from corral.layouts.exact.packing import Counts, pack, total, widen
from corral.layouts.exact.problem import Ask, Problem
from corral.layouts.exact.program import Clock

NEAR = 1e-3
"""How near to the best common level is near enough, as a share of it. Finer would be a puzzle about where each physical volume
loses its metadata; what that leaves over is given out all the same."""

FILLED = 1e-5
"""How near to the most that can be given out a search must come; the rest is given out where it is."""

SLACKS = (0.0, 1e-6, 1e-5, 1e-4, NEAR)

TRIES = 50
"""Branches of a search for something better: it must end soon, and always alike."""

SEARCHED = 20
"""Places that pieces may have, up to which there is a search for something better than what fits."""

ROUNDS = 8
STEPS = 4096
"""How often some volumes are left behind on the way up, and the levels that are tried where there is no search."""

Ranges = list[tuple[int, int]]


def lay_out(problem: Problem, clock: Clock) -> tuple[Piece, ...] | None:
    """The pieces of all volumes, None when their minimums do not fit. Raises Unsolved at the time limit."""
    found: list[Piece] = []
    for asks in components(problem):
        pieces = _Component(problem, asks, clock).solve()
        if pieces is None:
            return None
        found += pieces
    return tuple(sorted(found, key=lambda piece: (piece.ask, piece.disk, piece.gap)))


def fits(problem: Problem, clock: Clock) -> bool:
    """Whether all minimums fit. Raises Unsolved at the time limit."""
    return all(_fits(problem, asks, clock) for asks in components(problem))


def _fits(problem: Problem, asks: tuple[int, ...], clock: Clock) -> bool:
    ranges = smallest(problem)
    if not Bound(problem, asks, ranges).possible():
        return False
    if pack(problem, asks, {number: ranges[number][0] for number in asks}) is not None:
        return True
    return Model(problem, asks, ranges).solve({}, clock, "whether the minimums fit") is not None


def smallest(problem: Problem) -> Ranges:
    """Every volume at its minimum."""
    return [
        (ask.low, ask.low if ask.pieces else min(max(ask.high, ask.low), ask.low + ask.gain - 1))
        for ask in problem.asks
    ]


def components(problem: Problem) -> list[tuple[int, ...]]:
    """The asks in parts that share no disk and no rule, each in order."""
    leader = list(range(len(problem.asks)))

    def find(one: int) -> int:
        while leader[one] != one:
            one = leader[one]
        return one

    first: dict[int, int] = {}
    pairs = [*problem.together, *problem.apart]
    for number, ask in enumerate(problem.asks):
        pairs += [(first.setdefault(disk, number), number) for disk in (*ask.caps, *(slot.disk for slot in ask.slots))]
    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        leader[high] = low
    parts: dict[int, list[int]] = {}
    for number in range(len(problem.asks)):
        parts.setdefault(find(number), []).append(number)
    return [tuple(part) for part in parts.values()]


class _Component:
    """Volumes that share disks, on their way through the stages: `ranges` narrows until every size is settled."""

    def __init__(self, problem: Problem, asks: tuple[int, ...], clock: Clock) -> None:
        self.problem = problem
        self.asks = asks
        self.clock = clock
        self.ranges = smallest(problem)
        self.pieces: list[Piece] | None = None

    def solve(self) -> list[Piece] | None:
        if not all(self._stage(wish) for wish in (Wish.PERCENT, Wish.SHARE, Wish.REMAINING)):
            return None
        return self._fewest()

    def _stage(self, wish: Wish) -> bool:
        """Settle the sizes of those with this wish. False when nothing fits."""
        wishing = [number for number in self.asks if self._ask(number).wish is wish and not self._ask(number).slots]
        if not wishing:
            return True
        for number in wishing:
            self.ranges[number] = self._ask(number).low, self._ask(number).high
        if wish is Wish.PERCENT:
            return self._all_percentages(wishing) or self._near_percentages(wishing)
        levels = Bound(self.problem, self.asks, self.ranges).levels(wishing)
        if levels is None:
            return False
        if self._witness(wishing, levels):
            return True
        if self._places() <= SEARCHED and (len(wishing) == 1 or self._grow(list(wishing))) and self._fill(wishing):
            return True
        return self._climb(wishing, {number: floor(level + 1e-6) for number, level in levels.items()})

    def _witness(self, wishing: Sequence[int], levels: dict[int, float]) -> bool:
        """Whether a quick packing comes near enough to what nothing can exceed; then that is settled."""
        for slack in SLACKS:
            counts: Counts = {number: self.ranges[number][0] for number in self.asks}
            for number in wishing:
                counts[number] = max(self._ask(number).low, ceil(floor(levels[number] + 1e-6) * (1 - slack)))
            self.pieces = pack(self.problem, self.asks, counts)
            if self.pieces is not None:
                for number in wishing:
                    self.ranges[number] = self._total(number), self._ask(number).high
                return self._fill(wishing) or self._take_up(wishing)
        return False

    def _total(self, number: int) -> int:
        return total(self._ask(number), [piece for piece in self.pieces or [] if piece.ask == number])

    def _all_percentages(self, wishing: Sequence[int]) -> bool:
        """Whether a quick packing gives everybody its percentage; then that is settled."""
        counts: Counts = {number: self.ranges[number][0] for number in self.asks}
        for number in wishing:
            ask = self._ask(number)
            aims = set(ask.aim.values())
            if not aims or (ask.pieces > 1 and len(aims) > 1) or any(aim > ask.high for aim in aims):
                return False
            counts[number] = None if ask.pieces == 1 else max(ask.low, *aims)
        self.pieces = pack(self.problem, self.asks, counts)
        for number in wishing if self.pieces is not None else ():
            self._settle(number, self._total(number))
            self._stay(number, 0)
        return self.pieces is not None

    def _ask(self, number: int) -> Ask:
        return self.problem.asks[number]

    def _model(self) -> Model:
        return Model(self.problem, self.asks, self.ranges)

    # -- percentages --------------------------------------------------------------------------------------

    def _near_percentages(self, wishing: Sequence[int]) -> bool:
        """The largest shortfall as small as can be, then the sum of all; by a search where that is quick."""
        tops = {number: max([self._ask(number).low, *self._ask(number).aim.values()]) for number in wishing}
        if self._places() > SEARCHED:
            return self._climb(wishing, {number: min(top, self._ask(number).high) for number, top in tops.items()})
        model = self._model()
        worst = model.program.variable(0, float("inf"), whole=False)
        short = {number: self._shortfall(model, number, worst) for number in wishing}
        values = model.solve({worst: -1}, self.clock, "how near to the percentages", FILLED, TRIES)
        if values is None:
            return self._climb(wishing, {number: min(top, self._ask(number).high) for number, top in tops.items()})
        if any(values[one] for one in short.values()):
            model.program.highs[worst] = values[worst] + 0.01
            nearer = model.solve(
                dict.fromkeys(short.values(), -1), self.clock, "how near to all percentages", NEAR, TRIES
            )
            values = nearer or values
        self.pieces = model.pieces(values)
        for number in wishing:
            self._settle(number, model.total(number, values))
            self._stay(number, values[short[number]])
        return True

    def _shortfall(self, model: Model, number: int, worst: int) -> int:
        """A variable of the MiB that a volume lacks, none of which is more than the worst."""
        ask = self._ask(number)
        lack = model.program.variable(0, float("inf"), whole=False)
        pieces = max(1, ask.pieces)
        have = (
            [(model.totals[number], ask.step * pieces), (lack, pieces)] if number in model.totals else [(lack, pieces)]
        )
        known = 0 if number in model.totals else ask.step * pieces * self.ranges[number][0]
        aims = [(place.taken, -ask.step * ask.aim[place.disk]) for place in model.places[number]] if ask.pieces else []
        model.program.row([*have, *aims], low=(0 if ask.pieces else ask.step * ask.aim[-1]) - known)
        model.program.row(((worst, 1), (lack, -1)), low=0)
        return lack

    def _stay(self, number: int, lack: int) -> None:
        """Later stages may move a partition only to disks of which it is as good a percentage."""
        ask, (count, _) = self._ask(number), self.ranges[number]
        if not ask.pieces:
            return
        near = {
            disk: cap for disk, cap in ask.caps.items() if ask.step * (ask.aim[disk] - count) <= max(lack, 0) + ask.step
        }
        asks = tuple(replace(one, caps=near) if index == number else one for index, one in enumerate(self.problem.asks))
        self.problem = replace(self.problem, asks=asks)

    # -- shares -------------------------------------------------------------------------------------------

    def _grow(self, growing: list[int]) -> bool:
        """Raise the common level of all, then of those that can still rise, until none can."""
        for _ in range(ROUNDS):
            if not growing:
                break
            level = self._level(growing)
            if level is None:
                return False
            for number in growing:
                self._raise_to(number, level)
            growing = self._rising(
                [number for number in growing if self.ranges[number][0] < self.ranges[number][1]], level
            )
        return True

    def _level(self, growing: list[int]) -> Fraction | None:
        """The largest size per weight that all can have at once, as a whole-number solution shows it."""
        model = self._model()
        level = model.program.variable(0, float("inf"), whole=False)
        for number in growing:
            ask = self._ask(number)
            terms = [(level, -ask.spec.amount.weight)]
            if number in model.totals:
                terms.append((model.totals[number], ask.step))
            model.program.row(
                terms, low=ask.taken - (0 if number in model.totals else ask.step * self.ranges[number][0])
            )
        values = model.solve({level: 1}, self.clock, "how far the shares can grow", NEAR, TRIES)
        if values is None:
            return None
        return min(
            Fraction(self._ask(one).size(model.total(one, values)), self._ask(one).spec.amount.weight)
            for one in growing
        )

    def _raise_to(self, number: int, level: Fraction) -> None:
        ask, (low, high) = self._ask(number), self.ranges[number]
        count = ceil((level * ask.spec.amount.weight + ask.taken) / ask.step)
        self.ranges[number] = min(max(low, count), high), high

    def _rising(self, growing: list[int], level: Fraction) -> list[int]:
        """Those that can rise noticeably above the level together: as many as possible, the first in the schema first."""
        if not growing:
            return []
        model = self._model()
        goal, rising = {}, {}
        for place, number in enumerate(growing):
            ask, (low, high) = self._ask(number), self.ranges[number]
            more = max(2, ceil(2 * NEAR * float(level) * ask.spec.amount.weight / ask.step) + 1)
            if number not in model.totals or low + more > high:
                continue
            rising[number] = model.program.variable(0, 1)
            model.program.row(((model.totals[number], 1), (rising[number], -more)), low=low)
            goal[rising[number]] = len(growing) ** 2 + len(growing) - place
        values = model.solve(goal, self.clock, "which shares can grow further", nodes=TRIES) if goal else None
        return [number for number, one in rising.items() if values and values[one]]

    def _fill(self, wishing: Sequence[int]) -> bool:
        """Give out what the common level left over: by a search where that is quick. False when it finds nothing in time."""
        if self._places() > SEARCHED:
            return False
        model = self._model()
        goal = {model.totals[number]: self._ask(number).step for number in wishing if number in model.totals}
        values = model.solve(goal, self.clock, "what is left to give out", FILLED, TRIES)
        if values is None:
            return False
        self.pieces = model.pieces(values)
        return self._take_up(wishing)

    def _take_up(self, wishing: Sequence[int]) -> bool:
        """Give out what is left beside the pieces, and settle the sizes."""
        highs = {number: self._ask(number).high for number in wishing}
        self.pieces = widen(self.problem, self.asks, wishing, self.pieces or [], highs)
        for number in wishing:
            self._settle(number, self._total(number))
        return True

    # -- without a search -----------------------------------------------------------------------------------

    def _climb(self, wishing: Sequence[int], tops: dict[int, int]) -> bool:
        """Raise the common level as far as quick packings go, then that of those which can still rise. False when nothing fits."""
        counts = {number: self.ranges[number][0] for number in self.asks}
        self.pieces = pack(self.problem, self.asks, dict(counts)) or self._search()
        if self.pieces is None:
            return False
        growing, reached = list(wishing), 0
        for _ in range(ROUNDS):
            reached = self._highest(counts, growing, tops, reached)
            counts |= self._at(growing, tops, reached, counts)
            growing = [number for number in growing if self._rises(counts, number, tops[number])]
            if not growing:
                break
        return self._take_up(wishing)

    def _search(self) -> list[Piece] | None:
        """The minimums, where no rule of thumb packs them. Raises Unsolved at the time limit."""
        model = Model(self.problem, self.asks, [(low, max(low, min(high, low + 15))) for low, high in self.ranges])
        values = model.solve({}, self.clock, "whether the minimums fit")
        return None if values is None else model.pieces(values)

    def _highest(self, counts: dict[int, int], growing: list[int], tops: dict[int, int], low: int) -> int:
        """The highest of STEPS levels that packs; the pieces are then those of it."""
        high = STEPS
        while low < high:
            middle = (low + high + 1) // 2
            pieces = pack(self.problem, self.asks, dict(counts | self._at(growing, tops, middle, counts)))
            low, high = (low, middle - 1) if pieces is None else (middle, high)
            self.pieces = pieces or self.pieces
        return low

    def _at(self, growing: list[int], tops: dict[int, int], level: int, counts: dict[int, int]) -> dict[int, int]:
        """The counts of the growing at a level: each its weight's worth of the highest top, or that part of its percentage."""
        ends = [Fraction(self._ask(one).size(tops[one]), self._ask(one).spec.amount.weight) for one in growing]
        found = {}
        for number in growing:
            ask = self._ask(number)
            share = floor((max(ends) * level / STEPS * ask.spec.amount.weight + ask.taken) / ask.step)
            part = ask.low + (tops[number] - ask.low) * level // STEPS
            found[number] = max(counts[number], min(tops[number], part if ask.wish is Wish.PERCENT else share))
        return found

    def _rises(self, counts: dict[int, int], number: int, top: int) -> bool:
        """Whether a volume could have more with all others as they are."""
        more = min(top, counts[number] + max(1, top // STEPS * 4))
        return more > counts[number] and pack(self.problem, self.asks, {**counts, number: more}) is not None

    def _places(self) -> int:
        """About how many places pieces may have: the size of a search."""
        spaces = self.problem.spaces
        return sum(len(spaces[disk].gaps) for number in self.asks for disk in self._ask(number).caps)

    def _settle(self, number: int, count: int) -> None:
        self.ranges[number] = count, count

    # -- where ----------------------------------------------------------------------------------------------

    def _fewest(self) -> list[Piece] | None:
        """All sizes are known: as few pieces as can be, then on the first disks by name."""
        if self.pieces is None:
            self.pieces = pack(self.problem, self.asks, {number: self.ranges[number][0] for number in self.asks})
        if self.pieces is None and not Bound(self.problem, self.asks, self.ranges).possible():
            return None
        if self.pieces is not None and self._places() > SEARCHED:
            return self.pieces
        model = self._model()
        taken = [place.taken for number in self.asks for place in model.places[number]]
        spreading = any(self._ask(number).spread for number in self.asks)
        goal = dict.fromkeys(taken, -1) if spreading else {}
        values = model.solve(goal, self.clock, "the fewest pieces", nodes=TRIES if self.pieces else 0)
        if values is None:
            return self.pieces
        model.program.row([(one, 1) for one in taken], high=sum(values[one] for one in taken))
        ranks = {place.taken: -place.disk for number in self.asks for place in model.places[number]}
        better = model.solve(ranks, self.clock, "the first disks", nodes=TRIES)
        return model.pieces(better or values)
