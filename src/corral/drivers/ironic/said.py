"""What is said of an instance in its node's `instance_info`: its name, notes, metadata and tags.

Rule: name and notes stand where Nova writes them; metadata and tags under keys of our own, as lists of texts: in objects Ironic
masks whatever has a name that looks like a secret's. No conductor acts on any of them, and all go with the instance. What can't be
read, or is masked, is not told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corral.domain.descriptions import LONGEST, LONGEST_NOTES, is_name, normal_name, normal_text
from corral.domain.drift import Field, Value

KEYS: Mapping[Field, str] = {
    Field.NAME: "display_name",
    Field.NOTES: "display_description",
    Field.METADATA: "corral_metadata",
    Field.TAGS: "corral_tags",
}
MASK = "***"
"""What Ironic shows in place of what looks like a secret, or a part of that."""
_LARGEST = 15 << 10
"""Characters of one list, as JSON."""


def path(what: Field) -> str:
    """Where a field is, for a JSON patch of the node."""
    return f"/instance_info/{KEYS[what]}"


def said(info: Any) -> dict[Field, Value]:
    """What is told of it: None for what is not there, and nothing for what can't be read."""
    known = info if isinstance(info, Mapping) else {}
    facts: dict[Field, Value] = {Field.NAME: _name(known.get(KEYS[Field.NAME]))}
    notes = known.get(KEYS[Field.NOTES])
    if notes is None or (isinstance(notes, str) and MASK not in notes):
        facts[Field.NOTES] = normal_text(notes[: LONGEST_NOTES + 1] if notes else None)
    for what in (Field.METADATA, Field.TAGS):
        told = known.get(KEYS[what])
        if told is None or (isinstance(told, list) and all(isinstance(one, str) and MASK not in one for one in told)):
            facts[what] = sorted(set(told or ())) or None
    return facts


def _name(told: Any) -> str | None:
    return normal_name(told[:LONGEST]) if isinstance(told, str) else None


def refusal(what: Field, value: Value) -> str:
    """Why Ironic can't be told it; "" when it can."""
    if value is None:
        return ""
    if what is Field.NAME and not is_name(value):
        return "An instance is called by 1 to 255 characters that print."
    if what is not Field.NAME and any(MASK in text for text in ([value] if isinstance(value, str) else value)):
        return f"A text with {MASK} looks like what Ironic shows in place of secrets."
    if what in (Field.METADATA, Field.TAGS) and len(json.dumps(value)) > _LARGEST:
        return f"All {what} together are longer than the {_LARGEST >> 10} KiB that are kept in a node's record."
    return ""


def is_said(change: Mapping[str, Any]) -> bool:
    """For the border: one entry of a JSON patch that says one of these, or takes it away."""
    where = change.get("path")
    what = next((one for one in KEYS if path(one) == where), None)
    if what is None or change == {"op": "remove", "path": where}:
        return what is not None
    value = change.get("value")
    if set(change) != {"op", "path", "value"} or change["op"] != "add":
        return False
    if what in (Field.METADATA, Field.TAGS):
        return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
    longest = LONGEST if what is Field.NAME else LONGEST_NOTES
    return isinstance(value, str) and 0 < len(value) <= longest
