"""Lists of Ironic, page by page, and the NICs that go with a list of nodes.

Rule: pages are found by their marker, never by the `next` link of an answer, which could lead anywhere.

Ironic can't give the ports of several nodes in one request, nor order ports as nodes are ordered. So there are two ways:
two requests a node, or all ports and groups once (`indexes`). Measured, a page of 1,000 ports costs as much as the single
requests for ten nodes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from corral.cloud.wire import Query, Service, rows
from corral.domain.errors import DriverFailed, NotFound
from corral.domain.machine import Nic
from corral.drivers.ironic import translate

_FIRST_PAGE = 125
_RESTARTS = 5
_FEW_GROUPS = 200
_BELIEVED_FOR = 5.0
"""Seconds for which the nodes that have port groups are taken to be the same, where the groups are few."""


def sizes(most: int, limit: int | None) -> Iterator[int]:
    """How many nodes to ask for, page by page, until there are `limit`. The first page is small, so that what comes after can be
    done with it while the next one is read; each is twice as big as the one before, up to `most`."""
    size, left = min(_FIRST_PAGE, most), limit
    while True:
        yield size if left is None else max(1, min(size, left))
        left = None if left is None else left - size
        size = min(2 * size, most)


def pages(
    service: Service, path: str, key: str, query: Query, size: Iterator[int], marker: str | None = None
) -> Iterator[list[Any]]:
    """The pages of a list, after `marker`. Raises NotFound when the row of the marker was deleted meanwhile."""
    while True:
        more = [("limit", str(next(size)))] + ([("marker", marker)] if marker else [])
        data = service.read(path, [*query, *more])
        page = rows(data, key, path)
        yield page
        last = _last(page)
        if not data.get("next") or last is None:
            return
        if last == marker:
            raise DriverFailed(f"{path}: the list does not advance after {marker}.")
        marker = last


def _last(page: Sequence[Any]) -> str | None:
    """The uuid of the last row that has one."""
    for row in reversed(page):
        if isinstance(row, Mapping) and isinstance(row.get("uuid"), str):
            return str(row["uuid"])
    return None


def node_pages(
    service: Service, path: str, query: Query, size: Iterator[int], marker: str | None
) -> Iterator[list[Any]]:
    """Pages of nodes ordered by uuid, after `marker`, also when the node of the marker is deleted meanwhile."""
    query = [*query, ("sort_key", "uuid"), ("sort_dir", "asc")]
    seen, start = marker, marker
    for _ in range(_RESTARTS):
        try:
            for page in pages(service, path, "nodes", query, size, start):
                fresh = [row for row in page if seen is None or _id(row) > seen]
                yield fresh
                seen = _last(fresh) or seen
            return
        except NotFound:
            # Ironic can't find the place any more: begin at the first node, and leave out what was given already.
            start = None
    raise DriverFailed("The list of nodes changes too fast to be read.")


def _id(row: Any) -> str:
    return str(row.get("uuid") or "") if isinstance(row, Mapping) else ""


def node_of(row: Any) -> str:
    """The node of a port or port group; empty where it says none."""
    return str(row.get("node_uuid") or "").lower() if isinstance(row, Mapping) else ""


def everything(service: Service, key: str, fields: str, size: int) -> Iterator[list[Any]]:
    """All rows of a list, in Ironic's own order, once each."""
    given: set[str] = set()
    for _ in range(_RESTARTS):
        try:
            for page in pages(service, f"/v1/{key}", key, [("fields", fields)], repeat(size)):
                yield [row for row in page if _id(row) not in given]
                given |= {_id(row) for row in page}
            return
        except NotFound:
            # The row that ended a page was deleted before the next page was asked for.
            continue
    raise DriverFailed(f"The list of {key} changes too fast to be read.")


class NodeNics:
    """The NICs of single nodes. Port groups are asked for where there can be one: a NIC is a member of one, or the node has
    one without members."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._grouped: frozenset[str] | None = None
        self._until = 0.0

    def of(self, node: str) -> tuple[Nic, ...]:
        """The NICs of one node. Raises ValueError when its records can't be read."""
        ports = self._service.listed("/v1/ports", "ports", [("node", node), ("fields", translate.PORT_FIELDS)])
        member = any(isinstance(row, Mapping) and row.get("portgroup_uuid") for row in ports)
        return translate.nics(ports, self._groups(node) if member or self._may_have_groups(node) else [])

    def _groups(self, node: str) -> list[Any]:
        query = [("node", node), ("fields", translate.GROUP_FIELDS)]
        return self._service.listed("/v1/portgroups", "portgroups", query)

    def _may_have_groups(self, node: str) -> bool:
        """Whether to ask for this node's groups. Few groups are asked for all at once, and that is believed for some seconds, in
        which nodes are adopted by the dozen: all that could be missed is one without members that was made within them."""
        with self._lock:
            begun = self._clock()
            if begun >= self._until:
                query = [("limit", str(_FEW_GROUPS)), ("fields", "uuid,node_uuid")]
                found = self._service.listed("/v1/portgroups", "portgroups", query)
                self._grouped = frozenset(map(node_of, found)) if len(found) < _FEW_GROUPS else None
                self._until = begun + _BELIEVED_FOR
            return self._grouped is None or node in self._grouped
