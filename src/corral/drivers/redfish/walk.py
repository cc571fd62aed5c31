"""Walking through a service's resources: collections page by page, many resources at once, and never for ever.

Rule: one `Walk` for each question. It counts what it asks, and stops with a clear error where a service would lead it in circles.
"""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from corral.domain.errors import DriverFailed
from corral.drivers.redfish.client import Client
from corral.drivers.redfish.reading import members

T = TypeVar("T")
R = TypeVar("R")
MOST_PAGES = 1_000
MOST_MEMBERS = 20_000
MOST_REQUESTS = 200_000


class Walk:
    """Reads of one question, at most `seconds` long in all."""

    def __init__(self, client: Client, threads: int, seconds: float) -> None:
        self.links = client.links
        self._client = client
        self._threads = threads
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._asked = 0

    def get(self, target: str) -> Mapping[str, Any]:
        """The resource at a path."""
        self._asked += 1
        if self._asked > MOST_REQUESTS or time.monotonic() > self._deadline:
            raise DriverFailed(
                f"Reading the pod was given up after {self._asked} requests and {self._seconds:.0f} seconds.",
                fix="Raise the source's option 'longest' if the pod is really that large or slow.",
            )
        return self._client.get(target)

    def members(self, path: str) -> tuple[str, ...]:
        """The ids of a collection's members, over all its pages."""
        return self.members_of(path, self.get(path))

    def members_of(self, path: str, first: Mapping[str, Any]) -> tuple[str, ...]:
        """As `members`, when the first page was read already."""
        found = dict.fromkeys(self._page(path, first))
        page, pages = first, 1
        while (following := page.get("Members@odata.nextLink")) is not None:
            before = len(found)
            page, pages = self.get(self.links.target(following)), pages + 1
            found.update(dict.fromkeys(self._page(path, page)))
            # A page that brings nothing new leads in a circle, or on for ever.
            if len(found) == before or pages > MOST_PAGES or len(found) > MOST_MEMBERS:
                raise DriverFailed(f"The collection {path} has no end: {pages} pages with {len(found)} members.")
        return tuple(found)

    def all(self, read: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """`read` of each, several at once, in order; within the border as it was opened here."""
        found: Sequence[T] = tuple(items)
        if len(found) < 2 or self._threads < 2:
            return [read(one) for one in found]
        with ThreadPoolExecutor(min(self._threads, len(found)), "redfish") as pool:
            waiting = [pool.submit(contextvars.copy_context().run, read, one) for one in found]
            try:
                return [one.result() for one in waiting]
            finally:
                for one in waiting:
                    one.cancel()

    def _page(self, path: str, page: Mapping[str, Any]) -> tuple[str, ...]:
        listed = members(page)
        if not isinstance(listed, list):
            raise DriverFailed(f"The collection {path} has no list of members.")
        return self.links.all_of({"Members": listed}, "Members")
