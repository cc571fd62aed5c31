"""What people say of a machine, at its source and in the record: notes, metadata, tags, and what it is called.

Rule: both sides are held against each other in one normal form, so that what a source trims or breaks into other lines is no
difference. Nothing is cut: what a side can't have as it is, it does not get, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from corral.domain.drift import Field, Value
from corral.domain.server import Kind
from corral.domain.sync_pods import AMISS, amiss

DESCRIPTIVE = frozenset({Field.NOTES, Field.METADATA, Field.TAGS})
"""Fields that only people read: a source has them or not, and nothing runs otherwise for it."""

LONGEST_NOTES = 4000
LONGEST = 255
"""Characters of a name, a tag, and of a key or a value of metadata."""
MOST_PAIRS = 128
MOST_TAGS = 64

METADATA_KEY = re.compile(r"[a-zA-Z0-9\-_:. ]{1,255}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
CONTROL_IN_NOTES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What is in no text of one line, and in none of several."""


def normal_text(text: str | None) -> str | None:
    """Notes as they are compared: no space around them, one kind of line end; None for none."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip() or None


def normal_name(name: str | None) -> str | None:
    """A name as it is compared: no space around it; None for none."""
    return (name or "").strip() or None


def pairs(metadata: Mapping[str, str]) -> list[str] | None:
    """Metadata as sorted texts, `key=value`; None for none. No key has an equals sign."""
    return sorted(f"{key}={value}" for key, value in metadata.items()) or None


def metadata_of(told: Iterable[str] | None) -> dict[str, str]:
    """What `pairs` made texts of."""
    return {key: value for key, _, value in (one.partition("=") for one in told or ())}


def tag_list(tags: Iterable[str]) -> list[str] | None:
    """Tags, sorted, each once; None for none."""
    return sorted(set(tags)) or None


def tags_of(told: Iterable[str] | None) -> tuple[str, ...]:
    """What `tag_list` made a list of."""
    return tuple(told or ())


# --- what can't be said -----------------------------------------------------------------------------------


def unfit(kind: Kind, what: Field, value: Value) -> str:
    """Why the record can't have that value; "" when it can, and for all other fields."""
    match what:
        case Field.NAME:
            named = is_server_name(value) if kind is Kind.NODE else is_name(value)
            return "" if named else "It has no name there that it could have here: 1 to 255 characters that print."
        case Field.NOTES:
            return _unfit_notes(value)
        case Field.METADATA:
            return _unfit_pairs(value)
        case Field.TAGS:
            return _unfit_tags(value)
        case Field.COMPOSITION:
            return AMISS if amiss(value) else ""
        case _:
            return ""


def is_name(value: Value) -> bool:
    """Whether the record can say that a machine is called so."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST and CONTROL.search(value) is None


def is_server_name(value: Value) -> bool:
    """Whether a server can be called so."""
    return is_name(value) and not {"<", ">"} & set(value)


def _unfit_notes(value: Value) -> str:
    if value is None:
        return ""
    if len(value) > LONGEST_NOTES:
        return f"Its notes there are longer than {LONGEST_NOTES} characters."
    return "Its notes there have characters that don't print." if CONTROL_IN_NOTES.search(value) else ""


def _unfit_pairs(value: Value) -> str:
    told: list[str] = value or []
    if len(told) > MOST_PAIRS:
        return f"It has more than {MOST_PAIRS} metadata there."
    for key, _, text in (one.partition("=") for one in told):
        if METADATA_KEY.fullmatch(key) is None or len(text) > LONGEST or CONTROL.search(text):
            return f"Its metadata {key[:60]!r} there can't be had here."
    return ""


def _unfit_tags(value: Value) -> str:
    told: list[str] = value or []
    if len(told) > MOST_TAGS:
        return f"It has more than {MOST_TAGS} tags there."
    wrong = next((tag for tag in told if not tag or len(tag) > LONGEST or CONTROL.search(tag)), None)
    return "" if wrong is None else f"Its tag {wrong[:60]!r} there can't be had here."


def unkept(what: Field, value: Value) -> str:
    """Why a source must not be told something else in place of that value: what it has there could not be put back as it was."""
    why = unfit(Kind.VM, what, value) if what in DESCRIPTIVE else ""
    return f"{why} So it is not written over: shorten or remove it there." if why else ""
