"""`corral adopt --all` and `corral plan`, against a real server."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_world import Api, Serve
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import synthetic

MANY = 105
ALL = ("adopt", "--all", "--source", "memory")


class Run:
    def __init__(self, api: Api) -> None:
        self.api = api

    def __call__(self, *words: str, code: int = 0) -> Any:
        with httpx.HTTPTransport() as transport:
            session = Session(url=str(self.api.base_url), transport=transport, interactive=False)
            done = CliRunner().invoke(app, list(words), obj=session, env={"COLUMNS": "240"})
        assert done.exit_code == code, done.output
        return done


@pytest.fixture
def run(serve: Serve) -> Run:
    source = MemorySource("memory")
    synthetic(source.world, MANY)
    source.world.node("node-00003").maintenance = True
    api = serve(source.source)
    api.flavor()
    return Run(api)


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "mapping.yaml"
    path.write_text('name: "srv-{number}"\nmetadata: {was: "{name}"}\n')
    return str(path)


@pytest.mark.timeout(400)
def test_all_that_match_are_planned_previewed_applied_and_told(run: Run, rules: str) -> None:
    done = run(*ALL, "--class", "gold", "--map", rules, "--yes", "-o", "json", code=4)
    found = json.loads(done.stdout)
    assert [row["outcome"] for row in found].count("adopted") == MANY - 1
    (blocked,) = [row for row in found if row["outcome"] == "blocked"]
    assert [one["code"] for one in blocked["reasons"]] == ["maintenance"]
    assert f"{MANY} machines: {MANY - 1} adoptable, 1 blocked" in done.stderr
    assert f"{MANY - 1} adopted, 1 blocked." in done.stderr
    servers = run.api.seen("/v1/servers/detail", all_tenants="true", limit=1000)["servers"]
    assert {one["name"] for one in servers} < {f"srv-{n}" for n in range(1, MANY + 1)}
    assert all(one["metadata"]["was"].startswith("node-") for one in servers)


def test_a_plan_is_steered_and_told_from_the_command_line(run: Run, rules: str) -> None:
    done = run(*ALL, "--match", "node-0000*", "--map", rules, "--plan", "-o", "json", code=4)
    plan = json.loads(done.stdout)["uuid"]
    assert len(json.loads(done.stdout)["items"]) == 10
    rows = list(csv.DictReader(io.StringIO(run("plan", "result", plan, "-o", "csv").stdout)))
    assert sorted(row["outcome"] for row in rows) == ["accepted"] * 9 + ["blocked"]
    assert "can't be paused: it is planned" in run("plan", "pause", plan, code=4).stderr
    run("plan", "cancel", plan, code=2)  # nobody confirmed it
    assert "The plan is cancelled" in run("plan", "cancel", plan, "--yes").stderr
    run("plan", "apply", plan, "--skip-blocked", "--yes", code=4)


def test_mistakes_are_told_before_anything_is_sent(run: Run, rules: str, tmp_path: Path) -> None:
    assert "needs a source" in run("adopt", "--all", code=2).stderr
    assert "go with --all" in run("adopt", "node-00001", "--class", "gold", code=2).stderr
    assert "--all takes everything else" in run(*ALL, "--name", "x", code=2).stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("nmae: x\n")
    assert "Did you mean 'name'" in run(*ALL, "--map", str(wrong), code=2).stderr
