"""One digest for anything that is made of dataclasses and JSON: equal facts, equal digest, on every machine."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

_PLAIN = frozenset({str, int, float, bool, type(None)})
"""By far the most of what is asked about, so it is asked first."""


@cache
def _counting(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that count when two of them are compared."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.compare)


def plain(value: Any) -> Any:
    """`value` as JSON-able data: dataclasses become objects, sets sorted lists, times ISO 8601 text. A field that does not
    count when two objects are compared (`compare=False`) is left out: it is no part of what the object says."""
    if type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _counting(type(value))}
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
    return hashlib.sha256(_canonical(value)).hexdigest()


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
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
