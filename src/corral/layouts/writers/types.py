"""GPT partition types: the GUID that goes with each use. Rule: lower case, as sfdisk and systemd-repart compare them."""

from __future__ import annotations

from corral.domain.layout import DiskTable, Layout, Partition, Use

LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4"
ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
BIOS_GRUB = "21686148-6449-6e6f-744e-656564454649"
SWAP = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"
RAID = "a19d880f-05fc-4d3b-a006-743f0f84911e"
LVM = "e6d6d379-f507-44c2-a23c-238f2a3df928"

_BY_USE: dict[Use, str] = {
    Use.BIOS_GRUB: BIOS_GRUB,
    Use.ESP: ESP,
    Use.SWAP: SWAP,
    Use.RAID: RAID,
    Use.LVM: LVM,
}


def type_guid(partition: Partition) -> str:
    """The partition's own type, or the one of its use; Linux data where no use asks for another."""
    return (partition.guid or _BY_USE.get(partition.use, LINUX)).lower()


def made(table: DiskTable) -> tuple[Partition, ...]:
    """The partitions that get an entry in the table, by start. What is reserved stays free space, without an entry."""
    return tuple(sorted((p for p in table.partitions if p.use is not Use.RESERVED), key=lambda p: p.start))


def used(layout: Layout) -> tuple[DiskTable, ...]:
    """The tables that have partitions. A disk without any is nobody's business, and no target may touch it."""
    return tuple(table for table in layout.tables if made(table))
