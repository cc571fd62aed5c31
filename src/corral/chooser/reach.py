"""The most of one amount that a system of a zone could have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy  # its parts come when they are used: each start of a server would wait half a second for them

from corral.chooser.zones import Candidates
from corral.domain.blocks import Block


def most(place: Candidates, amount: Callable[[Block], int]) -> int:
    """The sum of `amount` over the free blocks, as many of them as the zone's limits let one system have."""
    amounts = np.array([amount(block) for block in place.blocks], dtype=np.int64)
    capped = [(kind, bound.most) for kind, bound in sorted(place.limits.items()) if bound.most is not None]
    if not capped or not amounts.any():
        return int(amounts.sum())
    kinds = np.array([[int(kind in block.kinds) for block in place.blocks] for kind, _ in capped])
    solver = scipy.optimize
    rows = solver.LinearConstraint(kinds, -np.inf, np.array([limit for _, limit in capped]))
    bounds = solver.Bounds(0, 1)
    found = solver.milp(-amounts, integrality=np.ones(len(amounts)), bounds=bounds, constraints=rows)
    return int(amounts @ np.rint(found.x).astype(np.int64))
