"""Judgements on what was read back: is it what was asked for, and nobody else's?

Rule: pure functions, and nothing is assumed in a service's favour.
"""

from __future__ import annotations

from collections.abc import Iterable

from corral.domain.blocks import Block, BlockState, ComposedSystem, Wanted
from corral.domain.errors import Conflict, CorralError, Refused
from corral.domain.reasons import reason


def not_asked(system: ComposedSystem, wanted: Wanted, chosen: frozenset[str]) -> Iterable[str]:
    """What differs from what was asked for. What the system does not tell of itself can't."""
    if chosen and system.blocks != chosen:
        yield "it is made of other blocks"
    if 0 < system.cores < wanted.cores:
        yield f"it has {system.cores} of {wanted.cores} cores"
    if 0 < system.memory < wanted.memory:
        yield f"it has {system.memory} of {wanted.memory} MiB of memory"


def amiss(block: Block, system: str) -> str:
    """What is wrong with a block of our system; empty when nothing is."""
    if block.problem:
        return f"block {block.id}: {block.problem}"
    if system not in block.systems:
        return f"block {block.id} is not linked to it"
    if len(block.systems) > block.limit:
        return f"block {block.id} is in {len(block.systems)} systems"
    if block.state not in (BlockState.COMPOSED, BlockState.COMPOSED_AND_AVAILABLE):
        return f"block {block.id} is {block.state}"
    return ""


def taken(block: Block) -> CorralError:
    if block.problem:
        return unfit(f"block {block.id}: {block.problem}")
    holders = f" by {', '.join(block.systems[:3])}" if block.systems else ""
    return Conflict(
        f"Block {block.id} can't be had: it is {block.state}{holders}{', reserved' if block.reserved else ''}"
        f"{'' if block.healthy else ', not healthy'}.",
        fix="Look at the pool again and choose other blocks.",
    )


def unfit(why: str) -> Refused:
    return Refused("The pod can't compose this.", [reason("not-composable", why=why)])
