"""What pods have, and what would be composed of it. Reads only: composing is a flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corral.chooser import Choice, NoFit, Room, choose, room
from corral.contracts.composition import Composes, Pools
from corral.contracts.sources import Source
from corral.domain.blocks import Block, Pool
from corral.domain.composing import Composition
from corral.domain.errors import Invalid, NotFound, NotSupported


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be composed now. `blocks`: the chosen ones, none where nothing fits."""

    source: str
    answer: Choice | NoFit
    blocks: tuple[Block, ...] = ()


class CompositionService:
    """The use cases of looking at pods. `claimed` tells how many attempts claim each block of a pod right now."""

    def __init__(self, sources: Mapping[str, Source], claimed: Callable[[str], Mapping[str, int]]) -> None:
        self._sources = sources
        self._claimed = claimed

    def pool(self, name: str) -> tuple[Pool, Room]:
        """The blocks and zones of a pod, and what is left of them. Raises NotFound, NotSupported for a source without."""
        pool = self._pools(name).pool()
        return pool, room(pool)

    def preview(self, wish: Composition, source: str | None = None) -> Preview:
        """The blocks that would be taken now. `source`: another pod than the wish names. Raises NotSupported for a pod that keeps
        its blocks to itself."""
        name = self.pod(source or wish.source)
        pool = self._pools(name).pool()
        if not pool.blocks:
            raise NotSupported(
                f"Source {name} shows no blocks: it has none, or chooses them itself.",
                fix="Compose, and see what it takes.",
            )
        claims = self._claimed(name)
        claimed = {block.id for block in pool.blocks if claims.get(block.id, 0) >= block.limit}
        answer = choose(pool, wish.wanted, exclude=claimed)
        chosen = frozenset(answer.blocks if isinstance(answer, Choice) else ())
        return Preview(name, answer, tuple(sorted((b for b in pool.blocks if b.id in chosen), key=lambda one: one.id)))

    def pod(self, name: str | None) -> str:
        """The name of that pod, or of the only one. Raises NotFound, NotSupported where there is none, Invalid where there are
        several."""
        if name is not None:
            return self._source(name).name
        pods = sorted(one.name for one in self._sources.values() if isinstance(one.machines, Composes))
        if not pods:
            raise NotSupported("No source composes.", fix="Configure one with a driver for pods, as redfish.")
        if len(pods) > 1:
            raise Invalid(f"Several sources compose: {', '.join(pods)}.", fix="Say which: `source`.")
        return pods[0]

    def _pools(self, name: str) -> Pools:
        source = self._source(name)
        if not isinstance(source.machines, Pools):
            raise NotSupported(
                f"Source {name} has no blocks to compose of: its driver is {source.driver}.",
                fix="`corral source list` shows the capabilities of each; a pod has pools.",
            )
        return source.machines

    def _source(self, name: str) -> Source:
        found = self._sources.get(name)
        if found is None:
            known = ", ".join(sorted(self._sources)) or "none"
            raise NotFound(f"There is no source {name!r}.", fix=f"There are: {known}.")
        return found
