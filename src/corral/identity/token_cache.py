"""Tokens that Keystone has vouched for lately.

keystonemiddleware's own in-process cache keeps one dictionary for each thread that was ever busy, looks through all of it
at every request and knows no upper bound. It takes another cache from the request's environ, so it is given this one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable


class TokenCache:
    """A bounded store with expiry. The interface is memcached's, as far as keystonemiddleware uses it.

    Keys are hashes of tokens, values are what Keystone said of them, `time` is in seconds."""

    def __init__(self, clock: Callable[[], float], size: int = 10_000) -> None:
        """`clock`: seconds that never go back, as time.monotonic gives them."""
        self._clock = clock
        self._size = size
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The value, unless it is too old."""
        with self._lock:
            until, value = self._entries.get(key, (0.0, b""))
            if self._clock() < until:
                return value
            self._entries.pop(key, None)
            return None

    def set(self, key: str, value: bytes, time: float = 0) -> None:
        """Keep a value for `time` seconds; nothing is kept for 0 or less, which is how caching is turned off."""
        with self._lock:
            self._entries.pop(key, None)
            if time <= 0:
                return
            self._entries[key] = (self._clock() + time, value)
            # All live equally long, so the first one in is also the first to expire.
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
