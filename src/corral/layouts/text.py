"""From text to plain data: YAML or JSON, of bounded size, depth and number of values. The one reader of what users write.

Why not `yaml.safe_load` alone: it follows aliases without end, takes the last of two equal keys, and merges mappings, so that a
page of text can become gigabytes, and a typing error can pass unseen.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any, NoReturn

import yaml

from corral.domain.errors import Invalid
from corral.written import in_one_line

LARGEST = 256 * 1024
LARGEST_JSON = 4 * 1024 * 1024
"""Characters: programs write nodes and layouts, people write schemas."""
DEEPEST = 20
MOST_ALIASES = 50
MOST_VALUES = 20_000


def load(text: str, what: str = "schema") -> Any:
    """The data of a YAML or JSON text. Raises Invalid when it is malformed, or larger or deeper than any honest one."""
    if len(text) > LARGEST:
        raise _refused(what, f"it is longer than {LARGEST // 1024} KiB")
    loader = _Loader(text)
    try:
        data = loader.get_single_data()
    except yaml.YAMLError as exc:
        raise Invalid(f"The {what} is not YAML or JSON: {in_one_line(exc)}.", fix="Mend the text there.") from exc
    except (_TooMuch, ValueError, RecursionError) as exc:
        raise _refused(what, str(exc)[:200]) from exc
    finally:
        loader.dispose()
    _count(data, what)
    return data


def load_json(text: str) -> Any:
    """The data of a JSON text, such as a node or a layout. Raises Invalid when it is malformed, or larger or deeper than any honest
    one."""
    if len(text) > LARGEST_JSON:
        raise Invalid(f"The file has {len(text)} characters.", fix=f"At most {LARGEST_JSON} are read.")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as exc:
        raise Invalid(f"The file is no JSON in line {exc.lineno}: {exc.msg}.", fix="Correct it.") from exc
    except (ValueError, RecursionError) as exc:  # such as a number of thousands of digits
        raise Invalid(f"The file has a value that can't be read: {exc}.", fix="Correct it.") from exc


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class _TooMuch(Exception):
    """A limit of the text is exceeded."""


class _Loader(yaml.SafeLoader):
    """The safe loader, with limits, without merge keys, and with an error for a key that is given twice. Only `true` and `false`
    are flags: a volume may be named `on` or `no`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - this is how PyYAML wants it
        first: [(tag, pattern) for tag, pattern in known if first in "tTfF" or tag != "tag:yaml.org,2002:bool"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._aliases = 0
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            self._aliases += 1
            if self._aliases > MOST_ALIASES:
                raise _TooMuch(f"it has more than {MOST_ALIASES} aliases")
        self._depth += 1
        if self._depth > DEEPEST:
            raise _TooMuch(f"it is nested deeper than {DEEPEST} levels")
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(key.value)[:60]
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, "merge keys (<<) are not taken here", key.start_mark
                )
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} is given twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _count(data: Any, what: str) -> None:
    """Count values as a reader would meet them, so that what aliases multiply is counted each time."""
    left, stack = MOST_VALUES, [data]
    while stack:
        one = stack.pop()
        left -= 1
        if left < 0:
            raise _refused(what, f"it has more than {MOST_VALUES} values, counting each alias as what it stands for")
        if isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)


def _refused(what: str, why: str) -> Invalid:
    return Invalid(
        f"The {what} is refused: {why}.", fix="Write it without repetition; see docs/how-to/lay-out-disks.md."
    )
