"""The message buses on which others tell of changes at sources."""

from __future__ import annotations

from corral.config import Settings
from corral.contracts.watching import Listens
from corral.wiring.parts import secret


def open_buses(settings: Settings) -> dict[str, Listens]:
    """By source, the bus that it has. Connects to nothing. Raises Invalid."""
    found: dict[str, Listens] = {}
    for one in settings.sources:
        if (said := one.notifications) is not None:
            from corral.notify.bus import Bus  # loads oslo.messaging: half a second

            found[one.name] = Bus(one.name, secret(said.transport_url_env, "the transport URL"), said.topics)
    return found
