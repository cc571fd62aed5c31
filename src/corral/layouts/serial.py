"""A layout as JSON, and back: strict, so that what is read is what was meant, and versioned.

Sizes are whole bytes. Every key of the model may be left out where the model has a default; a key that is not known is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from corral.domain.errors import Invalid
from corral.domain.layout import Layout

VERSION = 1
MOST = 10_000
"""Entries that one list may have."""
LARGEST = 2**63 - 1

T = TypeVar("T")


class LayoutInvalid(Invalid):
    """The data is not a layout; the message says where."""

    code = "layout-invalid"

    def __init__(self, place: str, what: str) -> None:
        super().__init__(
            f"This is not a layout: {place or 'the top'} {what}.",
            fix="`corral layout compute … --as layout` writes one.",
        )


def to_json(layout: Layout) -> dict[str, Any]:
    """The layout as plain data, with its version."""
    return {"version": VERSION, **_plain(layout)}


def from_json(data: Any) -> Layout:
    """The layout of plain data. Raises LayoutInvalid, which says where."""
    if not isinstance(data, Mapping):
        raise LayoutInvalid("", f"must be an object, not {_shown(data)}")
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        raise LayoutInvalid("version", f"must be {VERSION}, not {_shown(data.get('version'))}")
    return _record(Layout, {key: value for key, value in data.items() if key != "version"}, "")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, StrEnum) else value


@cache
def _shape(kind: type[Any]) -> tuple[dict[str, Field[Any]], dict[str, Any]]:
    return {field.name: field for field in fields(kind)}, get_type_hints(kind)


def _record(kind: type[T], data: Any, place: str) -> T:
    """A dataclass of the model from an object."""
    if not isinstance(data, Mapping):
        raise LayoutInvalid(place, f"must be an object, not {_shown(data)}")
    known, hints = _shape(kind)  # type: ignore[arg-type]  # a class is hashable
    for key in data:
        if key not in known:
            near = get_close_matches(str(key)[:60], known, 1)
            raise LayoutInvalid(
                f"{place}.{str(key)[:60]}".strip("."),
                "is no key here" + (f"; did you mean {near[0]!r}?" if near else ""),
            )
    missing = [name for name, field in known.items() if name not in data and field.default is MISSING]
    if missing:
        raise LayoutInvalid(place, f"lacks {', '.join(missing)}")
    return kind(**{key: _value(hints[key], value, f"{place}.{key}".strip(".")) for key, value in data.items()})


def _value(kind: Any, value: Any, place: str) -> Any:
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or len(value) > MOST:
            raise LayoutInvalid(place, f"must be a list of at most {MOST}, not {_shown(value)}")
        return tuple(_value(get_args(kind)[0], one, f"{place}[{index}]") for index, one in enumerate(value))
    if isinstance(kind, UnionType):
        return None if value is None else _value(get_args(kind)[0], value, place)
    if is_dataclass(kind):
        return _record(kind, value, place)  # type: ignore[arg-type]  # a class of the model, not an instance
    if issubclass(kind, StrEnum):
        if not isinstance(value, str) or value not in {one.value for one in kind}:
            raise LayoutInvalid(place, f"must be one of {', '.join(one.value for one in kind)}, not {_shown(value)}")
        return kind(value)
    if not isinstance(value, kind) or (kind is int and (isinstance(value, bool) or abs(value) > LARGEST)):
        raise LayoutInvalid(place, f"must be {_NAMES[kind]}, not {_shown(value)}")
    return value


_NAMES = {int: "a whole number below 2**63", str: "a text", bool: "true or false"}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
