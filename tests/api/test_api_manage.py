"""Adopting and letting go over the API: one machine, many by plan, and all that can be wrong with a request."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from api_world import Api, codes_of, error_of, picture, wish

from corral.domain.machine import NetworkPort
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import OTHER_PROJECT, PROJECT, TENANT, ident

MANAGE = "/v1/servers/manage"
SERVER_KEYS = {
    "uuid", "name", "description", "project_id", "user_id", "status", "power_state", "availability_zone", "flavor_uuid",
    "image_uuid", "addresses", "links", "launched_at", "metadata", "key_name", "partitions", "locked", "node",
    "affinity_zone", "system_metadata", "created_at", "updated_at",
}  # fmt: skip


def test_manage_is_accepted_at_once_and_the_server_becomes_active(api: Api, memory: MemorySource, gold: str) -> None:
    body = wish(memory, "bank-db-01", gold, description="ledger", availability_zone="hall-1", metadata={"rack": "7"})
    answer = api.post(MANAGE, json=body)
    assert answer.status_code == 202
    assert set(answer.json()) == {"server", "operation"}
    assert answer.json()["server"]["status"] == "managing"
    server = api.seen(f"/v1/servers/{api.done(answer)['uuid']}")
    assert set(server) >= SERVER_KEYS
    assert (server["status"], server["power_state"], server["name"]) == ("active", "power on", "bank-db-01")
    assert (server["description"], server["availability_zone"], server["metadata"]) == (
        "ledger",
        "hall-1",
        {"rack": "7"},
    )
    assert (server["project_id"], server["node_uuid"], server["adopted"]) == (PROJECT, ident("bank-db-01"), True)
    assert server["addresses"] == {TENANT.id: [{"addr": "10.30.0.3", "type": "fixed"}]}
    assert api.notifications.types() == ["server.manage.start", "server.manage.end"]


def test_a_machine_that_is_off_becomes_a_stopped_server_and_stays_off(
    api: Api, memory: MemorySource, gold: str
) -> None:
    server = api.done(api.post(MANAGE, json=wish(memory, "off-01", gold)))
    assert api.seen(f"/v1/servers/{server['uuid']}")["status"] == "stopped"
    assert memory.world.node("off-01").power == "power off"


@pytest.mark.parametrize("name", ["url-image-01", "url-image-02", "legacy-app-01", "legacy-app-02"])
def test_a_machine_whose_image_is_not_in_glance_has_none_and_says_so(
    api: Api, memory: MemorySource, gold: str, name: str
) -> None:
    server = api.done(api.post(MANAGE, json=wish(memory, name, gold)))
    shown = api.seen(f"/v1/servers/{server['uuid']}")
    assert shown["image_uuid"] is None
    assert {one["code"] for one in shown["warnings"]} & {"image-not-found", "image-not-a-uuid", "no-image"}


def test_a_network_gets_a_new_port_on_a_free_nic_and_unmanage_takes_it_away(
    api: Api, memory: MemorySource, gold: str
) -> None:
    before = picture(memory, "edge-01")
    networks = [{"net_id": TENANT.id, "port_type": "vm"}]
    server = api.done(api.post(MANAGE, json=wish(memory, "edge-01", gold, networks=networks, project_id=PROJECT)))
    (nic,) = api.seen(f"/v1/servers/{server['uuid']}/networks")["nics"]
    assert set(nic) >= {"port_id", "network_id", "mac_address", "fixed_ips", "floating_ip"}
    assert (nic["network_id"], nic["mac_address"]) == (TENANT.id, memory.world.node("edge-01").nics[0].mac)
    assert memory.world.node("edge-01").nics[0].vif == nic["port_id"]
    api.done(api.post(f"/v1/servers/{server['uuid']}/unmanage"))
    assert picture(memory, "edge-01") == before


def test_unmanage_gives_the_machine_back_as_it_was_and_keeps_the_proof(
    api: Api, memory: MemorySource, gold: str
) -> None:
    before = picture(memory, "bank-web-01")
    server = api.done(api.post(MANAGE, json=wish(memory, "bank-web-01", gold)))
    assert picture(memory, "bank-web-01") != before
    api.done(api.post(f"/v1/servers/{server['uuid']}/unmanage"))
    assert picture(memory, "bank-web-01") == before
    assert api.get(f"/v1/servers/{server['uuid']}").status_code == 404
    proof = api.seen(f"/v1/servers/{server['uuid']}/proof")
    assert proof["verdict"] == "untouched"
    assert [one["kind"] for one in proof["operations"]] == ["manage", "unmanage"]
    calls = [call for one in proof["operations"] for call in one["calls"]]
    assert all(call["allowed"] for call in calls)
    assert not [call for call in calls if "states" in call["path"] and call["method"] != "GET"]
    one = api.seen(f"/v1/operations/{proof['operations'][0]['uuid']}/proof")
    assert one["fingerprint"]["differences"] == []
    assert api.notifications.types()[-2:] == ["server.unmanage.start", "server.unmanage.end"]


def test_delete_of_an_adopted_server_unmanages_it_and_says_so(api: Api, memory: MemorySource, gold: str) -> None:
    before = picture(memory, "bank-db-01")
    server = api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))
    answer = api.delete(f"/v1/servers/{server['uuid']}", headers={"Content-Type": "application/octet-stream"})
    assert answer.status_code == 204
    assert answer.headers["Corral-Effect"].startswith("unmanage")
    assert answer.headers.get("content-type") != "application/octet-stream"
    assert api.ended(answer.headers["Corral-Operation"])["state"] == "succeeded"
    assert picture(memory, "bank-db-01") == before


def test_a_dry_run_tells_the_steps_and_does_nothing(api: Api, memory: MemorySource, gold: str) -> None:
    before = picture(memory, "bank-db-01")
    answer = api.post(MANAGE, params={"dry_run": "true"}, json=wish(memory, "bank-db-01", gold))
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert item["adoptable"]
    assert item["steps"][-1]["title"] == "Record the server as active"
    assert api.seen("/v1/servers", all_tenants="true")["servers"] == []
    assert api.seen("/v1/operations")["operations"] == []
    assert picture(memory, "bank-db-01") == before


def test_a_dry_run_of_a_machine_that_cannot_be_adopted_has_every_reason(api: Api, memory: MemorySource) -> None:
    answer = api.post(MANAGE, params={"dry_run": "true"}, json=wish(memory, "maint-01", api.flavor("silver")))
    (item,) = answer.json()["items"]
    assert {"maintenance", "flavor-mismatch"} <= {one["code"] for one in item["reasons"]}
    assert item["steps"] == []


def test_a_refusal_has_all_reasons_at_once_and_no_warnings(api: Api, memory: MemorySource) -> None:
    node = memory.world.node("maint-01")
    node.retired, node.fault, node.instance_info["image_source"] = True, "power failure", "http://x/y"
    networks = [{"port_id": str(uuid4())}]
    answer = api.post(MANAGE, json=wish(memory, "maint-01", api.flavor("silver"), networks=networks))
    assert answer.status_code == 422
    wanted = {"maintenance", "retired", "fault", "flavor-mismatch", "port-not-found"}
    assert wanted <= codes_of(answer)
    assert "image-not-a-uuid" not in codes_of(answer)
    fault = json.loads(answer.json()["error_message"])["faultstring"]
    assert all(code in fault for code in wanted)


def test_the_flavor_of_another_class_is_refused(api: Api, memory: MemorySource) -> None:
    answer = api.post(MANAGE, json=wish(memory, "bank-db-01", api.flavor("silver")))
    assert (answer.status_code, codes_of(answer)) == (422, {"flavor-mismatch"})


def test_a_flavor_that_does_not_exist_or_is_disabled_is_refused(api: Api, memory: MemorySource) -> None:
    unknown = api.post(MANAGE, json=wish(memory, "bank-db-01", str(uuid4())))
    assert (unknown.status_code, codes_of(unknown)) == (422, {"flavor-not-found"})
    disabled = api.post(MANAGE, json=wish(memory, "bank-db-01", api.flavor("gold", disabled=True)))
    assert (disabled.status_code, codes_of(disabled)) == (422, {"flavor-disabled"})


def test_a_port_of_another_project_is_refused(api: Api, memory: MemorySource, gold: str) -> None:
    memory.world.ports[ident("bank-db-01/port0")].project = OTHER_PROJECT
    answer = api.post(MANAGE, json=wish(memory, "bank-db-01", gold, project_id=PROJECT))
    assert (answer.status_code, codes_of(answer)) == (422, {"port-of-another-project"})


@pytest.mark.parametrize(
    "fields", [{"device": str(UUID(int=1)), "device_owner": "compute:nova"}, {"host": "compute-1"}], ids=str
)
def test_a_port_that_is_bound_elsewhere_is_refused(
    api: Api, memory: MemorySource, gold: str, fields: dict[str, str]
) -> None:
    mac = memory.world.node("edge-01").nics[0].mac
    port = NetworkPort(str(uuid4()), mac, TENANT.id, PROJECT, **fields)
    memory.world.add(ports=[port])
    answer = api.post(MANAGE, json=wish(memory, "edge-01", gold, networks=[{"port_id": port.id}]))
    assert (answer.status_code, codes_of(answer)) == (422, {"port-bound-elsewhere"})


def test_a_name_that_is_taken_in_the_project_is_refused(api: Api, memory: MemorySource, gold: str) -> None:
    api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))
    answer = api.post(MANAGE, json=wish(memory, "bank-web-01", gold, name="bank-db-01"))
    assert (answer.status_code, codes_of(answer)) == (422, {"name-taken"})


def test_a_mac_that_another_server_has_is_refused(api: Api, memory: MemorySource, gold: str) -> None:
    api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))
    memory.world.node("edge-01").nics[0].mac = memory.world.node("bank-db-01").nics[0].mac.upper()
    networks = [{"net_id": TENANT.id}]
    answer = api.post(MANAGE, json=wish(memory, "edge-01", gold, networks=networks, project_id=PROJECT))
    assert answer.status_code == 422
    assert "mac-taken" in codes_of(answer)


@pytest.mark.parametrize(
    "wrong",
    [{"node_uuid": "no-uuid"}, {"node_uuid": None}, {"flavor_uuid": "gold"}, {"networks": []}, {"networks": [{}]},
     {"networks": [{"port_id": str(UUID(int=1)), "net_id": str(UUID(int=2))}]}, {"name": ""}, {"name": "x" * 256},
     {"name": "<script>alert(1)</script>"}, {"name": "a\nb"}, {"name": "\ud800"}, {"name": 7},
     {"description": "x" * 256}, {"metadata": {"a" * 256: "b"}}, {"metadata": {"a": "b" * 256}}, {"metadata": {"<b>": "c"}},
     {"metadata": {"a": None}}, {"metadata": [1]}, {"metadata": {"\ud800": "x"}}, {"metadata": {f"k{n}": "v" for n in range(129)}},
     {"project_id": "../etc"}, {"surprise": True}, {"networks": [{"port_id": "https://x"}]}],
    ids=lambda wrong: ascii(wrong)[:60],
)  # fmt: skip
def test_a_malformed_wish_is_a_400_that_names_the_field(api: Api, memory: MemorySource, wrong: dict[str, Any]) -> None:
    body = {**wish(memory, "bank-db-01", str(uuid4())), **wrong}
    answer = api.post(MANAGE, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert next(iter(wrong)).encode("ascii", "replace").decode() in error_of(answer)["message"]


def test_an_unknown_node_is_404(api: Api, memory: MemorySource, gold: str) -> None:
    answer = api.post(MANAGE, json=wish(memory, "bank-db-01", gold, node_uuid=str(uuid4())))
    assert answer.status_code == 404
    assert api.post(MANAGE, json=wish(memory, "bank-db-01", gold, source="nowhere")).status_code == 404


def test_of_sixteen_who_adopt_the_same_node_one_wins_and_nothing_else_is_left(
    api: Api, memory: MemorySource, gold: str
) -> None:
    start = Barrier(16)

    def adopt(number: int) -> Any:
        start.wait()
        return api.post(MANAGE, json=wish(memory, "bank-db-01", gold, name=f"server-{number}"))

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(adopt, range(16)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 15
    server = api.done(next(answer for answer in answers if answer.status_code == 202))
    assert [one["uuid"] for one in api.seen("/v1/servers", all_tenants="true")["servers"]] == [server["uuid"]]
    assert len(api.seen("/v1/operations")["operations"]) == 1
    assert list(memory.world.allocations) == [ident("taken"), server["uuid"]]
    assert all("error_message" in answer.json() for answer in answers if answer.status_code == 409)


def test_a_managed_machine_is_409_with_the_reasons(api: Api, memory: MemorySource, gold: str) -> None:
    api.done(api.post(MANAGE, json=wish(memory, "bank-db-01", gold)))
    answer = api.post(MANAGE, json=wish(memory, "bank-db-01", gold, name="again"))
    assert answer.status_code == 409
    assert "already-managed" in codes_of(answer)


def test_the_same_idempotency_key_gives_the_same_operation(api: Api, memory: MemorySource, gold: str) -> None:
    key = {"Idempotency-Key": "order-4711"}
    body = wish(memory, "bank-db-01", gold)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post(MANAGE, json=body, headers=key), range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["operation"]["uuid"] for answer in answers}) == 1
    assert len({answer.json()["server"]["uuid"] for answer in answers}) == 1
    server = api.done(answers[0])
    again = api.post(MANAGE, json=body, headers=key)
    assert again.json()["operation"]["uuid"] == answers[0].json()["operation"]["uuid"]
    let_go = [
        api.post(f"/v1/servers/{server['uuid']}/unmanage", headers={"Idempotency-Key": "order-4712"}) for _ in range(2)
    ]
    assert len({answer.json()["operation"]["uuid"] for answer in let_go if answer.status_code == 202}) == 1
    reused = api.post(MANAGE, json=wish(memory, "bank-web-01", gold), headers={"Idempotency-Key": "order-4712"})
    assert reused.status_code == 409


def test_a_failed_adoption_leaves_machine_and_record_untouched(api: Api, memory: MemorySource, gold: str) -> None:
    from corral.drivers.memory import Answered

    before = picture(memory, "bank-db-01")

    def refuse(moment: str) -> None:
        if moment.startswith("before PUT /v2.0/ports/"):
            raise Answered(403)

    memory.faults = refuse
    answer = api.post(MANAGE, json=wish(memory, "bank-db-01", gold))
    ended = api.ended(answer.json()["operation"])
    assert ended["state"] == "reverted"
    assert {"message", "type", "step"} <= set(ended["error"])
    assert picture(memory, "bank-db-01") == before
    assert api.get(f"/v1/servers/{answer.json()['server']['uuid']}").status_code == 404
    assert api.notifications.types()[-1] == "server.manage.error"


def test_a_plan_is_kept_shown_and_applied_once(api: Api, memory: MemorySource, gold: str) -> None:
    machines = [wish(memory, name, gold) for name in ("bank-db-01", "bank-web-01")]
    plan = api.post("/v1/plans", json={"machines": machines})
    assert plan.status_code == 201
    made = plan.json()
    assert made["counts"] == {"total": 2, "adoptable": 2, "blocked": 0}
    shown = api.seen(f"/v1/plans/{made['uuid']}")
    assert (shown["digest"], shown["items"]) == (made["digest"], made["items"])
    applied = api.post(f"/v1/plans/{made['uuid']}/apply")
    assert applied.status_code == 202
    assert {api.ended(one)["state"] for one in applied.json()["operations"]} == {"succeeded"}
    assert api.post(f"/v1/plans/{made['uuid']}/apply").status_code == 409
    assert {one["name"] for one in api.seen("/v1/servers", all_tenants="true")["servers"]} == {
        "bank-db-01",
        "bank-web-01",
    }


@pytest.mark.parametrize("change", ["maintenance", "power", "port", "flavor"])
def test_a_plan_whose_world_has_changed_is_409_and_starts_nothing(
    api: Api, memory: MemorySource, gold: str, change: str
) -> None:
    machines = [wish(memory, name, gold) for name in ("bank-db-01", "bank-web-01")]
    plan = api.post("/v1/plans", json={"machines": machines}).json()
    node = memory.world.node("bank-web-01")
    if change == "maintenance":
        node.maintenance = True
    elif change == "power":
        node.power = "power off"
    elif change == "port":
        memory.world.ports[str(node.nics[0].vif)].name = "renamed"
    else:
        api.patch(f"/v1/flavors/{gold}", json=[{"op": "replace", "path": "/disabled", "value": True}])
    answer = api.post(f"/v1/plans/{plan['uuid']}/apply")
    assert answer.status_code == 409
    assert error_of(answer)["code"] == "stale"
    assert api.seen("/v1/operations")["operations"] == []


def test_a_plan_with_blocked_machines_is_applied_without_them_only_when_told_to(
    api: Api, memory: MemorySource, gold: str
) -> None:
    lost = {**wish(memory, "bank-db-01", gold), "node_uuid": str(uuid4()), "name": "lost"}
    machines = [wish(memory, "bank-db-01", gold), wish(memory, "maint-01", gold), lost]
    plan = api.post("/v1/plans", json={"machines": machines}).json()
    assert plan["counts"] == {"total": 3, "adoptable": 1, "blocked": 2}
    refused = api.post(f"/v1/plans/{plan['uuid']}/apply")
    assert (refused.status_code, error_of(refused)["code"]) == (422, "refused")
    assert {one["code"] for one in error_of(refused)["reasons"]} >= {"maintenance", "node-not-found"}
    applied = api.post(f"/v1/plans/{plan['uuid']}/apply", params={"skip_blocked": "true"})
    assert [api.ended(one)["state"] for one in applied.json()["operations"]] == ["succeeded"]


def test_a_plan_that_asks_for_something_twice_says_so(api: Api, memory: MemorySource, gold: str) -> None:
    body = wish(memory, "bank-db-01", gold)
    plan = api.post("/v1/plans", json={"machines": [body, body]}).json()
    assert {one["code"] for one in plan["items"][1]["reasons"]} >= {"machine-twice", "name-taken", "port-twice"}
    assert api.get(f"/v1/plans/{uuid4()}").status_code == 404
    assert api.post("/v1/plans", json={"machines": []}).status_code == 400


def test_mogans_own_form_takes_the_flavor_by_class_and_the_ports_that_are_there(
    api: Api, memory: MemorySource, gold: str
) -> None:
    body = {"name": "db", "node_uuid": ident("bank-db-01"), "description": None, "metadata": {"a": "b"}}
    answer = api.post("/v1/manageable_servers", json=body)
    assert answer.status_code == 201
    assert set(answer.json()) >= SERVER_KEYS
    assert answer.json()["flavor_uuid"] == gold
    (operation,) = api.seen("/v1/operations")["operations"]
    assert api.ended(operation)["state"] == "succeeded"
    (nic,) = api.seen(f"/v1/servers/{answer.json()['uuid']}/networks")["nics"]
    assert nic["port_id"] == ident("bank-db-01/port0")


def test_mogans_own_form_without_a_fitting_flavor_is_refused(api: Api) -> None:
    answer = api.post("/v1/manageable_servers", json={"name": "db", "node_uuid": ident("bank-db-01")})
    assert (answer.status_code, codes_of(answer)) == (422, {"no-flavor"})
