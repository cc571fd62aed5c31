"""An answer that is found at once, and is not always the best: the bound that the best one is looked for below."""

from __future__ import annotations

import numpy as np

from corral.chooser.case import Case, Whole


def greedy(case: Case) -> Whole | None:
    """How many of each class, or None when it finds nothing; there may be an answer all the same.

    Takes again and again what covers most of what is missing for its cost, and puts back what is not needed in the end."""
    counts = np.zeros(len(case.members), dtype=np.int64)
    while True:
        missing = np.maximum(case.need - case.cover @ counts, 0)
        lacking = np.maximum(case.least - case.kinds @ counts, 0)
        if not missing.any() and not lacking.any():
            return _trimmed(case, counts)
        gain = _gain(case, missing, lacking)
        full = (case.kinds @ counts >= case.most).astype(np.int64)
        gain[(counts >= case.most_of) | (full @ case.kinds > 0)] = 0
        if not gain.any():
            return None
        counts[int(np.argmax(gain / case.cost))] += 1


def _gain(case: Case, missing: Whole, lacking: Whole) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    open_, short = missing > 0, lacking > 0
    shares = np.minimum(case.cover[open_], missing[open_, None]) / missing[open_, None]
    return np.asarray(shares.sum(axis=0) + case.kinds[short].sum(axis=0), dtype=np.float64)


def _trimmed(case: Case, counts: Whole) -> Whole:
    for one in np.argsort(-case.cost, kind="stable"):
        while counts[one]:
            counts[one] -= 1
            if not case.holds(counts):
                counts[one] += 1
                break
    return counts
