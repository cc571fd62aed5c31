"""Ironic, cloud-init, Ignition and systemd-repart: what they are given, and what they can't be."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

import pytest
import yaml
from writer_layouts import GIB, data, disk, plain, stacked, table

from corral.domain.errors import NotFound, Refused
from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Partition, Raid, TableKind, Use
from corral.layouts.writers import cloud_init, ignition, ironic, ironic_raid, repart
from corral.layouts.writers.deployment import Deployment
from corral.layouts.writers.targets import TARGETS, Order, target

GOLDEN_TARGETS = {
    "nailgun_simple/bareon",
    "nailgun_simple/bareon-0.0.1a3",
    "nailgun_simple/fuel-agent",
    "ironic",
    "cloud-init",
    "ignition",
    "repart",
}


def refused(name: str, layout: Layout, deployment: Deployment | None = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        target(name).write(Order(layout, deployment or Deployment()))
    assert all(reason.message and reason.fix for reason in caught.value.reasons)
    return [reason.code.removeprefix("cannot-write-") for reason in caught.value.reasons]


def kept(layout: Layout) -> Layout:
    """The first disk's first partition, and what is on it, must stay."""
    first = layout.tables[0]
    parts = (replace(first.partitions[0], keep=True), *first.partitions[1:])
    return replace(layout, tables=(replace(first, partitions=parts), *layout.tables[1:]))


def test_there_is_one_registry_and_it_says_what_each_target_can_express() -> None:
    assert set(TARGETS) == GOLDEN_TARGETS
    assert all(each.name == name and each.title and each.able for name, each in TARGETS.items())
    with pytest.raises(NotFound, match="cloud-init"):
        target("preseed")


@pytest.mark.parametrize("name", ["ironic", "cloud-init", "ignition", "repart"])
def test_lvm_is_refused_where_there_is_none(name: str) -> None:
    assert "lvm" in refused(name, stacked())


# --- Ironic ---------------------------------------------------------------------------------------------------


def ironic_disk(*more: tuple[Use, int], boot: tuple[Use, int] = (Use.ESP, 550 * MIB)) -> DiskTable:
    return table([boot, *more, (Use.FILE_SYSTEM, 8 * GIB)])


def rooted(one: DiskTable, *systems: FileSystem) -> Layout:
    return Layout((one,), file_systems=(*systems, FileSystem(one.device(one.partitions[-1]), "ext4", "/")))


def test_ironic_gets_sizes_in_its_units_and_the_hints_of_the_one_disk() -> None:
    fields = ironic.node_fields(rooted(ironic_disk((Use.SWAP, 512 * MIB))), Deployment())
    assert fields == {
        "properties": {
            "root_device": {"by_path": "/dev/disk/by-path/pci-0000:00:01.0-sda"},
            "capabilities": "boot_mode:uefi,boot_option:local,disk_label:gpt",
        },
        "instance_info": {
            "root_gb": 8,
            "swap_mb": 512,
            "ephemeral_gb": 0,
            "capabilities": {"boot_option": "local", "disk_label": "gpt"},
        },
    }


@pytest.mark.parametrize(
    ("known", "hint"),
    [
        ({"wwn": "0x5000", "serial": "S1"}, {"wwn": "0x5000"}),
        ({"serial": "S1"}, {"serial": "S1"}),
        ({}, {"by_path": "/dev/disk/by-path/pci-0000:00:01.0-sda"}),
        ({"id": "sda"}, {"name": "/dev/sda"}),
    ],
)
def test_the_most_durable_name_is_the_hint(known: dict[str, str], hint: dict[str, str]) -> None:
    assert ironic.hints(replace(disk(), **known)) == hint  # type: ignore[arg-type]


def test_ironic_rebuilds_around_an_ephemeral_partition_that_is_kept() -> None:
    one = ironic_disk((Use.FILE_SYSTEM, 2 * GIB))
    parts = (one.partitions[0], replace(one.partitions[1], keep=True), one.partitions[2])
    layout = rooted(replace(one, partitions=parts), FileSystem("/dev/sda2", "xfs", keep=True))
    info = ironic.node_fields(layout, Deployment())["instance_info"]
    assert (info["ephemeral_gb"], info["ephemeral_format"], info["preserve_ephemeral"]) == (2, "xfs", True)
    assert refused("ironic", kept(layout)) == ["keep"]


def test_ironics_config_drive_partition_is_as_large_as_what_is_in_it() -> None:
    drive = base64.b64encode(gzip.compress(b"\0" * (2 * MIB - 5))).decode()
    layout = rooted(ironic_disk((Use.CONFIG_DRIVE, 2 * MIB)))
    fields = ironic.node_fields(layout, Deployment(config_drive=drive))
    assert fields["instance_info"]["configdrive"] == drive
    assert refused("ironic", layout) == ["config-drive"]
    assert refused("ironic", layout, Deployment(config_drive="no drive")) == ["config-drive"]
    larger = rooted(ironic_disk((Use.CONFIG_DRIVE, 3 * MIB)))
    assert refused("ironic", larger, Deployment(config_drive=drive)) == ["config-drive"]


def test_a_config_drive_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = base64.b64encode(gzip.compress(b"\0" * (65 * MIB))).decode()
    layout = rooted(ironic_disk((Use.CONFIG_DRIVE, 64 * MIB)))
    assert refused("ironic", layout, Deployment(config_drive=bomb)) == ["config-drive"]


@pytest.mark.parametrize(
    ("layout", "codes"),
    [
        (rooted(ironic_disk(boot=(Use.ESP, 512 * MIB))), ["size"]),
        (rooted(ironic_disk((Use.SWAP, MIB), (Use.FILE_SYSTEM, GIB))), ["order"]),
        (rooted(table([(Use.FILE_SYSTEM, 8 * GIB)])), ["boot"]),
        (rooted(table([(Use.FILE_SYSTEM, 8 * GIB)], start=2 * MIB, kind=TableKind.MSDOS)), ["place"]),
        (rooted(table([(Use.BIOS_GRUB, MIB), (Use.FILE_SYSTEM, 8 * GIB - MIB)])), ["size"]),
        (Layout((ironic_disk(),)), ["root"]),
        (replace(rooted(ironic_disk()), file_systems=(FileSystem("/dev/sda2", "ext4", "/", label="root"),)), ["label"]),
        (rooted(ironic_disk((Use.FILE_SYSTEM, GIB)), FileSystem("/dev/sda2", "xfs", "/srv")), ["mount"]),
        (
            replace(rooted(ironic_disk()), tables=(ironic_disk(), table([(Use.RAW, MIB)], "sdb"))),
            ["use", "disks", "root"],
        ),
    ],
    ids=["esp", "order", "no-boot", "gap", "no-gib", "no-root", "label", "mounted-ephemeral", "two-disks"],
)
def test_what_ironic_would_do_otherwise_is_refused(layout: Layout, codes: list[str]) -> None:
    assert set(codes) <= set(refused("ironic", layout))


def test_ironic_leaves_disks_alone_that_are_kept() -> None:
    other = table([(Use.FILE_SYSTEM, GIB)], "sdb")
    other = replace(other, partitions=(replace(other.partitions[0], keep=True),))
    layout = rooted(ironic_disk())
    fields = ironic.node_fields(replace(layout, tables=(*layout.tables, other)), Deployment())
    assert fields["properties"]["root_device"] == ironic.hints(disk())


def mirrored(*sizes: int, start: int = 8 * MIB, levels: str = "1") -> Layout:
    names = ("sda", "sdb", "sdc")
    tables = tuple(table([(Use.RAID, size) for size in sizes], name, start=start) for name in names)
    raids = [
        Raid(f"/dev/md{n}", level, tuple(f"/dev/{name}{n + 1}" for name in names), 0)
        for n, level in enumerate(levels.split())
    ]
    return Layout(tables, tuple(raids), file_systems=(FileSystem("/dev/md0", "ext4", "/"),))


def test_ironics_software_raid_counts_where_partitions_end() -> None:
    fields = ironic_raid.node_fields(mirrored(8 * GIB - 551 * MIB, 4 * GIB, start=551 * MIB, levels="1 10"))
    first, second = fields["target_raid_config"]["logical_disks"]
    assert first == {
        "raid_level": "1",
        "size_gb": 8,
        "controller": "software",
        "physical_disks": [ironic.hints(disk(name)) for name in ("sda", "sdb", "sdc")],
        "volume_name": "md0",
        "is_root_volume": True,
    }
    assert (second["raid_level"], second["size_gb"], second["is_root_volume"]) == ("1+0", 4, False)
    assert fields["properties"] == {"capabilities": "boot_mode:uefi,boot_option:local,disk_label:gpt"}


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (mirrored(8 * GIB - 8 * MIB, levels="5"), "raid"),
        (mirrored(8 * GIB - 8 * MIB, levels="linear"), "raid"),
        (mirrored(8 * GIB, start=MIB), "place"),
        (mirrored(8 * GIB - 9 * MIB), "size"),
        (replace(mirrored(8 * GIB - 8 * MIB), file_systems=(FileSystem("/dev/md0", "xfs", "/srv"),)), "fs"),
    ],
    ids=["root-raid5", "linear", "start", "end", "fs"],
)
def test_a_raid_that_ironic_builds_in_another_way_is_refused(layout: Layout, code: str) -> None:
    assert code in refused("ironic", layout)


# --- cloud-init -----------------------------------------------------------------------------------------------


def test_cloud_init_gets_percentages_and_mounts() -> None:
    layout = data(4 * GIB, 6 * GIB - 2 * MIB)
    assert cloud_init.user_data(layout) == {
        "disk_setup": {"/dev/sdb": {"table_type": "gpt", "layout": [40, 1], "overwrite": True}},
        "fs_setup": [
            {"device": "/dev/sdb1", "filesystem": "xfs", "partition": "auto"},
            {"device": "/dev/sdb2", "filesystem": "xfs", "partition": "auto"},
        ],
        "mounts": [
            ["/dev/sdb1", "/data1", "xfs", "defaults,nofail", "0", "2"],
            ["/dev/sdb2", "/data2", "xfs", "defaults,nofail", "0", "2"],
        ],
    }


def test_the_document_is_a_cloud_config() -> None:
    [text] = target("cloud-init").write(Order(data(10 * GIB - 2 * MIB))).values()
    assert text.startswith("#cloud-config\n")
    assert yaml.safe_load(text)["disk_setup"]["/dev/sdb"]["layout"] is True


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (data(4 * GIB + MIB, 6 * GIB - 3 * MIB), "size"),
        (data(4 * GIB), "size"),
        (plain(), "root"),
        (plain(), "use"),
        (kept(data(4 * GIB, 6 * GIB - 2 * MIB)), "keep"),
    ],
    ids=["no-percentage", "rest", "root", "boot", "kept-in-part"],
)
def test_what_percentages_can_not_say_is_refused(layout: Layout, code: str) -> None:
    assert code in refused("cloud-init", layout)


def test_a_disk_that_is_kept_is_mounted_and_not_touched() -> None:
    layout = kept(data(4 * GIB))
    layout = replace(layout, file_systems=(replace(layout.file_systems[0], keep=True),))
    assert cloud_init.user_data(layout) == {"mounts": [["/dev/sdb1", "/data1", "xfs", "defaults,nofail", "0", "2"]]}


# --- Ignition -------------------------------------------------------------------------------------------------


def test_ignition_gets_mib_types_and_a_unit_for_each_mount() -> None:
    layout = plain()
    found = ignition.config(
        replace(layout, file_systems=(FileSystem("/dev/sda2", "ext4", "/boot"), *layout.file_systems[1:]))
    )
    [one] = found["storage"]["disks"]
    assert one["wipeTable"] is True
    assert [(p["startMiB"], p["sizeMiB"]) for p in one["partitions"][:2]] == [(1, 24), (25, 200)]
    assert one["partitions"][2]["typeGuid"] == "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"
    assert [unit["name"] for unit in found["systemd"]["units"]] == ["boot.mount", "dev-sda3.swap", "-.mount"]
    assert "Where=/boot\nWhat=/dev/sda2\nType=ext4" in found["systemd"]["units"][0]["contents"]


def test_ignition_finds_arrays_under_their_names_and_keeps_what_is_kept() -> None:
    layout = kept(data(4 * GIB, 2 * GIB))
    raid = Raid("/dev/md7", "10", ("/dev/sdb1", "/dev/sdc1"), GIB, spares=("/dev/sdd1",), metadata="1.0")
    system = FileSystem("/dev/md7", "btrfs", "/srv", options="-d dup")
    found = ignition.config(replace(layout, raids=(raid,), file_systems=(system,)))["storage"]

    assert found["disks"][0]["wipeTable"] is False
    assert found["raid"] == [
        {
            "name": "md7",
            "level": "raid10",
            "devices": ["/dev/sdb1", "/dev/sdc1", "/dev/sdd1"],
            "spares": 1,
            "options": ["--metadata=1.0"],
        }
    ]
    assert found["filesystems"][0]["device"] == "/dev/md/md7"
    assert found["filesystems"][0]["options"] == ["-d", "dup"]


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout((table([(Use.RAW, MIB)], kind=TableKind.MSDOS),)), "table"),
        (Layout((table([(Use.RAW, MIB + 512)]),)), "unit"),
        (data(GIB, kind="ext3"), "fs"),
        (Layout((DiskTable(disk(), (Partition(1, MIB, MIB, Use.RAW, "a:b"),)),)), "label"),
        (Layout(raids=(Raid("/dev/md0", "1", (), 0, keep=True),)), "keep"),
    ],
    ids=["msdos", "no-mib", "ext3", "colon", "array-kept"],
)
def test_what_ignition_can_not_say_is_refused(layout: Layout, code: str) -> None:
    assert code in refused("ignition", layout)


# --- systemd-repart -------------------------------------------------------------------------------------------


def test_repart_gets_a_folder_for_each_disk_with_exact_sizes_and_the_space_between() -> None:
    parts = (Partition(1, MIB, 8 * MIB, Use.ESP, "100%"), Partition(2, 12 * MIB, 4096, Use.RAW))
    layout = Layout((DiskTable(disk(), parts),), file_systems=(FileSystem("/dev/sda1", "vfat", "/efi"),))
    assert repart.definitions(layout) == {
        "sda/001.conf": (
            "[Partition]\nType=c12a7328-f81f-11d2-ba4b-00a0c93ec93b\nLabel=100%%\n"
            "SizeMinBytes=8388608\nSizeMaxBytes=8388608\nPaddingMinBytes=3145728\nPaddingMaxBytes=3145728\nFormat=vfat\n"
        ),
        "sda/002.conf": (
            "[Partition]\nType=0fc63daf-8483-4772-8e79-3d69d8477de4\nSizeMinBytes=4096\nSizeMaxBytes=4096\n"
        ),
    }


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout((table([(Use.RAW, MIB)], start=2 * MIB),)), "place"),
        (Layout((table([(Use.RAW, 512)]),)), "unit"),
        (kept(data(GIB, GIB)), "keep"),
        (replace(data(GIB), file_systems=(FileSystem("/dev/sdb1", "xfs", "/a", options="-q"),)), "options"),
        (replace(data(GIB), file_systems=(FileSystem("/dev/sdb1", "xfs", "/a", keep=True),)), "keep"),
        (replace(stacked(), groups=(), physical=(), logical=()), "raid"),
    ],
    ids=["place", "unit", "kept-in-part", "options", "kept-content", "raid"],
)
def test_what_repart_can_not_say_is_refused(layout: Layout, code: str) -> None:
    assert code in refused("repart", layout)


def test_a_disk_that_is_kept_gets_no_definitions() -> None:
    assert repart.definitions(kept(data(GIB))) == {}


def test_every_document_is_json_or_text_that_ends_in_a_line() -> None:
    for name in ("nailgun_simple/bareon", "ignition"):
        layout = plain() if name.startswith("nailgun") else data(GIB)
        for text in target(name).write(Order(layout)).values():
            assert json.loads(text)
            assert text.endswith("\n")
