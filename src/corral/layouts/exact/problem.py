"""From schema and disks to numbers: what each volume asks for, counted in whole units, and the gaps that there are.

The unit of disks is the alignment. A volume counts in its own steps: units for a partition, units of each member for an array,
extents for a group. Rule: every rounding happens here, upwards for what is needed and downwards for what is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corral.domain.layout import MIB, DiskTable, Partition, TableKind
from corral.layouts.exact.amounts import Wish
from corral.layouts.exact.schema import VolumeSpec

GPT_ENTRIES = 16 * 1024
"""Bytes of the table of partitions, once at each end of the disk; beside it there is a header of one sector, twice in front."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Free space between what is kept; both numbers in units."""

    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Space:
    """A disk: its gaps, and `span`, its usable units with what is kept."""

    table: DiskTable
    kept: tuple[Partition, ...]
    gaps: tuple[Gap, ...]
    span: int

    @property
    def free(self) -> int:
        """Units in all gaps."""
        return sum(gap.size for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Slot:
    """An existing partition that a volume may take over. `count` in units, rounded down."""

    disk: int
    partition: Partition
    count: int


@dataclass(frozen=True, slots=True)
class Ask:
    """What a volume asks for.

    Its count T is the count of its piece (partition), of each of its `pieces` equal pieces (array), or the sum of `gain` × count
    - `loss` over as many pieces as it takes (group; `pieces` is 0). T is from `low` to `high`, and the volume has
    `step` × T - `taken` MiB. A piece with count q takes `load` × q + `fixed` units. `caps`: the largest count of a piece on each
    disk that it may be on. `aim`: the count that its percentage is, per disk, or under -1 for a group.
    """

    spec: VolumeSpec
    low: int
    high: int
    pieces: int
    step: int
    caps: dict[int, int]
    taken: int = 0
    load: int = 1
    fixed: int = 0
    gain: int = 1
    loss: int = 0
    aim: dict[int, int] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()

    @property
    def name(self) -> str:
        """The volume's name."""
        return self.spec.name

    @property
    def wish(self) -> Wish:
        """What it wants beyond its minimum."""
        return self.spec.amount.wish

    @property
    def spread(self) -> bool:
        """Whether it takes as many pieces as it needs."""
        return not self.pieces

    def size(self, count: int) -> int:
        """Usable MiB of a count."""
        return self.step * count - self.taken

    def most(self, room: int) -> int:
        """The largest count of a piece within so many units."""
        return (room - self.fixed) // self.load

    @property
    def least(self) -> int:
        """The smallest count of a piece that is of any use."""
        return self.low if self.pieces else (self.loss + self.gain) // self.gain


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that the program is made of. `together` and `apart` are pairs of asks; `unit` in MiB."""

    spaces: tuple[Space, ...]
    asks: tuple[Ask, ...]
    together: tuple[tuple[int, int], ...]
    apart: tuple[tuple[int, int], ...]
    unit: int


def space(table: DiskTable, kept: tuple[Partition, ...], alignment: int, spare: int = 0) -> Space:
    """The gaps of a disk around what is kept. Nothing is put on a disk whose kept partitions are in a table other than GPT."""
    sector = table.disk.sector
    first = -(-(2 * sector + GPT_ENTRIES) // alignment)
    last = (table.disk.size - sector - GPT_ENTRIES - spare) // alignment
    if last <= first or (kept and table.kind is not TableKind.GPT):
        return Space(table, kept, (), max(0, last - first))
    gaps, at = [], first
    for one in kept:
        gaps.append(Gap(at, min(one.start // alignment, last) - at))
        at = max(at, -(-one.end // alignment))
    gaps.append(Gap(at, last - at))
    return Space(table, kept, tuple(gap for gap in gaps if gap.size > 0), last - first)


def partition_ask(spec: VolumeSpec, spaces: tuple[Space, ...], allowed: list[int], unit: int) -> Ask:
    """A partition counts in units."""
    amount = spec.amount
    low, high = range_of(amount.low, amount.high, unit * MIB, amount.wish)
    if spec.reuse:
        slots = tuple(
            Slot(disk, one, one.size // (unit * MIB))
            for disk in allowed
            for one in spaces[disk].kept
            if one.name == spec.reuse and one.size >= amount.low
        )
        return Ask(spec, low, low, 1, unit, {}, slots=slots)
    aim = {disk: int(amount.percent * spaces[disk].span) for disk in allowed} if amount.percent else {}
    caps = _caps(spaces, allowed, low, high, aim)
    return Ask(spec, low, _within(low, high, caps.values()), 1, unit, caps, aim=aim)


def raid_ask(spec: VolumeSpec, spaces: tuple[Space, ...], allowed: list[int], unit: int) -> Ask:
    """An array counts in units of a member. What its members keep for themselves is counted at its worst."""
    amount, data = spec.amount, data_devices(spec)
    low = -(-member_for(-(-amount.low // MIB), data) // unit)
    high = ENDLESS
    if amount.wish in {Wish.EXACT, Wish.LEAST}:
        high = low
    elif amount.high is not None:
        high = max(low, member_within(amount.high // MIB, data) // unit)
    aim = {disk: int(amount.percent * spaces[disk].span) for disk in allowed} if amount.percent else {}
    caps = _caps(spaces, allowed, low, high, aim)
    high, pieces = _within(low, high, caps.values()), spec.devices + spec.spares
    return Ask(spec, low, high, pieces, data * unit, caps, data * reserve(low * unit), aim=aim)


def group_ask(spec: VolumeSpec, spaces: tuple[Space, ...], allowed: list[int], unit: int) -> Ask:
    """A group counts in extents. Where the alignment is larger than an extent, its pieces count in units instead."""
    amount, extent, overhead = spec.amount, spec.extent // MIB, overhead_of(spec)
    low, high = range_of(amount.low, amount.high, spec.extent, amount.wish)
    low = max(low, sum(least_extents(one.amount.low, spec.extent) for one in spec.volumes))
    target = int(amount.percent * sum(spaces[disk].span for disk in allowed) * unit / extent)
    if amount.percent:
        high = min(high, max(low, target))
    load, fixed, gain, loss = extent // unit, -(-overhead // unit), 1, 0
    if unit > extent:
        load, fixed, gain, loss = 1, 0, unit // extent, -(-overhead // extent)
    high = low + gain - 1 if amount.wish in {Wish.EXACT, Wish.LEAST} else max(low, high)
    caps = {disk: spaces[disk].free for disk in allowed}
    high = _within(low, high, [sum(caps.values()) * gain // load])
    aim = {-1: target} if amount.percent else {}
    return Ask(spec, low, high, 0, extent, caps, 0, load, fixed, gain, loss, aim)


def range_of(low: int, high: int | None, step: int, wish: Wish) -> tuple[int, int]:
    """Whole steps from at least `low` to at most `high` bytes. An exact size is rounded up, by less than a step."""
    least = least_extents(low, step)
    if wish in {Wish.EXACT, Wish.LEAST}:
        return least, least
    return least, max(least, high // step) if high is not None else ENDLESS


ENDLESS = 2**40
"""More steps than there can be."""


def least_extents(low: int, step: int) -> int:
    """The whole steps that so many bytes need; at least one, for a volume of nothing is none."""
    return max(1, -(-low // step))


def overhead_of(spec: VolumeSpec) -> int:
    """MiB of a physical volume that are not extents: 1 in front, and the metadata."""
    return 1 + spec.copies * (spec.metadata // MIB)


def data_devices(spec: VolumeSpec) -> int:
    """How many members' worth of data an array has."""
    count = spec.devices
    return {"0": count, "1": 1, "5": count - 1, "6": count - 2, "10": count // 2}[spec.level]


def reserve(member: int) -> int:
    """MiB that mdadm may keep of a member of at most so many MiB: about a thousandth to grow into, at most 128; bitmap and
    superblock; and what is lost by rounding to chunks."""
    return min(128, -(-member // 1024)) + 2


def member_for(need: int, data: int) -> int:
    """The smallest member, in MiB, with which an array surely has so many usable MiB."""
    each = max(1, -(-need // data))
    member = each
    while member - reserve(member) < each:
        member += each - (member - reserve(member))
    return member


def member_within(most: int, data: int) -> int:
    """The largest member, in MiB, that surely gives at most so many usable MiB."""
    member = most // data + 2
    while member + 1 - reserve(member + 1) <= most // data:
        member += 1
    return member


def _within(low: int, high: int, caps: Iterable[int]) -> int:
    """The largest count that is of any use."""
    return max(low, min(high, max(caps, default=0)))


def _caps(spaces: tuple[Space, ...], allowed: list[int], low: int, high: int, aim: dict[int, int]) -> dict[int, int]:
    return {
        disk: min(high, max((gap.size for gap in spaces[disk].gaps), default=0), max(low, aim[disk]) if aim else high)
        for disk in allowed
    }
