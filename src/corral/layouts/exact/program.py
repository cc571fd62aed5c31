"""An integer program, put together row by row and solved by HiGHS; a solution is checked again in whole numbers.

Rule: what comes from the solver is rounded, and then every row must hold exactly, or it is no solution.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy  # its parts come when they are used: each `corral` command would wait half a second for them

from corral.domain.errors import CorralError
from corral.layouts.exact.errors import Unsolved

Terms = Iterable[tuple[int, int]]
"""Pairs of a variable and its factor."""

Vector = np.ndarray[Any, np.dtype[np.float64]]
Pair = tuple[Vector, Vector]

_OPTIMAL, _LIMIT, _INFEASIBLE = 0, 1, 2


@dataclass(slots=True)
class Clock:
    """The time that is left of `limit` seconds; shared by all programs of one allocation."""

    limit: float
    _begun: float = field(default_factory=time.monotonic)
    programs: int = 0

    @property
    def left(self) -> float:
        """Seconds; never less than nothing."""
        return max(0.0, self.limit - (time.monotonic() - self._begun))


@dataclass(slots=True)
class Program:
    """Variables are numbered as they come. All are whole but those that say otherwise."""

    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    impossible: bool = False
    _entries: tuple[list[int], list[int], list[int]] = field(default_factory=lambda: ([], [], []))
    _limits: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    def variable(self, low: int, high: float, *, whole: bool = True) -> int:
        """A new variable between two limits."""
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(int(whole))
        return len(self.lows) - 1

    def row(self, terms: Terms, low: float = -np.inf, high: float = np.inf) -> None:
        """A sum that must stay between two limits."""
        terms = tuple(terms)
        if not terms:
            self.impossible |= not low <= 0 <= high  # the solver lets a sum of nothing be anything
            return
        rows, columns, factors = self._entries
        number = len(self._limits[0])
        for variable, factor in terms:
            rows.append(number)
            columns.append(variable)
            factors.append(factor)
        self._limits[0].append(low)
        self._limits[1].append(high)

    def maximize(
        self, goal: Mapping[int, int], clock: Clock, what: str, gap: float = 0.0, nodes: int = 0
    ) -> list[int] | None:
        """The best values, or None when there are none at all. `gap`: how far from the best, as a share of it, is near enough.
        `nodes`: stop after so many branches, with the best that was found; unlike a time limit, it gives equal answers always.

        Raises Unsolved at the time limit.
        """
        if self.impossible:
            return None
        costs = np.zeros(len(self.lows))
        for variable, factor in goal.items():
            costs[variable] = -factor
        matrix = self._matrix()
        limits = np.array(self._limits[0]), np.array(self._limits[1])
        bounds = np.array(self.lows, dtype=float), np.array(self.highs, dtype=float)
        found = self._solve(costs, matrix, limits, bounds, clock, what, gap, nodes)
        if found is None or self._holds(found, matrix, limits):
            return None if found is None else [round(one) for one in found]
        # A choice that is 0.000001 of a disk is none, but the solver lets it pass. With the choices fixed, none is left.
        choices = np.array(self.whole, dtype=bool) & (bounds[0] == 0) & (bounds[1] == 1)
        fixed = np.where(choices, found, bounds[0]), np.where(choices, found, bounds[1])
        again = self._solve(costs, matrix, limits, fixed, clock, what, gap, nodes)
        if again is None or not self._holds(again, matrix, limits):
            if nodes:
                return None
            raise CorralError(
                f"The solver's answer to {what!r} does not hold in whole numbers.", fix="Report this schema and node."
            )
        return [round(one) for one in again]

    def _matrix(self) -> scipy.sparse.csr_array:
        rows, columns, factors = self._entries
        shape = (len(self._limits[0]), len(self.lows))
        return scipy.sparse.csr_array((np.array(factors, dtype=float), (rows, columns)), shape=shape)

    def _solve(
        self,
        costs: Vector,
        matrix: scipy.sparse.csr_array,
        limits: Pair,
        bounds: Pair,
        clock: Clock,
        what: str,
        gap: float,
        nodes: int,
    ) -> Vector | None:
        if not len(costs):
            return np.zeros(0)
        if clock.left <= 0:
            raise Unsolved(clock.limit, what)
        clock.programs += 1
        constraints = [scipy.optimize.LinearConstraint(matrix, *limits)] if matrix.shape[0] else []
        options = {"time_limit": clock.left, "mip_rel_gap": gap} | ({"node_limit": nodes} if nodes else {})
        result = scipy.optimize.milp(
            costs,
            integrality=np.array(self.whole),
            bounds=scipy.optimize.Bounds(*bounds),
            constraints=constraints,
            options=options,
        )
        if result.status == _INFEASIBLE:
            return None
        if nodes and clock.left > 0 and result.status not in {_OPTIMAL, _INFEASIBLE}:
            if result.x is None:
                return None
        elif result.status == _LIMIT:
            raise Unsolved(clock.limit, what)
        elif result.status != _OPTIMAL:
            raise CorralError(f"The solver gave up on {what!r}: {result.message}", fix="Report this schema and node.")
        values: Vector = np.where(np.array(self.whole, dtype=bool), np.rint(result.x), result.x)
        return values

    def _holds(self, values: Vector, matrix: scipy.sparse.csr_array, limits: Pair) -> bool:
        """Whether every row of whole numbers holds. They stay below 2**53, so these sums are exact."""
        loose = (
            scipy.sparse.csr_array((np.abs(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
            @ (1.0 - np.array(self.whole))
            > 0
        )
        sums = matrix @ values
        return bool(np.all(loose | ((sums >= limits[0]) & (sums <= limits[1]))))
