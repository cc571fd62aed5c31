"""Drifts over the API and from the command line: what is shown, to whom, and that deciding is an audited act."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from api_world import Api, Serve, error_of, fleet, wish
from test_openapi_bodies import strict
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.domain.errors import Invalid
from corral.drivers.memory import MemorySource

NODE = "bank-db-01"


@pytest.fixture
def memory() -> MemorySource:
    return fleet()


def policy(folder: Path, **said: Any) -> Path:
    """A policy file for `lab`, under which a first look is enough."""
    file = folder / "policy.yaml"
    quick = {"settle": 0, "looks": 1, "gone_looks": 1, "poll": {"every": 3600, "at_most": 3600}}
    file.write_text(yaml.safe_dump({"sources": {"lab": {**quick, **said}}}))
    return file


@pytest.fixture
def api(serve: Serve, memory: MemorySource, tmp_path: Path) -> Api:
    return serve(memory.source, sync={"policy_file": policy(tmp_path, policy="none")})


def looked(api: Api, source: str = "lab") -> None:
    """Have it looked at, and wait for that."""
    answer = api.post(f"/v1/sync/{source}/look")
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + 120
    while api.seen(f"/v1/sync/{source}")["wanted_at"] is not None:
        assert time.monotonic() < end, "nobody looked"
        time.sleep(0.05)


@pytest.fixture
def server(api: Api, memory: MemorySource) -> dict[str, Any]:
    """A server whose machine is called otherwise, and is off, at its source."""
    made = api.done(api.post("/v1/servers/manage", json=wish(memory, NODE, api.flavor())))
    memory.world.node(NODE).instance_info["display_name"] = NODE
    looked(api)
    memory.world.node(NODE).instance_info["display_name"] = "other"
    memory.world.node(NODE).power = "power off"
    looked(api)
    return made


@pytest.fixture
def corral(api: Api) -> Callable[..., Any]:
    """The command line, against this Corral."""

    def run(*args: str) -> Any:
        with httpx.HTTPTransport() as transport:
            session = Session(
                url=str(api.base_url), transport=transport, pause=lambda _s: time.sleep(0.02), interactive=False
            )
            return CliRunner().invoke(app, list(args), obj=session, env={"COLUMNS": "240"})

    return run


def drift_of(api: Api, field: str) -> dict[str, Any]:
    return next(one for one in api.seen("/v1/drift")["drifts"] if one["field"] == field)


def test_a_drift_shows_both_sides_and_what_is_done_about_it(api: Api, server: dict[str, Any]) -> None:
    found = drift_of(api, "power")
    assert (found["record"], found["world"], found["agreed"]) == ("power on", "power off", "power on")
    assert (found["state"], found["server_uuid"], found["name"]) == ("open", server["uuid"], NODE)
    assert "only reported" in found["why"]
    assert api.seen(f"/v1/drift/{found['id']}") == found
    assert {one["field"] for one in api.seen(f"/v1/servers/{server['uuid']}/drift")["drifts"]} == {"power", "name"}


def test_drifts_are_filtered_and_come_in_pages(api: Api, server: dict[str, Any]) -> None:
    assert len(api.seen("/v1/drift", field="name")["drifts"]) == 1
    assert api.seen("/v1/drift", server=server["uuid"], source="lab", state="open")["drifts"] != []
    assert api.seen("/v1/drift", state="conflict")["drifts"] == []
    first = api.seen("/v1/drift", limit=1)
    second = api.get(first["next"]).json()
    assert {one["field"] for page in (first, second) for one in page["drifts"]} == {"power", "name"}
    assert "next" not in second
    assert api.get("/v1/drift", params={"marker": "x"}).status_code == 400
    assert api.get("/v1/drift", params={"field": "colour"}).status_code == 400
    assert api.get("/v1/drift/999").status_code == 404


def test_accepting_follows_the_world_and_is_in_the_audit_trail(api: Api, server: dict[str, Any]) -> None:
    answer = api.post(f"/v1/drift/{drift_of(api, 'name')['id']}/accept")
    assert answer.status_code == 202, answer.text
    assert answer.json()["operation"] is None
    assert api.seen(f"/v1/servers/{server['uuid']}")["name"] == "other"
    entries = api.seen("/v1/audit", action="drift:accept")["audit"]
    assert [(one["subject"], one["outcome"]) for one in entries] == [(server["uuid"], "done")]


def test_restoring_follows_the_record_by_an_operation_with_a_proof(
    api: Api, server: dict[str, Any], memory: MemorySource
) -> None:
    keyed = {"Idempotency-Key": "restore-1"}
    answer = api.post(f"/v1/drift/{drift_of(api, 'power')['id']}/restore", headers=keyed)
    assert answer.status_code == 202, answer.text
    ended = api.ended(answer.json()["operation"])
    assert (ended["kind"], ended["state"]) == ("sync", "succeeded")
    again = api.post(f"/v1/drift/{drift_of(api, 'name')['id']}/restore", headers=keyed)
    assert again.json()["operation"]["uuid"] == ended["uuid"]
    assert memory.world.node(NODE).power == "power on"
    proof = next(one for one in api.seen(f"/v1/servers/{server['uuid']}/proof")["operations"] if one["kind"] == "sync")
    assert [call["method"] for call in proof["calls"] if call["method"] != "GET"] == ["PUT"]
    assert {one["field"] for one in api.seen("/v1/drift")["drifts"]} == {"name"}


def test_what_the_source_can_not_be_told_is_answered_501(
    api: Api, server: dict[str, Any], memory: MemorySource
) -> None:
    memory.world.node(NODE).properties["cpus"] = 99
    looked(api)
    answer = api.post(f"/v1/drift/{drift_of(api, 'cpu')['id']}/restore")
    assert answer.status_code == 501
    assert "can't be told its cpu" in error_of(answer)["message"]


def test_ignoring_leaves_it_alone(api: Api, server: dict[str, Any]) -> None:
    found = drift_of(api, "power")
    assert api.post(f"/v1/drift/{found['id']}/ignore").json()["drift"]["state"] == "ignored"
    looked(api)
    assert drift_of(api, "power")["state"] == "ignored"


def test_a_source_shows_its_policy_its_passes_and_its_brake(api: Api, server: dict[str, Any]) -> None:
    (found,) = api.seen("/v1/sync")["sources"]
    assert (found["name"], found["policy"], found["servers"], found["problem"]) == ("lab", "none", 1, None)
    assert found["brake"]["on"] is False
    assert found["drifts"] == {"open": 2}
    assert found["lag"] is not None
    refused = api.get("/v1/sync/nowhere")
    assert (refused.status_code, error_of(refused)["fix"]) == (
        404,
        "It names: lab. Add the source to the file that the setting `sync.policy_file` names.",
    )
    assert api.post("/v1/sync/nowhere/release").status_code == 404


def test_without_a_policy_it_is_told_which_setting_names_one(serve: Serve, memory: MemorySource) -> None:
    refused = serve(memory.source).post("/v1/sync/lab/look")
    assert refused.status_code == 404
    assert error_of(refused)["fix"].startswith("There is no policy: name its file in the setting `sync.policy_file`")


def test_a_released_brake_lets_pass_what_was_held(serve: Serve, memory: MemorySource, tmp_path: Path) -> None:
    api = serve(
        memory.source, sync={"policy_file": policy(tmp_path, policy="tolerate", brake={"least": 0, "percent": 0})}
    )
    made = api.done(api.post("/v1/servers/manage", json=wish(memory, NODE, api.flavor())))
    looked(api)
    memory.world.node(NODE).power = "power off"
    looked(api)
    assert api.seen("/v1/sync/lab")["brake"]["on"] is True
    assert drift_of(api, "power")["state"] == "held"
    assert api.post("/v1/sync/lab/release").json()["brake"]["on"] is False
    looked(api)
    assert api.seen(f"/v1/servers/{made['uuid']}")["power_state"] == "power off"
    assert api.seen("/v1/audit", action="sync:release")["audit"] != []


def test_every_answer_is_as_described(api: Api, server: dict[str, Any]) -> None:
    document = api.seen("/openapi.json")
    whole = strict(document)
    drift = drift_of(api, "power")["id"]
    asked = {
        ("get", "/v1/drift"): ("/v1/drift", "200"),
        ("get", "/v1/drift/{drift}"): (f"/v1/drift/{drift}", "200"),
        ("get", "/v1/servers/{uuid}/drift"): (f"/v1/servers/{server['uuid']}/drift", "200"),
        ("get", "/v1/sync"): ("/v1/sync", "200"),
        ("get", "/v1/sync/{source}"): ("/v1/sync/lab", "200"),
        ("post", "/v1/sync/{source}/look"): ("/v1/sync/lab/look", "202"),
        ("post", "/v1/sync/{source}/release"): ("/v1/sync/lab/release", "202"),
        ("post", "/v1/drift/{drift}/restore"): (f"/v1/drift/{drift}/restore", "202"),
    }
    for (method, path), (url, status) in asked.items():
        answer = api.request(method.upper(), url)
        assert str(answer.status_code) == status, answer.text
        content = document["paths"][path][method]["responses"][status]["content"]
        jsonschema.validate(answer.json(), {**whole, **content["application/json"]["schema"]})


def test_who_sees_one_project_sees_its_drifts_alone_and_decides_nothing(
    serve: Serve, memory: MemorySource, tmp_path: Path
) -> None:
    said = policy(tmp_path, policy="none", adopt=[], brake={"least": 100})
    api = serve(memory.source, identity={"tokens": True}, sync={"policy_file": said}, host="127.0.0.1")
    admin = api.another(api.token("admin"))
    made = admin.done(admin.post("/v1/servers/manage", json=wish(memory, NODE, admin.flavor())))
    looked(admin)
    memory.world.node(NODE).power = "power off"
    looked(admin)
    owner, stranger = (api.another(api.token("member", project)) for project in (made["project_id"], "elsewhere"))
    drift = drift_of(owner, "power")
    assert {one["field"] for one in owner.seen("/v1/drift")["drifts"]} == {"power"}
    assert "new" in {one["field"] for one in admin.seen("/v1/drift")["drifts"]}
    assert stranger.seen("/v1/drift")["drifts"] == []
    assert stranger.get(f"/v1/drift/{drift['id']}").status_code == 404
    assert stranger.get("/v1/drift", params={"project_id": made["project_id"]}).status_code == 403
    new = next(one for one in admin.seen("/v1/drift", field="new")["drifts"])
    assert owner.get(f"/v1/drift/{new['id']}").status_code == 404
    for act in ("accept", "restore", "ignore"):
        assert owner.post(f"/v1/drift/{drift['id']}/{act}").status_code == 403
    assert owner.get("/v1/sync").status_code == 403
    assert owner.post("/v1/sync/lab/release").status_code == 403


def test_the_metrics_tell_how_sources_are_kept_in_step(api: Api, server: dict[str, Any]) -> None:
    text = api.get("/metrics").text
    assert 'corral_drifts{source="lab",state="open"} 2.0' in text
    assert 'corral_sync_braked{source="lab"} 0.0' in text
    assert 'corral_sync_lag_seconds{source="lab"}' in text
    assert 'corral_sync_total{source="lab",what="found"} 2.0' in text


# --- the command line -------------------------------------------------------------------------------------


def test_the_command_line_lists_shows_and_decides(
    api: Api, corral: Callable[..., Any], server: dict[str, Any], memory: MemorySource
) -> None:
    listed = corral("drift", "list", "--server", NODE)
    assert listed.exit_code == 0, listed.output
    assert "power off" in listed.output
    power, name = (drift_of(api, field)["id"] for field in ("power", "name"))
    shown = json.loads(corral("drift", "show", str(power), "-o", "json").output)
    assert shown["field"] == "power"
    asked = corral("drift", "restore", str(power))
    assert asked.exit_code == 2  # nobody is there to say yes
    assert memory.world.node(NODE).power == "power off"
    done = corral("drift", "restore", str(power), "--yes")
    assert done.exit_code == 0, done.output
    assert memory.world.node(NODE).power == "power on"
    assert corral("drift", "ignore", str(name)).exit_code == 0
    assert corral("drift", "accept", str(name), "--yes").exit_code == 0
    assert api.seen(f"/v1/servers/{server['uuid']}")["name"] == "other"
    assert corral("drift", "show", str(power)).exit_code == 3


def test_the_command_line_shows_sources_and_releases_brakes(
    api: Api, corral: Callable[..., Any], server: dict[str, Any]
) -> None:
    status = corral("sync", "status")
    assert status.exit_code == 0, status.output
    assert "lab" in status.output
    assert "open: 2" in status.output
    assert corral("sync", "release", "lab", "--yes").exit_code == 0
    assert corral("sync", "look", "lab").exit_code == 0
    assert corral("sync", "release", "nowhere", "--yes").exit_code == 3


# --- the policy file --------------------------------------------------------------------------------------


def test_a_policy_for_a_source_that_is_none_ends_the_start_with_its_name(
    serve: Serve, memory: MemorySource, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("sources: {lba: {policy: none}}")
    with pytest.raises(Invalid, match=r"sources\.lba.*no source of that name"):
        serve(memory.source, sync={"policy_file": file})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"),
        (b"sources: [", r"line 1, column 11"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"sources: {lab: {settle: 2026-13-45}}", "month must be in"),
        (b"sources:\n  lab: {policy: none}\n  lab: {policy: sync}\n", r"'lab' is given twice \(line 3"),
        (b"sources: " + b"[" * 5000, "recursion"),
    ],
)
def test_a_policy_that_can_not_be_read_ends_the_start(
    serve: Serve, memory: MemorySource, tmp_path: Path, text: bytes | None, why: str
) -> None:
    file = tmp_path / "policy.yaml"
    if text is not None:
        file.write_bytes(text)
    with pytest.raises(Invalid, match=rf"policy\.yaml can't be read: .*{why}"):
        serve(memory.source, sync={"policy_file": file})


def test_what_is_wrong_in_a_policy_is_told_with_its_file(serve: Serve, memory: MemorySource, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("sources: {lab: {policy: synch}}")
    with pytest.raises(Invalid, match=r"sources\.lab\.policy: there is 'synch'.*It stands in .*policy\.yaml") as raised:
        serve(memory.source, sync={"policy_file": file})
    assert raised.value.code == "invalid-sync-policy"
    assert raised.value.fix == "Did you mean 'sync'?"
