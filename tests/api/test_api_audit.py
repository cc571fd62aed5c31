"""The audit trail: every act and every refusal, with who, what, to what, how it ended and why; for those who may read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from api_world import Api, Serve, error_of, fleet, wish

from corral.drivers.memory import Answered, MemorySource
from corral.drivers.memory.fleet import PROJECT, ident

MANAGE = "/v1/servers/manage"


def trail(api: Api, **query: Any) -> list[dict[str, Any]]:
    """The entries, oldest first."""
    found: list[dict[str, Any]] = api.seen("/v1/audit", **query)["audit"]
    return list(reversed(found))


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["action"], one["outcome"]) for one in entries]


def test_a_servers_trail_has_each_act_and_its_end_without_a_gap(api: Api, memory: MemorySource, gold: str) -> None:
    taken = api.post(MANAGE, json=wish(memory, "bank-db-01", gold))
    server = api.done(taken)["uuid"]
    path = f"/v1/servers/{server}"
    api.patch(path, json=[{"op": "add", "path": "/description", "value": "sekrit text"}])
    api.put(f"{path}/states/lock", json={"target": True})
    api.put(f"{path}/states/lock", json={"target": False})
    api.done(api.put(f"{path}/states/power", json={"target": "off"}))
    api.done(api.post(f"{path}/unmanage"))
    entries = list(reversed(api.seen(f"{path}/audit")["audit"]))
    assert told(entries) == [
        ("server:manage", "accepted"), ("server:manage", "succeeded"), ("server:update", "done"), ("server:lock", "done"),
        ("server:unlock", "done"), ("server:power", "accepted"), ("server:power", "succeeded"),
        ("server:unmanage", "accepted"), ("server:unmanage", "succeeded"),
    ]  # fmt: skip
    assert entries == trail(api, server=server) == trail(api, subject=server)
    first = entries[0]
    assert (first["user_id"], first["subject"], first["node_uuid"]) == ("loopback", server, ident("bank-db-01"))
    assert first["request_id"] == taken.headers["Openstack-Request-Id"]
    assert first["operation"] == taken.json()["operation"]["uuid"]
    assert {one["node_uuid"] for one in entries} == {ident("bank-db-01")}
    assert {(one["user_id"], one["project_id"]) for one in entries} == {("loopback", "default")}, "those who asked"
    assert "sekrit" not in str(entries)


def test_an_adoption_that_was_reverted_tells_why(api: Api, memory: MemorySource, gold: str) -> None:
    def refuse(moment: str) -> None:
        if moment.startswith("before PUT /v2.0/ports/"):
            raise Answered(500)

    memory.faults = refuse
    taken = api.post(MANAGE, json=wish(memory, "bank-web-01", gold)).json()
    assert api.ended(taken["operation"])["state"] == "reverted"
    accepted, reverted = trail(api, node=ident("bank-web-01"))
    assert (accepted["outcome"], reverted["outcome"]) == ("accepted", "reverted")
    assert reverted["code"] == api.ended(taken["operation"])["error"]["code"]
    assert accepted["code"] is None


def test_a_refused_adoption_is_kept_with_every_reason(api: Api, memory: MemorySource, gold: str) -> None:
    answer = api.post(MANAGE, json=wish(memory, "maint-01", gold))
    assert answer.status_code == 422
    (entry,) = trail(api, outcome="refused")
    assert (entry["action"], entry["node_uuid"], entry["code"]) == ("server:manage", ident("maint-01"), "refused")
    assert set(entry["reasons"]) == {one["code"] for one in error_of(answer)["reasons"]}
    assert entry["request_id"] == answer.headers["Openstack-Request-Id"]
    assert entry["detail"] == {"method": "POST", "path": MANAGE, "status": 422}


def test_conflicts_on_a_server_are_kept_with_the_server(api: Api, memory: MemorySource, gold: str) -> None:
    server = api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))["uuid"]
    path = f"/v1/servers/{server}"
    assert api.put(f"{path}/states/power", json={"target": "on"}).status_code == 409
    assert api.put(f"{path}/states/provision", json={}).status_code == 501
    assert api.post(MANAGE, json=wish(memory, "bank-db-01", gold, name="again")).status_code == 409
    assert told(trail(api, server=server, outcome="refused")) == [
        ("server:power", "refused"), ("server:update", "refused"),
    ]  # fmt: skip
    assert "already-managed" in trail(api, node=ident("bank-db-01"), outcome="refused")[-1]["reasons"]


def test_what_policy_denies_is_kept_also_what_is_hidden_from_strangers(serve: Serve) -> None:
    memory = fleet()
    api = serve(memory.source, identity={"tokens": True})
    admin = api.another(api.token("admin"))
    server = admin.done(admin.post(MANAGE, json=wish(memory, "bank-db-01", admin.flavor())))["uuid"]
    member, stranger = api.another(api.token("member", PROJECT)), api.another(api.token("member", "elsewhere"))
    path = f"/v1/servers/{server}"
    assert member.delete(path).status_code == member.get("/v1/adoptable_nodes").status_code == 403
    assert stranger.delete(path).status_code == stranger.get(path).status_code == 404
    assert stranger.get(f"/v1/servers/{uuid4()}").status_code == 404
    assert api.delete(path).status_code == 401
    refused = trail(admin, outcome="refused")
    assert [(one["action"], one["project_id"], one["code"]) for one in refused] == [
        ("server:delete", PROJECT, "forbidden"), ("adoptable_node:list", PROJECT, "forbidden"),
        ("server:delete", "elsewhere", "forbidden"), ("server:show", "elsewhere", "forbidden"),
    ]  # fmt: skip
    assert [one["subject"] for one in refused] == [server, None, server, server]
    seen = [one for one in member.seen(f"{path}/audit")["audit"] if one["outcome"] == "refused"]
    assert [one["project_id"] for one in seen] == [PROJECT]


def test_only_an_admin_reads_the_whole_trail_and_strangers_read_nothing(serve: Serve) -> None:
    memory = fleet()
    api = serve(memory.source, identity={"tokens": True})
    admin = api.another(api.token("admin"))
    server = admin.done(admin.post(MANAGE, json=wish(memory, "bank-db-01", admin.flavor())))["uuid"]
    reader, stranger = api.another(api.token("reader", PROJECT)), api.another(api.token("reader", "elsewhere"))
    assert api.get("/v1/audit").status_code == 401
    assert reader.get("/v1/audit").status_code == 403
    assert reader.get(f"/v1/servers/{server}/audit").status_code == 200
    assert stranger.get(f"/v1/servers/{server}/audit").status_code == 404
    admin.done(admin.post(f"/v1/servers/{server}/unmanage"))
    assert reader.get(f"/v1/servers/{server}/audit").status_code == 404
    assert told(trail(admin, server=server)) == [
        ("server:manage", "accepted"), ("server:manage", "succeeded"), ("server:audit", "refused"),
        ("server:unmanage", "accepted"), ("server:unmanage", "succeeded"),
    ]  # fmt: skip
    assert admin.get(f"/v1/servers/{server}/audit").status_code == 200
    assert admin.get(f"/v1/servers/{uuid4()}/audit").status_code == 404
    assert admin.get("/v1/servers/nobody/audit").status_code == 404


def test_malformed_requests_and_unknown_callers_leave_no_entry(bare: Api) -> None:
    before = trail(bare)
    assert bare.post("/v1/flavors", json={"name": ""}).status_code == 400
    assert bare.get(f"/v1/flavors/{uuid4()}").status_code == 404
    assert bare.get("/v1/flavors", headers={"Host": "evil.example"}).status_code == 403
    assert trail(bare) == before


def test_flavors_plans_and_cancels_are_acts_too(api: Api, memory: MemorySource, gold: str) -> None:
    api.patch(f"/v1/flavors/{gold}", json=[{"op": "replace", "path": "/is_public", "value": False}])
    api.post(f"/v1/flavors/{gold}/access", json={"tenant_id": "p1"})
    api.delete(f"/v1/flavors/{gold}/access/p1")
    assert api.delete(f"/v1/flavors/{gold}/access/p1").status_code == 404
    assert told(trail(api, subject=gold)) == [
        ("flavor:create", "done"), ("flavor:update", "done"), ("flavor:access", "done"), ("flavor:access", "done"),
    ]  # fmt: skip
    public = api.flavor("public", resources={"CUSTOM_GOLD": "1"})
    assert api.post("/v1/flavors", json={"name": "public"}).status_code == 409
    assert told(trail(api, action="flavor:create"))[-1] == ("flavor:create", "refused")
    plan = api.post("/v1/plans", json={"machines": [wish(memory, "bank-db-02", public)]}).json()["uuid"]
    applied = api.post(f"/v1/plans/{plan}/apply")
    assert api.post(f"/v1/plans/{plan}/apply").status_code == 409
    assert told(trail(api, subject=plan)) == [
        ("plan:create", "done"), ("plan:apply", "accepted"), ("plan:apply", "refused"),
    ]  # fmt: skip
    operation = applied.json()["operations"][0]["uuid"]
    assert api.ended(operation)["state"] == "succeeded"
    assert api.post(f"/v1/operations/{operation}/cancel").status_code == 409
    assert told(trail(api, operation=operation)) == [
        ("server:manage", "accepted"), ("server:manage", "succeeded"), ("operation:cancel", "refused"),
    ]  # fmt: skip


def test_entries_are_filtered_by_time_and_by_who(bare: Api) -> None:
    bare.flavor("gold")
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert len(trail(bare, since=(now - hour).isoformat(), until=(now + hour).isoformat())) == 1
    assert trail(bare, since=(now + hour).isoformat()) == trail(bare, until=(now - hour).isoformat()) == []
    assert len(trail(bare, since=(now - hour).replace(tzinfo=None).isoformat())) == 1
    assert len(trail(bare, actor="loopback")) == 1
    assert trail(bare, actor="somebody") == []
    assert len(trail(bare, request_id=trail(bare)[0]["request_id"])) == 1


@pytest.mark.parametrize(
    "query",
    [{"since": "yesterday"}, {"since": "0001-01-01T00:00:00+14:00"}, {"outcome": "lost"}, {"marker": "x"}, {"marker": 0},
     {"actor": "\0"}, {"limit": 0}, {"server": str(UUID(int=1)), "subject": str(UUID(int=2))}],
    ids=str,
)  # fmt: skip
def test_a_filter_that_means_nothing_is_a_400(bare: Api, query: dict[str, Any]) -> None:
    assert bare.get("/v1/audit", params=query).status_code == 400


def test_paging_shows_each_entry_once_and_keeps_the_filters(bare: Api) -> None:
    for number in range(7):
        bare.flavor(f"f{number}")
    bare.delete(f"/v1/flavors/{bare.seen('/v1/flavors')['flavors'][0]['uuid']}")
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    page = bare.seen("/v1/audit", limit=3, action="flavor:create", since=since)
    seen = list(page["audit"])
    while "next" in page:
        page = bare.get(page["next"]).json()
        seen += page["audit"]
    ids = [one["id"] for one in seen]
    assert len(ids) == len(set(ids)) == 7
    assert ids == sorted(ids, reverse=True)
