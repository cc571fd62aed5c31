"""What the allocator makes of schema and disks: sizes to the byte, in the right place, and why not when not."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from exact_nodes import GIB, MIB, Json, disk, lay_out, node, on, spare, told

from corral.domain.layout import MIB as A_MIB
from corral.domain.layout import TableKind, Use
from corral.layouts.check import check
from corral.layouts.exact import Infeasible, Unsolved, allocate, read, tables
from corral.layouts.exact.problem import member_for, reserve

SSD, HDD = {"rotational": False}, {"rotational": True}


def refused(schema: str, *disks: Json) -> Infeasible:
    with pytest.raises(Infeasible) as caught:
        lay_out(schema, *disks)
    return caught.value


HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "lay-out-disks.md"


def test_the_example_of_the_documentation_is_laid_out_without_flaw() -> None:
    example = HOW_TO.read_text(encoding="utf-8").partition("```yaml\nversion: 2\n")[2].partition("```")[0]
    made = lay_out(example, disk("sda", 200, **SSD), *(disk(name, 1000, **HDD) for name in ("sdb", "sdc", "sdd")))
    assert check(made.layout) == ()
    volumes = told(made)
    assert volumes["os/root"].size == 50 * GIB
    assert volumes["os/swap"].size == 4 * GIB
    assert on(made, "data") == ["sdb", "sdc", "sdd"]
    assert [table.disk.name for table in made.layout.tables if table.bootable] == ["sda"]


def test_a_disk_that_one_volume_takes_is_filled_to_the_last_unit() -> None:
    made = lay_out("volumes: {all: {size: remaining}}", disk("sda", 10))
    assert told(made)["all"].size == 10 * GIB
    assert spare(made).spare == ()
    first = made.layout.tables[0].partitions[0]
    assert (first.start, first.size) == (A_MIB, 10 * GIB)


@pytest.mark.parametrize("count", [7, 30])
def test_no_mebibyte_is_lost_between_volumes(count: int) -> None:
    # A relaxed program that rounds each piece down loses up to a unit of each.
    parts = ", ".join(f"v{number}: {{weight: 1}}" for number in range(count))
    made = lay_out(f"volumes: {{{parts}}}", disk("sda", 10))
    sizes = [one.size for one in told(made).values()]
    assert sum(sizes) == 10 * GIB
    assert max(sizes) - min(sizes) <= count * MIB


def test_weights_that_cannot_be_kept_to_the_letter_are_no_obstacle() -> None:
    made = lay_out("volumes: {a: {weight: 1, max: 1 GiB}, b: {weight: 1}, c: {weight: 2}}", disk("sda", 10))
    sizes = {name: one.size for name, one in told(made).items()}
    assert sizes == {"a": GIB, "b": 3 * GIB, "c": 6 * GIB}


def test_a_volume_is_never_split_where_it_must_not_be() -> None:
    error = refused("volumes: {a: {size: 15 GiB}}", disk("sda", 10), disk("sdb", 10))
    assert "the largest free stretch there is 10 GiB" in error.message


def test_a_group_is_split_over_disks_and_pays_for_each_piece() -> None:
    made = lay_out("volumes: {g: {type: vg, size: 15 GiB}}", disk("sda", 10), disk("sdb", 10))
    assert on(made, "g") == ["sda", "sdb"]
    assert told(made)["g"].size == 15 * GIB


def test_a_group_that_must_be_on_one_disk_is() -> None:
    made = lay_out("volumes: {g: {type: vg, size: 12 GiB, one_disk: true}}", disk("sda", 10), disk("sdb", 20))
    assert on(made, "g") == ["sdb"]
    error = refused("volumes: {g: {type: vg, size: 25 GiB, one_disk: true}}", disk("sda", 20), disk("sdb", 20))
    assert {one.kind for one in error.conflicts[0].requirements} == {"size", "one-disk"}


def test_a_percentage_is_of_the_disk_for_a_partition_and_of_the_group_for_a_logical_volume() -> None:
    made = lay_out("volumes: {a: {size: 40%}, g: {type: vg, size: 4 GiB, volumes: {x: {size: 25%}}}}", disk("sda", 10))
    assert told(made)["a"].size == 4 * GIB
    assert told(made)["g/x"].size == GIB


def test_percentages_that_exceed_the_disk_fall_short_alike() -> None:
    made = lay_out("volumes: {a: {size: 60%}, b: {size: 60%}}", disk("sda", 10))
    assert {one.size for one in told(made).values()} == {5 * GIB}


def test_so_much_of_each_disk_stays_free_as_the_schema_says() -> None:
    made = lay_out("spare: 8 MiB\nvolumes: {all: {size: remaining}}", disk("sda", 10))
    assert told(made)["all"].size == 10 * GIB - 8 * MIB


def test_sizes_are_rounded_up_to_the_unit_and_minimums_kept() -> None:
    made = lay_out("alignment: 4 MiB\nvolumes: {a: {size: 50 MB}, b: {min: 5 MiB}}", disk("sda", 1))
    assert {name: one.size for name, one in told(made).items()} == {"a": 48 * MIB, "b": 8 * MIB}
    assert all(one.start % (4 * MIB) == 0 for one in made.layout.tables[0].partitions)


def test_what_starts_the_machine_is_on_one_disk_in_front() -> None:
    made = lay_out(
        "boot: {firmware: both, disks: {rotational: false}}\nvolumes: {a: {size: remaining}}",
        disk("sda", 9, **HDD),
        disk("sdb", 5, **SSD),
    )
    uses = [one.use for table in made.layout.tables if table.bootable for one in table.partitions]
    assert uses[:2] == [Use.BIOS_GRUB, Use.ESP]
    assert on(made, "esp") == on(made, "bios_grub") == ["sdb"]


def test_an_array_has_equal_members_on_different_disks_and_spares() -> None:
    schema = "volumes: {r: {type: raid, level: 6, devices: 4, spares: 1, min: 10 GiB, file_system: xfs}}"
    made = lay_out(schema, *(disk(f"sd{one}", 20) for one in "abcdef"))
    raid = made.layout.raids[0]
    assert (len(raid.members), len(raid.spares), raid.level) == (4, 1, "6")
    assert len(set(on(made, "r"))) == 5
    assert len({one.partition.size for one in made.placed}) == 1
    assert 10 * GIB <= raid.size < 10 * GIB + 2 * MIB
    error = refused(schema, *(disk(f"sd{one}", 20) for one in "abcd"))
    assert "only 4 have that much" in error.message


@pytest.mark.parametrize("need", [1, 100, 1023, 5000, 131_072, 10_000_000])
@pytest.mark.parametrize("data", [1, 3])
def test_a_member_is_the_smallest_that_surely_suffices(need: int, data: int) -> None:
    member = member_for(need, data)
    assert data * (member - reserve(member)) >= need > data * (member - 1 - reserve(member - 1)) - (data - 1) - 1


def test_a_group_on_an_array_sizes_the_array() -> None:
    group = "{type: vg, array: m, volumes: {x: {size: 6 GiB, file_system: xfs}}}"
    schema = f"volumes: {{m: {{type: raid, level: 1, devices: 2}}, g: {group}}}"
    made = lay_out(schema, disk("sda", 10), disk("sdb", 12))
    assert made.layout.groups[0].volumes == (made.layout.raids[0].device,)
    assert told(made)["g/x"].size == 6 * GIB
    assert check(made.layout)[0].code == "no-boot-disk"
    assert len(check(made.layout)) == 1


OLD = {"number": 2, "start": 3 * GIB, "size": GIB, "name": "old"}


def test_existing_partitions_stay_and_new_ones_fit_between_them() -> None:
    made = lay_out("volumes: {a: {size: 5 GiB}, b: {size: remaining}}", disk("sda", 10, partitions=[OLD]))
    table = made.layout.tables[0]
    assert (
        check(made.layout, tables(node(disk("sda", 10, partitions=[{**OLD, "keep": True}]))))[0].code == "no-boot-disk"
    )
    found = [(one.number, one.name, one.keep) for one in table.partitions]
    assert found == [(1, "b", False), (2, "old", True), (3, "a", False)]
    error = refused("volumes: {a: {size: 8 GiB}}", disk("sda", 10, partitions=[OLD]))
    assert {one.kind for one in error.conflicts[0].requirements} == {"size", "keep"}
    assert "partition 2 of sda (1 GiB) is kept" in error.message


def test_a_schema_that_may_wipe_does_but_never_what_is_marked_as_kept() -> None:
    wipe = "existing: wipe\nvolumes: {a: {size: 8 GiB}}"
    assert on(lay_out(wipe, disk("sda", 10, partitions=[OLD])), "a") == ["sda"]
    refused(wipe, disk("sda", 10, partitions=[{**OLD, "keep": True}]))


def test_a_partition_is_reused_by_name_and_keeps_content_and_size() -> None:
    schema = "existing: wipe\nvolumes: {cache: {reuse: old, file_system: xfs, mount: /cache}, a: {size: remaining}}"
    made = lay_out(schema, disk("sda", 10, partitions=[OLD]), disk("sdb", 5))
    reused = next(one for one in made.placed if one.volume == "cache")
    assert (reused.device, reused.partition.keep, reused.partition.size) == ("/dev/sda2", True, GIB)
    assert [(one.mount, one.keep) for one in made.layout.file_systems] == [("/cache", True)]
    assert "there is none" in refused("volumes: {cache: {reuse: other}}", disk("sda", 10, partitions=[OLD])).message


def test_a_disk_with_kept_partitions_in_another_kind_of_table_is_left_alone() -> None:
    made = lay_out("volumes: {a: {size: 1 GiB}}", disk("sda", 10, table="msdos", partitions=[OLD]), disk("sdb", 5))
    assert on(made, "a") == ["sdb"]
    assert [(table.disk.name, table.kind) for table in made.layout.tables] == [
        ("sda", TableKind.MSDOS),
        ("sdb", TableKind.GPT),
    ]


def test_a_disk_that_nothing_is_put_on_is_not_in_the_layout() -> None:
    made = lay_out("volumes: {a: {size: 1 GiB}}", disk("sda", 10), disk("sdb", 10), disk("sdc", 10, removable="1"))
    assert [table.disk.name for table in made.layout.tables] == ["sda"]


def test_volumes_are_together_or_apart_as_the_schema_says() -> None:
    made = lay_out(
        "volumes: {a: {size: 1 GiB}, b: {size: 1 GiB, other_disk: a}, c: {size: 8 GiB, same_disk: b}}",
        disk("sda", 10),
        disk("sdb", 10),
    )
    assert on(made, "c") == on(made, "b") != on(made, "a")


@pytest.mark.parametrize(("first", "second"), [("{}", "{rotational: false}"), ("{rotational: false}", "{}")])
def test_volumes_that_belong_together_are_where_each_of_them_may_be(first: str, second: str) -> None:
    schema = f"volumes: {{a: {{size: 1 GiB, disks: {first}}}, b: {{size: 1 GiB, same_disk: a, disks: {second}}}}}"
    made = lay_out(schema, disk("sda", 10, **HDD), disk("sdb", 10, **SSD))
    assert on(made, "a") == on(made, "b") == ["sdb"]


def test_the_largest_disk_of_a_kind_is_named_when_one_volume_is_too_large_for_it() -> None:
    schema = "volumes: {os: {size: 50 GiB, disks: {rotational: false}}}"
    error = refused(schema, disk("sda", 40, **SSD), disk("sdb", 900, **HDD))
    assert error.message == "os needs 50 GiB on a non-rotational disk, but the largest free stretch there is 40 GiB."
    assert {(one.kind, one.subject) for one in error.conflicts[0].requirements} == {("size", "os"), ("disks", "os")}
    assert error.as_json()["conflicts"][0]["requirements"][0]["subject"] == "os"


def test_every_volume_that_does_not_fit_by_itself_is_told_at_once() -> None:
    error = refused("volumes: {a: {size: 50 GiB}, b: {size: 60 GiB}, c: {size: 1 GiB}}", disk("sda", 40))
    assert [one.requirements[0].subject for one in error.conflicts] == ["a", "b"]


def test_volumes_that_only_together_are_too_much_are_named_together() -> None:
    error = refused("volumes: {a: {size: 6 GiB}, b: {size: 6 GiB}, c: {size: 1 GiB}}", disk("sda", 10))
    assert {one.subject for one in error.conflicts[0].requirements} == {"a", "b"}
    assert "10 GiB free" in error.message


def test_a_node_without_disks_is_told_so() -> None:
    assert "no disk is like that" in refused("volumes: {a: {size: 1 GiB}}").message


def test_no_time_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(Unsolved, match="Give more time"):
        allocate(
            read("version: 2\nvolumes: {a: {weight: 1}, b: {weight: 2, other_disk: a}}"),
            tables(node(disk("sda", 5), disk("sdb", 7))),
            time_limit=0,
        )


def test_a_volume_says_why_it_is_there() -> None:
    made = lay_out(
        "volumes: {os: {size: 2 GiB, disks: {rotational: false}}}", disk("sda", 9, **HDD), disk("sdb", 9, **SSD)
    )
    assert told(made)["os"].why[0] == "Only sdb is a non-rotational disk."
    assert told(made)["os"].at == (("sdb", MIB, 2 * GIB),)
    assert spare(made).spare[0].why == "No volume asks for more than it has."


def test_two_hundred_equal_disks_are_shared_out_whole() -> None:
    schema = "volumes: {a: {type: vg, weight: 1, volumes: {x: {weight: 1}}}, b: {type: vg, weight: 3, volumes: {x: {weight: 1}}}}"
    made = lay_out(schema, *(disk(f"d{number:03}", 100) for number in range(200)))
    assert len(made.placed) <= 201
    sizes = {name: one.size for name, one in told(made).items()}
    assert 2.99 < sizes["b"] / sizes["a"] < 3.01


@pytest.mark.skipif(shutil.which("sfdisk") is None, reason="sfdisk is not installed")
def test_sfdisk_makes_the_partitions_where_the_layout_says(tmp_path: Path) -> None:
    parts = "a: {size: 100 MiB}, g: {type: vg, size: 500 MiB}, rest: {size: remaining}"
    # The smallest disk that has exactly 2 GiB between the tables: one sector less, and the last unit would be gone.
    made = lay_out(f"boot: {{esp: 100 MiB}}\nvolumes: {{{parts}}}", {"name": "sda", "size": 2 * GIB + MIB + 33 * 512})
    table, image = made.layout.tables[0], tmp_path / "disk"
    with image.open("wb") as file:
        file.truncate(table.disk.size)
    lines = [f"{one.number} : start={one.start // 512}, size={one.size // 512}" for one in table.partitions]
    script = "\n".join(["label: gpt", "first-lba: 34", "unit: sectors", *lines])
    subprocess.run(["sfdisk", "--quiet", str(image)], input=script, text=True, check=True, capture_output=True)
    shown = subprocess.run(["sfdisk", "--json", str(image)], text=True, check=True, capture_output=True).stdout
    read_back = [(one["start"] * 512, one["size"] * 512) for one in json.loads(shown)["partitiontable"]["partitions"]]
    assert read_back == [(one.start, one.size) for one in table.partitions]
    assert table.partitions[-1].end == 2 * GIB + MIB
