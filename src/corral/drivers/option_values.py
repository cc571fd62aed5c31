"""How the values of a source's options are read, the same way for every driver: strictly, with the option's name in each refusal.

Rule: a reader takes the option's name and what was given, and gives the value or raises Invalid. `read` refuses what has no reader:
an option that is misspelt must not be silently ignored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from corral.domain.errors import Invalid

Reader = Callable[[str, Any], Any]


def read(given: Mapping[str, Any], readers: Mapping[str, Reader], prefix: str = "") -> dict[str, Any]:
    """What was given, read; an option that is None counts as not given. `prefix`: what stands before its name in messages."""
    for key in given:
        if key not in readers:
            known = ", ".join(sorted(readers))
            raise Invalid(f"The source's option '{prefix}{key}' is not known.", fix=f"Known are: {known}.")
    return {key: readers[key](prefix + key, value) for key, value in given.items() if value is not None}


def wrong(key: str, wanted: str) -> Invalid:
    """The refusal of a value."""
    return Invalid(f"The source's option '{key}' must be {wanted}.")


def text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 255:
        raise wrong(key, "a text of 1 to 255 characters")
    return value


def flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(key, "true or false")
    return value


def file(key: str, value: Any) -> str:
    """The name of a file that is there."""
    found = text(key, value)
    if not os.path.isfile(found):
        raise Invalid(f"The source's option '{key}' names {found!r}, which is no file.")
    return found


def variable(key: str, name: str) -> None:
    """Raises Invalid for an environment variable that is not there."""
    if name not in os.environ:
        raise Invalid(
            f"The source's option '{key}' names {name!r}, which is not in the environment.",
            fix="Set that variable for the service, not the password in the configuration.",
        )


def service(what: str) -> Reader:
    """Scheme, host and port of a service over HTTP. `what`: what must be given, in messages."""

    def read(key: str, value: Any) -> str:
        found = text(key, value)
        try:
            parts = urlsplit(found)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
            raise wrong(key, f"{what}, and nothing more")
        return f"{parts.scheme}://{parts.netloc}"

    return read


def one_of(*words: str) -> Reader:
    def read(key: str, value: Any) -> str:
        if value not in words:
            raise wrong(key, f"one of {', '.join(words)}")
        return str(value)

    return read


def number(kind: type, low: float, high: float) -> Reader:
    """A number of that kind; a whole one will do where fractions are taken."""

    def read(key: str, value: Any) -> Any:
        fits = isinstance(value, int) or (kind is float and isinstance(value, float))
        if isinstance(value, bool) or not fits or not low <= value <= high:
            raise wrong(key, f"a number from {low:g} to {high:g}")
        return kind(value)

    return read
