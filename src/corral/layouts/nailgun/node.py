"""What a layout is computed from: a node's roles, disks and memory, as its agent told of them.

Rule: sizes are bytes here, as agents give them; layouts count in MiB, floored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, SECTOR
from corral.layouts.nailgun import reading

NODE_KEYS = ("roles", "os", "images_ceph", "meta", "id", "uid", "name")
META_KEYS = ("disks", "memory", "cpu", "interfaces", "numa_topology", "offloading_modes", "pci_devices", "system")
MEMORY_KEYS = ("total", "maximum_capacity", "slots", "devices", "ram")
DISK_KEYS = (
    *("name", "disk", "extra", "size", "model", "removable"),
    *("paths", "opt_io", "rotational", "wwn", "serial", "vendor", "sector"),
)

_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]*(?:/[A-Za-z0-9][A-Za-z0-9_.:+-]*)?")
_SECTORS = (512, 1024, 2048, 4096)


@dataclass(frozen=True, slots=True)
class NodeDisk:
    """A disk. `path`: its name by path under /dev (`disk/by-path/…`), or its plain name where there is none; `extra`: its names
    by id; `size` in bytes."""

    name: str
    path: str
    size: int
    extra: tuple[str, ...] = ()
    model: str = ""
    serial: str = ""
    wwn: str = ""
    sector: int = SECTOR
    rotational: bool | None = None
    removable: bool = False

    @property
    def mib(self) -> int:
        """Its size in whole MiB."""
        return self.size // MIB


@dataclass(frozen=True, slots=True)
class NodeDisks:
    """A node: `disks` by name, `memory` in bytes, `roles` in order. `images_ceph`: Glance keeps its images in Ceph."""

    disks: tuple[NodeDisk, ...]
    memory: int = 0
    roles: tuple[str, ...] = ()
    os: str = ""
    images_ceph: bool = False


def read_node(data: Any) -> NodeDisks:
    """A node from `{roles, os?, images_ceph?, meta: {disks, memory}}`. Raises Invalid."""
    node = reading.mapping(data, "node", NODE_KEYS, ("meta",))
    meta = reading.mapping(node["meta"], "meta", META_KEYS, ("disks",))
    memory = reading.mapping(meta.get("memory") or {}, "meta.memory", MEMORY_KEYS)
    roles = reading.sequence(node.get("roles") or (), "roles", 64)
    return NodeDisks(
        disks=_disks(meta["disks"]),
        memory=reading.integer(memory.get("total") or 0, "meta.memory.total", reading.MOST_BYTES),
        roles=tuple(dict.fromkeys(reading.text(role, f"roles[{n}]") for n, role in enumerate(roles))),
        os=reading.text(node["os"], "os") if node.get("os") else "",
        images_ceph=reading.flag(node.get("images_ceph", False), "images_ceph"),
    )


def known_node(data: Mapping[str, Any]) -> NodeDisks:
    """A node that an agent told of: `read_node`, but what Corral does not know of its hardware is no error. Raises Invalid."""
    meta = data.get("meta") or {}
    disks = [{key: disk[key] for key in DISK_KEYS if key in disk} for disk in meta.get("disks") or ()]
    memory = {"total": (meta.get("memory") or {}).get("total")}
    return read_node({**data, "meta": {"disks": disks, "memory": memory}})


def _disks(data: Any) -> tuple[NodeDisk, ...]:
    disks = [_disk(one, f"meta.disks[{n}]") for n, one in enumerate(reading.sequence(data, "meta.disks"))]
    for what, names in (("name", [disk.name for disk in disks]), ("path", [disk.path for disk in disks])):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise Invalid(f"meta.disks: two disks have the {what} {twice!r}.", fix="Have the node discovered again.")
    return tuple(sorted(disks, key=lambda disk: disk.name))


def _disk(data: Any, where: str) -> NodeDisk:
    disk = reading.mapping(data, where, DISK_KEYS, ("name", "size"))
    name = reading.text(disk["name"], f"{where}.name", 64)
    if not _DEVICE.fullmatch(name):
        raise Invalid(f"{where}.name: {name!r} is not the name of a device.", fix="Give a name as /dev has it: `sda`.")
    extra = reading.sequence(disk.get("extra") or (), f"{where}.extra", 64)
    return NodeDisk(
        name=name,
        path=reading.text(disk.get("disk") or name, f"{where}.disk"),
        size=reading.integer(disk["size"], f"{where}.size", reading.MOST_BYTES),
        extra=tuple(reading.text(link, f"{where}.extra[{n}]") for n, link in enumerate(extra)),
        sector=_sector(disk.get("sector") or SECTOR, f"{where}.sector"),
        rotational=_truth(disk.get("rotational"), f"{where}.rotational"),
        removable=bool(_truth(disk.get("removable"), f"{where}.removable")),
        **_labels(disk, where),
    )


def _labels(disk: Mapping[str, Any], where: str) -> dict[str, str]:
    return {key: reading.text(disk[key], f"{where}.{key}") for key in ("model", "serial", "wwn") if disk.get(key)}


def _sector(value: Any, where: str) -> int:
    if reading.integer(value, where) not in _SECTORS:
        raise Invalid(f"{where}: {value} is no sector size.", fix=f"One of {', '.join(map(str, _SECTORS))} bytes.")
    return int(value)


def _truth(value: Any, where: str) -> bool | None:
    """What agents say of a property: true, "1", 0, or nothing."""
    if value is None or isinstance(value, bool):
        return value
    return reading.choice(str(value)[:8], where, ("0", "1")) == "1"
