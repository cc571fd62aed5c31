"""What users want of a node's disks, brought into its spaces; and spaces brought to what the node has become.

A user's edit says sizes, what data to keep, and which disk to boot from. Rule: what a user said stays until the disk is gone
or it can't hold it any more, or the user says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corral.domain.errors import Invalid
from corral.layouts.nailgun import reading
from corral.layouts.nailgun.compute import NO_DISKS, boot_disk, compute, with_groups, with_pool
from corral.layouts.nailgun.generators import LVM_META
from corral.layouts.nailgun.matching import match, same_disks
from corral.layouts.nailgun.node import NodeDisks
from corral.layouts.nailgun.schema import Schema, volumes_of
from corral.layouts.nailgun.spaces import ONE_BOOTABLE, DiskSpace, Entry, Part, Spaces

_DISK_KEYS = ("id", "name", "size", "volumes", "extra", "bootable")
_VOLUME_KEYS = ("name", "size", "keep_data")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user wants of one disk: `sizes` in MiB and `keep` by volume. `bootable`: None when nothing was said."""

    id: str
    size: int
    sizes: Mapping[str, int]
    keep: Mapping[str, bool]
    bootable: bool | None


def set_disks(spaces: Spaces, wanted: Any, node: NodeDisks, schema: Schema) -> Spaces:
    """The spaces as a user wants them, given as a list in the form of `disks_form`; disks and volumes that are left out stay
    as they are. Raises Invalid, and says which disk or volume is in the way."""
    wishes = _wishes(wanted, spaces)
    disks = tuple(_edited(disk, wishes.get(disk.id), schema) for disk in spaces.disks)
    _same_flags(disks)
    return with_groups(_booted(disks, wishes, schema), node, schema)


def renewed(spaces: Spaces, edited: bool, node: NodeDisks, schema: Schema) -> tuple[Spaces, bool]:
    """The spaces of a node whose roles or disks may have changed, and whether a user's edits are in them.

    The same disks and volumes: the same spaces. Otherwise the default, around what a user edited on disks that are still there
    and still hold it. Data to keep is never moved: its volume gets nothing on other disks."""
    found = match(spaces, node)
    allowed = {volume.id for volume, _ in volumes_of(node, schema)}
    if same_disks(spaces, node) and all(_names(disk) == allowed for disk in spaces.disks):
        return _renamed(found, node, schema), edited
    if not edited:
        return compute(node, schema), False
    kept = {entry.name for disk in found.values() for entry in disk.volumes if entry.keep_data} & allowed
    pins = {disk.path: _pins(found.get(disk.path), kept, allowed) for disk in node.disks}
    fresh = compute(node, schema, pins)
    disks = _booted_as_before(tuple(_flagged(disk, kept) for disk in fresh.disks), found)
    return replace(fresh, disks=disks), any(_settled(disk, pins[disk.id]) for disk in disks if disk.id in found)


# --- reading wishes -----------------------------------------------------------------------------------------


def _wishes(wanted: Any, spaces: Spaces) -> dict[str, Wish]:
    listed = reading.sequence(wanted, "disks")
    if not listed:
        raise Invalid(NO_DISKS, fix="Give at least one disk.")
    known = {disk.id: disk for disk in spaces.disks}
    wishes = [_wish(one, f"disks[{n}]", known) for n, one in enumerate(listed)]
    twice = [id for id, times in Counter(wish.id for wish in wishes).items() if times > 1]
    if twice:
        raise Invalid(f"The disk {twice[0]!r} is there more than once.", fix="Give each disk once.")
    if sum(bool(wish.bootable) for wish in wishes) > 1:
        raise Invalid(ONE_BOOTABLE, fix="Choose one.")
    return {wish.id: wish for wish in wishes}


def _wish(data: Any, where: str, known: Mapping[str, DiskSpace]) -> Wish:
    given = reading.mapping(data, where, _DISK_KEYS, ("id", "size", "volumes"))
    disk = known[reading.choice(given["id"], f"{where}.id", known)]
    volumes = reading.sequence(given["volumes"], f"{where}.volumes")
    pairs = [_volume(one, f"{where}.volumes[{n}]", disk) for n, one in enumerate(volumes)]
    if len({entry.name for entry in pairs}) != len(pairs):
        raise Invalid(f"{where}.volumes: a volume is there more than once.", fix="Give each volume once.")
    bootable = given.get("bootable")
    return Wish(
        id=disk.id,
        size=reading.integer(given["size"], f"{where}.size"),
        sizes={entry.name: entry.size for entry in pairs},
        keep={entry.name: entry.keep_data for entry in pairs},
        bootable=None if bootable is None else reading.flag(bootable, f"{where}.bootable"),
    )


def _volume(data: Any, where: str, disk: DiskSpace) -> Entry:
    given = reading.mapping(data, where, _VOLUME_KEYS, ("name", "size"))
    name = reading.choice(given["name"], f"{where}.name", [entry.name for entry in disk.volumes])
    size = reading.integer(given["size"], f"{where}.size")
    return Entry(
        Part.PARTITION, size, name, keep_data=reading.flag(given.get("keep_data", False), f"{where}.keep_data")
    )


# --- carrying them out --------------------------------------------------------------------------------------


def _edited(disk: DiskSpace, wish: Wish | None, schema: Schema) -> DiskSpace:
    if wish is None:
        return disk
    entries = tuple(entry if entry.service else _resized(entry, wish, schema) for entry in disk.entries)
    _fits(disk, entries, wish, schema)
    changed = with_pool(replace(disk, entries=entries))
    return replace(changed, free_space=changed.unused)


def _resized(entry: Entry, wish: Wish, schema: Schema) -> Entry:
    if entry.name not in wish.sizes:
        return entry
    keep = wish.keep[entry.name] or (entry.keep_data and not schema.strict)  # the original never takes the flag away
    return replace(entry, size=wish.sizes[entry.name] + entry.meta, keep_data=keep)


def _fits(disk: DiskSpace, entries: Sequence[Entry], wish: Wish, schema: Schema) -> None:
    wanted = sum(entry.net for entry in entries if not entry.service)
    there = min(disk.capacity, wish.size)
    groups = [entry.name for entry in entries if entry.part is Part.PHYSICAL and entry.net]
    if wanted > there:
        why = f"its volumes take {wanted} MiB together, and it has {there} MiB"
    elif schema.strict and groups and not _pool(disk):
        why = f"it is too small for the {LVM_META} MiB that LVM takes for each of {', '.join(groups)}"
    else:
        return
    raise Invalid(f"Not enough free space on disk: {disk.name} ({disk.id}): {why}.", fix="Make the volumes smaller.")


def _pool(disk: DiskSpace) -> int:
    """All of the disk that is there for LVM itself, used already or not."""
    return sum(entry.size for entry in disk.entries if entry.part is Part.POOL) + sum(e.meta for e in disk.entries)


def _same_flags(disks: Sequence[DiskSpace]) -> None:
    flags: dict[str, set[bool]] = {}
    for entry in (entry for disk in disks for entry in disk.volumes):
        flags.setdefault(entry.name, set()).add(entry.keep_data)
    mixed = sorted(name for name, values in flags.items() if len(values) > 1)
    if mixed:
        raise Invalid(
            "All volumes with the same name should have the same value for `keep_data` flag, "
            f"incorrect volumes: {', '.join(mixed)}",
            fix="Set the flag for them on every disk, or on none.",
        )


def _booted(disks: tuple[DiskSpace, ...], wishes: Mapping[str, Wish], schema: Schema) -> tuple[DiskSpace, ...]:
    """The disks, one of them bootable: the one that the user chose, or else the one that was so and was not given up."""
    said = {id: wish.bootable for id, wish in wishes.items() if wish.bootable is not None}
    chosen = [disk for disk in disks if said.get(disk.id)]
    chosen = chosen or [disk for disk in disks if disk.bootable and disk.id not in said]
    chosen = chosen or ([boot_disk(disks, schema)] if any(disk.volumes for disk in disks) else [])
    return tuple(replace(disk, bootable=disk in chosen) for disk in disks)


# --- keeping them -------------------------------------------------------------------------------------------


def _names(disk: DiskSpace) -> set[str]:
    return {entry.name for entry in disk.volumes}


def _renamed(found: Mapping[str, DiskSpace], node: NodeDisks, schema: Schema) -> Spaces:
    """The stored disks under the names and paths that they have now."""
    disks = (replace(found[disk.path], id=disk.path, name=disk.name, extra=disk.extra) for disk in node.disks)
    return with_groups(tuple(disks), node, schema)


def _pins(before: DiskSpace | None, kept: Collection[str], allowed: Collection[str]) -> dict[str, int]:
    """What is settled on a disk: all that was there, and nothing of what must stay where it is."""
    sizes = {entry.name: entry.net for entry in before.volumes if entry.name in allowed} if before else {}
    return {**dict.fromkeys(kept, 0), **sizes}


def _settled(disk: DiskSpace, pins: Mapping[str, int]) -> bool:
    """Whether the disk got what was settled for it; not so when it has become too small."""
    sizes = {entry.name: entry.net for entry in disk.volumes}
    return bool(pins) and all(sizes[name] == size for name, size in pins.items())


def _flagged(disk: DiskSpace, kept: Collection[str]) -> DiskSpace:
    return replace(disk, entries=tuple(replace(entry, keep_data=entry.name in kept) for entry in disk.entries))


def _booted_as_before(disks: tuple[DiskSpace, ...], found: Mapping[str, DiskSpace]) -> tuple[DiskSpace, ...]:
    chosen = next((path for path, disk in found.items() if disk.bootable), None)
    if chosen is None:
        return disks
    return tuple(replace(disk, bootable=disk.id == chosen) for disk in disks)
