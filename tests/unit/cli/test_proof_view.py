"""`corral server proof`: both fingerprints, every call, and a verdict that scripts can read."""

from __future__ import annotations

import csv
import io
import json

import httpx
import pytest
from fake_api import NODE, SERVER, problem


def proof(verdict="untouched", after=None, **more):
    before = {"power": "power on", "macs": ["52:54:00:00:00:01"], "digest": "abc"}
    call = {"at": "2026-01-01T00:00:00", "service": "baremetal", "method": "PATCH", "path": "/v1/nodes/[red]x",
            "outcome": "200", "allowed": True, "seconds": 0.1}  # fmt: skip
    changed = [{"field": key, "before": before[key], "after": value} for key, value in (after or {}).items()]
    operation = {"uuid": "o1", "kind": "manage", "state": "succeeded", "actor": {"user_id": "ann", "project_id": "p1"},
                 "fingerprint": {"before": before, "after": {**before, **(after or {})}, "differences": changed},
                 "calls": [call], "forbidden": 0, "verdict": verdict, **more}  # fmt: skip
    return {"server_uuid": SERVER, "verdict": verdict, "operations": [operation]}


@pytest.fixture
def served(api):
    api.server({"name": "web", "node_uuid": NODE})

    def serve(body):
        api.answers["GET", f"servers/{SERVER}/proof"] = httpx.Response(200, json=body)

    return serve


def test_an_untouched_machine_shows_both_fingerprints_and_every_call(run, served):
    served(proof())
    result = run("server", "proof", "web")
    assert result.exit_code == 0
    for words in ("✔ untouched", "52:54:00:00:00:01", "/v1/nodes/[red]x", "1 call, 0 outside the allowed list", "ann"):
        assert words in result.stdout


def test_a_changed_machine_exits_1_and_the_field_stands_out(run, served):
    served(proof("changed", {"power": "power off"}))
    result = run("server", "proof", "web")
    assert result.exit_code == 1
    assert "✘ changed" in result.stdout
    assert "✘ differs" in result.stdout
    assert "Next:" in result.stderr


def test_an_adoption_under_way_has_no_second_fingerprint_yet(run, served):
    body = proof("unfinished")
    body["operations"][0]["fingerprint"]["after"] = None
    served(body)
    result = run("server", "proof", "web")
    assert result.exit_code == 0
    assert "not yet" in result.stdout


def test_the_proof_of_a_server_that_was_let_go_is_found_by_its_uuid(run, served, api):
    served(proof())
    api.servers.clear()
    assert run("server", "proof", SERVER).exit_code == 0
    assert run("server", "proof", "web").exit_code == 3


def test_an_operation_has_a_proof_of_its_own(run, api):
    uuid = "99999999-9999-4999-8999-999999999999"
    api.answers["GET", f"servers/{uuid}/proof"] = problem(404, "not-found", "No.")
    api.answers["GET", f"operations/{uuid}/proof"] = httpx.Response(200, json=proof()["operations"][0])
    result = run("server", "proof", uuid)
    assert result.exit_code == 0
    assert "✔ untouched" in result.stdout
    assert "o1" in result.stdout


def test_json_is_the_whole_proof_and_csv_the_calls(run, served):
    served(proof())
    assert json.loads(run("server", "proof", "web", "-o", "json").stdout)["operations"][0]["kind"] == "manage"
    calls = list(csv.DictReader(io.StringIO(run("server", "proof", "web", "-o", "csv").stdout)))
    assert calls[0]["method"] == "PATCH"
