"""Schemas that users bring."""

from __future__ import annotations

from typing import Any

import pytest
from nailgun_world import LEGACY, disk, node, sizes

from corral.domain.errors import Invalid
from corral.layouts import nailgun
from corral.layouts.text import load_json

OWN = """
volumes_roles_mapping:
  db: [{id: data, allocate_size: full-disk}, {id: os, allocate_size: min}]
volumes:
  - id: os
    type: vg
    label: System
    min_size: 20480
    volumes: [{name: root, mount: /, size: {generator: calc_total_vg, generator_args: [os]}}]
  - id: data
    type: partition
    min_size: {generator: calc_gb_to_mb, generator_args: [1.5]}
    mount: /data
    file_system: xfs
"""


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        nailgun.load_schema(text)
    return str(caught.value)


def test_a_schema_of_ones_own_takes_the_place_of_the_default() -> None:
    machine = node(disk("sda", 30), disk("sdb", 10), roles=("db",))
    schema = nailgun.load_schema(OWN)
    assert sizes(nailgun.compute(machine, schema)) == {
        "sda": {"os": 20480, "data": 0},
        "sdb": {"os": 0, "data": 10 * 1024 - 564},
    }
    assert nailgun.volumes_form(machine, schema)[0] == {"name": "data", "label": "data", "min_size": 1536}


def test_a_schema_of_nothing_but_a_version_is_the_default_in_that_version() -> None:
    schema = nailgun.load_schema("version: strict")
    assert schema.strict
    assert schema.volumes == LEGACY.volumes


def test_a_schema_can_be_stored_as_the_data_that_it_was_read_from() -> None:
    schema = nailgun.load_schema(OWN)
    assert nailgun.read_schema(schema.source) == schema


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "schema: [] is not an object."),
        ({"volume": []}, "schema: the key 'volume' is unknown. Did you mean 'volumes'?"),
        ({"version": "2.0"}, "version: '2.0' is unknown. Known are: legacy, strict."),
        ({"version": ["strict"]}, "version: ['strict'] is unknown."),
        ({"volumes": []}, "schema: has volumes and no volumes_roles_mapping."),
        ({"volumes_roles_mapping": []}, "volumes_roles_mapping: is not an object."),
        (
            {"volumes_roles_mapping": {"a": [{"id": "oss", "allocate_size": "min"}]}},
            "volumes_roles_mapping.a[0].id: 'oss' is unknown. Did you mean 'os'?",
        ),
        (
            {"volumes_roles_mapping": {"a": [{"id": "os", "allocate_size": "full"}]}},
            "volumes_roles_mapping.a[0].allocate_size: 'full' is unknown. Did you mean 'full-disk'?",
        ),
        (
            {"rule_to_pick_boot_disk": [{"type": "exclude_disks_by_name", "regex": "^(a+)+$"}]},
            "rule_to_pick_boot_disk[0].regex: only the start of a name can be matched.",
        ),
    ],
)
def test_a_wrong_schema_is_refused_with_the_place(data: Any, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        nailgun.read_schema(data)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("volume", "message"),
    [
        ({"min_size": 2**63}, "volumes[0].min_size: 9223372036854775808 is out of range."),
        ({"min_size": "10G"}, "volumes[0].min_size: '10G' is not a whole number."),
        ({"min_size": {"generator": "calc_rot_size"}}, "volumes[0].min_size.generator: 'calc_rot_size' is unknown."),
        ({"min_size": {"generator": "calc_gb_to_mb"}}, "volumes[0].min_size.generator_args: calc_gb_to_mb takes 1"),
        (
            {"min_size": {"generator": "calc_gb_to_mb", "generator_args": [float("nan")]}},
            "volumes[0].min_size.generator_args: nan is not a whole number.",
        ),
        ({"type": "lv"}, "volumes[0].type: 'lv' is unknown."),
        ({"type": "partition"}, "volumes[0]: mount, file_system is missing."),
        ({"id": "a b"}, "volumes[0].id: 'a b' can't be the name of a volume."),
        ({"volumes": [{"name": "root"}]}, "volumes[0].volumes[0]: size is missing."),
        (
            {"volumes": [{"name": "root", "size": {"generator": "calc_total_vg", "generator_args": ["oz"]}}]},
            "volumes[0].volumes: calc_total_vg: 'oz' is unknown.",
        ),
        ({"volumes": [{"name": "r", "size": 1}, {"name": "r", "size": 1}]}, "volumes[0].volumes: two have the same"),
    ],
)
def test_a_wrong_volume_is_refused_with_the_place(volume: dict[str, Any], message: str) -> None:
    whole = {"id": "os", "type": "vg", "label": "OS", "min_size": 1, **volume}
    with pytest.raises(Invalid) as caught:
        nailgun.read_schema({"volumes_roles_mapping": {}, "volumes": [whole]})
    assert str(caught.value).startswith(message)


def test_a_file_that_would_fill_the_memory_is_refused_before_it_does() -> None:
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    assert "more than 50 aliases" in refusal(f"l0: &l0 [x]\n{layers}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 300_000, "The schema is refused: it is longer than 256 KiB"),
        ("[" * 40 + "]" * 40, "The schema is refused: it is nested deeper than 20 levels"),
        ("[" + "1," * 30_000 + "]", "The schema is refused: it has more than 20000 values"),
        ("a: [", "The schema is not YAML or JSON: "),
        (
            "a: !!python/object/apply:os.system [true]",
            "The schema is not YAML or JSON: could not determine a constructor",
        ),
        ("a: 2001-14-55", "The schema is refused: month must be in 1..12"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


def test_json_is_refused_where_it_is_no_number_or_too_deep() -> None:
    for text in ('{"a": NaN}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"):
        with pytest.raises(Invalid, match="can't be read"):
            load_json(text)
    with pytest.raises(Invalid, match="no JSON in line 2"):
        load_json('{\n"a": }')


def test_root_on_a_firmware_raid_is_booted_from_although_it_is_not_the_first_disk() -> None:
    spaces = nailgun.compute(node(disk("md126", 100), disk("ada", 1), roles=("base-os",)), LEGACY)
    assert [disk.name for disk in spaces.disks if disk.bootable] == ["md126"]


def test_an_nvme_disk_is_booted_from_when_there_is_no_other() -> None:
    spaces = nailgun.compute(node(disk("nvme1n1", 100), disk("nvme0n1", 100)), LEGACY)
    assert [disk.name for disk in spaces.disks if disk.bootable] == ["nvme0n1"]
