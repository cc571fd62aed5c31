"""What a notification of Ironic means for whoever keeps records of its nodes: which node to look at again, and nothing else.

Rule: hostile input. Of a message only the kind of its event and one uuid are read; whatever else it says is not believed, and what
can't be read is no hint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corral.domain.machine import is_uuid

LARGEST = 1 << 20
"""Bytes of the longest message that is read. Ironic's have some 3,000."""
_NODE = "baremetal.node."
_PARTS = ("baremetal.port.", "baremetal.portgroup.", "baremetal.volumeconnector.", "baremetal.volumetarget.")
_NOTHING_YET = ".start"


def node_named(body: bytes | str) -> str | None:
    """The uuid of the node that a message is about; None for one that is about none, or that nothing has changed by yet."""
    if len(body) > LARGEST:
        return None
    try:
        message = json.loads(body)
        # oslo.messaging's envelope, which not every release of it writes.
        if isinstance(message, dict) and isinstance(inner := message.get("oslo.message"), str):
            message = json.loads(inner)
    except (ValueError, RecursionError):
        return None
    return _named(message) if isinstance(message, dict) else None


def _named(message: Mapping[str, Any]) -> str | None:
    event, payload = message.get("event_type"), message.get("payload")
    data = payload.get("ironic_object.data") if isinstance(payload, dict) else None
    if not isinstance(event, str) or not isinstance(data, dict) or event.endswith(_NOTHING_YET):
        return None
    if event.startswith(_NODE):
        named = data.get("uuid")
    elif event.startswith(_PARTS):
        named = data.get("node_uuid")
    else:
        return None
    return named.lower() if isinstance(named, str) and is_uuid(named) else None
