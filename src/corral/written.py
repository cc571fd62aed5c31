"""What people write in files, read as plain data: YAML, in which a key that is given twice is an error.

Rule: whatever stands in such a file, the answer is its data, or an Invalid that names the file and the place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from corral.domain.errors import Invalid


def read_yaml(file: Path, what: str) -> Any:
    """The data of a YAML file; `what`: what it is to people, as "sync policy". Raises Invalid."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as exc:
        why = exc.strerror or exc
        raise Invalid(f"The {what} {file} can't be read: {why}.", fix="Correct its path or its permissions.") from exc
    except UnicodeError as exc:
        raise Invalid(f"The {what} {file} can't be read: it is no text in UTF-8.", fix="Save it as UTF-8.") from exc
    return parse_yaml(text, f"{what} {file}")


def parse_yaml(text: str, what: str) -> Any:
    """The data of a YAML text. Raises Invalid."""
    try:
        return yaml.load(text, _Once)  # noqa: S506 - it is a safe loader
    except yaml.YAMLError as exc:
        raise Invalid(f"The {what} can't be read: {in_one_line(exc)}.", fix="Correct it there.") from exc
    except (ValueError, RecursionError) as exc:  # such as the 40th of May, or brackets without end
        raise Invalid(f"The {what} can't be read: {str(exc)[:200]}.", fix="Correct it.") from exc


def in_one_line(exc: yaml.YAMLError) -> str:
    """What is wrong with a YAML text, and where."""
    mark = getattr(exc, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"{getattr(exc, 'problem', None) or 'it is no YAML'}{where}"


class _Once(yaml.SafeLoader):
    """The safe loader takes the last of two equal keys: then what was said first would not hold, and nobody would be told."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: set[tuple[str, str]] = set()
        for key in (key for key, _value in node.value if isinstance(key, yaml.ScalarNode)):
            if (key.tag, key.value) in seen:
                raise yaml.composer.ComposerError(None, None, f"{key.value[:60]!r} is given twice", key.start_mark)
            seen.add((key.tag, key.value))
        return node
