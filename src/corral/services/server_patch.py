"""What a client may change of a server's record: its name, description, metadata and tags, by a JSON patch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corral.domain.descriptions import CONTROL, CONTROL_IN_NOTES, LONGEST_NOTES, METADATA_KEY, MOST_TAGS
from corral.domain.errors import Invalid
from corral.domain.server import Kind, Server


def patched(server: Server, change: Mapping[str, Any], number: int) -> Server:
    """The server after one entry of a JSON patch; `number` is the entry's, for messages. Raises Invalid."""
    op, path, value = change.get("op"), str(change.get("path", "")), change.get("value")
    if op not in ("add", "replace", "remove"):
        raise Invalid(f"Entry {number}: {op!r} is no operation here.", fix="Use add, replace or remove.")
    removing = op == "remove"
    match path.split("/")[1:]:
        case ["name"] if not removing:
            return _renamed(server, _name(value, number))
        case ["description"]:
            return replace(server, description=None if removing or value is None else _notes(value, number))
        case ["tags"]:
            return replace(server, tags=() if removing else _tags(server, value, number))
        case ["tags", "-"] if op == "add":
            return replace(server, tags=_tags(server, [*server.tags, value], number))
        case ["tags", tag] if removing:
            return _untagged(server, _plain(tag), number)
        case ["metadata"] if not removing:
            return replace(server, metadata=_metadata(value, number))
        case ["metadata", key]:
            key = _plain(key)
            if removing and key not in server.metadata:
                raise Invalid(f"Entry {number}: there is no metadata {key!r}.", fix="Look at the server's metadata.")
            rest = {name: text for name, text in server.metadata.items() if name != key}
            return replace(server, metadata=rest if removing else _metadata({**rest, key: value}, number))
        case _:
            raise Invalid(
                f"Entry {number}: {path!r} can't be {op}d."
                if op != "add"
                else f"Entry {number}: {path!r} can't be added.",
                fix="A client may change /name, /description, /metadata/KEY and /tags, add /tags/-, and remove /tags/TAG.",
            )


def _text(value: Any, number: int, least: int) -> str:
    if not isinstance(value, str) or not least <= len(value) <= 255 or CONTROL.search(value):
        raise Invalid(
            f"Entry {number}: the value must be text of {least} to 255 printable characters.", fix="Write such a text."
        )
    return value


def _name(value: Any, number: int) -> str:
    """A new name keeps the rule that the first one had to keep."""
    name = _text(value, number, 1)
    if "<" in name or ">" in name:
        raise Invalid(f"Entry {number}: a name has no < and no >.", fix="Choose another name.")
    return name


def _renamed(server: Server, name: str) -> Server:
    """A VM is to be called as its server, from now on: synchronization tells its hypervisor, where the policy says so."""
    wished = name if server.kind is Kind.VM and name != server.name else server.vm_name
    return replace(server, name=name, vm_name=wished)


def _notes(value: Any, number: int) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NOTES or CONTROL_IN_NOTES.search(value.replace("\r\n", "\n")):
        raise Invalid(
            f"Entry {number}: a description is text of up to {LONGEST_NOTES} printable characters.", fix="Shorten it."
        )
    return value


def _plain(segment: str) -> str:
    """A segment of a JSON pointer as it is meant."""
    return segment.replace("~1", "/").replace("~0", "~")


def _untagged(server: Server, tag: str, number: int) -> Server:
    if tag not in server.tags:
        raise Invalid(f"Entry {number}: there is no tag {tag!r}.", fix="Look at the server's tags.")
    return replace(server, tags=tuple(one for one in server.tags if one != tag))


def _tags(server: Server, value: Any, number: int) -> tuple[str, ...]:
    """Tags, sorted, each once. Those that it has already stay as they are, whoever gave them."""
    if not isinstance(value, list) or len(value) > MOST_TAGS:
        raise Invalid(f"Entry {number}: tags are a list of up to {MOST_TAGS} texts.", fix="Send fewer.")
    for tag in value:
        if tag not in server.tags and (_text(tag, number, 1) != tag.strip() or "," in tag):
            raise Invalid(f"Entry {number}: {tag!r} is no tag.", fix="A tag has no comma, and no space around it.")
    return tuple(sorted(set(value)))


def _metadata(value: Any, number: int) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Invalid(f"Entry {number}: metadata must be an object.", fix="Send an object of names and texts.")
    for key, text in value.items():
        if not METADATA_KEY.fullmatch(str(key)):
            raise Invalid(
                f"Entry {number}: {key!r} is no metadata key.",
                fix="Use letters, digits and -_:. and spaces, up to 255.",
            )
        _text(text, number, 0)
    return dict(value)
