"""Spaces become an exact layout: what is at which byte of which disk."""

from __future__ import annotations

import pytest
from nailgun_world import GIB, LEGACY, STRICT, disk, node

from corral.domain.errors import Invalid
from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Use
from corral.layouts import nailgun
from corral.layouts.nailgun import NodeDisks, Spaces
from corral.layouts.writers.nailgun_simple import BAREON, BAREON_0_0_1A3, FUEL_AGENT, partitioning


def layout(machine: NodeDisks, spaces: Spaces | None = None) -> Layout:
    return nailgun.layout_of(machine, spaces or nailgun.compute(machine, STRICT))


def pieces(table: DiskTable | None) -> list[tuple[Use, str, int]]:
    assert table is not None
    return [(part.use, part.name, part.size // MIB) for part in table.partitions]


def test_one_disk_holds_what_booting_needs_the_volumes_and_the_config_drive() -> None:
    found = layout(node(disk("sda", 100)))
    assert pieces(found.table("sda")) == [
        (Use.BIOS_GRUB, "bios_grub", 24),
        (Use.ESP, "esp", 200),
        (Use.BOOT, "Boot", 200),
        (Use.LVM, "os", 28672 + 64),
        (Use.LVM, "vm", 102400 - 500 - 28672 - 64),
        (Use.CONFIG_DRIVE, "config_drive", 20),
    ]
    assert found.raids == ()
    assert FileSystem("/dev/sda3", "ext2", "/boot") in found.file_systems


def test_boot_is_a_mirror_over_all_disks_that_are_used() -> None:
    found = layout(node(disk("sda", 100), disk("nvme0n1", 50), disk("sdc", 10)))
    assert [(raid.device, raid.level, raid.members) for raid in found.raids] == [
        ("/dev/md0", "1", ("/dev/nvme0n1p3", "/dev/sda3", "/dev/sdc3"))
    ]
    assert found.raids[0].size == 199 * MIB
    assert FileSystem("/dev/md0", "ext2", "/boot") in found.file_systems


def test_a_disk_that_gets_no_volumes_is_left_alone() -> None:
    found = layout(node(disk("sda", 100), disk("sdb", 100), roles=("base-os",)))
    assert [table.disk.name for table in found.tables] == ["sda"]
    assert found.raids == ()  # one disk makes no mirror
    assert FileSystem("/dev/sda3", "ext2", "/boot") in found.file_systems


def test_the_disk_to_boot_from_is_laid_out_even_without_volumes() -> None:
    found = layout(node(disk("nvme0n1", 100), disk("sda", 100), disk("sdb", 100), roles=("base-os",)))
    assert [(table.disk.name, table.bootable) for table in found.tables] == [("nvme0n1", False), ("sda", True)]
    assert pieces(found.table("sda"))[-1] == (Use.RAID, "Boot", 200)


def test_a_node_without_role_has_no_tables_so_nothing_of_it_is_wiped() -> None:
    assert layout(node(disk("sda", 100), roles=())) == Layout()


def test_the_config_drive_is_on_one_disk_only_with_the_root_file_system() -> None:
    found = layout(node(disk("nvme0n1", 100), disk("sda", 100), disk("sdb", 100)))
    on = [table.disk.name for table in found.tables for part in table.partitions if part.use is Use.CONFIG_DRIVE]
    assert on == ["nvme0n1"]


def test_logical_volumes_fit_into_what_lvm_leaves() -> None:
    found = layout(node(disk("sda", 100), ram=7.77))
    usable = (28672 + 64 - 236 - 1 - 2 * 28) // 4 * 4  # swap is 236 MiB less than with 8 GiB
    assert {(one.name, one.size // MIB) for one in found.logical if one.group == "os"} == {
        ("swap", 7956),
        ("root", usable - 7956),
    }
    assert all(volume.metadata == 28 * MIB and volume.copies == 2 for volume in found.physical)


def test_root_gets_what_the_group_has_less_swap() -> None:
    machine = node(disk("sda", 100), ram=8)
    spaces = nailgun.compute(machine, STRICT)
    grown = nailgun.set_disks(
        spaces,
        [
            {
                "id": "disk/by-path/sda",
                "size": 101772,
                "volumes": [{"name": "os", "size": 40000}, {"name": "vm", "size": 0}],
            }
        ],
        machine,
        STRICT,
    )
    found = {one.name: one.size // MIB for one in layout(machine, grown).logical}
    assert found == {"swap": 8192, "root": (40064 - 57) // 4 * 4 - 8192}


def test_swap_and_mounts_are_as_in_the_schema() -> None:
    found = {
        fs.mount: (fs.device, fs.kind) for fs in layout(node(disk("sda", 100), roles=("controller",))).file_systems
    }
    assert found == {
        "/boot": ("/dev/sda3", "ext2"),
        "/": ("/dev/mapper/os-root", "ext4"),
        "swap": ("/dev/mapper/os-swap", "swap"),
        "/var/log": ("/dev/mapper/logs-log", "ext4"),
        "/var/lib/mysql": ("/dev/mapper/mysql-root", "ext4"),
        "/var/lib/horizon": ("/dev/mapper/horizon-horizontmp", "xfs"),
        "/var/lib/glance": ("/dev/mapper/image-glance", "xfs"),
    }


def test_a_group_without_logical_volumes_is_made_for_its_service() -> None:
    found = layout(node(disk("sda", 100), roles=("cinder",)))
    assert [group.name for group in found.groups] == ["os", "cinder"]
    assert {one.group for one in found.logical} == {"os"}


def test_an_osd_gets_a_raw_partition_of_its_type() -> None:
    found = layout(node(disk("sda", 100), disk("sdb", 100), roles=("ceph-osd",)))
    part = found.tables[1].partitions[-1]
    assert (part.use, part.name, part.guid) == (Use.RAW, "ceph", "4fbd7e29-9d25-41b8-afd0-062c0ceff05d")
    assert not [fs for fs in found.file_systems if fs.device == "/dev/sdb4"]


def test_each_osd_gets_a_journal_of_its_own_spread_over_the_disks_for_journals() -> None:
    machine = node(*(disk(f"sd{letter}", 100) for letter in "abcdef"), roles=("ceph-osd",))
    spaces = nailgun.compute(machine, STRICT)
    wanted = nailgun.disks_form(spaces)
    for each in wanted:
        volumes = {volume["name"]: volume for volume in each["volumes"]}
        if each["name"] in ("sda", "sdb"):
            volumes["ceph"]["size"], volumes["cephjournal"]["size"] = 0, 30_000
    found = layout(machine, nailgun.set_disks(spaces, wanted, machine, STRICT))
    journals = {
        table.disk.name: [part.size // MIB for part in table.partitions if part.name == "cephjournal"]
        for table in found.tables
    }
    osds = sum(part.name == "ceph" for table in found.tables for part in table.partitions)
    assert osds == 4
    assert {name: sizes for name, sizes in journals.items() if sizes} == {"sda": [10240, 10240], "sdb": [10240, 10240]}


def test_data_to_keep_is_marked_all_the_way_up() -> None:
    machine = node(disk("sda", 100))
    spaces = nailgun.compute(machine, STRICT)
    wanted = nailgun.disks_form(spaces)
    wanted[0]["volumes"][1]["keep_data"] = True
    found = layout(machine, nailgun.set_disks(spaces, wanted, machine, STRICT))
    assert [part.name for part in found.tables[0].partitions if part.keep] == ["vm"]
    assert [group.name for group in found.groups if group.keep] == ["vm"]
    assert [one.name for one in found.logical if one.keep] == ["nova"]
    assert [fs.mount for fs in found.file_systems if fs.keep] == ["/var/lib/nova"]
    assert [one.device for one in found.physical if one.keep] == ["/dev/sda5"]


def test_a_size_that_is_no_whole_number_of_sectors_is_rounded_down() -> None:
    found = layout(node(disk("sda", 100, size=100 * GIB + 4095, sector=4096)))
    assert found.tables[0].disk.size == 100 * GIB


def test_a_disk_that_is_gone_is_named() -> None:
    spaces = nailgun.compute(node(disk("sda", 100), disk("sdb", 100)), STRICT)
    with pytest.raises(Invalid, match="The node has no disk sdb any more"):
        layout(node(disk("sda", 100)), spaces)


def test_a_system_without_room_is_refused_in_words() -> None:
    machine = node(disk("sda", 8), ram=64)
    with pytest.raises(Invalid, match="volume group 'os' has 7568 MiB, which leaves nothing for the root"):
        nailgun.layout_of(machine, nailgun.compute(machine, LEGACY))


def test_a_legacy_volume_on_a_disk_too_small_for_lvm_is_refused_in_words() -> None:
    machine = node(disk("sda", 100), disk("sdb", 0.55))
    with pytest.raises(Invalid, match="The disk sdb is too small for LVM"):
        nailgun.layout_of(machine, nailgun.compute(machine, LEGACY))


@pytest.mark.parametrize("roles", [("controller", "ceph-osd"), ("compute", "cinder"), ("mongo",), ("plugin",), ()])
@pytest.mark.parametrize("dialect", [BAREON, BAREON_0_0_1A3, FUEL_AGENT], ids=lambda dialect: dialect.target)
def test_every_agent_can_be_given_the_layout(roles: tuple[str, ...], dialect) -> None:
    machine = node(*(disk(name, 120) for name in ("sda", "sdb", "nvme0n1")), roles=roles)
    written = partitioning(nailgun.layout_of(machine, nailgun.compute(machine, LEGACY)), dialect)
    assert bool(written["parteds"]) is bool(roles)
