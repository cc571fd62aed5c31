"""What makes a layout impossible, each with its own reason, and all of them at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corral.bareon_api import compute, edits, spaces
from corral.bareon_api.checks import problems
from corral.bareon_api.compute import Shape
from corral.bareon_api.objects import Fs, Kind, Lv, Md, Partitioning, Pv, Vg, short
from corral.domain.errors import Invalid, NotFound
from tests.bareon_world import GIB, MIB, node

SIZES = {"/dev/sda": 100 * GIB, "/dev/sdb": 100 * GIB}


def layout(**more: Any) -> Partitioning:
    """What a compute node with two disks gets."""
    told = node(**more)
    shape = Shape.of(told, told["disks"])
    return Partitioning.model_validate(compute.partitioning(shape, compute.spaces(shape)))


def codes(found: Partitioning, sizes: dict[str, int] = SIZES) -> set[str]:
    return {one.code for one in problems(found, sizes)}


def with_partition(found: Partitioning, number: int, **changes: Any) -> Partitioning:
    part = found.parteds[0].partitions[number - 1].model_copy(update=changes)
    return edits.put_partition(found, "sda", part.key, part)


def test_what_is_computed_is_never_wrong() -> None:
    assert problems(layout(), SIZES) == []


def test_partitions_that_overlap_are_named() -> None:
    second = layout().parteds[0].partitions[1]
    found = problems(with_partition(layout(), 2, begin=second.begin - MIB), SIZES)
    assert [one.code for one in found] == ["overlap"]
    assert "sda2" in found[0].message
    assert "sda1" in found[0].message


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begin": 0}, "over-the-table"),
        ({"end": 100 * GIB - 1}, "past-the-end"),
        ({"end": 10 * GIB + 7}, "not-on-sectors"),
        ({"end": 5}, "empty"),
        ({"device": "/dev/sdb"}, "wrong-disk"),
        ({"count": 17}, "wrong-name"),
    ],
)
def test_a_partition_out_of_place_has_its_reason(changes: dict[str, Any], code: str) -> None:
    assert code in codes(with_partition(layout(), 1, **changes))


def test_a_group_that_is_too_small_says_by_how_much() -> None:
    found = layout()
    root = edits.find(found, Kind.LVS, "os-root")
    assert isinstance(root, Lv)
    bigger = edits.put(found, Kind.LVS, "os-root", root.model_copy(update={"size": root.size + 4 * MIB}))
    (reason,) = problems(bigger, SIZES)
    assert reason.code == "group-too-small"
    assert str(4 * MIB) in reason.fix


def test_a_group_may_use_its_last_extent() -> None:
    found = layout()
    smaller = edits.put(found, Kind.LVS, "os-swap", Lv(name="swap", vgname="os", size=4 * MIB))
    root, swap = (edits.find(found, Kind.LVS, name) for name in ("os-root", "os-swap"))
    assert isinstance(root, Lv)
    assert isinstance(swap, Lv)
    all_of_it = root.model_copy(update={"size": root.size + swap.size - 4 * MIB})
    assert problems(edits.put(smaller, Kind.LVS, "os-root", all_of_it), SIZES) == []


def test_every_fault_of_a_layout_is_told_at_once() -> None:
    found = layout()
    bad = found.having(
        mds=[Md(name="/dev/md0", level="1", devices=["/dev/sda3", "/dev/sdz1"])],
        pvs=[*found.pvs, Pv(name="/dev/sdz2")],
        vgs=[*found.vgs, Vg(name="more", pvnames=[found.pvs[0].name])],
        lvs=[*found.lvs, Lv(name="x", vgname="nowhere", size=0)],
        fss=[*found.fss, Fs(device="/dev/sdz3", mount="/"), Fs(device=found.pvs[0].name, mount="/data")],
    )
    assert codes(bad) >= {"no-such-device", "used-twice", "empty"}
    told = " ".join(one.message for one in problems(bad, SIZES))
    for name in ("/dev/sdz1", "pvs/sdz2", "in the groups", "lvs/nowhere-x", "nowhere", "fss/sdz3", "mounted at /"):
        assert name in told


def test_disks_that_the_node_does_not_have_are_refused() -> None:
    assert codes(layout(), {"/dev/sda": 100 * GIB}) >= {"no-such-disk"}


def test_a_table_of_another_size_than_the_disk_is_refused() -> None:
    assert "wrong-disk-size" in codes(layout(), {"/dev/sda": 100 * GIB, "/dev/sdb": 99 * GIB})


def test_a_mirror_of_one_is_refused() -> None:
    one = Md(name="/dev/md7", level="1", devices=["/dev/sda3"])
    assert "too-few-devices" in codes(layout().having(mds=[one], fss=[]))


# --- editing ------------------------------------------------------------------------------------------------


def test_deleting_a_partition_takes_what_is_built_on_it_along() -> None:
    found = layout()
    part = next(one for one in found.parteds[0].partitions if one.name == found.vgs[0].pvnames[0])
    less = edits.remove_partition(found, "sda", part.key)
    assert part.name not in {one.name for one in less.pvs}
    assert "os" not in {one.name for one in less.vgs}
    assert not [one for one in less.lvs if one.vgname == "os"]
    assert not [one for one in less.fss if one.device.startswith("/dev/mapper/os-")]
    assert problems(less, SIZES) == []


def test_deleting_a_disk_leaves_groups_that_have_others() -> None:
    found = layout()
    spread = next(one for one in found.vgs if len(one.pvnames) > 1)
    less = edits.remove(found, Kind.PARTEDS, "sdb")
    left = next(one for one in less.vgs if one.name == spread.name)
    assert left.pvnames
    assert all(name.startswith("/dev/sda") for name in left.pvnames)


def test_two_logical_volumes_of_one_name_are_told_apart_by_their_group() -> None:
    found = layout(roles=("controller",))
    assert edits.find(found, Kind.LVS, "os-root") != edits.find(found, Kind.LVS, "mysql-root")
    with pytest.raises(NotFound, match="several"):
        edits.find(found, Kind.LVS, "root")


def test_a_name_that_only_one_has_will_do() -> None:
    found = layout()
    assert edits.find(found, Kind.LVS, "swap") == edits.find(found, Kind.LVS, "os-swap")


def test_a_body_that_names_another_object_is_refused() -> None:
    with pytest.raises(Invalid, match="os-root"):
        edits.put(layout(), Kind.LVS, "os-swap", Lv(name="root", vgname="os", size=GIB))


@pytest.mark.parametrize(
    ("device", "name"),
    [("/dev/sda3", "sda3"), ("/dev/mapper/os-root", "os-root"), ("/dev/cciss/c0d0p1", "cciss!c0d0p1")],
)
def test_names_in_paths_are_devices_without_slashes(device: str, name: str) -> None:
    assert short(device) == name


# --- spaces -------------------------------------------------------------------------------------------------


def both(**more: Any) -> tuple[list[dict[str, Any]], Partitioning]:
    told = node(**more)
    shape = Shape.of(told, told["disks"])
    before = compute.spaces(shape)
    return before, Partitioning.model_validate(compute.partitioning(shape, before))


def test_an_edit_that_spaces_can_not_say_leaves_them_to_the_number() -> None:
    before, was = both()
    options = was.fss[0].model_copy(update={"fs_options": "-O ^64bit"})
    assert spaces.as_edited(before, was, edits.put(was, Kind.FSS, options.key, options)) == before


@given(mib=st.integers(1, 9000))
def test_a_smaller_partition_is_a_smaller_volume_by_as_much(mib: int) -> None:
    before, was = both()
    part = was.parteds[1].partitions[-1]
    assert "lvm" in part.flags
    now = edits.put_partition(was, "sdb", part.key, part.model_copy(update={"end": part.end - mib * MIB}))
    old, new = (compute.simple(of)[1] for of in (before, spaces.as_edited(before, was, now)))
    assert [one["size"] for one in old["volumes"]][-1] - mib == [one["size"] for one in new["volumes"]][-1]
    assert old["volumes"][:-1] == new["volumes"][:-1]


def test_a_deleted_partition_is_a_volume_of_nothing_and_gives_back_what_lvm_had() -> None:
    before, was = both()
    part = was.parteds[1].partitions[-1]
    after = spaces.as_edited(before, was, edits.remove_partition(was, "sdb", part.key))
    entry = next(one for one in after[1]["volumes"] if one.get("vg") == "vm")
    assert (entry["size"], entry["lvm_meta_size"]) == (0, 0)
    assert sum(one["size"] for one in after[1]["volumes"]) + after[1]["free_space"] == after[1]["size"]
