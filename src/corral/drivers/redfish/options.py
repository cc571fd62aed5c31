"""The settings of a Redfish pod, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corral.domain.errors import Invalid

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Options:
    """`url`: scheme, host and port of the service; plain HTTP with a login only on loopback. `username`; `password_env`: name of
    the environment variable with the password. `verify`: check the certificate; `ca_file`: a file of CAs to check it with.
    `auth`: how to log in, `session` or `basic`. `method`: how to compose: `auto` takes a manifest with a reservation where the
    service offers that and the plain POST elsewhere; `specific` always the plain POST. Timeouts are seconds: `connect_timeout`,
    `read_timeout` for an answer; `settle` for how long to look for what an unclear answer may have brought about; `longest` for
    reading a whole pool. `threads`: how many requests at once."""

    url: str
    username: str | None = None
    password_env: str | None = None
    verify: bool = True
    ca_file: str | None = None
    auth: str = "session"
    method: str = "auto"
    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    settle: float = 10.0
    longest: float = 300.0
    threads: int = 8

    @property
    def password(self) -> str:
        """Read each time: a password that was rotated must not need a restart."""
        return os.environ.get(self.password_env or "", "")


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    for key in given:
        if key not in _READERS:
            raise Invalid(
                f"The source's option '{key}' is not known.", fix=f"Known are: {', '.join(sorted(_READERS))}."
            )
    values = {key: _READERS[key](key, value) for key, value in given.items() if value is not None}
    if "url" not in values:
        raise Invalid("The source's option 'url' is missing.", fix="For example url: https://pod.example.org.")
    chosen = Options(**values)
    _check_login(chosen)
    return chosen


def _check_login(chosen: Options) -> None:
    if (chosen.username is None) != (chosen.password_env is None):
        raise Invalid("The source's options 'username' and 'password_env' go together: one of them is missing.")
    if chosen.password_env and chosen.password_env not in os.environ:
        raise Invalid(
            f"The source's option 'password_env' names {chosen.password_env!r}, which is not in the environment.",
            fix="Set that variable for the service, not the password in the configuration.",
        )
    parts = urlsplit(chosen.url)
    if parts.scheme == "http" and chosen.username and parts.hostname not in _LOOPBACK:
        raise Invalid("The source's option 'url' would send the password in clear.", fix="Use https.")
    if chosen.ca_file and not chosen.verify:
        raise Invalid("The source's option 'ca_file' has no use with verify: false.", fix="Leave one of them out.")


def _wrong(key: str, wanted: str) -> Invalid:
    return Invalid(f"The source's option '{key}' must be {wanted}.")


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 255:
        raise _wrong(key, "a text of 1 to 255 characters")
    return value


def _url(key: str, value: Any) -> str:
    text = _text(key, value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong(key, "the scheme, host and port of a Redfish service, and nothing more")
    return f"{parts.scheme}://{parts.netloc}"


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _file(key: str, value: Any) -> str:
    text = _text(key, value)
    if not os.path.isfile(text):
        raise Invalid(f"The source's option '{key}' names {text!r}, which is no file.")
    return text


def _one_of(*words: str) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if value not in words:
            raise _wrong(key, f"one of {', '.join(words)}")
        return str(value)

    return read


def _number(kind: type, low: float, high: float) -> Callable[[str, Any], Any]:
    def read(key: str, value: Any) -> Any:
        fits = isinstance(value, int) or (kind is float and isinstance(value, float))
        if isinstance(value, bool) or not fits or not low <= value <= high:
            raise _wrong(key, f"a number from {low:g} to {high:g}")
        return kind(value)

    return read


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "url": _url,
    "username": _text,
    "password_env": _text,
    "verify": _flag,
    "ca_file": _file,
    "auth": _one_of("session", "basic"),
    "method": _one_of("auto", "specific"),
    "connect_timeout": _number(float, 0.1, 300),
    "read_timeout": _number(float, 0.1, 600),
    "settle": _number(float, 0, 600),
    "longest": _number(float, 1, 3600),
    "threads": _number(int, 1, 64),
}
