"""Sharing out a group's extents among its logical volumes. One pool and no disks, so this needs no solver: it is exact as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corral.layouts.exact.amounts import Wish
from corral.layouts.exact.problem import ENDLESS, least_extents
from corral.layouts.exact.schema import VolumeSpec

FINE = 2**20
"""Parts of an extent in which levels are looked for: more than any weight, so that a level differs by less than a step."""


@dataclass(frozen=True, slots=True)
class _Claim:
    wish: Wish
    low: int
    high: int
    weight: int
    aim: int


def share_out(group: VolumeSpec, extents: int) -> list[int]:
    """The extents of each logical volume. Percentages first, all short by as little as can be; then shares, in step with their
    weights; then what remains. The sum of the minimums must be within the extents."""
    claims = [_claim(group, index, extents) for index in range(len(group.volumes))]
    counts = [claim.low for claim in claims]
    for wish in (Wish.PERCENT, Wish.SHARE, Wish.REMAINING):
        chosen = [index for index, claim in enumerate(claims) if claim.wish is wish]
        free = extents - sum(counts) + sum(counts[index] for index in chosen)
        given = _largest([claims[index] for index in chosen], free)
        for index, count in zip(chosen, given, strict=True):
            counts[index] = count
    return counts


def _claim(group: VolumeSpec, index: int, extents: int) -> _Claim:
    amount = group.volumes[index].amount
    low = least_extents(amount.low, group.extent)
    high = ENDLESS if amount.high is None else max(low, amount.high // group.extent)
    aim = int(amount.percent * extents)
    return _Claim(amount.wish, low, min(high, max(low, aim)) if aim else high, amount.weight, aim)


def _largest(claims: Sequence[_Claim], free: int) -> list[int]:
    """The counts at the highest common level that fits; what is left, less than the sum of the weights, goes to the first."""
    if not claims:
        return []
    if claims[0].wish is Wish.PERCENT:
        level = _first(lambda lack: sum(_short_by(claims, lack)) <= free, max(claim.aim for claim in claims))
        counts = _short_by(claims, level)
    else:
        top = free * FINE
        counts = _at_level(claims, top - _first(lambda down: sum(_at_level(claims, top - down)) <= free, top))
    left = free - sum(counts)
    for index, claim in enumerate(claims):
        more = max(0, min(left, claim.high - counts[index]))
        counts[index] += more
        left -= more
    return counts


def _at_level(claims: Sequence[_Claim], level: int) -> list[int]:
    """Everybody's weight times the level, in units of 1 / FINE, within its limits."""
    return [min(max(claim.low, claim.weight * level // FINE), claim.high) for claim in claims]


def _short_by(claims: Sequence[_Claim], lack: int) -> list[int]:
    return [max(claim.low, min(claim.high, claim.aim - lack)) for claim in claims]


def _first(holds: Callable[[int], bool], top: int) -> int:
    """The smallest number from 0 to `top` for which it holds; it holds from some number on."""
    low, high = 0, top
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
