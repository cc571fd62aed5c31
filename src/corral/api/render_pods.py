"""Pods and their blocks, as the API shows them."""

from __future__ import annotations

from typing import Any

from corral.chooser import Choice, Room
from corral.domain.blocks import Block, Pool
from corral.services.composition import Preview


def preview(one: Preview) -> dict[str, Any]:
    """What would be composed; or, with `fits` false, why nothing is."""
    if isinstance(one.answer, Choice):
        told = one.answer.as_json() | {"blocks": [block(each) for each in one.blocks], "message": None, "reasons": []}
        return {"source": one.source, "fits": True, **told, "not_counted": {}}
    nothing: dict[str, Any] = {"zone": None, "blocks": [], "surplus": None, "exact": True}
    return {"source": one.source, "fits": False, **nothing, **one.answer.as_json()}


def pool(name: str, found: Pool, room: Room) -> dict[str, Any]:
    """A pod's blocks, zones and what is left of them."""
    blocks = [block(one) for one in sorted(found.blocks, key=lambda one: one.id)]
    return {"source": name, **room.as_json(), "blocks": blocks}


def block(one: Block) -> dict[str, Any]:
    """A block. Memory in MiB, sizes in bytes, speeds in Mbit/s."""
    return {
        "id": one.id,
        "name": one.name,
        "kinds": sorted(one.kinds),
        "state": one.state,
        "free": one.free,
        "healthy": one.healthy,
        "reserved": one.reserved,
        "cpus": one.cores,
        "memory": one.memory,
        "disks": [{"size": drive.size, "media": drive.media} for drive in one.drives],
        "nics": [{"speed": adapter.speed, "mac": adapter.mac} for adapter in one.adapters],
        "traits": sorted(one.traits),
        "zones": sorted(one.zones),
        "systems": list(one.systems),
        "limit": one.limit,
        "problem": one.problem or None,
    }
