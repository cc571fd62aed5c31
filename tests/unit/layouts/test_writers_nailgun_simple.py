"""The partitioning for the agents: borders by each one's rule, and everything refused that they would do otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writer_layouts import GIB, disk, plain, stacked, table

from corral.domain.errors import Invalid, Refused
from corral.domain.layout import MIB, DiskTable, FileSystem, Layout, Partition, Raid, TableKind, Use
from corral.layouts.writers.abilities import in_place
from corral.layouts.writers.deployment import Deployment, Image
from corral.layouts.writers.nailgun_simple import BAREON, BAREON_0_0_1A3, FUEL_AGENT, Dialect, partitioning
from corral.layouts.writers.provisioning import provisioning_data, with_partitioning

DIALECTS = pytest.mark.parametrize("dialect", [BAREON, BAREON_0_0_1A3, FUEL_AGENT], ids=lambda one: one.target)


def borders(layout: Layout, dialect: Dialect) -> list[tuple[int, int]]:
    [parted] = partitioning(layout, dialect)["parteds"]
    return [(p["begin"], p["end"]) for p in parted["partitions"]]


def codes(error: Refused) -> list[str]:
    return [reason.code.removeprefix("cannot-write-") for reason in error.reasons]


def refused(layout: Layout, dialect: Dialect) -> list[str]:
    with pytest.raises(Refused) as caught:
        partitioning(layout, dialect)
    assert all(reason.message and reason.fix for reason in caught.value.reasons)
    return codes(caught.value)


def test_each_agent_gets_its_own_borders() -> None:
    layout = Layout((table([(Use.BIOS_GRUB, 24 * MIB), (Use.BOOT, 200 * MIB), (Use.FILE_SYSTEM, GIB)]),))

    assert borders(layout, BAREON_0_0_1A3) == [(1, 25), (25, 225), (225, 1249)]
    assert borders(layout, FUEL_AGENT) == [(1, 25), (26, 226), (227, 1251)]
    assert borders(layout, BAREON) == [
        (1048576, 26214399),
        (26214400, 235929599),
        (235929600, 1309671423),
    ]


SIZES = st.lists(st.integers(2, 2000), min_size=1, max_size=12)


@given(SIZES)
def test_sizes_stay_whatever_the_borders_are(sizes: list[int]) -> None:
    layout = Layout((table([(Use.RAW, size * MIB) for size in sizes], size=100 * GIB),))

    exact, old, fuel = (borders(layout, dialect) for dialect in (BAREON, BAREON_0_0_1A3, FUEL_AGENT))

    assert [end + 1 - begin for begin, end in exact] == [size * MIB for size in sizes]
    assert [end - begin for begin, end in old] == sizes
    assert [end - begin for begin, end in fuel] == sizes
    assert all(after[0] == before[1] + 1 for before, after in pairwise(exact))
    assert all(after[0] == before[1] for before, after in pairwise(old))
    assert all(after[0] == before[1] + 1 for before, after in pairwise(fuel))


def test_free_space_that_is_there_anyway_moves_nothing_for_fuel_agent() -> None:
    parts = (Partition(1, MIB, 10 * MIB, Use.RAW), Partition(2, 20 * MIB, 10 * MIB, Use.RAW))
    assert borders(Layout((DiskTable(disk(), parts),)), FUEL_AGENT) == [(1, 11), (20, 30)]


def test_fuel_agent_needs_room_for_the_space_between() -> None:
    full = table([(Use.RAW, 10 * MIB), (Use.RAW, GIB - 12 * MIB)], size=GIB)
    assert refused(Layout((full,)), FUEL_AGENT) == ["room"]
    assert borders(Layout((full,)), BAREON_0_0_1A3)[-1] == (11, 1023)
    roomy = replace(full, disk=disk(size=GIB + MIB))
    assert borders(Layout((roomy,)), FUEL_AGENT)[-1] == (12, 1024)


def test_todays_bareon_fills_the_first_free_space_so_that_a_gap_is_refused() -> None:
    parts = (Partition(1, MIB, 10 * MIB, Use.RAW), Partition(2, 20 * MIB, 10 * MIB, Use.RAW))
    assert refused(Layout((DiskTable(disk(), parts),)), BAREON) == ["place"]


def test_the_whole_stack_is_there_with_doubled_dashes_and_names_of_nvme_partitions() -> None:
    found = partitioning(stacked(), BAREON_0_0_1A3)

    assert [p["name"] for p in found["parteds"][1]["partitions"]][2:] == ["/dev/nvme0n1p3", "/dev/nvme0n1p4"]
    assert found["parteds"][0]["install_bootloader"] is True
    assert found["parteds"][1]["install_bootloader"] is False
    assert found["parteds"][0]["disk_size"] == 20480
    assert [p["flags"] for p in found["parteds"][0]["partitions"]] == [["bios_grub"], ["boot"], ["raid"], ["lvm"], []]
    assert found["mds"][0] == {
        "name": "/dev/md0",
        "level": "1",
        "devices": ["/dev/sda3", "/dev/nvme0n1p3"],
        "spares": [],
        "metadata": "default",
        "keep_data": False,
    }
    assert found["pvs"][0] == {"name": "/dev/sda4", "metadatasize": 28, "metadatacopies": 2, "keep_data": False}
    assert found["lvs"][1] == {"name": "my-swap", "vgname": "os-main", "size": 1024, "keep_data": False}
    assert [fs["device"] for fs in found["fss"]][1:] == ["/dev/mapper/os--main-root", "/dev/mapper/os--main-my--swap"]


def test_fuel_agent_knows_no_disk_size_and_todays_bareon_counts_everything_in_bytes() -> None:
    assert "disk_size" not in partitioning(stacked(), FUEL_AGENT)["parteds"][0]
    found = partitioning(stacked(), BAREON)
    assert found["parteds"][0]["disk_size"] == 20 * GIB
    assert found["pvs"][0]["metadatasize"] == 28 * MIB
    assert found["lvs"][0]["size"] == 8 * GIB


def test_a_type_is_named_where_no_flag_gives_it() -> None:
    parts = table([(Use.SWAP, MIB), (Use.RAW, MIB), (Use.RAID, MIB), (Use.RAW, MIB)])
    journal = "45B0969E-9B03-4F30-B4C6-B4B80CEFF106"
    parts = replace(parts, partitions=(*parts.partitions[:3], replace(parts.partitions[3], guid=journal)))
    [parted] = partitioning(Layout((parts,)), BAREON)["parteds"]
    swap = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"
    assert [p["guid"] for p in parted["partitions"]] == [swap, None, None, journal]


def test_in_an_msdos_table_boot_is_the_active_partition() -> None:
    msdos = table([(Use.BOOT, MIB), (Use.FILE_SYSTEM, MIB)], kind=TableKind.MSDOS)
    [parted] = partitioning(Layout((msdos,)), BAREON)["parteds"]
    assert parted["label"] == "msdos"
    assert [p["flags"] for p in parted["partitions"]] == [["boot"], []]
    assert refused(Layout((table([(Use.RAW, MIB)] * 5, kind=TableKind.MSDOS),)), BAREON) == ["logical"]


def test_what_is_reserved_stays_free_and_gets_no_entry() -> None:
    layout = Layout((table([(Use.RAW, MIB), (Use.RAW, MIB), (Use.RESERVED, 4 * MIB)]),))
    assert borders(layout, BAREON_0_0_1A3) == [(1, 2), (2, 3)]


@DIALECTS
def test_everything_that_an_agent_would_do_otherwise_is_told_at_once(dialect: Dialect) -> None:
    layout = stacked()
    first = layout.tables[0]
    odd = replace(first.partitions[1], number=7, size=200 * MIB + 512)
    layout = replace(
        layout,
        tables=(replace(first, partitions=(first.partitions[0], odd, *first.partitions[2:])), layout.tables[1]),
        raids=(Raid("/dev/md0", "6", ("/dev/sda3",), GIB, spares=("/dev/sdb3",)),),
        physical=(replace(layout.physical[0], metadata=MIB + 1),),
        groups=(replace(layout.groups[0], extent=8 * MIB),),
        logical=(replace(layout.logical[0], size=GIB + 4096),),
        file_systems=(FileSystem("/dev/mapper/os--main-root", "xfs", "/", label="more than twelve"),),
    )
    assert set(refused(layout, dialect)) >= {"numbers", "unit", "raid", "spares", "extent", "label"}


@DIALECTS
@pytest.mark.parametrize("label", ["a b", 'a"b', "a|b", "a'b"])
def test_a_label_that_the_agents_shell_words_would_tear_is_refused(dialect: Dialect, label: str) -> None:
    layout = replace(plain(), file_systems=(FileSystem("/dev/sda5", "ext4", "/", label=label),))
    assert refused(layout, dialect) == ["words"]


@DIALECTS
def test_options_with_a_pipe_are_refused(dialect: Dialect) -> None:
    layout = replace(plain(), file_systems=(FileSystem("/dev/sda5", "ext4", "/", options="-q | reboot"),))
    assert refused(layout, dialect) == ["words"]


def test_bareon_stumbles_over_a_file_system_without_mount_point_and_fuel_agent_does_not() -> None:
    layout = replace(plain(), file_systems=(FileSystem("/dev/sda5", "ext4"),))
    assert refused(layout, BAREON) == refused(layout, BAREON_0_0_1A3) == ["mount"]
    assert partitioning(layout, FUEL_AGENT)["fss"][0]["mount"] is None


@DIALECTS
def test_a_node_without_disks_to_lay_out_gets_empty_lists(dialect: Dialect) -> None:
    empty = partitioning(Layout((DiskTable(disk()),)), dialect)
    assert empty == {"parteds": [], "mds": [], "pvs": [], "vgs": [], "lvs": [], "fss": []}


# --- the whole document ---------------------------------------------------------------------------------------


def unready(layout: Layout, deployment: Deployment = Deployment()) -> list[str]:
    with pytest.raises(Refused) as caught:
        provisioning_data(layout, BAREON, deployment)
    return codes(caught.value)


def test_a_document_has_the_layout_beside_the_deployment_and_a_disk_for_todays_bareon() -> None:
    found = provisioning_data(plain(), BAREON, Deployment(hostname="node-3", images=(Image("/", "http://host/r.img"),)))

    assert found["hostname"] == "node-3"
    assert found["partitioning"] == partitioning(plain(), BAREON)
    assert found["ks_meta"]["image_data"] == {"/": {"uri": "http://host/r.img", "format": "ext4", "container": "gzip"}}
    [space] = found["ks_meta"]["pm_data"]["ks_spaces"]
    assert (space["type"], space["id"], space["size"]) == ("disk", "disk/by-path/pci-0000:00:01.0-sda", 20480)


def test_a_deployment_needs_one_config_drive_a_disk_to_boot_from_and_a_file_system_for_each_image() -> None:
    boot = plain().tables[0]
    without = replace(plain(), tables=(replace(boot, partitions=boot.partitions[:3], bootable=False),))
    without = replace(without, file_systems=without.file_systems[:2])
    images = (Image("/srv", "http://host/srv.img"),)
    assert unready(without, Deployment(images=images)) == ["config-drive", "image", "image", "image", "boot"]

    two = table([(Use.CONFIG_DRIVE, 20 * MIB)] * 2 + [(Use.FILE_SYSTEM, GIB)])
    assert unready(Layout((two,), file_systems=(FileSystem("/dev/sda3", "ext4", "/"),))) == ["config-drive"]


def test_a_layout_that_is_kept_in_part_is_refused_for_the_agents_would_not_partition_at_all() -> None:
    boot = plain().tables[0]
    parts = (*boot.partitions[:4], replace(boot.partitions[4], keep=True))
    partly = replace(plain(), tables=(replace(boot, partitions=parts),))

    assert unready(partly) == ["keep"]

    written = provisioning_data(in_place(partly), BAREON, Deployment())["partitioning"]
    assert {p["keep_data"] for p in written["parteds"][0]["partitions"]} == {True}
    assert [fs["keep_data"] for fs in written["fss"]] == [False, False, False]


def test_a_file_system_that_is_kept_keeps_the_partitions_too() -> None:
    systems = (*plain().file_systems[:2], replace(plain().file_systems[2], keep=True))
    assert unready(replace(plain(), file_systems=systems)) == ["keep"]
    written = provisioning_data(in_place(replace(plain(), file_systems=systems)), FUEL_AGENT, Deployment())
    assert [fs["keep_data"] for fs in written["partitioning"]["fss"]] == [False, False, True]


def test_data_of_others_keeps_what_it_has_and_must_have_what_the_agents_read() -> None:
    theirs = provisioning_data(plain(), BAREON, Deployment()) | {"uid": "7", "partitioning": "stale"}
    theirs["ks_meta"]["pm_data"]["ks_spaces"] = [{"type": "disk", "name": "theirs"}]

    found = with_partitioning(theirs, plain(), FUEL_AGENT)

    assert found["uid"] == "7"
    assert found["partitioning"] == partitioning(plain(), FUEL_AGENT)
    assert found["ks_meta"]["pm_data"]["ks_spaces"] == [{"type": "disk", "name": "theirs"}]
    assert theirs["partitioning"] == "stale"

    del theirs["profile"], theirs["kernel_options"]["netcfg/choose_interface"], theirs["ks_meta"]["mco_user"]
    with pytest.raises(Invalid) as caught:
        with_partitioning(theirs, plain(), BAREON)
    message = "profile, kernel_options/netcfg/choose_interface, ks_meta/mco_user"
    assert message in caught.value.message


@pytest.mark.parametrize("dialect", [BAREON, BAREON_0_0_1A3], ids=lambda one: one.target)
def test_a_mirror_that_bareon_reads_of_and_fails_to_build_is_refused_with_the_deployment(dialect: Dialect) -> None:
    assert partitioning(stacked(), dialect)["mds"]
    with pytest.raises(Refused) as caught:
        provisioning_data(stacked(), dialect, Deployment())
    assert codes(caught.value) == ["array"]
    assert "fuel-agent" in caught.value.reasons[0].fix
    assert provisioning_data(in_place(stacked()), dialect, Deployment())
    assert provisioning_data(stacked(), FUEL_AGENT, Deployment())["partitioning"]["mds"]
