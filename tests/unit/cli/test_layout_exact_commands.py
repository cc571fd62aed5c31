"""`corral layout compute`, `check` and `explain` with schemas of version 2: files in, no server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

SCHEMA = """
version: 2
boot: {firmware: uefi}
volumes:
  os: {type: vg, volumes: {root: {size: remaining, mount: /, file_system: ext4}}}
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    node = {"meta": {"disks": [{"name": "sda", "disk": "disk/by-path/a", "size": 50 * 2**30}]}}
    (tmp_path / "node.json").write_text(json.dumps(node))
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "big.yaml").write_text(SCHEMA.replace("remaining", "90 GiB"))
    return {one.stem: str(one) for one in tmp_path.iterdir()}


Run = Callable[..., Any]


def test_a_layout_is_computed_checked_and_drawn(run: Run, files: dict[str, str], tmp_path: Path) -> None:
    made = run("layout", "compute", files["node"], "--schema", files["schema"])
    assert made.exit_code == 0, made.output
    assert [one["name"] for one in json.loads(made.stdout)["tables"][0]["partitions"]] == ["esp", "os"]
    (tmp_path / "layout.json").write_text(made.stdout)
    checked = run("layout", "check", str(tmp_path / "layout.json"), "--node", files["node"])
    assert (checked.exit_code, checked.stdout) == (0, "Nothing is wrong with it.\n")
    drawn = run("layout", "compute", files["node"], "--schema", files["schema"], "--as", "svg")
    ElementTree.fromstring(drawn.stdout)


def test_flaws_are_listed_and_end_with_refused(run: Run, files: dict[str, str], tmp_path: Path) -> None:
    layout = json.loads(run("layout", "compute", files["node"], "--schema", files["schema"]).stdout)
    layout["tables"][0]["bootable"] = False
    (tmp_path / "layout.json").write_text(json.dumps(layout))
    checked = run("layout", "check", str(tmp_path / "layout.json"), "-o", "json")
    assert checked.exit_code == 4
    assert [one["code"] for one in json.loads(checked.stdout)] == ["no-boot-disk"]
    assert "No disk is bootable." in run("layout", "check", str(tmp_path / "layout.json")).stdout


def test_a_layout_explains_itself(run: Run, files: dict[str, str]) -> None:
    shown = run("layout", "explain", files["node"], "--schema", files["schema"])
    assert shown.exit_code == 0, shown.output
    assert "Only sda is a disk that is not removable" in shown.stdout
    told = json.loads(run("layout", "explain", files["node"], "--schema", files["schema"], "-o", "json").stdout)
    assert [one["volume"] for one in told["volumes"]] == ["esp", "os", "os/root"]


def test_what_does_not_fit_is_told_in_words(run: Run, files: dict[str, str]) -> None:
    refused = run("layout", "compute", files["node"], "--schema", files["big"])
    assert refused.exit_code == 4
    assert "os needs at least 90 GiB" in refused.output


def test_a_layout_by_role_explains_itself(run: Run, tmp_path: Path) -> None:
    node = {"roles": ["compute"], "meta": {"disks": [{"name": "sda", "size": 90 * 2**30}], "memory": {"total": 2**32}}}
    path = tmp_path / "roles.json"
    path.write_text(json.dumps(node))
    shown = run("layout", "explain", str(path))
    assert shown.exit_code == 0, shown.output
    assert "The role compute asks for it." in " ".join(shown.stdout.split())
    told = json.loads(run("layout", "explain", str(path), "-o", "json").stdout)
    assert [one["volume"] for one in told["volumes"]] == ["os", "os/root", "os/swap", "vm", "vm/nova"]
    assert told["volumes"][0]["keys"][0] == "node: roles[0] = compute; schema: volumes_roles_mapping.compute[0]"
    assert [one["part"] for one in told["service"]] == ["bios_grub", "esp", "/boot", "config_drive"]
    assert (told["conflicts"], len(told["spare"])) == ([], 1)


def test_a_layout_by_role_that_can_not_be_had_says_what_conflicts_and_ends_with_refused(
    run: Run, tmp_path: Path
) -> None:
    node = {"roles": ["compute"], "meta": {"disks": [{"name": "sda", "size": 9 * 2**30}], "memory": {"total": 2**36}}}
    path = tmp_path / "roles.json"
    path.write_text(json.dumps(node))
    refused = run("layout", "explain", str(path))
    assert refused.exit_code == 4
    assert "It can't be had:" in refused.stdout
    told = json.loads(run("layout", "explain", str(path), "-o", "json").stdout)["conflicts"]
    assert [one["subject"] for one in told[0]["requirements"]] == ["os"]


def test_a_node_that_can_not_be_read_is_named(run: Run, files: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "roles.json"
    path.write_text('{"roles": ["compute"], "meta": {"dicks": []}}')
    refused = run("layout", "explain", str(path))
    assert refused.exit_code == 2
    assert "roles.json" in refused.output
