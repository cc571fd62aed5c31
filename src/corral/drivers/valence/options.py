"""The settings of a Valence, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corral.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Options:
    """`url`: scheme, host and port of Valence, which knows no login. `podm_id`: the pod manager that composes; newer releases need
    it, older ones refuse it. `unmeasured`: accept a system of which Valence does not tell cores and memory. `redfish_address`,
    `redfish_username`, `redfish_password_env` (name of an environment variable), `redfish_verify_ca`: how Ironic reaches what was
    composed. Timeouts are seconds; `settle`: for how long to look for what an unclear answer may have brought about."""

    url: str
    podm_id: str | None = None
    unmeasured: bool = False
    redfish_address: str | None = None
    redfish_username: str | None = None
    redfish_password_env: str | None = None
    redfish_verify_ca: bool = True
    connect_timeout: float = 5.0
    read_timeout: float = 120.0
    settle: float = 10.0

    @property
    def redfish_password(self) -> str:
        """Read each time: a password that was rotated must not need a restart."""
        return os.environ.get(self.redfish_password_env or "", "")


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    for key in given:
        if key not in _READERS:
            raise Invalid(
                f"The source's option '{key}' is not known.", fix=f"Known are: {', '.join(sorted(_READERS))}."
            )
    values = {key: _READERS[key](key, value) for key, value in given.items() if value is not None}
    if "url" not in values:
        raise Invalid("The source's option 'url' is missing.", fix="For example url: http://valence.example.org:8181.")
    chosen = Options(**values)
    named = chosen.redfish_password_env
    if (chosen.redfish_username is None) != (named is None):
        raise Invalid("The source's options 'redfish_username' and 'redfish_password_env' go together: one is missing.")
    if named and named not in os.environ:
        raise Invalid(
            f"The source's option 'redfish_password_env' names {named!r}, which is not in the environment.",
            fix="Set that variable for the service, not the password in the configuration.",
        )
    return chosen


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
        raise _wrong(key, "a scheme, host and port, and nothing more")
    return f"{parts.scheme}://{parts.netloc}"


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, "true or false")
    return value


def _seconds(low: float) -> Callable[[str, Any], float]:
    def read(key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= 600:
            raise _wrong(key, f"a number from {low:g} to 600")
        return float(value)

    return read


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "url": _url,
    "podm_id": _text,
    "unmeasured": _flag,
    "redfish_address": _url,
    "redfish_username": _text,
    "redfish_password_env": _text,
    "redfish_verify_ca": _flag,
    "connect_timeout": _seconds(0.1),
    "read_timeout": _seconds(0.1),
    "settle": _seconds(0),
}
