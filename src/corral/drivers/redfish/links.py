"""Links of a Redfish service: what may be followed.

Rule: an answer is hostile input. A link is a path below /redfish/v1 on the very host that was asked, or it is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from corral.cloud.transport import crooked
from corral.domain.errors import DriverFailed
from corral.drivers.redfish.rules import PATH

_LONGEST = 1024
_PATH = re.compile(PATH)
_QUERY = re.compile(r"[A-Za-z0-9._~:@!$&'()*+,;=%/?-]{0,512}")


class Links:
    """Reads links in the answers of one service. `root`: its scheme, host and port."""

    def __init__(self, root: str) -> None:
        self._origin = origin(root)

    def target(self, link: Any) -> str:
        """Path and query that a link leads to. Raises DriverFailed for one that is not followed."""
        if not isinstance(link, str) or not 0 < len(link) <= _LONGEST:
            raise DriverFailed(f"The service's answer has a link that is none: {str(link)[:80]!r}.")
        try:
            parts = urlsplit(link)
            here = not (parts.scheme or parts.netloc) or origin(link) == self._origin
        except ValueError as exc:
            raise DriverFailed(f"The service's answer has a link that can't be read: {link[:80]!r}.") from exc
        if not here:
            raise DriverFailed(f"The service's answer leads off its host, to {link[:80]!r}: that is not followed.")
        if crooked(parts.path) or _PATH.fullmatch(parts.path) is None or _QUERY.fullmatch(parts.query) is None:
            raise DriverFailed(f"The service's answer has a link that is not followed: {link[:80]!r}.")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def id(self, link: Any) -> str:
        """The id of the resource that a link leads to: its path, without a slash at the end."""
        return self.target(link).partition("?")[0].rstrip("/")

    def of(self, resource: Mapping[str, Any], key: str) -> str | None:
        """The id of the one resource that is linked under `key`; None when there is no such key."""
        found = resource.get(key)
        return self.id(found.get("@odata.id")) if isinstance(found, Mapping) else None

    def all_of(self, resource: Any, key: str) -> tuple[str, ...]:
        """The ids of all resources that are linked under `key`: none when it is missing, null or empty."""
        found = resource.get(key) if isinstance(resource, Mapping) else None
        if found is None:
            return ()
        if not isinstance(found, list):
            raise DriverFailed(f"The service's answer has no list under {key}.")
        ids = (self.id(one.get("@odata.id") if isinstance(one, Mapping) else one) for one in found)
        return tuple(dict.fromkeys(ids))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, the default one spelt out."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
