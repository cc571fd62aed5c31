"""What libvirt's statistics say of the disks: sizes, and where a volume of a pool really is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corral.domain.vm import VmDisk

_MOST = 4096


def sized(disks: tuple[VmDisk, ...], told: Mapping[str, Any]) -> tuple[VmDisk, ...]:
    """The disks with the sizes (bytes) that the statistics know."""
    count = min(int(told.get("block.count", 0)), _MOST)
    numbers = {told.get(f"block.{number}.name"): number for number in range(count)}
    return tuple(_sized(disk, numbers[disk.id], told) if disk.id in numbers else disk for disk in disks)


def _sized(disk: VmDisk, number: int, told: Mapping[str, Any]) -> VmDisk:
    return replace(
        disk,
        size=int(told.get(f"block.{number}.capacity", 0)),
        used=int(told.get(f"block.{number}.allocation", 0) or told.get(f"block.{number}.physical", 0)),
        path=disk.path or ("" if disk.protocol else str(told.get(f"block.{number}.path", ""))),
    )
