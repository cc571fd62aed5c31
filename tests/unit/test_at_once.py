"""The same for several things at the same time, on behalf of one request."""

import threading
from contextvars import ContextVar

import pytest

from corral.services.at_once import at_once

REQUEST: ContextVar[str] = ContextVar("request", default="nobody's")


def test_each_works_in_a_thread_of_its_own_and_in_the_context_of_who_asked() -> None:
    token = REQUEST.set("mine")
    together = threading.Barrier(3)

    def look(number: int) -> tuple[int, str]:
        together.wait(10)
        seen = REQUEST.get()
        REQUEST.set(f"changed by {number}")
        return number, seen

    assert at_once(look, range(3), 3) == [(0, "mine"), (1, "mine"), (2, "mine")]
    assert REQUEST.get() == "mine"
    REQUEST.reset(token)


def test_what_one_raises_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        at_once(lambda number: 1 // number, (1, 0), 2)
