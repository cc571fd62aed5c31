"""Nodes and schemas that nobody should trust: each refusal says where, what, and what to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from nailgun_world import LEGACY, STRICT, disk, node, told

from corral.domain.errors import Invalid
from corral.layouts import nailgun


def refusal(data: Any) -> str:
    with pytest.raises(Invalid) as caught:
        nailgun.read_node(data)
    return str(caught.value)


def changed(place: str, value: Any) -> dict[str, Any]:
    """A good node with one value in its place."""
    data = copy.deepcopy(told(disk("sda", 100), disk("sdb", 100)))
    *way, last = place.split(".")
    at: Any = data
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    at[int(last) if last.isdigit() else last] = value
    return data


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("rolse", [], "node: the key 'rolse' is unknown. Did you mean 'roles'?"),
        ("roles", "compute", "roles: 'compute' is not a list."),
        ("roles", [["compute"]], "roles[0]: ['compute'] is not text."),
        ("images_ceph", "yes", "images_ceph: 'yes' is not true or false."),
        ("meta", None, "meta: None is not an object."),
        ("meta.disks", {}, "meta.disks: {} is not a list."),
        ("meta.disks.0", 7, "meta.disks[0]: 7 is not an object."),
        ("meta.disks.1.siez", 7, "meta.disks[1]: the key 'siez' is unknown. Did you mean 'size'?"),
        ("meta.disks.1.size", "100", "meta.disks[1].size: '100' is not a whole number."),
        ("meta.disks.1.size", 1.5, "meta.disks[1].size: 1.5 is not a whole number."),
        ("meta.disks.1.size", True, "meta.disks[1].size: True is not a whole number."),
        ("meta.disks.1.size", -1, "meta.disks[1].size: -1 is out of range."),
        ("meta.disks.1.size", 2**63, "meta.disks[1].size: 9223372036854775808 is out of range."),
        pytest.param("meta.disks.1.size", 10**5000, "meta.disks[1].size: what is there is out of range.", id="huge"),
        ("meta.disks.1.name", "../../etc", "meta.disks[1].name: '../../etc' is not the name of a device."),
        ("meta.disks.1.name", "sd\x1b[2J", "meta.disks[1].name: has characters that can't be printed."),
        ("meta.disks.1.name", "sda", "meta.disks: two disks have the name 'sda'."),
        ("meta.disks.1.disk", "disk/by-path/sda", "meta.disks: two disks have the path 'disk/by-path/sda'."),
        ("meta.disks.1.disk", "x" * 300, "meta.disks[1].disk: has 300 characters."),
        ("meta.disks.1.extra", "disk/by-id/x", "meta.disks[1].extra: 'disk/by-id/x' is not a list."),
        ("meta.disks.1.removable", "perhaps", "meta.disks[1].removable: 'perhaps' is unknown."),
        ("meta.disks.1.sector", 513, "meta.disks[1].sector: 513 is no sector size."),
        ("meta.memory.total", -5, "meta.memory.total: -5 is out of range."),
        ("meta.memory.totall", 5, "meta.memory: the key 'totall' is unknown. Did you mean 'total'?"),
        ("meta.disks", [disk(f"sd{n}", 1) for n in range(1025)], "meta.disks: has 1025 items."),
    ],
)
def test_a_wrong_value_is_named_with_its_place(place: str, value: Any, message: str) -> None:
    assert refusal(changed(place, value)).startswith(message)


def test_what_is_missing_is_named() -> None:
    assert refusal({"roles": []}).startswith("node: meta is missing.")
    assert refusal({"meta": {"disks": [{"name": "sda"}]}}).startswith("meta.disks[0]: size is missing.")


def test_a_disk_without_a_path_goes_by_its_name() -> None:
    found = nailgun.read_node({"meta": {"disks": [{"name": "vda", "size": 1}]}})
    assert [one.path for one in found.disks] == ["vda"]


def test_what_an_agent_tells_of_its_hardware_may_have_keys_nobody_knows() -> None:
    data = changed("meta.disks.1.firmware", "1.2")
    data["meta"]["gpus"] = []
    assert nailgun.known_node(data) == nailgun.read_node(told(disk("sda", 100), disk("sdb", 100)))


def test_a_node_with_roles_and_without_disks_is_refused() -> None:
    with pytest.raises(Invalid, match=r"^Node seems not to have disks"):
        nailgun.compute(node(), LEGACY)


def test_without_roles_a_node_needs_no_disks() -> None:
    assert nailgun.compute(node(roles=()), LEGACY).as_json() == []


def test_a_role_that_the_schema_does_not_know_gets_the_volumes_of_any_other() -> None:
    spaces = nailgun.compute(node(disk("sda", 100), roles=("plugin",)), LEGACY)
    assert [group.allocate for group in spaces.groups] == ["all"]


def test_the_strict_version_refuses_such_a_role_and_names_the_nearest() -> None:
    with pytest.raises(Invalid, match=r"no volumes for the role 'contoller'. Did you mean 'controller'\?"):
        nailgun.compute(node(disk("sda", 100), roles=("compute", "contoller")), STRICT)
