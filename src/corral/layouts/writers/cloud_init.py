"""cloud-init: `disk_setup`, `fs_setup` and `mounts`, for the disks that hold no system.

`disk_setup` counts in whole percents of a disk, so few layouts of several partitions can be said. The last partition gets all that
is left: up to a MiB more than in the layout, since sgdisk goes on to the last sector. cloud-init runs from the root file system, so
its own disk is not for it either. A disk that is kept gets no `disk_setup`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corral.domain.layout import MIB, SECTOR, DiskTable, FileSystem, Layout, Partition, TableKind, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, Keep, all_kept, beyond, reason, refuse
from corral.layouts.writers.types import made, used

TARGET = "cloud-init"
_GPT_BACKUP = 33  # sectors at the end of a disk
_TYPES = {Use.SWAP: 82}  # sgdisk's code, less its zeros; Linux data otherwise

ABLE = Abilities(
    unit=SECTOR,
    tables=frozenset({TableKind.GPT}),
    uses=frozenset({Use.FILE_SYSTEM, Use.SWAP, Use.RAW, Use.RESERVED}),
    keep=Keep.DISK,
)


def user_data(layout: Layout) -> dict[str, Any]:
    """The three sections of a cloud-config; those that would be empty are left out.

    Raises:
        Refused: with everything that cloud-init can't do, and every size that no percentage gives.
    """
    refuse(TARGET, _problems(layout))
    tables = [table for table in used(layout) if not all_kept(table)]
    sections = {
        "disk_setup": {table.disk.device: _disk(table) for table in tables},
        "fs_setup": [_file_system(fs) for fs in layout.file_systems if not fs.keep],
        "mounts": [_mount(fs) for fs in layout.file_systems if fs.mount],
    }
    return {name: section for name, section in sections.items() if section}


def _problems(layout: Layout) -> Iterator[Reason]:
    yield from beyond(layout, ABLE, TARGET)
    for fs in layout.file_systems:
        if fs.mount == "/":
            message = f"The root file system is on {fs.device}, and {TARGET} runs from it."
            yield reason("root", message, "Give it the data disks only; the image brings the system's disk.")
    for table in used(layout):
        if all_kept(table):
            continue
        for partition in made(table):
            if partition.guid:
                message = f"{table.device(partition)} has a partition type of its own, and {TARGET} knows numbers only."
                yield reason("guid", message, "Leave the type out.")
        yield from _places(table)


def _places(table: DiskTable) -> Iterator[Reason]:
    """What sgdisk would make of it: each starts at the next MiB, the last one ends where the disk does."""
    free = MIB
    for partition in made(table):
        last = partition is made(table)[-1]
        device = table.device(partition)
        if partition.start != free:
            message = f"{device} starts at byte {partition.start}; {TARGET} would put it at {free}."
            yield reason("place", message, "Leave no space before it.")
        end = table.disk.size - _GPT_BACKUP * table.disk.sector
        if last and not end - MIB < partition.end <= end:
            message = f"{device} ends at byte {partition.end}; {TARGET} lets the last partition reach {end}."
            yield reason("size", message, "Let it take the rest of the disk.")
        if not last and _percent(table, partition) is None:
            message = f"{device} has {partition.size} bytes, which no whole percentage of {table.disk.name} gives."
            yield reason("size", message, "Use one partition for the whole disk, or another target.")
        free = -(-partition.end // MIB) * MIB


def _percent(table: DiskTable, partition: Partition) -> int | None:
    sectors = table.disk.size / table.disk.sector
    wanted = partition.size // table.disk.sector
    return next((percent for percent in range(1, 100) if int(sectors * (percent / 100)) == wanted), None)


def _disk(table: DiskTable) -> dict[str, Any]:
    partitions = made(table)
    if len(partitions) == 1 and partitions[0].use not in _TYPES:
        return {"table_type": "gpt", "layout": True, "overwrite": True}
    return {"table_type": "gpt", "layout": [_entry(table, p) for p in partitions], "overwrite": True}


def _entry(table: DiskTable, partition: Partition) -> int | list[int]:
    # The last one's percentage is read and then ignored.
    percent = _percent(table, partition) or 1
    return [percent, _TYPES[partition.use]] if partition.use in _TYPES else percent


def _file_system(fs: FileSystem) -> dict[str, Any]:
    # `auto` makes it once: a file system that is there already, after a reboot say, is left alone.
    entry: dict[str, Any] = {"device": fs.device, "filesystem": fs.kind, "partition": "auto"}
    entry |= {"label": fs.label} if fs.label else {}
    return entry | ({"extra_opts": fs.options.split()} if fs.options else {})


def _mount(fs: FileSystem) -> list[str]:
    if fs.mount == "swap" or fs.kind == "swap":
        return [fs.device, "none", "swap", "sw", "0", "0"]
    return [fs.device, fs.mount, fs.kind, "defaults,nofail", "0", "2"]
