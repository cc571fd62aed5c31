"""Users change the disks of a node, and what they said stays when the node changes."""

from __future__ import annotations

from typing import Any

import pytest
from nailgun_world import LEGACY, STRICT, disk, node, sizes

from corral.domain.errors import Invalid
from corral.layouts import nailgun

SDA, SDB = disk("sda", 100), disk("sdb", 50)
COMPUTE = node(SDA, SDB)


def laid_out(schema: nailgun.Schema = STRICT) -> nailgun.Spaces:
    return nailgun.compute(COMPUTE, schema)


def form(schema: nailgun.Schema = STRICT) -> list[dict[str, Any]]:
    return nailgun.disks_form(laid_out(schema))


def put(wanted: Any, schema: nailgun.Schema = STRICT, spaces: nailgun.Spaces | None = None) -> nailgun.Spaces:
    return nailgun.set_disks(spaces or laid_out(schema), wanted, COMPUTE, schema)


def refusal(wanted: Any) -> str:
    with pytest.raises(Invalid) as caught:
        put(wanted)
    return str(caught.value)


def one(volumes: dict[str, int], name: str = "sdb", **more: Any) -> dict[str, Any]:
    listed = [{"name": volume, "size": size} for volume, size in volumes.items()]
    return {"id": f"disk/by-path/{name}", "size": 50636, "volumes": listed, **more}


def keeping(names: set[str], flag: bool = True, schema: nailgun.Schema = STRICT) -> list[dict[str, Any]]:
    disks = form(schema)
    for volume in (volume for each in disks for volume in each["volumes"] if volume["name"] in names):
        volume["keep_data"] = flag
    return disks


# --- what users want ----------------------------------------------------------------------------------------


def test_sizes_are_taken_over_and_the_groups_follow() -> None:
    spaces = put([one({"os": 1024, "vm": 2048})])
    before = laid_out()
    assert sizes(spaces) == {"sda": sizes(before)["sda"], "sdb": {"os": 1024, "vm": 2048}}
    root = next(lv.size for group in spaces.groups for lv in group.logical if lv.mount == "/")
    assert root == 20480 + 1024
    assert spaces.disks[1].free_space == 51200 - 500 - 128 - 1024 - 2048


def test_lvm_takes_its_part_of_each_volume_that_has_a_size_and_gives_it_back() -> None:
    def parts(spaces: nailgun.Spaces) -> list[tuple[str, int, int]]:
        return [(entry.name, entry.size, entry.meta) for entry in spaces.disks[1].entries][2:]

    both = put([one({"os": 1024, "vm": 2048})])
    assert parts(both) == [("", 0, 0), ("os", 1088, 64), ("vm", 2112, 64)]
    assert parts(put([one({"os": 0, "vm": 0})], spaces=both)) == [("", 128, 0), ("os", 0, 0), ("vm", 0, 0)]


def test_a_volume_that_is_left_out_stays_and_still_needs_its_room() -> None:
    assert sizes(put([one({"os": 0})]))["sdb"]["vm"] == sizes(laid_out())["sdb"]["vm"]
    assert refusal([one({"os": 1})]).startswith("Not enough free space on disk: sdb (disk/by-path/sdb): ")


def test_volumes_must_fit_the_disk_that_there_is_whatever_size_the_user_says_it_has() -> None:
    wanted = one({"os": 60_000, "vm": 0})
    wanted["size"] = 100_000
    message = refusal([wanted])
    assert message.startswith("Not enough free space on disk: sdb")
    assert "take 60000 MiB together, and it has 50572 MiB" in message


def test_no_disks_at_all_is_refused() -> None:
    assert refusal([]).startswith("Node seems not to have disks")


def test_data_to_keep_is_kept_everywhere_or_nowhere() -> None:
    half = keeping({"os", "vm"})
    for volume in half[1]["volumes"]:
        volume["keep_data"] = False
    message = refusal(half)
    assert message.startswith(
        "All volumes with the same name should have the same value for `keep_data` flag, incorrect volumes: os, vm"
    )


def test_a_flag_on_some_of_the_disks_disagrees_with_those_that_were_not_given() -> None:
    assert "incorrect volumes: vm" in refusal([keeping({"vm"})[1]])


def test_keep_data_can_be_cleared() -> None:
    kept = put(keeping({"vm"}))
    assert [entry.keep_data for each in kept.disks for entry in each.volumes] == [False, True, False, True]
    assert put(keeping({"vm"}, False), spaces=kept) == laid_out()


def test_the_original_never_cleared_it() -> None:
    kept = put(keeping({"vm"}, schema=LEGACY), LEGACY)
    again = put(keeping({"vm"}, False, LEGACY), LEGACY, kept)
    assert [entry.keep_data for each in again.disks for entry in each.volumes] == [False, True, False, True]


def test_only_one_disk_is_booted_from() -> None:
    disks = [{**each, "bootable": True} for each in form()]
    assert refusal(disks).startswith("Only one disk should be selected as bootable.")


def test_choosing_a_disk_to_boot_from_takes_it_from_the_other() -> None:
    assert [each.bootable for each in put([one({}, bootable=True)]).disks] == [False, True]


def test_a_node_never_ends_without_a_disk_to_boot_from() -> None:
    chosen = put([one({}, bootable=True)])
    assert [each.bootable for each in put([one({}, bootable=False)], spaces=chosen).disks] == [True, False]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "disks: {} is not a list."),
        ([7], "disks[0]: 7 is not an object."),
        ([{"id": "x"}], "disks[0]: size, volumes is missing."),
        ([one({}, name="sdc")], "disks[0].id: 'disk/by-path/sdc' is unknown. Did you mean 'disk/by-path/sdb'?"),
        ([one({"oss": 1})], "disks[0].volumes[0].name: 'oss' is unknown. Did you mean 'os'?"),
        ([one({"os": -1})], "disks[0].volumes[0].size: -1 is out of range."),
        ([one({"os": 2**70})], "disks[0].volumes[0].size: 1180591620717411303424 is out of range."),
        ([one({"os": 1.0})], "disks[0].volumes[0].size: 1.0 is not a whole number."),  # type: ignore[dict-item]
        ([one({}, volumez=[])], "disks[0]: the key 'volumez' is unknown. Did you mean 'volumes'?"),
        ([one({}, bootable=1)], "disks[0].bootable: 1 is not true or false."),
        ([one({}), one({})], "The disk 'disk/by-path/sdb' is there more than once."),
        (
            [{**one({}), "volumes": [{"name": "os", "size": 0}] * 2}],
            "disks[0].volumes: a volume is there more than once.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(wanted: Any, message: str) -> None:
    assert refusal(wanted).startswith(message)


# --- the node changes ---------------------------------------------------------------------------------------

EDIT = [one({"os": 1024, "vm": 2048})]


def test_nothing_changes_when_the_node_did_not() -> None:
    edited = put(EDIT)
    assert nailgun.renewed(edited, True, COMPUTE, STRICT) == (edited, True)


def test_new_names_and_paths_of_the_same_disks_keep_every_size_on_its_disk() -> None:
    edited = put(EDIT)
    swapped = node(
        {**SDB, "name": "sda", "disk": "disk/by-path/sda"}, {**SDA, "name": "sdb", "disk": "disk/by-path/sdb"}
    )
    spaces, kept = nailgun.renewed(edited, True, swapped, STRICT)
    assert kept
    assert sizes(spaces) == {"sda": sizes(edited)["sdb"], "sdb": sizes(edited)["sda"]}
    assert [each.id for each in spaces.disks] == ["disk/by-path/sda", "disk/by-path/sdb"]
    assert nailgun.same_disks(spaces, swapped)


def test_disks_are_found_by_a_common_id_and_by_path_when_there_are_no_ids() -> None:
    by_id = node(disk("sda", 100, path="a", ids=["new", "disk/by-id/sda-serial"]), disk("sdb", 50, path="b"))
    assert nailgun.same_disks(laid_out(), node(SDA, SDB))
    assert nailgun.same_disks(laid_out(), by_id)
    assert nailgun.same_disks(laid_out(), node(disk("x", 100, path=SDA["disk"], ids=[]), SDB))
    assert not nailgun.same_disks(laid_out(), node(disk("x", 100, path="c", ids=[]), SDB))


def test_two_disks_with_one_id_are_told_apart_by_path() -> None:
    twins = [disk(name, gib, ids=["same"]) for name, gib in (("sda", 100), ("sdb", 50))]
    before = nailgun.compute(node(*twins), STRICT)
    turned = node(*({**twin, "name": name} for twin, name in zip(twins, ("sdb", "sda"), strict=True)))
    assert nailgun.same_disks(before, turned)


def test_a_new_role_gets_room_beside_what_a_user_edited() -> None:
    edited = put(EDIT)
    more = node(SDA, SDB, roles=("compute", "cinder"))
    spaces, kept = nailgun.renewed(edited, True, more, STRICT)
    assert kept
    assert sizes(spaces)["sdb"] == {"os": 1024, "vm": 2048, "cinder": 51200 - 500 - 192 - 1024 - 2048}


def test_a_role_that_goes_takes_its_volumes_along() -> None:
    spaces, kept = nailgun.renewed(put(EDIT), True, node(SDA, SDB, roles=("base-os",)), STRICT)
    assert kept
    assert sizes(spaces)["sdb"] == {"os": 1024}


def test_a_new_disk_gets_its_part_of_the_default_and_the_old_ones_stay() -> None:
    edited = put(EDIT)
    spaces, kept = nailgun.renewed(edited, True, node(SDA, SDB, disk("sdc", 10)), STRICT)
    assert kept
    assert sizes(spaces) == {**sizes(edited), "sdc": {"os": 0, "vm": 10240 - 500 - 128}}


def test_data_to_keep_does_not_spread_to_a_new_disk() -> None:
    spaces, _ = nailgun.renewed(put(keeping({"vm"})), True, node(SDA, SDB, disk("sdc", 10)), STRICT)
    assert sizes(spaces)["sdc"] == {"os": 0, "vm": 0}
    assert {entry.keep_data for each in spaces.disks for entry in each.volumes if entry.name == "vm"} == {True}
    nailgun.set_disks(spaces, nailgun.disks_form(spaces), node(SDA, SDB, disk("sdc", 10)), STRICT)


def test_a_disk_that_became_too_small_is_laid_out_by_default() -> None:
    small = node(SDA, {**SDB, "size": 3 * 1024**3})
    spaces, kept = nailgun.renewed(put(EDIT), True, small, STRICT)
    assert kept  # what was said of the other disk
    assert sizes(spaces)["sdb"] == {"os": 0, "vm": 3072 - 628}


def test_the_disk_that_a_user_boots_from_is_kept_when_disks_are_added() -> None:
    chosen = put([one({}, bootable=True)])
    spaces, _ = nailgun.renewed(chosen, True, node(SDA, SDB, disk("sdc", 10)), STRICT)
    assert [each.name for each in spaces.disks if each.bootable] == ["sdb"]


def test_without_edits_a_change_of_disks_means_the_default() -> None:
    more = node(SDA, SDB, disk("aaa", 40))
    assert nailgun.renewed(laid_out(), False, more, STRICT) == (nailgun.compute(more, STRICT), False)
