"""Ironic: root device hints, sizes for a partition image, or a software RAID, as fields of the node.

Ironic lays out one disk, in its own order, and leaves the content of the root partition to the image:

    [ESP of 550 MiB | BIOS boot of 1 MiB]  [ephemeral]  [swap]  [config drive]  root

So a layout must be of that form to be written. Everything else is refused, with what Ironic would do instead. Other disks of the
layout must be kept as they are: deploying does not touch them.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any

from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, LayoutDisk, Partition, TableKind, Use
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, Keep, all_kept, beyond, reason, refuse
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.types import made, used

TARGET = "Ironic"
GIB = 1024 * MIB
ESP_SIZE, BIOS_GRUB_SIZE = 550 * MIB, MIB  # the agent's defaults
_CONFIG_DRIVE_MAX = 64 * MIB

PLAIN = Abilities(
    unit=MIB,
    tables=frozenset(TableKind),
    uses=frozenset({Use.ESP, Use.BIOS_GRUB, Use.FILE_SYSTEM, Use.SWAP, Use.CONFIG_DRIVE, Use.RESERVED}),
    mkfs_options=False,
    keep=Keep.EACH,
)


def node_fields(layout: Layout, deployment: Deployment) -> dict[str, Any]:
    """`properties` and `instance_info` to patch onto the node.

    Raises:
        Refused: with everything that Ironic would do otherwise.
    """
    refuse(TARGET, _problems(layout, deployment))
    table = next(table for table in used(layout) if not all_kept(table))
    roles = {_role(layout, table, partition): partition for partition in made(table)}
    info: dict[str, Any] = {"root_gb": roles["root"].size // GIB, "capabilities": _capabilities(table)}
    info["swap_mb"] = roles["swap"].size // MIB if "swap" in roles else 0
    info["ephemeral_gb"] = roles["ephemeral"].size // GIB if "ephemeral" in roles else 0
    if "ephemeral" in roles:
        fs = _on(layout, table.device(roles["ephemeral"]))
        info |= {"ephemeral_format": fs.kind if fs else "", "preserve_ephemeral": roles["ephemeral"].keep}
    if "config drive" in roles:
        info["configdrive"] = deployment.config_drive
    return {"properties": properties(table), "instance_info": info}


def properties(table: DiskTable, boot_mode: str = "") -> dict[str, Any]:
    """The node's properties for deploying to this disk."""
    mode = boot_mode or ("uefi" if any(p.use is Use.ESP for p in table.partitions) else "bios")
    capabilities = f"boot_mode:{mode},boot_option:local,disk_label:{table.kind}"
    return {"root_device": hints(table.disk), "capabilities": capabilities}


def hints(disk: LayoutDisk) -> dict[str, str]:
    """What finds this disk and no other one: the most durable name there is."""
    if disk.wwn:
        return {"wwn": disk.wwn}
    if disk.serial:
        return {"serial": disk.serial}
    if disk.id.startswith("disk/by-path/"):
        return {"by_path": f"/dev/{disk.id}"}
    return {"name": disk.device}


def _capabilities(table: DiskTable) -> dict[str, str]:
    return {"boot_option": "local", "disk_label": str(table.kind)}


def _problems(layout: Layout, deployment: Deployment) -> Iterator[Reason]:
    yield from beyond(layout, PLAIN, TARGET)
    fresh = [table for table in used(layout) if not all_kept(table)]
    if len(fresh) != 1:
        names = ", ".join(table.disk.name for table in fresh) or "none"
        yield reason(
            "disks", f"The layout makes partitions on {names}; {TARGET} deploys to one disk.", "Lay out one disk."
        )
    for table in fresh:
        if not any(fs.mount == "/" and fs.device in _devices(table) for fs in layout.file_systems):
            message = f"{table.disk.name} has no root file system, which {TARGET} deploys to."
            yield reason("root", message, "Mount a partition of it at /.")
        yield from _order(layout, table)
        for partition in made(table):
            yield from _partition(layout, table, partition, deployment)


def _devices(table: DiskTable) -> set[str]:
    return {table.device(p) for p in made(table)}


_ORDER = ("boot", "ephemeral", "swap", "config drive", "root")


def _order(layout: Layout, table: DiskTable) -> Iterator[Reason]:
    roles = [_role(layout, table, p) for p in made(table)]
    wanted = [role for role in _ORDER if role in roles]
    if roles != wanted:
        yield reason(
            "order",
            f"{table.disk.name} has {', '.join(roles)}; {TARGET} makes at most one of each, in this order: {', '.join(_ORDER)}.",
            "Order the partitions in that way; root comes last.",
        )
    if table.kind is TableKind.GPT and "boot" not in roles:
        message = f"{table.disk.name} has a GPT without ESP or BIOS boot partition, which {TARGET} always makes."
        yield reason("boot", message, "Start with an ESP of 550 MiB (UEFI) or a BIOS boot partition of 1 MiB.")
    free = MIB
    for partition in made(table):
        if partition.start != free:
            message = f"{table.device(partition)} starts at byte {partition.start}; {TARGET} would put it at {free}."
            yield reason("place", message, "Leave no space before it.")
        free = partition.end


def _partition(layout: Layout, table: DiskTable, part: Partition, deployment: Deployment) -> Iterator[Reason]:
    device, role, fs = table.device(part), _role(layout, table, part), _on(layout, table.device(part))
    if part.guid:
        yield reason("guid", f"{device} has a partition type of its own; {TARGET} sets none.", "Leave the type out.")
    size = {Use.ESP: ESP_SIZE, Use.BIOS_GRUB: BIOS_GRUB_SIZE}.get(part.use, part.size)
    if part.size != size:
        message = f"{device} has {part.size // MIB} MiB; {TARGET}'s agent makes it {size // MIB} MiB."
        yield reason("size", message, f"Make it {size // MIB} MiB.")
    if role in ("root", "ephemeral") and part.size % GIB:
        yield reason("size", f"{device} has {part.size} bytes; {TARGET} counts {role} in GiB.", "Make it whole GiB.")
    if (part.keep or (fs is not None and fs.keep)) and role != "ephemeral":
        message = f"{device} is to be kept; a rebuild of {TARGET} keeps the ephemeral partition only."
        yield reason("keep", message, "Put what must stay on the ephemeral partition.")
    if fs is not None and fs.label and role != "boot":
        yield reason("label", f"{TARGET} sets no label {fs.label!r} on {device}.", "Leave it out.")
    if role == "ephemeral" and fs is not None and fs.mount:
        message = f"{device} is mounted at {fs.mount}, and {TARGET} mounts nothing; cloud-init in the image does."
        yield reason("mount", message, "Leave the mount point out.")
    if role == "config drive":
        yield from _config_drive(device, part, deployment)


def _config_drive(device: str, partition: Partition, deployment: Deployment) -> Iterator[Reason]:
    """Ironic's partition is as large as what goes into it, in whole MiB."""
    size = _unpacked(deployment.config_drive)
    if size is None:
        message = f"{device} is a config drive, and none was given; {TARGET} makes the partition only with one."
        yield reason("config-drive", message, "Give it, gzipped and in base64, or leave the partition out.")
    elif -(-size // MIB) * MIB != partition.size:
        message = f"{device} has {partition.size // MIB} MiB; the config drive needs {-(-size // MIB)} MiB, and gets just that."
        yield reason("config-drive", message, f"Make it {-(-size // MIB)} MiB.")


def _unpacked(config_drive: str) -> int | None:
    """The size of a config drive in bytes; None for one that is no such thing, or larger than Ironic takes."""
    try:
        packed = base64.b64decode(config_drive, validate=True)
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            size = len(stream.read(_CONFIG_DRIVE_MAX + 1))
    except (binascii.Error, OSError, EOFError, zlib.error):
        return None
    return size if 0 < size <= _CONFIG_DRIVE_MAX else None


def _role(layout: Layout, table: DiskTable, partition: Partition) -> str:
    """Which of Ironic's partitions this is."""
    if partition.use in (Use.ESP, Use.BIOS_GRUB):
        return "boot"
    if partition.use in (Use.SWAP, Use.CONFIG_DRIVE):
        return partition.use.replace("_", " ")
    fs = _on(layout, table.device(partition))
    return "root" if fs is not None and fs.mount == "/" else "ephemeral"


def _on(layout: Layout, device: str) -> FileSystem | None:
    return next((fs for fs in layout.file_systems if fs.device == device), None)
