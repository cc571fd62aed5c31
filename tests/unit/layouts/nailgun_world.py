"""Nodes for the tests of role layouts, and what the real computation once answered for 45 of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corral.layouts import nailgun

GIB = 1024**3

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden_volume_manager.json").read_text())
LEGACY = nailgun.default_schema()
STRICT = nailgun.default_schema(nailgun.Version.STRICT)


def disk(
    name: str, gib: float, *, path: str | None = None, ids: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    links = [f"disk/by-id/{name}-serial"] if ids is None else ids
    at = path or f"disk/by-path/{name}"
    return {"name": name, "disk": at, "extra": links, "size": int(gib * GIB), "model": None, "removable": "0", **more}


def told(*disks: dict[str, Any], roles: tuple[str, ...] = ("compute",), ram: float = 8, **more: Any) -> dict[str, Any]:
    meta = {"disks": list(disks), "memory": {"total": int(ram * GIB)}}
    return {"roles": list(roles), "os": "Ubuntu", "meta": meta, **more}


def node(*disks: dict[str, Any], roles: tuple[str, ...] = ("compute",), ram: float = 8) -> nailgun.NodeDisks:
    return nailgun.read_node(told(*disks, roles=roles, ram=ram))


def sizes(spaces: nailgun.Spaces) -> dict[str, dict[str, int]]:
    """By disk name, by volume, in MiB."""
    form = nailgun.disks_form(spaces)
    return {one["name"]: {volume["name"]: volume["size"] for volume in one["volumes"]} for one in form}
