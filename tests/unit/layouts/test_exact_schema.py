"""A schema of version 2 says what it means, or every one of its mistakes is named."""

from __future__ import annotations

import json

import pytest
from exact_nodes import GIB, MIB, disk, lay_out, node
from oslo_utils import specs_matcher

from corral.domain.errors import Invalid
from corral.domain.layout import LayoutDisk
from corral.layouts.exact import SchemaInvalid, is_exact, read, tables
from corral.layouts.exact.amounts import percentage, size, size_text
from corral.layouts.exact.selectors import Hint, Selector


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(SchemaInvalid) as caught:
        read(f"version: 2\n{text}")
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("100 MiB", 100 * MIB),
        ("1.5 TiB", 3 * 2**39),
        ("500 GB", 500 * 10**9),
        ("1kb", 1000),
        ("0.1 KiB", 103),
        ("7 B", 7),
    ],
)
def test_a_size_is_read_to_the_byte_and_rounded_up(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize(
    "text", ["100", 100, "ten GiB", "1 XB", "-1 MiB", "9999999 PiB", "1e9 GiB", None, True, "nan MiB"]
)
def test_what_is_no_size_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"unit|size|no disk has"):
        size(text)


def test_percentages_are_exact() -> None:
    assert percentage("33.3 %") == percentage("33.3%")
    assert percentage("0.1%") == 1 / percentage("100%") / 1000  # type: ignore[operator]
    assert percentage("100 MiB") is None
    with pytest.raises(ValueError, match="between"):
        percentage("101%")


def test_a_size_is_told_without_loss() -> None:
    assert size_text(2 * GIB) == "2 GiB"
    assert size_text(20 * GIB + MIB) == "20.0 GiB (20481 MiB)"


def test_every_problem_is_named_at_once_with_its_place_and_the_nearest_key() -> None:
    found = problems("volumes:\n  os: {sise: 1 GiB, type: partitoin}\n  data: {min: 2 GiB, max: 1 GiB}\nvolume: {}")
    assert any("volumes.os: 'sise' is not a key here; did you mean 'size'?" in one for one in found)
    assert any("did you mean 'partition'?" in one for one in found)
    assert any("volumes.data.max: 1 GiB is less than the minimum, 2 GiB" in one for one in found)
    assert any("'volume' is not a key here; did you mean 'volumes'?" in one for one in found)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("volumes: {a: {}}", "say how large"),
        ("volumes: {a: {size: 1 GiB, min: 1 MiB}}", "no meaning beside size"),
        ("volumes: {a: {size: 0 MiB}}", "more than nothing"),
        ("volumes: {-a: {size: 1 GiB}}", "a name has"),
        ("volumes: {'../a': {size: 1 GiB}}", "a name has"),
        ("volumes: {a: {type: raid, level: 5, devices: 2, size: 1 GiB}}", "RAID 5 needs at least 3"),
        ("volumes: {a: {type: raid, level: 10, devices: 5, size: 1 GiB}}", "an even number"),
        ("volumes: {a: {type: raid, level: 7, size: 1 GiB}}", "'7' is not known"),
        ("volumes: {a: {type: raid, level: 1}}", "say how large"),
        ("volumes: {a: {size: 1 GiB, same_disk: b}}", "'b' is not a volume"),
        ("volumes: {a: {size: 1 GiB, same_disk: a}}", "by itself"),
        ("volumes: {a: {type: vg, size: 1 GiB, extent: 3 MiB}}", "power of two"),
        ("volumes: {a: {size: 1 GiB, mount: etc, file_system: ext4}}", "absolute path"),
        ("volumes: {a: {size: 1 GiB, mount: /etc}}", "no file_system"),
        ("volumes: {a: {size: 1 GiB, disks: fast}}", "not one of the schema's disks"),
        ("volumes: {a: {size: 1 GiB, disks: {root_hints: {size: big}}}}", "whole number of GiB"),
        ("volumes: {a: {size: 1 GiB, disks: {root_hints: {model: '<all-in> a'}}}}", "use <in>"),
        ("volumes: {a: {size: 1 GiB, weight: 0}}", "whole number from 1"),
        ("boot: {firmware: coreboot}\nvolumes: {}", "'coreboot' is not known"),
        ("boot: {}\nvolumes: {esp: {size: 1 GiB}}", "boot disk has a partition of this name"),
        ("volumes: {a: {size: 1 GiB}}\nroles: {web: [b]}", "'b' is not a volume"),
        ("volumes: {a: {reuse: old, size: 1 GiB}}", "keeps its size"),
        ("volumes: {a: {type: vg, array: b, size: 1 GiB}, b: {size: 1 GiB}}", "no array"),
        ("volumes: []", "must be a mapping"),
    ],
)
def test_a_mistake_is_named(text: str, what: str) -> None:
    assert any(what in one for one in problems(text)), problems(text)


def test_the_version_must_be_two() -> None:
    with pytest.raises(SchemaInvalid, match="must be 2"):
        read("version: 3\nvolumes: {}")
    assert is_exact('{"version": 2}')
    assert not is_exact("version: 1")
    assert not is_exact("version: [")


def test_json_and_yaml_say_the_same() -> None:
    data = {"version": 2, "volumes": {"a": {"size": "1 GiB"}}}
    assert read(json.dumps(data)) == read("version: 2\nvolumes: {a: {size: 1 GiB}}")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &a [x]\nb: [" + "*a, " * 60 + "]", "aliases"),
        (
            "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9 if n else ['x'] * 9)}]" for n in range(6)),
            "more than",
        ),
        ("[" * 30 + "]" * 30, "nested"),
        ("x: " + "y" * 300_000, "longer"),
        ("a: {b: 1}\na: {b: 2}", "given twice"),
        ("a: &a {b: 1}\nc: {<<: *a}", "merge keys"),
        ("a: [", "not YAML"),
        ("a: !!python/object/apply:os.system [ls]", "not YAML"),
    ],
)
def test_a_text_that_would_hurt_is_refused(text: str, what: str) -> None:
    with pytest.raises(Invalid, match=what):
        read(text)


def test_a_volume_may_be_named_like_a_flag() -> None:
    assert [one.name for one in read("version: 2\nvolumes: {on: {size: 1 GiB}, no: {size: 1 GiB}}").volumes] == [
        "on",
        "no",
    ]


def test_a_role_that_is_not_in_the_schema_is_named_with_the_nearest() -> None:
    with pytest.raises(SchemaInvalid, match="did you mean 'compute'"):
        lay_out("roles: {compute: [a]}\nvolumes: {a: {size: 1 GiB}}", disk("sda", 9), roles=("computer",))


def test_a_node_gets_the_volumes_of_its_roles_and_without_one_only_what_starts_it() -> None:
    schema = "boot: {firmware: both}\nroles: {web: [a], db: [b]}\nvolumes: {a: {size: 1 GiB}, b: {size: 1 GiB}}"
    named = lambda *roles: [one.volume for one in lay_out(schema, disk("sda", 9), roles=roles).placed]  # noqa: E731
    assert named("web") == ["bios_grub", "esp", "a"]
    assert named("db", "web") == ["bios_grub", "esp", "a", "b"]
    assert named() == ["bios_grub", "esp"]


def test_two_volumes_on_one_mount_are_refused() -> None:
    one = "{size: 1 GiB, file_system: ext4, mount: /srv}"
    with pytest.raises(SchemaInvalid, match="'/srv' is mounted more than once"):
        lay_out(f"volumes: {{a: {one}, b: {one}}}", disk("sda", 9))


def test_logical_volumes_that_exceed_their_group_are_a_mistake_of_the_schema() -> None:
    with pytest.raises(SchemaInvalid, match="need 3 GiB, more than its 2 GiB"):
        lay_out("volumes: {a: {type: vg, size: 2 GiB, volumes: {x: {size: 3 GiB}}}}", disk("sda", 9))


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"name": "sda", "size": -1}, "size"),
        ({"name": "sda", "size": 2**70}, "size"),
        ({"name": "", "size": GIB}, "name"),
        ({"name": "../etc", "size": GIB}, "name"),
        ({"name": "a\x1b[31m", "size": GIB}, "printable"),
        ({"name": "sda", "size": GIB, "sector": 1000}, "sector"),
        ({"name": "sda", "size": GIB, "partitions": [{"number": 1, "start": 512, "size": 2 * GIB}]}, "behind the end"),
        ({"name": "sda", "size": GIB, "partitions": [{"number": 1, "start": 512, "size": MIB}] * 2}, "overlap"),
    ],
)
def test_facts_about_disks_that_cannot_be_are_refused(facts: dict[str, object], what: str) -> None:
    with pytest.raises(SchemaInvalid, match=what):
        tables(node(facts))


def test_two_disks_of_one_name_are_refused() -> None:
    with pytest.raises(SchemaInvalid, match="two disks are named 'sda'"):
        tables(node(disk("sda", 1), disk("sda", 2)))


A_DISK = LayoutDisk(
    "sda",
    "/dev/sda",
    "disk/by-path/pci-0",
    100 * GIB,
    ("disk/by-id/wwn-0xAB",),
    512,
    True,
    "0xAB",
    "S1",
    "QEMU HARD",
    False,
    "ATA",
    "0:0:0:0",
)


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        (Selector(), True),
        (Selector(rotational=False), False),
        (Selector(rotational=True, at_least=100 * GIB, at_most=100 * GIB), True),
        (Selector(at_least=100 * GIB + 1), False),
        (Selector(names=("sd?",)), True),
        (Selector(names=("/dev/sdb",)), False),
        (Selector(ids=("wwn-0xab",)), True),
        (Selector(ids=("disk/by-path/*",)), True),
        (Selector(wwn=("0xab",)), True),
        (Selector(wwn=("0xa",)), False),
        (Selector(serial=("S1", "S2")), True),
        (Selector(model=("samsung*",)), False),
    ],
)
def test_a_selector_takes_the_disks_that_it_says(selector: Selector, fits: bool) -> None:
    assert selector.matches(A_DISK) is fits


def test_removable_disks_are_left_out_unless_asked_for() -> None:
    stick = LayoutDisk("sdz", "/dev/sdz", "x", GIB, removable=True)
    assert not Selector().matches(stick)
    assert Selector(removable=True).matches(stick)


TEXTS = ["qemu hard", "s== qemu hard", "s!= qemu", "s== QEMU", "<in> hard", "<in> soft"]
TEXTS += ["<or> a <or> qemu hard", "<or> a <or> b", "s>= a", "s< a", "s<= z", "s> z"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("expression", TEXTS)
def test_a_text_hint_means_what_it_means_to_ironic(expression: str) -> None:
    # Ironic compares in small letters, writes a space within a value as %20, and takes `s==` where there is no operator.
    lowered = expression.lower().replace("qemu hard", "qemu%20hard")
    asked = lowered if lowered.startswith(("s", "<")) else f"s== {lowered}"
    assert Hint("model", expression).matches(A_DISK) is bool(specs_matcher.match("qemu%20hard", asked))


SIZES = ["100", "== 100", "= 60", "= 101", ">= 100", "> 100", "<= 99", "< 101", "!= 100", "<or> 90 <or> 100", "<or> 90"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("expression", SIZES)
def test_a_size_hint_means_what_it_means_to_ironic(expression: str) -> None:
    asked = f"== {expression}" if expression.isdecimal() else expression
    assert Hint("size", expression).matches(A_DISK) is bool(specs_matcher.match("100", asked))


def test_the_other_hints_look_at_the_disk() -> None:
    assert Hint("rotational", "True").matches(A_DISK)
    assert not Hint("rotational", "false").matches(A_DISK)
    assert Hint("name", "/dev/sda").matches(A_DISK)
    assert Hint("by_path", "/dev/disk/by-path/pci-0").matches(A_DISK)
    assert Hint("hctl", "0:0:0:0").matches(A_DISK)
    assert not Hint("vendor", "s== dell").matches(A_DISK)
