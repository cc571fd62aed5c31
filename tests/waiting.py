"""Waiting for what is to come about by itself. Rule: a test waits for a condition, and never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(true: Callable[[], Found], seconds: float = 120) -> Found:
    """What `true` gives once that is something. Fails after `seconds`: on a busy machine, much is slow that works."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return found
