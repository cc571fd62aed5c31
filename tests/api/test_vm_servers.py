"""A VM as a server, through the API and the command line: adopted, switched, renamed, looked at on its console, and let go."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_world import Api, Serve, codes_of, error_of
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.contracts.virtual import Mark, Where
from corral.domain.vm import RunState
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import ident
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.surveyor import HostGroup
from tests.waiting import until

Json = dict[str, Any]
MANAGE = "/v1/servers/manage"
HOUR = 3600.0
HOST = example_host(0)
VM = example_vm(HOST, 0)
NOBODY = "a0000000-0000-4000-8000-00000000dead"


def group(hosts: MemoryHosts, *, mark: bool = True) -> HostGroup:
    return HostGroup(hosts.name, "memory", HOUR, lambda: hosts.source, mark=mark)


def wish(vm: str = VM.id, name: str = "app-01", **fields: Any) -> Json:
    return {"name": name, "node_uuid": vm, "source": "racks", **fields}


@pytest.fixture
def racks() -> MemoryHosts:
    made = MemoryHosts("racks")
    for number in range(2):
        made.add_host(example_host(number))
        for position in range(2):
            made.put(example_vm(example_host(number), 2 * number + position))
    return made


@pytest.fixture
def rack(serve: Serve, racks: MemoryHosts) -> Api:
    """A Corral over two hosts, which were surveyed."""
    api = serve(hosts=[group(racks)])
    until(lambda: all(one["surveyed_at"] for one in api.seen("/v1/hosts")["sources"]))
    return api


@pytest.fixture
def adopted(rack: Api) -> Json:
    return rack.seen(f"/v1/servers/{rack.done(rack.post(MANAGE, json=wish()))['uuid']}")


def corral(api: Api, *words: str, code: int = 0) -> Any:
    with httpx.HTTPTransport() as transport:
        session = Session(url=str(api.base_url), transport=transport, interactive=False)
        done = CliRunner().invoke(app, list(words), obj=session, env={"COLUMNS": "240"})
    assert done.exit_code == code, done.output
    return done


# --- manage -----------------------------------------------------------------------------------------------


def test_a_vm_becomes_a_server_with_what_it_has_and_is_marked(rack: Api, racks: MemoryHosts, adopted: Json) -> None:
    assert (adopted["status"], adopted["power_state"], adopted["kind"]) == ("active", "power on", "vm")
    assert (adopted["node_uuid"], adopted["node"], adopted["source"]) == (VM.id, VM.name, "racks")
    assert (adopted["host"], adopted["cpus"], adopted["memory"]) == (HOST.id, VM.cpus, VM.memory)
    assert adopted["flavor_uuid"] is None
    assert adopted["addresses"] == {"br0": [{"addr": "10.0.0.0", "type": "fixed"}]}
    [nic] = rack.seen(f"/v1/servers/{adopted['uuid']}/networks")["nics"]
    assert (nic["port_id"], nic["mac_address"], nic["network_id"]) == (VM.nics[0].id, VM.nics[0].mac, "br0")
    [volume] = rack.seen(f"/v1/servers/{adopted['uuid']}/volumes")["volumes"]
    assert (volume["id"], volume["path"], volume["size"]) == ("vda", VM.disks[0].path, VM.disks[0].size)
    assert racks.marked(Where(VM.id, HOST.id)) == Mark(adopted["uuid"], "app-01")
    assert racks.vm(VM.id).run == VM.run
    assert rack.notifications.types() == ["server.manage.start", "server.manage.end"]
    listed = rack.seen("/v1/servers", ip="10.0.0.0")["servers"]
    assert [one["uuid"] for one in listed] == [adopted["uuid"]]
    assert [len(rack.seen("/v1/servers", kind=kind)["servers"]) for kind in ("vm", "node")] == [1, 0]
    verdict = rack.seen(f"/v1/adoptable_vms/{VM.id}")
    assert (verdict["adoptable"], verdict["server_uuid"]) == (False, adopted["uuid"])


def test_where_a_vm_was_seen_last_is_shown_beside_where_it_was_agreed_to_be(
    rack: Api, racks: MemoryHosts, adopted: Json
) -> None:
    other, path = example_host(1), f"/v1/servers/{adopted['uuid']}"
    assert (adopted["host"], adopted["last_seen"]["host"]) == (HOST.id, HOST.id)
    racks.put(replace(racks.vm(VM.id), host=other.id, host_name=other.name))
    rack.post(f"/v1/hosts/{other.id}/survey")
    seen = until(lambda: (one := rack.seen(path)["last_seen"])["host"] == other.id and one)
    assert (seen["host_name"], seen["gone_since"]) == (other.name, None)
    assert rack.seen(path)["host"] == HOST.id
    [listed] = rack.seen("/v1/servers/detail")["servers"]
    assert listed["last_seen"] == seen
    [chosen] = rack.seen("/v1/servers", fields="uuid,last_seen")["servers"]
    assert chosen == {"uuid": adopted["uuid"], "last_seen": seen}


def test_the_proof_of_an_adopted_vm_shows_that_it_was_left_untouched(rack: Api, adopted: Json) -> None:
    rack.done(rack.post(f"/v1/servers/{adopted['uuid']}/unmanage"))
    proof = rack.seen(f"/v1/servers/{adopted['uuid']}/proof")
    assert proof["verdict"] == "untouched"
    assert [one["kind"] for one in proof["operations"]] == ["onboard_vm", "offboard_vm"]
    acts = [call["method"] for one in proof["operations"] for call in one["calls"] if call["method"] != "GET"]
    assert acts == ["PUT", "DELETE"]
    actions = [one["action"] for one in rack.seen("/v1/audit", subject=adopted["uuid"])["audit"]]
    assert sorted(set(actions)) == ["server:manage", "server:unmanage"]


@pytest.mark.parametrize("way", ["unmanage", "delete"])
def test_letting_go_removes_the_mark_and_the_record_and_nothing_else(
    rack: Api, racks: MemoryHosts, adopted: Json, way: str
) -> None:
    path = f"/v1/servers/{adopted['uuid']}"
    if way == "unmanage":
        rack.done(rack.post(f"{path}/unmanage"))
    else:
        answer = rack.delete(path)
        assert answer.status_code == 204
        assert answer.headers["Corral-Effect"].startswith("unmanage")
        assert rack.ended(answer.headers["Corral-Operation"])["state"] == "succeeded"
    assert rack.get(path).status_code == 404
    assert racks.marked(Where(VM.id, HOST.id)) is None
    assert racks.vm(VM.id) == replace(VM, source="racks", host_name=HOST.name)
    rack.done(rack.post(MANAGE, json=wish()))


def test_a_dry_run_tells_the_steps_and_does_nothing(rack: Api, racks: MemoryHosts) -> None:
    answer = rack.post(MANAGE, params={"dry_run": "true"}, json=wish())
    assert answer.status_code == 200
    [item] = answer.json()["items"]
    assert item["adoptable"]
    assert [step["title"] for step in item["steps"]] == [
        "Observe and check the VM again",
        "Mark the VM as the server's",
        "Record 1 volume and 1 NIC",
        "Verify that nothing was disturbed",
        "Record the server as active",
    ]
    assert rack.seen("/v1/servers")["servers"] == []
    assert racks.marked(Where(VM.id, HOST.id)) is None


def test_the_machine_may_be_named_as_machine_but_not_twice(rack: Api) -> None:
    body = wish()
    body["machine"] = body.pop("node_uuid")
    assert rack.done(rack.post(MANAGE, json=body))["kind"] == "vm"
    both = rack.post(MANAGE, json=wish(example_vm(HOST, 1).id, "app-02", machine=VM.id))
    assert both.status_code == 400
    assert "machine" in error_of(both)["message"]


def test_every_reason_against_a_vm_and_a_wish_is_in_one_answer(rack: Api, racks: MemoryHosts) -> None:
    racks.put(replace(VM, owner="OpenStack Nova", persistent=False, disks=(replace(VM.disks[0], job="copy"),)))
    fields = {"flavor_uuid": str(uuid4()), "networks": [{"net_id": str(uuid4())}]}
    answer = rack.post(MANAGE, json=wish(**fields))
    assert answer.status_code == 422
    assert codes_of(answer) == {"vm-owned", "vm-transient", "disk-busy", "flavor-not-found", "vm-networks"}


def test_a_flavor_that_is_named_must_be_one_that_the_project_may_have(rack: Api) -> None:
    private = rack.flavor("private", is_public=False)
    answer = rack.post(MANAGE, json=wish(flavor_uuid=private))
    assert codes_of(answer) == {"flavor-private"}
    server = rack.done(rack.post(MANAGE, json=wish(flavor_uuid=rack.flavor("small"))))
    assert rack.seen(f"/v1/servers/{server['uuid']}")["flavor_uuid"] == server["flavor_uuid"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"node_uuid": NOBODY}, 404), ({"source": "nowhere"}, 404), ({"source": None}, 400), ({"name": ""}, 400),
     ({"node_uuid": "vm-00000"}, 400), ({"kind": "vm"}, 400)],
    ids=str,
)  # fmt: skip
def test_a_wrong_wish_is_refused_with_what_is_wrong(rack: Api, fields: Json, status: int) -> None:
    answer = rack.post(MANAGE, json={key: value for key, value in wish(**fields).items() if value is not None})
    assert answer.status_code == status, answer.text
    assert error_of(answer)["fix"]


def test_a_node_still_needs_a_flavor_and_networks(api: Api, memory: MemorySource, gold: str) -> None:
    for field, body in (("networks", {"flavor_uuid": gold}), ("flavor_uuid", {"networks": [{"net_id": str(uuid4())}]})):
        answer = api.post(MANAGE, json={"name": "a", "node_uuid": ident("bank-db-01"), **body})
        assert answer.status_code == 400
        assert field in error_of(answer)["message"]


def test_of_eight_who_adopt_the_same_vm_one_wins_and_nothing_else_is_left(rack: Api, racks: MemoryHosts) -> None:
    start = Barrier(8)

    def adopt(number: int) -> httpx.Response:
        start.wait()
        return rack.post(MANAGE, json=wish(name=f"app-{number}"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(adopt, range(8)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7
    server = rack.done(next(answer for answer in answers if answer.status_code == 202))
    assert len(rack.seen("/v1/operations")["operations"]) == 1
    assert racks.marked(Where(VM.id, HOST.id)) == Mark(server["uuid"], server["name"])


def test_the_same_idempotency_key_gives_the_same_server(rack: Api) -> None:
    key = {"Idempotency-Key": "order-4711"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: rack.post(MANAGE, json=wish(), headers=key), range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["server"]["uuid"] for answer in answers}) == 1
    server = rack.done(answers[0])
    path = f"/v1/servers/{server['uuid']}/unmanage"
    assert rack.post(path, headers=key).status_code == 409
    first, again = (rack.post(path, headers={"Idempotency-Key": "let-go"}) for _ in range(2))
    assert first.json()["operation"]["uuid"] == again.json()["operation"]["uuid"]


def test_a_plan_of_several_vms_is_applied_as_one(rack: Api, racks: MemoryHosts) -> None:
    ids = [example_vm(example_host(number // 2), number).id for number in range(4)]
    racks.put(replace(racks.vm(ids[3]), owner="oVirt"))
    machines = [wish(vm, f"app-{number}") for number, vm in enumerate([*ids, str(uuid4())])]
    plan = rack.post("/v1/plans", json={"machines": machines}).json()
    assert plan["counts"] == {"total": 5, "adoptable": 3, "blocked": 2}
    assert [[one["code"] for one in item["reasons"]] for item in plan["items"][3:]] == [
        ["vm-owned"],
        ["node-not-found"],
    ]
    applied = rack.post(f"/v1/plans/{plan['uuid']}/apply", params={"skip_blocked": "true"})
    assert applied.status_code == 202, applied.text
    assert {rack.ended(one)["state"] for one in applied.json()["operations"]} == {"succeeded"}
    assert {one["name"] for one in rack.seen("/v1/servers")["servers"]} == {"app-0", "app-1", "app-2"}


def test_a_host_that_is_silent_hides_no_other_vm_of_a_plan(rack: Api, racks: MemoryHosts) -> None:
    racks.silence(HOST.id, "no route to host")
    other = example_vm(example_host(1), 2).id
    plan = rack.post("/v1/plans", json={"machines": [wish(), wish(other, "app-02")]}).json()
    assert [[one["code"] for one in item["reasons"]] for item in plan["items"]] == [["host-silent"], []]
    assert rack.post(MANAGE, json=wish()).status_code == 503


# --- afterwards -------------------------------------------------------------------------------------------


def test_power_is_switched_at_the_hypervisor_and_recorded(rack: Api, racks: MemoryHosts, adopted: Json) -> None:
    path = f"/v1/servers/{adopted['uuid']}"
    for target, status, state in (("soft_off", "stopped", RunState.OFF), ("on", "active", RunState.RUNNING)):
        rack.done(rack.put(f"{path}/states/power", json={"target": target}))
        assert rack.seen(path)["status"] == status
        assert racks.vm(VM.id).state is state
    run = racks.vm(VM.id).run
    rack.done(rack.put(f"{path}/states/power", json={"target": "reboot"}))
    assert racks.vm(VM.id).run != run
    assert racks.marked(Where(VM.id, HOST.id)) is not None


def test_power_finds_a_vm_that_was_moved_since(rack: Api, racks: MemoryHosts, adopted: Json) -> None:
    racks.lost = True  # and no survey has seen it yet
    racks.put(replace(racks.vm(VM.id), host=example_host(1).id))
    rack.done(rack.put(f"/v1/servers/{adopted['uuid']}/states/power", json={"target": "off"}))
    assert racks.vm(VM.id).state is RunState.OFF


def test_a_server_is_renamed_and_the_vm_keeps_its_name_and_mark(rack: Api, racks: MemoryHosts, adopted: Json) -> None:
    path = f"/v1/servers/{adopted['uuid']}"
    answer = rack.patch(path, json=[{"op": "replace", "path": "/name", "value": "ledger"}])
    assert answer.status_code == 200
    shown = rack.seen(path)
    assert (shown["name"], shown["node"], shown["cpus"]) == ("ledger", VM.name, VM.cpus)
    assert len(rack.seen(f"{path}/volumes")["volumes"]) == 1
    assert racks.vm(VM.id).name == VM.name
    rack.done(rack.post(f"{path}/unmanage"))
    assert racks.marked(Where(VM.id, HOST.id)) is None


def test_a_console_is_answered_noted_without_its_address_and_kept_nowhere(rack: Api, adopted: Json) -> None:
    answer = rack.get(f"/v1/servers/{adopted['uuid']}/consoles")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    urls = [one["url"] for one in answer.json()["consoles"]]
    assert [one["kind"] for one in answer.json()["consoles"]] == ["vnc", "serial"]
    assert urls[0].startswith(f"vnc://{HOST.name}:")
    [entry] = rack.seen("/v1/audit", action="server:console")["audit"]
    assert entry["detail"]["kinds"] == ["vnc", "serial"]
    assert not any(url in json.dumps(entry) for url in urls)
    rack.done(rack.put(f"/v1/servers/{adopted['uuid']}/states/power", json={"target": "off"}))
    off = rack.get(f"/v1/servers/{adopted['uuid']}/consoles")
    assert off.status_code == 409


def test_a_node_has_no_console_here(api: Api, memory: MemorySource, gold: str) -> None:
    from api_world import wish as of_node

    server = api.done(api.post(MANAGE, json=of_node(memory, "bank-db-01", gold)))
    assert api.get(f"/v1/servers/{server['uuid']}/consoles").status_code == 501
    assert api.seen(f"/v1/servers/{server['uuid']}")["kind"] == "node"


def test_a_member_opens_consoles_and_a_reader_sees_neither_them_nor_where_a_vm_is(
    serve: Serve, racks: MemoryHosts
) -> None:
    api = serve(hosts=[group(racks)], identity={"tokens": True})
    admin = api.another(api.token("admin"))
    server = admin.done(admin.post(MANAGE, json=wish(project_id="bank")))
    path = f"/v1/servers/{server['uuid']}"
    member, reader = (api.another(api.token(role, "bank")) for role in ("member", "reader"))
    assert member.get(f"{path}/consoles").status_code == 200
    assert reader.get(f"{path}/consoles").status_code == 403
    assert api.another(api.token("member", "shop")).get(f"{path}/consoles").status_code == 404
    assert member.post(f"{path}/unmanage").status_code == 403
    assert not {"host", "source", "node"} & set(reader.seen(path))
    assert "path" not in reader.seen(f"{path}/volumes")["volumes"][0]


def test_a_vm_with_the_name_of_a_node_is_refused_until_its_source_is_named(
    serve: Serve, racks: MemoryHosts, memory: MemorySource
) -> None:
    api = serve(memory.source, hosts=[group(racks)])
    racks.put(replace(VM, name="bank-db-01"))
    until(lambda: api.get("/v1/adoptable_vms/bank-db-01").status_code == 200)
    assert "--source" in corral(api, "adopt", "bank-db-01", "--plan", code=4).output
    shown = corral(api, "adopt", "bank-db-01", "--source", "racks", "--plan").output
    assert "Mark the VM" in shown


def test_the_proof_of_a_vm_that_was_moved_meanwhile_says_so_on_the_command_line(rack: Api, racks: MemoryHosts) -> None:
    def moved(told: str) -> None:
        if told.startswith("before PUT"):
            racks.faults = None
            racks.put(replace(racks.vm(VM.id), host=example_host(1).id, run="77"))

    racks.faults = moved
    server = rack.done(rack.post(MANAGE, json=wish()))
    told = corral(rack, "server", "proof", server["uuid"]).stdout
    assert "untouched" in told
    assert "✘ differs" not in told
    assert [line.split()[0] for line in told.splitlines() if line.rstrip().endswith("moved")] == [
        "run",
        "host",
        "digest",
    ]


def test_the_command_line_adopts_shows_switches_opens_and_lets_go(rack: Api, racks: MemoryHosts) -> None:
    assert "Mark the VM as the server's" in corral(rack, "adopt", VM.name, "--plan").output
    done = corral(rack, "adopt", VM.id, "--name", "ledger", "--yes", "-o", "json")
    assert json.loads(done.stdout)["server"]["kind"] == "vm"
    assert "ledger" in corral(rack, "server", "list").stdout
    assert HOST.id in corral(rack, "server", "show", "ledger").stdout
    assert VM.disks[0].path in corral(rack, "server", "volumes", "ledger").stdout
    assert f"vnc://{HOST.name}" in corral(rack, "server", "console", "ledger").stdout
    corral(rack, "server", "power", "ledger", "off")
    assert racks.vm(VM.id).state is RunState.OFF
    corral(rack, "server", "unmanage", "ledger", "--yes")
    assert rack.seen("/v1/servers")["servers"] == []
    missing = corral(rack, "adopt", "nobody", "--yes", code=3)
    assert "nobody" in missing.output
