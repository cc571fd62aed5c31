"""Servers after their adoption, flavors, operations, and who may do what."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from api_world import Api, Notifications, Serve, error_of, fleet, wish

from corral.drivers.memory import Answered, MemorySource
from corral.drivers.memory.fleet import PROJECT, TENANT, ident
from corral.notify import ServerPayload

MANAGE = "/v1/servers/manage"


@pytest.fixture
def server(api: Api, memory: MemorySource, gold: str) -> dict[str, Any]:
    uuid = api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))["uuid"]
    shown: dict[str, Any] = api.seen(f"/v1/servers/{uuid}")
    return shown


def test_lists_are_short_or_detailed_and_filter(
    api: Api, memory: MemorySource, gold: str, server: dict[str, Any]
) -> None:
    (short,) = api.seen("/v1/servers", all_tenants="true")["servers"]
    assert set(short) == {"uuid", "name", "description", "status", "power_state", "links"}
    (detailed,) = api.seen("/v1/servers/detail", all_tenants="True")["servers"]
    assert detailed == server
    for name, value in {
        "name": "bank-db-01", "status": "active", "flavor_uuid": gold, "flavor_name": "gold", "image_uuid": server["image_uuid"],
        "ip": "10.30.0.3", "source": "lab", "project_id": PROJECT,
    }.items():  # fmt: skip
        assert api.seen("/v1/servers", all_tenants="true", **{name: value})["servers"] == [short], name
        other = {name: "other" if name != "project_id" else "nobody"}
        assert api.seen("/v1/servers", all_tenants="true", **other)["servers"] == [], name
    assert api.seen(f"/v1/servers/{server['uuid']}", fields="uuid,name") == {
        "uuid": server["uuid"],
        "name": "bank-db-01",
    }


def test_paging_shows_each_server_once_in_either_order(api: Api, memory: MemorySource, gold: str) -> None:
    for name in ("bank-db-01", "bank-db-02", "bank-web-01", "redfish-01", "off-01"):
        api.done(api.post(MANAGE, json=wish(memory, name, gold)))
    for order in ("asc", "desc"):
        page = api.seen("/v1/servers", all_tenants="true", limit=2, sort_key="name", sort_dir=order)
        seen = list(page["servers"])
        while "next" in page:
            page = api.get(page["next"]).json()
            seen += page["servers"]
        names = [one["name"] for one in seen]
        assert len(set(names)) == 5
        assert names == sorted(names, reverse=order == "desc")
    assert api.get("/v1/servers", params={"marker": "nonsense"}).status_code == 400
    assert api.get("/v1/servers", params={"sort_key": "password"}).status_code == 400


def test_a_json_patch_changes_name_description_and_metadata(api: Api, server: dict[str, Any]) -> None:
    patch = [
        {"op": "replace", "path": "/name", "value": "ledger"},
        {"op": "add", "path": "/description", "value": "x"},
        {"op": "add", "path": "/metadata/rack", "value": "7"},
        {"op": "add", "path": "/metadata/row", "value": "2"},
        {"op": "remove", "path": "/metadata/rack"},
        {"op": "add", "path": "/tags", "value": ["b", "a"]},
        {"op": "add", "path": "/tags/-", "value": "c/d"},
        {"op": "remove", "path": "/tags/b"},
    ]
    answer = api.patch(f"/v1/servers/{server['uuid']}", json=patch)
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["description"], answer.json()["metadata"]) == (
        "ledger",
        "x",
        {"row": "2"},
    )
    assert answer.json()["tags"] == ["a", "c/d"]
    assert api.seen(f"/v1/servers/{server['uuid']}") == answer.json()


@pytest.mark.parametrize(
    "change",
    [{"op": "replace", "path": "/status", "value": "error"}, {"op": "remove", "path": "/name"}, {"op": "move", "path": "/name"},
     {"op": "replace", "path": "/name", "value": "x" * 256}, {"op": "add", "path": "/metadata/k", "value": "v" * 256},
     {"op": "add", "path": "/metadata/k", "value": 7}, {"op": "remove", "path": "/metadata/none"}, {"op": "add", "path": "name"},
     {"op": "replace", "path": "/description", "value": "\ud800"}, {"op": "add", "path": "/metadata/<b>", "value": "x"},
     {"op": "replace", "path": "/name", "value": "<b>markup</b>"}],
    ids=ascii,
)  # fmt: skip
def test_a_patch_of_anything_else_is_a_400_and_changes_nothing(
    api: Api, server: dict[str, Any], change: dict[str, Any]
) -> None:
    content = json.dumps([change])
    answer = api.patch(f"/v1/servers/{server['uuid']}", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert api.seen(f"/v1/servers/{server['uuid']}") == server


def test_power_goes_off_and_on_and_a_senseless_target_is_refused(
    api: Api, memory: MemorySource, server: dict[str, Any]
) -> None:
    path = f"/v1/servers/{server['uuid']}"
    api.done(api.put(f"{path}/states/power", json={"target": "off"}))
    assert api.seen(f"{path}/states") == {"status": "stopped", "power_state": "power off", "locked": False}
    assert memory.world.node("bank-db-01").power == "power off"
    assert api.put(f"{path}/states/power", json={"target": "off"}).status_code == 409
    api.done(api.put(f"{path}/states/power", json={"target": "on"}))
    assert api.seen(path)["status"] == "active"
    assert api.put(f"{path}/states/power", json={"target": "explode"}).status_code == 400


def test_what_adoption_cannot_do_is_501_and_touches_nothing(api: Api, server: dict[str, Any]) -> None:
    path = f"/v1/servers/{server['uuid']}"
    assert (
        api.put(f"{path}/states/provision", json={"target": "rebuild", "preserve_ephemeral": None}).status_code == 501
    )
    assert api.seen(path) == server


@pytest.mark.parametrize("uuid", ["nobody", "00000000-0000-4000-8000-000000000000", "%00", "..%2f..", "é"])
def test_a_server_that_does_not_exist_is_404(api: Api, uuid: str) -> None:
    assert api.get(f"/v1/servers/{uuid}").status_code == 404
    assert api.delete(f"/v1/servers/{uuid}").status_code == 404
    assert api.get(f"/v1/servers/{uuid}/proof").status_code == 404


@pytest.mark.parametrize(
    "path", ["servers/%00", "servers/a%00b/proof", "operations/%00", "plans/%00", "flavors/%00", "nodes/%00/disks"]
)
def test_no_database_is_asked_for_a_name_with_a_nul(api: Api, path: str) -> None:
    answer = api.get(f"/v1/{path}")
    assert (answer.status_code, "NUL" in answer.text) == (404, True)
    assert answer.headers["Openstack-Request-Id"].startswith("req-")


def test_flavors_can_be_made_shown_changed_and_removed(api: Api) -> None:
    uuid = api.flavor("gold", resources={"CUSTOM_GOLD": 1}, description=None)
    shown = api.seen(f"/v1/flavors/{uuid}")
    assert (shown["resources"], shown["is_public"], shown["disabled"]) == ({"CUSTOM_GOLD": "1"}, True, False)
    assert api.seen("/v1/flavors")["flavors"] == [shown]
    patch = [
        {"op": "replace", "path": "/name", "value": "au"},
        {"op": "add", "path": "/resources/CUSTOM_AU", "value": "1"},
    ]
    changed = api.patch(f"/v1/flavors/{uuid}", json=patch).json()
    assert (changed["name"], set(changed["resources"])) == ("au", {"CUSTOM_GOLD", "CUSTOM_AU"})
    assert api.patch(f"/v1/flavors/{uuid}", json=[{"op": "remove", "path": "/name"}]).status_code == 400
    assert api.post("/v1/flavors", json={"name": "au", "resources": {}}).status_code == 409
    assert api.delete(f"/v1/flavors/{uuid}").status_code == 204
    assert api.get(f"/v1/flavors/{uuid}").status_code == 404
    assert api.delete(f"/v1/flavors/{uuid}").status_code == 404


def test_a_flavor_in_use_cannot_be_removed(api: Api, gold: str, server: dict[str, Any]) -> None:
    answer = api.delete(f"/v1/flavors/{gold}")
    assert answer.status_code == 409
    assert "in use" in error_of(answer)["message"]


def test_access_to_a_private_flavor_is_given_and_taken(serve: Serve) -> None:
    api = serve(identity={"tokens": True})
    admin, reader = api.another(api.token("admin")), api.another(api.token("reader", "p1"))
    uuid = admin.flavor("gold", is_public=False)
    path = f"/v1/flavors/{uuid}"
    assert reader.get(path).status_code == 404
    assert admin.post(f"{path}/access", json={"tenant_id": "p1"}).status_code == 204
    assert admin.seen(f"{path}/access") == {"flavor_access": ["p1"]}
    assert reader.seen(path)["uuid"] == uuid
    assert admin.post(f"{path}/access", json={"tenant_id": "p1"}).status_code == 409
    assert admin.delete(f"{path}/access/p1").status_code == 204
    assert admin.delete(f"{path}/access/p1").status_code == 404
    assert reader.get(path).status_code == 404
    assert admin.post(f"/v1/flavors/{admin.flavor('public')}/access", json={"tenant_id": "p1"}).status_code == 409


def _events(text: str) -> list[dict[str, str]]:
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return [
        dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":") for block in blocks
    ]


def test_events_tell_an_operation_from_start_to_end_and_resume(api: Api, server: dict[str, Any]) -> None:
    (operation,) = api.seen("/v1/operations")["operations"]
    path = f"/v1/operations/{operation['uuid']}/events"
    answer = api.get(path)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = _events(answer.text)
    assert events[0]["event"] == "operation.started"
    assert events[-1]["event"] == "end"
    assert json.loads(events[-1]["data"])["state"] == "succeeded"
    ids = [int(event["id"]) for event in events[:-1]]
    assert ids == list(range(1, len(ids) + 1))
    rest = _events(api.get(path, headers={"Last-Event-ID": "5"}).text)
    assert [event.get("id") for event in rest] == [*(str(one) for one in ids[5:]), None]
    assert api.get(path, headers={"Last-Event-ID": "x"}).status_code == 400
    assert api.get(f"/v1/operations/{uuid4()}/events").status_code == 404


def test_operations_are_listed_filtered_and_paged(api: Api, server: dict[str, Any]) -> None:
    api.done(api.put(f"/v1/servers/{server['uuid']}/states/power", json={"target": "off"}))
    page = api.seen("/v1/operations", limit=1, server=server["uuid"])
    assert [one["kind"] for one in page["operations"]] == ["power"]
    following = api.get(page["next"]).json()
    assert [one["kind"] for one in following["operations"]] == ["manage"]
    assert "next" not in following
    assert page["counts"]["succeeded"] == 2
    assert [one["kind"] for one in api.seen("/v1/operations", kind="manage", state="succeeded")["operations"]] == [
        "manage"
    ]
    assert api.get("/v1/operations", params={"state": "lost"}).status_code == 400
    assert api.get("/v1/operations", params={"marker": "x"}).status_code == 400
    assert api.post(f"/v1/operations/{page['operations'][0]['uuid']}/cancel").status_code == 409


def test_a_cancelled_adoption_is_undone(serve: Serve) -> None:
    from threading import Event

    memory, reached, go_on = fleet(), Event(), Event()
    api = serve(memory.source)

    def hold(moment: str) -> None:
        if moment.startswith("before PUT /v2.0/ports/"):
            reached.set()
            go_on.wait(120)

    memory.faults = hold
    answer = api.post(MANAGE, json=wish(memory, "bank-web-01", api.flavor()))
    assert reached.wait(60)
    uuid = answer.json()["operation"]["uuid"]
    asked = api.post(f"/v1/operations/{uuid}/cancel")
    assert (asked.status_code, asked.json()["cancel_requested"]) == (202, True)
    go_on.set()
    assert api.ended(uuid)["state"] == "cancelled"
    assert memory.world.node("bank-web-01").instance_uuid is None
    assert api.seen("/v1/servers", all_tenants="true")["servers"] == []


class BrokenBus(Notifications):
    def __call__(self, event_type: str, payload: ServerPayload, *, error: bool = False) -> None:
        super().__call__(event_type, payload, error=error)
        raise OSError("the bus is down")


def test_a_bus_that_fails_neither_stops_an_adoption_nor_keeps_it_from_being_undone(serve: Serve) -> None:
    memory, bus = fleet(), BrokenBus()
    api = serve(memory.source, notifications=bus)
    gold = api.flavor()
    api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))

    def refuse(moment: str) -> None:
        if moment.startswith("before PUT /v2.0/ports/"):
            raise Answered(500)

    memory.faults = refuse
    answer = api.post(MANAGE, json=wish(memory, "bank-web-01", gold))
    assert api.ended(answer.json()["operation"])["state"] == "reverted"
    assert bus.types() == [
        "server.manage.start", "server.manage.end", "server.manage.start", "server.manage.error",
    ]  # fmt: skip


def test_a_source_that_does_not_answer_is_503_and_not_an_empty_list(api: Api, memory: MemorySource) -> None:
    def refuse(_moment: str) -> None:
        raise Answered(503)

    memory.faults = refuse
    assert api.get("/v1/adoptable_nodes").status_code in (502, 503)
    assert not api.seen("/v1/sources")["sources"][0]["reachable"]


ADMIN_ONLY = [
    ("GET", "/v1/adoptable_nodes"), ("POST", MANAGE), ("GET", "/v1/manageable_servers"), ("POST", "/v1/manageable_servers"),
    ("POST", "/v1/plans"), ("POST", "/v1/flavors"), ("GET", "/v1/sources"),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "/v1/plans": {"machines": [{"name": "x", "node_uuid": ident("bank-db-01"), "flavor_uuid": str(uuid4()),
                                "networks": [{"net_id": TENANT.id}]}]},
    MANAGE: {"name": "x", "node_uuid": ident("bank-db-01"), "flavor_uuid": str(uuid4()), "networks": [{"net_id": TENANT.id}]},
    "/v1/manageable_servers": {"name": "x", "node_uuid": ident("bank-db-01")},
    "/v1/flavors": {"name": "x"},
}  # fmt: skip


def test_only_an_admin_looks_at_machines_and_adopts_them(serve: Serve) -> None:
    api = serve(fleet().source, identity={"tokens": True})
    callers = [api.another(api.token(role)) for role in ("reader", "member")]
    for method, path in ADMIN_ONLY:
        body = BODIES.get(path) if method == "POST" else None
        assert api.request(method, path, json=body).status_code == 401, path
        for caller in callers:
            answer = caller.request(method, path, json=body)
            assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden"), path
        assert api.another(api.token("admin")).request(method, path, json=body).status_code not in (401, 403), path
    answer = api.get("/v1/flavors", headers={"X-Auth-Token": "corral_wrong"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_project_sees_and_changes_only_its_own_servers(serve: Serve) -> None:
    memory = fleet()
    api = serve(memory.source, identity={"tokens": True})
    admin = api.another(api.token("admin"))
    server = admin.done(admin.post(MANAGE, json=wish(memory, "bank-db-01", admin.flavor())))
    operation = admin.seen("/v1/operations")["operations"][0]["uuid"]
    path = f"/v1/servers/{server['uuid']}"
    member, reader = api.another(api.token("member", PROJECT)), api.another(api.token("reader", PROJECT))
    stranger = api.another(api.token("member", "elsewhere"))
    for hidden in (
        path,
        f"{path}/networks",
        f"{path}/proof",
        f"/v1/operations/{operation}",
        f"/v1/operations/{operation}/proof",
    ):
        assert stranger.get(hidden).status_code == 404, hidden
        assert reader.get(hidden).status_code == 200, hidden
    assert stranger.seen("/v1/servers")["servers"] == stranger.seen("/v1/operations")["operations"] == []
    assert stranger.get("/v1/servers", params={"all_tenants": "true"}).status_code == 403
    assert [one["uuid"] for one in reader.seen("/v1/servers")["servers"]] == [server["uuid"]]
    assert not {"node", "node_uuid", "source", "affinity_zone", "system_metadata"} & set(reader.seen(path))
    assert stranger.put(f"{path}/states/lock", json={"target": True}).status_code == 404
    assert reader.patch(path, json=[{"op": "add", "path": "/description", "value": "x"}]).status_code == 403
    assert member.patch(path, json=[{"op": "add", "path": "/description", "value": "x"}]).status_code == 200
    assert member.delete(path).status_code == member.post(f"{path}/unmanage").status_code == 403


def test_a_locked_server_is_changed_by_admins_only(serve: Serve) -> None:
    memory = fleet()
    api = serve(memory.source, identity={"tokens": True})
    admin, member = api.another(api.token("admin")), api.another(api.token("member", PROJECT))
    server = admin.done(admin.post(MANAGE, json=wish(memory, "bank-db-01", admin.flavor())))
    path = f"/v1/servers/{server['uuid']}"
    assert member.put(f"{path}/states/lock", json={"target": True}).status_code == 202
    assert member.seen(path)["locked"] is True
    assert member.put(f"{path}/states/power", json={"target": "off"}).status_code == 409
    assert member.patch(path, json=[{"op": "add", "path": "/description", "value": "x"}]).status_code == 409
    assert admin.patch(path, json=[{"op": "add", "path": "/description", "value": "x"}]).status_code == 200
    assert member.put(f"{path}/states/lock", json={"target": False}).status_code == 202
    admin.done(member.put(f"{path}/states/power", json={"target": "off"}))
