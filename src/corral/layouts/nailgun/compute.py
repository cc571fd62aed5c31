"""The computation: a node and a schema give its spaces, and the same ones give the same spaces again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corral.domain.errors import Invalid
from corral.domain.layout import MIB
from corral.layouts.nailgun.allocate import Room, allocate
from corral.layouts.nailgun.generators import LEAST_ROOT, LVM_META, Facts, mib, swap_size
from corral.layouts.nailgun.node import NodeDisk, NodeDisks
from corral.layouts.nailgun.schema import Kind, LogicalSpec, Schema, VolumeSpec, volumes_of
from corral.layouts.nailgun.spaces import (
    BOOT_MOUNT,
    DiskSpace,
    Entry,
    GroupSpace,
    LogicalSpace,
    Part,
    Spaces,
    group_totals,
)

NO_DISKS = "Node seems not to have disks"

Pins = Mapping[str, Mapping[str, int]]
"""Sizes that are settled: by disk id, by volume, in MiB without LVM's part."""


def compute(node: NodeDisks, schema: Schema, pins: Pins | None = None) -> Spaces:
    """The node's default spaces; with `pins`, the volumes that are not settled are placed around those that are.

    Without roles: only what each disk reserves for booting. Raises Invalid for a node with roles and without disks, and for roles
    that the schema does not have."""
    volumes = volumes_of(node, schema)
    if volumes and not node.disks:
        raise Invalid(NO_DISKS, fix="Have its agent tell of them, or take its roles away.")
    facts = facts_of(node)
    wanted = [(volume, how, mib(volume.min_size, facts)) for volume, how in volumes]
    groups = sum(volume.kind is Kind.GROUP for volume, _ in volumes)
    settled = pins or {}
    rooms = [Room(disk.mib, groups, settled.get(disk.path, {}), strict=schema.strict) for disk in node.disks]
    order = allocate(rooms, wanted, strict=schema.strict)
    disks = tuple(_disk(disk, room, order, node, schema) for disk, room in zip(node.disks, rooms, strict=True))
    return with_groups(_with_boot_disk(disks, schema) if volumes else disks, node, schema)


def facts_of(node: NodeDisks) -> Facts:
    """What sizes are computed from."""
    return Facts(first_disk=node.disks[0].mib if node.disks else 0, memory=node.memory // MIB)


def with_groups(disks: tuple[DiskSpace, ...], node: NodeDisks, schema: Schema) -> Spaces:
    """The disks, and the volume groups that they make."""
    facts = replace(facts_of(node), groups=group_totals(disks))
    groups = tuple(
        GroupSpace(
            id=volume.id,
            label=volume.label,
            min_size=mib(volume.min_size, facts),
            allocate=how,
            logical=_logical(volume, facts, schema),
            mount=volume.mount,
        )
        for volume, how in volumes_of(node, schema)
        if volume.kind is Kind.GROUP
    )
    return Spaces(disks, groups)


def _logical(volume: VolumeSpec, facts: Facts, schema: Schema) -> tuple[LogicalSpace, ...]:
    sizes = [mib(one.size, facts) for one in volume.logical]
    if schema.strict:
        sizes = _fitting(volume.logical, sizes, facts.groups.get(volume.id, 0), facts)
    pairs = zip(volume.logical, sizes, strict=True)
    return tuple(LogicalSpace(one.name, size, one.mount, one.file_system) for one, size in pairs)


def _fitting(logical: Sequence[LogicalSpec], sizes: Sequence[int], total: int, facts: Facts) -> list[int]:
    """Sizes that fit into the group and are never below zero. Swap gives way first, but only until root has its least size."""
    fitted = list(sizes)
    swap = next((n for n, one in enumerate(logical) if one.mount == "swap"), None)
    root = next((n for n, one in enumerate(logical) if one.mount == "/"), None)
    if swap is not None and root is not None and fitted[root] < LEAST_ROOT:
        fitted[swap] = max(0, min(swap_size(facts), fitted[swap], total - LEAST_ROOT))
        fitted[root] += sizes[swap] - fitted[swap]
    left = total
    for n, size in enumerate(fitted):
        fitted[n] = max(0, min(size, left))
        left -= fitted[n]
    return fitted


# --- disks --------------------------------------------------------------------------------------------------


def _disk(disk: NodeDisk, room: Room, order: Sequence[VolumeSpec], node: NodeDisks, schema: Schema) -> DiskSpace:
    boot = Part.RAID if len(node.disks) > 1 else Part.PARTITION
    entries = [
        Entry(Part.RECORDS, room.records),
        Entry(boot, room.boot, "Boot", mount=BOOT_MOUNT, file_system="ext2"),
        Entry(Part.POOL, room.pool),
        *(entry_of(volume, room.sizes[volume.id]) for volume in order),
    ]
    space = DiskSpace(disk.path, disk.name, disk.mib, tuple(entries), 0, disk.extra)
    # The original wrote this number before it placed any volume, and never again.
    free = disk.mib - room.records - room.boot - room.pool
    balanced = with_pool(space)
    return replace(balanced, free_space=balanced.unused if schema.strict else free)


def entry_of(volume: VolumeSpec, size: int) -> Entry:
    """A volume's entry on a disk, not yet with LVM's part."""
    if volume.kind is Kind.GROUP:
        return Entry(Part.PHYSICAL, size, volume.id)
    return Entry(
        part=Part(str(volume.kind)),
        size=size,
        name=volume.id,
        mount=volume.mount,
        file_system=volume.file_system,
        disk_label=volume.disk_label,
        guid=volume.guid,
    )


def with_pool(disk: DiskSpace) -> DiskSpace:
    """The disk with LVM's part taken from its pool: by each physical volume that has a size, as long as there is any."""
    pool = sum(entry.size for entry in disk.entries if entry.part is Part.POOL)
    pool += sum(entry.meta for entry in disk.entries)
    entries: list[Entry] = []
    for entry in disk.entries:
        meta = min(LVM_META, pool) if entry.part is Part.PHYSICAL and entry.net else 0
        pool -= meta
        entries.append(replace(entry, size=entry.net + meta, meta=meta))
    filled = (replace(entry, size=pool) if entry.part is Part.POOL else entry for entry in entries)
    return replace(disk, entries=tuple(filled))


def _with_boot_disk(disks: tuple[DiskSpace, ...], schema: Schema) -> tuple[DiskSpace, ...]:
    chosen = boot_disk(disks, schema)
    return tuple(replace(disk, bootable=disk is chosen) for disk in disks)


def boot_disk(disks: Sequence[DiskSpace], schema: Schema) -> DiskSpace:
    """The disk to boot from, as the schema's rules pick it; the first one that the rules leave."""
    return boot_choice(disks, schema)[0]


def boot_choice(disks: Sequence[DiskSpace], schema: Schema) -> tuple[DiskSpace, str]:
    """The disk to boot from, and which rule picked it, in words."""
    able = [disk for disk in disks if not schema.strict or _can_boot(disk)] or list(disks)
    on_root = [disk for disk in able if disk.name.startswith(schema.follow_root) and _has_root(disk, schema)]
    liked = [disk for disk in able if not disk.name.startswith(schema.shun)]
    if on_root:
        return on_root[0], "root is on it, and the schema wants the boot loader there for disks of its name"
    if liked:
        rest = " of those that the schema lets be booted from" if len(liked) < len(disks) else ""
        return liked[0], f"it is the first by name{rest}"
    return able[0], "it is the first by name, and the schema would rather boot from another, which there is not"


def _can_boot(disk: DiskSpace) -> bool:
    return all(entry.size for entry in disk.entries if entry.boot or entry.part is Part.RECORDS)


def _has_root(disk: DiskSpace, schema: Schema) -> bool:
    return any(entry.size and _holds_root(schema.volumes.get(entry.name), entry) for entry in disk.volumes)


def _holds_root(volume: VolumeSpec | None, entry: Entry) -> bool:
    return entry.mount == "/" or (volume is not None and any(one.mount == "/" for one in volume.logical))
