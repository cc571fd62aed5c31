"""`corral cluster`, `corral node` and `corral extension`, against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_world import Serve
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from tests.extension_doubles import Rack, Shelf, shelves

Run = Callable[..., Any]


class World:
    def __init__(self, url: str, shelf: Shelf, rack: Rack) -> None:
        self.url, self.shelf, self.rack = url, shelf, rack

    def __call__(self, *words: str, code: int = 0) -> Any:
        with httpx.HTTPTransport() as transport:
            session = Session(url=self.url, transport=transport, pause=lambda _s: None, interactive=False)
            done = CliRunner().invoke(app, list(words), obj=session, env={"COLUMNS": "240"})
        assert done.exit_code == code, done.output
        return done

    def read(self, *words: str) -> Any:
        return json.loads(self(*words, "-o", "json").stdout)


@pytest.fixture
def run(serve: Serve, tmp_path: Path) -> World:
    found, shelf, rack = shelves(broken="it burnt")
    api = serve(found=found, sleep=lambda _s: None)
    meta = {"disks": [{"name": "sda", "size": 100}]}
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    return World(str(api.base_url), shelf, rack)


def test_extensions_are_listed_with_their_problems(run: World) -> None:
    text = run("extension", "list").stdout
    assert "node_volumes" in text
    assert "it burnt" in text


def test_a_cluster_is_made_shown_listed_and_deleted_by_its_name(run: World) -> None:
    made = run.read("cluster", "create", "prod", "--extension", "rack", "--extension", "shelf")
    assert made["extensions"] == ["rack", "shelf"]
    assert run.read("cluster", "show", "prod")["id"] == made["id"]
    assert "rack, shelf" in run("cluster", "list").stdout
    run("cluster", "delete", "prod", code=2)  # nobody confirmed it
    run("cluster", "delete", "prod", "--yes")
    assert "no cluster named 'prod'" in run("cluster", "show", "prod", code=3).stderr


def test_extensions_of_a_cluster_are_changed_in_order(run: World) -> None:
    run("cluster", "create", "prod")
    names = lambda *words: [row["name"] for row in run.read("cluster", "extensions", "prod", *words)]  # noqa: E731
    assert names() == ["shelf"]
    assert names("--add", "rack") == ["shelf", "rack"]
    assert names("--set", "quiet, rack,shelf") == ["quiet", "rack", "shelf"]
    assert names("--remove", "quiet,rack") == ["shelf"]
    run("cluster", "extensions", "prod", "--add", "x", "--remove", "y", code=2)


def test_a_node_goes_through_its_life(run: World, tmp_path: Path) -> None:
    run("cluster", "create", "prod")
    run("node", "add", "n1", "--cluster", "prod", "--role", "compute", "--meta", str(tmp_path / "meta.json"))
    assert [row["role"] for row in run.read("node", "roles", "n1")] == ["compute"]
    assert [row["role"] for row in run.read("node", "roles", "n1", "z", "a")] == ["z", "a"]
    assert run.read("node", "disks", "n1") == run.read("node", "disks", "n1", "--defaults")
    wanted = [{"id": "sda", "size": 5, "volumes": [{"name": "mine", "size": 5}]}]
    (tmp_path / "disks.json").write_text(json.dumps(wanted))
    assert run.read("node", "disks", "n1", "--set", str(tmp_path / "disks.json")) == wanted
    assert "mine 5" in run("node", "disks", "n1").stdout
    assert json.loads(run("node", "provisioning", "n1").stdout)["passed"] == ["shelf"]
    assert [row["name"] for row in run.read("node", "list", "--cluster", "prod")] == ["n1"]
    assert run.read("node", "move", "n1")["cluster"] is None
    run("node", "reset", "n1", "--yes")
    assert run.read("node", "disks", "n1") == run.read("node", "disks", "n1", "--defaults")
    run("node", "add", "n2")
    run("node", "delete", "n1", "n2", "--yes")
    assert run.read("node", "list") == []


def test_layouts_move_with_a_visible_end_and_a_failure_is_told(run: World) -> None:
    run("cluster", "create", "prod")
    run("node", "add", "n1", "--cluster", "prod")
    done = run.read("cluster", "migrate-extension", "prod", "rack")
    assert (done["state"], done["result"]["from"], done["result"]["to"]) == ("succeeded", "shelf", "rack")
    assert list(run.rack.kept) and not run.shelf.kept
    assert "are with rack already" in run("cluster", "migrate-extension", "prod", "rack", code=4).stderr

    def fail(hook: str, _moment: str) -> None:
        if hook == "import_layout":
            raise ZeroDivisionError("a defect")

    run.shelf.fault = fail
    told = run("cluster", "migrate-extension", "prod", "shelf", code=1)
    assert "Extension shelf, import_layout: ZeroDivisionError: a defect" in told.stderr


def test_erasing_is_never_done_without_the_word_for_it(run: World) -> None:
    run("node", "add", "n1")
    assert "Nobody is there to confirm this" in run("node", "provision", "n1", code=2).stderr
