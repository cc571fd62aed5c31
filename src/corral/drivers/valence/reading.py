"""Valence's records, believed as little as can be: numbers come as text, objects as lists, and any of it may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corral.domain.blocks import ComposedSystem
from corral.domain.errors import DriverFailed
from corral.domain.machine import normal_mac

_MOST = 2**40


@dataclass(frozen=True, slots=True)
class Listed:
    """A node as lists show it. `index`: which hardware it is; two records of one index are two owners of one machine."""

    uuid: str
    name: str
    index: str
    pod: str | None


def listed(data: Any) -> list[Listed]:
    """The nodes of a list. Raises DriverFailed for what is no list, or has an entry that can't be told apart."""
    rows = data.get("nodes") if isinstance(data, Mapping) else data
    if not isinstance(rows, list):
        raise DriverFailed("Valence's list of nodes is no list.")
    return [_listed(row) for row in rows]


def _listed(row: Any) -> Listed:
    uuid = text(row, "uuid")
    if not uuid:
        raise DriverFailed("Valence lists a node without uuid: nothing can be said about its nodes.")
    return Listed(uuid, text(row, "name"), text(row, "index"), text(row, "podm_id") or None)


def composed(node: Listed, detail: Mapping[str, Any]) -> ComposedSystem:
    """The node with what its details tell; cores and memory are 0 where they tell nothing."""
    facts = part(detail, "metadata")
    macs = [text(one, "mac") for one in entries(facts, "network")] or [text(detail, "mac_address")]
    return ComposedSystem(
        id=node.uuid,
        name=node.name,
        uuid=node.uuid,
        cores=sum(number(one, "total_core", "total_cores") for one in entries(facts, "processor")),
        memory=sum(number(one, "total_memory_mb") for one in entries(facts, "memory")),
        macs=tuple(sorted({normal_mac(mac) for mac in macs if mac})),
        power=text(detail, "node_power_state") or text(detail, "power_state"),
    )


def speeds(detail: Mapping[str, Any]) -> list[int]:
    """Mbit/s of each interface, 0 where that is not told. A node that tells nothing but a MAC has that one interface."""
    told = [number(one, "speed_mbps") for one in entries(part(detail, "metadata"), "network")]
    return told or ([0] if text(detail, "mac_address") else [])


def redfish_id(detail: Mapping[str, Any]) -> str:
    """The path of the system at its pod manager; empty where it is not told."""
    system = detail.get("computer_system")
    return text(system, "@odata.id") if isinstance(system, Mapping) else text(detail, "computer_system")


def text(row: Any, key: str) -> str:
    """A text or a number as text; empty for anything else."""
    value = row.get(key) if isinstance(row, Mapping) else None
    return str(value)[:255] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def number(row: Any, *keys: str) -> int:
    """The first of those that is a whole number, also as text; 0 when none is."""
    for key in keys:
        value = text(row, key).strip()
        if value.isascii() and value.isdigit() and len(value) < 14:
            return min(int(value), _MOST)
    return 0


def part(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    return value if isinstance(value, Mapping) else {}


def entries(row: Mapping[str, Any], key: str) -> Iterable[Any]:
    """A list, or one object that stands for a list of one."""
    value = row.get(key)
    return value if isinstance(value, list) else [value] if isinstance(value, Mapping) else []
