"""The problem of a schema on disks, and every requirement in it by name, so that each can be left out.

Rule: leaving out a requirement must never make anything harder, or explanations of what conflicts would be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from corral.domain.layout import MIB, DiskTable, Partition
from corral.layouts.exact.amounts import Amount, Wish, size_text
from corral.layouts.exact.errors import SchemaInvalid
from corral.layouts.exact.fields import nearest
from corral.layouts.exact.nodes import doubled
from corral.layouts.exact.problem import (
    Ask,
    Problem,
    Space,
    data_devices,
    group_ask,
    least_extents,
    member_for,
    overhead_of,
    partition_ask,
    raid_ask,
    space,
)
from corral.layouts.exact.reading_parts import UNSAID
from corral.layouts.exact.schema import Kind, LogicalSpec, Schema, VolumeSpec
from corral.layouts.exact.selectors import Selector
from corral.layouts.explained import Requirement

ANY_DISK = Selector(removable=True)


@dataclass(frozen=True, slots=True)
class Task:
    """The volumes for one node, with their sizes settled, and its disks by name."""

    volumes: tuple[VolumeSpec, ...]
    tables: tuple[DiskTable, ...]
    alignment: int
    wipe: bool
    spare: int = 0

    def kept(self, table: DiskTable) -> tuple[Partition, ...]:
        """The partitions of a disk that must stay: all, or with `existing: wipe` those that are marked or reused."""
        names = {volume.reuse for volume in self.volumes if volume.reuse}
        return tuple(one for one in table.partitions if one.keep or not self.wipe or one.name in names)


def task(schema: Schema, tables: Sequence[DiskTable], roles: Sequence[str] = ()) -> Task:
    """What is to be laid out for a node with these roles. Raises SchemaInvalid."""
    chosen = _chosen(schema, roles)
    problems = doubled([table.disk.name for table in tables]) + _mounted_twice(chosen)
    problems += [fault for volume in chosen for fault in _too_tight(volume, schema.alignment)]
    if problems:
        raise SchemaInvalid("schema", problems)
    by_name = tuple(sorted(tables, key=lambda table: table.disk.name))
    return Task(settled(chosen), by_name, schema.alignment, schema.wipe, schema.spare)


def _chosen(schema: Schema, roles: Sequence[str]) -> tuple[VolumeSpec, ...]:
    unknown = [role for role in roles if schema.roles and role not in schema.roles]
    if unknown:
        raise SchemaInvalid(
            "node", [f"roles: {role!r} is not in the schema{nearest(role, schema.roles)}" for role in unknown]
        )
    names = {name for role in roles for name in schema.roles.get(role, ())}
    carrying = {volume.on for volume in schema.volumes if volume.name in names}
    volumes = [one for one in schema.volumes if not schema.roles or one.name in names or one.name in carrying]
    return (*(schema.boot.volumes() if schema.boot else ()), *volumes)


def settled(volumes: Sequence[VolumeSpec]) -> tuple[VolumeSpec, ...]:
    """The volumes with what was left unsaid: a group's size from its volumes, an array's from the group on it."""
    sized = {one.name: replace(one, amount=_of_group(one)) if one.kind is Kind.GROUP else one for one in volumes}
    for group in list(sized.values()):
        if group.on in sized:
            array = sized[group.on]
            sized[array.name] = replace(array, amount=_of_array(array, group))
    return tuple(sized.values())


def _of_group(group: VolumeSpec) -> Amount:
    if group.amount is not UNSAID:
        return group.amount
    parts = [one.amount for one in group.volumes]
    low = sum(least_extents(part.low, group.extent) * group.extent for part in parts)
    sharing = [part for part in parts if part.wish is Wish.SHARE]
    if any(part.wish in {Wish.REMAINING, Wish.PERCENT} for part in parts):
        return Amount(Wish.REMAINING, low)
    if not sharing:
        return Amount(Wish.LEAST, low)
    tops = [part.high if part.wish is Wish.SHARE else part.low for part in parts]
    high = None if None in tops else sum(least_extents(top or 0, group.extent) * group.extent for top in tops)
    return Amount(Wish.SHARE, low, high, weight=sum(part.weight for part in sharing))


def _of_array(array: VolumeSpec, group: VolumeSpec) -> Amount:
    """At least what the group needs, with its own overhead."""
    need = sum(least_extents(one.amount.low, group.extent) for one in group.volumes) * group.extent
    overhead = overhead_of(group) * MIB
    if array.amount is UNSAID:
        high = None if group.amount.high is None else group.amount.high + overhead
        return replace(group.amount, low=max(need, group.amount.low, group.extent) + overhead, high=high)
    return replace(array.amount, low=max(array.amount.low, need + overhead))


def _too_tight(volume: VolumeSpec, alignment: int) -> list[str]:
    found = []
    amount, need = volume.amount, sum(least_extents(one.amount.low, volume.extent) for one in volume.volumes)
    if (
        volume.kind is Kind.GROUP
        and amount.high is not None
        and need * volume.extent > -(-amount.high // volume.extent) * volume.extent
    ):
        found.append(
            f"volumes.{volume.name}: its logical volumes need {size_text(need * volume.extent)}, "
            f"more than its {size_text(amount.high)}"
        )
    steps = [(volume.name, amount, volume.extent if volume.kind is Kind.GROUP else alignment)]
    steps += [(f"{volume.name}.volumes.{one.name}", one.amount, volume.extent) for one in volume.volumes]
    for name, each, step in steps:
        if each.wish is not Wish.EXACT and each.high is not None and each.high // step < least_extents(each.low, step):
            found.append(f"volumes.{name}: no whole number of {size_text(step)} is within its min and max")
    return found


def _mounted_twice(volumes: Sequence[VolumeSpec]) -> list[str]:
    made = [one for volume in volumes for one in (volume.content, *(part.content for part in volume.volumes))]
    mounts = [one.mount for one in made]
    twice = sorted({mount for mount in mounts if mount not in {"", "swap"} and mounts.count(mount) > 1})
    drives = [volume.name for volume in volumes if volume.use == "config_drive"]
    found = [f"{mount!r} is mounted more than once" for mount in twice]
    return found + ([f"more than one volume is the config drive: {', '.join(drives)}"] if len(drives) > 1 else [])


def requirements(task: Task) -> tuple[Requirement, ...]:
    """Everything that may stand against something else."""
    names = {volume.name for volume in task.volumes}
    found = []
    for volume in (one for one in task.volumes if not one.on):
        found.append(Requirement("size", volume.name, words=size_words(volume)))
        if any(not volume.disks.matches(table.disk) for table in task.tables):
            found.append(Requirement("disks", volume.name, words=f"{volume.name} is on {volume.disks}"))
        if volume.kind is Kind.GROUP and volume.one_disk:
            found.append(Requirement("one-disk", volume.name, words=f"{volume.name} is on one disk"))
        for rule, others in (("same-disk", volume.same_disk), ("other-disk", volume.other_disk)):
            words = "the same disk as" if rule == "same-disk" else "no disk of"
            found += [
                Requirement(rule, volume.name, one, f"{volume.name} is on {words} {one}")
                for one in others
                if one in names
            ]
    reused = {volume.reuse for volume in task.volumes if volume.reuse}
    for table in task.tables:
        for one in task.kept(table):
            if one.name not in reused:
                label = f"{table.disk.name} number {one.number}"
                found.append(
                    Requirement(
                        "keep",
                        label,
                        words=f"partition {one.number} of {table.disk.name} ({size_text(one.size)}) is kept",
                    )
                )
    return tuple(found)


def size_words(volume: VolumeSpec) -> str:
    """What a volume needs, in words."""
    exact = "" if volume.amount.wish is Wish.EXACT else "at least "
    low = f"{exact}{size_text(max(volume.amount.low, MIB))}"
    if volume.reuse:
        return f"{volume.name} takes over an existing partition named {volume.reuse!r}" + (
            f" of {low}" if volume.amount.low else ""
        )
    if volume.kind is not Kind.RAID:
        return f"{volume.name} needs {low}"
    member = member_for(-(-volume.amount.low // MIB), data_devices(volume))
    devices = volume.devices + volume.spares
    return f"{volume.name} needs {low} as RAID {volume.level} over {devices} disks, {size_text(member * MIB)} on each"


def compile_task(task: Task, kept: Collection[Requirement] | None = None) -> Problem:
    """The problem in numbers; with `kept`, of these requirements only."""
    wanted = {(one.kind, one.subject, one.other) for one in (requirements(task) if kept is None else kept)}
    unit = task.alignment // MIB
    spaces = tuple(_space(task, table, wanted) for table in task.tables)
    volumes = [volume for volume in task.volumes if not volume.on and ("size", volume.name, "") in wanted]
    asks = tuple(_ask(volume, spaces, wanted, unit) for volume in volumes)
    index = {ask.name: number for number, ask in enumerate(asks)}
    pairs = {
        rule: tuple(
            (index[kind[1]], index[kind[2]])
            for kind in sorted(wanted)
            if kind[0] == rule and {kind[1], kind[2]} <= set(index)
        )
        for rule in ("same-disk", "other-disk")
    }
    return Problem(spaces, asks, pairs["same-disk"], pairs["other-disk"], unit)


def _space(task: Task, table: DiskTable, wanted: set[tuple[str, str, str]]) -> Space:
    reused = {volume.reuse for volume in task.volumes if volume.reuse}
    kept = [
        one
        for one in task.kept(table)
        if one.name in reused or ("keep", f"{table.disk.name} number {one.number}", "") in wanted
    ]
    return space(table, tuple(kept), task.alignment, task.spare)


def _ask(volume: VolumeSpec, spaces: tuple[Space, ...], wanted: set[tuple[str, str, str]], unit: int) -> Ask:
    selector = volume.disks if ("disks", volume.name, "") in wanted else ANY_DISK
    allowed = [number for number, one in enumerate(spaces) if selector.matches(one.table.disk)]
    if volume.kind is Kind.PARTITION:
        return partition_ask(volume, spaces, allowed, unit)
    if volume.kind is Kind.RAID:
        return raid_ask(volume, spaces, allowed, unit)
    loose = volume.one_disk and ("one-disk", volume.name, "") not in wanted
    return group_ask(replace(volume, one_disk=False) if loose else volume, spaces, allowed, unit)


def logical_lows(group: VolumeSpec) -> list[tuple[LogicalSpec, int]]:
    """Each logical volume with the extents that it must have."""
    return [(one, least_extents(one.amount.low, group.extent)) for one in group.volumes]
