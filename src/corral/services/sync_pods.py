"""Worlds with what pods have of composed servers: one look at each pod in a pass.

Rule: a pod that can't be asked tells nothing: the compositions of its servers are not compared, everything else goes on, and
`trouble` says so. Nothing composes or releases because of what a pod says.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corral.contracts.composition import TellsAssemblies
from corral.contracts.syncing import Told
from corral.domain.drift import Field, Value
from corral.domain.errors import CorralError
from corral.domain.merge import Means
from corral.domain.server import Kind
from corral.domain.sync_pods import Assemblies, Claim, composed
from corral.services.at_once import at_once
from corral.services.sync_worlds import World
from corral.store.sync_pods import PodClaims

LOG = logging.getLogger(__name__)

_AT_ONCE = 8
"""Pods that are asked at the same time."""


@dataclass
class _Found:
    """What pods have. `claims`: by machine; the rest by pod, `fleets` how many servers the source has there."""

    claims: Mapping[str, Claim]
    pods: dict[str, Assemblies] = field(default_factory=dict)
    fleets: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


class ComposedNodes:
    """The nodes of a source, with what pods have of those that were composed. `pods`: by name."""

    kind = Kind.NODE

    def __init__(self, world: World, pods: Mapping[str, TellsAssemblies], claims: PodClaims) -> None:
        self.name = world.name
        self.trouble = ""
        self._world = world
        self._pods = pods
        self._claims = claims

    def told(self, *, free: bool) -> Iterator[Told]:
        self.trouble = ""
        found = self._asked(self._claims.at(self.name))
        for one in self._world.told(free=free):
            yield _with_pod(one, found)
        self.trouble = " ".join(filter(None, (self._world.trouble, *found.troubles)))

    def _asked(self, claims: Mapping[str, Claim]) -> _Found:
        """What each pod has of these machines."""
        found, wanted = _Found(claims), dict[str, dict[str, tuple[str, ...]]]()
        for claim in claims.values():
            wanted.setdefault(claim.pod, {})[claim.system] = claim.blocks
            found.fleets[claim.pod] += 1
        if wanted:
            at_once(lambda pod: self._ask(pod, wanted[pod], found), wanted, min(_AT_ONCE, len(wanted)))
        return found

    def _ask(self, pod: str, systems: Mapping[str, Collection[str]], into: _Found) -> None:
        """What the pod has of these systems, or why that is not known."""
        why = "there is no such source, or it can't tell of systems."
        try:
            if pod in self._pods:
                into.pods[pod] = self._pods[pod].assemblies(systems)
                unread = len(into.pods[pod].unsure)
                why = f"{unread} of {len(systems)} systems could not be read." if unread else ""
        except CorralError as exc:
            why = exc.message
        if why:
            LOG.info("What a pod has is not compared.", extra={"pod": pod, "why": why})
            into.troubles.append(f"Compositions at {pod} are not compared: {why}")

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        return self._world.filled(some)

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        found = self._asked(self._claims.at(self.name, machines))
        return (_with_pod(one, found) for one in self._world.named(machines))

    def told_of(self, machine: str) -> Told:
        return self._world.told_of(machine)

    def look(self, machine: str) -> Told:
        return _with_pod(self._world.look(machine), self._asked(self._claims.at(self.name, [machine])))

    def means(self, what: Field, value: Value) -> Means:
        return self._world.means(what, value)


def _with_pod(told: Told, found: _Found) -> Told:
    claim = found.claims.get(told.machine)
    if claim is None or claim.pod not in found.pods or told.problem:
        return told
    both = composed(claim, found.pods[claim.pod], found.fleets[claim.pod])
    return told if both is None else replace(told, facts={**told.facts, **both.facts}, composed=both)
