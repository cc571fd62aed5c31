"""A layout that is wrong is told all of what is wrong; one that is right is told nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exact_nodes import GIB, MIB

from corral.domain.layout import (
    DiskTable,
    FileSystem,
    Layout,
    LayoutDisk,
    LogicalVolume,
    Partition,
    PhysicalVolume,
    Raid,
    Use,
    VolumeGroup,
)
from corral.layouts.check import check

SDA = LayoutDisk("sda", "/dev/sda", "sda", 10 * GIB)
SDB = LayoutDisk("sdb", "/dev/sdb", "sdb", 10 * GIB)
ESP = Partition(1, MIB, 512 * MIB, Use.ESP)
PV = Partition(2, 513 * MIB, 4 * GIB, Use.LVM)
R = [Partition(1, MIB, GIB, Use.RAID)]
GOOD = Layout(
    (DiskTable(SDA, (ESP, PV), bootable=True), DiskTable(SDB, (Partition(1, MIB, GIB, Use.FILE_SYSTEM),))),
    physical=(PhysicalVolume("/dev/sda2"),),
    groups=(VolumeGroup("os", ("/dev/sda2",)),),
    logical=(LogicalVolume("root", "os", 3 * GIB),),
    file_systems=(FileSystem("/dev/mapper/os-root", "ext4", "/"), FileSystem("/dev/sdb1", "xfs", "/data")),
)


def codes(layout: Layout, *now: DiskTable) -> set[str]:
    return {flaw.code for flaw in check(layout, now)}


def with_table(index: int, **changes: object) -> Layout:
    tables = list(GOOD.tables)
    tables[index] = replace(tables[index], **changes)  # type: ignore[arg-type]
    return replace(GOOD, tables=tuple(tables))


def on_sdb(*partitions: Partition) -> Layout:
    return replace(with_table(1, partitions=partitions), file_systems=GOOD.file_systems[:1])


def test_a_layout_that_is_right_has_no_flaw() -> None:
    assert check(GOOD) == ()


WRONG = {
    "overlap": on_sdb(Partition(1, MIB, 2 * GIB, Use.RAW), Partition(2, GIB, GIB, Use.RAW)),
    "misaligned": on_sdb(Partition(1, MIB + 512, GIB, Use.RAW)),
    "not-on-sectors": on_sdb(Partition(1, MIB + 1, GIB, Use.RAW)),
    "outside-disk": on_sdb(Partition(1, MIB, 10 * GIB, Use.RAW)),
    "partition-empty": on_sdb(Partition(1, MIB, 0, Use.RAW)),
    "number-twice": on_sdb(Partition(1, MIB, GIB, Use.RAW), Partition(1, 2 * GIB, GIB, Use.RAW)),
    "number-out-of-range": on_sdb(Partition(129, MIB, GIB, Use.RAW)),
    "no-boot-disk": with_table(0, bootable=False),
    "two-boot-disks": with_table(1, bootable=True),
    "config-drive-twice": on_sdb(Partition(1, MIB, MIB, Use.CONFIG_DRIVE), Partition(2, GIB, MIB, Use.CONFIG_DRIVE)),
    "name-twice": with_table(1, disk=SDA),
    "device-unknown": replace(GOOD, file_systems=(*GOOD.file_systems, FileSystem("/dev/sdz1", "xfs", "/z"))),
    "device-twice": replace(GOOD, file_systems=(*GOOD.file_systems, FileSystem("/dev/sdb1", "xfs", "/z"))),
    "mounted-twice": replace(GOOD, file_systems=(*GOOD.file_systems, FileSystem("/dev/sda1", "vfat", "/data"))),
    "mount-path": replace(GOOD, file_systems=(FileSystem("/dev/sda1", "vfat", "boot"),)),
    "group-too-small": replace(GOOD, logical=(LogicalVolume("root", "os", 4 * GIB),)),
    "group-unknown": replace(GOOD, logical=(LogicalVolume("root", "so", GIB),)),
    "lv-size": replace(GOOD, logical=(LogicalVolume("root", "os", GIB + 1),)),
    "pv-unknown": replace(GOOD, physical=()),
    "pv-twice": replace(GOOD, groups=(*GOOD.groups, VolumeGroup("more", ("/dev/sda2",)))),
    "raid-level": replace(GOOD, raids=(Raid("/dev/md0", "7", ("/dev/sda1", "/dev/sdb1"), MIB),)),
    "raid-devices": replace(GOOD, raids=(Raid("/dev/md0", "5", ("/dev/sda1", "/dev/sdb1"), MIB),)),
    "raid-uneven": replace(GOOD, raids=(Raid("/dev/md0", "1", ("/dev/sda1", "/dev/sdb1"), MIB),)),
    "raid-size": replace(GOOD, raids=(Raid("/dev/md0", "1", ("/dev/sda1", "/dev/sdb1"), GIB),)),
    "raid-one-disk": replace(GOOD, raids=(Raid("/dev/md0", "1", ("/dev/sda1", "/dev/sda2"), MIB),)),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_flaw_is_found(code: str) -> None:
    assert code in codes(WRONG[code])


KEPT = Partition(1, MIB, GIB, Use.RAW, keep=True)


def test_a_kept_partition_must_be_there_byte_for_byte() -> None:
    now = DiskTable(SDB, (KEPT,))
    assert codes(on_sdb(KEPT), now) == set()
    assert codes(on_sdb(), now) == {"kept-lost"}
    assert codes(on_sdb(replace(KEPT, size=2 * GIB)), now) == {"kept-changed", "kept-unknown"}
    assert codes(on_sdb(replace(KEPT, keep=False)), now) == {"kept-changed"}
    assert codes(on_sdb(replace(KEPT, number=2)), DiskTable(SDB)) == {"kept-unknown"}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    bad = replace(WRONG["overlap"], logical=(LogicalVolume("root", "so", 1),), groups=())
    assert {"overlap", "group-unknown"} <= codes(
        replace(bad, tables=tuple(replace(one, bootable=True) for one in bad.tables))
    )
    assert "two-boot-disks" in codes(replace(bad, tables=tuple(replace(one, bootable=True) for one in bad.tables)))
