"""A disk layout, exact to the byte: what is on each disk, and what is built from it.

One model for everybody: the layouts of roles (`layouts.nailgun`), the allocator (`layouts.exact`) and the Bareon-API service
make it; the writers (`layouts.writers`) turn it into what agents, Ironic, cloud-init, Ignition and systemd-repart read.

Units are bytes, and every start and size is a multiple of the disk's sector. A device is named by the path at which the
deployed system finds it: `/dev/sda1`, `/dev/md0`, `/dev/mapper/os-root`. Rule: nothing here knows a target's units or borders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024
SECTOR = 512

_SUFFIXED = re.compile(r"(?:nvme\d+n\d+|mmcblk\d+|loop\d+|md\d+|nbd\d+|c\d+d\d+)$")  # these put a `p` before the number


def partition_device(disk: str, number: int) -> str:
    """The path of a disk's partition: `/dev/sda` and 1 give `/dev/sda1`, `/dev/nvme0n1` gives `/dev/nvme0n1p1`."""
    return f"{disk}p{number}" if _SUFFIXED.search(disk) else f"{disk}{number}"


def volume_device(group: str, name: str) -> str:
    """The path of a logical volume; device-mapper doubles dashes within names."""
    return f"/dev/mapper/{group.replace('-', '--')}-{name.replace('-', '--')}"


class TableKind(StrEnum):
    """Partition tables."""

    GPT = "gpt"
    MSDOS = "msdos"


class Use(StrEnum):
    """What a partition is for."""

    BIOS_GRUB = "bios_grub"
    ESP = "esp"
    BOOT = "boot"
    FILE_SYSTEM = "file_system"
    SWAP = "swap"
    RAID = "raid"
    LVM = "lvm"
    RAW = "raw"  # a whole partition for a service, such as a Ceph OSD
    CONFIG_DRIVE = "config_drive"
    RESERVED = "reserved"  # kept free


@dataclass(frozen=True, slots=True)
class LayoutDisk:
    """A disk to lay out. `device`: `/dev/sda`. `id`: its durable id, such as `disk/by-path/…`. `links`: its other names
    under /dev (`disk/by-id/…`). `size` in bytes. `rotational`: None when unknown."""

    name: str
    device: str
    id: str
    size: int
    links: tuple[str, ...] = ()
    sector: int = SECTOR
    rotational: bool | None = None
    wwn: str = ""
    serial: str = ""
    model: str = ""
    removable: bool = False
    vendor: str = ""
    hctl: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition. `start` and `size` in bytes, `end` is the first byte after it. `guid` is its GPT type, empty for the one
    that goes with `use`. `keep`: it exists, and neither it nor its content may change."""

    number: int
    start: int
    size: int
    use: Use
    name: str = ""
    guid: str = ""
    keep: bool = False

    @property
    def end(self) -> int:
        """The first byte after the partition."""
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class DiskTable:
    """A disk with its partitions, in order of their start. `bootable`: the boot loader goes here."""

    disk: LayoutDisk
    partitions: tuple[Partition, ...] = ()
    kind: TableKind = TableKind.GPT
    bootable: bool = False

    def device(self, partition: Partition) -> str:
        """The path of one of the partitions."""
        return partition_device(self.disk.device, partition.number)


@dataclass(frozen=True, slots=True)
class Raid:
    """An MD array. `level` as mdadm has it: `0`, `1`, `5`, `6`, `10`, `linear`. `size`: usable bytes."""

    device: str
    level: str
    members: tuple[str, ...]
    size: int
    spares: tuple[str, ...] = ()
    metadata: str = "default"
    keep: bool = False


@dataclass(frozen=True, slots=True)
class PhysicalVolume:
    """An LVM physical volume on a partition or array. `metadata`: bytes of each of its `copies` of metadata."""

    device: str
    metadata: int = 64 * MIB
    copies: int = 2
    keep: bool = False


@dataclass(frozen=True, slots=True)
class VolumeGroup:
    """An LVM volume group. `extent` in bytes. `label` is for people."""

    name: str
    volumes: tuple[str, ...]
    extent: int = 4 * MIB
    label: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class LogicalVolume:
    """An LVM logical volume; `size` in bytes is a multiple of the group's extent."""

    name: str
    group: str
    size: int
    keep: bool = False

    @property
    def device(self) -> str:
        """Its path under /dev/mapper."""
        return volume_device(self.group, self.name)


@dataclass(frozen=True, slots=True)
class FileSystem:
    """A file system on a device, `kind` as in fstab (`ext4`, `xfs`, `swap`, `vfat`). `mount`: a path, `swap`, or empty for one
    that is made and not mounted."""

    device: str
    kind: str
    mount: str = ""
    label: str = ""
    options: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """All disks of one node, and what is built from them."""

    tables: tuple[DiskTable, ...] = ()
    raids: tuple[Raid, ...] = ()
    physical: tuple[PhysicalVolume, ...] = ()
    groups: tuple[VolumeGroup, ...] = ()
    logical: tuple[LogicalVolume, ...] = ()
    file_systems: tuple[FileSystem, ...] = ()

    def table(self, disk: str) -> DiskTable | None:
        """The table of the disk with this name, or None."""
        return next((table for table in self.tables if table.disk.name == disk), None)
