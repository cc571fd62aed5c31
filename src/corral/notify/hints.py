"""What a notification of Ironic, Neutron or Cinder means for whoever keeps records: what to look at again, and nothing else.

Rule: hostile input. Of a message only the kind of its event and a few uuids are read; whatever else it says is not believed, and
what can't be read is no hint.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corral.domain.machine import is_uuid

LARGEST = 1 << 20
"""Bytes of the longest message that is read. Those of Ironic, Neutron and Cinder have some 3,000."""
_NODE = "baremetal.node."
_OF_NODES = ("baremetal.port.", "baremetal.portgroup.", "baremetal.volumeconnector.", "baremetal.volumetarget.")
_NOTHING_YET = ".start"
_PORT, _VOLUME = "port.", "volume."
_OVER = (".end", ".error")
"""How Cinder's changes end. `volume.exists` is told of each volume once an hour, and is no change."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names. `machines`: nodes. `parts`: ports and volumes, and whose they are said to be: what of it is anybody's
    of ours the record knows."""

    machines: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def named(body: bytes | str) -> Named | None:
    """What a message is about; None for one that is about nothing that is compared, or that nothing has changed by yet."""
    if len(body) > LARGEST:
        return None
    try:
        message = json.loads(body)
        # oslo.messaging's envelope, which not every release of it writes.
        if isinstance(message, dict) and isinstance(inner := message.get("oslo.message"), str):
            message = json.loads(inner)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    event, payload = message.get("event_type"), message.get("payload")
    return _named(event, payload) if isinstance(event, str) and isinstance(payload, dict) else None


def _named(event: str, payload: Mapping[str, Any]) -> Named | None:
    if event.startswith((_NODE, *_OF_NODES)):
        data = payload.get("ironic_object.data")
        if event.endswith(_NOTHING_YET) or not isinstance(data, dict):
            return None
        machines = _ids(data.get("uuid" if event.startswith(_NODE) else "node_uuid"))
        return Named(machines=machines) if machines else None
    parts: tuple[str, ...] = ()
    if event.startswith(_PORT) and event.endswith(_OVER):
        parts = _ids(payload.get("port_id"), *_of_ports(payload))
    elif event.startswith(_VOLUME) and event.endswith(_OVER):
        parts = _ids(payload.get("volume_id"))
    return Named(parts=parts) if parts else None


def _of_ports(payload: Mapping[str, Any]) -> Iterator[Any]:
    """A port, what it is said to be plugged into, and where Ironic bound it: to the node itself."""
    several = payload.get("ports")
    for port in (payload.get("port"), *(several if isinstance(several, list) else ())):
        if isinstance(port, dict):
            yield from (port.get("id"), port.get("device_id"), port.get("binding:host_id"))


def _ids(*said: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.lower() for one in said if isinstance(one, str) and is_uuid(one)))
