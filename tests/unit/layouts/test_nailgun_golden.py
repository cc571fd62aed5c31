"""What the real computation answered, to the last number."""

from __future__ import annotations

from typing import Any

import pytest
from nailgun_world import CASES, LEGACY

from corral.layouts import nailgun

BY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}-{'+'.join(case['node']['roles'])}")


def test_there_are_45_cases() -> None:
    assert [case["case"] for case in CASES] == list(range(1, 46))


@BY_CASE
def test_a_node_is_laid_out_as_the_real_one_did(case: dict[str, Any]) -> None:
    node, expected = nailgun.read_node(case["node"]), case["expected"]
    spaces = nailgun.compute(node, LEGACY)
    assert spaces.as_json() == expected["ks_spaces"]
    assert nailgun.disks_form(spaces) == expected["disks"]
    assert nailgun.volumes_form(node, LEGACY) == expected.get("volumes", [])
    assert nailgun.deployment_checks(spaces, node, LEGACY) == expected["checks"]


@BY_CASE
def test_spaces_survive_being_stored(case: dict[str, Any]) -> None:
    spaces = nailgun.compute(nailgun.read_node(case["node"]), LEGACY)
    assert nailgun.read_spaces(spaces.as_json()) == spaces


@BY_CASE
def test_putting_back_what_was_got_changes_no_disk(case: dict[str, Any]) -> None:
    node = nailgun.read_node(case["node"])
    spaces = nailgun.compute(node, LEGACY)
    again = nailgun.set_disks(spaces, nailgun.disks_form(spaces), node, LEGACY)
    assert nailgun.disks_form(again) == nailgun.disks_form(spaces)
    assert again.groups == spaces.groups
    assert [disk.entries for disk in again.disks] == [disk.entries for disk in spaces.disks]
