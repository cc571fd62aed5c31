"""Nodes and short cuts for the tests of the exact allocator."""

from __future__ import annotations

from typing import Any

from corral.layouts.exact import Allocation, Explanation, Reasoned, allocate, explain, read, tables

MIB = 2**20
GIB = 2**30
Json = dict[str, Any]


def disk(name: str, gib: int, **facts: Any) -> Json:
    """A disk with exactly so many usable GiB: 1 MiB in front and 20 KiB behind are for the table."""
    return {"name": name, "size": gib * GIB + MIB + 20 * 1024, **facts}


def node(*disks: Json, **facts: Any) -> Json:
    return {"meta": {"disks": list(disks)}, **facts}


def lay_out(schema: str, *disks: Json, roles: tuple[str, ...] = ()) -> Allocation:
    """The allocation of a schema, whose first line may be left out."""
    return allocate(read(f"version: 2\n{schema}"), tables(node(*disks)), roles)


def told(made: Allocation) -> dict[str, Reasoned]:
    """What is explained of each volume."""
    return {one.volume: one for one in explain(made).volumes}


def spare(made: Allocation) -> Explanation:
    return explain(made)


def on(made: Allocation, volume: str) -> list[str]:
    """The disks of a volume, by name."""
    return [one.disk for one in made.placed if one.volume == volume]
