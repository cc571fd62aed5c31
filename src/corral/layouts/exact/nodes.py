"""What a node tells of its disks, as tables: the facts that an allocation starts from.

The form is that of Nailgun's nodes (`meta.disks` with `name`, `disk`, `extra`, `size` …); beside it each disk may have
`rotational`, `wwn`, `serial`, `vendor`, `hctl`, `sector`, `table`, and `partitions` (`number`, `start`, `size`, `name`, `guid` and
`keep`; sizes in bytes). Rule: these facts come from outside, so all of them are checked.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from corral.domain.layout import SECTOR, DiskTable, LayoutDisk, Partition, TableKind, Use
from corral.layouts.exact.amounts import LARGEST, size_text
from corral.layouts.exact.errors import SchemaInvalid
from corral.layouts.exact.fields import Fields

MOST_DISKS = 1024
MOST_PARTITIONS = 128


def tables(node: Any) -> tuple[DiskTable, ...]:
    """The node's disks by name, with the partitions that are on them now. Raises SchemaInvalid with all problems."""
    problems: list[str] = []
    meta = Fields("", node, problems).inner("meta")
    listed = meta.raw("disks", [])
    if not isinstance(listed, list) or len(listed) > MOST_DISKS:
        problems.append(f"meta.disks: must be a list of at most {MOST_DISKS} disks")
        listed = []
    found = [_table(Fields(f"meta.disks[{index}]", one, problems)) for index, one in enumerate(listed)]
    problems.extend(doubled([table.disk.name for table in found]))
    if problems:
        raise SchemaInvalid("node", problems)
    return tuple(sorted(found, key=lambda table: table.disk.name))


def roles(node: Any) -> tuple[str, ...]:
    """The node's roles. Raises SchemaInvalid."""
    problems: list[str] = []
    fields = Fields("", node, problems)
    found = fields.texts("roles") if fields.raw("roles") else ()
    if problems:
        raise SchemaInvalid("node", problems)
    return found


def doubled(names: list[str]) -> list[str]:
    """A problem for each name that two disks have."""
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    return [f"two disks are named {name!r}" for name in twice]


def _table(fields: Fields) -> DiskTable:
    disk = _disk(fields)
    kind = fields.choice("table", TableKind, TableKind.GPT)
    listed = fields.raw("partitions", [])
    if not isinstance(listed, list) or len(listed) > MOST_PARTITIONS:
        fields.problem("partitions", f"must be a list of at most {MOST_PARTITIONS} partitions")
        listed = []
    inner = [Fields(f"{fields.place}.partitions[{index}]", one, fields.problems) for index, one in enumerate(listed)]
    partitions = sorted((_partition(one, disk) for one in inner), key=lambda one: one.start)
    for before, after in pairwise(partitions):
        if before.end > after.start:
            fields.problem("partitions", f"number {before.number} and number {after.number} overlap")
    return DiskTable(disk, tuple(partitions), kind)


def _disk(fields: Fields) -> LayoutDisk:
    name = fields.text("name")
    if not name or "/" in name:
        fields.problem("name", "must be the disk's name, as in 'sda'")
    sector = fields.number("sector", SECTOR, SECTOR, 4096)
    if sector not in {512, 4096}:
        fields.problem("sector", f"must be 512 or 4096, not {sector}")
    removable = fields.raw("removable", False)
    return LayoutDisk(
        name=name,
        device=f"/dev/{name}",
        id=fields.text("disk", name),
        size=fields.number("size", 0, 0, LARGEST),
        links=fields.texts("extra") if fields.raw("extra") else (),
        sector=sector,
        rotational=fields.flag("rotational") if fields.raw("rotational") is not None else None,
        wwn=_fact(fields, "wwn"),
        serial=_fact(fields, "serial"),
        model=_fact(fields, "model"),
        removable=removable in (True, 1, "1"),
        vendor=_fact(fields, "vendor"),
        hctl=_fact(fields, "hctl"),
    )


def _fact(fields: Fields, key: str) -> str:
    return fields.text(key) if fields.raw(key) is not None else ""


def _partition(fields: Fields, disk: LayoutDisk) -> Partition:
    number = fields.number("number", 1, 1, MOST_PARTITIONS)
    start = fields.number("start", disk.sector, disk.sector, LARGEST)
    size = fields.number("size", disk.sector, disk.sector, LARGEST)
    if start % disk.sector or size % disk.sector:
        fields.problem("", f"starts at {start} with {size} bytes, which are not whole sectors of {disk.sector} bytes")
    if start + size > disk.size:
        fields.problem(
            "", f"ends at {start + size}, behind the end of the disk at {disk.size} ({size_text(disk.size)})"
        )
    keep = fields.flag("keep")
    return Partition(number, start, size, Use.RAW, fields.text("name"), fields.text("guid"), keep)
