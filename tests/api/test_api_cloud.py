"""Gaps through the API and the command line: a dry run, what it says carried out, and taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from api_world import Api, Serve, error_of
from test_openapi_bodies import strict
from typer.testing import CliRunner

from corral.cli.main import app
from corral.cli.session import Session
from corral.drivers.memory.clouds import MemoryCloud
from corral.drivers.memory.hosts import MemoryHosts
from tests.cloud_world import (
    ARRAY,
    DB,
    HOST,
    LAB,
    NET,
    OTHER,
    PROJECT,
    RULES,
    SOURCE,
    SUBNET,
    WEB,
    cloud,
    everything,
    group,
    hosts,
    mac,
)
from tests.waiting import until

Json = dict[str, Any]
WISH: Json = {"host": "kvm-01", "mapping": RULES}


@pytest.fixture
def around() -> MemoryCloud:
    return cloud()


@pytest.fixture
def racks() -> MemoryHosts:
    return hosts()


@pytest.fixture
def api(serve: Serve, around: MemoryCloud, racks: MemoryHosts) -> Api:
    # Time passes at once; what Cinder is at work on has come to its end by then.
    made = serve(hosts=[group(racks)], clouds={SOURCE: around.around}, sleep=lambda _: around.settle())
    until(lambda: all(one["surveyed_at"] for one in made.seen("/v1/hosts")["sources"]))
    return made


def planned(api: Api, **wish: Any) -> Json:
    answer = api.post("/v1/cloud/plans", json={**WISH, **wish})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def gap(plan: Json, machine: str, kind: str) -> Json:
    return next(one for one in plan["gaps"] if (one["machine"], one["kind"]) == (machine, kind))


def codes(one: Json) -> list[str]:
    return [each["code"] for each in one["reasons"]]


def filled(api: Api, **wish: Any) -> list[Json]:
    plan = planned(api, **wish)
    answer = api.post("/v1/cloud/records", json={**WISH, **wish, "digest": plan["digest"]})
    assert answer.status_code == 202, answer.text
    return [api.ended(one) for one in answer.json()["operations"]]


def reverted(api: Api) -> list[Json]:
    ids = [one["id"] for one in api.seen("/v1/cloud/records")["records"]]
    answer = api.post("/v1/cloud/records/revert", json={"records": ids})
    assert answer.status_code == 202, answer.text
    return [api.ended(one) for one in answer.json()["operations"]]


def test_disks_are_matched_by_what_both_sides_tell(api: Api) -> None:
    found = {one["machine"]: one for one in api.seen("/v1/hosts/kvm-01/volumes/matches")["matches"]}
    [candidate] = found[DB]["candidates"]
    assert (candidate["backend"], candidate["reference"]) == (ARRAY, {"source-name": "lun-db"})
    assert candidate["by"] == ["wwn 6005076801810523100000000000a001"]
    assert found[LAB]["candidates"] == []


def test_a_plan_tells_for_each_disk_and_nic_what_would_be_recorded_or_why_not(api: Api, around: MemoryCloud) -> None:
    before = everything(around)
    plan = planned(api)
    assert plan["counts"] == {"total": 6, "fillable": 3, "there": 0, "blocked": 3}
    assert gap(plan, DB, "volume")["wanted"]["ref"] == {"source-name": "lun-db"}
    port = gap(plan, DB, "port")
    assert port["wanted"]["fixed_ips"] == [{"subnet_id": SUBNET, "ip_address": "10.12.0.11"}]
    assert port["evidence"] == ["VLAN 120", "address 10.12.0.11"]
    assert codes(gap(plan, WEB, "volume")) == ["cinder-renames"]
    assert codes(gap(plan, LAB, "volume")) == ["volume-unmatched"]
    assert codes(gap(plan, LAB, "port")) == ["network-unmatched"]
    assert everything(around) == before


def test_what_the_plan_says_is_recorded_word_for_word_and_taken_back_whole(api: Api, around: MemoryCloud) -> None:
    before, plan = everything(around), planned(api)
    assert {one["state"] for one in filled(api)} == {"succeeded"}
    [volume] = around.world.storage.volumes.values()
    assert (volume["status"], volume["project"], volume["reference"]) == ("in-use", PROJECT, {"source-name": "lun-db"})
    assert volume["name"] == gap(plan, DB, "volume")["wanted"]["name"] == "db-sda"
    [attachment] = around.world.storage.attachments.values()
    assert (attachment["instance"], attachment["status"], attachment["connection_info"]) == (DB, "attached", {})
    ports = {port.device: port for port in around.world.ports.values()}
    assert set(ports) == {DB, WEB}
    assert (ports[DB].mac, ports[DB].network, ports[DB].addresses) == (mac(1), NET, ((SUBNET, "10.12.0.11"),))
    assert (ports[DB].host, ports[DB].device_owner, ports[DB].project) == ("", "corral:vm", PROJECT)
    records = api.seen("/v1/cloud/records")["records"]
    assert {(one["kind"], one["state"]) for one in records} == {("volume", "made"), ("port", "made")}
    assert {one["made"] for one in records} == {volume["id"], *(port.id for port in ports.values())}
    assert {one["state"] for one in reverted(api)} == {"succeeded"}
    assert everything(around) == before
    assert api.seen("/v1/cloud/records")["records"] == []


def test_what_is_recorded_is_no_gap_any_more(api: Api) -> None:
    filled(api)
    plan = planned(api)
    assert plan["counts"]["fillable"] == 0
    assert codes(gap(plan, DB, "volume")) == codes(gap(plan, DB, "port")) == ["record-exists"]
    answer = api.post("/v1/cloud/records", json={**WISH, "digest": plan["digest"]})
    assert answer.status_code == 422


def test_of_many_who_record_the_same_at_once_one_does(api: Api, around: MemoryCloud) -> None:
    plan = planned(api)

    def fill(_number: int) -> httpx.Response:
        with api.another() as other:
            return other.post("/v1/cloud/records", json={**WISH, "digest": plan["digest"]})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(fill, range(4)))
    assert sorted({one.status_code for one in answers} - {422}) == [202, 409]
    [begun] = [one for one in answers if one.status_code == 202]
    assert {api.ended(one)["state"] for one in begun.json()["operations"]} == {"succeeded"}
    assert (len(around.world.storage.volumes), len(around.world.ports)) == (1, 2)


def test_with_the_same_key_a_wish_to_fill_or_to_take_back_is_carried_out_once(api: Api, around: MemoryCloud) -> None:
    plan, keyed = planned(api), {"Idempotency-Key": "fill-1"}
    body = {**WISH, "digest": plan["digest"]}
    first, again = (api.post("/v1/cloud/records", json=body, headers=keyed) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    begun = [one["uuid"] for one in first.json()["operations"]]
    assert begun == [one["uuid"] for one in again.json()["operations"]]
    assert {api.ended(one)["state"] for one in first.json()["operations"]} == {"succeeded"}
    assert (len(around.world.storage.volumes), len(around.world.ports)) == (1, 2)

    records = {"records": [one["id"] for one in api.seen("/v1/cloud/records")["records"]]}
    assert api.post("/v1/cloud/records/revert", json=records, headers=keyed).status_code == 409
    keyed = {"Idempotency-Key": "revert-1"}
    first = api.post("/v1/cloud/records/revert", json=records, headers=keyed)
    assert {api.ended(one)["state"] for one in first.json()["operations"]} == {"succeeded"}
    again = api.post("/v1/cloud/records/revert", json=records, headers=keyed)
    assert [one["uuid"] for one in again.json()["operations"]] == [one["uuid"] for one in first.json()["operations"]]


def test_a_plan_that_was_not_looked_at_is_not_carried_out(api: Api, around: MemoryCloud) -> None:
    plan = planned(api)
    around.world.storage.luns[ARRAY][0]["size"] = 3
    answer = api.post("/v1/cloud/records", json={**WISH, "digest": plan["digest"]})
    assert (answer.status_code, error_of(answer)["code"]) == (409, "stale")
    assert codes(gap(planned(api), DB, "volume")) == ["volume-size-differs"]


def test_two_volumes_with_one_identifier_are_an_ambiguity_and_never_chosen(api: Api, around: MemoryCloud) -> None:
    around.world.storage.luns[ARRAY].append(
        {**around.world.storage.luns[ARRAY][0], "reference": {"source-name": "twin"}}
    )
    one = gap(planned(api), DB, "volume")
    assert (codes(one), one["wanted"]) == (["volume-ambiguous"], {})


def test_a_volume_that_cinder_has_is_recognised(api: Api, around: MemoryCloud) -> None:
    volume = "f0000000-0000-4000-8000-000000000001"
    around.world.storage.volumes[volume] = {
        **dict.fromkeys(("name", "description", "host", "project"), ""),
        "id": volume, "status": "available", "metadata": {}, "size": 2,
        "service": ARRAY, "reference": {"source-name": "lun-db"},
    }  # fmt: skip
    one = gap(planned(api), DB, "volume")
    assert (codes(one), one["there"], one["fillable"]) == (["volume-managed"], volume, False)


def test_a_driver_that_nobody_read_is_not_trusted(api: Api) -> None:
    one = gap(planned(api, mapping={"project": PROJECT}), DB, "volume")
    assert codes(one) == ["cinder-driver-unknown"]


def test_a_mac_or_an_address_that_is_taken_is_said_with_who_has_it(api: Api, around: MemoryCloud) -> None:
    filled(api, machines=[DB], kinds=["port"])
    [port] = around.world.ports.values()
    port.device, port.description = "somebody", ""
    [record] = api.seen("/v1/cloud/records")["records"]
    api.corral.gaps._records.forget(record["id"])
    one = gap(planned(api, kinds=["port"]), DB, "port")
    assert codes(one) == ["port-mac-taken"]
    port.mac = mac(99)
    assert codes(gap(planned(api, kinds=["port"]), DB, "port")) == ["port-address-taken"]


def test_rules_name_networks_leave_nics_out_and_are_checked_before_anything_is_looked_at(api: Api) -> None:
    rules = {
        **RULES,
        "networks": [{"when": {"bridge": "br0"}, "leave": True}, {"when": {"vlan": "120"}, "network": "other"}],
    }
    plan = planned(api, mapping=rules)
    assert codes(gap(plan, LAB, "port")) == ["network-left"]
    assert codes(gap(plan, DB, "port")) == ["port-address-outside"]
    assert gap(plan, DB, "port")["wanted"]["network_id"] == OTHER
    for wrong in (
        {"networks": [{"netwrk": "x"}]},
        {"networks": [{"network": "nowhere"}]},
        {"volumes": {"keeps": ["x"]}},
    ):
        answer = api.post("/v1/cloud/plans", json={**WISH, "mapping": wrong})
        assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid-mapping"), wrong


def test_a_project_must_be_said_and_exist(api: Api, around: MemoryCloud) -> None:
    assert codes(gap(planned(api, mapping={"volumes": RULES["volumes"]}), DB, "port")) == ["project-unset"]
    assert codes(gap(planned(api, project="nobodys"), DB, "port")) == ["project-unknown"]
    around.world.projects[PROJECT] = False
    assert codes(gap(planned(api), DB, "port")) == ["project-unknown"]


def test_an_adopted_vm_has_its_servers_project_and_no_other(api: Api, around: MemoryCloud) -> None:
    wish = {"name": "app-db", "node_uuid": DB, "source": SOURCE}
    server = api.done(api.post("/v1/servers/manage", json=wish))
    assert server["project_id"] == "default"
    one = gap(planned(api), DB, "volume")
    assert (one["project_id"], one["server_uuid"], one["fillable"]) == ("default", server["uuid"], True)
    assert codes(gap(planned(api, project=PROJECT), DB, "port")) == ["project-other"]
    [ended] = filled(api, machines=[DB])
    assert (ended["state"], ended["server_uuid"]) == ("succeeded", server["uuid"])
    assert {port.project for port in around.world.ports.values()} == {"default"}
    [volume] = around.world.storage.volumes.values()
    assert volume["project"] == "default"
    # Letting the server go leaves its records, and they can still be taken back.
    assert api.ended(api.post(f"/v1/servers/{server['uuid']}/unmanage").json()["operation"])["state"] == "succeeded"
    assert {one["state"] for one in reverted(api)} == {"succeeded"}
    assert (around.world.ports, around.world.storage.volumes) == ({}, {})


def test_a_port_that_somebody_took_over_is_not_deleted_and_stays_recorded(api: Api, around: MemoryCloud) -> None:
    filled(api, machines=[DB])
    [port] = around.world.ports.values()
    port.device, port.device_owner = "instance", "compute:nova"
    [ended] = reverted(api)
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "conflict")
    assert list(around.world.ports) == [port.id]
    assert {one["state"] for one in api.seen("/v1/cloud/records")["records"]} == {"made"}
    [volume] = around.world.storage.volumes.values()
    assert volume["status"] == "in-use"


def test_a_volume_that_cinder_fails_to_manage_leaves_nothing(api: Api, around: MemoryCloud) -> None:
    before = everything(around)
    around.world.storage.broken = around.world.storage.slow = True
    [ended] = filled(api, machines=[DB])
    assert ended["state"] == "reverted"
    assert "error_managing" in ended["error"]["message"]
    assert everything(around) == before
    assert api.seen("/v1/cloud/records")["records"] == []


def test_every_call_that_left_is_in_the_proof_and_was_on_the_list(api: Api) -> None:
    [ended] = filled(api, machines=[DB])
    proof = api.seen(f"/v1/operations/{ended['uuid']}/proof")
    acts = [(one["service"], one["method"], one["path"]) for one in proof["calls"] if one["method"] != "GET"]
    assert [(service, method) for service, method, _ in acts] == [
        ("block-storage", "POST"),
        ("block-storage", "POST"),
        ("block-storage", "POST"),
        ("network", "POST"),
    ]
    assert all(one["allowed"] for one in proof["calls"])


def test_every_answer_is_as_the_description_says(api: Api) -> None:
    document = api.seen("/openapi.json")

    def check(method: str, path: str, answer: httpx.Response) -> Any:
        content = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]
        jsonschema.validate(answer.json(), {**strict(document), **content["application/json"]["schema"]})
        return answer.json()

    matches, nova = "/v1/hosts/{host}/volumes/matches", "/v1/hosts/{host}/machines/{machine}/nova"
    check("get", matches, api.get(matches.format(host=HOST)))
    check("get", nova, api.get(nova.format(host=HOST, machine="db")))
    plan = check("post", "/v1/cloud/plans", api.post("/v1/cloud/plans", json=WISH))
    begun = api.post("/v1/cloud/records", json={**WISH, "digest": plan["digest"]})
    for one in check("post", "/v1/cloud/records", begun)["operations"]:
        api.ended(one)
    page = check("get", "/v1/cloud/records", api.get("/v1/cloud/records", params={"limit": 1}))
    assert page["next"]
    ids = {"records": [page["records"][0]["id"]]}
    check("post", "/v1/cloud/records/revert", api.post("/v1/cloud/records/revert", json=ids))


def test_nova_needs_are_told_with_what_surveys_do_not_tell(api: Api) -> None:
    found = api.seen(f"/v1/hosts/{HOST}/machines/web/nova", images_type="raw")
    needs = {one["what"]: one["met"] for one in found["needs"]}
    assert needs["disk vda"] is False
    assert needs[f"NIC {mac(2)}"] is False
    assert (found["instance"]["uuid"], found["instance"]["memory_mb"], found["instance"]["root_gb"]) == (WEB, 4096, 20)
    assert found["image_properties"]["hw_machine_type"] == "pc-i440fx-7.2"
    assert "a virtual TPM" in found["untold"]
    assert found["possible"] is False


def test_a_source_without_a_cloud_says_so(serve: Serve) -> None:
    made = serve(hosts=[group(hosts())])
    until(lambda: all(one["surveyed_at"] for one in made.seen("/v1/hosts")["sources"]))
    answer = made.post("/v1/cloud/plans", json=WISH)
    assert (answer.status_code, error_of(answer)["code"]) == (501, "not-supported")


def test_only_an_admin_sees_or_fills_gaps(serve: Serve, around: MemoryCloud) -> None:
    made = serve(hosts=[group(hosts())], clouds={SOURCE: around.around}, identity={"tokens": True})
    member = made.another(made.token("member", PROJECT))
    for path, body in (("plans", WISH), ("records", {**WISH, "digest": "0" * 64})):
        assert member.post(f"/v1/cloud/{path}", json=body).status_code == 403
    assert member.post("/v1/cloud/records/revert", json={"records": [DB]}).status_code == 403
    assert member.get("/v1/cloud/records").status_code == 403


# --- the command line -------------------------------------------------------------------------------------


def corral(api: Api, *words: str, code: int = 0) -> str:
    with httpx.HTTPTransport() as transport:
        session = Session(url=str(api.base_url), transport=transport, interactive=False)
        done = CliRunner().invoke(app, list(words), obj=session, env={"COLUMNS": "240"})
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_line_shows_records_and_takes_back(api: Api, around: MemoryCloud, tmp_path: Path) -> None:
    rules, before = tmp_path / "rules.yaml", everything(around)
    rules.write_text(yaml.safe_dump(RULES))
    words = ("--host", "kvm-01", "--map", str(rules))
    assert "1 volume of 3 would be recorded" in corral(api, "cloud", "volumes", *words)
    assert everything(around) == before
    assert "1 of 1 operation succeeded" in corral(api, "cloud", "volumes", *words, "--apply", "--yes")
    assert "2 of 2 operations succeeded" in corral(api, "cloud", "ports", *words, "--apply", "--yes")
    assert corral(api, "cloud", "records", "-o", "csv").count("\n") == 4
    assert "1 of 1 operation succeeded" in corral(api, "cloud", "volumes", "--host", "kvm-01", "--revert", "--yes")
    corral(api, "cloud", "ports", "--host", "kvm-01", "--revert", "--yes")
    assert everything(around) == before
    assert "nothing to take back" in corral(api, "cloud", "ports", "--host", "kvm-01", "--revert", "--yes")


def test_the_command_line_tells_matches_and_what_nova_needs(api: Api) -> None:
    assert "lun-db" in corral(api, "cloud", "matches", "--host", "kvm-01")
    told = corral(api, "cloud", "nova", "web", "--host", "kvm-01", code=1)
    assert "bridge br120" in told
    assert "virtual TPM" in told


def test_applying_and_reverting_at_once_is_refused(api: Api) -> None:
    assert "say the opposite" in corral(api, "cloud", "ports", "--host", "kvm-01", "--apply", "--revert", code=2)
