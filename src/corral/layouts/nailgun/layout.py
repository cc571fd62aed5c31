"""Spaces as an exact layout, in bytes: what is to be on which disk, for writers of any form.

On each disk, from 1 MiB on: a partition for GRUB, the ESP, the disk's part of /boot, the volumes in their order, and on one disk
with the system the config drive. They take 245 MiB of the 300 that every disk reserves; so what the spaces promise fits, aligned.

Rule: a disk that would get nothing but what booting reserves is left alone, unless it is booted from; so a node without roles
has no tables at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from corral.domain.errors import Invalid
from corral.domain.layout import (
    MIB,
    DiskTable,
    FileSystem,
    Layout,
    LayoutDisk,
    LogicalVolume,
    Partition,
    PhysicalVolume,
    Raid,
    Use,
    VolumeGroup,
)
from corral.layouts.nailgun.matching import match
from corral.layouts.nailgun.node import NodeDisk, NodeDisks
from corral.layouts.nailgun.spaces import DiskSpace, Entry, GroupSpace, LogicalSpace, Part, Spaces

GRUB = 24
ESP = 200
CONFIG_DRIVE = 20
EXTENT = 4
MOST_JOURNAL = 10 * 1024
"""A Ceph journal bigger than this, in MiB, would never be filled."""
META = 28
"""MiB of each of two copies of LVM's metadata: with them, the label and rounding to extents, 64 MiB are reserved."""
JOURNAL, OSD = "cephjournal", "ceph"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A partition to be, with the entry it comes from. `size` in MiB."""

    use: Use
    size: int
    entry: Entry | None = None


Placed = tuple[DiskTable, Partition, Entry]


def layout_of(node: NodeDisks, spaces: Spaces) -> Layout:
    """The layout. Raises Invalid when a disk is gone, is too small to boot or for LVM, or the system has no room."""
    stored = match(spaces, node)
    missing = [disk.name for disk in spaces.disks if disk not in stored.values()]
    if missing:
        raise Invalid(f"The node has no disk {', '.join(missing)} any more.", fix="Lay the node's disks out anew.")
    pairs = [(disk, stored[disk.path]) for disk in node.disks if disk.path in stored and _used(stored[disk.path])]
    config = _config_disk([space for _, space in pairs], spaces)
    on = Counter(entry.name for _, space in pairs for entry in space.entries if entry.size)
    pieces = [_pieces(space, on, config=space is config) for _, space in pairs]
    _spread_journals(pieces)
    boot = next((space for _, space in pairs if space.bootable), config)
    made = [_table(disk, row, bootable=space is boot) for (disk, space), row in zip(pairs, pieces, strict=True)]
    placed = [(table, part, entry) for table, entries in made for part, entry in entries]
    raids, raid_systems = _raids(placed)
    physical = tuple(_physical(*one) for one in placed if one[2].part is Part.PHYSICAL)
    groups = tuple(_group(group, placed) for group in spaces.groups if spaces.allocated(group.id))
    logical, systems = _logical(spaces, placed)
    return Layout(
        tables=tuple(table for table, _ in made),
        raids=raids,
        physical=physical,
        groups=groups,
        logical=logical,
        file_systems=(*raid_systems, *_partition_systems(placed), *systems),
    )


# --- partitions ---------------------------------------------------------------------------------------------


def _used(disk: DiskSpace) -> bool:
    return disk.bootable or any(entry.size for entry in disk.volumes)


def _config_disk(disks: list[DiskSpace], spaces: Spaces) -> DiskSpace | None:
    """The disk for the config drive: the first one that holds a part of the root file system, else the one booted from."""
    root = {group.id for group in spaces.groups if any(one.mount == "/" for one in group.logical)}
    holds = (d for d in disks if any(e.size and (e.name in root or e.mount == "/") for e in d.volumes))
    return next(holds, next((disk for disk in disks if disk.bootable), None))


def _pieces(disk: DiskSpace, on: Mapping[str, int], *, config: bool) -> list[_Piece]:
    """What is to be on a disk, in order. `on`: on how many disks each volume is."""
    if not any(entry.size for entry in disk.entries if entry.part is Part.RECORDS):
        raise Invalid(
            f"The disk {disk.name} ({disk.size} MiB) is too small to boot from.", fix="Place no volumes on it."
        )
    entries = (entry for entry in disk.entries if entry.size and entry.part not in (Part.RECORDS, Part.POOL))
    pieces = [_Piece(Use.BIOS_GRUB, GRUB), _Piece(Use.ESP, ESP)]
    pieces += [_Piece(_use(entry, on[entry.name]), entry.size, entry) for entry in entries]
    return [*pieces, _Piece(Use.CONFIG_DRIVE, CONFIG_DRIVE)] if config else pieces


def _use(entry: Entry, disks: int) -> Use:
    if entry.part is Part.PHYSICAL:
        return Use.LVM
    # One disk makes no mirror, whatever the entry says.
    if entry.part is Part.RAID and disks > 1:
        return Use.RAID
    if entry.boot:
        return Use.BOOT
    return Use.FILE_SYSTEM if _formatted(entry) else Use.RAW


def _formatted(entry: Entry) -> bool:
    return entry.file_system not in (None, "none") or entry.mount not in (None, "none")


def _spread_journals(rows: list[list[_Piece]]) -> None:
    """Cut the space for Ceph journals into one partition for each OSD, spread over the disks that have such space."""
    osds = sum(_named(piece, OSD) for row in rows for piece in row)
    left, journals = osds, sum(_named(piece, JOURNAL) for row in rows for piece in row)
    for row in rows:
        for piece in [piece for piece in row if _named(piece, JOURNAL)]:
            each = -(-osds // journals) or 1
            size = min(piece.size // each, MOST_JOURNAL)
            cut = [replace(piece, size=size)] * (min(each, left) if osds else 1)
            at = row.index(piece)
            row[at : at + 1], left = cut, left - len(cut)


def _named(piece: _Piece, name: str) -> bool:
    return piece.entry is not None and piece.entry.part is Part.PARTITION and piece.entry.name == name


def _table(disk: NodeDisk, pieces: list[_Piece], *, bootable: bool) -> tuple[DiskTable, list[tuple[Partition, Entry]]]:
    """The disk's table, and its partitions that entries of the spaces stand behind."""
    start, partitions, entries = MIB, [], []
    for number, piece in enumerate(pieces, 1):
        entry = piece.entry
        partition = Partition(
            number=number,
            start=start,
            size=piece.size * MIB,
            use=piece.use,
            name=entry.name if entry else str(piece.use),
            guid=(entry.guid or "") if entry else "",
            keep=entry is not None and entry.keep_data,
        )
        start = partition.end
        partitions.append(partition)
        entries += [(partition, entry)] if entry else []
    return DiskTable(_layout_disk(disk), tuple(partitions), bootable=bootable), entries


def _layout_disk(disk: NodeDisk) -> LayoutDisk:
    return LayoutDisk(
        name=disk.name,
        device=f"/dev/{disk.name}",
        id=disk.path,
        size=disk.size // disk.sector * disk.sector,
        links=disk.extra,
        sector=disk.sector,
        rotational=disk.rotational,
        wwn=disk.wwn,
        serial=disk.serial,
        model=disk.model,
        removable=disk.removable,
    )


# --- what is built from them --------------------------------------------------------------------------------


def _raids(placed: list[Placed]) -> tuple[tuple[Raid, ...], tuple[FileSystem, ...]]:
    """A mirror for /boot and for each volume that is a RAID, with their file systems."""
    members: dict[str, list[Placed]] = {}
    for one in placed:
        if one[1].use is Use.RAID:
            members.setdefault(one[2].name, []).append(one)
    raids = tuple(_raid(f"/dev/md{number}", parts) for number, parts in enumerate(members.values()))
    pairs = zip(raids, members.values(), strict=True)
    return raids, tuple(_system(raid.device, parts[0][2]) for raid, parts in pairs if _formatted(parts[0][2]))


def _raid(device: str, parts: list[Placed]) -> Raid:
    return Raid(
        device=device,
        level="1",
        members=tuple(table.device(part) for table, part, _ in parts),
        size=min(part.size for _, part, _ in parts) - MIB,  # MD's own record, with the default metadata
        keep=any(part.keep for _, part, _ in parts),
    )


def _partition_systems(placed: list[Placed]) -> Iterator[FileSystem]:
    for table, part, entry in placed:
        if part.use in (Use.BOOT, Use.FILE_SYSTEM):
            yield _system(table.device(part), entry)


def _system(device: str, entry: Entry) -> FileSystem:
    kind = entry.file_system if entry.file_system not in (None, "none") else "xfs"
    mount = entry.mount if entry.mount not in (None, "none") else ""
    return FileSystem(device, kind or "", mount or "", entry.disk_label or "", keep=entry.keep_data)


def _physical(table: DiskTable, part: Partition, entry: Entry) -> PhysicalVolume:
    if not entry.meta:
        raise Invalid(
            f"The disk {table.disk.name} is too small for LVM.", fix=f"Place nothing of {entry.name!r} on it."
        )
    return PhysicalVolume(table.device(part), META * MIB, keep=part.keep)


def _members(group: str, placed: list[Placed]) -> list[Placed]:
    return [one for one in placed if one[2].part is Part.PHYSICAL and one[2].name == group]


def _group(group: GroupSpace, placed: list[Placed]) -> VolumeGroup:
    parts = _members(group.id, placed)
    devices = tuple(table.device(part) for table, part, _ in parts)
    return VolumeGroup(group.id, devices, EXTENT * MIB, group.label, keep=any(part.keep for _, part, _ in parts))


def _logical(spaces: Spaces, placed: list[Placed]) -> tuple[tuple[LogicalVolume, ...], tuple[FileSystem, ...]]:
    volumes: list[LogicalVolume] = []
    systems: list[FileSystem] = []
    for group in spaces.groups:
        keep = any(part.keep for _, part, _ in _members(group.id, placed))
        for logical, size in _sizes(group, _usable(group.id, placed)).items():
            volume = LogicalVolume(logical.name, group.id, size * MIB, keep)
            volumes.append(volume)
            if logical.mount != "none":
                systems.append(FileSystem(volume.device, logical.file_system, logical.mount, keep=keep))
    return tuple(volumes), tuple(systems)


def _usable(group: str, placed: list[Placed]) -> int:
    """MiB that logical volumes may have: of each physical volume, what its label and metadata leave, in whole extents."""
    return sum(max(0, _whole(entry.size - 1 - 2 * META)) for _, _, entry in _members(group, placed))


def _sizes(group: GroupSpace, usable: int) -> Mapping[LogicalSpace, int]:
    """The logical volumes that there is room for, in MiB, whole extents each. Root gets all that the others leave."""
    root = next((one for one in group.logical if one.mount == "/"), None)
    left, sizes = usable, {}
    for logical in (one for one in group.logical if one is not root):
        sizes[logical] = max(0, min(_whole(logical.size), left))
        left -= sizes[logical]
    if root is not None:
        if left < EXTENT or root.size <= 0:
            raise Invalid(
                f"The volume group {group.id!r} has {usable} MiB, which leaves nothing for the root file system.",
                fix=f"Give {group.id!r} at least {group.min_size} MiB, or use the strict schema.",
            )
        sizes[root] = left
    return {logical: sizes[logical] for logical in group.logical if sizes[logical]}


def _whole(size: int) -> int:
    return size // EXTENT * EXTENT
