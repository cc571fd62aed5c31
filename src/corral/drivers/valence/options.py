"""The settings of a Valence, read strictly: an option that is misspelt must not be silently ignored."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corral.domain.errors import Invalid
from corral.drivers.option_values import Reader, flag, number, read, service, text, variable


@dataclass(frozen=True, slots=True)
class Options:
    """`url`: scheme, host and port of Valence, which knows no login. `podm_id`: the pod manager that composes; newer releases need
    it, older ones refuse it. `unmeasured`: accept a system of which Valence does not tell cores,
    memory, or the speed of its interfaces. `redfish_address`,
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
    values = read(given, _READERS)
    if "url" not in values:
        raise Invalid("The source's option 'url' is missing.", fix="For example url: http://valence.example.org:8181.")
    chosen = Options(**values)
    named = chosen.redfish_password_env
    if (chosen.redfish_username is None) != (named is None):
        raise Invalid("The source's options 'redfish_username' and 'redfish_password_env' go together: one is missing.")
    if named:
        variable("redfish_password_env", named)
    return chosen


_ADDRESS = service("a scheme, host and port")
_READERS: dict[str, Reader] = {
    "url": _ADDRESS,
    "podm_id": text,
    "unmeasured": flag,
    "redfish_address": _ADDRESS,
    "redfish_username": text,
    "redfish_password_env": text,
    "redfish_verify_ca": flag,
    "connect_timeout": number(float, 0.1, 600),
    "read_timeout": number(float, 0.1, 600),
    "settle": number(float, 0, 600),
}
