"""The settings of a Redfish pod, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corral.domain.errors import Invalid
from corral.drivers.option_values import Reader, file, flag, number, one_of, read, service, text, variable

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Options:
    """`url`: scheme, host and port of the service; plain HTTP with a login only on loopback. `username`; `password_env`: name of
    the environment variable with the password. `verify`: check the certificate; `ca_file`: a file of CAs to check it with.
    `auth`: how to log in, `session` or `basic`. `method`: how to compose: `auto` takes a manifest with a reservation where the
    service offers that and the plain POST elsewhere; `specific` always the plain POST. Timeouts are seconds: `connect_timeout`,
    `read_timeout` for an answer; `settle` for how long to look for what an unclear answer may have brought about; `longest` for
    reading a whole pool. `threads`: how many requests at once. `events`: listen to the service's events, where it sends them over a
    stream that is opened from here."""

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
    events: bool = True

    @property
    def password(self) -> str:
        """Read each time: a password that was rotated must not need a restart."""
        return os.environ.get(self.password_env or "", "")


def read_options(given: Mapping[str, Any]) -> Options:
    """Raises Invalid, naming the option, for anything unknown, missing or of the wrong kind."""
    values = read(given, _READERS)
    if "url" not in values:
        raise Invalid("The source's option 'url' is missing.", fix="For example url: https://pod.example.org.")
    chosen = Options(**values)
    _check_login(chosen)
    return chosen


def _check_login(chosen: Options) -> None:
    if (chosen.username is None) != (chosen.password_env is None):
        raise Invalid("The source's options 'username' and 'password_env' go together: one of them is missing.")
    if chosen.password_env:
        variable("password_env", chosen.password_env)
    parts = urlsplit(chosen.url)
    if parts.scheme == "http" and chosen.username and parts.hostname not in _LOOPBACK:
        raise Invalid("The source's option 'url' would send the password in clear.", fix="Use https.")
    if chosen.ca_file and not chosen.verify:
        raise Invalid("The source's option 'ca_file' has no use with verify: false.", fix="Leave one of them out.")


_READERS: dict[str, Reader] = {
    "url": service("the scheme, host and port of a Redfish service"),
    "username": text,
    "password_env": text,
    "verify": flag,
    "ca_file": file,
    "auth": one_of("session", "basic"),
    "method": one_of("auto", "specific"),
    "connect_timeout": number(float, 0.1, 300),
    "read_timeout": number(float, 0.1, 600),
    "settle": number(float, 0, 600),
    "longest": number(float, 1, 3600),
    "threads": number(int, 1, 64),
    "events": flag,
}
