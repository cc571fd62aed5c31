"""What a target can express, and what of a layout is beyond it: every such thing at once.

A writer never drops or bends what it can't say: an operator who asked for RAID 6 must not find RAID 1, or nothing. Rule: what
all targets have in common is checked here, from data; a writer adds what only its target knows.

Partition names and the labels of volume groups are for people; they are written where a target has a place for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from corral.domain.errors import Refused
from corral.domain.layout import DiskTable, FileSystem, Layout, TableKind, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.types import made, used


class Keep(StrEnum):
    """Of what exists, what a target can leave as it is."""

    NEVER = "never"
    DISK = "disk"  # a disk is kept as it is, or its table is made anew
    ALL = "all"  # nothing is partitioned at all when anything is kept
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a target can express. `unit`: bytes that every start and size is a multiple of. `file_systems`: None for any.
    `label`: characters that a file system's label may have."""

    unit: int
    tables: frozenset[TableKind] = frozenset({TableKind.GPT})
    uses: frozenset[Use] = frozenset(Use)
    file_systems: frozenset[str] | None = None
    label: int = 255
    mkfs_options: bool = True
    unmounted: bool = True
    raid_levels: frozenset[str] = frozenset()
    spares: bool = False
    extents: frozenset[int] = frozenset()
    """Sizes of an LVM extent; none when the target has no LVM at all."""
    keep: Keep = Keep.NEVER


def refuse(target: str, reasons: Iterable[Reason]) -> None:
    """Raise with all the reasons; nothing happens when there are none.

    Raises:
        Refused: with every reason.
    """
    found = tuple(reasons)
    if found:
        fix = "Change the layout as each reason says, or choose another target."
        raise Refused(f"{target} can't express this layout.", found, fix=fix)


def beyond(layout: Layout, able: Abilities, target: str) -> Iterator[Reason]:
    """Everything of the layout that a target with these abilities can't express."""
    for table in used(layout):
        yield from _table(table, able, target)
    yield from _raids(layout, able, target)
    yield from _volumes(layout, able, target)
    for fs in layout.file_systems:
        yield from _file_system(fs, able, target)
    yield from _kept(layout, able, target)


def reason(code: str, message: str, fix: str) -> Reason:
    """A reason of a writer; its codes start with `cannot-write-`."""
    return Reason(f"cannot-write-{code}", message, fix)


def _table(table: DiskTable, able: Abilities, target: str) -> Iterator[Reason]:
    disk = table.disk.name
    if table.kind not in able.tables:
        kinds = " or ".join(sorted(able.tables))
        yield reason("table", f"Disk {disk} has a {table.kind} table; {target} makes {kinds}.", f"Use {kinds}.")
    numbers = [p.number for p in made(table)]
    if able.keep is not Keep.EACH and not all_kept(table) and numbers != list(range(1, len(numbers) + 1)):
        yield reason(
            "numbers",
            f"The partitions of {disk} are numbered {numbers} in the order of their places; {target} numbers them from 1.",
            "Number them 1, 2, 3 … from the start of the disk.",
        )
    for partition in made(table):
        device = table.device(partition)
        if partition.use not in able.uses:
            what = partition.use.replace("_", " ")
            yield reason("use", f"{device} is for {what}, which {target} does not make.", "Leave it out.")
        if partition.start % able.unit or partition.size % able.unit:
            yield reason(
                "unit",
                f"{device} starts at byte {partition.start} and has {partition.size}; {target} counts in {able.unit} bytes.",
                f"Align it to {able.unit} bytes.",
            )


def _raids(layout: Layout, able: Abilities, target: str) -> Iterator[Reason]:
    for raid in layout.raids:
        if raid.level not in able.raid_levels:
            known = ", ".join(sorted(able.raid_levels))
            message = f"{raid.device} has RAID level {raid.level}; {target} " + (
                f"has {known}." if known else "has no RAID."
            )
            yield reason("raid", message, f"Use one of {known}." if known else "Lay it out without RAID.")
        if raid.spares and not able.spares:
            message = f"{raid.device} has {len(raid.spares)} spare(s); {target} would ignore them."
            yield reason("spares", message, "Add the spares after deploying, with mdadm.")


def _volumes(layout: Layout, able: Abilities, target: str) -> Iterator[Reason]:
    if not able.extents and (layout.groups or layout.physical):
        names = some([group.name for group in layout.groups] or [pv.device for pv in layout.physical])
        yield reason("lvm", f"{target} has no LVM, and the layout has {names}.", "Use plain partitions.")
    for group in layout.groups if able.extents else ():
        if group.extent not in able.extents:
            known = ", ".join(str(size) for size in sorted(able.extents))
            message = f"Volume group {group.name} has extents of {group.extent} bytes; {target} makes {known}."
            yield reason("extent", message, f"Use extents of {known} bytes.")
    for lv in layout.logical:
        if able.extents and lv.size % able.unit:
            message = f"{lv.device} has {lv.size} bytes; {target} counts in {able.unit} bytes."
            yield reason("unit", message, f"Make it a multiple of {able.unit} bytes.")


def _file_system(fs: FileSystem, able: Abilities, target: str) -> Iterator[Reason]:
    if able.file_systems is not None and fs.kind not in able.file_systems:
        known = ", ".join(sorted(able.file_systems))
        yield reason("fs", f"{fs.device} is to have {fs.kind}; {target} makes {known}.", f"Use one of {known}.")
    if len(fs.label) > able.label:
        message = f"The label {fs.label!r} of {fs.device} is longer than the {able.label} characters of {target}."
        yield reason("label", message, "Shorten it.")
    if fs.options and not able.mkfs_options:
        yield reason(
            "options", f"{target} can't pass {fs.options!r} to mkfs for {fs.device}.", "Leave the options out."
        )
    if not fs.mount and not able.unmounted:
        message = f"The file system on {fs.device} has no mount point, and {target} mounts every one."
        yield reason("mount", message, "Give it a mount point, or make it after deploying.")


def _kept(layout: Layout, able: Abilities, target: str) -> Iterator[Reason]:
    kept, _ = kept_and_fresh(layout)
    if able.keep is Keep.NEVER and kept:
        yield reason("keep", f"{target} makes everything anew, and {some(kept)} must be kept.", "Use another target.")
    if able.keep is Keep.DISK:
        for table in used(layout):
            if not all_kept(table) and any(p.keep for p in table.partitions):
                message = (
                    f"Disk {table.disk.name} is to be kept in part; {target} keeps a disk as it is, or makes it anew."
                )
                yield reason("keep", message, "Keep all of its partitions, or none.")


def skipped(layout: Layout, target: str) -> Iterator[Reason]:
    """For targets that keep all or nothing: what they would not make, since something is kept."""
    kept, fresh = kept_and_fresh(layout)
    if kept and fresh:
        yield reason(
            "keep",
            f"{target} does not partition at all when anything is kept; {some(kept)} are kept, {some(fresh)} would not be made.",
            "If all of it is there from an earlier deployment, write the layout in place: file systems that are not kept are "
            "made anew, nothing else. Otherwise keep nothing, or use another target.",
        )


def in_place(layout: Layout) -> Layout:
    """The layout as one that is there already, from an earlier deployment: of what stands on it, only file systems are made."""
    return replace(
        layout,
        tables=tuple(replace(t, partitions=tuple(replace(p, keep=True) for p in t.partitions)) for t in layout.tables),
        raids=tuple(replace(raid, keep=True) for raid in layout.raids),
        physical=tuple(replace(pv, keep=True) for pv in layout.physical),
        groups=tuple(replace(group, keep=True) for group in layout.groups),
        logical=tuple(replace(lv, keep=True) for lv in layout.logical),
    )


def all_kept(table: DiskTable) -> bool:
    """True when nothing on the disk may be made: it is left alone."""
    return all(p.keep for p in made(table))


def kept_and_fresh(layout: Layout) -> tuple[list[str], list[str]]:
    """What must be kept (file systems too), and what of the structure beneath the file systems has to be made."""
    parts = [(table.device(p), p.keep) for table in used(layout) for p in made(table)]
    parts += [(raid.device, raid.keep) for raid in layout.raids]
    parts += [(pv.device, pv.keep) for pv in layout.physical]
    parts += [(group.name, group.keep) for group in layout.groups]
    parts += [(lv.device, lv.keep) for lv in layout.logical]
    kept = [name for name, keep in parts if keep] + [fs.device for fs in layout.file_systems if fs.keep]
    return list(dict.fromkeys(kept)), list(dict.fromkeys(name for name, keep in parts if not keep))


def some(names: list[str]) -> str:
    """The first three names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
