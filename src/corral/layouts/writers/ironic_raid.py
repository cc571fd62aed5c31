"""Ironic's software RAID: `target_raid_config`, which the agent's RAID cleaning or deploy step builds.

The agent gives each array one partition on each of its disks, from a fixed start on (551 MiB with UEFI, 8 MiB with BIOS, before
which it puts the boot partitions later), and counts where they end in GiB. The image, with its own table, then goes to the first
array, which must be RAID 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from corral.domain.layout import MIB, DiskTable, Layout, Partition, Raid, TableKind, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, beyond, reason, refuse
from corral.layouts.writers.ironic import GIB, hints, properties
from corral.layouts.writers.types import made, used

TARGET = "Ironic's software RAID"
_LEVELS = {"0": "0", "1": "1", "5": "5", "6": "6", "10": "1+0"}
_MODES = {551 * MIB: "uefi", 8 * MIB: "bios"}
_REST = 2 * MIB  # what an array of the size MAX leaves at the end of a disk, at most
_ARRAYS = 2

ABLE = Abilities(
    unit=MIB,
    uses=frozenset({Use.RAID, Use.RESERVED}),
    mkfs_options=False,
    raid_levels=frozenset(_LEVELS),
    tables=frozenset({TableKind.GPT}),
)


def node_fields(layout: Layout) -> dict[str, Any]:
    """`target_raid_config` and `properties` to set on the node.

    Raises:
        Refused: with everything that Ironic would do otherwise.
    """
    refuse(TARGET, _problems(layout))
    disks = [logical_disk(layout, index) for index in range(len(layout.raids))]
    first = used(layout)[0]
    found = properties(first, _MODES[made(first)[0].start])
    del found["root_device"]  # the root volume says it, and a hint of a member disk would contradict it
    return {"properties": found, "target_raid_config": {"logical_disks": disks}}


def logical_disk(layout: Layout, index: int) -> dict[str, Any]:
    """One array as Ironic's schema has it."""
    raid, tables = layout.raids[index], used(layout)
    return {
        "raid_level": _LEVELS[raid.level],
        "size_gb": _size(tables[0], made(tables[0])[index]),
        "controller": "software",
        "physical_disks": [hints(table.disk) for table in tables],
        "volume_name": raid.device.rsplit("/", 1)[-1],
        "is_root_volume": index == 0,
    }


def _size(table: DiskTable, partition: Partition) -> int | str:
    """GiB as the agent counts them: the first partition ends at that many, whatever its start; MAX for the rest."""
    if table.disk.size - partition.end <= _REST:
        return "MAX"
    start = 0 if partition is made(table)[0] else partition.start
    return (partition.end - start) // GIB


def _problems(layout: Layout) -> Iterator[Reason]:
    yield from beyond(layout, ABLE, TARGET)
    if len(layout.raids) > _ARRAYS or layout.raids[0].level != "1":
        message = f"The layout has {len(layout.raids)} arrays, the first of level {layout.raids[0].level}."
        yield reason("raid", message, f"Have at most {_ARRAYS}, the first one RAID 1.")
    for index, raid in enumerate(layout.raids):
        yield from _array(layout, index, raid)
    for table in used(layout):
        yield from _places(table)
    for fs in layout.file_systems:
        if fs.mount != "/" or fs.device != layout.raids[0].device:
            message = (
                f"{TARGET} makes no file system on {fs.device}; the image brings its own, to {layout.raids[0].device}."
            )
            yield reason("fs", message, "Leave it out, or make it with cloud-init.")


def _array(layout: Layout, index: int, raid: Raid) -> Iterator[Reason]:
    members = {table.device(p) for table in used(layout) for p in made(table) if p.number == index + 1}
    if set(raid.members) != members:
        message = f"{raid.device} is made of {', '.join(raid.members)}."
        yield reason("members", message, f"Make it of partition {index + 1} of every disk.")
    if raid.device != f"/dev/md{index}":
        yield reason("device", f"Array {index} is named {raid.device}.", f"Name it /dev/md{index}.")
    if raid.metadata not in ("default", "1", "1.2"):
        yield reason("metadata", f"{raid.device} has metadata {raid.metadata}; {TARGET} makes 1.2.", "Use the default.")


def _places(table: DiskTable) -> Iterator[Reason]:
    partitions = made(table)
    if partitions[0].start not in _MODES:
        message = f"{table.device(partitions[0])} starts at {partitions[0].start // MIB} MiB."
        yield reason("place", message, "Start it at 551 MiB (UEFI) or 8 MiB (BIOS).")
    for before, after in pairwise(partitions):
        if before.end != after.start:
            message = f"There is space between {table.device(before)} and {table.device(after)}."
            yield reason("place", message, "Leave none.")
    for partition in partitions:
        last = partition is partitions[-1]
        if partition.end % GIB and not (last and table.disk.size - partition.end <= _REST):
            message = f"{table.device(partition)} ends at byte {partition.end}; {TARGET} counts ends in GiB."
            yield reason("size", message, "End it at whole GiB, or at the end of the disk.")
