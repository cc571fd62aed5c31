"""Replaceable and unnoticed: whichever extension lays out the disks, a client of the API sees the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from contract_volumes import EXTENSIONS, BareonService, Client, bareon_service, disk, laid_out_by, meta, nameless

_GOLDEN = Path(__file__).parents[1] / "unit" / "layouts" / "golden_volume_manager.json"
CASES: list[dict[str, Any]] = json.loads(_GOLDEN.read_text())
STRICT = {"volumes_metadata": {"version": "strict"}}
NO_ROOM = {12, 20}  # the recorded answer leaves nothing for the root file system
TWO = meta(disk("sda", 100), disk("sdb", 200))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareonService]:
    with bareon_service(tmp_path_factory.mktemp("bareon-api")) as made:
        yield made


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory, service: BareonService) -> Iterator[dict[str, Client]]:
    """A Corral with each extension. Tests share them, and bring clusters and nodes of their own."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(laid_out_by(name, tmp_path_factory.mktemp(name), service)) for name in EXTENSIONS
        }


@pytest.fixture(params=EXTENSIONS)
def client(request: pytest.FixtureRequest, clients: dict[str, Client]) -> Client:
    return clients[request.param]


def edited(disks: list[dict[str, Any]], name: str, size: int) -> list[dict[str, Any]]:
    """The disks with the size of one volume changed, on the first disk that has it."""
    for one in disks:
        for volume in one["volumes"]:
            if volume["name"] == name and volume["size"]:
                volume["size"] = size
                return disks
    raise AssertionError(f"no disk has {name}")


def test_every_golden_case_is_answered_as_it_once_was(client: Client) -> None:
    plain, ceph, refused = client.cluster(), client.cluster(attributes={"images_ceph": True}), set()
    for case in CASES:
        told, expected = case["node"], case["expected"]
        cluster = ceph if told["images_ceph"] else plain
        node = client.node(cluster, told["roles"], told["meta"])
        assert client.spaces(node) == expected["ks_spaces"], case["case"]
        assert client.disks(node) == expected["disks"], case["case"]
        assert client.disks(node, "disks/defaults") == expected["disks"], case["case"]
        assert client.disks(node, "volumes") == expected.get("volumes", []), case["case"]
        data = client.api.get(f"/v1/nodes/{node}/provisioning")
        if data.status_code == 200:
            assert data.json()["ks_meta"]["pm_data"]["ks_spaces"] == expected["ks_spaces"], case["case"]
        else:
            assert (data.status_code, "root file system" in data.text) == (400, True), data.text
            refused.add(case["case"])
    assert (len(CASES), refused) == (45, NO_ROOM)


def test_a_node_without_role_has_service_partitions_only(client: Client) -> None:
    node = client.node(client.cluster(), [], TWO)
    assert {volume["name"] for one in client.disks(node) for volume in one["volumes"]} == set()


def test_edits_are_kept_while_the_disks_are_the_same(client: Client) -> None:
    node = client.node(client.cluster(), ["compute"], TWO)
    wanted = edited(client.disks(node), "vm", 20_000)
    assert client.put_disks(node, wanted).json() == client.disks(node)
    kept = client.disks(node)
    client.done(client.api.put(f"/v1/nodes/{node}", json={"name": "renamed", "meta": {**TWO, "cpu": 4}}))
    assert client.disks(node) == kept


def session(client: Client) -> Iterator[tuple[str, Any]]:
    """What a client may do with disks in a day, and each answer."""
    api, names = client.api, {}

    def told(what: str, answer: httpx.Response) -> tuple[str, Any]:
        return what, nameless(answer, client.extension, names)

    first = client.cluster(name="first")
    second = client.cluster(name="second", attributes={"images_ceph": True})
    names.update({first: "first", second: "second"})
    for number, roles in enumerate((["controller"], ["compute", "cinder"], ["ceph-osd"], [], ["nonsense"])):
        answer = api.post("/v1/nodes", json={"name": f"n{number}", "cluster": first, "roles": roles, "meta": TWO})
        names[answer.json()["id"]] = f"n{number}"
        yield told(f"create {roles}", answer)
    nodes = {name: one for one, name in names.items() if name.startswith("n")}
    small = meta(disk("sda", 5))
    tiny = api.post("/v1/nodes", json={"name": "tiny", "cluster": first, "roles": ["mongo"], "meta": small})
    names[tiny.json()["id"]] = "tiny"
    bare = api.post("/v1/nodes", json={"name": "bare"})
    names[bare.json()["id"]] = "bare"
    everyone = {**nodes, "tiny": tiny.json()["id"], "bare": bare.json()["id"]}
    yield from _looks(api, everyone, told)
    for name, wish in _wishes(client, nodes["n1"]).items():
        yield told(name, client.put_disks(nodes["n1"], wish))
        yield told(f"after {name}", api.get(f"/v1/nodes/{nodes['n1']}/disks"))
    changes: list[tuple[str, dict[str, Any]]] = [
        ("n1", {"roles": ["cinder", "compute"]}),
        ("n1", {"roles": ["mongo"]}),
        ("n1", {"meta": meta(disk("sda", 100), disk("sdb", 200), disk("sdc", 50))}),
        ("n1", {"meta": meta(disk("sda", 100))}),
        ("n0", {"cluster": second}),
        ("n0", {"cluster": None}),
        ("n2", {"status": "deploying"}),
        ("n2", {"roles": ["compute"]}),
        (
            "n2",
            {"meta": meta(disk("sdb", 100, disk="disk/by-path/sda", extra=["disk/by-id/sda-serial"]), TWO["disks"][1])},
        ),
        ("n3", {"roles": ["base-os"]}),
        ("n4", {"meta": {"disks": "nonsense"}}),
    ]
    for name, fields in changes:
        yield told(f"change {name} {sorted(fields)}", api.put(f"/v1/nodes/{nodes[name]}", json=fields))
        yield from _looks(api, {name: nodes[name]}, told)
    yield told("disks while deploying", client.put_disks(nodes["n2"], []))
    yield told("deployed", api.put(f"/v1/nodes/{nodes['n2']}", json={"status": "ready"}))
    yield from _edited(client, nodes["n2"], told)
    yield told("other attributes", api.put(f"/v1/clusters/{first}", json={"attributes": {"images_ceph": True}}))
    yield from _looks(api, everyone, told)
    yield told("strict", api.put(f"/v1/clusters/{first}", json={"attributes": STRICT}))
    yield from _looks(api, everyone, told)
    yield from _edited(client, nodes["n4"], told)
    yield told("reset", api.post(f"/v1/nodes/{nodes['n1']}/reset"))
    yield from _looks(api, everyone, told)
    yield told("delete", api.delete(f"/v1/nodes/{nodes['n0']}"))
    yield told("delete many", api.delete("/v1/nodes", params={"ids": f"{nodes['n1']},{nodes['n3']}"}))
    yield from _looks(api, everyone, told)


def _looks(
    api: Any, nodes: dict[str, str], told: Callable[[str, httpx.Response], tuple[str, Any]]
) -> Iterator[tuple[str, Any]]:
    for name, one in nodes.items():
        for what in ("", "/disks", "/disks/defaults", "/volumes", "/provisioning"):
            yield told(f"{name}{what}", api.get(f"/v1/nodes/{one}{what}"))


def _edited(
    client: Client, node: str, told: Callable[[str, httpx.Response], tuple[str, Any]]
) -> Iterator[tuple[str, Any]]:
    """A user halves the last volume that there is."""
    disks = client.disks(node)
    volume = [volume for one in disks for volume in one["volumes"] if volume["size"]][-1]
    volume["size"] //= 2
    yield told(f"half of {volume['name']}", client.put_disks(node, disks))
    yield from _looks(client.api, {"edited": node}, told)


def _wishes(client: Client, node: str) -> dict[str, Any]:
    disks = lambda: client.disks(node)  # noqa: E731
    kept = disks()
    for one in kept:
        for volume in one["volumes"][:1]:
            volume["keep_data"] = True
    twice = [{**one, "bootable": True} for one in disks()]
    return {
        "less vm": edited(disks(), "vm", 10_000),
        "too much": edited(disks(), "vm", 10**9),
        "negative": edited(disks(), "vm", -5),
        "keep some": kept[:1] + disks()[1:],
        "two boot disks": twice,
        "unknown disk": [{"id": "disk/by-path/none", "size": 1, "volumes": []}],
        "no disks": [],
        "nonsense": [{"id": 5}],
        "unknown volume": [{**one, "volumes": [{"name": "swamp", "size": 1}]} for one in disks()],
    }


def test_no_client_can_tell_which_extension_it_is(clients: dict[str, Client]) -> None:
    answers = list(zip(*(session(clients[name]) for name in EXTENSIONS), strict=True))
    assert len(answers) > 100
    assert [pair for pair in answers if pair[0] != pair[1]] == []


def test_layouts_move_from_one_to_the_other_and_back_with_every_edit(clients: dict[str, Client]) -> None:
    client = clients["volume_manager"]
    cluster = client.cluster()
    nodes = [client.node(cluster, roles, TWO) for roles in (["compute"], ["cinder"], [])]
    client.put_disks(nodes[0], edited(client.disks(nodes[0]), "vm", 20_000)).raise_for_status()
    paths = [f"/v1/nodes/{one}/{what}" for one in nodes for what in ("disks", "volumes", "provisioning")]
    before = [client.api.get(path).text for path in paths]
    for to in ("bareon", "volume_manager"):
        answer = client.api.post(f"/v1/clusters/{cluster}/extensions/migrate", json={"to": to})
        ended = client.api.ended(answer.json()["operation"])
        assert ended["state"] == "succeeded", ended
        assert client.api.seen(f"/v1/clusters/{cluster}/extensions") == {"extensions": [to]}
        assert [client.api.get(path).text for path in paths] == before
    known = httpx.get(f"http://{client.service.address}/v1/nodes", trust_env=False).json()
    assert not [one for one in nodes if one in json.dumps(known)], "the service still has a node that left it"


def test_an_outage_of_the_service_loses_no_update(clients: dict[str, Client]) -> None:
    client = clients["bareon"]
    node = client.node(client.cluster(), ["compute"], TWO)
    before = client.disks(node)
    client.service.stop()
    refused = client.api.put(f"/v1/nodes/{node}/roles", json={"roles": ["cinder"]})
    assert refused.status_code in (502, 503)
    assert "Extension bareon" in refused.json()["detail"]
    assert client.api.get(f"/v1/nodes/{node}/disks").status_code in (502, 503)
    assert client.api.seen(f"/v1/nodes/{node}")["roles"] == ["compute"]
    client.service.start()
    assert client.disks(node) == before
    client.done(client.api.put(f"/v1/nodes/{node}/roles", json={"roles": ["cinder"]}))
    assert client.disks(node) == client.disks(node, "disks/defaults") != before
