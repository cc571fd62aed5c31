"""`corral layout compute`: from a file, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = json.loads((Path(__file__).parent.parent / "layouts" / "golden_volume_manager.json").read_text())


@pytest.fixture
def node(tmp_path: Path) -> Path:
    path = tmp_path / "node.json"
    path.write_text(json.dumps(CASES[11]["node"]))  # root would be below zero
    return path


def root(spaces: list[dict[str, Any]]) -> int:
    return next(one["size"] for space in spaces for one in space["volumes"] if one.get("mount") == "/")


@pytest.mark.parametrize("form", ["ks_spaces", "disks", "volumes"])
def test_a_node_is_laid_out_as_the_real_one_did(run, node: Path, form: str) -> None:
    done = run("layout", "compute", str(node), "--as", form)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == CASES[11]["expected"][form]


def test_strict_mends_the_faults(run, node: Path) -> None:
    done = run("layout", "compute", str(node), "--strict")
    assert root(json.loads(done.stdout)) == 7575


def test_a_schema_comes_from_a_file(run, node: Path, tmp_path: Path) -> None:
    (tmp_path / "schema.yaml").write_text("version: strict")
    done = run("layout", "compute", str(node), "--schema", str(tmp_path / "schema.yaml"))
    assert root(json.loads(done.stdout)) == 7575


def test_the_global_format_is_respected(run, node: Path) -> None:
    done = run("-o", "yaml", "layout", "compute", str(node), "--as", "disks")
    assert yaml.safe_load(done.stdout) == CASES[11]["expected"]["disks"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "is no JSON in line 1"),
        (b"\xff\xfe\x00", "It is no text in UTF-8"),
        (b'{"meta": {"disk": []}}', "meta: the key 'disk' is unknown. Next: Did you mean 'disks'?"),
        (b'{"roles": ["compute"], "meta": {"disks": []}}', "Node seems not to have disks"),
    ],
)
def test_a_file_that_is_no_node_is_refused_in_words(run, tmp_path: Path, text: bytes, message: str) -> None:
    (tmp_path / "bad.json").write_bytes(text)
    done = run("layout", "compute", str(tmp_path / "bad.json"))
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_named(run, tmp_path: Path) -> None:
    done = run("layout", "compute", str(tmp_path / "none.json"))
    assert done.exit_code == 2
    assert "none.json: It can't be read: No such file" in done.stderr
