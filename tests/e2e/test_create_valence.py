"""Servers are composed through a real Valence, enrolled and deployed in a real Ironic, and deleted; and what others composed
through Valence is adopted and let go without being taken apart."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from lab.valence.running import running
from tests.e2e.support import building
from tests.e2e.support.adopting import adopt, assert_untouched, unmanage
from tests.e2e.support.building import ok, wish
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, move, new_port, remove, switch
from tests.e2e.support.records import differences, records

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

_HOME = Path(os.environ.get("CORRAL_VALENCE_DIR", Path(__file__).parents[2] / ".lab" / "valence"))
_PREFIX = "rack"
_WANTED = {"cpus": 4, "memory": 1024, "nics": [{"count": 1}], "source": "pod"}


@pytest.fixture(scope="module")
def valence() -> Iterator[httpx.Client]:
    """A Valence over a manager with three servers, as anybody in its network may speak to it."""
    if shutil.which("etcd") is None and os.environ.get("CORRAL_REQUIRE_LAB") != "1":
        pytest.skip("there is no etcd: `tools/apt.sh lab` installs it")
    _HOME.mkdir(parents=True, exist_ok=True)
    with running(_HOME, servers=3) as found, httpx.Client(base_url=found.url, timeout=60, trust_env=False) as client:
        client.headers["X-Pod"] = found.podm_id
        yield client


@pytest.fixture(scope="module")
def builder(lab: Lab, valence: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A Corral over the lab and that Valence. Its nodes are switched and deployed by Ironic's fake: nothing is behind them."""
    url = str(valence.base_url).rstrip("/")
    # Whatever is said there is never asked: nothing answers Redfish behind a simulated manager.
    options = (
        f'{{url: "{url}", podm_id: {valence.headers["X-Pod"]}, settle: 1, unmeasured: true, redfish_address: "{url}"}}'
    )
    home = tmp_path_factory.mktemp("builder")
    with building.builder(home, lab.clouds, options, driver="valence", hardware="fake-hardware") as served:
        yield served
        for one in served.servers():
            served.http.delete(f"/v1/servers/{one['uuid']}")
            _settled(served, one["uuid"], ("deleting",))


@pytest.fixture
def strangers(lab: Lab, valence: httpx.Client) -> Iterator[tuple[Made, str]]:
    """A machine that somebody composed through Valence, enrolled and deployed without Corral; and its id at Valence."""
    asked = {
        "name": "strangers",
        "podm_id": valence.headers["X-Pod"],
        "properties": {"memory": {"capacity_mib": "1024"}},
    }
    ok(valence.post("/v1/nodes", json=asked))
    [system] = [one["uuid"] for one in _composed(valence) if one["name"] == "strangers"]
    tag = uuid4().hex
    mac = f"52:5e:{tag[8:10]}:{tag[10:12]}:{tag[12:14]}:00"
    made = Made(str(uuid4()), f"strangers-{tag[:8]}", mac, new_port(lab, f"strangers-{tag[:8]}-eth0", mac))
    node = {
        "uuid": made.uuid,
        "name": made.name,
        "driver": "fake-hardware",
        "network_interface": "flat",
        "resource_class": made.resource_class,
        "properties": {"cpus": 4, "memory_mb": 1024, "local_gb": 10, "cpu_arch": "x86_64"},
        "instance_info": {"display_name": made.name, "image_source": lab.seeded["images"]["debian-12"]},
    }
    try:
        lab.ironic.call("POST", "/v1/nodes", node)
        lab.ironic.call("POST", "/v1/ports", {"node_uuid": made.uuid, "address": mac})
        move(lab, made.uuid, "manage", "manageable")
        switch(lab, made.uuid, "power on")
        lab.ironic.call("POST", f"/v1/nodes/{made.uuid}/vifs", {"id": made.port})
        move(lab, made.uuid, "adopt", "active")
        yield made, system
    finally:
        remove(lab, made)
        valence.delete(f"/v1/nodes/{system}").raise_for_status()


def _composed(valence: httpx.Client) -> list[Json]:
    listed = valence.get("/v1/nodes").raise_for_status().json()
    return sorted(listed, key=lambda one: str(one["uuid"]))


def _settled(builder: Corral, uuid: str, while_: tuple[str, ...]) -> Json:
    deadline = time.monotonic() + 300
    while (reply := builder.http.get(f"/v1/servers/{uuid}")).status_code == 200 and reply.json()["status"] in while_:
        assert time.monotonic() < deadline, reply.text
        time.sleep(0.3)
    return {} if reply.status_code == 404 else ok(reply)


def test_a_server_is_composed_through_valence_deployed_switched_and_given_back(
    lab: Lab, builder: Corral, valence: httpx.Client
) -> None:
    flavor = building.flavor(builder, compose=_WANTED)
    ports, nodes, composed = building.ports(lab, _PREFIX), building.nodes(lab), _composed(valence)
    made = ok(builder.http.post("/v1/servers", json=wish(lab, flavor, _PREFIX)))
    server = _settled(builder, made["uuid"], ("building",))
    assert (server["status"], server["composed"]) == ("active", True), server.get("fault")
    row = lab.ironic.get(f"/v1/nodes/{server['node_uuid']}")
    assert (row["driver"], row["provision_state"], row["instance_uuid"]) == ("fake-hardware", "active", server["uuid"])
    assert [one["name"] for one in _composed(valence) if one not in composed] == [row["name"]]
    for target, status in (("off", "stopped"), ("on", "active")):
        ok(builder.http.put(f"/v1/servers/{server['uuid']}/states/power", json={"target": target}))
        assert _settled(builder, server["uuid"], ("powering-on", "powering-off"))["status"] == status
    assert ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    assert builder.http.delete(f"/v1/servers/{server['uuid']}").status_code == 204
    assert _settled(builder, server["uuid"], ("deleting",)) == {}
    assert (building.ports(lab, _PREFIX), building.nodes(lab), _composed(valence)) == (ports, nodes, composed)


def test_when_valence_has_nothing_left_the_server_says_so_and_nothing_is_left_behind(
    lab: Lab, builder: Corral, valence: httpx.Client
) -> None:
    flavor = building.flavor(builder, compose=_WANTED)
    ports, nodes, composed = building.ports(lab, _PREFIX), building.nodes(lab), _composed(valence)
    wanted = wish(lab, flavor, _PREFIX, min_count=1, max_count=4)
    wanted["server"]["name"] = f"{_PREFIX}-{uuid4().hex[:6]}"
    ok(builder.http.post("/v1/servers", json=wanted))
    mine = [one["uuid"] for one in builder.servers() if one["name"].startswith(wanted["server"]["name"])]
    ended = [_settled(builder, uuid, ("building",)) for uuid in mine]
    assert sorted(one["status"] for one in ended) == ["active", "active", "active", "error"]
    [failed] = [one for one in ended if one["status"] == "error"]
    assert "nothing left" in failed["fault"]["message"]
    for uuid in mine:
        assert builder.http.delete(f"/v1/servers/{uuid}").status_code == 204
    assert [_settled(builder, uuid, ("deleting",)) for uuid in mine] == [{}] * 4
    assert (building.ports(lab, _PREFIX), building.nodes(lab), _composed(valence)) == (ports, nodes, composed)


def test_a_machine_that_others_composed_is_adopted_and_stays_composed_when_it_is_let_go(
    lab: Lab, builder: Corral, valence: httpx.Client, strangers: tuple[Made, str]
) -> None:
    made, system = strangers
    flavor = building.flavor(builder, resources={made.resource_class: "1"})
    before, composed = records(lab, made), _composed(valence)
    body = {"name": made.name, "node_uuid": made.uuid, "flavor_uuid": flavor, "networks": [{"port_id": made.port}]}
    server = adopt(builder, body)
    assert (server["status"], server["adopted"], bool(server["composed"])) == ("active", True, False)
    assert ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    unmanage(builder, server)
    assert_untouched(builder, server)
    assert differences(before, records(lab, made)) == []
    assert _composed(valence) == composed
    assert system in [one["uuid"] for one in composed]
