"""The promise, kept by a real Ironic, Neutron, Glance and Redfish emulator: adopt, prove, let go, and nothing was touched."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.e2e.support import machines
from tests.e2e.support.adopting import adopt, apply, assert_untouched, codes, plan, unmanage, wish
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made
from tests.e2e.support.records import allocations, differences, records

pytestmark = [pytest.mark.lab, pytest.mark.alone, pytest.mark.timeout(900)]

Machines = Callable[..., Made]

SEEDED: dict[str, tuple[bool, set[str]]] = {
    "bank-db-01": (True, set()),
    "bank-db-02": (True, set()),
    "bank-web-01": (True, set()),
    "legacy-app-01": (True, {"image-not-found"}),
    "legacy-app-02": (True, {"no-image"}),
    "edge-01": (True, set()),
    "noop-01": (True, set()),
    "url-image-01": (True, {"image-not-a-uuid"}),
    "url-image-02": (True, {"image-not-a-uuid"}),
    "bad-port-01": (False, {"port-missing"}),
    "mac-mismatch-01": (False, {"port-mac-mismatch"}),
    "maint-01": (False, {"maintenance"}),
    "noclass-01": (False, {"no-resource-class"}),
    "retired-01": (False, {"retired"}),
    "power-untrue-01": (False, {"power-untrue", "power-off"}),
    "power-unknown-01": (False, {"power-unknown"}),
    "taken-01": (False, {"claimed"}),
    "portgroup-01": (True, set()),
    "rf-adopt-01": (True, set()),
    "rf-adopt-02": (True, set()),
    "available-01": (False, {"not-active", "power-off", "no-image"}),
    "enroll-01": (False, {"not-active", "power-unknown", "no-image"}),
}


@pytest.fixture(scope="session")
def listed(corral: Corral) -> dict[str, Json]:
    return {one["name"]: one for one in corral.get("/v1/adoptable_nodes")["adoptable_nodes"]}


@pytest.mark.parametrize("name", SEEDED)
def test_every_seeded_node_is_listed_with_its_verdict_and_reasons(listed: dict[str, Json], name: str) -> None:
    assert (listed[name]["adoptable"], codes(listed[name]["reasons"])) == SEEDED[name]


def test_the_list_can_be_filtered_and_paged(corral: Corral) -> None:
    first = corral.get("/v1/adoptable_nodes", limit=5)
    second = corral.http.get(first["next"]).json()
    uuids = [one["uuid"] for page in (first, second) for one in page["adoptable_nodes"]]
    silver = corral.get("/v1/adoptable_nodes", adoptable=True, resource_class="silver")["adoptable_nodes"]

    assert len(first["adoptable_nodes"]) == 5
    assert uuids == sorted(set(uuids))
    assert {"rf-adopt-01", "rf-adopt-02"} <= {one["name"] for one in silver}
    assert all(one["adoptable"] and one["resource_class"] == "silver" for one in silver)


def _round_trip(lab: Lab, corral: Corral, made: Made, body: Json) -> tuple[Json, Json]:
    """Adopt and let go; everything is as before, field by field. The server, and the records while it was managed."""
    before = records(lab, made)
    server = adopt(corral, body)
    during = records(lab, made)
    assert during["node"]["instance_uuid"] == during["node"]["allocation_uuid"] == server["uuid"]
    assert during["node"]["protected"] is True
    assert during["node"]["maintenance"] is False
    assert during["node"]["power_state"] == before["node"]["power_state"]
    unmanage(corral, server)
    assert_untouched(corral, server)
    assert differences(before, records(lab, made)) == []
    return server, during


def test_a_machine_is_adopted_by_its_port_and_given_back_field_by_field(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine()

    server, during = _round_trip(lab, corral, made, wish(corral, made))

    port = during["neutron"][made.port]
    assert (server["status"], server["power_state"]) == ("active", "power on")
    assert server["image_uuid"] == lab.seeded["images"]["debian-12"]
    assert (port["device_id"], port["mac_address"]) == (server["uuid"], made.mac)


def test_a_machine_without_vif_gets_a_port_on_a_network_and_loses_it_again(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine(vif=False, owner="demo")
    net = lab.seeded["networks"]["tenant"]

    server, during = _round_trip(lab, corral, made, wish(corral, made, networks=[{"net_id": net}]))

    (port,) = during["neutron"].values()
    assert during["vifs"] == [port["id"]]
    assert (port["network_id"], port["mac_address"], port["device_id"]) == (net, made.mac, server["uuid"])
    assert server["warnings"] == []


def test_a_port_that_waits_beside_its_machine_is_plugged_in_with_its_mac(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine(vif=False)
    port = machines.new_port(lab, made.name, made.mac)

    _, during = _round_trip(lab, corral, made, wish(corral, made, networks=[{"port_id": port}]))

    assert during["vifs"] == [port]
    assert during["neutron"][port]["mac_address"] == made.mac


def test_a_port_that_is_bound_to_its_machine_already_is_not_plugged_because_ironic_would_give_it_another_mac(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine(vif=False)
    port = machines.new_port(lab, made.name, made.mac, **{"binding:host_id": made.uuid})

    server, during = _round_trip(lab, corral, made, wish(corral, made, networks=[{"port_id": port}]))

    assert during["vifs"] == []
    assert during["neutron"][port]["mac_address"] == made.mac
    assert codes(server["warnings"]) == {"port-bound-not-plugged"}


def test_a_noop_network_interface_is_told_as_a_warning(lab: Lab, corral: Corral, machine: Machines) -> None:
    made = machine(vif=False, owner="demo", network_interface="noop")
    nets = [{"net_id": lab.seeded["networks"]["tenant"]}]

    server, during = _round_trip(lab, corral, made, wish(corral, made, networks=nets))

    assert "vif-not-kept" in codes(server["warnings"])
    assert during["vifs"] == []


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (None, "no-image"),
        ("99999999-0000-4000-8000-000000000000", "image-not-found"),
        ("http://127.0.0.1:9/debian-12.qcow2", "image-not-a-uuid"),
    ],
)
def test_a_machine_whose_image_is_unknown_is_adopted_without_one(
    lab: Lab, corral: Corral, machine: Machines, image: str | None, code: str
) -> None:
    made = machine(image=image)

    server, _ = _round_trip(lab, corral, made, wish(corral, made))

    assert server["image_uuid"] is None
    assert code in codes(server["warnings"])


def test_a_redfish_machine_is_adopted_without_its_bmc_noticing(lab: Lab, corral: Corral, machine: Machines) -> None:
    made = machine(resource_class="silver", system=11)
    before = lab.redfish.get(f"/Systems/{made.system}")

    server, during = _round_trip(lab, corral, made, wish(corral, made, flavor="silver"))

    assert before["PowerState"] == "On"
    assert differences(before, during["system"]) == []
    proof = corral.get(f"/v1/servers/{server['uuid']}/proof")
    bmc = [call for one in proof["operations"] for call in one["calls"] if call["service"] == "bmc"]
    assert bmc
    assert {call["method"] for call in bmc} == {"GET"}
    assert proof["operations"][0]["fingerprint"]["before"]["observed_power"] == "power on"


def test_a_plan_is_refused_once_its_machine_has_changed(lab: Lab, corral: Corral, machine: Machines) -> None:
    made = machine()
    planned = plan(corral, wish(corral, made))
    lab.ironic.call(
        "PATCH", f"/v1/nodes/{made.uuid}", [{"op": "add", "path": "/instance_info/image_source", "value": "other"}]
    )
    changed = records(lab, made)

    refused = apply(corral, planned)

    assert refused.status_code == 409, refused.text
    assert differences(changed, records(lab, made)) == []
    assert made.uuid not in {one["node_uuid"] for one in corral.servers()}


def test_a_machine_that_somebody_else_took_after_the_plan_is_left_to_them(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made, other = machine(), "bbbbbbbb-0000-4000-8000-000000000001"
    planned = plan(corral, wish(corral, made))
    lab.ironic.call("PATCH", f"/v1/nodes/{made.uuid}", [{"op": "add", "path": "/instance_uuid", "value": other}])
    taken = records(lab, made)

    refused = apply(corral, planned)

    assert refused.status_code == 409, refused.text
    assert differences(taken, records(lab, made)) == []


CLIENTS = 16


def _at_once(work: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """What each of sixteen clients is answered that begin in the same moment."""
    start = threading.Barrier(CLIENTS)

    def one(number: int) -> httpx.Response:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def _winner(answers: list[httpx.Response]) -> Json:
    """The body of the one answer that says yes; all others are 409."""
    told = [(one.status_code, one.text[:300]) for one in answers]
    assert sorted(one.status_code for one in answers) == [202] + [409] * (CLIENTS - 1), told
    return dict(next(one for one in answers if one.status_code == 202).json())


def _nothing_is_left(lab: Lab, corral: Corral, made: Made, before: Json, server: str) -> None:
    """After a race: one server, one allocation, one operation; and none of it once the winner is let go."""
    assert [one["uuid"] for one in corral.servers() if one["node_uuid"] == made.uuid] == [server]
    assert [(one["uuid"], one["state"]) for one in allocations(lab, made)] == [(server, "active")]
    begun = corral.get("/v1/operations", kind="manage", limit=1000)["operations"]
    assert [one["server_uuid"] for one in begun if one["machine"] == made.uuid] == [server]
    unmanage(corral, {"uuid": server})
    assert differences(before, records(lab, made)) == []
    assert made.uuid not in {one["node_uuid"] for one in corral.servers()}


@pytest.mark.parametrize("names", ["names of their own", "one name"])
def test_of_sixteen_clients_that_want_one_machine_one_gets_it_and_all_others_a_conflict(
    lab: Lab, corral: Corral, machine: Machines, names: str
) -> None:
    made = machine()
    before, wanted = records(lab, made), wish(corral, made)
    ending = "-{}" if names == "names of their own" else ""
    bodies = [wanted | {"name": made.name + ending.format(number)} for number in range(CLIENTS)]

    answers = _at_once(lambda number: corral.http.post("/v1/servers/manage", json=bodies[number]))

    won = _winner(answers)
    assert corral.finished(won["operation"])["state"] == "succeeded"
    _nothing_is_left(lab, corral, made, before, won["server"]["uuid"])
    # No loser has kept the name that it asked for.
    for number in range(2):
        again = adopt(corral, bodies[number])
        assert again["name"] == bodies[number]["name"]
        unmanage(corral, again)


def test_of_sixteen_clients_that_apply_plans_for_one_machine_one_gets_it_and_all_others_a_conflict(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine()
    before = records(lab, made)
    plans = [plan(corral, wish(corral, made) | {"name": f"{made.name}-{number}"}) for number in range(CLIENTS)]

    answers = _at_once(lambda number: apply(corral, plans[number]))

    (operation,) = _winner(answers)["operations"]
    assert corral.finished(operation)["state"] == "succeeded"
    _nothing_is_left(lab, corral, made, before, operation["server_uuid"])


def test_of_two_corrals_that_know_nothing_of_each_other_one_gets_the_machine_and_the_other_leaves_nothing(
    lab: Lab, corral: Corral, rival: Corral, machine: Machines
) -> None:
    made = machine()
    before, both = records(lab, made), (corral, rival)
    bodies = [wish(one, made) for one in both]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda n: both[n].http.post("/v1/servers/manage", json=bodies[n]), range(2)))

    # One that comes so late that it sees the other's claim is refused at once; Ironic decides between those that do not.
    begun = [(one, answer.json()["operation"]) for one, answer in zip(both, answers, strict=True) if answer.is_success]
    assert {answer.status_code for answer in answers} <= {202, 422}
    ended = [(one, one.finished(operation)) for one, operation in begun]
    winner, won = next((one, operation) for one, operation in ended if operation["state"] == "succeeded")
    assert [operation["error"]["code"] for _, operation in ended if operation is not won] in (
        [],
        ["conflict"],
        ["refused"],
    )
    assert [(one["uuid"], one["state"]) for one in allocations(lab, made)] == [(won["server_uuid"], "active")]
    assert sum(server["node_uuid"] == made.uuid for one in both for server in one.servers()) == 1
    unmanage(winner, {"uuid": won["server_uuid"]})
    assert differences(before, records(lab, made)) == []


def test_a_managed_machine_is_switched_only_when_a_person_asks(lab: Lab, corral: Corral, machine: Machines) -> None:
    made = machine()
    server = adopt(corral, wish(corral, made))
    path = f"/v1/servers/{server['uuid']}"

    off = corral.finished(corral.http.put(f"{path}/states/power", json={"target": "off"}).json()["operation"])
    stopped = corral.get(path)
    record = lab.ironic.get(f"/v1/nodes/{made.uuid}")["power_state"]
    on = corral.finished(corral.http.put(f"{path}/states/power", json={"target": "on"}).json()["operation"])

    assert (off["state"], stopped["status"], stopped["power_state"], record) == (
        "succeeded", "stopped", "power off", "power off",
    )  # fmt: skip
    assert (on["state"], corral.get(path)["status"]) == ("succeeded", "active")
    unmanage(corral, server)


def test_a_managed_server_is_renamed_described_and_locked_without_a_call_to_its_source(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine()
    server = adopt(corral, wish(corral, made))
    before, path = records(lab, made), f"/v1/servers/{server['uuid']}"
    patch = [
        {"op": "replace", "path": "/name", "value": f"{made.name}-renamed"},
        {"op": "add", "path": "/description", "value": "the ledger"},
        {"op": "add", "path": "/metadata/team", "value": "payments"},
    ]

    changed = corral.http.patch(path, json=patch).json()
    locked = corral.http.put(f"{path}/states/lock", json={"target": True}).json()

    assert (changed["name"], changed["description"]) == (f"{made.name}-renamed", "the ledger")
    assert changed["metadata"] == {"team": "payments"}
    assert locked["locked"] is True
    assert differences(before, records(lab, made)) == []
    corral.http.put(f"{path}/states/lock", json={"target": False})
    unmanage(corral, server)


def test_a_user_adopts_looks_at_the_proof_and_lets_go_on_the_command_line(
    lab: Lab, corral: Corral, machine: Machines
) -> None:
    made = machine()
    corral.flavor("gold")
    before = records(lab, made)

    why = corral.run("adoptable", "list", "--why", "--name", made.name)
    planned = corral.run("adopt", made.name, "--flavor", "gold", "--plan")
    adopted = corral.run("adopt", made.name, "--flavor", "gold", "--port", str(made.port), "--yes")
    again = corral.run("adopt", made.name, "--flavor", "gold", "--yes")
    proof = corral.run("server", "proof", made.name)
    unmanaged = corral.run("server", "unmanage", made.name, "--yes")

    assert (why.returncode, made.name in why.stdout) == (0, True), why
    assert (planned.returncode, adopted.returncode) == (0, 0), (planned, adopted)
    assert again.returncode == 4, again
    assert (proof.returncode, "untouched" in proof.stdout) == (0, True), proof
    assert unmanaged.returncode == 0, unmanaged
    assert differences(before, records(lab, made)) == []


def test_the_command_line_explains_a_node_that_can_not_be_adopted(corral: Corral) -> None:
    why = corral.run("adoptable", "list", "--why", "--name", "maint-01", "-o", "json")
    refused = corral.run("adopt", "maint-01", "--flavor", "gold", "--yes")

    (row,) = _rows(why.stdout)
    assert codes(row["reasons"]) == {"maintenance"}
    assert refused.returncode == 4, refused
    assert "maintenance" in refused.stderr


def _rows(text: str) -> list[Any]:
    data = json.loads(text)
    return list(data if isinstance(data, list) else data["adoptable_nodes"])


def test_exit_codes_tell_what_went_wrong(corral: Corral) -> None:
    assert corral.run("server", "show", "no-such-server").returncode == 3
    assert corral.run("adopt", "no-such-node", "--yes").returncode == 3
    assert corral.run("--url", "http://127.0.0.1:9", "server", "list").returncode == 5
    assert corral.run("adopt").returncode == 2
