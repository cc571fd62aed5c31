"""One digest for anything that is made of dataclasses and JSON: equal facts, equal digest, on every machine."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

_PLAIN = frozenset({str, int, float, bool, type(None)})
"""By far the most of what is asked about, so it is asked first, and without a call for each."""
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@cache
def _counting(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]] | None:
    """The fields of a dataclass that count when two of them are compared, and what gives their values; None for anything else."""
    if not dataclasses.is_dataclass(kind):
        return None
    names = tuple(field.name for field in dataclasses.fields(kind) if field.compare)
    # One call for all values is worth it; of a single name it would give the value itself.
    return names, attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, name) for name in names)


def plain(value: Any) -> Any:
    """`value` as JSON-able data: dataclasses become objects, sets sorted lists, times ISO 8601 text. A field that does not
    count when two objects are compared (`compare=False`) is left out: it is no part of what the object says."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _PLAIN else plain(item) for item in value]
    if (known := _counting(kind)) is None:  # type: ignore[arg-type]  # classes have hashes
        return _other(value)
    names, values = known
    made = dict(zip(names, values(value), strict=True))
    for name, item in made.items():
        if type(item) not in _PLAIN:
            made[name] = plain(item)
    return made


def _other(value: Any) -> Any:
    if isinstance(value, str):  # a word of an enumeration
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def digest(value: Any) -> str:
    """SHA-256 over the canonical JSON of `value`, as hex."""
    return plain_digest(plain(value))


def plain_digest(told: Any) -> str:
    """`digest` of what `plain` gave: for who needs both."""
    return hashlib.sha256(_ENCODER.encode(told).encode()).hexdigest()


class Digest:
    """`digest` of a list whose items come one after another, and need not be there at the same time."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"[")
        self._between = b""

    def add(self, item: Any) -> None:
        """The next item of the list."""
        self._hash.update(self._between + _canonical(item))
        self._between = b","

    def text(self) -> str:
        """What `digest` says of the list so far."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()


def _canonical(value: Any) -> bytes:
    return _ENCODER.encode(plain(value)).encode()
