"""The message buses on which others tell of changes at sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corral.config import Settings
from corral.config_sources import BusSettings
from corral.contracts.watching import Listens
from corral.wiring.parts import secret

_IRONIC = {"ironic": ["ironic_versioned_notifications"]}
# Cinder leaves oslo.messaging's own name for its exchange as it is.
_AROUND = {"neutron": ["notifications"], "openstack": ["notifications"]}


def open_buses(settings: Settings) -> dict[str, Listens]:
    """By source, the bus that it has. Connects to nothing. Raises Invalid."""
    said = [(one.name, one.notifications, _IRONIC) for one in settings.sources]
    said += [(one.name, one.notifications, _AROUND) for one in settings.hypervisors]
    return {name: _bus(name, some, topics) for name, some, topics in said if some}


def _bus(source: str, some: Sequence[BusSettings], topics: Mapping[str, Sequence[str]]) -> Listens:
    from corral.notify.bus import Bus  # loads oslo.messaging: half a second
    from corral.notify.together import Together

    buses = [Bus(source, secret(one.transport_url_env, "the transport URL"), one.topics or topics) for one in some]
    return buses[0] if len(buses) == 1 else Together(buses)
