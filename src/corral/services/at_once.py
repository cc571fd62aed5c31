"""The same for several things at the same time, on behalf of one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def at_once(act: Callable[[Item], Result], items: Iterable[Item], threads: int) -> list[Result]:
    """What `act` gives for each, in their order, by so many threads. Each works in a copy of the caller's context: what it asks of
    sources belongs to the caller's request, and to its trace. Raises what one of them raised."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        begun = [pool.submit(copy_context().run, act, item) for item in items]
        return [one.result() for one in begun]
