"""Constrained composition: the client says how much it wants, the pod chooses the blocks.

Rule: the pod's choice is first-fit within one zone, and no better than it has to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lab.pod.messages import Failed
from lab.pod.state import Pod
from lab.pod.stock import Hardware

_Need = tuple[str, int, Callable[[Hardware], int]]


def is_constrained(body: Mapping[str, Any]) -> bool:
    return any(key in body for key in ("Processors", "Memory", "Storage", "EthernetInterfaces"))


def choose(pod: Pod, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Blocks that have what `body` asks for. Raises Failed with NoResourceMatch, naming what is missing."""
    needs = _needs(body)
    missing = "Processor"
    for zone in pod.stock.zones:
        chosen, missing = _first_fit(pod, zone, needs)
        if not missing:
            return pod.check(chosen)
    raise Failed(409, "NoResourceMatch", missing)


def _first_fit(pod: Pod, zone: str, needs: list[_Need]) -> tuple[list[str], str]:
    """The blocks, and the first kind of which there was not enough."""
    free = [block for block in pod.stock.blocks if zone in block.zones and _free(pod, block)]
    chosen: list[Hardware] = []
    for kind, amount, gives in needs:
        for block in free:
            if sum(map(gives, chosen)) >= amount:
                break
            if block not in chosen and gives(block):
                chosen.append(block)
        if sum(map(gives, chosen)) < amount:
            return [], kind
    return [block.id for block in chosen], ""


def _free(pod: Pod, block: Hardware) -> bool:
    unused = block.id not in pod.orphans and len(pod.users(block.id)) < block.shared
    return block.health == "OK" and unused and pod.reserved(block.id) is None


def _needs(body: Mapping[str, Any]) -> list[_Need]:
    needs: list[_Need] = []
    for one in _members(body, "Processors"):
        cores = _number(one, "TotalCores") * _count(one)
        needs.append(("Processor", cores, lambda block: sum(block.processors)))
    for one in _members(body, "Memory"):
        needs.append(("Memory", _number(one, "CapacityMiB") * _count(one), lambda block: sum(block.memory)))
    for one in _members(body, "Storage"):
        for drive in one.get("Drives", []):
            needs.append(_drives(_count(drive), _number(drive, "CapacityBytes"), drive.get("MediaType")))
    for one in _members(body, "EthernetInterfaces"):
        needs.append(_adapters(_count(one), _number(one, "SpeedMbps")))
    return needs


def _drives(count: int, size: int, media: str | None) -> _Need:
    def gives(block: Hardware) -> int:
        return sum(disk.size >= size and media in (None, _media(disk.media)) for disk in block.disks)

    return "Drive", count, gives


def _media(media: str) -> str:
    return "SSD" if media == "NVMe" else media


def _adapters(count: int, speed: int) -> _Need:
    return "EthernetInterface", count, lambda block: sum(one >= speed for one in block.adapters)


def _members(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = body.get(key, {})
    members = found.get("Members", []) if isinstance(found, Mapping) else None
    if not isinstance(members, list) or not all(isinstance(one, Mapping) for one in members):
        raise Failed(400, "PropertyValueTypeError", str(found)[:40], key)
    return members


def _count(one: Mapping[str, Any]) -> int:
    return _number(one, "@Redfish.RequestedCount")


def _number(one: Mapping[str, Any], key: str) -> int:
    value = one.get(key, 0)
    if not isinstance(value, int):
        raise Failed(400, "PropertyValueTypeError", str(value)[:40], key)
    return value
