"""The schema of a layout, version 2: which volumes there are to be, how large, on which disks.

These are the values that `reading` makes from YAML or JSON; sizes are bytes. docs/how-to/lay-out-disks.md explains each key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corral.domain.layout import MIB, Use
from corral.layouts.exact.amounts import Amount, Wish
from corral.layouts.exact.selectors import Selector

VERSION = 2


class Kind(StrEnum):
    """What a volume is."""

    PARTITION = "partition"
    RAID = "raid"
    GROUP = "vg"


class Firmware(StrEnum):
    """How the machine starts: what its boot disk must have."""

    BIOS = "bios"
    UEFI = "uefi"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Content:
    """What is made on a device: a file system, or nothing. `mount`: a path, `swap`, or empty."""

    file_system: str = ""
    mount: str = ""
    label: str = ""
    options: str = ""


NOTHING = Content()
ANYWHERE = Selector()


@dataclass(frozen=True, slots=True)
class LogicalSpec:
    """A logical volume that a group is to have. A percentage is of the group."""

    name: str
    amount: Amount
    content: Content = NOTHING


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """A partition, an array or a volume group.

    `reuse`: the name of an existing partition to take as it is. `level`, `devices`, `spares`: of an array. `on` (key
    `array`): the array that carries the group. `extent`, `metadata` (of each of `copies`), `volumes`: of a group.
    A percentage is of the disk that a partition or an array's member is on; for a group, of all disks that it may be on.
    """

    name: str
    kind: Kind
    amount: Amount
    disks: Selector = ANYWHERE
    content: Content = NOTHING
    use: Use = Use.RAW
    guid: str = ""
    reuse: str = ""
    one_disk: bool = False
    same_disk: tuple[str, ...] = ()
    other_disk: tuple[str, ...] = ()
    level: str = ""
    devices: int = 1
    spares: int = 0
    on: str = ""
    extent: int = 4 * MIB
    metadata: int = 64 * MIB
    copies: int = 2
    label: str = ""
    volumes: tuple[LogicalSpec, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is on exactly one disk."""
        return self.kind is Kind.PARTITION or self.one_disk


@dataclass(frozen=True, slots=True)
class Boot:
    """The boot disk: what the firmware needs is put on one disk, which is marked as bootable."""

    firmware: Firmware
    disks: Selector = ANYWHERE
    esp: int = 512 * MIB

    def volumes(self) -> tuple[VolumeSpec, ...]:
        """The partitions that the firmware needs."""
        wanted = []
        if self.firmware is not Firmware.UEFI:
            wanted.append(VolumeSpec(BIOS_GRUB, Kind.PARTITION, _exactly(MIB), self.disks, use=Use.BIOS_GRUB))
        if self.firmware is not Firmware.BIOS:
            content = Content("vfat", "/boot/efi", "ESP")
            tied = (BIOS_GRUB,) if wanted else ()
            amount = _exactly(self.esp)
            wanted.append(VolumeSpec(ESP, Kind.PARTITION, amount, self.disks, content, Use.ESP, same_disk=tied))
        return tuple(wanted)


BIOS_GRUB = "bios_grub"
ESP = "esp"


def _exactly(size: int) -> Amount:
    return Amount(Wish.EXACT, size, size)


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole schema. `roles`: the names of the volumes that each role brings; empty: every node gets all volumes.

    `alignment` in bytes: a power of two, at least 1 MiB. `wipe`: existing partitions that nobody marked as kept may go.
    `spare`: bytes at the end of each disk that stay free.
    """

    volumes: tuple[VolumeSpec, ...]
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boot: Boot | None = None
    alignment: int = MIB
    wipe: bool = False
    spare: int = 0
