"""Clusters, nodes and extensions through the API: order kept, hooks called when something changed, nothing left half done."""

from __future__ import annotations

from typing import Any

import pytest
from api_world import Api, Serve, error_of

from corral.domain.errors import Invalid, Unreachable
from corral.extensions.registry import Extensions
from tests.extension_doubles import Rack, Shelf, shelves

DISKS = [{"name": "sda", "size": 100}, {"name": "sdb", "size": 200}]
Json = dict[str, Any]


class Estate:
    """A Corral with two extensions that lay out disks, and short ways to make things in it."""

    def __init__(self, api: Api, shelf: Shelf, rack: Rack) -> None:
        self.api, self.shelf, self.rack = api, shelf, rack

    def cluster(self, name: str = "prod", **fields: Any) -> Json:
        answer = self.api.post("/v1/clusters", json={"name": name, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def node(self, name: str = "n1", **fields: Any) -> Json:
        answer = self.api.post("/v1/nodes", json={"name": name, "meta": {"disks": DISKS}, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def put(self, node: Json, **fields: Any) -> Json:
        answer = self.api.put(f"/v1/nodes/{node['id']}", json=fields)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def disks(self, node: Json) -> Any:
        return self.api.seen(f"/v1/nodes/{node['id']}/disks")


@pytest.fixture
def estate(serve: Serve) -> Estate:
    found, shelf, rack = shelves(broken="ImportError: no module named nothing")
    return Estate(_serve(serve, found), shelf, rack)


def _serve(serve: Serve, found: Extensions, **settings: Any) -> Api:
    return serve(found=found, sleep=lambda _seconds: None, **settings)


# --- clusters ---------------------------------------------------------------------------------------------


def test_a_cluster_is_made_with_the_default_extensions_and_shown_again(estate: Estate) -> None:
    made = estate.cluster(attributes={"images_ceph": True})
    assert made["extensions"] == ["shelf"]
    assert estate.api.seen(f"/v1/clusters/{made['id']}") == made
    assert made["operation"] is None
    assert estate.shelf.heard == [("on_cluster_create", "prod")]


def test_the_order_of_extensions_is_kept_over_updates(estate: Estate) -> None:
    order = ["quiet", "rack", "shelf"]
    made = estate.cluster(extensions=order)
    for _ in range(3):
        order = [*order[1:], order[0]]
        answer = estate.api.put(f"/v1/clusters/{made['id']}/extensions", json=order)
        assert answer.json() == {"extensions": order}
        assert estate.api.seen(f"/v1/clusters/{made['id']}/extensions") == {"extensions": order}


def test_disabling_extensions_keeps_the_order_of_the_others(estate: Estate) -> None:
    made = estate.cluster(extensions=["rack", "quiet", "shelf"])
    path = f"/v1/clusters/{made['id']}/extensions"
    assert estate.api.delete(path, params={"extension_names": "quiet"}).json() == {"extensions": ["rack", "shelf"]}
    assert estate.api.delete(path, params={"extension_names": "quiet"}).status_code == 404


def test_an_extension_that_does_not_exist_is_refused_with_those_that_do(estate: Estate) -> None:
    answer = estate.api.post("/v1/clusters", json={"name": "x", "extensions": ["shelve"]})
    assert answer.status_code == 400
    assert "broken, quiet, rack, shelf" in error_of(answer)["fix"]


def test_a_broken_extension_is_listed_with_its_reason_and_disables_only_itself(estate: Estate) -> None:
    listed = {one["name"]: one for one in estate.api.seen("/v1/extensions")["extensions"]}
    assert listed["broken"]["problem"] == "ImportError: no module named nothing"
    assert listed["shelf"] == {
        "name": "shelf", "version": "1.0", "description": "Keeps a note of every node.",
        "provides": ["node_volumes"], "problem": None,
    }  # fmt: skip
    assert estate.api.post("/v1/clusters", json={"name": "x", "extensions": ["broken"]}).status_code == 409
    estate.node(cluster=estate.cluster()["id"])


def test_names_of_clusters_are_taken_once(estate: Estate) -> None:
    estate.cluster("one")
    answer = estate.api.post("/v1/clusters", json={"name": "one"})
    assert (answer.status_code, error_of(answer)["code"]) == (409, "conflict")


def test_a_cluster_with_nodes_is_not_deleted(estate: Estate) -> None:
    made = estate.cluster()
    node = estate.node(cluster=made["id"])
    assert estate.api.delete(f"/v1/clusters/{made['id']}").status_code == 409
    estate.api.delete(f"/v1/nodes/{node['id']}").raise_for_status()
    assert estate.api.delete(f"/v1/clusters/{made['id']}").json() == {"deleted": [made["id"]]}
    assert estate.api.get(f"/v1/clusters/{made['id']}").status_code == 404
    assert estate.shelf.hooks()[-1] == "on_cluster_delete"


def test_attributes_are_changed_with_their_hook_and_a_new_name_without(estate: Estate) -> None:
    made = estate.cluster()
    path = f"/v1/clusters/{made['id']}"
    assert estate.api.put(path, json={"name": "other"}).json()["name"] == "other"
    assert estate.api.put(path, json={"attributes": {"a": 1}}).json()["attributes"] == {"a": 1}
    assert estate.shelf.hooks() == ["on_cluster_create", "on_cluster_patch_attributes"]


def test_lists_come_in_pages_by_name(estate: Estate) -> None:
    for number in range(5):
        estate.cluster(f"c{number}")
        estate.node(f"n{number}")
    for kind in ("clusters", "nodes"):
        seen, link = [], f"/v1/{kind}?limit=2"
        while link:
            page = estate.api.seen(link)
            seen += [one["name"] for one in page[kind]]
            link = page.get("next")
        assert seen == [f"{kind[0]}{number}" for number in range(5)]


# --- nodes ------------------------------------------------------------------------------------------------


def test_a_node_is_made_with_its_layout_and_taken_away_with_it(estate: Estate) -> None:
    node = estate.node(cluster=estate.cluster()["id"], roles=["compute", "cinder"])
    assert [one["volumes"] for one in estate.disks(node)] == [[{"name": "compute"}, {"name": "cinder"}]] * 2
    assert estate.api.delete(f"/v1/nodes/{node['id']}").json() == {"deleted": [node["id"]]}
    assert estate.shelf.kept == {}


def test_roles_keep_their_order(estate: Estate) -> None:
    node = estate.node(roles=["z", "a"])
    assert node["roles"] == ["z", "a"]
    answer = estate.api.put(f"/v1/nodes/{node['id']}/roles", json={"roles": ["m", "b", "z"]})
    assert answer.json()["roles"] == ["m", "b", "z"]
    assert estate.shelf.kept[node["id"]]["disks"][0]["volumes"] == [{"name": one} for one in "mbz"]


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({"name": "renamed"}, False),
        ({"status": "ready"}, False),
        ({"meta": {"disks": DISKS, "memory": {"total": 5}}}, False),
        ({"roles": ["compute"]}, True),
        ({"meta": {"disks": DISKS[:1]}}, True),
        ({"roles": ["compute"], "status": "deploying"}, False),
    ],
)
def test_extensions_hear_of_roles_and_disks_alone_and_not_while_something_writes(
    estate: Estate, fields: Json, heard: bool
) -> None:
    node = estate.node(cluster=estate.cluster()["id"])
    estate.shelf.heard.clear()
    changed = estate.put(node, **fields)
    assert {name: changed[name] for name in fields} == fields
    assert estate.shelf.hooks() == (["on_node_update"] if heard else [])


def test_a_node_that_is_being_deployed_keeps_its_layout(estate: Estate) -> None:
    node = estate.put(estate.node(roles=["compute"]), status="deploying")
    before = estate.disks(node)
    estate.put(node, roles=["ceph"])
    assert estate.disks(node) == before
    answer = estate.api.put(f"/v1/nodes/{node['id']}", json={"cluster": estate.cluster()["id"]})
    assert answer.status_code == 409
    assert estate.api.put(f"/v1/nodes/{node['id']}/disks", json=[]).status_code == 409


def test_a_node_that_moves_is_handed_over_between_extensions(estate: Estate) -> None:
    first, second = estate.cluster("first"), estate.cluster("second", extensions=["rack"])
    node = estate.node(cluster=first["id"])
    estate.shelf.heard.clear()
    estate.put(node, cluster=second["id"])
    assert estate.shelf.hooks() == ["on_remove_node_from_cluster", "on_node_delete"]
    assert estate.rack.hooks() == ["on_cluster_create", "on_node_create"]
    assert (list(estate.shelf.kept), list(estate.rack.kept)) == ([], [node["id"]])


def test_a_node_that_moves_within_one_extension_is_updated(estate: Estate) -> None:
    node = estate.node(cluster=estate.cluster("first")["id"])
    other = estate.cluster("second")
    estate.shelf.heard.clear()
    estate.put(node, cluster=other["id"])
    assert estate.shelf.hooks() == ["on_remove_node_from_cluster", "on_node_update"]


def test_resetting_a_node_brings_default_disks_back(estate: Estate) -> None:
    node = estate.put(estate.node(roles=["compute"]), status="error")
    path = f"/v1/nodes/{node['id']}"
    estate.api.put(f"{path}/disks", json=[{"id": "sda", "size": 1, "volumes": []}]).raise_for_status()
    assert estate.api.post(f"{path}/reset").json()["status"] == "discover"
    assert estate.disks(node) == estate.api.seen(f"{path}/disks/defaults")


def test_a_collection_is_deleted_whole_with_one_hook_for_each_extension(estate: Estate) -> None:
    rack = estate.cluster("second", extensions=["rack"])["id"]
    nodes = [estate.node(f"n{number}", cluster=rack if number % 2 else None) for number in range(4)]
    ids = ",".join(one["id"] for one in nodes)
    assert estate.api.delete("/v1/nodes", params={"ids": ids}).status_code == 200
    assert estate.shelf.heard[-2:] == [("on_node_collection_delete", "n0"), ("on_node_collection_delete", "n2")]
    assert estate.rack.heard[-2:] == [("on_node_collection_delete", "n1"), ("on_node_collection_delete", "n3")]
    assert estate.api.seen("/v1/nodes")["nodes"] == []


def test_a_collection_with_an_unknown_node_is_left_whole(estate: Estate) -> None:
    node = estate.node()
    unknown = "00000000-0000-4000-8000-00000000beef"
    assert estate.api.delete("/v1/nodes", params={"ids": f"{node['id']},{unknown}"}).status_code == 404
    assert estate.disks(node)


def test_the_same_key_makes_one_node(estate: Estate) -> None:
    headers = {"Idempotency-Key": "k1"}
    answers = [estate.api.post("/v1/nodes", json={"name": "once"}, headers=headers) for _ in range(2)]
    assert {one.status_code for one in answers} == {201}
    assert answers[0].json()["id"] == answers[1].json()["id"]


# --- disks and provisioning data --------------------------------------------------------------------------


def test_disks_are_answered_by_the_first_extension_that_provides_them(estate: Estate) -> None:
    made = estate.cluster(extensions=["quiet", "rack", "shelf"])
    node = estate.node(cluster=made["id"], roles=["compute"])
    body = [{"id": "sda", "size": 7, "volumes": []}]
    assert estate.api.put(f"/v1/nodes/{node['id']}/disks", json=body).json() == body
    assert estate.rack.kept[node["id"]]["disks"] == body
    assert estate.shelf.kept[node["id"]]["disks"] != body
    assert estate.api.seen(f"/v1/nodes/{node['id']}/volumes") == [
        {"name": "compute", "label": "compute", "min_size": 1}
    ]


def test_what_a_layout_is_refused_for_is_told_in_the_extensions_own_words(estate: Estate) -> None:
    node = estate.node()
    answer = estate.api.put(f"/v1/nodes/{node['id']}/disks", json=[{"size": -1}])
    assert answer.status_code == 400
    assert error_of(answer)["message"] == "Not enough free space on disk: sda."


def test_a_cluster_without_such_an_extension_says_so(estate: Estate) -> None:
    node = estate.node(cluster=estate.cluster(extensions=["quiet"])["id"])
    answer = estate.api.get(f"/v1/nodes/{node['id']}/disks")
    assert (answer.status_code, error_of(answer)["code"]) == (501, "not-supported")


def test_provisioning_data_pass_the_pipelines_in_the_order_of_the_cluster(estate: Estate) -> None:
    node = estate.node(cluster=estate.cluster(extensions=["rack", "quiet", "shelf"])["id"], roles=["compute"])
    data = estate.api.seen(f"/v1/nodes/{node['id']}/provisioning")
    assert data == {
        "uid": node["id"], "name": "n1", "roles": ["compute"], "ks_meta": {"pm_data": {}}, "passed": ["rack", "shelf"],
    }  # fmt: skip


# --- failures ---------------------------------------------------------------------------------------------


def test_what_an_extension_refuses_leaves_the_node_as_it_was_and_names_it(estate: Estate) -> None:
    node = estate.node(roles=["compute"])
    before = estate.disks(node)

    def refuse(hook: str, moment: str) -> None:
        if (hook, moment) == ("on_node_update", "after"):
            raise Invalid("No such role.", fix="Choose another.")

    estate.shelf.fault = refuse
    answer = estate.api.put(f"/v1/nodes/{node['id']}/roles", json={"roles": ["nonsense"]})
    error = error_of(answer)
    assert answer.status_code == 400
    assert error["message"] == "Extension shelf, on_node_update: No such role."
    assert (error["extension"], error["hook"]) == ("shelf", "on_node_update")
    assert estate.api.seen(f"/v1/nodes/{node['id']}")["roles"] == ["compute"]
    assert estate.disks(node) == before
    assert estate.api.seen(f"/v1/operations/{error['operation']}")["state"] == "reverted"


def test_a_node_whose_creation_fails_is_not_there(estate: Estate) -> None:
    def fail(hook: str, moment: str) -> None:
        if moment == "after" and hook.startswith("on_node"):
            raise ZeroDivisionError("a defect")

    estate.rack.fault = fail
    cluster = estate.cluster(extensions=["shelf", "rack"])
    answer = estate.api.post("/v1/nodes", json={"name": "n", "cluster": cluster["id"]})
    assert (answer.status_code, error_of(answer)["code"]) == (502, "extension-failed")
    assert "Extension rack, on_node_create: ZeroDivisionError: a defect" in error_of(answer)["message"]
    assert estate.api.seen("/v1/nodes")["nodes"] == []
    assert estate.shelf.kept == estate.rack.kept == {}


def test_a_hook_that_fails_twice_is_called_again(estate: Estate) -> None:
    failures = iter([1, 2])

    def stumble(hook: str, moment: str) -> None:
        if hook == "on_node_create" and moment == "before" and next(failures, None):
            raise Unreachable("The service is away.")

    estate.shelf.fault = stumble
    estate.node(roles=["compute"])
    assert estate.shelf.hooks() == ["on_node_create"]


def test_each_hook_is_an_event_of_the_operation(estate: Estate) -> None:
    answer = estate.api.post(
        "/v1/nodes", json={"name": "n", "cluster": estate.cluster(extensions=["rack", "shelf"])["id"]}
    )
    events = estate.api.corral.engine.events(answer.headers["Corral-Operation"])
    told = [one.message for one in events if one.kind == "progress"]
    assert told == ["rack: on_node_create", "shelf: on_node_create"]


# --- extensions that come and go --------------------------------------------------------------------------


def test_an_extension_that_comes_takes_the_nodes_into_its_care_and_lets_them_go_again(estate: Estate) -> None:
    made = estate.cluster(extensions=["shelf"])
    node = estate.node(cluster=made["id"])
    path = f"/v1/clusters/{made['id']}/extensions"
    estate.api.put(path, json=["shelf", "rack"]).raise_for_status()
    assert list(estate.rack.kept) == [node["id"]]
    estate.api.delete(path, params={"extension_names": "rack"}).raise_for_status()
    assert estate.rack.kept == {}
    assert list(estate.shelf.kept) == [node["id"]]


@pytest.mark.parametrize("names", [["rack"], [], ["rack", "shelf"]])
def test_layouts_are_never_left_behind_by_exchanging_extensions(estate: Estate, names: list[str]) -> None:
    made = estate.cluster(extensions=["shelf"])
    estate.node(cluster=made["id"])
    answer = estate.api.put(f"/v1/clusters/{made['id']}/extensions", json=names)
    assert (answer.status_code, error_of(answer)["code"]) == (409, "layouts-left-behind")
    assert "migrate-extension" in error_of(answer)["fix"]


def test_layouts_move_to_another_extension_and_back(estate: Estate) -> None:
    made = estate.cluster(extensions=["quiet", "shelf"])
    node = estate.node(cluster=made["id"], roles=["compute"])
    edited = [{"id": "sda", "size": 3, "volumes": [{"name": "x"}]}]
    estate.api.put(f"/v1/nodes/{node['id']}/disks", json=edited).raise_for_status()
    for to, order in (("rack", ["quiet", "rack"]), ("shelf", ["quiet", "shelf"])):
        answer = estate.api.post(f"/v1/clusters/{made['id']}/extensions/migrate", json={"to": to})
        assert estate.api.ended(answer.json()["operation"])["state"] == "succeeded"
        assert estate.api.seen(f"/v1/clusters/{made['id']}")["extensions"] == order
        assert estate.disks(node) == edited
        kept = {"shelf": list(estate.shelf.kept), "rack": list(estate.rack.kept)}
        assert kept == {"shelf": [], "rack": []} | {to: [node["id"]]}


@pytest.mark.parametrize(("who", "when"), [("rack", "import_layout"), ("shelf", "remove_layout")])
def test_a_migration_that_fails_leaves_everything_with_the_old_extension(estate: Estate, who: str, when: str) -> None:
    made = estate.cluster(extensions=["shelf"])
    nodes = [estate.node(f"n{number}", cluster=made["id"], roles=["r"]) for number in range(3)]
    before, calls = dict(estate.shelf.kept), []

    def fail(hook: str, moment: str) -> None:
        calls.append(hook)
        if hook == when and calls.count(hook) > 2:
            raise Invalid("no")

    getattr(estate, who).fault = fail
    answer = estate.api.post(f"/v1/clusters/{made['id']}/extensions/migrate", json={"to": "rack"})
    ended = estate.api.ended(answer.json()["operation"])
    assert ended["state"] == "reverted"
    assert f"Extension {who}, {when}: no" in ended["error"]["message"]
    assert (estate.shelf.kept, estate.rack.kept) == (before, {})
    assert estate.api.seen(f"/v1/clusters/{made['id']}") == {**made, "updated_at": _any(estate, made)}
    assert estate.disks(nodes[0])


def test_a_layout_that_comes_out_different_is_not_migrated(estate: Estate) -> None:
    made = estate.cluster(extensions=["shelf"])
    node = estate.node(cluster=made["id"], roles=["r"])
    before = estate.disks(node)

    def forget(hook: str, moment: str) -> None:
        if (hook, moment) == ("import_layout", "after"):
            estate.rack.kept[node["id"]]["edited"] = True

    estate.rack.fault = forget
    answer = estate.api.post(f"/v1/clusters/{made['id']}/extensions/migrate", json={"to": "rack"})
    ended = estate.api.ended(answer.json()["operation"])
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "migration-differs")
    assert "Node n1 has other export_layout in rack than in shelf" in ended["error"]["message"]
    assert (estate.disks(node), estate.rack.kept) == (before, {})


def _any(estate: Estate, made: Json) -> Any:
    return estate.api.seen(f"/v1/clusters/{made['id']}")["updated_at"]


# --- who may do what --------------------------------------------------------------------------------------


def test_projects_see_their_own_and_readers_change_nothing(serve: Serve) -> None:
    found, shelf, rack = shelves()
    api = _serve(serve, found, identity={"tokens": True})
    bank, shop = api.another(api.token("member", "bank")), api.another(api.token("member", "shop"))
    estate = Estate(bank, shelf, rack)
    cluster, node = estate.cluster(), estate.node()
    reader, admin = api.another(api.token("reader", "bank")), api.another(api.token("admin", "ops"))
    assert reader.seen(f"/v1/nodes/{node['id']}")["name"] == "n1"
    assert reader.post("/v1/nodes", json={"name": "x"}).status_code == 403
    assert reader.put(f"/v1/nodes/{node['id']}/disks", json=[]).status_code == 403
    for path in (f"/v1/nodes/{node['id']}", f"/v1/clusters/{cluster['id']}"):
        assert shop.get(path).status_code == shop.delete(path).status_code == 404
    assert shop.seen("/v1/nodes")["nodes"] == shop.seen("/v1/clusters")["clusters"] == []
    assert shop.get("/v1/nodes", params={"all_projects": True}).status_code == 403
    assert [one["name"] for one in admin.seen("/v1/nodes", all_projects=True)["nodes"]] == ["n1"]
    assert shop.post("/v1/nodes", json={"name": "y", "cluster": cluster["id"]}).status_code == 404


def test_only_an_admin_says_what_would_be_erased_and_erases_it(serve: Serve) -> None:
    found, shelf, rack = shelves()
    api = _serve(serve, found, identity={"tokens": True})
    member = api.another(api.token("member"))
    agent = {"agent": {"host": "10.0.0.1", "host_key": "ssh-ed25519 AAAA"}}
    assert member.post("/v1/nodes", json={"name": "x", "meta": agent}).status_code == 403
    node = Estate(member, shelf, rack).node()
    assert member.put(f"/v1/nodes/{node['id']}", json={"meta": agent}).status_code == 403
    assert member.put(f"/v1/nodes/{node['id']}", json={"source": "lab", "machine": "m"}).status_code == 403
    assert member.post(f"/v1/nodes/{node['id']}/provision", json={"erase_disks": True}).status_code == 403
