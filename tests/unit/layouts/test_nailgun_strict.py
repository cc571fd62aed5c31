"""The strict version: where the original is at fault, and only there, it answers otherwise."""

from __future__ import annotations

import pytest
from nailgun_world import CASES, LEGACY, STRICT, disk, node, sizes

from corral.layouts import nailgun

FAULTLESS = [case for case in CASES if not any((case["expected"]["checks"] or {}).values())]


def logical(spaces: nailgun.Spaces, group: str) -> dict[str, int]:
    return {one.name: one.size for each in spaces.groups if each.id == group for one in each.logical}


def test_root_takes_from_swap_what_a_small_disk_lacks() -> None:
    small = node(disk("sda", 8), ram=64)
    assert logical(nailgun.compute(small, LEGACY), "os") == {"root": -25204, "swap": 32768}
    assert logical(nailgun.compute(small, STRICT), "os") == {"root": 7564, "swap": 0}


def test_swap_keeps_what_root_does_not_need_at_least() -> None:
    middle = node(disk("sda", 20), ram=64)
    got = logical(nailgun.compute(middle, STRICT), "os")
    assert got["root"] == 15360
    assert got["swap"] == 20480 - 500 - 128 - 15360


def test_free_space_is_what_is_free() -> None:
    for machine in (node(disk("sda", 100)), node(disk("sda", 100), disk("sdb", 10), roles=("ironic",))):
        for space in nailgun.compute(machine, STRICT).disks:
            assert space.free_space == space.size - sum(entry.size for entry in space.entries)
    assert nailgun.compute(machine, LEGACY).disks[0].free_space > nailgun.compute(machine, STRICT).disks[0].free_space


def test_volumes_that_share_get_their_minimums_before_the_rest_is_shared() -> None:
    machine = node(disk("sda", 40), roles=("compute", "mongo"), ram=16)
    assert sizes(nailgun.compute(machine, LEGACY))["sda"]["mongo"] < 10240
    strict = nailgun.compute(machine, STRICT)
    assert sizes(strict)["sda"] == {"os": 23552, "vm": 5798, "mongo": 10918}
    assert not any(nailgun.deployment_checks(strict, machine, STRICT).values())


def test_whole_disks_are_not_taken_from_volumes_that_need_them() -> None:
    machine = node(disk("sda", 24), disk("sdb", 100), disk("sdc", 100), roles=("cinder-block-device", "compute"))
    assert sizes(nailgun.compute(machine, LEGACY))["sdc"]["vm"] == 0
    strict = nailgun.compute(machine, STRICT)
    assert sizes(strict)["sdb"]["vm"] == 0
    assert sizes(strict)["sdc"]["cinder-block-device"] == 0
    assert not any(nailgun.deployment_checks(strict, machine, STRICT).values())


def test_a_disk_too_small_for_lvm_gets_no_physical_volume() -> None:
    machine = node(disk("sda", 100), disk("sdb", 0.55))
    assert sizes(nailgun.compute(machine, LEGACY))["sdb"] == {"os": 0, "vm": 63}
    assert sizes(nailgun.compute(machine, STRICT))["sdb"] == {"os": 0, "vm": 0}


def test_the_strict_check_says_how_much_is_there_and_needed() -> None:
    machine = node(disk("sda", 8))
    spaces = nailgun.compute(machine, STRICT)
    found = nailgun.deployment_checks(spaces, machine, STRICT)
    assert found["check_disk_space_for_deployment"] == "The disks have 8192MB and 29172MB are needed"


@pytest.mark.parametrize("case", FAULTLESS, ids=lambda case: str(case["case"]))
def test_where_the_original_is_right_the_strict_version_says_the_same(case: dict) -> None:
    machine = nailgun.read_node(case["node"])
    strict, legacy = nailgun.compute(machine, STRICT), nailgun.compute(machine, LEGACY)
    assert nailgun.disks_form(strict) == nailgun.disks_form(legacy)
    assert strict.groups == legacy.groups
