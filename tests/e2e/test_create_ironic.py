"""Servers are created in a real Ironic, on machines that are there and on machines composed of an emulated pod, and deleted again:
what blocks, nodes and ports are like afterwards is what they were like before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.support import building
from tests.e2e.support.adopting import adopt, assert_untouched, unmanage
from tests.e2e.support.building import PASSWORD, clouds_with, emulated_pod, ok, redfish, wish
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, make_available, move, new_port, remove, switch
from tests.e2e.support.records import differences, records

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
_PREFIX = "made"


@pytest.fixture(scope="module")
def pod() -> Iterator[httpx.Client]:
    """An emulated pod with blocks for two machines."""
    with emulated_pod(2, 3600) as found:
        yield found


@pytest.fixture(scope="module")
def lab(deploying_lab: Lab) -> Lab:
    return deploying_lab


@pytest.fixture(scope="module")
def builder(lab: Lab, pod: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A Corral over the lab and the pod."""
    home = tmp_path_factory.mktemp("builder")
    with building.builder(home, clouds_with(lab, home), redfish(str(pod.base_url))) as served:
        yield served


@pytest.fixture
def available(lab: Lab) -> Iterator[Made]:
    """A machine of a class of its own that nobody has."""
    made = make_available(lab)
    yield made
    remove(lab, made)


@pytest.fixture
def strangers(lab: Lab, pod: httpx.Client) -> Iterator[tuple[Made, str]]:
    """A machine that somebody composed, enrolled and deployed without Corral; and the path of its system."""
    kinds = ("Compute", "Storage", "Network")
    blocks = [{"@odata.id": f"/redfish/v1/CompositionService/ResourceBlocks/{kind}-1"} for kind in kinds]
    body = {"Name": "strangers", "Links": {"ResourceBlocks": blocks}}
    system = ok(pod.post("/redfish/v1/Systems", json=body))["@odata.id"]
    [nic] = ok(pod.get(f"{system}/EthernetInterfaces"))["Members"][:1]
    uuid, mac = str(uuid4()), str(ok(pod.get(nic["@odata.id"]))["MACAddress"]).lower()
    made = Made(uuid, f"strangers-{uuid[:8]}", mac, new_port(lab, f"strangers-{uuid[:8]}-eth0", mac))
    node = {
        "uuid": uuid,
        "name": made.name,
        "driver": "lab-redfish",
        "deploy_interface": "fake",
        "network_interface": "flat",
        "resource_class": made.resource_class,
        "properties": {"cpus": 16, "memory_mb": 65536, "local_gb": 480, "cpu_arch": "x86_64"},
        "instance_info": {"display_name": made.name, "image_source": lab.seeded["images"]["debian-12"]},
        "driver_info": {
            "redfish_address": str(pod.base_url).rstrip("/"),
            "redfish_system_id": system,
            "redfish_username": "pod",
            "redfish_password": PASSWORD,
        },
    }
    try:
        lab.ironic.call("POST", "/v1/nodes", node)
        lab.ironic.call("POST", "/v1/ports", {"node_uuid": uuid, "address": mac})
        lab.ironic.call("POST", f"/v1/nodes/{uuid}/vifs", {"id": made.port})
        move(lab, uuid, "manage", "manageable")
        move(lab, uuid, "adopt", "active")
        switch(lab, uuid, "power on")
        yield made, system
    finally:
        remove(lab, made)
        ok(pod.delete(system))


def _create(lab: Lab, builder: Corral, flavor: str, **more: Any) -> Json:
    reply = builder.http.post("/v1/servers", json=wish(lab, flavor, _PREFIX, **more))
    assert reply.status_code == 201, reply.text
    server = reply.json()
    assert server["status"] == "building"
    return _settled(builder, server["uuid"])


def _settled(builder: Corral, uuid: str, *, gone: bool = False) -> Json:
    deadline = time.monotonic() + 300
    while True:
        reply = builder.http.get(f"/v1/servers/{uuid}")
        if gone and reply.status_code == 404:
            return {}
        server = ok(reply)
        if server["status"] not in ("building", "deleting") or time.monotonic() > deadline:
            return server
        time.sleep(0.5)


def _delete(builder: Corral, uuid: str) -> None:
    reply = builder.http.delete(f"/v1/servers/{uuid}")
    assert (reply.status_code, reply.headers["Corral-Effect"][:6]) == (204, "delete"), reply.text
    assert _settled(builder, uuid, gone=True) == {}


def test_a_server_is_deployed_on_an_available_machine_and_deleted(lab: Lab, builder: Corral, available: Made) -> None:
    flavor = building.flavor(builder, resources={available.resource_class: "1"})
    ports = building.ports(lab, _PREFIX)
    server = _create(lab, builder, flavor, metadata={"role": "web"})
    # Fake hardware's own deploy does not switch it on, and the record says what is.
    assert server["status"] == "stopped", server.get("fault")
    assert (server["node"], server["composed"], server["adopted"]) == (available.name, False, False)
    row = lab.ironic.get(f"/v1/nodes/{available.uuid}")
    assert (row["provision_state"], row["instance_uuid"], row["power_state"]) == ("active", server["uuid"], "power off")
    [nic] = ok(builder.http.get(f"/v1/servers/{server['uuid']}/networks"))["nics"]
    [vif] = lab.ironic.get(f"/v1/nodes/{available.uuid}/vifs")["vifs"]
    assert (nic["port_id"], nic["mac_address"]) == (vif["id"], available.mac)
    _delete(builder, server["uuid"])
    row = lab.ironic.get(f"/v1/nodes/{available.uuid}")
    assert (row["provision_state"], row["instance_uuid"], row["instance_info"]) == ("available", None, {})
    assert building.ports(lab, _PREFIX) == ports


def test_a_server_is_composed_enrolled_deployed_switched_and_released(
    lab: Lab, builder: Corral, pod: httpx.Client
) -> None:
    wanted = {"cpus": 4, "memory": 8192, "disks": [{"size": 100 * 10**9}], "nics": [{"count": 1}], "source": "pod"}
    flavor = building.flavor(builder, compose=wanted)
    ports, nodes, blocks = building.ports(lab, _PREFIX), building.nodes(lab), building.blocks(pod)
    assert set(blocks.values()) == {"Unused"}
    server = _create(lab, builder, flavor)
    assert (server["status"] in ("active", "stopped"), server["composed"]) == (True, True), server.get("fault")
    row = lab.ironic.get(f"/v1/nodes/{server['node_uuid']}")
    assert (row["driver"], row["provision_state"]) == ("lab-redfish", "active")
    system = row["driver_info"]["redfish_system_id"]
    assert "Composed" in building.blocks(pod).values()
    turns = [("on", "active", "On"), ("off", "stopped", "Off")]
    for target, status, power in turns if server["status"] == "stopped" else turns[1:]:
        ok(builder.http.put(f"/v1/servers/{server['uuid']}/states/power", json={"target": target}))
        assert _settled_power(builder, server["uuid"])["status"] == status
        assert ok(pod.get(system))["PowerState"] == power
    assert ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    _delete(builder, server["uuid"])
    assert (building.ports(lab, _PREFIX), building.nodes(lab), building.blocks(pod)) == (ports, nodes, blocks)
    assert pod.get(system).status_code == 404


def _settled_power(builder: Corral, uuid: str) -> Json:
    deadline = time.monotonic() + 120
    while (server := ok(builder.http.get(f"/v1/servers/{uuid}")))["status"] not in ("stopped", "active", "error"):
        assert time.monotonic() < deadline, server
        time.sleep(0.3)
    return server


def test_a_machine_that_others_composed_is_adopted_and_stays_composed_when_it_is_let_go(
    lab: Lab, builder: Corral, pod: httpx.Client, strangers: tuple[Made, str]
) -> None:
    made, system = strangers
    flavor = building.flavor(builder, resources={made.resource_class: "1"})
    before, blocks, seen = records(lab, made), building.blocks(pod), ok(pod.get(system))
    assert (seen["PowerState"], list(blocks.values()).count("Composed")) == ("On", 3)
    body = {"name": made.name, "node_uuid": made.uuid, "flavor_uuid": flavor, "networks": [{"port_id": made.port}]}
    server = adopt(builder, body)
    assert (server["status"], server["adopted"], bool(server["composed"])) == ("active", True, False)
    assert ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    unmanage(builder, server)
    assert_untouched(builder, server)
    assert differences(before, records(lab, made)) == []
    assert (building.blocks(pod), ok(pod.get(system))) == (blocks, seen)
