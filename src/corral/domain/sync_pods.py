"""What a pod has of a composed server, as sides that are compared: texts that begin with `system` or `block`, and its id.

Rule: pure. The record's side is what was claimed when it was composed. Where the pod chose the blocks, the first look at a system
that is as it should be says which. A text of more than two words says that something is wrong, and the record never takes it over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from corral.domain.drift import Facts, Field, Value

AMISS = "The pod says that something is wrong with it. Look at the pod: Corral neither composes nor releases anything for it."


@dataclass(frozen=True, slots=True)
class Claim:
    """What the record has of a composed server at its pod: the system by its id and its name, and the blocks that it was composed
    of; none where the pod chose them."""

    pod: str
    name: str
    system: str
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a pod has of one system now. `state`: the pod's word for a system that is not in use, "" when nothing is wrong.
    `blocks`: None where the pod does not tell them. `twins`: other records of the pod that name the same hardware."""

    system: str
    name: str
    state: str = ""
    blocks: frozenset[str] | None = None
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assemblies:
    """What a pod has of some systems, at one look. A system that is neither in `systems` nor `unsure` is certainly not there.

    `unsure`: systems that could not be read. `holders`: by block, the systems that have it; `shared`: blocks that several may
    have."""

    systems: Mapping[str, Assembly] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    holders: Mapping[str, Collection[str]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Composed:
    """Both sides of one composed server. `world`: what the pod says; `fleet`: how many servers this source has at that pod."""

    claim: Claim
    world: tuple[str, ...]
    fleet: int = 1

    @property
    def facts(self) -> Facts:
        return {Field.COMPOSITION: list(self.world)}

    def record(self, agreed: Facts) -> Facts:
        """The record's side."""
        if self.claim.blocks:
            return {Field.COMPOSITION: [*sorted(map(_block, self.claim.blocks)), f"system {self.claim.system}"]}
        before = agreed.get(Field.COMPOSITION)
        if before is not None:
            return {Field.COMPOSITION: before}
        own = list(self.world) if not amiss(self.world) else [f"system {self.claim.system}"]
        return {Field.COMPOSITION: own}


def composed(claim: Claim, found: Assemblies, fleet: int = 1) -> Composed | None:
    """Both sides of a server's composition; None where nobody knows what the pod has."""
    if claim.system in found.unsure:
        return None
    here = found.systems.get(claim.system)
    has = frozenset[str]() if here is None else here.blocks
    blocks = [] if has is None else [*_here(has, claim.system, found), *_elsewhere(claim, has, found)]
    return Composed(claim, (*sorted(blocks), _system(claim, here)), fleet)


def _system(claim: Claim, here: Assembly | None) -> str:
    text = f"system {claim.system}"
    if here is None:
        return f"{text} gone"
    if here.name != claim.name:
        return f"{text} called {here.name!r}"
    if here.twins:
        return f"{text} also {', '.join(sorted(here.twins))}"
    if claim.blocks and here.blocks is not None and not here.blocks & set(claim.blocks):
        return f"{text} without any block of ours"
    return f"{text} {here.state}" if here.state else text


def _here(has: Collection[str], system: str, found: Assemblies) -> list[str]:
    texts = []
    for block in has:
        others = sorted(set(found.holders.get(block, ())) - {system}) if block not in found.shared else []
        texts.append(f"{_block(block)} also in {', '.join(others)}" if others else _block(block))
    return texts


def _elsewhere(claim: Claim, has: Collection[str], found: Assemblies) -> list[str]:
    """Blocks of ours that our system has not got, and others have. One that nobody has is only not there."""
    gone = ((block, sorted(set(found.holders.get(block, ())) - {claim.system})) for block in claim.blocks)
    return [f"{_block(block)} in {', '.join(others)}" for block, others in gone if block not in has and others]


def _block(block: str) -> str:
    return f"block {block}"


def amiss(world: Any) -> bool:
    """Whether such texts say that something is wrong, and not only that other blocks are in the system."""
    texts: Collection[Value] = world or ()
    return not any(str(one).startswith("system ") for one in texts) or any(len(str(one).split()) != 2 for one in texts)


def blocks_in(world: Value) -> tuple[str, ...]:
    """The ids of the blocks in texts of which none says that something is wrong."""
    return tuple(one.removeprefix("block ") for one in world if one.startswith("block "))
