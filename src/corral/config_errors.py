"""What is wrong with the settings, in words: which one, where it was said, and why.

Rule: a value is never repeated. It could be a secret that was put into the wrong place.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

Place = Sequence[int | str]
"""The way to a setting: names, and numbers in lists."""

_PREFIX, _BETWEEN = "CORRAL_", "__"
_WORDS = {
    "model_type": "it should be a mapping of settings",
    "dict_type": "it should be a mapping",
    "list_type": "it should be a list",
    "path_type": "it should be a path",
    "missing": "it must be given",
}


def wrong_settings(
    exc: ValidationError, model: type[BaseModel], arguments: Collection[str], file: Path | None, said: Mapping[str, Any]
) -> str:
    """Each setting that is wrong. `arguments`: the names of those that were given as such; `said`: what the file says."""
    told = []
    for error in exc.errors(include_input=False, include_url=False):
        where = _where(error["loc"], arguments, file, said)
        told.append(f"{setting(error['loc'])}{where}: {_why(error, model)}")
    return "; ".join(told)


def setting(place: Place) -> str:
    """As `sources[0].name`; "the whole" for none in particular."""
    text = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in place)
    return text.removeprefix(".") or "the whole"


def _why(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    if error["type"] == "extra_forbidden":
        *above, name = error["loc"]
        near = get_close_matches(str(name), _names(model, above), 1)
        return f"there is no such setting{f'; did you mean {near[0]}?' if near else ''}"
    return _WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


def _names(model: type[BaseModel], place: Place) -> list[str]:
    """The settings that could stand there."""
    for one in place:
        if isinstance(one, str):
            annotation = model.model_fields[one].annotation
            found = [kind for kind in (annotation, *get_args(annotation)) if _is_model(kind)]
            if not found:
                return []
            model = found[0]
    return list(model.model_fields)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _where(place: Place, arguments: Collection[str], file: Path | None, said: Mapping[str, Any]) -> str:
    if place and place[0] in arguments:
        return " (given as an argument)"
    names = [str(one).upper() for one in place if isinstance(one, str)]
    variables = {name.upper() for name in os.environ}
    for length in range(len(names), 0, -1):
        if (variable := _PREFIX + _BETWEEN.join(names[:length])) in variables:
            return f" (by the variable {variable})"
    return f" (in {file.absolute()})" if file is not None and (not place or place[0] in said) else ""
