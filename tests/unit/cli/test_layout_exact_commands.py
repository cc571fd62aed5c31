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


def test_only_exact_layouts_are_explained(run: Run, files: dict[str, str]) -> None:
    refused = run("layout", "explain", files["node"])
    assert refused.exit_code == 2
    assert "version: 2" in refused.output
