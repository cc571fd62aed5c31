"""What is sent to compose: by blocks, by quantity, or as a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from corral.domain.blocks import Media, Wanted, WantedDrives

STANZA = "corral"


def by_blocks(name: str, blocks: Sequence[str]) -> dict[str, Any]:
    """Specific composition: exactly these blocks."""
    return {"Name": name, "Links": {"ResourceBlocks": [{"@odata.id": one} for one in blocks]}}


def by_quantity(name: str, wanted: Wanted) -> dict[str, Any]:
    """Constrained composition: at least so much, of blocks that the pod chooses. One processor with all cores and one module with
    all memory are asked for: it is the sums that somebody wants."""
    body: dict[str, Any] = {
        "Name": name,
        "Processors": _members({**_count(1), "ProcessorType": "CPU", "TotalCores": wanted.cores}),
        "Memory": _members({**_count(1), "MemoryType": "DRAM", "CapacityMiB": wanted.memory}),
    }
    if wanted.drives:
        body["Storage"] = _members({**_count(1), "Drives": [_drives(one) for one in wanted.drives]})
    if wanted.adapters:
        body["EthernetInterfaces"] = _members(
            *({**_count(one.count), "SpeedMbps": one.speed} for one in wanted.adapters)
        )
    return body


def manifest(kind: str, request: Mapping[str, Any], reservation: str | None = None) -> dict[str, Any]:
    """The Compose action's parameters; `kind` is PreviewReserve or Apply."""
    stanza = {"StanzaType": "ComposeSystem", "StanzaId": STANZA, "Request": dict(request)}
    body: dict[str, Any] = {
        "RequestFormat": "Manifest",
        "RequestType": kind,
        "Manifest": {
            "Description": "Composed by Corral",
            "Timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "Expand": "None",
            "Stanzas": [stanza],
        },
    }
    return body if reservation is None else {**body, "ReservationId": reservation}


def stanza_response(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the pod answered to our stanza; empty when there is no such thing."""
    told = answer.get("Manifest")
    stanzas = told.get("Stanzas") if isinstance(told, Mapping) else None
    for one in stanzas if isinstance(stanzas, list) else []:
        if isinstance(one, Mapping) and one.get("StanzaId") == STANZA and isinstance(one.get("Response"), Mapping):
            response: Mapping[str, Any] = one["Response"]
            return response
    return {}


def _members(*found: Mapping[str, Any]) -> dict[str, Any]:
    return {"Members": list(found)}


def _count(count: int) -> dict[str, int]:
    return {"@Redfish.RequestedCount": count}


def _drives(wanted: WantedDrives) -> dict[str, Any]:
    body: dict[str, Any] = {**_count(wanted.count), "CapacityBytes": wanted.size}
    if wanted.media is Media.NVME:
        return {**body, "MediaType": "SSD", "Protocol": "NVMe"}
    return body if wanted.media is None else {**body, "MediaType": str(wanted.media)}
