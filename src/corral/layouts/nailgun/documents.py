"""YAML and JSON documents from users, read without letting them hurt: bounded in size, depth and number, and without aliases.

A few lines of aliases that stand for lists of aliases fill any memory; nothing that Corral reads needs them.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import yaml

from corral.domain.errors import Invalid

MOST_CHARACTERS = 256 * 1024
MOST_JSON = 4 * 1024 * 1024
MOST_NODES = 20_000
MOST_DEPTH = 32


def parse(text: str) -> Any:
    """The data of a YAML or JSON text. Raises Invalid for what is too big, too deep, has aliases, or can't be read."""
    if len(text) > MOST_CHARACTERS:
        raise Invalid(f"The file has {len(text)} characters.", fix=f"At most {MOST_CHARACTERS} are read.")
    try:
        _look(text)
        return yaml.safe_load(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(exc, "problem", None) or "it can't be read"
        raise Invalid(f"The file is no YAML{place}: {problem}.", fix="Correct it.") from exc
    except (ValueError, RecursionError) as exc:  # such as a date in the 14th month, or a number of thousands of digits
        raise Invalid(f"The file has a value that can't be read: {exc}.", fix="Correct it.") from exc


def parse_json(text: str) -> Any:
    """The data of a JSON text. Raises Invalid for what is too big, too deep, or can't be read."""
    if len(text) > MOST_JSON:
        raise Invalid(f"The file has {len(text)} characters.", fix=f"At most {MOST_JSON} are read.")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as exc:
        raise Invalid(f"The file is no JSON in line {exc.lineno}: {exc.msg}.", fix="Correct it.") from exc
    except (ValueError, RecursionError) as exc:
        raise Invalid(f"The file has a value that can't be read: {exc}.", fix="Correct it.") from exc


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _look(text: str) -> None:
    """Go over the text without building anything from it."""
    nodes = depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise Invalid("The file has a YAML alias (`*name`).", fix="Write out what it stands for.")
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if nodes > MOST_NODES:
            raise Invalid("The file has too many values.", fix=f"At most {MOST_NODES} are read.")
        if depth > MOST_DEPTH:
            raise Invalid("The file is nested too deeply.", fix=f"At most {MOST_DEPTH} levels are read.")
