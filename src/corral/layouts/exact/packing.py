"""Packing volumes of known sizes by rules of thumb: quick, and right whenever it finds a way; when it finds none, nothing is said.

It serves as a witness: together with a bound that nothing can exceed, it proves a size to be the best without any search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from corral.layouts.exact.bins import single_pieces
from corral.layouts.exact.model import MOST_PARTITIONS, Piece
from corral.layouts.exact.problem import Ask, Problem

Counts = dict[int, int | None]
"""The count of each ask; None: what its percentage is, on the disk that it comes to."""


def pack(problem: Problem, asks: Sequence[int], counts: Counts) -> list[Piece] | None:
    """The pieces of these asks, with these counts; None when no rule of thumb finds a way."""
    for tight in (False, True):
        pieces = _Packing(problem, asks, counts, tight=tight).run()
        if pieces is not None:
            return pieces
    return None


NOWHERE: tuple[int, dict[int, int]] = (-1, {})


class _Packing:
    """One try. `room` is what is left of each gap. Single pieces come first where few others want to be, then by name;
    when `tight`, where they leave the least room."""

    def __init__(self, problem: Problem, asks: Sequence[int], counts: Counts, *, tight: bool = False) -> None:
        self.problem = problem
        self.asks = asks
        self.counts = counts
        self.tight = tight
        self.pieces: list[Piece] = []
        self.on: dict[int, set[int]] = defaultdict(set)
        self.number: dict[int, int] = {}
        self.room: dict[tuple[int, int], int] = {}
        self.wanted: dict[int, int] = defaultdict(int)
        self.foes: dict[int, set[int]] = defaultdict(set)
        for one, other in problem.apart:
            self.foes[one].add(other)
            self.foes[other].add(one)
        for ask in asks:
            for disk in problem.asks[ask].caps:
                self.wanted[disk] += 1
                if disk not in self.number:
                    self.number[disk] = len(problem.spaces[disk].kept)
                    self.room |= {(disk, gap): one.size for gap, one in enumerate(problem.spaces[disk].gaps)}

    def run(self) -> list[Piece] | None:
        bundles = sorted(self._bundles(), key=self._hardness)
        spreading = [one for one in self.asks if not single_pieces(self.problem.asks[one])]
        spreading.sort(key=lambda one: len(self.problem.asks[one].caps))
        done = all(self._place_bundle(bundle) for bundle in bundles) and all(self._spread(one) for one in spreading)
        return self.pieces if done else None

    def _bundles(self) -> list[list[int]]:
        """Volumes on known numbers of disks; those that belong on one disk together are one bundle."""
        at: dict[int, list[int]] = {one: [one] for one in self.asks if single_pieces(self.problem.asks[one])}
        for one, other in self.problem.together:
            if one in at and at[one] is not at[other]:
                at[one] += at[other]
                for member in at[other]:
                    at[member] = at[one]
        return [bundle for one, bundle in at.items() if bundle[0] == one]

    def _hardness(self, bundle: list[int]) -> tuple[int, int, int]:
        """What has little choice comes first, then what is large."""
        choice = min(len(self.problem.asks[one].caps) for one in bundle)
        return choice, -sum(self._size(one, None) for one in bundle), bundle[0]

    def _size(self, number: int, disk: int | None) -> int:
        """Units of a single piece, on this disk."""
        ask = self.problem.asks[number]
        return ask.load * self._count(number, disk) + ask.fixed

    def _count(self, number: int, disk: int | None) -> int:
        ask, count = self.problem.asks[number], self.counts[number]
        if count is None:
            return max(ask.low, ask.aim[disk]) if disk is not None else ask.high
        return -(-(count + ask.loss) // ask.gain) if ask.spread else count

    # -- single pieces --------------------------------------------------------------------------------------

    def _place_bundle(self, bundle: list[int]) -> bool:
        reused = [one for one in bundle if self.problem.asks[one].slots or not self.problem.asks[one].caps]
        if reused:
            return len(bundle) == 1 and self._reuse(bundle[0])
        disks = sorted(self.problem.asks[bundle[0]].caps, key=lambda disk: (self.wanted[disk], disk))
        for _ in range(single_pieces(self.problem.asks[bundle[0]])):
            fits = ((disk, fit) for disk in disks if self._allowed(bundle, disk) and (fit := self._fit(bundle, disk)))
            disk, fit = min(fits, key=self._left_beside, default=NOWHERE) if self.tight else next(fits, NOWHERE)
            if not fit:
                return False
            for number, gap in fit.items():
                self._put(number, disk, gap, self._count(number, disk))
        return True

    def _left_beside(self, found: tuple[int, dict[int, int]]) -> tuple[int, int]:
        disk, fit = found
        return sum(self.room[disk, gap] for gap in set(fit.values())), disk

    def _reuse(self, number: int) -> bool:
        for index, slot in enumerate(self.problem.asks[number].slots):
            if self._allowed([number], slot.disk, reused=True):
                self.pieces.append(Piece(number, slot.disk, index, self.problem.asks[number].low, reused=True))
                self.on[slot.disk].add(number)
                return True
        return False

    def _allowed(self, bundle: list[int], disk: int, *, reused: bool = False) -> bool:
        here = self.on[disk]
        if not reused and not all(disk in self.problem.asks[one].caps for one in bundle):
            return False
        return not here or not any(one in here or here & self.foes[one] for one in bundle)

    def _fit(self, bundle: list[int], disk: int) -> dict[int, int]:
        """A gap of the disk for each of the bundle; empty when there is none."""
        if self.number[disk] + len(bundle) > MOST_PARTITIONS:
            return {}
        gaps = range(len(self.problem.spaces[disk].gaps))
        if any(self._count(one, disk) > self.problem.asks[one].caps[disk] for one in bundle):
            return {}
        if len(bundle) == 1 and len(gaps) == 1:
            return {bundle[0]: 0} if self.room[disk, 0] >= self._size(bundle[0], disk) else {}
        left = {gap: self.room[disk, gap] for gap in gaps}
        found = {}
        for number in sorted(bundle, key=lambda one: -self._size(one, disk)):
            size = self._size(number, disk)
            enough = [gap for gap, room in left.items() if room >= size]
            if not enough:
                return {}
            found[number] = min(enough, key=lambda gap: (left[gap], gap))
            left[found[number]] -= size
        return found

    def _put(self, number: int, disk: int, gap: int, count: int) -> None:
        ask = self.problem.asks[number]
        self.pieces.append(Piece(number, disk, gap, count))
        self.on[disk].add(number)
        self.number[disk] += 1
        self.room[disk, gap] -= ask.load * count + ask.fixed

    # -- groups ---------------------------------------------------------------------------------------------

    def _spread(self, number: int) -> bool:
        """Where few others want to be first, the largest gaps first, and the tightest for the last piece."""
        ask = self.problem.asks[number]
        left = self.counts[number] or 0
        gaps = [key for key in self.room if key[0] in ask.caps and self._allowed([number], key[0])]
        gaps.sort(key=lambda key: (self.wanted[key[0]], -self.room[key], key))
        gaps = [key for key in gaps if self._most(ask, key) >= ask.least]
        while left > 0:
            if not gaps:
                return False
            enough = [key for key in gaps if ask.gain * self._most(ask, key) - ask.loss >= left]
            wanted = self.wanted[gaps[0][0]]
            tight = [key for key in enough if self.wanted[key[0]] == wanted]
            key = min(tight, key=lambda one: (self.room[one], one)) if tight else gaps[0]
            gaps.remove(key)
            count = min(self._most(ask, key), -(-(left + ask.loss) // ask.gain))
            self._put(number, *key, count)
            left -= ask.gain * count - ask.loss
        return True

    def _most(self, ask: Ask, key: tuple[int, int]) -> int:
        return ask.most(self.room[key]) if self.number[key[0]] < MOST_PARTITIONS else 0


def total(ask: Ask, pieces: Sequence[Piece]) -> int:
    """The count of an ask that its pieces make."""
    if ask.pieces:
        return pieces[0].count
    return sum(ask.gain * piece.count - ask.loss for piece in pieces)


def widen(
    problem: Problem, asks: Sequence[int], wishing: Sequence[int], pieces: list[Piece], highs: dict[int, int]
) -> list[Piece]:
    """Let the wishing volumes grow into what is left of their gaps, the first in the schema first, up to their highest counts.
    Groups also take gaps where they are not yet."""
    grown = _Packing(problem, asks, {})
    for piece in pieces:
        if piece.reused:
            grown.pieces.append(piece)
            grown.on[piece.disk].add(piece.ask)
        else:
            grown._put(piece.ask, piece.disk, piece.gap, piece.count)
    for number in wishing:
        (_widen_single if problem.asks[number].pieces else _widen_group)(grown, number, highs[number])
    return grown.pieces


def _widen_single(grown: _Packing, number: int, high: int) -> None:
    """By as much as the tightest of its gaps has room for."""
    mine = [piece for piece in grown.pieces if piece.ask == number]
    rooms = [min(grown.room[one.disk, one.gap], grown.problem.asks[number].caps[one.disk] - one.count) for one in mine]
    more = max(0, min([*rooms, high - mine[0].count]))
    for piece in mine:
        _replace(grown, piece, piece.count + more)


def _widen_group(grown: _Packing, number: int, high: int) -> None:
    ask = grown.problem.asks[number]
    have = total(ask, [piece for piece in grown.pieces if piece.ask == number])
    for piece in [piece for piece in grown.pieces if piece.ask == number]:
        more = min(grown.room[piece.disk, piece.gap] // ask.load, (high - have) // ask.gain)
        _replace(grown, piece, piece.count + more)
        have += ask.gain * more
    if ask.spec.one_disk:
        return
    here = {(piece.disk, piece.gap) for piece in grown.pieces if piece.ask == number}
    for key in [key for key in grown.room if key[0] in ask.caps and key not in here]:
        apart = grown.foes[number] & grown.on[key[0]]
        count = min(grown._most(ask, key), (high - have + ask.loss) // ask.gain)
        if count >= ask.least and not apart:
            grown._put(number, *key, count)
            have += ask.gain * count - ask.loss


def _replace(grown: _Packing, piece: Piece, count: int) -> None:
    grown.room[piece.disk, piece.gap] -= grown.problem.asks[piece.ask].load * (count - piece.count)
    grown.pieces[grown.pieces.index(piece)] = replace(piece, count=count)
