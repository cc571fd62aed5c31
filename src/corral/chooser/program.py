"""The best answer to a case: an integer program, solved by HiGHS.

Rule: what comes from the solver is rounded, and must hold in whole numbers, or it is no answer. Work is limited in branches, not
in seconds: the same case gives the same answer on a slow machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its parts come when they are used: each start of a server would wait half a second for them

from corral.chooser.case import Case, Whole
from corral.domain.errors import CorralError

_BRANCHES = 2000
_SECONDS = 30.0
"""Only so that nothing hangs: the branches end first."""
_OPTIMAL, _INFEASIBLE = 0, 2


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """`counts`: how many of each class of `case`. `tie`: what decides between equal costs."""

    case: Case
    counts: Whole

    @property
    def cost(self) -> int:
        return int(self.case.cost @ self.counts)

    @property
    def tie(self) -> int:
        return int(self.case.tie @ self.counts)

    @property
    def blocks(self) -> tuple[str, ...]:
        return self.case.taken(self.counts)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """`bound`: none costs less; None when that is proven to the last, so that without counts there is no answer at all."""

    counts: Whole | None
    bound: int | None = None


def best(case: Case, quick: Whole | None, ceiling: int | None = None) -> tuple[Best | None, int | None]:
    """The answer of least cost, at most `ceiling`; None when there is none. And the cost that no answer is below, None when there
    is none. `quick`: what the greedy search found."""
    if not _reaches(case):
        return None, None
    known = None if quick is None else int(case.cost @ quick)
    if known is not None and ceiling is not None and known > ceiling:
        quick = known = None
    # What the greedy answer costs is beaten, or it stays.
    found = _least(case, case.cost, ceiling if known is None else known - 1, branches=_BRANCHES)
    if found.counts is None and quick is None and found.bound is not None:
        found = _Solved(_any(case, ceiling), found.bound)
    counts = quick if found.counts is None else found.counts
    if counts is None:
        return None, found.bound
    answer = Best(case, counts)
    return answer, answer.cost if found.bound is None else min(found.bound, answer.cost)


def _reaches(case: Case) -> bool:
    """Whether all blocks together reach everything, for a first look."""
    return bool(np.all(case.cover @ case.most_of >= case.need) and np.all(case.kinds @ case.most_of >= case.least))


def _any(case: Case, ceiling: int | None) -> Whole | None:
    """Any answer, with all the time there is, where the branches were too few for one."""
    found = _least(case, np.zeros_like(case.cost), ceiling)
    if found.counts is None and found.bound is not None:
        raise CorralError(
            "No choice of blocks was found, nor that there is none, in the time there is.", fix="Ask for less at once."
        )
    return found.counts


def evened(answer: Best) -> Best:
    """The answer with blocks exchanged one for one for others of the same cost that will be missed less, as long as one can be."""
    case, counts = answer.case, answer.counts.copy()
    while (pair := _exchange(case, counts)) is not None:
        counts[pair[0]] -= 1
        counts[pair[1]] += 1
    return Best(case, counts)


def _exchange(case: Case, counts: Whole) -> tuple[int, int] | None:
    """A class to take one block less of, and one to take it of instead."""
    for old in np.flatnonzero(counts):
        same = (case.cost == case.cost[old]) & (case.tie < case.tie[old]) & (counts < case.most_of)
        for new in sorted(np.flatnonzero(same), key=lambda one: (case.tie[one], one)):
            counts[old] -= 1
            counts[new] += 1
            fits = case.holds(counts)
            counts[old] += 1
            counts[new] -= 1
            if fits:
                return int(old), int(new)
    return None


def _least(case: Case, goal: Whole, most: int | None, *, branches: int | None = None) -> _Solved:
    """Counts with the least `goal` among those that cost at most `most`."""
    if most is not None and most < 0:
        return _Solved(None)
    solver = scipy.optimize
    rows = [solver.LinearConstraint(case.cover, case.need, np.inf)]
    if len(case.least):
        rows.append(solver.LinearConstraint(case.kinds, case.least, case.most))
    if most is not None:
        rows.append(solver.LinearConstraint(case.cost[None, :], -np.inf, most))
    highs = case.most_of if most is None else np.where(case.cost <= most, case.most_of, 0)
    options = {"time_limit": _SECONDS, "mip_rel_gap": 0.0} | ({"node_limit": branches} if branches else {})
    whole, bounds = np.ones(len(goal)), solver.Bounds(0, highs)
    found = solver.milp(goal, integrality=whole, bounds=bounds, constraints=rows, options=options)
    if found.status == _INFEASIBLE:
        return _Solved(None)
    counts = None if found.x is None else np.rint(found.x).astype(np.int64)
    if counts is not None and not case.holds(counts):
        counts = None
    if found.status == _OPTIMAL and counts is not None:
        return _Solved(counts)
    dual = found.mip_dual_bound
    return _Solved(counts, int(np.ceil(dual - 1e-6)) if dual is not None and np.isfinite(dual) else 0)
