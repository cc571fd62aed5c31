"""Layouts by role explain themselves: all golden nodes, and what keeps some of them from being laid out."""

from __future__ import annotations

from typing import Any

import pytest
from nailgun_world import CASES, LEGACY, STRICT, disk, node

from corral.domain.errors import Invalid
from corral.domain.layout import MIB
from corral.layouts import nailgun
from corral.layouts.explain_roles import explain_roles
from corral.layouts.explained import Conflict, Explanation
from corral.layouts.nailgun.compute import facts_of
from corral.layouts.nailgun.generators import BOOT, BOOT_RECORDS, GENERATORS, mib, told
from corral.layouts.nailgun.schema import Generator

GOLDEN = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]))


def explained(case: dict[str, Any]) -> tuple[nailgun.NodeDisks, Explanation]:
    facts = nailgun.read_node(case["node"])
    return facts, explain_roles(facts, LEGACY)


@GOLDEN
def test_every_volume_has_the_size_that_was_computed_and_says_which_role_and_key_led_to_it(
    case: dict[str, Any],
) -> None:
    facts, found = explained(case)
    spaces = nailgun.compute(facts, LEGACY)
    wanted = {
        entry.name: sum(e.net for d in spaces.disks for e in d.volumes if e.name == entry.name) * MIB
        for disk in spaces.disks
        for entry in disk.volumes
    }
    volumes = [one for one in found.volumes if one.kind != "lv"]
    assert {one.volume: one.size for one in volumes} == wanted
    for one in volumes:
        assert any(f"roles[{n}] = {role};" in key for n, role in enumerate(facts.roles) for key in one.keys)
        assert len(one.why) >= 3 and all(said.strip() for said in one.why)


@GOLDEN
def test_every_byte_of_every_disk_is_explained(case: dict[str, Any]) -> None:
    facts, found = explained(case)
    if any(at[1] is None for one in found.volumes for at in one.at):
        assert found.conflicts
        return
    told = [at for one in found.volumes for at in one.at] + [one.at for one in found.service]
    for each in facts.disks:
        spare = sum(one.size for one in found.spare if one.where == each.name)
        assert sum(size for name, _, size in told if name == each.name) + spare == each.size
        assert spare >= 0


@GOLDEN
def test_exactly_the_nodes_that_the_checks_refuse_have_conflicts(case: dict[str, Any]) -> None:
    facts, found = explained(case)
    checks = nailgun.deployment_checks(nailgun.compute(facts, LEGACY), facts, LEGACY)
    assert bool(found.conflicts) == any(one is not None for one in checks.values())


def test_of_the_golden_nodes_five_can_not_be_had_and_six_have_no_role() -> None:
    found = {case["case"]: explained(case)[1] for case in CASES}
    assert {number for number, one in found.items() if one.conflicts} == {3, 8, 12, 20, 23}
    assert {number for number, one in found.items() if not one.volumes} == {10, 25, 30, 37, 42, 45}
    assert all("no roles" in one.why for number in (10, 25) for one in found[number].spare)


def sizes(conflict: Conflict, facts: nailgun.NodeDisks) -> list[int]:
    """What each requirement of a size conflict takes, in MiB."""
    minimum = {one.id: mib(one.min_size, facts_of(facts)) for one in LEGACY.volumes.values()}
    boot = len(facts.disks) * (BOOT + BOOT_RECORDS)
    return [boot if one.kind == "boot" else minimum[one.subject] for one in conflict.requirements]


@pytest.mark.parametrize("number", [3, 8, 12, 20, 23])
def test_what_conflicts_fits_without_any_one_of_it(number: int) -> None:
    facts, found = explained(next(case for case in CASES if case["case"] == number))
    there, taken = sum(one.mib for one in facts.disks), sizes(found.conflicts[0], facts)
    assert sum(taken) > there
    assert all(sum(taken) - one <= there for one in taken)


def test_a_node_of_which_no_disks_are_known_says_so() -> None:
    [conflict] = explain_roles(node(roles=("compute",)), LEGACY).conflicts
    assert conflict.message == "Node seems not to have disks, and its roles (compute) have volumes."
    assert [one.kind for one in conflict.requirements] == ["size", "disks"]


def test_swap_that_leaves_no_room_for_root_names_the_memory() -> None:
    found = explain_roles(node(disk("sda", 8), ram=64), LEGACY)
    assert "node: meta.memory.total: 64 GiB" in found.conflicts[-1].message
    assert found.conflicts[-1].requirements[0].subject == "os/swap"


def test_a_minimum_that_the_roles_order_does_not_keep_is_told_and_kept_by_the_strict_schema() -> None:
    # Equal parts of what is left are less than MongoDB's minimum.
    crowded = node(disk("sda", 38), roles=("mongo", "cinder", "virt"), ram=2)
    told = explain_roles(crowded, LEGACY).conflicts
    assert [one.requirements[0].kind for one in told] == ["size"]
    assert [one.requirements[1].kind for one in told] == ["share"]
    assert explain_roles(crowded, STRICT).conflicts == ()


def test_where_a_volume_is_follows_from_how_it_is_asked_for() -> None:
    found = {
        one.volume: one
        for one in explain_roles(node(disk("sda", 60), disk("sdb", 100), roles=("ceph-osd",)), LEGACY).volumes
    }
    assert "this one came first: sda 23 GiB." in found["os"].why[1]
    assert "It takes every disk that no other volume is on: sdb" in found["ceph"].why[1]
    alone = {one.volume: one for one in explain_roles(node(disk("sda", 90), roles=("ceph-osd",)), LEGACY).volumes}
    assert alone["ceph"].asked == "full-disk"
    assert alone["ceph"].why[1].startswith("The node has one disk only, which it can't have whole.")


def test_a_disk_that_is_shunned_for_booting_says_why_the_other_is_taken() -> None:
    found = explain_roles(node(disk("nvme0n1", 90), disk("sdb", 90)), LEGACY).service
    boots = [one.at[0] for one in found if "boots from this disk" in one.why]
    assert boots == ["sdb"]
    assert any("the first by name of those that the schema lets be booted from" in one.why for one in found)


def test_every_generator_has_words() -> None:
    for name in GENERATORS:
        words, keys = told(Generator(name))
        assert words
        assert all(key.startswith("node: meta.") for key in keys)


def test_a_role_that_the_strict_schema_does_not_know_is_an_error() -> None:
    with pytest.raises(Invalid, match="no volumes for the role 'computer'"):
        explain_roles(node(disk("sda", 90), roles=("computer",)), STRICT)
