"""The real agents partition blank disks of a virtual machine, and Debian's own tools read back what the layout says."""

from __future__ import annotations

import os
from typing import Any

import pytest

from corral.domain.layout import (
    MIB,
    FileSystem,
    Layout,
    LogicalVolume,
    PhysicalVolume,
    Raid,
    Use,
    VolumeGroup,
)
from corral.layouts.check import check
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.nailgun_simple import BAREON_0_0_1A3, FUEL_AGENT
from corral.layouts.writers.provisioning import provisioning_data
from corral.layouts.writers.types import made, type_guid
from lab.guest.running import Step, run
from lab.places import from_environment
from tests.unit.layouts.writer_layouts import GIB, table

Json = dict[str, Any]
SECTOR = 512
DISK = 8 * GIB
MOST_SECONDS = 1700.0

pytestmark = [pytest.mark.lab, pytest.mark.apart, pytest.mark.timeout(1800)]


def mirrored() -> Layout:
    """Two disks: /boot on RAID 1, one volume group over both, and a swap partition."""
    parts = [(Use.BIOS_GRUB, 24 * MIB), (Use.ESP, 200 * MIB), (Use.RAID, 200 * MIB), (Use.LVM, 3 * GIB)]
    first = table([*parts, (Use.CONFIG_DRIVE, 20 * MIB), (Use.SWAP, 64 * MIB)], "sda", DISK)
    pvs = ("/dev/sda4", "/dev/sdb4")
    return Layout(
        (first, table(parts, "sdb", DISK, bootable=False)),
        (Raid("/dev/md0", "1", ("/dev/sda3", "/dev/sdb3"), 199 * MIB),),
        tuple(PhysicalVolume(device, 28 * MIB) for device in pvs),
        (VolumeGroup("os-main", pvs),),
        (LogicalVolume("root", "os-main", 4 * GIB), LogicalVolume("my-data", "os-main", 300 * MIB)),
        (
            FileSystem("/dev/md0", "ext2", "/boot", label="boot"),
            FileSystem("/dev/mapper/os--main-root", "ext4", "/"),
            FileSystem("/dev/mapper/os--main-my--data", "xfs", "/data", options="-m reflink=0"),
            FileSystem("/dev/sda6", "swap", "swap"),
        ),
    )


def single() -> Layout:
    """The second disk alone, in another way: bareon builds no arrays of partitions, whatever its data says."""
    parts = [(Use.BIOS_GRUB, 8 * MIB), (Use.BOOT, 333 * MIB), (Use.CONFIG_DRIVE, 20 * MIB), (Use.LVM, 2 * GIB)]
    return Layout(
        (table(parts, "sdb", DISK),),
        (),
        (PhysicalVolume("/dev/sdb4", 28 * MIB),),
        (VolumeGroup("os", ("/dev/sdb4",)),),
        (LogicalVolume("root", "os", 1500 * MIB),),
        (FileSystem("/dev/sdb2", "ext4", "/boot"), FileSystem("/dev/mapper/os-root", "ext4", "/")),
    )


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """What the guest said: first fuel-agent on both disks, then bareon, which meets what fuel-agent left."""
    places = from_environment()
    if os.environ.get("CORRAL_REQUIRE_LAB") != "1" and not (places.root / "guest" / "vmlinuz").exists():
        pytest.skip("the guest is not built: run with CORRAL_REQUIRE_LAB=1, which builds it")
    steps = [
        Step("fuel-agent", provisioning_data(mirrored(), FUEL_AGENT, Deployment())),
        Step("bareon", provisioning_data(single(), BAREON_0_0_1A3, Deployment())),
    ]
    disks = {"first": DISK, "second": DISK}
    return run(places, steps, disks, tmp_path_factory.mktemp("guest"), MOST_SECONDS)


def places(answer: Json, disk: str) -> list[tuple[int, int, str]]:
    """Start, size in bytes, and type of each partition, as sfdisk reads them."""
    parts = answer["tables"][disk]["partitions"]
    return [(p["start"] * SECTOR, p["size"] * SECTOR, p["type"].lower()) for p in parts]


def volumes(answer: Json) -> dict[str, int]:
    return {f"{lv['vg_name']}/{lv['lv_name']}": int(lv["lv_size"]) for lv in answer["volumes"]}


def file_systems(answer: Json) -> dict[str, tuple[str | None, str | None]]:
    """Kind and label by device, through all levels of what lsblk shows."""
    found: dict[str, tuple[str | None, str | None]] = {}
    waiting = list(answer["file_systems"])
    while waiting:
        one = waiting.pop()
        found[one["name"]] = (one["fstype"], one["label"])
        waiting += one.get("children", [])
    return found


def test_the_layouts_of_this_test_are_sound() -> None:
    assert check(mirrored()) == ()
    assert check(single()) == ()


def test_fuel_agent_makes_partitions_of_just_these_sizes_a_mebibyte_apart(answers: list[Json]) -> None:
    answer = answers[0]
    assert answer["code"] == 0, answer["said"]
    for each in mirrored().tables:
        found = places(answer, each.disk.name)
        assert [(size, kind) for _, size, kind in found] == [(p.size, type_guid(p)) for p in made(each)]
        assert [start for start, _, _ in found] == [p.start + n * MIB for n, p in enumerate(made(each))]


def test_fuel_agent_builds_array_volume_group_and_volumes_as_laid_out(answers: list[Json]) -> None:
    answer = answers[0]
    assert answer["arrays"] == {"md0": {"level": "raid1", "members": ["sda3", "sdb3"]}}
    assert volumes(answer) == {"os-main/root": 4 * GIB, "os-main/my-data": 300 * MIB}
    assert [(vg["vg_name"], int(vg["vg_extent_size"]), vg["pv_count"]) for vg in answer["groups"]] == [
        ("os-main", 4 * MIB, "2")
    ]


def test_fuel_agent_makes_every_file_system_that_no_image_brings(answers: list[Json]) -> None:
    found = file_systems(answers[0])
    assert found["/dev/md0"] == ("ext2", "boot")
    assert found["/dev/mapper/os--main-my--data"] == ("xfs", None)
    assert found["/dev/sda6"][0] == "swap"
    assert found["/dev/mapper/os--main-root"] == (None, None)


def test_bareon_makes_the_table_to_the_byte(answers: list[Json]) -> None:
    answer = answers[1]
    assert answer["code"] == 0, answer["said"]
    [meant] = single().tables
    assert places(answer, "sdb") == [(p.start, p.size, type_guid(p)) for p in made(meant)]


def test_bareon_makes_the_volumes_as_laid_out_and_has_wiped_those_it_met(answers: list[Json]) -> None:
    assert volumes(answers[1]) == {"os/root": 1500 * MIB}
    assert answers[1]["arrays"] == {}
    assert file_systems(answers[1])["/dev/sdb2"] == ("ext4", None)
