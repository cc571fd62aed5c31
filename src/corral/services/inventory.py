"""Sources and their machines: lists, look-ups by name, health."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from corral.contracts.sources import Health, Query, Source
from corral.domain.errors import Conflict, Invalid, NotFound
from corral.domain.machine import Machine
from corral.domain.reasons import reason
from corral.services.at_once import at_once
from corral.services.survey import Known, Verdict, judge_batch, survey
from corral.store import Servers

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of verdicts; `next` is the marker of the following page, None on the last."""

    verdicts: tuple[Verdict, ...]
    next: str | None


class Inventory:
    """What is at the sources."""

    def __init__(self, sources: Mapping[str, Source], servers: Servers, *, default: str | None, threads: int) -> None:
        self._sources = sources
        self._servers = servers
        self._default = default
        self._threads = threads

    def sources(self) -> list[tuple[Source, Health]]:
        """Every source with how it answers now; they are asked at the same time."""
        ordered = [self._sources[name] for name in sorted(self._sources)]
        return list(zip(ordered, at_once(lambda source: source.machines.check(), ordered, self._threads), strict=True))

    def source(self, name: str) -> Source:
        """The source of that name. Raises NotFound."""
        if name not in self._sources:
            raise NotFound(
                f"There is no source {name!r}.", fix=f"There are: {', '.join(sorted(self._sources)) or 'none'}."
            )
        return self._sources[name]

    def adoptable(
        self, query: Query, *, source: str | None = None, adoptable: bool | None = None, limit: int, marker: str | None
    ) -> Listing:
        """One page of machines with their verdicts, ordered by source and id. A marker is `source:id`.

        With `adoptable` the page is filled with machines of that verdict, however many others lie between."""
        names = [self.source(source).name] if source else sorted(self._sources)
        start, after = self._place(marker)
        found: list[tuple[str, Verdict]] = []
        for name in names:
            if start is not None and name < start:
                continue
            beyond = after if name == start else None
            found += self._of(name, query, beyond, adoptable, limit + 1 - len(found))
            if len(found) > limit:
                break
        page = found[:limit]
        more = f"{page[-1][0]}:{page[-1][1].machine.id}" if len(found) > limit and page else None
        return Listing(tuple(verdict for _, verdict in page), more)

    def find(self, node: str, source: str | None) -> tuple[Source, Machine]:
        """The machine of that id or name, at that source, or at the one source that has it.

        Raises NotFound; Conflict when several sources have it."""
        names = [self.source(source).name] if source else self._order()
        found = [hit for name in names if (hit := self._observe(name, node)) is not None]
        if not found:
            known = reason("node-not-found", node=node, sources=", ".join(names) or "any source")
            raise NotFound(known.message, fix=known.fix)
        if len(found) > 1:
            where = ", ".join(source.name for source, _ in found)
            raise Conflict(f"{node} is at several sources: {where}.", fix="Say which one is meant: `source`.")
        return found[0]

    def listed(self, nodes: Set[str]) -> dict[str, tuple[Source, Machine]]:
        """Those of many machines that one list of each source has, by id: the free ones. The others, names, and ids that
        several sources have are left to `find`."""
        found: dict[str, tuple[Source, Machine]] = {}
        twice: set[str] = set()
        for name in self._order():
            for machine in self.source(name).machines.discover(Query(active_free=True)):
                if machine.id in nodes and not machine.problem:
                    twice |= {machine.id} & found.keys()
                    found[machine.id] = self.source(name), machine
        return {node: one for node, one in found.items() if node not in twice}

    def judge(self, source: Source, machine: Machine) -> Verdict:
        """The verdict on one machine that was just observed."""
        return next(iter(judge_batch(source, [machine], self._known)))

    @property
    def _known(self) -> Known:
        return Known(managed=self._servers.managed, mac_holders=self._servers.mac_holders)

    def _order(self) -> list[str]:
        """The default source alone, where there is one: asking the others could only confuse."""
        return [self._default] if self._default else sorted(self._sources)

    def _observe(self, name: str, node: str) -> tuple[Source, Machine] | None:
        source = self.source(name)
        try:
            return source, source.machines.observe(node)
        except NotFound:
            return None

    def _place(self, marker: str | None) -> tuple[str | None, str | None]:
        if marker is None:
            return None, None
        name, _, machine = marker.partition(":")
        if name not in self._sources or not machine:
            raise Invalid(f"{marker!r} is no marker.", fix="Follow the `next` link of the page before.")
        return name, machine

    def _of(
        self, name: str, query: Query, marker: str | None, adoptable: bool | None, wanted: int
    ) -> list[tuple[str, Verdict]]:
        # Without a filter on the verdict the source can limit the page itself; with one, nobody knows how many to ask for.
        limit = wanted if adoptable is None else None
        if adoptable and not query.available_free:
            # No other is adoptable: so those that are managed already, which may be nearly all, need not be read.
            query = replace(query, active_free=True)
        verdicts: Iterator[Verdict] = survey(self._sources[name], query, known=self._known, marker=marker, limit=limit)
        found = []
        for verdict in verdicts:
            if adoptable is None or verdict.adoptable is adoptable:
                found.append((name, verdict))
            if len(found) >= wanted:
                break
        return found
