"""systemd-repart: a folder of `*.conf` for each disk, named by the disk.

Run `systemd-repart --empty=force --definitions=FOLDER DISK` for each. It packs the partitions from 1 MiB on in the order of the
files' names; space that is to stay free after one is its padding. A disk that is kept as it is gets no folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from corral.domain.layout import MIB, DiskTable, FileSystem, Layout
from corral.domain.reasons import Reason
from corral.layouts.writers.abilities import Abilities, Keep, all_kept, beyond, reason, refuse
from corral.layouts.writers.types import made, type_guid, used

TARGET = "systemd-repart"
_GRAIN = 4096

ABLE = Abilities(
    unit=_GRAIN,
    file_systems=frozenset({"ext4", "btrfs", "xfs", "vfat", "swap"}),
    label=36,  # it takes the label from the GPT name
    mkfs_options=False,
    keep=Keep.DISK,
)


def definitions(layout: Layout) -> dict[str, str]:
    """The files by path, such as `sda/10-root.conf`.

    Raises:
        Refused: with everything that systemd-repart can't do.
    """
    refuse(TARGET, _problems(layout))
    return {path: text for table in used(layout) if not all_kept(table) for path, text in _files(layout, table)}


def _problems(layout: Layout) -> Iterator[Reason]:
    yield from beyond(layout, ABLE, TARGET)
    for table in used(layout):
        if all_kept(table):
            continue
        first = made(table)[0]
        if first.start != MIB:
            message = f"{table.device(first)} starts at byte {first.start}; {TARGET} puts the first partition at {MIB}."
            yield reason("place", message, "Start the disk's first partition at 1 MiB.")
        for partition in made(table):
            fs = _on(layout, table.device(partition))
            if fs and fs.keep:
                message = f"{fs.device} has content to keep, and {TARGET} makes its disk anew."
                yield reason("keep", message, "Keep the whole disk, or nothing of it.")
            if fs and fs.label and partition.name and fs.label != partition.name:
                message = (
                    f"{fs.device} is named {partition.name!r} and its file system {fs.label!r}; {TARGET} has one label."
                )
                yield reason("label", message, "Use the same for both.")


def _files(layout: Layout, table: DiskTable) -> Iterator[tuple[str, str]]:
    partitions = made(table)
    for index, partition in enumerate(partitions):
        following = partitions[index + 1].start if index + 1 < len(partitions) else None
        fs = _on(layout, table.device(partition))
        lines = ["[Partition]", f"Type={type_guid(partition)}"]
        label = partition.name or (fs.label if fs else "")
        lines += [f"Label={label.replace('%', '%%')}"] if label else []
        lines += [f"SizeMinBytes={partition.size}", f"SizeMaxBytes={partition.size}"]
        if following is not None:
            # Without a bound it would spread the free space of the disk between the partitions.
            lines += [f"PaddingMinBytes={following - partition.end}", f"PaddingMaxBytes={following - partition.end}"]
        lines += [f"Format={fs.kind}"] if fs else []
        yield f"{table.disk.name}/{partition.number:03d}.conf", "\n".join(lines) + "\n"


def _on(layout: Layout, device: str) -> FileSystem | None:
    return next((fs for fs in layout.file_systems if fs.device == device), None)
