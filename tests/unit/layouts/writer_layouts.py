"""Layouts for tests of the writers, put together by hand."""

from __future__ import annotations

from collections.abc import Sequence

from corral.domain.layout import (
    MIB,
    DiskTable,
    FileSystem,
    Layout,
    LayoutDisk,
    LogicalVolume,
    Partition,
    PhysicalVolume,
    Raid,
    TableKind,
    Use,
    VolumeGroup,
    partition_device,
)

GIB = 1024 * MIB


def disk(name: str = "sda", size: int = 20 * GIB) -> LayoutDisk:
    """A disk with a durable name of each kind but wwn and serial."""
    return LayoutDisk(name, f"/dev/{name}", f"disk/by-path/pci-0000:00:01.0-{name}", size, (f"disk/by-id/id-{name}",))


def table(
    parts: Sequence[tuple[Use, int]],
    name: str = "sda",
    size: int = 20 * GIB,
    *,
    start: int = MIB,
    bootable: bool = True,
    kind: TableKind = TableKind.GPT,
) -> DiskTable:
    """A table of one partition after the other: (use, bytes)."""
    made = []
    for number, (use, length) in enumerate(parts, 1):
        made.append(Partition(number, start, length, use))
        start += length
    return DiskTable(disk(name, size), tuple(made), kind, bootable)


def plain() -> Layout:
    """One disk with /boot, swap, a config drive and a root partition."""
    boot = table(
        (
            (Use.BIOS_GRUB, 24 * MIB),
            (Use.BOOT, 200 * MIB),
            (Use.SWAP, 1024 * MIB),
            (Use.CONFIG_DRIVE, 20 * MIB),
            (Use.FILE_SYSTEM, 10 * GIB),
        )
    )
    systems = (
        FileSystem("/dev/sda2", "ext2", "/boot"),
        FileSystem("/dev/sda3", "swap", "swap"),
        FileSystem("/dev/sda5", "ext4", "/", label="root"),
    )
    return Layout((boot,), file_systems=systems)


def stacked() -> Layout:
    """Two disks, one of them NVMe: /boot on RAID 1, LVM over both, dashes in names."""
    pv = 6 * GIB
    parts = [(Use.BIOS_GRUB, 24 * MIB), (Use.ESP, 200 * MIB), (Use.RAID, 200 * MIB), (Use.LVM, pv)]
    first = table([*parts, (Use.CONFIG_DRIVE, 20 * MIB)], "sda")
    second = table(parts, "nvme0n1", bootable=False)
    pvs = ("/dev/sda4", "/dev/nvme0n1p4")
    volumes = (LogicalVolume("root", "os-main", 8 * GIB), LogicalVolume("my-swap", "os-main", GIB))
    return Layout(
        (first, second),
        (Raid("/dev/md0", "1", ("/dev/sda3", "/dev/nvme0n1p3"), 199 * MIB),),
        tuple(PhysicalVolume(device, 28 * MIB) for device in pvs),
        (VolumeGroup("os-main", pvs, label="Base System"),),
        volumes,
        (
            FileSystem("/dev/md0", "ext2", "/boot"),
            FileSystem("/dev/mapper/os--main-root", "xfs", "/"),
            FileSystem("/dev/mapper/os--main-my--swap", "swap", "swap"),
        ),
    )


def data(*sizes: int, name: str = "sdb", size: int = 10 * GIB, kind: str = "xfs") -> Layout:
    """A data disk with file systems of these sizes, mounted at /data1 and so on."""
    parts = table([(Use.FILE_SYSTEM, each) for each in sizes], name, size, bootable=False)
    device = f"/dev/{name}"
    mounted = [
        FileSystem(partition_device(device, number), kind, f"/data{number}") for number in range(1, len(sizes) + 1)
    ]
    return Layout((parts,), file_systems=tuple(mounted))
