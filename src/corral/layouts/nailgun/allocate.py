"""How much of which disk each volume gets: numbers only, in MiB.

`legacy` is the original's way: minimums fill the disks in order, whole disks are taken, and what is left is shared. `strict`
goes the same way and never lets one volume's greed break another's minimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corral.layouts.nailgun.generators import BOOT, BOOT_RECORDS, LVM_META
from corral.layouts.nailgun.schema import Allocate, Kind, VolumeSpec

Wanted = tuple[VolumeSpec, Allocate, int]
"""A volume, how it is allocated, and its minimum in MiB."""


class Room:
    """One disk while it is being filled. `records`, `boot` and `pool` are what it reserves, each 0 when it does not fit. `pins`:
    sizes that are settled already. `sizes`: what volumes have got so far."""

    def __init__(self, size: int, groups: int, pins: Mapping[str, int], *, strict: bool) -> None:
        self.free = size
        self.records = self._reserve(BOOT_RECORDS)
        self.boot = self._reserve(BOOT)
        self.pool = self._reserve(groups * LVM_META)
        self.groups_fit = bool(self.pool) or not strict
        self.any_fits = bool(self.records and self.boot) or not strict
        self.pins = dict(pins) if sum(pins.values()) <= self.free else {}
        self.free -= sum(self.pins.values())
        self.sizes: dict[str, int] = {}

    def _reserve(self, size: int) -> int:
        got = size if self.free >= size else 0
        self.free -= got
        return got

    def for_volume(self, volume: VolumeSpec) -> int:
        """What the volume could still get here; nothing where it is settled."""
        fits = self.any_fits and (self.groups_fit or volume.kind is not Kind.GROUP)
        return self.free if fits and volume.id not in self.pins else 0

    def give(self, volume: VolumeSpec, size: int) -> int:
        """Give the volume at most this much more. Returns what it got."""
        got = max(0, min(size, self.for_volume(volume)))
        self.free -= got
        self.sizes[volume.id] = self.sizes.get(volume.id, self.pins.get(volume.id, 0)) + got
        return got

    @property
    def untouched(self) -> bool:
        """No volume has anything here."""
        return not any(self.sizes.values()) and not any(self.pins.values())


def allocate(rooms: Sequence[Room], wanted: Sequence[Wanted], *, strict: bool) -> list[VolumeSpec]:
    """Fill the rooms. Returns the volumes in the order in which they come on each disk."""
    least, whole, shared = (
        [(volume, minimum) for volume, how, minimum in wanted if how is kind]
        for kind in (Allocate.MIN, Allocate.FULL_DISK, Allocate.ALL)
    )
    for volume, minimum in least:
        _fill(rooms, volume, minimum - _pinned(rooms, volume))
    (_strict if strict else _legacy)(rooms, whole, shared)
    return [volume for volume, _ in (*least, *whole, *shared)]


def _legacy(
    rooms: Sequence[Room], whole: Sequence[tuple[VolumeSpec, int]], shared: Sequence[tuple[VolumeSpec, int]]
) -> None:
    for volume, _ in whole:
        for room in rooms:
            room.give(volume, room.free if room.untouched else 0)
    _share(rooms, [volume for volume, _ in shared])


def _strict(
    rooms: Sequence[Room], whole: Sequence[tuple[VolumeSpec, int]], shared: Sequence[tuple[VolumeSpec, int]]
) -> None:
    sharing = list(shared)
    for number, (volume, minimum) in enumerate(whole):
        others = sum(_missing(rooms, *one) for one in (*whole[number + 1 :], *sharing))
        if not _take_disks(rooms, volume, minimum, others):
            sharing.insert(0, (volume, minimum))
    part = sum(room.free for room in rooms) // max(1, len(sharing))
    if any(part < _missing(rooms, *one) for one in sharing):  # equal parts would be too little for some
        for volume, minimum in sharing:
            _fill(rooms, volume, _missing(rooms, volume, minimum))
    _share(rooms, [volume for volume, _ in sharing])


def _take_disks(rooms: Sequence[Room], volume: VolumeSpec, minimum: int, others: int) -> bool:
    """Give the volume the untouched disks, but leave as many as the others' minimums need. False when it would lack its own."""
    taken = [room for room in rooms if room.untouched and room.for_volume(volume)]
    # What is left must do for volume groups too, or LVM volumes could not be placed there.
    left = sum(room.free for room in rooms if room not in taken and room.groups_fit and room.any_fits)
    while taken and left < others:
        left += taken.pop().free
    if sum(room.free for room in taken) < _missing(rooms, volume, minimum) or not taken:
        return False
    for room in rooms:
        room.give(volume, room.free if room in taken else 0)
    return True


def _fill(rooms: Sequence[Room], volume: VolumeSpec, size: int) -> None:
    """Give the volume this much, from the disks in order; each gets an entry, of 0 where nothing is needed or free."""
    for room in rooms:
        size -= room.give(volume, size)


def _share(rooms: Sequence[Room], volumes: Sequence[VolumeSpec]) -> None:
    """Share what is left: equal parts, and the last gets the rest, so that rounding loses nothing."""
    if not volumes:
        return
    part = sum(room.free for room in rooms) // len(volumes)
    for volume in volumes[:-1]:
        _fill(rooms, volume, part)
    for room in rooms:
        room.give(volumes[-1], room.free)


def _pinned(rooms: Sequence[Room], volume: VolumeSpec) -> int:
    return sum(room.pins.get(volume.id, 0) for room in rooms)


def _missing(rooms: Sequence[Room], volume: VolumeSpec, minimum: int) -> int:
    """What the volume still lacks of its minimum."""
    return max(0, minimum - sum(room.sizes.get(volume.id, room.pins.get(volume.id, 0)) for room in rooms))
