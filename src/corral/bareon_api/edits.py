"""How a layout changes: an object is put in its place, or taken away with everything that can't be without it.

Rule: functions from layouts to layouts; whether the outcome is possible is for `checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from corral.bareon_api.objects import Fs, Kind, Lv, Object, Parted, Partition, Partitioning
from corral.domain.errors import Invalid, NotFound

One = TypeVar("One", bound=Object | Partition)


def find(layout: Partitioning, kind: Kind, name: str) -> Object:
    """The object that is called so. Raises NotFound."""
    found: Object = _found(layout.of(kind), str(kind), name)
    return found


def find_table(layout: Partitioning, disk: str) -> Parted:
    """The disk's table. Raises NotFound."""
    return _found(layout.parteds, "parteds", disk)


def find_partition(table: Parted, name: str) -> Partition:
    """The partition that is called so. Raises NotFound."""
    return _found(table.partitions, f"parteds/{table.key}/partitions", name)


def put(layout: Partitioning, kind: Kind, name: str, new: Object) -> Partitioning:
    """The layout with `new` in the place of what has its name, or at the end. Raises Invalid when the body has another name."""
    _check_name(str(kind), name, new)
    return layout.having(**{kind: _placed(layout.of(kind), new)})


def put_partition(layout: Partitioning, disk: str, name: str, new: Partition) -> Partitioning:
    """The same for a partition; partitions are kept in the order of their disk. Raises NotFound for the disk."""
    table = find_table(layout, disk)
    _check_name("partitions", name, new)
    partitions = sorted(_placed(table.partitions, new), key=lambda one: one.begin)
    changed = table.model_copy(update={"partitions": partitions})
    return layout.having(parteds=_placed(layout.parteds, changed))


def remove(layout: Partitioning, kind: Kind, name: str) -> Partitioning:
    """The layout without the object and all that is built on it. Raises NotFound."""
    gone = find(layout, kind, name)
    return _without_orphans(layout.having(**{kind: [one for one in layout.of(kind) if one is not gone]}), layout)


def remove_partition(layout: Partitioning, disk: str, name: str) -> Partitioning:
    """The same for a partition. Raises NotFound."""
    table = find_table(layout, disk)
    gone = find_partition(table, name)
    changed = table.model_copy(update={"partitions": [one for one in table.partitions if one is not gone]})
    return _without_orphans(layout.having(parteds=_placed(layout.parteds, changed)), layout)


def _without_orphans(layout: Partitioning, before: Partitioning) -> Partitioning:
    """`layout` without what stood on devices that `before` had and it has not. An array loses members and a group loses physical
    volumes; either goes when nothing is left of it."""
    gone = {one.name for one in before.partitions()} - {one.name for one in layout.partitions()}
    mds = [
        md.model_copy(update={"devices": _less(md.devices, gone), "spares": _less(md.spares, gone)})
        for md in layout.mds
    ]
    mds = [md for md in mds if md.devices]
    gone |= {one.name for one in before.mds} - {one.name for one in mds}
    pvs = [pv for pv in layout.pvs if pv.name not in gone]
    lost_pvs = {one.name for one in before.pvs} - {one.name for one in pvs}
    vgs = [vg.model_copy(update={"pvnames": _less(vg.pvnames, lost_pvs)}) for vg in layout.vgs]
    vgs = [vg for vg in vgs if vg.pvnames]
    lost_groups = {one.name for one in before.vgs} - {one.name for one in vgs}
    lvs = [lv for lv in layout.lvs if lv.vgname not in lost_groups]
    gone |= {one.device for one in before.lvs} - {one.device for one in lvs}
    return layout.having(mds=mds, pvs=pvs, vgs=vgs, lvs=lvs, fss=[fs for fs in layout.fss if fs.device not in gone])


def _less(names: Sequence[str], gone: set[str]) -> list[str]:
    return [name for name in names if name not in gone]


def _placed(objects: Sequence[One], new: One) -> list[One]:
    if any(one.key == new.key for one in objects):
        return [new if one.key == new.key else one for one in objects]
    return [*objects, new]


def _found(objects: Sequence[One], where: str, name: str) -> One:
    found = [one for one in objects if one.key == name] or [one for one in objects if _alias(one) == name]
    if len(found) == 1:
        return found[0]
    fix = f"There are {', '.join(one.key for one in found or objects)[:500] or 'none'}."
    raise NotFound(f"{where}/{name}: {'several are' if found else 'nothing is'} called so.", fix=fix)


def _check_name(where: str, name: str, new: Object | Partition) -> None:
    if name not in (new.key, _alias(new)):
        raise Invalid(
            f"{where}/{name} would be called {new.key}.", fix=f"PUT it to {new.key}, or correct what names it."
        )


def _alias(one: Object | Partition) -> str | None:
    """What older clients call it, where that is not its device: a logical volume's name, a file system's label."""
    return one.name if isinstance(one, Lv) else one.fs_label if isinstance(one, Fs) else None
