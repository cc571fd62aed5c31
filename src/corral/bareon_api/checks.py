"""What is wrong with a layout: all of it at once, each with where, why and what to do.

Only what makes a layout impossible is wrong here: borders, sizes, references, doubles. Whether it makes sense for a role is for
those who asked for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from corral.bareon_api.objects import Kind, Lv, Md, Parted, Partition, Partitioning, Pv, short
from corral.domain.layout import MIB, SECTOR, partition_device
from corral.domain.reasons import Reason

EXTENT = 4 * MIB  # what LVM counts in; agents give no other
_GPT_HEAD, _GPT_TAIL = 34 * SECTOR, 33 * SECTOR  # header and entries, and their copy at the end
_FEWEST = {"0": 2, "1": 2}
_NOWHERE = (None, "", "none", "swap")


def problems(layout: Partitioning, disks: Mapping[str, int]) -> list[Reason]:
    """Everything that is wrong. `disks`: bytes by device (`/dev/sda`); without any the tables' own `disk_size` counts."""
    return [
        *_doubles(layout),
        *(found for table in layout.parteds for found in _table(table, disks)),
        *_arrays(layout),
        *_volumes(layout),
        *_groups(layout),
        *_file_systems(layout),
        *_uses(layout),
    ]


def _doubles(layout: Partitioning) -> Iterator[Reason]:
    for kind in Kind:
        for key, count in Counter(one.key for one in layout.of(kind)).items():
            if count > 1:
                yield Reason("double", f"{kind}/{key} is there {count} times.", "Keep one of them.")
    drives = [one.key for one in layout.partitions() if one.configdrive]
    if len(drives) > 1:
        yield Reason("two-config-drives", f"{', '.join(drives)} are all config drives.", "Keep `configdrive` on one.")


def _table(table: Parted, disks: Mapping[str, int]) -> Iterator[Reason]:
    where, size = f"parteds/{table.key}", disks.get(table.name, table.disk_size)
    if disks and table.name not in disks:
        yield Reason(
            "no-such-disk",
            f"{where}: the node has no disk {table.name}.",
            f"Its disks are {_some(disks)}; PUT disks first.",
        )
    elif size is not None and table.disk_size not in (None, size):
        yield Reason("wrong-disk-size", f"{where}: the disk has {size} bytes, not {table.disk_size}.", f"Give {size}.")
    if table.label == "msdos" and sum(one.partition_type != "logical" for one in table.partitions) > 4:
        yield Reason("too-many-primaries", f"{where}: msdos has four primary partitions at most.", "Use gpt.")
    for what, values in (("number", "count"), ("name", "name")):
        for value, count in Counter(getattr(one, values) for one in table.partitions).items():
            if count > 1:
                yield Reason("double", f"{where}: {count} partitions have the {what} {value}.", "Give each its own.")
    for one in table.partitions:
        yield from _partition(one, table, size)
    yield from _overlaps(table)


def _partition(one: Partition, table: Parted, size: int | None) -> Iterator[Reason]:
    where = f"parteds/{table.key}/partitions/{one.key}"
    if one.device != table.name:
        yield Reason("wrong-disk", f"{where} says that it is on {one.device}.", f"Its device is {table.name}.")
    elif one.name != (real := partition_device(table.name, one.count)):
        yield Reason(
            "wrong-name", f"{where}: partition {one.count} of {table.name} will be {real}.", f"Name it {real}."
        )
    if one.end < one.begin:
        yield Reason("empty", f"{where} ends at {one.end}, before it begins at {one.begin}.", "Let it end later.")
    elif one.begin % SECTOR or (one.end + 1) % SECTOR:
        fix = f"Let it begin at {-(-one.begin // SECTOR) * SECTOR} and end at {(one.end + 1) // SECTOR * SECTOR - 1}."
        yield Reason("not-on-sectors", f"{where} does not begin and end on sectors of {SECTOR} bytes.", fix)
    gpt = table.label == "gpt"
    first = _GPT_HEAD if gpt else SECTOR
    if one.begin < first:
        yield Reason("over-the-table", f"{where} begins at {one.begin}, within the table itself.", f"Begin at {MIB}.")
    last = None if size is None else size - (_GPT_TAIL if gpt else 0) - 1
    if last is not None and one.end > last:
        yield Reason(
            "past-the-end", f"{where} ends at {one.end}; the disk's last usable byte is {last}.", "Make it smaller."
        )


def _overlaps(table: Parted) -> Iterator[Reason]:
    in_order = sorted((one for one in table.partitions if one.partition_type != "extended"), key=lambda one: one.begin)
    for before, after in pairwise(in_order):
        if after.begin <= before.end:
            yield Reason(
                "overlap",
                f"parteds/{table.key}: {after.key} begins at {after.begin}, and {before.key} goes on until {before.end}.",
                f"End {before.key} earlier first, or begin {after.key} at {before.end + 1}.",
            )


def _arrays(layout: Partitioning) -> Iterator[Reason]:
    known = {one.name for one in layout.partitions()} | {one.name for one in layout.parteds}
    for md in layout.mds:
        yield from _missing(f"mds/{md.key}", [*md.devices, *md.spares], known, "partition")
        fewest = _FEWEST[md.level]
        if len(md.devices) < fewest:
            yield Reason(
                "too-few-devices",
                f"mds/{md.key}: level {md.level} needs {fewest} devices, and has {len(md.devices)}.",
                "Add devices, or take another level.",
            )


def _volumes(layout: Partitioning) -> Iterator[Reason]:
    known = _blocks(layout)
    for pv in layout.pvs:
        yield from _missing(f"pvs/{pv.key}", [pv.name], known, "partition or array")


def _groups(layout: Partitioning) -> Iterator[Reason]:
    volumes, groups = {one.name: one for one in layout.pvs}, {one.name for one in layout.vgs}
    owners: dict[str, list[str]] = defaultdict(list)
    for vg in layout.vgs:
        yield from _missing(f"vgs/{vg.key}", vg.pvnames, volumes, "physical volume")
        if not vg.pvnames:
            yield Reason("empty", f"vgs/{vg.key} has no physical volume.", "Give it one, or delete the group.")
        for name in set(vg.pvnames):
            owners[name].append(vg.key)
    for name, several in owners.items():
        if len(several) > 1:
            yield Reason("used-twice", f"pvs/{short(name)} is in the groups {', '.join(several)}.", "Keep it in one.")
    for lv in layout.lvs:
        yield from _missing(f"lvs/{lv.key}", [lv.vgname], groups, "volume group")
        if lv.size == 0:
            yield Reason("empty", f"lvs/{lv.key} has no size.", "Give it one, or delete it.")
    sizes = _sizes(layout)
    for vg in layout.vgs:
        if all(name in volumes and name in sizes for name in vg.pvnames):
            room = sum(usable(sizes[name], volumes[name]) for name in set(vg.pvnames))
            yield from _too_full(vg.key, room, [lv for lv in layout.lvs if lv.vgname == vg.name])


def _too_full(group: str, room: int, volumes: Sequence[Lv]) -> Iterator[Reason]:
    wanted = sum(-(-one.size // EXTENT) * EXTENT for one in volumes)
    if wanted > room:
        yield Reason(
            "group-too-small",
            f"vgs/{group} has room for {room} bytes, and its logical volumes need {wanted}.",
            f"Make them {wanted - room} bytes smaller together, or the group's partitions larger.",
        )


def usable(size: int, volume: Pv) -> int:
    """What LVM can use of a device of `size` bytes: less its label and metadata, in whole extents."""
    return max(0, (size - MIB - volume.metadatacopies * volume.metadatasize) // EXTENT * EXTENT)


def _sizes(layout: Partitioning) -> dict[str, int]:
    """Bytes by device, of partitions and of the arrays whose members are known."""
    sizes = {one.name: one.end + 1 - one.begin for one in layout.partitions()}
    for md in layout.mds:
        if md.devices and all(name in sizes for name in md.devices):
            sizes[md.name] = _array_size(md, [sizes[name] for name in md.devices])
    return sizes


def _array_size(md: Md, members: list[int]) -> int:
    """An upper bound: metadata takes a little of each member."""
    return min(members) if md.level == "1" else sum(members)


def _file_systems(layout: Partitioning) -> Iterator[Reason]:
    known = _blocks(layout) | {one.device for one in layout.lvs}
    mounts: dict[str, list[str]] = defaultdict(list)
    for fs in layout.fss:
        yield from _missing(f"fss/{fs.key}", [fs.device], known, "partition, array or logical volume")
        if fs.mount not in _NOWHERE:
            mounts[str(fs.mount)].append(fs.key)
    for mount, several in mounts.items():
        if len(several) > 1:
            yield Reason("used-twice", f"fss/{', fss/'.join(several)} are all mounted at {mount}.", "Keep one there.")


def _uses(layout: Partitioning) -> Iterator[Reason]:
    """A device is for one thing: member of an array, physical volume, or file system."""
    uses: dict[str, list[str]] = defaultdict(list)
    for md in layout.mds:
        for name in [*md.devices, *md.spares]:
            uses[name].append(f"mds/{md.key}")
    for pv in layout.pvs:
        uses[pv.name].append(f"pvs/{pv.key}")
    for fs in layout.fss:
        uses[fs.device].append(f"fss/{fs.key}")
    for device, several in uses.items():
        if len(set(several)) > 1 or (len(several) > 1 and several[0].startswith("mds/")):
            yield Reason("used-twice", f"{device} is used by {', '.join(several)}.", "Keep one of these.")


def _blocks(layout: Partitioning) -> set[str]:
    return {one.name for one in layout.partitions()} | {one.name for one in layout.mds}


def _missing(where: str, names: Iterable[str], known: Iterable[str], what: str) -> Iterator[Reason]:
    for name in sorted(set(names) - set(known)):
        yield Reason("no-such-device", f"{where}: there is no {what} {name}.", f"Make it first, or take {where} away.")


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")
