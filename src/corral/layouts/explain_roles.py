"""Why a layout that follows from roles is as it is: which role and key led to each volume, why it is on these disks, how large,
what serves booting, and what was left free.

Rule: it tells what `nailgun.compute` did, and decides nothing: sizes and places are those of its answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, DiskTable, Layout, Partition, Use
from corral.layouts.exact.amounts import size_text
from corral.layouts.explained import At, Explanation, Reasoned, Service, Spare
from corral.layouts.nailgun import NodeDisks, Schema, Spaces, compute, layout_of
from corral.layouts.nailgun.compute import boot_choice, facts_of
from corral.layouts.nailgun.generators import BOOT, BOOT_RECORDS, LVM_META, mib, told
from corral.layouts.nailgun.schema import OTHER, Allocate, Kind, VolumeSpec, volumes_of
from corral.layouts.nailgun.spaces import DiskSpace, Part
from corral.layouts.roles_conflicts import conflicts, no_disks

_SERVICE = {
    Use.BIOS_GRUB: "GRUB's own part, for machines that boot by BIOS.",
    Use.ESP: "The boot loader, for machines that boot by UEFI.",
    Use.BOOT: "/boot, outside of LVM, where every boot loader can read it.",
    Use.RAID: "A half of /boot's mirror: with several disks in use, the node still boots when one of them fails.",
    Use.CONFIG_DRIVE: "The deployment's config drive: the first disk with a part of the root file system has it.",
}


def explain_roles(node: NodeDisks, schema: Schema) -> Explanation:
    """Why the node's default layout is as it is; when it can't be had, also what conflicts. Raises Invalid for roles that the
    schema does not have."""
    if node.roles and not node.disks:
        return Explanation((), (), conflicts=(no_disks(node),))
    spaces = compute(node, schema)
    layout, failure = _layout(node, spaces)
    found: list[Reasoned] = []
    for spec, how in volumes_of(node, schema):
        found.append(_volume(spec, how, node, schema, spaces, layout))
        found += _logical(spec, spaces, layout)
    return Explanation(
        tuple(found),
        tuple(_spare(disk, node, layout) for disk in spaces.disks),
        tuple(_service(layout, spaces, schema)) if layout else (),
        tuple(conflicts(node, schema, spaces, failure)),
    )


def _layout(node: NodeDisks, spaces: Spaces) -> tuple[Layout | None, Invalid | None]:
    try:
        return layout_of(node, spaces), None
    except Invalid as error:
        return None, error


# --- volumes ------------------------------------------------------------------------------------------------


def _volume(
    spec: VolumeSpec, how: Allocate, node: NodeDisks, schema: Schema, spaces: Spaces, layout: Layout | None
) -> Reasoned:
    parts = {disk.name: entry.net for disk in spaces.disks for entry in disk.volumes if entry.name == spec.id}
    on = {disk: size for disk, size in parts.items() if size}
    minimum = mib(spec.min_size, facts_of(node))
    words, keys = told(spec.min_size)
    roles, asked = _asked_by(spec, node, schema)
    why = [
        f"{roles} asks for it.",
        _where(spec, how, asked, on, node, schema),
        f"Its minimum is {_size(minimum)}: {words}. {_enough(how, sum(on.values()), minimum)}",
    ]
    if spec.kind is Kind.GROUP and on:
        why.append(f"LVM itself has up to {LVM_META} MiB more on each of its disks.")
    paths = (*_paths(spec, node, schema), f"schema: volumes.{spec.id}.min_size", *keys)
    return Reasoned(spec.id, str(spec.kind), asked, sum(on.values()) * MIB, _at(spec.id, on, layout), tuple(why), paths)


def _placements(spec: VolumeSpec, node: NodeDisks, schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Each role that asks for the volume: in words, its path in node and schema, and how it asks."""
    known = [role for role in node.roles if schema.roles.get(role)]
    for number, role in enumerate(node.roles):
        named = role if known else OTHER
        for place, one in enumerate(schema.roles.get(named, ())):
            dropped = role == "controller" and node.images_ceph and one.id == "image"
            if one.id == spec.id and not dropped:
                path = f"node: roles[{number}] = {role}; schema: volumes_roles_mapping.{named}[{place}]"
                yield role, path, str(one.allocate)


def _asked_by(spec: VolumeSpec, node: NodeDisks, schema: Schema) -> tuple[str, str]:
    found = list(_placements(spec, node, schema))
    names = ", ".join(dict.fromkeys(role for role, _, _ in found))
    return f"{'The roles' if ', ' in names else 'The role'} {names}", found[0][2]


def _paths(spec: VolumeSpec, node: NodeDisks, schema: Schema) -> list[str]:
    return [path for _, path, _ in _placements(spec, node, schema)]


def _where(spec: VolumeSpec, how: Allocate, asked: str, on: dict[str, int], node: NodeDisks, schema: Schema) -> str:
    places = ", ".join(f"{disk} {_size(size)}" for disk, size in on.items()) or "nowhere"
    before = [one.id for one, kind in volumes_of(node, schema) if kind is Allocate.MIN]
    if how is Allocate.MIN:
        turn = f" after {', '.join(before[: before.index(spec.id)])}" if before[0] != spec.id else " first"
        return f"Minimums fill the disks in the order of their names; this one came{turn}: {places}."
    if how is Allocate.FULL_DISK:
        return f"It takes every disk that no other volume is on: {places}."
    sharing = [one.id for one, kind in volumes_of(node, schema) if kind is Allocate.ALL]
    alone = "The node has one disk only, which it can't have whole. " if asked == Allocate.FULL_DISK else ""
    if len(sharing) == 1:
        return f"{alone}It takes all that the others left: {places}."
    return f"{alone}{', '.join(sharing)} share what the others left in equal parts, the last one the rest: {places}."


def _enough(how: Allocate, size: int, minimum: int) -> str:
    if size < minimum:
        return f"It lacks {_size(minimum - size)} of it."
    return "It has that, and asks for no more." if how is Allocate.MIN else f"It has {_size(size)}."


def _at(volume: str, on: dict[str, int], layout: Layout | None) -> tuple[At, ...]:
    """Its partitions; without a layout, the disks and sizes that were meant for it."""
    if layout is None:
        return tuple((disk, None, size * MIB) for disk, size in on.items())
    return tuple((table.disk.name, one.start, one.size) for table, one in _partitions(layout) if one.name == volume)


def _partitions(layout: Layout) -> Iterator[tuple[DiskTable, Partition]]:
    return ((table, one) for table in layout.tables for one in table.partitions)


def _logical(spec: VolumeSpec, spaces: Spaces, layout: Layout | None) -> Iterator[Reasoned]:
    planned = {one.name: one.size * MIB for group in spaces.groups if group.id == spec.id for one in group.logical}
    made = {one.name: one.size for one in layout.logical if one.group == spec.id} if layout else planned
    for one in spec.logical:
        words, keys = told(one.size)
        said = words[0].upper() + words[1:]
        size = made.get(one.name, 0)
        rest = " It gets what the others leave, in whole extents." if one.mount == "/" else ""
        short = "There is no room for it: " if size <= 0 else ""
        path = f"schema: volumes.{spec.id}.volumes.{one.name}.size"
        asked = f"{one.file_system} on {one.mount}"
        yield Reasoned(f"{spec.id}/{one.name}", "lv", asked, size, (), (f"{short}{said}.{rest}",), (path, *keys))


# --- the rest of the disks ----------------------------------------------------------------------------------


def _service(layout: Layout, spaces: Spaces, schema: Schema) -> Iterator[Service]:
    _, picked = boot_choice(spaces.disks, schema) if spaces.disks else (None, "")
    volumes = {entry.name for disk in spaces.disks for entry in disk.volumes}
    for table, one in _partitions(layout):
        if one.name not in volumes:
            boots = f" The node boots from this disk: {picked}." if table.bootable and one.use is Use.ESP else ""
            part = "/boot" if one.use in (Use.BOOT, Use.RAID) else str(one.use)
            yield Service(part, (table.disk.name, one.start, one.size), _SERVICE[one.use] + boots)


def _spare(disk: DiskSpace, node: NodeDisks, layout: Layout | None) -> Spare:
    """What of a disk nobody has; none of it is ever hidden in a volume."""
    size = next(one.size for one in node.disks if one.path == disk.id)
    table = next((one for one in layout.tables if one.disk.name == disk.name), None) if layout else None
    taken = sum(one.size for one in table.partitions) if table else 0
    if table:
        return Spare(disk.name, size - taken, _left(disk))
    if not node.roles:
        why = "The node has no roles, so that nothing is laid out."
    elif layout is None:
        used = sum(entry.size for entry in disk.volumes) * MIB
        return Spare(disk.name, size - used, "It is what the volumes would leave, if they could be laid out.")
    else:
        why = "No volume is on it, and the node does not boot from it: it is left alone."
    service = sum(entry.size for entry in disk.entries if entry.service)
    return Spare(disk.name, size, f"{why} A disk in use sets {_size(service)} aside for booting and LVM.")


def _left(disk: DiskSpace) -> str:
    pool = sum(entry.size for entry in disk.entries if entry.part is Part.POOL)
    free = f"{_size(disk.unused)} no volume asks for. " if disk.unused > 0 else ""
    lvm = f"{_size(pool)} is set aside for LVM's volume groups that are not on it. " if pool else ""
    return (
        f"{free}{lvm}The rest is what booting does not need of the {BOOT_RECORDS} MiB (beside {BOOT} MiB of /boot) that every disk "
        "sets aside, the table itself, and what is no whole MiB or journal."
    )


def _size(mebibytes: int) -> str:
    return size_text(mebibytes * MIB)
