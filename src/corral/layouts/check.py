"""What is wrong with a layout: everything at once, each with where it is and what to do.

Rule: an empty answer means that an executor that keeps to the layout loses nothing that is kept, and ends with what it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corral.domain.layout import MIB, DiskTable, Layout, Partition, Raid, TableKind, Use

GPT_ENTRIES = 16 * 1024
LVM_FRONT = MIB
MINIMUM_DEVICES = {"0": 1, "1": 2, "5": 3, "6": 4, "10": 2, "linear": 1}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong. `code` is stable; `where`: a disk, partition, array, group or mount."""

    code: str
    where: str
    message: str
    fix: str

    def as_json(self) -> dict[str, str]:
        """`{code, where, message, fix}`."""
        return {"code": self.code, "where": self.where, "message": self.message, "fix": self.fix}


def check(layout: Layout, now: Sequence[DiskTable] = (), *, alignment: int = MIB) -> tuple[Flaw, ...]:
    """All flaws. `now`: the disks as they are, against which kept partitions are compared; `alignment` in bytes."""
    found: list[Flaw] = []
    for table in layout.tables:
        found += _table(table, alignment)
    for rule in (_boot, _names, _devices, _raids, _groups, _mounts):
        found += rule(layout)
    return (*found, *_kept(layout, now))


# -- a disk -----------------------------------------------------------------------------------------------


def _table(table: DiskTable, alignment: int) -> Iterator[Flaw]:
    disk, front, back = table.disk, *_reserved(table)
    for one in table.partitions:
        where = f"{disk.name} number {one.number}"
        if one.size <= 0 or one.start < 0:
            yield Flaw(
                "partition-empty", where, f"It starts at {one.start} and has {one.size} bytes.", "Give it a size."
            )
        elif one.start < front or one.end > disk.size - back:
            room = f"{front} to {disk.size - back}"
            yield Flaw(
                "outside-disk",
                where,
                f"It is from {one.start} to {one.end}, but the usable bytes are {room}.",
                "Move it or make it smaller.",
            )
        if one.start % disk.sector or one.size % disk.sector:
            yield Flaw(
                "not-on-sectors",
                where,
                f"Start or size is no multiple of the {disk.sector}-byte sector.",
                "Round to whole sectors.",
            )
        elif one.start % alignment and not one.keep:
            yield Flaw(
                "misaligned",
                where,
                f"It starts at {one.start}, no multiple of {alignment} bytes.",
                "Start it at a multiple.",
            )
    yield from _overlaps(table)
    numbers = Counter(one.number for one in table.partitions)
    most = 128 if table.kind is TableKind.GPT else 4
    for number, count in sorted(numbers.items()):
        if count > 1:
            yield Flaw(
                "number-twice",
                f"{disk.name} number {number}",
                f"{count} partitions have this number.",
                "Number them apart.",
            )
        if not 1 <= number <= most:
            yield Flaw(
                "number-out-of-range",
                f"{disk.name} number {number}",
                f"A {table.kind} table has 1 to {most}.",
                "Choose another.",
            )


def _reserved(table: DiskTable) -> tuple[int, int]:
    """Bytes in front and at the end that the table itself takes."""
    sector = table.disk.sector
    return (2 * sector + GPT_ENTRIES, sector + GPT_ENTRIES) if table.kind is TableKind.GPT else (sector, 0)


def _overlaps(table: DiskTable) -> Iterator[Flaw]:
    furthest: Partition | None = None
    for one in sorted(table.partitions, key=lambda one: (one.start, one.number)):
        if furthest and one.start < furthest.end:
            where = f"{table.disk.name} number {one.number}"
            yield Flaw(
                "overlap",
                where,
                f"It begins at {one.start}, within number {furthest.number}, which ends at {furthest.end}.",
                "Move one of them.",
            )
        if furthest is None or one.end > furthest.end:
            furthest = one


def _kept(layout: Layout, now: Sequence[DiskTable]) -> Iterator[Flaw]:
    """What is there and marked as kept must be in the layout, byte for byte."""
    planned = {table.disk.name: table for table in layout.tables}
    for table in now:
        for one in (one for one in table.partitions if one.keep):
            where, plan = f"{table.disk.name} number {one.number}", planned.get(table.disk.name)
            same = next((other for other in plan.partitions if other.number == one.number), None) if plan else None
            if plan and same is None:
                yield Flaw("kept-lost", where, "It is kept, but the layout does not have it.", "Put it back as it is.")
            elif same and (same.start, same.size, same.keep) != (one.start, one.size, True):
                yield Flaw(
                    "kept-changed",
                    where,
                    "It is kept, but the layout moves it, resizes it or does not keep it.",
                    "Put it back as it is.",
                )
    there = {table.disk.name: {(one.number, one.start, one.size) for one in table.partitions} for table in now}
    for table in (one for one in layout.tables if one.disk.name in there):
        for one in table.partitions:
            if one.keep and (one.number, one.start, one.size) not in there[table.disk.name]:
                where = f"{table.disk.name} number {one.number}"
                yield Flaw(
                    "kept-unknown", where, "The layout keeps it, but it is not there.", "Look at the disk again."
                )


# -- the whole --------------------------------------------------------------------------------------------


def _boot(layout: Layout) -> Iterator[Flaw]:
    boots = [table.disk.name for table in layout.tables if table.bootable]
    if layout.tables and not boots:
        yield Flaw("no-boot-disk", "", "No disk is bootable.", "Mark the one that the boot loader goes to.")
    if len(boots) > 1:
        yield Flaw("two-boot-disks", ", ".join(boots), f"{len(boots)} disks are bootable.", "Mark one only.")
    drives = [
        f"{table.disk.name} number {one.number}"
        for table in layout.tables
        for one in table.partitions
        if one.use is Use.CONFIG_DRIVE
    ]
    if len(drives) > 1:
        yield Flaw("config-drive-twice", ", ".join(drives), "There is more than one config drive.", "Keep one.")


def _names(layout: Layout) -> Iterator[Flaw]:
    for what, names in (
        ("disk", [table.disk.name for table in layout.tables]),
        ("array", [raid.device for raid in layout.raids]),
        ("group", [group.name for group in layout.groups]),
        ("logical volume", [f"{one.group}/{one.name}" for one in layout.logical]),
        ("physical volume", [one.device for one in layout.physical]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield Flaw("name-twice", name, f"There are {count} times the {what} {name}.", "Name each once.")


def _sizes(layout: Layout) -> dict[str, int]:
    """Bytes of every device that something can be put on."""
    sizes = {table.device(one): one.size for table in layout.tables for one in table.partitions}
    sizes |= {raid.device: raid.size for raid in layout.raids}
    return sizes | {one.device: one.size for one in layout.logical}


def _devices(layout: Layout) -> Iterator[Flaw]:
    """Everything stands on a device that there is, and on one that nothing else stands on."""
    known = _sizes(layout)
    used = [(device, raid.device) for raid in layout.raids for device in (*raid.members, *raid.spares)]
    used += [(one.device, "a physical volume") for one in layout.physical]
    used += [(one.device, f"the file system for {one.mount or one.kind}") for one in layout.file_systems]
    for device, by in used:
        if device not in known:
            yield Flaw(
                "device-unknown", device, f"{by} is on it, but nothing makes it.", "Name a device of this layout."
            )
    for device, count in Counter(device for device, _ in used).items():
        if count > 1:
            users = ", ".join(by for one, by in used if one == device)
            yield Flaw("device-twice", device, f"More than one thing is on it: {users}.", "Give each its own.")


def _raids(layout: Layout) -> Iterator[Flaw]:
    sizes = _sizes(layout)
    disks = {table.device(one): table.disk.name for table in layout.tables for one in table.partitions}
    for raid in layout.raids:
        if raid.level not in MINIMUM_DEVICES:
            yield Flaw(
                "raid-level",
                raid.device,
                f"Level {raid.level!r} is not known.",
                f"Use one of {', '.join(MINIMUM_DEVICES)}.",
            )
            continue
        yield from _members(raid, sizes, disks)


def _members(raid: Raid, sizes: dict[str, int], disks: dict[str, str]) -> Iterator[Flaw]:
    devices = [*raid.members, *raid.spares]
    if len(raid.members) < MINIMUM_DEVICES[raid.level]:
        need = MINIMUM_DEVICES[raid.level]
        yield Flaw(
            "raid-devices",
            raid.device,
            f"Level {raid.level} needs {need} members, not {len(raid.members)}.",
            "Add members.",
        )
    members = [sizes[device] for device in devices if device in sizes]
    if len(set(members)) > 1 and raid.level not in {"0", "linear"}:
        yield Flaw(
            "raid-uneven",
            raid.device,
            f"Its members have from {min(members)} to {max(members)} bytes.",
            "Make them equal.",
        )
    if members and raid.size > _capacity(raid, members):
        yield Flaw(
            "raid-size",
            raid.device,
            f"It can't have {raid.size} bytes; its members give {_capacity(raid, members)}.",
            "Lower its size.",
        )
    shared = [name for name, count in Counter(disks[one] for one in devices if one in disks).items() if count > 1]
    if shared and raid.level not in {"0", "linear"}:
        yield Flaw(
            "raid-one-disk",
            raid.device,
            f"More than one member is on {', '.join(shared)}; one failure takes both.",
            "Spread them.",
        )


def _capacity(raid: Raid, members: Sequence[int]) -> int:
    count, least = len(raid.members), min(members)
    if raid.level in {"0", "linear"}:
        return sum(members)
    return {"1": least, "5": least * (count - 1), "6": least * (count - 2), "10": least * count // 2}[raid.level]


def _groups(layout: Layout) -> Iterator[Flaw]:
    sizes = _sizes(layout)
    physical = {one.device: one for one in layout.physical}
    for group in layout.groups:
        for device in group.volumes:
            if device not in physical:
                yield Flaw("pv-unknown", group.name, f"{device} is not a physical volume.", "Make it one.")
        known = [physical[device] for device in group.volumes if device in physical]
        room = sum(
            max(0, sizes.get(one.device, 0) - LVM_FRONT - one.metadata * one.copies) // group.extent * group.extent
            for one in known
        )
        volumes = [one for one in layout.logical if one.group == group.name]
        taken = sum(one.size for one in volumes)
        if taken > room:
            yield Flaw(
                "group-too-small",
                group.name,
                f"Its logical volumes have {taken} bytes, it has {room}.",
                "Make them smaller.",
            )
        for one in volumes:
            if one.size <= 0 or one.size % group.extent:
                yield Flaw(
                    "lv-size",
                    f"{group.name}/{one.name}",
                    f"{one.size} bytes are no extents of {group.extent}.",
                    "Round to extents.",
                )
    groups = {group.name for group in layout.groups}
    for one in layout.logical:
        if one.group not in groups:
            yield Flaw(
                "group-unknown",
                f"{one.group}/{one.name}",
                f"There is no group {one.group!r}.",
                "Name a group of this layout.",
            )
    in_groups = Counter(device for group in layout.groups for device in group.volumes)
    for device, count in in_groups.items():
        if count > 1:
            yield Flaw("pv-twice", device, f"{count} groups have it.", "Give it to one.")


def _mounts(layout: Layout) -> Iterator[Flaw]:
    mounts = Counter(one.mount for one in layout.file_systems if one.mount and one.mount != "swap")
    for mount, count in mounts.items():
        if count > 1:
            yield Flaw("mounted-twice", mount, f"{count} file systems are mounted there.", "Choose another mount.")
        if not mount.startswith("/"):
            yield Flaw("mount-path", mount, "It is no absolute path.", "Begin it with /.")
