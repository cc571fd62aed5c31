"""`corral layout write`: nodes and layouts in, documents out, and nothing half done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from writer_layouts import GIB, data, plain

from corral.cli.main import app
from corral.domain.layout import Layout
from corral.layouts.serial import to_json
from corral.layouts.writers.targets import TARGETS

NODE = {
    "roles": ["compute"],
    "os": "Ubuntu",
    "meta": {
        "disks": [
            {
                "name": "sda",
                "disk": "disk/by-path/pci-0000:00:01.0",
                "extra": ["disk/by-id/one"],
                "size": 100 * GIB,
                "model": None,
                "removable": "0",
            }
        ],
        "memory": {"total": 8 * GIB},
    },
}


@pytest.fixture
def node(tmp_path: Path) -> Path:
    path = tmp_path / "node.json"
    path.write_text(json.dumps(NODE))
    return path


def laid_out(tmp_path: Path, layout: Layout) -> Path:
    path = tmp_path / "layout.json"
    path.write_text(json.dumps(to_json(layout)))
    return path


def written(*args: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["layout", "write", *map(str, args)], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.output


def document(*args: object) -> dict[str, Any]:
    found = json.loads(written(*args))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", [name for name in TARGETS if name.startswith("nailgun_simple/")])
def test_a_node_becomes_a_whole_document_for_each_agent(node: Path, name: str) -> None:
    found = document(node, "--target", name)
    assert found["partitioning"]["parteds"][0]["name"] == "/dev/sda"
    assert [p["configdrive"] for p in found["partitioning"]["parteds"][0]["partitions"]].count(True) == 1


def test_the_deployment_comes_from_options_or_from_data_of_others(node: Path, tmp_path: Path) -> None:
    options = ("--hostname", "node-9", "--image", "/=http://host/root.img.gz", "--target", "nailgun_simple/bareon")
    found = document(node, *options)
    assert found["hostname"] == "node-9"
    assert found["ks_meta"]["image_data"]["/"]["uri"] == "http://host/root.img.gz"

    theirs = tmp_path / "provision.json"
    theirs.write_text(json.dumps({**found, "partitioning": {}, "uid": "42"}))
    again = document(node, "--data", theirs, "--target", "nailgun_simple/bareon")
    assert again["uid"] == "42"
    assert again["partitioning"] == found["partitioning"]


def test_a_layout_is_written_as_well_as_a_node(tmp_path: Path) -> None:
    found = document(laid_out(tmp_path, plain()), "--target", "nailgun_simple/fuel-agent")
    assert [p["end"] for p in found["partitioning"]["parteds"][0]["partitions"]] == [25, 226, 1251, 1272, 11513]


def test_in_place_keeps_everything_but_file_systems(tmp_path: Path) -> None:
    found = document(laid_out(tmp_path, plain()), "--in-place", "--target", "nailgun_simple/bareon")["partitioning"]
    assert {p["keep_data"] for p in found["parteds"][0]["partitions"]} == {True}
    assert {fs["keep_data"] for fs in found["fss"]} == {False}


def test_files_go_to_a_new_folder_and_never_among_others(tmp_path: Path) -> None:
    source, folder = laid_out(tmp_path, data(4 * GIB, 2 * GIB)), tmp_path / "new" / "repart"
    assert "Wrote 2 file(s)" in written(source, "--target", "repart", "--directory", folder)
    assert sorted(path.name for path in (folder / "sdb").iterdir()) == ["001.conf", "002.conf"]
    assert "is not empty" in written(source, "--target", "repart", "--directory", folder, code=2)
    shown = written(source, "--target", "repart")
    assert shown.startswith("# sdb/001.conf\n[Partition]\n")


def test_what_a_target_can_not_express_is_told_all_at_once_and_nothing_is_written(node: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    said = written(node, "--target", "cloud-init", "--directory", folder, code=4)
    for code in ("cannot-write-lvm", "cannot-write-root", "cannot-write-use"):
        assert code in said
    assert not folder.exists()


def test_a_layout_that_is_not_sound_is_refused_before_any_target_sees_it(tmp_path: Path) -> None:
    source = laid_out(tmp_path, plain())
    broken = json.loads(source.read_text())
    broken["tables"][0]["partitions"][1]["start"] -= 1024 * 1024
    source.write_text(json.dumps(broken))
    assert "not sound" in written(source, "--target", "ignition", code=4)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--target", "preseed"], "nailgun_simple/bareon-0.0.1a3"),
        (["--target", "ironic", "--image", "root.img"], "names no image"),
        (["--target", "nailgun_simple/bareon", "--data", "missing.json"], "missing.json"),
    ],
)
def test_bad_options_are_told_in_words(node: Path, args: list[str], told: str) -> None:
    assert told in written(node, *args, code=2)


@pytest.mark.parametrize("text", ["[1]", "{", '{"tables": 7, "version": 1}', '{"tables": [], "version": 1, "more": 1}'])
def test_a_file_that_is_neither_node_nor_layout_is_told_in_words(tmp_path: Path, text: str) -> None:
    source = tmp_path / "odd.json"
    source.write_text(text)
    assert "odd.json" in written(source, "--target", "ignition", code=2)


def test_data_that_lacks_what_the_agents_read_is_told_in_words(node: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "provision.json"
    theirs.write_text('{"ks_meta": {}}')
    said = written(node, "--target", "nailgun_simple/bareon", "--data", theirs, code=2)
    assert "hostname, profile" in said
    theirs.write_text("[]")
    assert "no JSON object" in written(node, "--target", "nailgun_simple/bareon", "--data", theirs, code=2)
