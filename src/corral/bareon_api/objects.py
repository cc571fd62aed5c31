"""What a layout consists of, in the words of the agents' `nailgun_simple` form: sizes and borders in bytes, ends inclusive.

A name in a path is the device's without `/dev/`: `sda`, `sda3`, `md0`, for a logical volume and what is on it device-mapper's
(`os-root`), since two groups may each have a `root`. Rule: keys and units here are those that agents read; none is added.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from corral.domain.layout import MIB, volume_device

MOST = 2**63 - 1  # what databases and agents can hold
Size = Annotated[int, Field(ge=0, le=MOST, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Word = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Device = Annotated[str, StringConstraints(max_length=255, pattern=r"^/dev/[A-Za-z0-9!_.+:-]+(/[A-Za-z0-9!_.+:-]+)*$")]
LvmName = Annotated[str, StringConstraints(max_length=127, pattern=r"^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$")]
Level = Literal["0", "1"]  # agents refuse all others, after they have wiped the disks


class Kind(StrEnum):
    """The collections of a layout, in the order in which an agent makes them."""

    PARTEDS = "parteds"
    MDS = "mds"
    PVS = "pvs"
    VGS = "vgs"
    LVS = "lvs"
    FSS = "fss"


class _Strict(BaseModel):
    # By name only: an agent fails on a key that it does not know.
    model_config = ConfigDict(extra="forbid")

    @property
    def key(self) -> str:
        """The name in paths."""
        return short(str(getattr(self, "name", "")))

    def as_json(self) -> dict[str, Any]:
        """As agents read it: with every key, for their own defaults are not those of this form."""
        return self.model_dump()


class Partition(_Strict):
    """A partition. `begin` and `end` are its first and last byte, `count` its number."""

    name: Device
    count: Annotated[int, Field(ge=1, le=1024, strict=True)]
    device: Device
    begin: Size
    end: Size
    partition_type: Literal["primary", "logical", "extended"] = "primary"
    flags: Annotated[list[Word], Field(max_length=16)] = Field(default_factory=list)
    guid: Word | None = None
    configdrive: Flag = False
    keep_data: Flag = False


class Parted(_Strict):
    """A disk's partition table. `label`: its kind. `disk_size` in bytes."""

    name: Device
    label: Literal["gpt", "msdos"]
    partitions: Annotated[list[Partition], Field(max_length=1024)]
    install_bootloader: Flag = False
    disk_size: Size | None = None

    def as_json(self) -> dict[str, Any]:
        """As agents read it; a size that nobody told is no size."""
        return self.model_dump(exclude={"disk_size"} if self.disk_size is None else None)


class Md(_Strict):
    """An MD array."""

    name: Device
    level: Level
    devices: Annotated[list[Device], Field(max_length=1024)] = Field(default_factory=list)
    spares: Annotated[list[Device], Field(max_length=1024)] = Field(default_factory=list)
    metadata: Word = "default"
    keep_data: Flag = False


class Pv(_Strict):
    """An LVM physical volume: `name` is the partition or array that it is on, `metadatasize` bytes of each copy of metadata."""

    name: Device
    metadatasize: Size = 64 * MIB
    metadatacopies: Annotated[int, Field(ge=0, le=2, strict=True)] = 2
    keep_data: Flag = False


class Vg(_Strict):
    """An LVM volume group."""

    name: LvmName
    pvnames: Annotated[list[Device], Field(max_length=1024)] = Field(default_factory=list)
    keep_data: Flag = False


class Lv(_Strict):
    """An LVM logical volume; `size` in bytes."""

    name: LvmName
    vgname: LvmName
    size: Size
    keep_data: Flag = False

    @property
    def device(self) -> str:
        """Its path."""
        return volume_device(self.vgname, self.name)

    @property
    def key(self) -> str:
        """The name in paths."""
        return short(self.device)


class Fs(_Strict):
    """A file system. `mount` may be `swap`, or empty for one that is made and not mounted."""

    device: Device
    mount: Word | None = None
    fs_type: Annotated[Word, Field(min_length=1)] = "xfs"
    fs_options: Word = ""
    fs_label: Annotated[Word, Field(max_length=12)] = ""  # agents cut longer ones off
    keep_data: Flag = False

    @property
    def key(self) -> str:
        """The name in paths."""
        return short(self.device)


Object = Parted | Md | Pv | Vg | Lv | Fs


class Partitioning(_Strict):
    """A node's whole layout."""

    parteds: Annotated[list[Parted], Field(max_length=1024)] = Field(default_factory=list)
    mds: Annotated[list[Md], Field(max_length=1024)] = Field(default_factory=list)
    pvs: Annotated[list[Pv], Field(max_length=4096)] = Field(default_factory=list)
    vgs: Annotated[list[Vg], Field(max_length=1024)] = Field(default_factory=list)
    lvs: Annotated[list[Lv], Field(max_length=4096)] = Field(default_factory=list)
    fss: Annotated[list[Fs], Field(max_length=4096)] = Field(default_factory=list)

    def of(self, kind: Kind) -> list[Any]:
        """The collection of that kind."""
        found: list[Any] = getattr(self, kind)
        return found

    def having(self, **collections: list[Any]) -> Partitioning:
        """The same with other collections."""
        return self.model_copy(update=collections)

    def partitions(self) -> list[Partition]:
        """The partitions of all disks."""
        return [one for table in self.parteds for one in table.partitions]

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """As agents read it."""
        return {str(kind): [one.as_json() for one in self.of(kind)] for kind in Kind}


def short(device: str) -> str:
    """A device's name in paths: `/dev/sda3` is `sda3`, `/dev/mapper/os-root` is `os-root`, `/dev/cciss/c0d0` is `cciss!c0d0`."""
    return device.removeprefix("/dev/").removeprefix("mapper/").replace("/", "!")
