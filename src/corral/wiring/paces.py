"""How hard each source may be asked, in the engine's terms: sources of machines and of hosts alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corral.contracts.pace import Pace
from corral.contracts.sources import Source
from corral.flows.hypervisors import Hypervisor


@dataclass(frozen=True, slots=True)
class Paces:
    """The paces of those sources that have one."""

    sources: Mapping[str, Source]
    hypervisors: Mapping[str, Hypervisor]

    def of(self, name: str | None) -> Pace | None:
        """That of one source."""
        if name is None:
            return None
        if (source := self.sources.get(name)) is not None:
            return source.border.pace
        return None if (found := self.hypervisors.get(name)) is None else found.pace

    def all(self) -> Iterator[tuple[str, Pace]]:
        """All of them, by name."""
        for name in (*self.sources, *self.hypervisors):
            if (pace := self.of(name)) is not None:
                yield name, pace

    def room(self, name: str | None, running: int) -> bool:
        """Whether an operation at a source may begin beside so many that run there in this process."""
        pace = self.of(name)
        return pace is None or pace.allows(running)

    def silence(self, name: str | None) -> float:
        """For how many seconds a source is left alone from now on."""
        pace = self.of(name)
        return 0.0 if pace is None else pace.silence()
