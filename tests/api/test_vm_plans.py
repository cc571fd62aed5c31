"""VMs with their verdicts in pages, plans for many of them by filter and by file, and leaks of their marks."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_world import Api, Serve, codes_of, error_of
from test_vm_servers import corral, group, until

from corral.contracts.virtual import Mark, Where
from corral.domain.vm import Address, Origin, VmDisk
from corral.drivers.memory import MemorySource
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm

Json = dict[str, Any]
HOSTS = 2
EACH = 4


def vm(number: int):
    return example_vm(example_host(number // EACH), number)


@pytest.fixture
def racks() -> MemoryHosts:
    """Eight VMs, four on each host: of folders /east and /west in turn, those of the first host with the tag gold."""
    made = MemoryHosts("racks")
    for host in range(HOSTS):
        made.add_host(example_host(host))
    for number in range(HOSTS * EACH):
        tags = ("gold",) if number < EACH else ()
        made.put(replace(vm(number), folder="/west" if number % 2 else "/east/web", tags=tags))
    return made


def surveyed(api: Api) -> Api:
    until(lambda: all(one["surveyed_at"] for one in api.seen("/v1/hosts")["sources"]))
    return api


@pytest.fixture
def api(serve: Serve, racks: MemoryHosts) -> Api:
    return surveyed(serve(hosts=[group(racks)]))


def again(api: Api) -> None:
    """Have the hosts surveyed once more."""
    for host in range(HOSTS):
        name = example_host(host).name
        api.post(f"/v1/hosts/{name}/survey")
        until(lambda name=name: api.seen(f"/v1/hosts/{name}")["survey_wanted_at"] is None)


def reasons(one: Json) -> list[str]:
    return [why["code"] for why in one["reasons"]]


def listed(api: Api, path: str = "/v1/adoptable_vms", key: str = "adoptable_vms", **query: Any) -> dict[str, Json]:
    """All of a list, page by page."""
    found: list[Json] = []
    page = api.seen(path, **{"limit": 3, **query})
    while True:
        found += page[key]
        if "next" not in page:
            break
        page = api.get(page["next"]).json()
    assert len({one["id"] for one in found}) == len(found)
    return {one["name"]: one for one in found}


def plan(api: Api, mapping: Json | None = None, **which: Any) -> Json:
    answer = api.post("/v1/plans", json={"from": {"source": "racks", **which}, "mapping": mapping or {}})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def applied(api: Api, made: Json, **query: Any) -> Json:
    """The plan, once all of its operations are over."""
    answer = api.post(f"/v1/plans/{made['uuid']}/apply", params=query)
    assert answer.status_code == 202, answer.text
    return until(lambda: (now := api.seen(f"/v1/plans/{made['uuid']}"))["state"] == "applied" and now)


# --- verdicts ---------------------------------------------------------------------------------------------


def test_a_vm_has_its_verdict_with_reasons_and_the_server_that_it_is(api: Api, racks: MemoryHosts) -> None:
    one = api.seen("/v1/hosts/kvm-01/machines")["machines"][0]
    assert (one["adoptable"], one["reasons"], one["server_uuid"]) == (True, [], None)
    racks.put(replace(vm(0), persistent=False, nics=vm(1).nics))
    again(api)
    found = listed(api)
    assert reasons(found["vm-00000"]) == ["vm-transient", "mac-twice", "address-twice"]
    assert reasons(found["vm-00001"]) == ["mac-twice", "address-twice"]
    assert (found["vm-00000"]["adoptable"], found["vm-00005"]["adoptable"]) == (False, True)
    why = found["vm-00001"]["reasons"][0]
    assert "vm-00000" in why["message"]
    assert set(why) == {"code", "message", "fix", "severity"}
    body = {"name": "app", "node_uuid": vm(5).id, "source": "racks"}
    server = api.done(api.post("/v1/servers/manage", json=body))
    managed = listed(api)["vm-00005"]
    assert (managed["server_uuid"], managed["adoptable"]) == (server["uuid"], False)
    assert reasons(managed) == ["already-managed"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, range(8)),
        ({"adoptable": "true"}, (1, 2, 3, 4, 5, 6, 7)),
        ({"adoptable": "false"}, (0,)),
        ({"host": "kvm-02"}, (4, 5, 6, 7)),
        ({"folder": "east"}, (0, 2, 4, 6)),
        ({"tag": "gold"}, (0, 1, 2, 3)),
        ({"tag": "gold", "folder": "/east/web", "adoptable": "true"}, (2,)),
        ({"name": "vm-0000[13]"}, (1, 3)),
        ({"source": "racks", "name": "none"}, ()),
    ],
)
def test_lists_are_filtered_and_come_in_pages(api: Api, racks: MemoryHosts, query: Json, found: Any) -> None:
    racks.put(replace(vm(0), persistent=False, folder="/east/web", tags=("gold",)))
    again(api)
    expected = {f"vm-{number:05d}" for number in found}
    assert listed(api, **query).keys() == expected
    on_first = {name for name in expected if int(name[-5:]) < EACH}
    query.pop("host", None)
    assert listed(api, "/v1/hosts/kvm-01/machines", "machines", **query).keys() & on_first == on_first


def test_a_vm_whose_host_does_not_answer_can_not_be_adopted_and_one_that_is_gone_neither(
    api: Api, racks: MemoryHosts
) -> None:
    racks.silence(example_host(0).id, "no route to host")
    racks.take(vm(4).id)
    again(api)
    found = listed(api)
    assert reasons(found["vm-00000"]) == ["host-silent"]
    assert "no route to host" in found["vm-00000"]["reasons"][0]["message"]
    assert "vm-00004" not in found
    gone = listed(api, "/v1/hosts/kvm-02/machines", "machines", gone="true")
    assert reasons(gone["vm-00004"]) == ["vm-gone"]


def test_what_is_gone_holds_nothing_any_more(api: Api, racks: MemoryHosts) -> None:
    racks.put(replace(vm(0), nics=vm(1).nics))
    again(api)
    assert "mac-twice" in reasons(listed(api)["vm-00001"])
    racks.take(vm(0).id)
    again(api)
    until(lambda: reasons(listed(api)["vm-00001"]) == [])


def test_volumes_and_nics_have_the_reasons_that_are_about_them(api: Api, racks: MemoryHosts) -> None:
    disk = VmDisk("vdb", "file", path="/root/b.qcow2")
    nic = replace(vm(0).nics[0], addresses=(Address("192.0.2.9", Origin.ARP),))
    racks.put(replace(vm(0), persistent=False, disks=(*vm(0).disks, disk), nics=(nic,)))
    racks.put(replace(vm(1), nics=(replace(vm(1).nics[0], addresses=(Address("192.0.2.9", Origin.AGENT),)),)))
    again(api)
    volumes = {one["id"]: one for one in api.seen("/v1/hosts/kvm-01/volumes")["volumes"] if one["machine"] == vm(0).id}
    assert (reasons(volumes["vda"]), reasons(volumes["vdb"])) == ([], ["disk-not-in-pool"])
    nics = {one["machine"]: one for one in api.seen("/v1/hosts/kvm-01/nics")["nics"]}
    assert reasons(nics[vm(0).id]) == ["address-twice"]
    assert reasons(nics[vm(2).id]) == []


def test_the_mac_of_a_server_elsewhere_is_taken(serve: Serve, racks: MemoryHosts) -> None:
    twin = MemoryHosts("copies")
    twin.add_host(example_host(0))
    twin.put(vm(0))
    api = surveyed(serve(hosts=[group(racks), group(twin)]))
    server = api.done(api.post("/v1/servers/manage", json={"name": "a", "node_uuid": vm(0).id, "source": "copies"}))
    found = listed(api, source="racks")
    assert reasons(found["vm-00000"]) == ["mac-twice"]
    assert server["uuid"] in found["vm-00000"]["reasons"][0]["message"]
    assert reasons(found["vm-00001"]) == []


def test_only_who_may_sees_vms(serve: Serve, racks: MemoryHosts) -> None:
    api = serve(hosts=[group(racks)], identity={"tokens": True})
    admin, member = api.another(api.token("admin")), api.another(api.token("member"))
    assert member.get("/v1/adoptable_vms").status_code == 403
    assert admin.get("/v1/adoptable_vms").status_code == 200


def test_what_is_no_marker_and_no_host_is_told(api: Api) -> None:
    assert api.get("/v1/adoptable_vms", params={"marker": "nonsense"}).status_code == 400
    assert api.get("/v1/adoptable_vms", params={"host": "nobody"}).status_code == 404
    assert api.get("/v1/adoptable_vms", params={"source": "nobody"}).status_code == 404


def test_the_command_line_lists_vms_with_their_verdicts(api: Api, racks: MemoryHosts) -> None:
    racks.put(replace(vm(0), persistent=False))
    again(api)
    told = corral(api, "host", "machines", "kvm-01")
    assert "vm-transient" in told.stdout
    assert "4 VMs: 3 adoptable, 1 not" in told.stderr
    full = corral(api, "host", "machines", "kvm-01", "--why", "--name", "vm-00000").stdout
    assert "virsh define" in full
    ready = json.loads(corral(api, "adoptable", "vms", "--only-adoptable", "--folder", "west", "-o", "json").stdout)
    assert [one["name"] for one in ready] == ["vm-00001", "vm-00003", "vm-00005", "vm-00007"]


# --- plans ------------------------------------------------------------------------------------------------


def test_a_plan_for_all_that_match_is_previewed_and_carried_out(api: Api, racks: MemoryHosts) -> None:
    racks.put(replace(vm(2), persistent=False, folder="/east/web"))
    again(api)
    made = plan(api, {"name": "east-{name}", "metadata": {"from": "{host}"}}, folder="/east")
    assert made["counts"] == {"total": 4, "adoptable": 3, "blocked": 1}
    items = {one["node_name"]: one for one in made["items"]}
    assert reasons(items["vm-00002"]) == ["vm-transient"]
    assert items["vm-00002"]["steps"] == []
    assert "mark" in items["vm-00000"]["steps"][1]["title"].lower()
    refused = api.post(f"/v1/plans/{made['uuid']}/apply")
    assert (refused.status_code, codes_of(refused)) == (422, {"vm-transient"})
    done = applied(api, made, skip_blocked="true")
    assert done["progress"]["adopted"] == 3
    servers = api.seen("/v1/servers/detail")["servers"]
    assert {one["name"] for one in servers} == {"east-vm-00000", "east-vm-00004", "east-vm-00006"}
    assert {one["metadata"]["from"] for one in servers} == {"kvm-01", "kvm-02"}
    assert {mark.server for _, mark in racks.marks()} == {one["uuid"] for one in servers}
    # What is a server by now is not planned again.
    assert [one["node_name"] for one in plan(api, folder="/east")["items"]] == ["vm-00002"]
    rows = list(csv.DictReader(io.StringIO(api.get(f"/v1/plans/{made['uuid']}/result?format=csv").text)))
    assert {row["node"]: row["outcome"] for row in rows} == {
        "vm-00000": "adopted",
        "vm-00002": "blocked",
        "vm-00004": "adopted",
        "vm-00006": "adopted",
    }


def test_a_plan_is_for_a_host_a_tag_and_a_name(api: Api) -> None:
    assert [one["node_name"] for one in plan(api, host="kvm-01", name="*3")["items"]] == ["vm-00003"]
    assert len(plan(api, tag="gold")["items"]) == EACH
    assert api.post("/v1/plans", json={"from": {"source": "racks", "tag": "none"}}).status_code == 409
    assert api.post("/v1/plans", json={"from": {"source": "racks", "resource_class": "gold"}}).status_code == 400
    assert api.post("/v1/plans", json={"from": {"source": "racks"}, "mapping": {"networks": ["n"]}}).status_code == 400


def test_folders_and_tags_belong_to_vms(fleet_and_racks: Api) -> None:
    refused = fleet_and_racks.post("/v1/plans", json={"from": {"source": "lab", "folder": "/east"}})
    assert refused.status_code == 400
    assert "folder" in error_of(refused)["message"]


@pytest.fixture
def fleet_and_racks(serve: Serve, racks: MemoryHosts) -> Api:
    return surveyed(serve(MemorySource("lab").source, hosts=[group(racks)]))


def test_a_plan_expires_when_its_vm_changed_and_not_when_it_was_moved(api: Api, racks: MemoryHosts) -> None:
    moved, changed = plan(api, name="vm-00000"), plan(api, name="vm-00001")
    racks.put(replace(racks.vm(vm(0).id), host=example_host(1).id, run="99"))
    racks.put(replace(racks.vm(vm(1).id), cpus=64))
    refused = api.post(f"/v1/plans/{changed['uuid']}/apply")
    assert refused.status_code == 409
    assert "vm-00001" in error_of(refused)["message"]
    assert applied(api, moved)["progress"]["adopted"] == 1


def test_rules_give_each_vm_its_project_and_what_no_rule_is_about_is_blocked(api: Api) -> None:
    rules = [
        {"when": {"tag": "gold", "folder": "/east"}, "project": "p-gold", "name": "g-{number}"},
        {"when": {"host": "kvm-01"}, "project": "p-first"},
    ]
    items = {one["node_name"]: one for one in plan(api, {"rules": rules})["items"]}
    assert (items["vm-00000"]["project_id"], items["vm-00000"]["name"]) == ("p-gold", "g-1")
    assert (items["vm-00001"]["project_id"], items["vm-00001"]["name"]) == ("p-first", "vm-00001")
    assert reasons(items["vm-00004"]) == ["mapping-unmatched"]
    assert not items["vm-00004"]["adoptable"]


def test_both_owners_are_asked(api: Api, racks: MemoryHosts) -> None:
    racks.put(replace(vm(0), tags=("project:theirs",)))
    again(api)
    [own] = plan(api, name="vm-00000")["items"]
    assert (own["project_id"], own["reasons"]) == ("theirs", [])
    [other] = plan(api, {"project": "mine"}, name="vm-00000")["items"]
    assert reasons(other) == ["vm-other-project"]
    body = {"name": "a", "node_uuid": vm(0).id, "source": "racks", "project_id": "mine"}
    refused = api.post("/v1/servers/manage", json=body)
    assert (refused.status_code, codes_of(refused)) == (422, {"vm-other-project"})


def test_who_may_not_adopt_for_a_project_is_refused(serve: Serve, racks: MemoryHosts, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    everyone = ("plan:create", "plan:show", "host:show", "host:list", "adoptable_vm:list")
    rules = {f"corral:{name}": "rule:reader or rule:admin" for name in everyone}
    policy.write_text(json.dumps({**rules, "corral:server:manage": "rule:project_member or rule:admin"}))
    api = serve(hosts=[group(racks)], identity={"tokens": True, "policy_file": str(policy)})
    mine = api.another(api.token("member", project="mine"))
    until(lambda: len(listed(mine)) == HOSTS * EACH)
    made = plan(mine, {"rules": [{"when": {"tag": "gold"}, "project": "mine"}, {"project": "theirs"}]})
    assert made["counts"] == {"total": 8, "adoptable": 4, "blocked": 4}
    assert {tuple(reasons(one)) for one in made["items"]} == {(), ("project-forbidden",)}
    body = {"name": "a", "node_uuid": vm(0).id, "source": "racks", "project_id": "theirs"}
    refused = mine.post("/v1/servers/manage", json=body)
    assert (refused.status_code, codes_of(refused)) == (422, {"project-forbidden"})
    assert mine.post("/v1/servers/manage", json={**body, "project_id": "mine"}).status_code == 202


def test_one_name_for_two_vms_is_found_in_the_plan(api: Api) -> None:
    items = plan(api, {"name": "same"}, host="kvm-01")["items"]
    assert [reasons(one) for one in items] == [[], *[["name-taken"]] * 3]


def test_vms_are_named_in_a_file_by_name_or_id_with_nodes_beside_them(fleet_and_racks: Api, tmp_path: Path) -> None:
    file = tmp_path / "machines.csv"
    file.write_text(
        "node,name,source,nets\n"
        f"vm-00000,db,racks,\n{vm(1).id},,racks,\nnobody,,racks,\n"
        "vm-00002,,racks,0b4f3c52-6f9e-4c54-8a0e-2a5d3f0d9d11\nnobody,,,\n"
    )
    told = corral(fleet_and_racks, "adopt", "--from", str(file), "--yes", "-o", "json", code=4)
    rows = {(row["source"], row["node"]): row for row in json.loads(told.stdout)}
    assert rows["racks", "vm-00000"]["outcome"] == rows["racks", "vm-00001"]["outcome"] == "adopted"
    assert rows["racks", "vm-00000"]["name"] == "db"
    assert [why["code"] for why in rows["racks", "nobody"]["reasons"]] == ["node-not-found"]
    assert [why["code"] for why in rows["racks", "vm-00002"]["reasons"]] == ["vm-networks"]
    assert rows[None, "nobody"]["outcome"] == "blocked"


def test_the_command_line_adopts_all_that_match(api: Api, racks: MemoryHosts, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("rules:\n  - when: {folder: /east}\n    name: 'e-{name}'\n")
    words = ("adopt", "--all", "--source", "racks", "--host", "kvm-02", "--map", str(mapping))
    shown = corral(api, *words, "--plan", code=4)
    assert "mapping-unmatched" in shown.stdout
    done = corral(api, *words, "--yes", "-o", "json", code=4)
    assert {row["name"]: row["outcome"] for row in json.loads(done.stdout)} == {
        "e-vm-00004": "adopted",
        "vm-00005": "blocked",
        "e-vm-00006": "adopted",
        "vm-00007": "blocked",
    }
    assert "--tag" in corral(api, "adopt", "--tag", "gold", code=2).output


def test_a_large_plan_is_fed_paused_resumed_and_cancelled(serve: Serve) -> None:
    racks = MemoryHosts("racks")
    racks.add_host(example_host(0))
    for number in range(130):
        racks.put(example_vm(example_host(0), number))
    api = surveyed(serve(hosts=[group(racks)], plan_ahead=10))
    made = plan(api)
    assert made["counts"]["adoptable"] == 130
    started = api.post(f"/v1/plans/{made['uuid']}/apply").json()
    assert started["operation"]["state"] in ("pending", "running")
    assert api.post(f"/v1/plans/{made['uuid']}/pause").status_code == 200
    until(lambda: api.seen(f"/v1/plans/{made['uuid']}")["progress"]["running"] == 0)
    paused = api.seen(f"/v1/plans/{made['uuid']}")
    assert paused["state"] == "paused"
    assert paused["progress"]["adopted"] < 130
    assert api.post(f"/v1/plans/{made['uuid']}/resume").status_code == 200
    until(lambda: api.seen(f"/v1/plans/{made['uuid']}")["progress"]["adopted"] > paused["progress"]["adopted"])
    assert api.post(f"/v1/plans/{made['uuid']}/cancel").status_code == 200
    ended = until(lambda: (now := api.seen(f"/v1/plans/{made['uuid']}"))["progress"]["running"] == 0 and now)
    assert ended["state"] == "cancelled"
    assert len(list(racks.marks())) == ended["progress"]["adopted"]


# --- leaks ------------------------------------------------------------------------------------------------


def leaks(api: Api, **query: Any) -> dict[str, Json]:
    found = api.seen("/v1/leaks", **query)
    assert {one["name"]: one["problem"] for one in found["sources"]}["racks"] is None
    return {one["kind"]: one for one in found["leaks"]}


def at(number: int) -> Where:
    return Where(vm(number).id, example_host(number // EACH).id)


def adopt(api: Api, number: int) -> str:
    body = {"name": f"app-{number}", "node_uuid": vm(number).id, "source": "racks"}
    return str(api.done(api.post("/v1/servers/manage", json=body))["uuid"])


def fixed(api: Api) -> None:
    answer = api.post("/v1/leaks/fix", json={})
    assert answer.status_code == 202, answer.text
    for one in answer.json()["mended"]:
        assert one["problem"] is None
        assert api.ended(one["operation"])["state"] == "succeeded"


def test_adopted_vms_and_hosts_without_marks_are_no_leak(api: Api) -> None:
    assert leaks(api) == {}
    adopt(api, 0)
    assert leaks(api) == {}


def test_a_mark_of_a_former_server_is_removed_and_a_stranger_s_is_told(api: Api, racks: MemoryHosts) -> None:
    former = adopt(api, 0)
    api.ended(api.post(f"/v1/servers/{former}/unmanage").json()["operation"])
    racks._marks[vm(1).id] = Mark(former, "back from a copy")
    found = leaks(api)["vm-mark-without-server"]
    assert (found["subject"], found["server_uuid"], found["fixable"]) == (vm(1).id, former, True)
    fixed(api)
    assert leaks(api) == {}
    assert racks.marked(at(1)) is None
    racks._marks[vm(2).id] = Mark("3f0f5f7c-0000-4000-8000-0123456789ab", "of another Corral")
    stranger = leaks(api)["vm-mark-without-server"]
    assert (stranger["fixable"], stranger["installation"]) == (False, "0123456789ab")
    fixed(api)
    assert racks.marked(at(2)) is not None


def test_a_copy_s_mark_is_removed_and_the_server_s_own_stays(api: Api, racks: MemoryHosts) -> None:
    server = adopt(api, 0)
    racks._marks[vm(5).id] = Mark(server, "copied")
    found = leaks(api)["vm-mark-misplaced"]
    assert (found["subject"], found["server_uuid"], found["fixable"]) == (vm(5).id, server, True)
    fixed(api)
    assert leaks(api) == {}
    assert (racks.marked(at(5)), racks.marked(at(0)).server) == (None, server)


def test_a_server_whose_vm_bears_no_mark_or_another_s_or_is_gone_is_told(api: Api, racks: MemoryHosts) -> None:
    unmarked, taken, gone = adopt(api, 0), adopt(api, 1), adopt(api, 2)
    racks._marks.pop(vm(0).id)
    racks._marks[vm(1).id] = Mark("3f0f5f7c-0000-4000-8000-0123456789ab", "of another Corral")
    racks._marks.pop(vm(2).id)
    racks.take(vm(2).id)
    found = leaks(api)
    assert found["vm-not-marked"]["server_uuid"] == unmarked
    assert found["machine-taken"]["server_uuid"] == taken
    assert found["machine-gone"]["server_uuid"] == gone
    assert not any(found[kind]["fixable"] for kind in ("vm-not-marked", "machine-taken", "machine-gone"))


def test_of_a_host_that_does_not_answer_nothing_is_said(api: Api, racks: MemoryHosts) -> None:
    adopt(api, 0)
    racks.silence(example_host(0).id, "cut off")
    assert leaks(api) == {}


def test_where_vms_are_not_marked_a_missing_mark_is_no_leak_and_a_missing_vm_is(
    serve: Serve, racks: MemoryHosts
) -> None:
    api = surveyed(serve(hosts=[group(racks, mark=False)]))
    server = adopt(api, 0)
    assert list(racks.marks()) == []
    assert leaks(api) == {}
    racks.take(vm(0).id)
    again(api)
    assert leaks(api)["machine-gone"]["server_uuid"] == server
