"""The `partitioning` that the agents' `nailgun_simple` drivers read: bareon's newest, bareon 0.0.1a3, fuel-agent 11.

They have the same keys and differ in units and borders, and each does something else with what it reads:

- bareon 0.0.1a3: MiB; a partition begins where the previous one ends, and its end is the first MiB after it.
- fuel-agent 11: the same, but a partition begins at least one MiB after the previous end, as its own driver places them, so that
  disks whose I/O size is no divisor of a MiB still align. Sizes stay; what follows moves by up to a MiB for each partition.
- bareon's newest: bytes, ends inclusive. It takes the size only: every partition goes to the first free space that is aligned to
  a MiB, and its size is rounded up to whole MiB.

Rule: the sizes on the disk are those of the layout, or the layout is refused. What a whole deployment needs beside that, such as a
place for its config drive, is `provisioning`'s to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Partition, TableKind, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, Keep, all_kept, beyond, reason, refuse
from corral.layouts.writers.types import LINUX, made, type_guid, used

Border = tuple[int, int]
"""Begin and end of a partition, in the target's units and by its rule of what an end is."""

PRIMARIES = 4
"""Partitions of an msdos table that are primary; the agents can't make the extended one that others would need."""

_BLANKS, _QUOTES = " \t\n", "'\"\\|"
_GPT_BACKUP = 33  # sectors at the end of a disk


@dataclass(frozen=True, slots=True)
class Dialect:
    """One agent's reading. `unit`: bytes of its numbers. `disk_size`: its tables have such a key."""

    target: str
    unit: int
    able: Abilities
    borders: Callable[[DiskTable], list[Border]]
    misplaced: Callable[[DiskTable], Iterator[Reason]]
    disk_size: bool = True
    builds_arrays: bool = True
    """Where it runs it can make arrays of partitions, and not only read of them."""


def partitioning(layout: Layout, dialect: Dialect) -> dict[str, list[dict[str, Any]]]:
    """The lists parteds, mds, pvs, vgs, lvs and fss, in the dialect's units.

    Raises:
        Refused: with everything that this agent would do otherwise.
    """
    refuse(dialect.target, problems(layout, dialect))
    unit = dialect.unit
    return {
        "parteds": [_parted(table, dialect) for table in used(layout)],
        "mds": [
            {
                "name": raid.device,
                "level": raid.level,
                "devices": list(raid.members),
                "spares": [],
                "metadata": raid.metadata,
                "keep_data": raid.keep,
            }
            for raid in layout.raids
        ],
        "pvs": [
            {
                "name": pv.device,
                "metadatasize": pv.metadata // unit,
                "metadatacopies": pv.copies,
                "keep_data": pv.keep,
            }
            for pv in layout.physical
        ],
        "vgs": [{"name": vg.name, "pvnames": list(vg.volumes), "keep_data": vg.keep} for vg in layout.groups],
        "lvs": [
            {"name": lv.name, "vgname": lv.group, "size": lv.size // unit, "keep_data": lv.keep}
            for lv in layout.logical
        ],
        "fss": [_file_system(fs) for fs in layout.file_systems],
    }


def problems(layout: Layout, dialect: Dialect) -> Iterator[Reason]:
    """Everything of the layout that this agent can't read, or would carry out in another way."""
    yield from beyond(layout, dialect.able, dialect.target)
    for pv in layout.physical:
        if pv.metadata % MIB:
            message = f"The LVM metadata of {pv.device} has {pv.metadata} bytes; {dialect.target} counts in MiB."
            yield reason("unit", message, "Use whole MiB.")
    for fs in layout.file_systems:
        yield from _words(fs, dialect.target)
    for table in used(layout):
        if table.kind is TableKind.MSDOS:
            yield from _msdos(table, dialect.target)
        if not all_kept(table):
            yield from dialect.misplaced(table)


def unbuildable(arrays: Iterable[tuple[str, Sequence[str]]], dialect: Dialect) -> Iterator[Reason]:
    """Arrays that are to be made, each with its devices, which this agent reads of and fails to build, after it has partitioned the
    disks. The lists above may have them all the same: who shows them, or gives them to others, harms nobody."""
    for name, devices in () if dialect.builds_arrays else arrays:
        parts = ", ".join(devices)
        message = f"{dialect.target} can't build {name} out of partitions ({parts}): it fails when the disks are wiped already."
        yield reason("array", message, "Use fuel-agent, which builds it, or put /boot on one disk.")


def _words(fs: FileSystem, target: str) -> Iterator[Reason]:
    """The agents put command lines together as text, and cut them at blanks, quotes and pipes again."""
    for what, text, torn in (("label", fs.label, _BLANKS + _QUOTES), ("mkfs options", fs.options, _QUOTES)):
        if any(char in torn for char in text):
            message = f"The {what} {text!r} of {fs.device} would be torn apart by {target}."
            yield reason("words", message, "Leave out blanks, quotes, backslashes and pipes.")


def _msdos(table: DiskTable, target: str) -> Iterator[Reason]:
    if len(made(table)) > PRIMARIES:
        message = f"{table.disk.name} has {len(made(table))} partitions in an msdos table; {target} makes {PRIMARIES}."
        yield reason("logical", message, "Use GPT.")
    for partition in made(table):
        if partition.guid:
            message = f"{table.device(partition)} has a GPT type in an msdos table."
            yield reason("guid", message, "Use GPT, or leave the type out.")


def _parted(table: DiskTable, dialect: Dialect) -> dict[str, Any]:
    borders = dialect.borders(table)
    parted: dict[str, Any] = {
        "name": table.disk.device,
        "label": str(table.kind),
        "install_bootloader": table.bootable,
        "partitions": [_partition(table, p, at) for p, at in zip(made(table), borders, strict=True)],
    }
    return parted | ({"disk_size": table.disk.size // dialect.unit} if dialect.disk_size else {})


def _partition(table: DiskTable, partition: Partition, border: Border) -> dict[str, Any]:
    return {
        "name": table.device(partition),
        "count": partition.number,
        "device": table.disk.device,
        "begin": border[0],
        "end": border[1],
        "partition_type": "primary",
        "flags": _flags(table, partition),
        "guid": _guid(table, partition),
        "configdrive": partition.use is Use.CONFIG_DRIVE,
        "keep_data": partition.keep,
    }


_FLAGS = {Use.BIOS_GRUB: "bios_grub", Use.RAID: "raid", Use.LVM: "lvm"}


def _flags(table: DiskTable, partition: Partition) -> list[str]:
    """parted's flags. `boot` is the active partition of an msdos table, and the ESP of a GPT."""
    boot = Use.BOOT if table.kind is TableKind.MSDOS else Use.ESP
    flags = ["boot"] if partition.use is boot else []
    return flags + ([_FLAGS[partition.use]] if partition.use in _FLAGS else [])


def _guid(table: DiskTable, partition: Partition) -> str | None:
    """The type, where neither a flag nor parted's own choice (Linux data) gives it."""
    if table.kind is TableKind.MSDOS or partition.guid or _flags(table, partition):
        return partition.guid or None
    return None if type_guid(partition) == LINUX else type_guid(partition)


def _file_system(fs: FileSystem) -> dict[str, Any]:
    return {
        "device": fs.device,
        "mount": fs.mount or None,
        "fs_type": fs.kind,
        "fs_options": fs.options,
        "fs_label": fs.label,
        "keep_data": fs.keep,
    }


def _bytes(table: DiskTable) -> list[Border]:
    return [(p.start, p.end - 1) for p in made(table)]


def _mib(table: DiskTable) -> list[Border]:
    return [(p.start // MIB, p.end // MIB) for p in made(table)]


def _mib_apart(table: DiskTable) -> list[Border]:
    if all_kept(table):
        return _mib(table)  # nothing is placed; these are the places where the partitions are
    placed: list[Border] = []
    for begin, end in _mib(table):
        at = max(begin, placed[-1][1] + 1) if placed else begin
        placed.append((at, at + end - begin))
    return placed


def _first_fit(table: DiskTable) -> Iterator[Reason]:
    """bareon's newest chooses the places: the first at 1 MiB, each next one after its predecessor."""
    free = MIB
    for partition in made(table):
        if partition.start != free:
            message = f"{table.device(partition)} starts at byte {partition.start}; bareon would put it at {free}."
            yield reason("place", message, "Leave no space before it: bareon takes the first free space there is.")
        free = partition.end


def _no_room(table: DiskTable) -> Iterator[Reason]:
    """Moved apart, the last partition may not fit any more."""
    usable = (table.disk.size - _GPT_BACKUP * table.disk.sector) // MIB
    over = _mib_apart(table)[-1][1] - usable
    if over > 0:
        message = (
            f"fuel-agent leaves a MiB between partitions, for which {table.disk.name} lacks {over} MiB at its end."
        )
        yield reason("room", message, f"Leave {over} MiB more free at the end of {table.disk.name}.")


def _nothing(_table: DiskTable) -> Iterator[Reason]:
    return iter(())


_MD = frozenset({"0", "1"})  # their mdcreate refuses all others
_LABEL = 12  # they cut longer labels off
_TABLES = frozenset(TableKind)
_EXTENTS = frozenset({4 * MIB})  # vgcreate is called without a size

_BAREON = Abilities(
    unit=MIB,
    tables=_TABLES,
    label=_LABEL,
    unmounted=False,
    raid_levels=_MD,
    extents=_EXTENTS,
    keep=Keep.ALL,
)
_FUEL = Abilities(unit=MIB, tables=_TABLES, label=_LABEL, raid_levels=_MD, extents=_EXTENTS, keep=Keep.ALL)

BAREON = Dialect("bareon", 1, _BAREON, _bytes, _first_fit, builds_arrays=False)
BAREON_0_0_1A3 = Dialect("bareon 0.0.1a3", MIB, _BAREON, _mib, _nothing, builds_arrays=False)
FUEL_AGENT = Dialect("fuel-agent 11", MIB, _FUEL, _mib_apart, _no_room, disk_size=False)

DIALECTS: Mapping[str, Dialect] = {"bareon": BAREON, "bareon-0.0.1a3": BAREON_0_0_1A3, "fuel-agent": FUEL_AGENT}
"""By the names that settings and requests use."""
