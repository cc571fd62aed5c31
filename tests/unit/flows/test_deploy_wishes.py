"""What a node and its layout ask of a source's deployment."""

from __future__ import annotations

from typing import Any

import pytest

from corral.domain.cluster import Node
from corral.domain.errors import Conflict, Invalid, Refused
from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, LayoutDisk, Partition, Raid, Use
from corral.flows.deploy import wanted

GIB = 1024 * MIB
IMAGE = {"image": "5e5e5e5e-0000-4000-8000-000000000001"}
WHOLE = {"image_type": "whole-disk"}


def node(**meta: Any) -> Node:
    return Node("aaaaaaaa-0000-4000-8000-000000000001", "n1", "bank", meta=meta)


def table(
    name: str, sizes: list[tuple[Use, int]], *, start: int = MIB, bootable: bool = True, size: int = 100 * GIB
) -> DiskTable:
    parts: list[Partition] = []
    for number, (use, each) in enumerate(sizes, 1):
        parts.append(Partition(number, start, each, use))
        start += each
    disk = LayoutDisk(name, f"/dev/{name}", f"disk/by-path/{name}", size, wwn=f"0x5000{name}")
    return DiskTable(disk, tuple(parts), bootable=bootable)


PLAIN = Layout(
    (
        table(
            "sda",
            [(Use.ESP, 550 * MIB), (Use.FILE_SYSTEM, 3 * GIB), (Use.SWAP, 512 * MIB), (Use.FILE_SYSTEM, 8 * GIB)],
        ),
    ),
    file_systems=(FileSystem("/dev/sda2", "xfs"), FileSystem("/dev/sda4", "ext4", "/")),
)


def test_a_partition_image_gets_the_sizes_and_the_disk_of_the_layout() -> None:
    fields, raid = wanted(node(**IMAGE), PLAIN)
    assert raid is None
    assert fields == {
        "image_source": IMAGE["image"],
        "root_gb": 8,
        "swap_mb": 512,
        "ephemeral_gb": 3,
        "ephemeral_format": "xfs",
        "preserve_ephemeral": False,
        "root_device": {"wwn": "0x5000sda"},
        "capabilities": {"boot_mode": "uefi", "boot_option": "local", "disk_label": "gpt"},
    }


def test_a_whole_disk_image_gets_only_the_disk_that_is_booted_from() -> None:
    layout = Layout((table("sda", [(Use.LVM, 9 * GIB)], bootable=False), table("sdb", [(Use.LVM, 9 * GIB)])))
    told = {**WHOLE, "image_os_hash_algo": "sha256"}
    fields, raid = wanted(node(**IMAGE, deploy=told), layout)
    assert (fields, raid) == ({"image_source": IMAGE["image"], **told, "root_device": {"wwn": "0x5000sdb"}}, None)


@pytest.mark.parametrize("layout", [None, Layout()])
def test_without_a_layout_the_source_chooses_the_disk_of_a_whole_disk_image(layout: Layout | None) -> None:
    assert wanted(node(**IMAGE, deploy=WHOLE), layout) == ({"image_source": IMAGE["image"], **WHOLE}, None)


def test_a_layout_with_an_array_asks_for_it() -> None:
    sizes = [(Use.RAID, 100 * GIB - 9 * MIB)]
    tables = tuple(table(name, sizes, start=8 * MIB, bootable=name == "sda") for name in ("sda", "sdb"))
    array = Raid("/dev/md0", "1", ("/dev/sda1", "/dev/sdb1"), 0)
    fields, raid = wanted(node(**IMAGE), Layout(tables, (array,), file_systems=(FileSystem("/dev/md0", "ext4", "/"),)))
    assert "root_device" not in fields
    assert fields["capabilities"]["boot_mode"] == "bios"
    assert raid is not None
    assert [one["raid_level"] for one in raid["logical_disks"]] == ["1"]
    assert [one["wwn"] for one in raid["logical_disks"][0]["physical_disks"]] == ["0x5000sda", "0x5000sdb"]


def test_a_layout_that_the_source_would_make_otherwise_is_refused_with_all_reasons() -> None:
    layout = Layout((table("sda", [(Use.FILE_SYSTEM, 9 * GIB)]), table("sdb", [(Use.FILE_SYSTEM, 9 * GIB)])))
    with pytest.raises(Refused) as refused:
        wanted(node(**IMAGE), layout)
    codes = {one.code for one in refused.value.reasons}
    assert codes == {"cannot-write-boot", "cannot-write-disks", "cannot-write-root"}


@pytest.mark.parametrize("bootable", [[], ["sda", "sdb"]])
def test_a_whole_disk_image_needs_exactly_one_disk_to_boot_from(bootable: list[str]) -> None:
    tables = [table(name, [(Use.LVM, GIB)], bootable=name in bootable) for name in ("sda", "sdb")]
    with pytest.raises(Conflict, match="boots from"):
        wanted(node(**IMAGE, deploy=WHOLE), Layout(tuple(tables)))


@pytest.mark.parametrize(
    ("meta", "what"),
    [
        ({}, "no image"),
        ({"image": ["x"]}, "no image"),
        (IMAGE, "lays out its disks"),
        ({**IMAGE, "deploy": {"imagetype": "whole-disk"}}, "imagetype"),
        ({**IMAGE, "deploy": ["whole-disk"]}, "no object"),
        ({**IMAGE, "deploy": {"image_type": 3}}, "is no text"),
        ({**IMAGE, "deploy": {**WHOLE, "config_drive": 3}}, "neither text nor object"),
        ({**IMAGE, "deploy": {**WHOLE, "root_device": {"name": "/dev/sdz"}}}, "root_device"),
    ],
)
def test_what_a_node_says_wrongly_is_told(meta: dict[str, Any], what: str) -> None:
    with pytest.raises(Invalid, match=what):
        wanted(node(**meta), None)
