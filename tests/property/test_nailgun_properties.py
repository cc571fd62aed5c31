"""Whatever the node: what is promised fits, minimums are kept where they can be, and the same input gives the same answer."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from corral.domain.layout import MIB, Layout
from corral.layouts import nailgun
from corral.layouts.nailgun import NodeDisks, Schema, Spaces

GIB = 1024**3
LEGACY = nailgun.default_schema()
STRICT = nailgun.default_schema(nailgun.Version.STRICT)
ROLES = sorted(set(STRICT.roles) - {"other"})
NAMES = [f"{kind}{letter}" for kind in ("sd", "vd") for letter in "abcdef"] + ["nvme0n1", "nvme1n1", "md126"]

tiny = st.integers(0, 2 * GIB)
usual = st.integers(2 * GIB, 4096 * GIB)


@st.composite
def nodes(draw: st.DrawFn, sizes: st.SearchStrategy[int] = tiny | usual, roles: int = 0) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True))
    disks = [
        {"name": name, "disk": f"disk/by-path/{name}", "extra": [f"disk/by-id/{name}"], "size": draw(sizes)}
        for name in names
    ]
    meta = {"disks": disks, "memory": {"total": draw(st.integers(0, 512 * GIB))}}
    chosen = draw(st.lists(st.sampled_from(ROLES), min_size=roles, max_size=4, unique=True))
    return {"roles": chosen, "images_ceph": draw(st.booleans()), "meta": meta}


def computed(data: dict[str, Any], schema: Schema = STRICT) -> tuple[NodeDisks, Spaces]:
    node = nailgun.read_node(data)
    return node, nailgun.compute(node, schema)


def fits(spaces: Spaces) -> None:
    for disk in spaces.disks:
        assert all(entry.size >= entry.meta >= 0 for entry in disk.entries)
        assert disk.unused >= 0
    for group in spaces.groups:
        assert all(one.size >= 0 for one in group.logical)
        got = sum(entry.net for disk in spaces.disks for entry in disk.volumes if entry.name == group.id)
        assert sum(one.size for one in group.logical) <= got


def sound(layout: Layout) -> None:
    """No partition overlaps another or leaves the disk, everything is aligned, and logical volumes fit their groups."""
    devices = {table.device(part): part for table in layout.tables for part in table.partitions}
    assert len(devices) == sum(len(table.partitions) for table in layout.tables)
    for table in layout.tables:
        end = MIB
        for part in table.partitions:
            assert part.start % MIB == part.size % MIB == 0
            assert part.size > 0
            assert part.start >= end
            end = part.end
        assert end <= table.disk.size - 34 * table.disk.sector
    for group in layout.groups:
        pvs = [pv for pv in layout.physical if pv.device in group.volumes]
        room = sum((devices[pv.device].size - MIB - pv.copies * pv.metadata) // group.extent for pv in pvs)
        used = [one.size for one in layout.logical if one.group == group.name]
        assert all(size > 0 and size % group.extent == 0 for size in used)
        assert sum(used) <= room * group.extent


@given(data=nodes())
def test_strict_spaces_fit_whatever_the_disks_are(data: dict[str, Any]) -> None:
    _, spaces = computed(data)
    fits(spaces)
    assert all(disk.free_space == disk.unused for disk in spaces.disks)


@given(data=nodes())
def test_the_legacy_version_never_fails_on_a_node_with_disks(data: dict[str, Any]) -> None:
    node, spaces = computed(data, LEGACY)
    nailgun.disks_form(spaces)
    nailgun.volumes_form(node, LEGACY)
    nailgun.deployment_checks(spaces, node, LEGACY)
    assert nailgun.read_spaces(spaces.as_json()) == spaces


@given(data=nodes(usual))
def test_legacy_disks_are_never_overfilled(data: dict[str, Any]) -> None:
    _, spaces = computed(data, LEGACY)
    assert all(disk.unused >= 0 for disk in spaces.disks)


@given(data=nodes(usual, roles=1))
def test_minimums_are_kept_whenever_the_disks_can_hold_them(data: dict[str, Any]) -> None:
    node, spaces = computed(data)
    needed = sum(volume["min_size"] for volume in nailgun.volumes_form(node, STRICT))
    # What each disk reserves comes first; what is left can be divided at will.
    assume(sum(disk.capacity for disk in spaces.disks) >= needed)
    assert nailgun.deployment_checks(spaces, node, STRICT)["check_volume_sizes_for_deployment"] is None


@given(data=nodes(usual, roles=1))
def test_a_layout_that_passes_its_checks_is_sound_in_every_byte(data: dict[str, Any]) -> None:
    node, spaces = computed(data)
    assume(not any(nailgun.deployment_checks(spaces, node, STRICT).values()))
    layout = nailgun.layout_of(node, spaces)
    sound(layout)
    assert {"/", "/boot"} <= {fs.mount for fs in layout.file_systems}
    assert sum(table.bootable for table in layout.tables) == 1
    assert sum(part.use == "config_drive" for table in layout.tables for part in table.partitions) == 1


@given(data=nodes(), order=st.randoms(use_true_random=False), schema=st.sampled_from([LEGACY, STRICT]))
def test_the_same_node_gets_the_same_spaces_in_whatever_order_it_is_told(
    data: dict[str, Any], order: random.Random, schema: Schema
) -> None:
    _, spaces = computed(data, schema)
    order.shuffle(data["meta"]["disks"])
    assert computed(data, schema)[1] == spaces


@given(data=nodes(usual, roles=1), draw=st.data())
def test_what_a_user_can_fit_is_taken_and_nothing_else(data: dict[str, Any], draw: st.DataObject) -> None:
    node, spaces = computed(data)
    wanted = nailgun.disks_form(spaces)
    for disk in wanted:
        left = disk["size"]
        for volume in disk["volumes"]:
            volume["size"] = draw.draw(st.integers(0, left))
            left -= volume["size"]
    got = nailgun.set_disks(spaces, wanted, node, STRICT)
    assert nailgun.disks_form(got) == wanted
    fits(got)
    assert nailgun.set_disks(got, nailgun.disks_form(got), node, STRICT) == got


@given(data=nodes(usual, roles=1), more=nodes(usual, roles=1))
def test_edits_survive_any_change_of_roles_and_new_disks(data: dict[str, Any], more: dict[str, Any]) -> None:
    _, spaces = computed(data)
    there = {disk["name"] for disk in data["meta"]["disks"]}
    new = [disk for disk in more["meta"]["disks"] if disk["name"] not in there]
    meta = {**data["meta"], "disks": [*data["meta"]["disks"], *new]}
    changed = nailgun.read_node({"roles": more["roles"], "meta": meta})
    renewed, _ = nailgun.renewed(spaces, True, changed, STRICT)
    fits(renewed)
    assert [disk.id for disk in renewed.disks] == [disk.path for disk in changed.disks]
    before = {(disk.id, entry.name): entry.net for disk in spaces.disks for entry in disk.volumes}
    allowed = {volume["name"] for volume in nailgun.volumes_form(changed, STRICT)}
    for disk in renewed.disks:
        settled = {name: size for (id, name), size in before.items() if id == disk.id and name in allowed}
        # A volume group that is new on a full disk may take the 64 MiB that LVM needs for it; then the disk is laid out anew.
        if sum(settled.values()) <= disk.capacity and disk.id in {one.id for one in spaces.disks}:
            assert {entry.name: entry.net for entry in disk.volumes if entry.name in settled} == settled
