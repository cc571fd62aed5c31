"""Reads a `nailgun_simple` layout, in bytes as today's bareon has it, back into the exact model.

So that what people edit in that form can be written for other targets. Rule: what the form does not say (what a plain partition is
for, what is known of a disk) is taken from what stands on the partition, and from the node's disks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corral.domain.layout import (
    SECTOR,
    DiskTable,
    FileSystem,
    Layout,
    LayoutDisk,
    LogicalVolume,
    Partition,
    PhysicalVolume,
    Raid,
    TableKind,
    Use,
    VolumeGroup,
)
from corral.layouts.writers.types import type_guid

Json = Mapping[str, Any]
_FLAGS = {"bios_grub": Use.BIOS_GRUB, "raid": Use.RAID, "lvm": Use.LVM}


def read_nailgun_simple(data: Json, disks: Sequence[Json]) -> Layout:
    """The layout of `{parteds, mds, pvs, vgs, lvs, fss}`, whose form has been checked before. `disks`: the node's, as its agent
    told of them."""
    on = {fs["device"]: fs for fs in data["fss"]}
    known = {disk_device(str(disk["name"])): disk for disk in disks}
    tables = tuple(_table(table, known.get(table["name"], {}), on) for table in data["parteds"])
    sizes = {table.device(part): part.size for table in tables for part in table.partitions}
    return Layout(
        tables=tables,
        raids=tuple(_raid(md, sizes) for md in data["mds"]),
        physical=tuple(
            PhysicalVolume(pv["name"], pv["metadatasize"], pv["metadatacopies"], pv["keep_data"]) for pv in data["pvs"]
        ),
        groups=tuple(VolumeGroup(vg["name"], tuple(vg["pvnames"]), keep=vg["keep_data"]) for vg in data["vgs"]),
        logical=tuple(LogicalVolume(lv["name"], lv["vgname"], lv["size"], lv["keep_data"]) for lv in data["lvs"]),
        file_systems=tuple(_file_system(fs) for fs in data["fss"]),
    )


def disk_device(name: str) -> str:
    """The path of a disk by its name."""
    return f"/dev/{name}"


def _table(table: Json, disk: Json, on: Mapping[str, Json]) -> DiskTable:
    end = max((part["end"] + 1 for part in table["partitions"]), default=0)
    sector = int(disk.get("sector") or SECTOR)
    size = int(disk.get("size") or table.get("disk_size") or end)
    return DiskTable(
        disk=LayoutDisk(
            name=str(disk.get("name") or table["name"].removeprefix("/dev/")),
            device=table["name"],
            id=str(disk.get("disk") or ""),
            size=size // sector * sector,
            links=tuple(map(str, disk.get("extra") or ())),
            sector=sector,
        ),
        partitions=tuple(_partition(part, table["label"], on.get(part["name"])) for part in table["partitions"]),
        kind=TableKind(table["label"]),
        bootable=table["install_bootloader"],
    )


def _partition(part: Json, label: str, fs: Json | None) -> Partition:
    use = _use(part, label, fs)
    plain = Partition(part["count"], part["begin"], part["end"] + 1 - part["begin"], use, keep=part["keep_data"])
    guid = (part["guid"] or "").lower()
    own = "" if guid == type_guid(plain) else guid
    return Partition(plain.number, plain.start, plain.size, use, guid=own, keep=plain.keep)


def _use(part: Json, label: str, fs: Json | None) -> Use:
    if part["configdrive"]:
        return Use.CONFIG_DRIVE
    told = next((_FLAGS[flag] for flag in part["flags"] if flag in _FLAGS), None)
    if told is not None:
        return told
    if "boot" in part["flags"]:
        return Use.ESP if label == TableKind.GPT else Use.BOOT
    if fs is None:
        return Use.RAW
    return Use.SWAP if fs["fs_type"] == "swap" else Use.FILE_SYSTEM


def _raid(md: Json, sizes: Mapping[str, int]) -> Raid:
    members = [sizes[name] for name in md["devices"] if name in sizes]
    # Agents make mirrors and stripes only. An upper bound: metadata takes a little of each member.
    size = min(members, default=0) if md["level"] == "1" else sum(members)
    return Raid(
        md["name"], md["level"], tuple(md["devices"]), size, tuple(md["spares"]), md["metadata"], md["keep_data"]
    )


def _file_system(fs: Json) -> FileSystem:
    mount = "" if fs["mount"] in (None, "none") else fs["mount"]
    return FileSystem(fs["device"], fs["fs_type"], mount, fs["fs_label"], fs["fs_options"], fs["keep_data"])
