"""What no layout can exceed: the problem with all disks of a kind poured together, and volumes that flow over them like water.

A layout of whole pieces never reaches more than this. So where it cannot hold the minimums, nothing can; and where `packing`
comes as near as NEAR, no search is needed. Rule: every simplification here makes things larger, never smaller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts come when they are used: each `corral` command would wait half a second for them

from corral.layouts.exact.problem import Ask, Problem

Ranges = Sequence[tuple[int, int]]
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class _Row:
    terms: list[tuple[int, float]]
    high: float


class Bound:
    """The poured problem of some asks. Variables: each ask's count, then its flow to each kind of disk."""

    def __init__(self, problem: Problem, asks: Sequence[int], ranges: Ranges) -> None:
        self.problem = problem
        self.asks = [number for number in asks if not problem.asks[number].slots]
        self.limits = [self._limits(ranges[number]) for number in self.asks]
        self.rows: list[_Row] = []
        kinds: dict[tuple[int, ...], int] = defaultdict(int)
        for disk in sorted({disk for number in self.asks for disk in problem.asks[number].caps}):
            wanting = tuple(place for place, number in enumerate(self.asks) if disk in problem.asks[number].caps)
            kinds[wanting] += problem.spaces[disk].free
        flows: dict[int, list[int]] = defaultdict(list)
        for wanting, room in kinds.items():
            first = len(self.limits)
            self.limits += [(0.0, np.inf)] * len(wanting)
            for place, flow in zip(wanting, range(first, len(self.limits)), strict=True):
                flows[place].append(flow)
            self.rows.append(_Row([(flow, 1.0) for flow in range(first, len(self.limits))], float(room)))
        for place, number in enumerate(self.asks):
            self._need(place, problem.asks[number], flows[place])

    def _limits(self, reach: tuple[int, int]) -> tuple[float, float]:
        low, high = reach
        return float(low), float(max(low, high))

    def _need(self, place: int, ask: Ask, flows: list[int]) -> None:
        """A count needs at least so many units; a group's as if all its pieces were as large as its largest can be."""
        if ask.pieces:
            each, once = float(ask.pieces * ask.load), float(ask.pieces * ask.fixed)
        else:
            room = max((gap.size for disk in ask.caps for gap in self.problem.spaces[disk].gaps), default=0)
            most = max(ask.most(room), ask.least)
            each, once = (ask.load * most + ask.fixed) / (ask.gain * most - ask.loss), 0.0
        self.rows.append(_Row([(place, each), *((flow, -1.0) for flow in flows)], -once))

    def possible(self) -> bool:
        """Whether the minimums might fit."""
        alone = all(self._fits_alone(self.problem.asks[number]) for number in self.asks)
        return alone and (not self.asks or self._solve([0.0] * len(self.limits), self.rows, self.limits) is not None)

    def _fits_alone(self, ask: Ask) -> bool:
        """Whether enough disks have room for a piece of the smallest size."""
        fitting = [
            disk for disk in ask.caps if any(ask.most(gap.size) >= ask.least for gap in self.problem.spaces[disk].gaps)
        ]
        return len(fitting) >= max(1, ask.pieces)

    def levels(self, growing: Sequence[int]) -> dict[int, float] | None:
        """The counts of the growing asks when their common level rises until it can't, then that of the rest, and so on."""
        limits, places = list(self.limits), {number: self.asks.index(number) for number in growing}
        found: dict[int, float] = {}
        while places:
            level = len(limits)
            rows = [self._level_row(number, place, level) for number, place in places.items()]
            goal = [0.0] * level + [-1.0]
            answer = self._solve(goal, [*rows, *self.rows], [*limits, (0.0, np.inf)])
            if answer is None:
                return None
            values, prices = answer
            bound = [number for number, price in zip(places, prices, strict=False) if abs(price) > _TINY] or list(
                places
            )
            for number in bound:
                place, ask = places.pop(number), self.problem.asks[number]
                count = (values[level] * ask.spec.amount.weight + ask.taken) / ask.step
                found[number] = min(max(count, limits[place][0]), limits[place][1])
                limits[place] = found[number] * (1 - _TINY), limits[place][1]
        return found

    def _level_row(self, number: int, place: int, level: int) -> _Row:
        ask = self.problem.asks[number]
        return _Row([(level, float(ask.spec.amount.weight)), (place, -float(ask.step))], -float(ask.taken))

    def _solve(
        self, goal: list[float], rows: list[_Row], limits: list[tuple[float, float]]
    ) -> tuple[np.ndarray, np.ndarray] | None:
        entries = [(index, column, factor) for index, row in enumerate(rows) for column, factor in row.terms]
        index, column, factor = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = scipy.sparse.coo_array((factor, (index, column)), shape=(len(rows), len(limits))).tocsr()
        result = scipy.optimize.linprog(
            goal, A_ub=matrix, b_ub=[row.high for row in rows], bounds=limits, method="highs"
        )
        return (result.x, result.ineqlin.marginals) if result.status == 0 else None
