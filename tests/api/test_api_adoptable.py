"""The lists of machines: the approved spec's, and Mogan's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_world import Api, Serve, error_of, fleet, serving, wish

from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import CASES, IMAGE, ident

EVERY = {case.name for case in CASES} | {"bond-01"}
ADOPTABLE = {
    "bank-db-01", "bank-db-02", "bank-web-01", "redfish-01", "legacy-app-01", "legacy-app-02", "edge-01", "noop-01",
    "off-01", "bmc-dead-01", "url-image-01", "url-image-02", "protected-01", "bond-01",
}  # fmt: skip


def nodes(api: Api, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.seen("/v1/adoptable_nodes", **query)["adoptable_nodes"]
    return found


def one(api: Api, name: str) -> dict[str, Any]:
    (found,) = nodes(api, name=name)
    return found


def codes(node: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in node["reasons"]}


def test_a_node_is_shown_as_the_approved_spec_shows_it(watched: Api) -> None:
    node = one(watched, "bank-db-01")
    spec = {
        "uuid", "name", "ports", "power_state", "provision_state", "created_at", "properties", "instance_info",
        "resource_class",
    }  # fmt: skip
    assert spec <= set(node)
    assert set(node) - spec == {"source", "image_source", "adoptable", "reasons", "links"}
    assert node["uuid"] == ident("bank-db-01")
    assert (node["power_state"], node["provision_state"], node["resource_class"]) == ("power on", "active", "gold")
    assert node["created_at"] == "2026-01-01T00:00:00+00:00"
    assert node["properties"]["memory_mb"] == 65536
    assert node["instance_info"] == {"display_name": "bank-db-01", "image_source": IMAGE.id}
    assert (node["adoptable"], node["source"]) == (True, "lab")


def test_a_nodes_port_has_uuid_vif_and_links(watched: Api) -> None:
    (port,) = one(watched, "bank-db-01")["ports"]
    assert {"uuid", "vif_port_id", "links"} <= set(port)
    assert port["uuid"] == ident("bank-db-01/eth0")
    assert port["vif_port_id"] == ident("bank-db-01/port0")
    assert {link["rel"] for link in port["links"]} == {"self", "bookmark"}
    assert all(set(link) == {"href", "rel"} for link in port["links"])


def test_every_machine_is_listed_once_with_its_verdict_and_no_bad_one_hides_the_rest(watched: Api) -> None:
    found = nodes(watched)
    assert [node["uuid"] for node in found] == sorted(ident(name) for name in EVERY)
    assert {node["name"] for node in found if node["adoptable"]} == ADOPTABLE
    unreadable = next(node for node in found if node["uuid"] == ident("unreadable-01"))
    assert codes(unreadable) == {"unreadable"}
    assert all(node["reasons"] for node in found if not node["adoptable"])


def test_every_reason_says_what_and_what_to_do(watched: Api) -> None:
    for node in nodes(watched):
        for reason in node["reasons"]:
            assert {"code", "message", "fix", "severity"} <= set(reason)
            assert reason["message"].strip()
            assert reason["fix"].strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("maint-01", "maintenance"), ("noclass-01", "no-resource-class"), ("no-ports-01", "no-nics"), ("retired-01", "retired"),
     ("power-untrue-01", "power-untrue"), ("power-unknown-01", "power-unknown"), ("fault-01", "fault"), ("locked-01", "busy"),
     ("taken-01", "claimed"), ("available-01", "not-active"), ("enroll-01", "not-active"), ("bad-port-01", "port-missing"),
     ("mac-mismatch-01", "port-mac-mismatch"), ("legacy-app-01", "image-not-found"), ("url-image-01", "image-not-a-uuid"),
     ("off-01", "power-off"), ("bmc-dead-01", "power-unverified")],
)  # fmt: skip
def test_the_reason_is_the_true_one(watched: Api, name: str, expected: str) -> None:
    assert expected in codes(one(watched, name))


@pytest.mark.parametrize("name", ["url-image-01", "url-image-02"])
def test_an_image_that_is_a_url_or_a_path_is_shown_and_never_fetched(api: Api, memory: MemorySource, name: str) -> None:
    asked: list[str] = []
    memory.faults = asked.append
    node = one(api, name)
    assert node["image_source"] == memory.world.node(name).instance_info["image_source"]
    assert node["adoptable"]
    assert not [call for call in asked if "example.org" in call or "passwd" in call]


@pytest.mark.parametrize(("adoptable", "expected"), [("true", ADOPTABLE), ("false", EVERY - ADOPTABLE)])
def test_the_list_can_be_filtered_by_the_verdict(watched: Api, adoptable: str, expected: set[str]) -> None:
    found = nodes(watched, adoptable=adoptable)
    assert len(found) == len(expected)
    assert {ident(name) for name in expected} == {node["uuid"] for node in found}


def test_the_list_can_be_filtered_by_name_class_and_source(serve: Serve) -> None:
    first, second = fleet("east"), MemorySource("west")
    second.world.add_node(next(iter(fleet().world.nodes.values())))
    api = serve(first.source, second.source)
    assert {node["source"] for node in nodes(api, source="west")} == {"west"}
    assert len(nodes(api)) == len(EVERY) + 1
    assert {node["source"] for node in nodes(api, source="east")} == {"east"}
    assert [node["uuid"] for node in nodes(api, name="bank-db-01", source="east")] == [ident("bank-db-01")]
    assert nodes(api, resource_class="silver") == []
    assert ident("noclass-01") not in {node["uuid"] for node in nodes(api, resource_class="gold", source="east")}
    assert api.get("/v1/adoptable_nodes", params={"source": "north"}).status_code == 404


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One Corral over two sources with the same machines."""
    with serving(tmp_path_factory.mktemp("both"), fleet("east").source, fleet("west").source) as api:
        yield api


@pytest.mark.parametrize("limit", [1, 4, 7, 1000])
@pytest.mark.parametrize("adoptable", [None, "true", "false"])
def test_paging_shows_each_machine_exactly_once(both: Api, limit: int, adoptable: str | None) -> None:
    query = {"limit": limit} | ({"adoptable": adoptable} if adoptable else {})
    page = both.seen("/v1/adoptable_nodes", **query)
    seen = list(page["adoptable_nodes"])
    while "next" in page:
        assert len(page["adoptable_nodes"]) == limit
        page = both.get(page["next"]).json()
        seen += page["adoptable_nodes"]
    keys = [(node["source"], node["uuid"]) for node in seen]
    wanted = nodes(both, **({"adoptable": adoptable} if adoptable else {}))
    assert keys == sorted(keys)
    assert keys == [(node["source"], node["uuid"]) for node in wanted]
    assert len(set(keys)) == len(keys)


def test_fields_narrow_the_answer_and_stay_for_the_next_page(watched: Api) -> None:
    page = watched.seen("/v1/adoptable_nodes", fields="uuid,name", limit=3)
    assert {frozenset(node) for node in page["adoptable_nodes"]} == {frozenset({"uuid", "name"})}
    following = watched.get(page["next"]).json()
    assert {frozenset(node) for node in following["adoptable_nodes"]} == {frozenset({"uuid", "name"})}
    assert set(nodes(watched, fields=["uuid", "reasons"])[0]) == {"uuid", "reasons"}


@pytest.mark.parametrize(
    "query",
    [{"fields": "uuid,password"}, {"limit": 0}, {"limit": 1001}, {"limit": "many"}, {"marker": "lab:"}, {"marker": "nobody:x"},
     {"adoptable": "perhaps"}, {"name": "x" * 256}],
    ids=str,
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_a_400_in_mogans_body(watched: Api, query: dict[str, Any]) -> None:
    answer = watched.get("/v1/adoptable_nodes", params=query)
    assert answer.status_code == 400
    assert error_of(answer)["code"] == "invalid"


def test_a_marker_of_a_machine_that_is_gone_is_no_server_error(watched: Api) -> None:
    answer = watched.get("/v1/adoptable_nodes", params={"marker": "lab:00000000-0000-4000-8000-000000000000"})
    assert answer.status_code in (200, 400, 404), answer.text


def test_a_link_of_a_node_leads_to_that_node(api: Api, memory: MemorySource) -> None:
    node = memory.world.node("edge-01")
    node.name = "rack 7 & 8"
    memory.world.names["rack 7 & 8"] = node.uuid
    shown = next(one for one in nodes(api) if one["uuid"] == node.uuid)
    found = api.get(shown["links"][0]["href"]).json()["adoptable_nodes"]
    assert [one["uuid"] for one in found] == [node.uuid]


def test_a_machine_that_corral_manages_says_by_which_server(api: Api, memory: MemorySource, gold: str) -> None:
    server = api.done(api.post("/v1/servers/manage", json=wish(memory, "bank-db-01", gold)))
    node = one(api, "bank-db-01")
    assert not node["adoptable"]
    assert "already-managed" in codes(node)
    assert server["uuid"] in next(r["message"] for r in node["reasons"] if r["code"] == "already-managed")


def test_manageable_servers_are_the_adoptable_ones_in_mogans_form(watched: Api) -> None:
    found = {node["name"]: node for node in watched.seen("/v1/manageable_servers")["manageable_servers"]}
    assert set(found) == ADOPTABLE
    keys = {"uuid", "name", "resource_class", "power_state", "provision_state", "ports", "portgroups", "image_source"}
    assert {frozenset(node) for node in found.values()} == {frozenset(keys)}
    assert found["bank-db-01"]["ports"] == [
        {"address": "52:54:00:c0:01:00", "uuid": ident("bank-db-01/eth0"), "neutron_port_id": ident("bank-db-01/port0")}
    ]
    assert found["bond-01"]["portgroups"][0]["neutron_port_id"] == ident("bond-01/port0")


def test_a_source_says_how_it_answers_and_what_it_can(watched: Api) -> None:
    (source,) = watched.seen("/v1/sources")["sources"]
    assert (source["name"], source["driver"], source["reachable"]) == ("lab", "memory", True)
    assert {"discovers", "adopts", "powers"} <= set(source["capabilities"])
