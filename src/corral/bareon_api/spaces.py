"""What is on each disk after somebody edited the layout itself: the spaces follow as far as they can say it.

They know volumes by name and count in MiB; a partition of another kind, or an option of a file system, is nothing to them.
Rule: what an edit did not touch stays as it was, to the number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from corral.bareon_api.objects import Partition, Partitioning
from corral.domain.layout import MIB
from corral.layouts.nailgun import Spaces, read_spaces
from corral.layouts.nailgun.compute import with_pool
from corral.layouts.nailgun.generators import LVM_META
from corral.layouts.nailgun.spaces import DiskSpace, Entry, GroupSpace, Part
from corral.layouts.read_nailgun_simple import disk_device


def as_edited(before: Sequence[Mapping[str, Any]], was: Partitioning, now: Partitioning) -> list[dict[str, Any]]:
    """The spaces as they are after `was` became `now`."""
    if _of_interest(was) == _of_interest(now):
        return list(map(dict, before))
    spaces = read_spaces(before)
    disks = tuple(_disk(disk, was, now) for disk in spaces.disks)
    return Spaces(disks, tuple(_group(group, was, now) for group in spaces.groups)).as_json()


def _of_interest(layout: Partitioning) -> tuple[Any, ...]:
    """All of a layout that spaces can say."""
    mounts = [(fs.device, fs.mount) for fs in layout.fss]
    return layout.parteds, layout.mds, layout.vgs, layout.lvs, mounts


def _disk(disk: DiskSpace, was: Partitioning, now: Partitioning) -> DiskSpace:
    entries = tuple(_entry(entry, _parts(entry, disk, was), _parts(entry, disk, now)) for entry in disk.entries)
    booted = [table.install_bootloader for table in now.parteds if table.name == disk_device(disk.name)]
    disk = replace(disk, bootable=any(booted))
    if entries == disk.entries:
        return disk
    changed = with_pool(replace(disk, entries=entries))
    over = -changed.unused
    if over > 0:
        # Partitions may use a little more of a disk than volumes are promised, which reserve more for booting than it takes.
        largest = max(changed.volumes, key=lambda entry: entry.net)
        kept = tuple(replace(one, size=one.size - over) if one is largest else one for one in changed.entries)
        changed = replace(changed, entries=kept)
    return replace(changed, free_space=changed.unused)


def _entry(entry: Entry, before: Sequence[Partition], after: Sequence[Partition]) -> Entry:
    """The entry with as much more or less as its partitions have; LVM's part is settled afterwards, for the whole disk."""
    keep = any(one.keep_data for one in after)
    grown = _mib(after) - _mib(before)
    if entry.service or (grown == 0 and keep == entry.keep_data):
        return entry
    first_of_lvm = entry.part is Part.PHYSICAL and not before
    net = entry.net + grown - (LVM_META if first_of_lvm else 0) if after else 0
    return replace(entry, size=max(0, net) + entry.meta, keep_data=keep)


def _parts(entry: Entry, disk: DiskSpace, layout: Partitioning) -> list[Partition]:
    """The partitions that are the entry's on this disk."""
    here = [part for table in layout.parteds if table.name == disk_device(disk.name) for part in table.partitions]
    if entry.part is Part.PHYSICAL:
        names = {name for vg in layout.vgs if vg.name == entry.name for name in vg.pvnames}
    elif entry.mount not in (None, "none"):
        on = {fs.device for fs in layout.fss if fs.mount == entry.mount}
        names = on | {name for md in layout.mds if md.name in on for name in md.devices}
    else:
        names = {part.name for part in here if entry.guid and (part.guid or "").lower() == entry.guid.lower()}
    return [part for part in here if part.name in names]


def _group(group: GroupSpace, was: Partitioning, now: Partitioning) -> GroupSpace:
    before, after = ({lv.name: lv.size for lv in layout.lvs if lv.vgname == group.id} for layout in (was, now))
    return replace(
        group,
        logical=tuple(
            one if before.get(one.name) == after.get(one.name) else replace(one, size=after.get(one.name, 0) // MIB)
            for one in group.logical
        ),
    )


def _mib(parts: Sequence[Partition]) -> int:
    return sum((part.end + 1 - part.begin) // MIB for part in parts)
