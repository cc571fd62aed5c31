"""The NICs of whole lists of nodes: all ports and groups of an Ironic, read once, where that costs less than asking node by node.

How many ports there are, Ironic does not tell. So a listing reads on until it has cost twice what asking for its own nodes would:
what is read can be used again. If that did not do, the nodes are asked for one by one; what that cost is remembered, and once it
is enough for everything, everything is read. It is believed for a while, so that who goes on from page to page does not pay again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from corral.cloud.wire import Service
from corral.domain.machine import Nic
from corral.drivers.ironic import translate
from corral.drivers.ironic.listing import everything, node_of

NODES_PER_PAGE = 10
"""For so many nodes, asking one by one costs as much as one page of a list."""
_WORTH_MORE = 2
"""What everything is worth, compared with the single requests for one listing."""
_BELIEVED_FOR = 10.0
"""How long an index is believed, as a multiple of the time that reading it took: so at most a tenth of the time goes into it."""
_LONGEST = 300.0  # seconds


class NicIndex:
    """The NICs of all nodes, by estimate 0.5 kB each: 10 MB for 20,000. A node whose ports can't be read raises ValueError when it
    is asked for. `pages`: of ports that were read."""

    def __init__(self) -> None:
        self.pages = 0
        self._nics: dict[str, list[Nic]] = {}
        self._bad: dict[str, ValueError] = {}

    def of(self, node: str) -> tuple[Nic, ...]:
        if node in self._bad:
            raise self._bad[node]
        return tuple(self._nics.get(node, ()))

    def add_ports(self, page: list[Any]) -> None:
        """One page more."""
        self.pages += 1
        for row in page:
            self._add(row, translate.nic)

    def add_groups(self, page: list[Any]) -> None:
        """Only when all ports are there: a group may have the MAC of its first member."""
        for row in page:
            self._add(row, lambda group: translate.bond(group, self._nics.get(node_of(group), ())))

    def _add(self, row: Any, parse: Callable[[Any], Nic]) -> None:
        node = node_of(row)
        try:
            self._nics.setdefault(node, []).append(parse(row))
        except ValueError as exc:
            self._bad[node] = exc


def whole_index(service: Service, size: int, most: int | None = None) -> NicIndex | None:
    """All NICs; None when there are more than `most` pages of ports."""
    index = NicIndex()
    for page in everything(service, "ports", translate.PORT_FIELDS, size):
        index.add_ports(page)
        # A page that is full may be the last one; nobody knows.
        if most is not None and index.pages >= most and len(page) >= size:
            return None
    for page in everything(service, "portgroups", translate.GROUP_FIELDS, size):
        index.add_groups(page)
    return index


class Indexes:
    """Decides for each listing, and keeps what may be used again. Safe to share between threads."""

    def __init__(self, service: Service, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: NicIndex | None = None
        self._until = 0.0
        self._paid = 0  # pages' worth of single requests since the last index was read
        self._least = 0  # pages that everything has, as far as anybody knows

    def for_nodes(self, count: int | None) -> NicIndex | None:
        """The index for a listing of so many nodes (None: nobody knows how many); None when they are to be asked for one by one."""
        if count is None:
            return whole_index(self._service, self._size)
        if (worth := count // NODES_PER_PAGE) == 0:
            return None
        with self._lock:
            if self._kept is not None and self._clock() < self._until:
                return self._kept
            self._kept, most = None, self._to_try(worth)
        found = self._read(most, worth) if most else None
        with self._lock:
            self._paid = self._paid + worth if found is None else 0
        return found

    def _to_try(self, worth: int) -> int:
        """How many pages of ports may be read; 0 when it is known that they would not do."""
        most = self._paid + _WORTH_MORE * worth
        return most if most >= self._least else 0

    def _read(self, most: int, worth: int) -> NicIndex | None:
        begun = self._clock()
        found = whole_index(self._service, self._size, most)
        with self._lock:
            self._least = 2 * most if found is None else found.pages
            # What one listing pays for by itself is read anew for each: then nobody is told anything old.
            if found is not None and found.pages > worth:
                now = self._clock()
                self._kept, self._until = found, now + min(_LONGEST, _BELIEVED_FOR * (now - begun))
        return found
