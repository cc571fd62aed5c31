"""Reading one mapping of a schema, key by key: every problem is collected with its place, and unknown keys are named.

Rule: a reader goes on after a problem, so that all are found at once; what it returns then is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from corral.layouts.exact.amounts import shown, size

E = TypeVar("E", bound=StrEnum)


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'size'?` when a known word is near, else which ones are known."""
    names = sorted(known)
    found = get_close_matches(word, names, 1, 0.6)
    return f"; did you mean {found[0]!r}?" if found else f"; known are {', '.join(names)}"


class Fields:
    """The mapping at a place such as `volumes.os`. Ask for each key once, then say `done`."""

    def __init__(self, place: str, data: Any, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self._asked: set[str] = set()
        if not isinstance(data, Mapping):
            self.problem("", f"must be a mapping, not {shown(data)}")
            data = {}
        self._data: Mapping[Any, Any] = data

    def problem(self, key: str, what: str) -> None:
        """Note what is wrong with a key."""
        place = ".".join(part for part in (self.place, key) if part) or "the top"
        self.problems.append(f"{place}: {what}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        self._asked.add(key)
        return key in self._data

    def raw(self, key: str, default: Any = None) -> Any:
        """The value as it stands there."""
        self._asked.add(key)
        return self._data.get(key, default)

    def text(self, key: str, default: str = "") -> str:
        """A text without control characters, at most 255 long."""
        value = self.raw(key, default)
        if isinstance(value, str) and len(value) <= 255 and value.isprintable():
            return value
        self.problem(key, f"must be a printable text of at most 255 characters, not {shown(value)}")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of them."""
        value = self.raw(key)
        if value is None and not self.has(key):
            return ()
        listed = value if isinstance(value, list) else [value]
        if listed and all(isinstance(one, str) and 0 < len(one) <= 255 and one.isprintable() for one in listed):
            return tuple(listed)
        self.problem(key, f"must be a text or a list of texts, not {shown(value)}")
        return ()

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.raw(key, default)
        if isinstance(value, bool):
            return value
        self.problem(key, f"must be true or false, not {shown(value)}")
        return default

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self.raw(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.problem(key, f"must be a whole number from {low} to {high}, not {shown(value)}")
        return default

    def choice(self, key: str, kinds: type[E], default: E) -> E:
        """One of the words of an enumeration."""
        value = self.raw(key, default)
        if isinstance(value, str) and value in {kind.value for kind in kinds}:
            return kinds(value)
        self.problem(key, f"{shown(value)} is not known{nearest(str(value)[:60], [kind.value for kind in kinds])}")
        return default

    def bytes(self, key: str, default: int) -> int:
        """A size."""
        if not self.has(key):
            return default
        try:
            return size(self.raw(key))
        except ValueError as exc:
            self.problem(key, str(exc))
            return default

    def inner(self, key: str) -> Fields:
        """The mapping below a key."""
        return Fields(f"{self.place}.{key}" if self.place else key, self.raw(key, {}), self.problems)

    def named(self, key: str, most: int) -> list[tuple[str, Fields]]:
        """The mappings below a key, each under a name of its own."""
        inner = self.inner(key)
        if len(inner._data) > most:
            inner.problem("", f"has {len(inner._data)} entries; at most {most} are taken")
            return []
        return [
            (str(name), Fields(f"{inner.place}.{str(name)[:60]}", data, self.problems))
            for name, data in inner._data.items()
        ]

    def done(self) -> None:
        """Say which keys nobody asked for: typing errors must not pass in silence."""
        for key in self._data:
            if key not in self._asked:
                self.problem("", f"{shown(key)} is not a key here{nearest(str(key)[:60], self._asked)}")
