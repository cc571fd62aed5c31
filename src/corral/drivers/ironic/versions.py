"""The two versions of Ironic's API that are spoken.

Rule: 1.65 for everything, because it has the last field that is needed, `lessee`, and a newer version would only change behaviour
under our feet. Nodes alone are read and changed in 1.104, where Ironic has it: since then it has `instance_name`, and writes
it by itself, so whoever gives a node back must be able to see that and to take it away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corral.cloud.wire import Service

API_VERSION = "1.65"
WITH_INSTANCE_NAME = "1.104"
_HEADER = "X-OpenStack-Ironic-API-Version"


def speaking(version: str) -> dict[str, str]:
    """The header of this version, always sent: without it Ironic answers as it did in 2014."""
    return {_HEADER: version}


class Nodes:
    """The service in which nodes are read and changed: as new as this Ironic allows, which is asked once, and again by `check`."""

    def __init__(self, service: Service) -> None:
        self._plain = service
        self._named = service.saying(speaking(WITH_INSTANCE_NAME))
        self._has_names: bool | None = None

    def service(self) -> Service:
        return self._named if self.have_names() else self._plain

    def have_names(self) -> bool:
        """Whether `instance_name` can be read here."""
        if self._has_names is None:
            self.newest()
        return bool(self._has_names)

    def newest(self) -> str:
        """The newest version that this Ironic speaks, asked for now; "unknown" where it does not say."""
        root = self._plain.read("/v1")
        version = root.get("version") if isinstance(root, Mapping) else None
        newest = str(version.get("version", "unknown")) if isinstance(version, Mapping) else "unknown"
        self._has_names = _minor(newest) >= _minor(WITH_INSTANCE_NAME)
        return newest


def _minor(version: Any) -> int:
    found = re.match(r"1\.(\d{1,4})\b", version)
    return int(found[1]) if found else 0
