"""The hardware of a pod: blocks with their members, and the zones that they are in.

Rule: what is here never changes while the pod runs; what is composed of it is `state`'s.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GIB = 2**30


@dataclass(frozen=True)
class Disk:
    """A drive of `size` bytes; `media` is HDD, SSD or NVMe."""

    size: int
    media: str = "SSD"


@dataclass(frozen=True)
class Hardware:
    """A block. `kinds`: Redfish's ResourceBlockType. `processors`: cores of each. `memory`: MiB of each module. `adapters`: Mbit/s
    of each interface. `shared`: how many systems may have it at once."""

    id: str
    kinds: tuple[str, ...]
    processors: tuple[int, ...] = ()
    memory: tuple[int, ...] = ()
    disks: tuple[Disk, ...] = ()
    adapters: tuple[int, ...] = ()
    zones: tuple[str, ...] = ("1",)
    shared: int = 1
    health: str = "OK"


@dataclass(frozen=True)
class Stock:
    """All of a pod. `limits`: Redfish's ResourceBlockLimits, as MinCompute, MaxStorage, …"""

    blocks: tuple[Hardware, ...]
    limits: dict[str, int] = field(default_factory=lambda: {"MinCompute": 1, "MaxCompute": 1, "MaxStorage": 8})

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(sorted({zone for block in self.blocks for zone in block.zones}))


def machines(count: int) -> Stock:
    """Blocks for `count` machines of one kind, in one zone: each of 16 cores and 64 GiB, a drive and an adapter."""
    blocks = []
    for number in range(1, count + 1):
        blocks += [
            Hardware(f"Compute-{number}", ("Compute",), (8, 8), (16384,) * 4),
            Hardware(f"Storage-{number}", ("Storage",), disks=(Disk(960 * GIB, "NVMe" if number % 2 else "HDD"),)),
            Hardware(f"Network-{number}", ("Network",), adapters=(25000,)),
        ]
    return Stock(tuple(blocks))


def read(path: Path) -> Stock:
    """A stock from a file: `{"blocks": [{"id", "kinds", "processors", …, "disks": [{"size", "media"}]}], "limits": {…}}`."""
    told = json.loads(path.read_text("utf-8"))
    blocks = tuple(_block(one) for one in told["blocks"])
    return Stock(blocks, told["limits"]) if "limits" in told else Stock(blocks)


def _block(told: dict[str, Any]) -> Hardware:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return Hardware(**{**values, "disks": tuple(Disk(**one) for one in told.get("disks", ()))})
