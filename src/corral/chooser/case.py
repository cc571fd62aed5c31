"""One zone as a small problem in whole numbers: classes of blocks that nobody can tell apart, and what their sums must reach.

Rule: only what can be in a best answer is in a case. Blocks come sorted by id, so one pool gives one case, whatever its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corral.domain.blocks import Block, BlockKind, Limit

Whole = np.ndarray[Any, np.dtype[np.int64]]

_LOOKED_AT = 2500
"""Of more classes than this, those that are no better than others are not looked for: it would take longer than it saves."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A block as numbers. `cover`: what it adds to each requirement, no more than is needed. `cost`: what is kept least; `tie`:
    what is kept least among equal costs."""

    block: Block
    cover: tuple[int, ...]
    cost: int
    tie: int


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """`cover`: requirements by classes; `kinds`: bounded kinds by classes, 0 or 1, with `least` and `most`. `most_of`: how many of
    each class can be in a best answer. `members`: the ids of each class, sorted."""

    cover: Whole
    need: Whole
    kinds: Whole
    least: Whole
    most: Whole
    cost: Whole
    tie: Whole
    most_of: Whole
    members: tuple[tuple[str, ...], ...]

    def holds(self, counts: Whole) -> bool:
        """Whether that many blocks of each class are an answer."""
        blocks = self.kinds @ counts
        within = bool(np.all(blocks >= self.least) and np.all(blocks <= self.most))
        return within and bool(np.all(self.cover @ counts >= self.need) and np.all(counts <= self.most_of))

    def taken(self, counts: Whole) -> tuple[str, ...]:
        """The ids of that many blocks of each class: of equal ones, the first by id."""
        chosen = (ids[:count] for ids, count in zip(self.members, counts.tolist(), strict=True))
        return tuple(sorted(one for ids in chosen for one in ids))

    def keep(self, mask: Any) -> Case:
        """The case with those classes only."""
        members = tuple(ids for ids, kept in zip(self.members, mask, strict=True) if kept)
        return Case(
            self.cover[:, mask],
            self.need,
            self.kinds[:, mask],
            self.least,
            self.most,
            self.cost[mask],
            self.tie[mask],
            self.most_of[mask],
            members,
        )


def case(blocks: Iterable[Weighed], need: Sequence[int], limits: Mapping[BlockKind, Limit]) -> Case:
    """The case of one zone's free blocks, sorted by id."""
    bounded = sorted(limits)
    forced = {kind for kind in bounded if limits[kind].least}
    classes: dict[tuple[Any, ...], list[str]] = {}
    for one in blocks:
        if any(one.cover) or one.block.kinds & forced:
            of = tuple(int(kind in one.block.kinds) for kind in bounded)
            classes.setdefault((one.cover, of, one.cost, one.tie), []).append(one.block.id)
    keys = list(classes)
    count = len(keys)
    cover, needs = _reduced(_matrix([key[0] for key in keys], len(need), count), np.array(need, dtype=np.int64))
    kinds = _matrix([key[1] for key in keys], len(bounded), count)
    least = np.array([limits[kind].least for kind in bounded], dtype=np.int64)
    sizes = np.array([len(ids) for ids in classes.values()], dtype=np.int64)
    most = [limits[kind].most for kind in bounded]
    found = Case(
        cover=cover,
        need=needs,
        kinds=kinds,
        least=least,
        most=np.array([int(sizes.sum()) if one is None else one for one in most], dtype=np.int64),
        cost=np.array([key[2] for key in keys], dtype=np.int64),
        tie=np.array([key[3] for key in keys], dtype=np.int64),
        most_of=np.minimum(sizes, _enough(cover, kinds, needs, least)),
        members=tuple(tuple(ids) for ids in classes.values()),
    )
    return found.keep(~_beaten(found, sizes))


def _matrix(columns: Sequence[Sequence[int]], rows: int, count: int) -> Whole:
    return np.array(columns, dtype=np.int64).reshape(count, rows).T


def _reduced(cover: Whole, need: Whole) -> tuple[Whole, Whole]:
    """The same requirements in the largest units that all amounts are whole in: a solver does better with small numbers."""
    units = np.maximum(np.gcd.reduce(cover, axis=1), 1) if cover.size else np.ones_like(need)
    return cover // units[:, None], -(-need // units)


def _enough(cover: Whole, kinds: Whole, need: Whole, least: Whole) -> Whole:
    """Of each class, how many blocks do alone all that a block of it can help with: more are never in a best answer."""
    helps = np.where(cover > 0, -(-need[:, None] // np.maximum(cover, 1)), 0).sum(axis=0)
    enough: Whole = helps + least @ kinds
    return enough


def _beaten(case: Case, sizes: Whole) -> Any:
    """Classes that are in no best answer, because enough blocks of others are at least as good in everything.

    While one of those is left, it would stand in for a block of this class; when all are taken, they do alone what such a block
    could help with."""
    count = len(sizes)
    beaten = np.zeros(count, dtype=bool)
    if count > _LOOKED_AT:
        return beaten
    enough = _enough(case.cover, case.kinds, case.need, case.least)
    for one in range(count):
        better = (case.cost <= case.cost[one]) & (case.tie <= case.tie[one])
        for row in (*case.cover, *-np.abs(case.kinds - case.kinds[:, [one]])):
            better &= row >= (row[one])
        better[one] = False
        beaten[one] = bool(sizes[better].sum() >= enough[one])
    return beaten
