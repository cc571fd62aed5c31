"""Ignition 3.3: disks, arrays and file systems, and a systemd unit for each mount, since Ignition itself mounts for a moment only.

Ignition matches what is kept by number and place, and fails rather than change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Partition, Raid, TableKind
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, Keep, beyond, reason, refuse
from corral.layouts.writers.types import made, type_guid, used

TARGET = "Ignition"
VERSION = "3.3.0"
_LABEL = 36
_LEVELS = {"0": "raid0", "1": "raid1", "4": "raid4", "5": "raid5", "6": "raid6", "10": "raid10", "linear": "linear"}

ABLE = Abilities(
    unit=MIB,
    tables=frozenset({TableKind.GPT}),
    file_systems=frozenset({"ext4", "btrfs", "xfs", "vfat", "swap"}),
    raid_levels=frozenset(_LEVELS),
    spares=True,
    keep=Keep.EACH,
)


def config(layout: Layout) -> dict[str, Any]:
    """The whole configuration.

    Raises:
        Refused: with everything that Ignition can't do.
    """
    refuse(TARGET, _problems(layout))
    names = {raid.device: f"/dev/md/{_name(raid)}" for raid in layout.raids}
    storage = {
        "disks": [_disk(table) for table in used(layout)],
        "raid": [_raid(raid) for raid in layout.raids],
        "filesystems": [_file_system(fs, names) for fs in layout.file_systems],
    }
    units = [_unit(fs, names) for fs in layout.file_systems if fs.mount]
    found = {"ignition": {"version": VERSION}, "storage": {key: value for key, value in storage.items() if value}}
    return found | ({"systemd": {"units": units}} if units else {})


def _problems(layout: Layout) -> Iterator[Reason]:
    yield from beyond(layout, ABLE, TARGET)
    for table in used(layout):
        for partition in made(table):
            if len(partition.name) > _LABEL or ":" in partition.name:
                message = f"The name {partition.name!r} of {table.device(partition)} is no GPT label for {TARGET}."
                yield reason("label", message, f"Use at most {_LABEL} characters, and no colon.")
    for fs in layout.file_systems:
        if not fs.mount.startswith("/") and fs.mount != "swap" and fs.mount:
            yield reason(
                "mount", f"The mount point {fs.mount!r} of {fs.device} is no path.", "Use a path that starts with /."
            )
    for raid in layout.raids:
        if raid.keep:
            yield reason("keep", f"{raid.device} is to be kept, and {TARGET} creates every array.", "Leave it out.")


def _disk(table: DiskTable) -> dict[str, Any]:
    kept = any(p.keep for p in table.partitions)
    return {
        "device": table.disk.device,
        "wipeTable": not kept,
        "partitions": [_partition(p) for p in made(table)],
    }


def _partition(partition: Partition) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "number": partition.number,
        "startMiB": partition.start // MIB,
        "sizeMiB": partition.size // MIB,
        "typeGuid": type_guid(partition).upper(),
        "wipePartitionEntry": False,
    }
    return entry | ({"label": partition.name} if partition.name else {})


def _raid(raid: Raid) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": _name(raid),
        "level": _LEVELS[raid.level],
        "devices": [*raid.members, *raid.spares],
        "spares": len(raid.spares),
    }
    return entry | ({} if raid.metadata == "default" else {"options": [f"--metadata={raid.metadata}"]})


def _name(raid: Raid) -> str:
    return raid.device.rsplit("/", 1)[-1]


def _file_system(fs: FileSystem, names: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "device": names.get(fs.device, fs.device),
        "format": fs.kind,
        "wipeFilesystem": not fs.keep,
    }
    entry |= {"path": fs.mount} if fs.mount.startswith("/") else {}
    entry |= {"label": fs.label} if fs.label else {}
    return entry | ({"options": fs.options.split()} if fs.options else {})


def _unit(fs: FileSystem, names: Mapping[str, str]) -> dict[str, Any]:
    device = names.get(fs.device, fs.device)
    if fs.mount == "swap" or fs.kind == "swap":
        text = f"[Swap]\nWhat={device}\n\n[Install]\nRequiredBy=swap.target\n"
        return {"name": f"{escaped(device)}.swap", "enabled": True, "contents": text}
    text = (
        f"[Unit]\nBefore=local-fs.target\n\n[Mount]\nWhere={fs.mount}\nWhat={device}\nType={fs.kind}\n\n"
        "[Install]\nRequiredBy=local-fs.target\n"
    )
    return {"name": f"{escaped(fs.mount)}.mount", "enabled": True, "contents": text}


def escaped(path: str) -> str:
    """A path as the name of a unit, as `systemd-escape --path` has it."""
    parts = "/".join(part for part in path.split("/") if part)
    if not parts:
        return "-"
    return "".join(_character(at, char) for at, char in enumerate(parts))


def _character(at: int, char: str) -> str:
    if char == "/":
        return "-"
    if (char.isascii() and char.isalnum()) or char in ":_" or (char == "." and at):
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode())
