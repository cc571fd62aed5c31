"""Several of a kind, one after the other, of which none suffers from another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

LOG = logging.getLogger(__name__)


class Named(Protocol):
    @property
    def name(self) -> str: ...


One = TypeVar("One", bound=Named)
Found = TypeVar("Found")


def each_alone(some: Iterable[One], act: Callable[[One], Found]) -> list[Found]:
    """What each gives. One that fails gives nothing, which is logged: whoever asks will ask again."""
    found = []
    for one in some:
        try:
            found.append(act(one))
        except Exception:
            # Whatever it is: the others must not wait for this one to be mended.
            LOG.exception("What is due could not be looked up.", extra={"source": one.name})
    return found
