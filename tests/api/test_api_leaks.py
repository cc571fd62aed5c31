"""The leak scanner over the API and from the command line: who may look, what is told, and that repairing is an audited act."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from api_world import Api, Serve, error_of, fleet, wish
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.domain.errors import Unreachable
from corral.domain.traces import installation_of
from corral.drivers.memory import Answered, MemorySource
from corral.engine.tables import metadata as engine_metadata
from corral.store.tables import proofs, servers


@pytest.fixture
def memory() -> MemorySource:
    return fleet()


@pytest.fixture
def api(serve: Serve, memory: MemorySource) -> Api:
    return serve(memory.source)


def forgotten(api: Api, memory: MemorySource, *, proofs_too: bool = False) -> str:
    """Adopt a machine, and lose the record. Gives the former server's uuid."""
    server = api.done(api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", api.flavor())))
    with api.corral.sql.begin() as conn:
        conn.execute(sa.delete(servers))
        for table in reversed(engine_metadata.sorted_tables):
            conn.execute(sa.delete(table))
        if proofs_too:
            conn.execute(sa.delete(proofs))
    return str(server["uuid"])


@pytest.fixture
def corral(api: Api) -> Callable[..., Any]:
    """The command line, against this Corral."""

    def run(*args: str) -> Any:
        with httpx.HTTPTransport() as transport:
            url = str(api.base_url)
            session = Session(url=url, transport=transport, pause=lambda _s: None, interactive=False)
            return CliRunner().invoke(app, list(args), obj=session, env={"COLUMNS": "240"})

    return run


def test_where_record_and_world_agree_there_are_no_leaks(api: Api, memory: MemorySource) -> None:
    api.done(api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", api.flavor())))
    found = api.seen("/v1/leaks")
    assert found["leaks"] == []
    assert found["sources"] == [{"name": "lab", "looked_at": True, "problem": None}]
    assert len(found["installation"]) == 12


def test_a_leak_is_told_with_what_it_is_and_what_repairing_it_does(api: Api, memory: MemorySource) -> None:
    uuid = forgotten(api, memory)
    found = {one["kind"]: one for one in api.seen("/v1/leaks", source="lab")["leaks"]}
    assert set(found) == {"claim-without-server", "port-held-without-server"}
    claim = found["claim-without-server"]
    node = memory.world.node("bank-db-01").uuid
    assert (claim["subject"], claim["node_uuid"], claim["server_uuid"]) == (node, node, uuid)
    assert (claim["source"], claim["fixable"], claim["installation"]) == ("lab", True, None)
    assert node in claim["what"]
    assert "Power, disks and ports stay" in claim["fix"]


def test_repairing_is_an_operation_each_in_the_audit_trail_and_leaves_nothing(api: Api, memory: MemorySource) -> None:
    uuid = forgotten(api, memory)
    answer = api.post("/v1/leaks/fix", json={})
    assert answer.status_code == 202, answer.text
    for one in answer.json()["mended"]:
        assert one["problem"] is None
        ended = api.ended(one["operation"])
        assert (ended["state"], ended["kind"]) == ("succeeded", "mend")
        proof = api.seen(f"/v1/operations/{ended['uuid']}/proof")
        assert any(call["method"] != "GET" for call in proof["calls"])
        assert all(call["allowed"] for call in proof["calls"])
    assert api.seen("/v1/leaks")["leaks"] == []
    trail = [(one["action"], one["outcome"]) for one in api.seen("/v1/audit", server=uuid)["audit"]]
    assert trail.count(("leak:fix", "accepted")) == trail.count(("leak:fix", "succeeded")) == 2


def test_marks_of_an_unknown_installation_are_repaired_only_when_source_and_installation_are_named(
    api: Api, memory: MemorySource
) -> None:
    whose = installation_of(forgotten(api, memory, proofs_too=True))
    assert api.post("/v1/leaks/fix", json={}).json()["mended"] == []
    refused = api.post("/v1/leaks/fix", json={"installation": whose})
    assert (refused.status_code, error_of(refused)["code"]) == (400, "invalid")
    mended = api.post("/v1/leaks/fix", json={"source": "lab", "installation": whose}).json()["mended"]
    assert [api.ended(one["operation"])["state"] for one in mended] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("role", ["reader", "member"])
def test_only_admins_look_and_repair(serve: Serve, memory: MemorySource, role: str) -> None:
    api = serve(memory.source, identity={"tokens": True})
    other = api.another(api.token(role))
    assert other.get("/v1/leaks").status_code == 403
    assert other.post("/v1/leaks/fix", json={}).status_code == 403
    assert api.another(api.token("admin")).get("/v1/leaks").status_code == 200


def test_a_source_that_does_not_exist_is_not_found(api: Api) -> None:
    assert api.get("/v1/leaks", params={"source": "nowhere"}).status_code == 404
    assert api.post("/v1/leaks/fix", json={"source": "nowhere"}).status_code == 404
    assert api.post("/v1/leaks/fix", json={"sauce": "lab"}).status_code == 400


def test_the_command_finds_nothing_and_says_so(corral: Callable[..., Any]) -> None:
    result = corral("leaks", "-o", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "No leaks at 1 source." in result.stderr


def test_the_command_shows_leaks_in_every_form_and_exits_1(
    api: Api, memory: MemorySource, corral: Callable[..., Any]
) -> None:
    uuid = forgotten(api, memory)
    told = corral("leaks", "-o", "json")
    assert told.exit_code == 1
    assert {one["server_uuid"] for one in json.loads(told.stdout)} == {uuid}
    assert "claim-without-server" in corral("leaks").stdout
    assert "corral leaks --fix" in corral("leaks").stderr
    rows = corral("leaks", "-o", "csv").stdout.splitlines()
    assert rows[0].startswith("kind,source,subject,server,what,fixable,fix")
    assert len(rows) == 3
    assert "- kind: claim-without-server" in corral("leaks", "--source", "lab", "-o", "yaml").stdout


def test_the_command_repairs_after_a_person_s_word_and_looks_again(
    api: Api, memory: MemorySource, corral: Callable[..., Any]
) -> None:
    forgotten(api, memory)
    unasked = corral("leaks", "--fix")
    assert unasked.exit_code == 2
    assert memory.world.node("bank-db-01").instance_uuid is not None
    done = corral("leaks", "--fix", "--yes", "-o", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert memory.world.node("bank-db-01").instance_uuid is None
    assert "Takes claim, protection and maintenance" in done.stderr


def test_the_command_tells_which_source_could_not_be_looked_at_and_exits_5(
    memory: MemorySource, corral: Callable[..., Any]
) -> None:
    def dead(_told: str) -> None:
        raise Unreachable("connection refused")

    memory.faults = dead
    result = corral("leaks")
    memory.faults = None
    assert result.exit_code == 5
    assert "Source lab could not be looked at" in result.stderr


def test_what_could_not_be_repaired_is_told(api: Api, memory: MemorySource, corral: Callable[..., Any]) -> None:
    forgotten(api, memory)

    def refuse(told: str) -> None:
        if told.startswith("before PUT /v2.0/ports"):
            raise Answered(403, "Neutron says no")

    memory.faults = refuse
    result = corral("leaks", "--fix", "--yes", "-o", "json")
    memory.faults = None
    assert result.exit_code == 1
    assert [one["kind"] for one in json.loads(result.stdout)] == ["port-held-without-server"]
    assert "Neutron says no" in result.stderr
