"""Leaks at a pod: systems that were composed for servers and that no record has, and claims of blocks for systems that are gone.

Rule: judgement only, as in `leaks`. What an operation works on right now is explained, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from corral.domain.blocks import ComposedSystem
from corral.domain.composing import PREFIX, Attempt
from corral.domain.leak_kinds import Kind, Leak, leak
from corral.domain.machine import is_uuid
from corral.domain.traces import Ours


@dataclass(frozen=True, slots=True)
class PodScene:
    """One pod at one moment. `attempts`: those on record before and after the look; `recorded`: the names of all that were then or
    are now. `busy`: servers that an operation is about; `known`: these, and all of which there is a record."""

    source: str
    systems: tuple[ComposedSystem, ...]
    attempts: Sequence[Attempt]
    recorded: Set[str]
    busy: Set[str]
    known: Set[str]
    ours: Ours


def judge_pod(scene: PodScene) -> list[Leak]:
    """Everything at one pod that is not explained."""
    return [*_systems(scene), *_attempts(scene)]


def owner_of(name: str) -> str | None:
    """The uuid of the server that the name of a system tells; None for a name that is not of Corral's making."""
    rest = name.removeprefix(PREFIX)
    owner = rest[:36]
    return owner.lower() if rest != name and is_uuid(owner) and rest[36:37] == "-" else None


def _systems(scene: PodScene) -> Iterator[Leak]:
    for system in scene.systems:
        owner = owner_of(system.name)
        if owner is None or system.name in scene.recorded or owner in scene.busy:
            continue
        yield leak(Kind.SYSTEM, scene.source, system.id, {"owner": owner}, scene.ours)


def _attempts(scene: PodScene) -> Iterator[Leak]:
    there = {one.name for one in scene.systems}
    for attempt in scene.attempts:
        if attempt.name in there or attempt.server in scene.busy:
            continue
        if attempt.server in scene.known:
            yield leak(Kind.SYSTEM_GONE, scene.source, attempt.system or attempt.name, {"owner": attempt.server})
        else:
            yield leak(Kind.ATTEMPT, scene.source, attempt.name, {"owner": attempt.server})
