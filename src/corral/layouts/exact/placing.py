"""From a solution to a layout: starts, numbers, device names, arrays, groups and file systems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corral.domain.layout import (
    MIB,
    DiskTable,
    FileSystem,
    Layout,
    LogicalVolume,
    Partition,
    PhysicalVolume,
    Raid,
    TableKind,
    Use,
    VolumeGroup,
)
from corral.layouts.exact.compiling import Task
from corral.layouts.exact.model import Piece
from corral.layouts.exact.problem import Ask, Problem, data_devices, overhead_of, reserve
from corral.layouts.exact.schema import Content, Kind, VolumeSpec
from corral.layouts.exact.sharing import share_out

_FIRST = {Use.BIOS_GRUB: 0, Use.ESP: 1, Use.BOOT: 2}


@dataclass(frozen=True, slots=True)
class Placed:
    """A partition of a volume, and where it is."""

    volume: str
    disk: str
    device: str
    partition: Partition


def layout(task: Task, problem: Problem, pieces: Sequence[Piece]) -> tuple[Layout, tuple[Placed, ...]]:
    """The layout that these pieces make. Disks on which there is nothing are not in it: nobody has any business there."""
    tables, placed = _tables(problem, pieces)
    on = defaultdict(list)
    for one in placed:
        on[one.volume].append(one)
    asked = {ask.name: ask for ask in problem.asks}
    arrays = [volume for volume in task.volumes if volume.kind is Kind.RAID]
    raids = {one.name: _raid(number, asked[one.name], on[one.name]) for number, one in enumerate(arrays)}
    made = [
        _group(volume, asked.get(volume.name), on[volume.name], raids)
        for volume in task.volumes
        if volume.kind is Kind.GROUP
    ]
    carrying = {volume.on for volume in task.volumes if volume.on}
    systems = [
        _system(one.device, asked[one.volume].spec) for one in placed if asked[one.volume].spec.kind is Kind.PARTITION
    ]
    systems += [_system(raids[one.name].device, one) for one in arrays if one.name not in carrying]
    whole = Layout(
        tables=tables,
        raids=tuple(raids.values()),
        physical=tuple(one for physical, _, _, _ in made for one in physical),
        groups=tuple(group for _, group, _, _ in made),
        logical=tuple(one for _, _, logical, _ in made for one in logical),
        file_systems=(*(one for one in systems if one), *(one for _, _, _, inner in made for one in inner)),
    )
    return whole, placed


def _tables(problem: Problem, pieces: Sequence[Piece]) -> tuple[tuple[DiskTable, ...], tuple[Placed, ...]]:
    by_disk: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_disk[piece.disk].append(piece)
    tables, placed = [], []
    for disk, space in enumerate(problem.spaces):
        here = sorted(by_disk[disk], key=lambda one: _order(problem, one))
        reused = {problem.asks[one.ask].slots[one.gap].partition: problem.asks[one.ask] for one in here if one.reused}
        kept = {
            one: replace(one, keep=True, use=reused[one].spec.use if one in reused else one.use) for one in space.kept
        }
        new = _partitions(problem, [one for one in here if not one.reused], {one.number for one in space.kept})
        partitions = sorted([*kept.values(), *(partition for _, partition in new)], key=lambda one: one.start)
        if not partitions:
            continue
        starts = any(partition.use in {Use.BIOS_GRUB, Use.ESP} for _, partition in new)
        table = DiskTable(space.table.disk, tuple(partitions), space.table.kind if kept else TableKind.GPT, starts)
        tables.append(table)
        named = [*new, *((ask.name, kept[one]) for one, ask in reused.items())]
        placed += [Placed(name, space.table.disk.name, table.device(one), one) for name, one in named]
    return tuple(tables), tuple(placed)


def _order(problem: Problem, piece: Piece) -> tuple[int, int, int]:
    """Within a gap, what starts the machine is in front, then as the schema has it."""
    return piece.gap, _FIRST.get(problem.asks[piece.ask].spec.use, 9), piece.ask


def _partitions(problem: Problem, pieces: Sequence[Piece], numbers: set[int]) -> list[tuple[str, Partition]]:
    found: list[tuple[str, Partition]] = []
    ends: dict[int, int] = {}
    free = (number for number in range(1, 10_000) if number not in numbers)
    for piece in pieces:
        ask = problem.asks[piece.ask]
        start = ends.get(piece.gap, problem.spaces[piece.disk].gaps[piece.gap].start)
        units = ask.load * piece.count + ask.fixed
        ends[piece.gap] = start + units
        scale = problem.unit * MIB
        one = Partition(next(free), start * scale, units * scale, ask.spec.use, ask.name, ask.spec.guid)
        found.append((ask.name, one))
    return found


def _raid(number: int, ask: Ask, placed: Sequence[Placed]) -> Raid:
    devices = tuple(one.device for one in placed)
    member = placed[0].partition.size // MIB
    usable = data_devices(ask.spec) * (member - reserve(member)) * MIB
    count = ask.spec.devices
    return Raid(f"/dev/md{number}", ask.spec.level, devices[:count], usable, devices[count:])


_Made = tuple[tuple[PhysicalVolume, ...], VolumeGroup, tuple[LogicalVolume, ...], tuple[FileSystem, ...]]


def _group(spec: VolumeSpec, ask: Ask | None, placed: Sequence[Placed], raids: dict[str, Raid]) -> _Made:
    overhead = overhead_of(spec) * MIB
    if ask is None:
        devices: tuple[str, ...] = (raids[spec.on].device,)
        extents = (raids[spec.on].size - overhead) // spec.extent
    else:
        devices = tuple(one.device for one in placed)
        extents = sum((one.partition.size - overhead) // spec.extent for one in placed)
    counts = share_out(spec, extents)
    logical = tuple(
        LogicalVolume(one.name, spec.name, count * spec.extent) for one, count in zip(spec.volumes, counts, strict=True)
    )
    systems = [_made(one.device, each.content) for one, each in zip(logical, spec.volumes, strict=True)]
    physical = tuple(PhysicalVolume(device, spec.metadata, spec.copies) for device in devices)
    group = VolumeGroup(spec.name, devices, spec.extent, spec.label)
    return physical, group, logical, tuple(one for one in systems if one)


def _system(device: str, spec: VolumeSpec) -> FileSystem | None:
    made = _made(device, spec.content)
    return replace(made, keep=bool(spec.reuse)) if made else None


def _made(device: str, content: Content) -> FileSystem | None:
    if not content.file_system:
        return None
    mount = content.mount or ("swap" if content.file_system == "swap" else "")
    return FileSystem(device, content.file_system, mount, content.label, content.options)
