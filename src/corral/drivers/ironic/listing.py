"""Lists of Ironic, page by page, and the NICs that go with a list of nodes.

Rule: pages are found by their marker, never by the `next` link of an answer, which could lead anywhere.

Ironic can't give the ports of several nodes in one request, nor order ports as nodes are ordered. So there are two ways, chosen by
how many nodes are listed: two requests a node for a few; for many, all ports and groups once, kept as small records
(about 0.5 kB each: 10 MB for 20,000), because one pass of 1,000 rows a request costs less than 30 single requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from corral.cloud.wire import Query, Service, rows
from corral.domain.errors import DriverFailed, NotFound
from corral.domain.machine import Nic
from corral.drivers.ironic import translate

FEW = 40
"""Up to so many nodes are asked for their ports one by one."""
_RESTARTS = 5


def pages(service: Service, path: str, key: str, query: Query, size: int, marker: str | None = None) -> Iterator[list[Any]]:
    """The pages of a list, after `marker`. Raises NotFound when the row of the marker was deleted meanwhile."""
    while True:
        more = [("limit", str(size))] + ([("marker", marker)] if marker else [])
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


def node_pages(service: Service, query: Query, size: int, marker: str | None) -> Iterator[list[Any]]:
    """Pages of nodes ordered by uuid, after `marker`, also when the node of the marker is deleted meanwhile."""
    query = [*query, ("sort_key", "uuid"), ("sort_dir", "asc")]
    seen, start = marker, marker
    for _ in range(_RESTARTS):
        try:
            for page in pages(service, "/v1/nodes", "nodes", query, size, start):
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


class NicIndex:
    """The NICs of all nodes, read once. A node whose ports can't be read raises ValueError when it is asked for."""

    def __init__(self, service: Service, size: int) -> None:
        self._ports: dict[str, list[Nic]] = {}
        self._bad: dict[str, ValueError] = {}
        for row in _everything(service, "ports", translate.PORT_FIELDS, size):
            self._add(row, translate.nic)
        for row in _everything(service, "portgroups", translate.GROUP_FIELDS, size):
            self._add(row, lambda group: translate.bond(group, self._ports.get(_node(group), ())))

    def of(self, node: str) -> tuple[Nic, ...]:
        if node in self._bad:
            raise self._bad[node]
        return tuple(self._ports.get(node, ()))

    def _add(self, row: Any, parse: Callable[[Any], Nic]) -> None:
        node = _node(row)
        try:
            self._ports.setdefault(node, []).append(parse(row))
        except ValueError as exc:
            self._bad[node] = exc


def _node(row: Any) -> str:
    return str(row.get("node_uuid") or "").lower() if isinstance(row, Mapping) else ""


def _everything(service: Service, key: str, fields: str, size: int) -> list[Any]:
    for _ in range(_RESTARTS):
        try:
            query = [("fields", fields)]
            return [row for page in pages(service, f"/v1/{key}", key, query, size) for row in page]
        except NotFound:
            # The row that ended a page was deleted before the next page was asked for.
            continue
    raise DriverFailed(f"The list of {key} changes too fast to be read.")


def nics_of(service: Service, node: str) -> tuple[Nic, ...]:
    """The NICs of one node. Raises ValueError when its records can't be read."""
    ports = service.listed("/v1/ports", "ports", [("node", node), ("fields", translate.PORT_FIELDS)])
    groups = service.listed("/v1/portgroups", "portgroups", [("node", node), ("fields", translate.GROUP_FIELDS)])
    return translate.nics(ports, groups)
