"""Reads data that others wrote, bounded and typed; whatever is wrong is named with its place.

Every function takes the value and `where` it is (`meta.disks[2].size`), and raises Invalid: what is there, what belongs there, and
for a name the nearest known one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from corral.domain.errors import Invalid

MOST_BYTES = 2**63 - 1
MOST_MIB = MOST_BYTES >> 20
MOST_ITEMS = 1024


def mapping(value: Any, where: str, known: Collection[str], required: Sequence[str] = ()) -> Mapping[str, Any]:
    """An object with known keys only, and all `required` ones."""
    if not isinstance(value, Mapping):
        raise _wrong(value, where, "an object")
    for key in value:
        if key not in known:
            raise Invalid(f"{where}: the key {shown(key)} is unknown.", fix=nearest(key, known))
    missing = [key for key in required if key not in value]
    if missing:
        raise Invalid(f"{where}: {', '.join(missing)} is missing.", fix="Add it.")
    return value


def sequence(value: Any, where: str, most: int = MOST_ITEMS) -> Sequence[Any]:
    """A list of at most `most` items."""
    if not isinstance(value, list | tuple):
        raise _wrong(value, where, "a list")
    if len(value) > most:
        raise Invalid(f"{where}: has {len(value)} items.", fix=f"At most {most} are taken.")
    return value


def integer(value: Any, where: str, most: int = MOST_MIB, least: int = 0) -> int:
    """A whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(value, where, "a whole number")
    if not least <= value <= most:
        raise Invalid(f"{where}: {shown(value)} is out of range.", fix=f"Give a number from {least} to {most}.")
    return value


def text(value: Any, where: str, most: int = 255) -> str:
    """Some text, not empty."""
    if not isinstance(value, str) or not value:
        raise _wrong(value, where, "text")
    if len(value) > most:
        raise Invalid(f"{where}: has {len(value)} characters.", fix=f"At most {most} are taken.")
    if not value.isprintable():
        raise Invalid(f"{where}: has characters that can't be printed.", fix="Take them out.")
    return value


def flag(value: Any, where: str) -> bool:
    """true or false, and nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise _wrong(value, where, "true or false")
    return value


def choice(value: Any, where: str, known: Collection[str]) -> str:
    """One of the known names."""
    if value not in list(known):
        raise Invalid(f"{where}: {shown(value)} is unknown.", fix=nearest(value, known))
    return str(value)


def nearest(name: Any, known: Collection[str]) -> str:
    """The next step for an unknown name: the nearest known one, else all of them."""
    near = [str(one) for one in get_close_matches(str(name)[:64], list(known), n=1)]
    return f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(sorted(known)) or 'none'}."


def shown(value: Any) -> str:
    """A value for a message: short, and on one line."""
    try:
        plain = ascii(value)
    except (ValueError, RecursionError):  # an integer with thousands of digits, or a list in itself
        return "what is there"
    return plain if len(plain) <= 48 else f"{plain[:45]}…"


def _wrong(value: Any, where: str, wanted: str) -> Invalid:
    return Invalid(f"{where}: {shown(value)} is not {wanted}.", fix=f"Give {wanted}.")
