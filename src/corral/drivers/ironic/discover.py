"""Finding machines: lists of nodes, single nodes, and what the machines themselves say.

Rule: reads only. A list is drawn in portions, so the first machines come before the last node was read.
"""

from __future__ import annotations

import contextvars
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import chain, islice
from typing import Any, TypeVar

from corral.cloud.wire import Service, segment
from corral.contracts.sources import Query
from corral.domain.errors import DriverFailed, NotFound
from corral.domain.machine import Machine, Nic, is_uuid
from corral.drivers.ironic import translate
from corral.drivers.ironic.bmc import Bmcs, Sight
from corral.drivers.ironic.indexes import Indexes, NicIndex
from corral.drivers.ironic.listing import NodeNics, node_pages, sizes
from corral.drivers.ironic.rules import NODE_NAME
from corral.drivers.ironic.versions import Nodes

_PORTION = 100
_NO_TIME = Sight(None, "the time for asking the BMCs of a listing was used up; look at this machine alone")
Result = TypeVar("Result")


class Discovery:
    """`Discovers` over one Ironic."""

    def __init__(self, source: str, service: Service, nodes: Nodes, bmcs: Bmcs | None, page_size: int) -> None:
        self._source = source
        self._service = service
        self._nodes = nodes
        self._bmcs = bmcs
        self._page_size = page_size
        self._nics = NodeNics(service)
        self._indexes = Indexes(service, page_size)
        self._pool = ThreadPoolExecutor(bmcs.threads if bmcs else 8, thread_name_prefix=f"corral-{source}")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def discover(self, query: Query, marker: str | None, limit: int | None) -> Iterator[Machine]:
        if limit is not None and limit <= 0:
            return iter(())
        found = self._named(query, marker) if query.name else self._listed(query, marker, limit)
        return islice(found, limit)

    def observe(self, machine: str) -> Machine:
        row = self._row(machine)
        found = self._machine(row, self._nics.of)
        return _seen(found, self._bmcs.look(row) if self._bmcs and not found.problem else None)

    def _row(self, machine: str) -> Mapping[str, Any]:
        # `detail` is not a node but another resource of Ironic.
        if re.fullmatch(NODE_NAME, machine) is None or machine == "detail":
            raise NotFound(f"{machine[:64]!r} is no uuid or name of a node.")
        # Ironic looks for a uuid in exactly the case that it has: lower.
        ident = machine.lower() if is_uuid(machine) else machine
        row = self._nodes.service().read(f"/v1/nodes/{segment(ident)}")
        if not isinstance(row, Mapping):
            raise DriverFailed(f"Ironic's record of node {machine} can't be read.")
        return row

    def _named(self, query: Query, marker: str | None) -> Iterator[Machine]:
        # Ironic can't filter a list by name; a name is unique there, so it is one node or none.
        try:
            found = self.observe(str(query.name))
        except NotFound:
            return
        if found.name == query.name and _matches(found, query) and (marker is None or found.id > marker):
            yield found

    def _listed(self, query: Query, marker: str | None, limit: int | None) -> Iterator[Machine]:
        # Ironic takes no created_at among the fields of a list: its other list, of whole records, has it.
        path = "/v1/nodes/detail" if query.times else "/v1/nodes"
        pages = node_pages(self._service, path, _filters(query), sizes(self._page_size, limit), marker)
        first = next(pages, [])
        all_of_it = len(first) < next(sizes(self._page_size, limit))
        nics = self._indexes.for_nodes(len(first) if all_of_it else limit)
        deadline = time.monotonic() + (self._bmcs.patience if self._bmcs else 0)
        for page in chain((first,), pages):
            for start in range(0, len(page), _PORTION):
                yield from self._portion(page[start : start + _PORTION], nics, deadline)

    def _portion(self, page: Sequence[Any], nics: NicIndex | None, deadline: float) -> Iterator[Machine]:
        of = nics.of if nics else self._one_by_one(page)
        machines = [self._machine(row, of) for row in page]
        for found, sight in zip(machines, self._sights(page, deadline), strict=True):
            yield found if found.problem else _seen(found, sight)

    def _machine(self, row: Any, nics: Callable[[str], tuple[Nic, ...]]) -> Machine:
        try:
            return translate.machine(self._source, row, nics(str(row.get("uuid")).lower()))
        except (ValueError, AttributeError) as exc:
            return translate.broken(self._source, row, str(exc))

    def _one_by_one(self, page: Sequence[Any]) -> Callable[[str], tuple[Nic, ...]]:
        nodes = [str(row.get("uuid")).lower() for row in page if isinstance(row, Mapping)]
        asked = {node: self._start(self._nics.of, node) for node in nodes}

        def of(node: str) -> tuple[Nic, ...]:
            try:
                return asked[node].result()
            except NotFound:
                # The node was deleted after it was listed.
                return ()

        return of

    def _sights(self, page: Sequence[Any], deadline: float) -> Iterable[Sight | None]:
        """What each machine says, asked at once, within the deadline."""
        if self._bmcs is None:
            return [None] * len(page)
        asked = [self._start(self._bmcs.look, row if isinstance(row, Mapping) else {}) for row in page]
        wait(asked, timeout=max(0.0, deadline - time.monotonic()))
        return [_in_time(one) for one in asked]

    def _start(self, what: Callable[..., Result], *about: Any) -> Future[Result]:
        # The border's purpose and record belong to the caller's context: threads get a copy of it.
        return self._pool.submit(contextvars.copy_context().run, what, *about)


def _in_time(asked: Future[Sight | None]) -> Sight | None:
    if asked.done():
        return asked.result()
    asked.cancel()
    return _NO_TIME


def _filters(query: Query) -> list[tuple[str, str]]:
    fields = f"{translate.LIST_FIELDS},traits" if query.available_free else translate.LIST_FIELDS
    filters = [] if query.times else [("fields", fields)]
    if query.available_free:
        filters += [("provision_state", "available"), ("associated", "false")]
    if query.active_free:
        filters += [("provision_state", "active"), ("associated", "false")]
    if query.resource_class is not None:
        filters.append(("resource_class", query.resource_class))
    return filters


def _matches(machine: Machine, query: Query) -> bool:
    wanted = "active" if query.active_free else "available" if query.available_free else None
    free = wanted is None or (machine.provision_state == wanted and machine.claimed_by is None)
    return free and query.resource_class in (None, machine.resource_class)


def _seen(machine: Machine, sight: Sight | None) -> Machine:
    if sight is None:
        return machine
    error = sight.error or machine.power_error
    return replace(machine, observed_power=sight.power, power_asked=True, power_error=error, boot=sight.facts)
