"""The spaces of a node: what is on each of its disks, and which volume groups they make. Its JSON form is `ks_spaces`.

Sizes are MiB. A physical volume's size includes what LVM takes for itself (`meta`); the sizes of groups do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corral.domain.errors import Invalid
from corral.layouts.nailgun import reading
from corral.layouts.nailgun.schema import Allocate, Kind

BOOT_MOUNT = "/boot"
ONE_BOOTABLE = "Only one disk should be selected as bootable."


class Part(StrEnum):
    """What an entry on a disk is."""

    RECORDS = "boot"
    POOL = "lvm_meta_pool"
    PHYSICAL = "pv"
    PARTITION = "partition"
    RAID = "raid"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a disk. `name`: of the volume, or of the volume group that a physical volume belongs to."""

    part: Part
    size: int
    name: str = ""
    meta: int = 0
    mount: str | None = None
    file_system: str | None = None
    disk_label: str | None = None
    guid: str | None = None
    keep_data: bool = False

    @property
    def boot(self) -> bool:
        """It is the disk's part of /boot."""
        return self.mount == BOOT_MOUNT

    @property
    def service(self) -> bool:
        """It is there for booting or LVM, and no volume of the user's."""
        return self.boot or self.part in (Part.RECORDS, Part.POOL)

    @property
    def net(self) -> int:
        """What is of use: the size without what LVM takes."""
        return max(0, self.size - self.meta)

    def as_json(self) -> dict[str, Any]:
        """Its form in `ks_spaces`."""
        data: dict[str, Any] = {"type": str(self.part), "size": self.size}
        if self.part is Part.PHYSICAL:
            data |= {"vg": self.name, "lvm_meta_size": self.meta}
        elif self.part in (Part.PARTITION, Part.RAID):
            data |= {"name": self.name, "mount": self.mount, "file_system": self.file_system}
            data |= {} if self.boot else {"disk_label": self.disk_label, "partition_guid": self.guid}
        return data | {"keep_data": True} if self.keep_data else data


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """A disk. `id`: its path under /dev. `free_space`: what no entry uses; a stale number in the legacy version."""

    id: str
    name: str
    size: int
    entries: tuple[Entry, ...]
    free_space: int
    extra: tuple[str, ...] = ()
    bootable: bool = False

    @property
    def unused(self) -> int:
        """What no entry uses, counted afresh."""
        return self.size - sum(entry.size for entry in self.entries)

    @property
    def capacity(self) -> int:
        """What the user's volumes may take together."""
        taken = sum(entry.size for entry in self.entries if entry.service) + sum(entry.meta for entry in self.entries)
        return max(0, self.size - taken)

    @property
    def volumes(self) -> tuple[Entry, ...]:
        """The user's volumes."""
        return tuple(entry for entry in self.entries if not entry.service)

    def as_json(self) -> dict[str, Any]:
        """Its form in `ks_spaces`."""
        return {
            "id": self.id,
            "extra": list(self.extra),
            "name": self.name,
            "type": "disk",
            "size": self.size,
            "volumes": [entry.as_json() for entry in self.entries],
            "free_space": self.free_space,
            "bootable": self.bootable,
        }


@dataclass(frozen=True, slots=True)
class LogicalSpace:
    """A logical volume; its size is below zero where the legacy version is at fault."""

    name: str
    size: int
    mount: str
    file_system: str

    def as_json(self) -> dict[str, Any]:
        """Its form in `ks_spaces`."""
        return {
            "type": "lv",
            "name": self.name,
            "mount": self.mount,
            "size": self.size,
            "file_system": self.file_system,
        }


@dataclass(frozen=True, slots=True)
class GroupSpace:
    """A volume group."""

    id: str
    label: str
    min_size: int
    allocate: Allocate
    logical: tuple[LogicalSpace, ...] = ()
    mount: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Its form in `ks_spaces`."""
        mount = {} if self.mount is None else {"mount": self.mount}
        return {
            "id": self.id,
            "type": str(Kind.GROUP),
            "label": self.label,
            "min_size": self.min_size,
            **mount,
            "volumes": [logical.as_json() for logical in self.logical],
            "_allocate_size": str(self.allocate),
        }


@dataclass(frozen=True, slots=True)
class Spaces:
    """A node's disks, by name, and its volume groups."""

    disks: tuple[DiskSpace, ...] = ()
    groups: tuple[GroupSpace, ...] = ()

    def allocated(self, volume: str) -> int:
        """What a volume has on all disks, LVM's part included."""
        return sum(entry.size for disk in self.disks for entry in disk.volumes if entry.name == volume)

    def as_json(self) -> list[dict[str, Any]]:
        """The full form, `ks_spaces`: the disks, then the groups."""
        return [*(disk.as_json() for disk in self.disks), *(group.as_json() for group in self.groups)]


def group_totals(disks: tuple[DiskSpace, ...]) -> dict[str, int]:
    """What each volume group has got, without what LVM takes."""
    totals: dict[str, int] = {}
    for entry in (entry for disk in disks for entry in disk.entries if entry.part is Part.PHYSICAL):
        totals[entry.name] = totals.get(entry.name, 0) + entry.size - entry.meta
    return totals


# --- reading ------------------------------------------------------------------------------------------------

_ENTRY = ("type", "size", "vg", "lvm_meta_size", "name", "mount", "file_system")
_ENTRY_KEYS = (*_ENTRY, "disk_label", "partition_guid", "keep_data")
_DISK_KEYS = ("id", "extra", "name", "type", "size", "volumes", "free_space", "bootable")
_GROUP_KEYS = ("id", "type", "label", "min_size", "mount", "volumes", "_allocate_size")
_LOGICAL_KEYS = ("type", "name", "mount", "size", "file_system")


def read_spaces(data: Any) -> Spaces:
    """Spaces from `ks_spaces`, as `as_json` gave them. Raises Invalid."""
    disks, groups = [], []
    for n, one in enumerate(reading.sequence(data, "ks_spaces", 2 * reading.MOST_ITEMS)):
        where = f"ks_spaces[{n}]"
        kind = one.get("type") if isinstance(one, Mapping) else None
        if reading.choice(kind, f"{where}.type", ("disk", "vg")) == "disk":
            disks.append(_disk(one, where))
        else:
            groups.append(_group(one, where))
    if len({disk.id for disk in disks}) != len(disks):
        raise Invalid("ks_spaces: two disks have the same id.", fix="Give each its own.")
    if sum(disk.bootable for disk in disks) > 1:
        raise Invalid(ONE_BOOTABLE, fix="Choose one.")
    return Spaces(tuple(disks), tuple(groups))


def _disk(data: Any, where: str) -> DiskSpace:
    given = reading.mapping(data, where, _DISK_KEYS, ("id", "name", "size", "volumes"))
    listed = reading.sequence(given["volumes"], f"{where}.volumes")
    entries = tuple(_entry(one, f"{where}.volumes[{n}]") for n, one in enumerate(listed))
    extra = reading.sequence(given.get("extra") or (), f"{where}.extra", 64)
    disk = DiskSpace(
        id=reading.text(given["id"], f"{where}.id"),
        name=reading.text(given["name"], f"{where}.name", 64),
        size=reading.integer(given["size"], f"{where}.size"),
        entries=entries,
        free_space=reading.integer(given.get("free_space", 0), f"{where}.free_space"),
        extra=tuple(reading.text(link, f"{where}.extra") for link in extra),
        bootable=reading.flag(given.get("bootable", False), f"{where}.bootable"),
    )
    if disk.unused < 0:
        raise Invalid(f"{where}: the volumes are {-disk.unused} MiB bigger than the disk.", fix="Make them smaller.")
    return disk


def _entry(data: Any, where: str) -> Entry:
    given = reading.mapping(data, where, _ENTRY_KEYS, ("type", "size"))
    part = Part(reading.choice(given["type"], f"{where}.type", list(Part)))
    named = {Part.PHYSICAL: "vg", Part.PARTITION: "name", Part.RAID: "name"}.get(part)
    meta = reading.integer(given.get("lvm_meta_size", 0), f"{where}.lvm_meta_size")
    texts = {"mount": "mount", "file_system": "file_system", "disk_label": "disk_label", "partition_guid": "guid"}
    return Entry(
        part=part,
        size=reading.integer(given["size"], f"{where}.size", least=meta),
        name=reading.text(given.get(named), f"{where}.{named}", 64) if named else "",
        meta=meta,
        keep_data=reading.flag(given.get("keep_data", False), f"{where}.keep_data"),
        **{to: reading.text(given[key], f"{where}.{key}") for key, to in texts.items() if given.get(key)},
    )


def _group(data: Any, where: str) -> GroupSpace:
    given = reading.mapping(data, where, _GROUP_KEYS, ("id", "label", "min_size", "volumes", "_allocate_size"))
    listed = reading.sequence(given["volumes"], f"{where}.volumes", 64)
    return GroupSpace(
        id=reading.text(given["id"], f"{where}.id", 64),
        label=reading.text(given["label"], f"{where}.label"),
        min_size=reading.integer(given["min_size"], f"{where}.min_size"),
        allocate=Allocate(reading.choice(given["_allocate_size"], f"{where}._allocate_size", list(Allocate))),
        logical=tuple(_logical(one, f"{where}.volumes[{n}]") for n, one in enumerate(listed)),
        mount=reading.text(given["mount"], f"{where}.mount") if given.get("mount") else None,
    )


def _logical(data: Any, where: str) -> LogicalSpace:
    given = reading.mapping(data, where, _LOGICAL_KEYS, ("name", "size"))
    return LogicalSpace(
        name=reading.text(given["name"], f"{where}.name", 64),
        size=reading.integer(given["size"], f"{where}.size", least=-reading.MOST_MIB),
        mount=reading.text(given.get("mount") or "none", f"{where}.mount"),
        file_system=reading.text(given.get("file_system") or "xfs", f"{where}.file_system", 32),
    )
