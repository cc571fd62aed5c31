"""Why each volume is where it is and as large as it is, and what is left over: as data, each with a sentence."""

from __future__ import annotations

from corral.domain.layout import MIB, LogicalVolume
from corral.layouts.exact.allocation import Allocation
from corral.layouts.exact.amounts import Amount, Wish, size_text
from corral.layouts.exact.problem import Ask, least_extents
from corral.layouts.exact.schema import Kind, VolumeSpec
from corral.layouts.explained import Explanation, Reasoned, Service, Spare


def explain(allocation: Allocation) -> Explanation:
    """Why the layout is as it is."""
    asks = {ask.name: ask for ask in allocation.problem.asks}
    found: list[Reasoned] = []
    for spec in allocation.task.volumes:
        found.append(_volume(allocation, spec, asks.get(spec.name)))
        found += _logical(allocation, spec)
    return Explanation(tuple(found), _spare(allocation), _service(allocation))


def _volume(allocation: Allocation, spec: VolumeSpec, ask: Ask | None) -> Reasoned:
    at = tuple(
        (one.disk, one.partition.start, one.partition.size) for one in allocation.placed if one.volume == spec.name
    )
    size = _size(allocation, spec)
    why = [_where(allocation, spec, ask, at), _how_large(spec.amount, size, ask)]
    keys = (f"schema: volumes.{spec.name}",)
    return Reasoned(spec.name, str(spec.kind), str(spec.amount), size, at, tuple(one for one in why if one), keys)


def _size(allocation: Allocation, spec: VolumeSpec) -> int:
    made = allocation.layout
    if spec.kind is Kind.PARTITION:
        return sum(one.partition.size for one in allocation.placed if one.volume == spec.name)
    if spec.kind is Kind.RAID:
        names = {one.device for one in allocation.placed if one.volume == spec.name}
        return next(raid.size for raid in made.raids if names & set(raid.members))
    return group_room(allocation, spec)


def group_room(allocation: Allocation, spec: VolumeSpec) -> int:
    """Bytes of a group's extents."""
    overhead = MIB + spec.copies * spec.metadata
    carrier = next((one for one in allocation.task.volumes if one.name == spec.on), None)
    if carrier:
        return (_size(allocation, carrier) - overhead) // spec.extent * spec.extent
    sizes = [one.partition.size for one in allocation.placed if one.volume == spec.name]
    return sum((size - overhead) // spec.extent * spec.extent for size in sizes)


def _where(allocation: Allocation, spec: VolumeSpec, ask: Ask | None, at: tuple[tuple[str, int, int], ...]) -> str:
    if ask is None:
        return f"It is on the array {spec.on}, as the schema says."
    if spec.reuse:
        return f"It takes over the partition named {spec.reuse!r} on {at[0][0]}, which stays as it is."
    choice, used = len(ask.caps), list(dict.fromkeys(disk for disk, _, _ in at))
    disks = f"{choice} of {len(allocation.problem.spaces)} disks"
    said = f"It may be on {disks} ({spec.disks})" if choice > 1 else f"Only {used[0]} is {spec.disks}"
    if spec.kind is Kind.RAID:
        return f"{said}; RAID {spec.level} needs {ask.pieces} different ones: {', '.join(used)}."
    rules = [f"the disk of {other}" for other in spec.same_disk] + [
        f"not on a disk of {other}" for other in spec.other_disk
    ]
    tied = f" It has to be: {', '.join(rules)}." if rules else ""
    if spec.kind is Kind.GROUP and len(at) > 1:
        return f"{said}; it needs {len(at)} pieces, on {', '.join(used)}.{tied}"
    return f"{said}; {used[0]} leaves the others what they need.{tied}" if choice > 1 else f"{said}.{tied}"


def _how_large(amount: Amount, size: int, ask: Ask | None) -> str:
    if ask and ask.slots:
        return ""
    if (
        amount.high is not None
        and size + (MIB if ask is None else ask.step * MIB) > amount.high
        and amount.wish is not Wish.EXACT
    ):
        return f"It has its maximum: {size_text(size)}."
    match amount.wish:
        case Wish.EXACT if size == amount.low:
            return f"It has exactly the size that was asked for: {size_text(size)}."
        case Wish.EXACT | Wish.LEAST:
            return f"It has its minimum, in whole units, and asks for no more: {size_text(size)}."
        case Wish.PERCENT:
            return f"{size_text(size)} is as near to {float(amount.percent * 100):g}% as the rest allows."
        case Wish.SHARE:
            return f"{size_text(size)} is its share, by weight {amount.weight}, of what its disks have."
        case _:
            return f"{size_text(size)} is what nobody else takes."


def _logical(allocation: Allocation, spec: VolumeSpec) -> list[Reasoned]:
    made: dict[str, LogicalVolume] = {one.name: one for one in allocation.layout.logical if one.group == spec.name}
    found = []
    for one in spec.volumes:
        size = made[one.name].size
        asked = least_extents(one.amount.low, spec.extent) * spec.extent
        said = f"{size_text(size)}, in extents of {size_text(spec.extent)}"
        grown = f"{said}: what was asked for." if size == asked else f"{said}: {one.amount} of the group."
        keys = (f"schema: volumes.{spec.name}.volumes.{one.name}",)
        found.append(Reasoned(f"{spec.name}/{one.name}", "lv", str(one.amount), size, (), (grown,), keys))
    return found


def _service(allocation: Allocation) -> tuple[Service, ...]:
    """Partitions that were there before and stay; the schema's own, for booting too, are volumes like any other."""
    placed = {(one.disk, one.partition.start) for one in allocation.placed}
    return tuple(
        Service("kept", (table.disk.name, one.start, one.size), "It is there already, and is kept as it is.")
        for table in allocation.layout.tables
        for one in table.partitions
        if (table.disk.name, one.start) not in placed
    )


def _spare(allocation: Allocation) -> tuple[Spare, ...]:
    unit = allocation.problem.unit * MIB
    hungry = any(ask.wish in {Wish.SHARE, Wish.REMAINING} for ask in allocation.problem.asks)
    full = "No volume that may be here can use it: each has its maximum, or it is less than the next step with its overhead."
    nobody = "No volume asks for more than it has."
    found = []
    for disk in allocation.problem.spaces:
        used = [one for one in allocation.placed if one.disk == disk.table.disk.name and one.partition not in disk.kept]
        left = disk.free * unit - sum(
            one.partition.size for one in used if not any(same.start == one.partition.start for same in disk.kept)
        )
        if left:
            found.append(Spare(disk.table.disk.name, left, full if hungry else nobody))
    for spec in allocation.task.volumes:
        taken = sum(one.size for one in allocation.layout.logical if one.group == spec.name)
        if spec.kind is Kind.GROUP and (left := group_room(allocation, spec) - taken):
            found.append(Spare(spec.name, left, "No logical volume asks for more than it has."))
    return tuple(found)
