"""Servers are created in a real Ironic, on machines that are there and on machines composed of an emulated pod, and deleted again:
what blocks, nodes and ports are like afterwards is what they were like before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.support.adopting import adopt, assert_untouched, unmanage
from tests.e2e.support.corral import Corral
from tests.e2e.support.ironic import PARTS, SplitIronic
from tests.e2e.support.lab import CHECKOUT, Json, Lab
from tests.e2e.support.machines import Made, make_available, move, new_port, remove, switch
from tests.e2e.support.records import differences, records

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]

_PASSWORD = "pod-password"
_SETTINGS = """\
data_dir: {data}
port: {port}
workers: 4
settle_timeout: 3
default_source: lab
sources:
  - name: lab
    options: {{cloud: corral-system, network_cloud: corral}}
  - name: pod
    driver: redfish
    options: {{url: "{pod}", username: pod, password_env: POD_PASSWORD}}
    nodes: {{driver: lab-redfish, interfaces: {{deploy_interface: fake, network_interface: flat}}}}
"""


@pytest.fixture(scope="module")
def pod() -> Iterator[httpx.Client]:
    """An emulated pod with blocks for two machines."""
    env = {**os.environ, "POD_PASSWORD": _PASSWORD}
    command = [sys.executable, "-m", "lab.pod", "--machines", "2", "--seconds", "390"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.Client(base_url=url, auth=("pod", _PASSWORD), timeout=30, trust_env=False) as client:
            yield client
        process.terminate()


@pytest.fixture(scope="module")
def lab(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, with an Ironic in place of its own that can deploy what is composed: by its fake, emulated disks hold no image."""
    ironic = SplitIronic(lab, tmp_path_factory.mktemp("ironic"), "lab-redfish")
    with ExitStack() as stack:
        for part in PARTS:
            stack.callback(ironic.kill, part)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(ironic.start, PARTS))
        other = lab.with_ironic(ironic.url)
        stack.callback(other.close_ironic)
        yield other


@pytest.fixture(scope="module")
def builder(lab: Lab, pod: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    """A Corral over the lab and the pod."""
    home = tmp_path_factory.mktemp("builder")
    os.environ["POD_PASSWORD"] = _PASSWORD
    served = Corral(home, _clouds(lab, home))
    settings = _SETTINGS.format(data=home / "data", port=served.port, pod=str(pod.base_url).rstrip("/"))
    Path(home / "corral.yaml").write_text(settings)
    try:
        served.start()
        yield served
    finally:
        served.stop()
        served.http.close()
        del os.environ["POD_PASSWORD"]


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
    system = _ok(pod.post("/redfish/v1/Systems", json=body))["@odata.id"]
    [nic] = _ok(pod.get(f"{system}/EthernetInterfaces"))["Members"][:1]
    uuid, mac = str(uuid4()), str(_ok(pod.get(nic["@odata.id"]))["MACAddress"]).lower()
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
            "redfish_password": _PASSWORD,
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
        _ok(pod.delete(system))


def _clouds(lab: Lab, home: Path) -> str:
    """A clouds.yaml like the lab's, that leads to the Ironic of these tests."""
    clouds = json.loads(Path(lab.clouds).read_text())
    clouds["clouds"]["corral-system"]["baremetal_endpoint_override"] = lab.ironic_url
    (home / "clouds.yaml").write_text(json.dumps(clouds))
    return str(home / "clouds.yaml")


def _flavor(builder: Corral, **fields: Any) -> str:
    body = {"name": f"f-{uuid4().hex[:8]}", "description": "", "resources": {}, **fields}
    return str(_ok(builder.http.post("/v1/flavors", json=body))["uuid"])


def _ok(reply: httpx.Response) -> Json:
    assert reply.is_success, reply.text
    return dict(reply.json()) if reply.content else {}


def _create(lab: Lab, builder: Corral, flavor: str, **more: Any) -> Json:
    wish = {
        "name": f"made-{uuid4().hex[:8]}",
        "image_uuid": lab.seeded["images"]["debian-12"],
        "flavor_uuid": flavor,
        "networks": [{"net_id": lab.seeded["networks"]["tenant"]}],
        "project_id": lab.seeded["projects"]["demo"],
        "min_count": 1,
        "max_count": 1,
        **more,
    }
    reply = builder.http.post("/v1/servers", json={"server": wish})
    assert reply.status_code == 201, reply.text
    server = reply.json()
    assert server["status"] == "building"
    return _settled(builder, server["uuid"])


def _settled(builder: Corral, uuid: str, *, gone: bool = False) -> Json:
    deadline = time.monotonic() + 150
    while True:
        reply = builder.http.get(f"/v1/servers/{uuid}")
        if gone and reply.status_code == 404:
            return {}
        server = _ok(reply)
        if server["status"] not in ("building", "deleting") or time.monotonic() > deadline:
            return server
        time.sleep(0.5)


def _delete(builder: Corral, uuid: str) -> None:
    reply = builder.http.delete(f"/v1/servers/{uuid}")
    assert (reply.status_code, reply.headers["Corral-Effect"][:6]) == (204, "delete"), reply.text
    assert _settled(builder, uuid, gone=True) == {}


def _ports(lab: Lab) -> set[str]:
    """Those of these tests: others come and go meanwhile."""
    found = lab.neutron.get("/v2.0/ports?fields=id&fields=name")["ports"]
    return {one["id"] for one in found if one["name"].startswith("made-")}


def _nodes(lab: Lab) -> set[str]:
    found = lab.ironic.get("/v1/nodes?fields=uuid,name&limit=1000")["nodes"]
    return {one["uuid"] for one in found if str(one["name"]).startswith("corral-")}


def _blocks(pod: httpx.Client) -> dict[str, str]:
    listed = _ok(pod.get("/redfish/v1/CompositionService/ResourceBlocks"))["Members"]
    found = [_ok(pod.get(one["@odata.id"])) for one in listed]
    return {one["@odata.id"]: one["CompositionStatus"]["CompositionState"] for one in found}


def test_a_server_is_deployed_on_an_available_machine_and_deleted(lab: Lab, builder: Corral, available: Made) -> None:
    flavor = _flavor(builder, resources={available.resource_class: "1"})
    ports = _ports(lab)
    server = _create(lab, builder, flavor, metadata={"role": "web"})
    # Fake hardware's own deploy does not switch it on, and the record says what is.
    assert server["status"] == "stopped", server.get("fault")
    assert (server["node"], server["composed"], server["adopted"]) == (available.name, False, False)
    row = lab.ironic.get(f"/v1/nodes/{available.uuid}")
    assert (row["provision_state"], row["instance_uuid"], row["power_state"]) == ("active", server["uuid"], "power off")
    [nic] = _ok(builder.http.get(f"/v1/servers/{server['uuid']}/networks"))["nics"]
    [vif] = lab.ironic.get(f"/v1/nodes/{available.uuid}/vifs")["vifs"]
    assert (nic["port_id"], nic["mac_address"]) == (vif["id"], available.mac)
    _delete(builder, server["uuid"])
    row = lab.ironic.get(f"/v1/nodes/{available.uuid}")
    assert (row["provision_state"], row["instance_uuid"], row["instance_info"]) == ("available", None, {})
    assert _ports(lab) == ports


def test_a_server_is_composed_enrolled_deployed_switched_and_released(
    lab: Lab, builder: Corral, pod: httpx.Client
) -> None:
    wanted = {"cpus": 4, "memory": 8192, "disks": [{"size": 100 * 10**9}], "nics": [{"count": 1}], "source": "pod"}
    flavor = _flavor(builder, compose=wanted)
    ports, nodes, blocks = _ports(lab), _nodes(lab), _blocks(pod)
    assert set(blocks.values()) == {"Unused"}
    server = _create(lab, builder, flavor)
    assert (server["status"] in ("active", "stopped"), server["composed"]) == (True, True), server.get("fault")
    row = lab.ironic.get(f"/v1/nodes/{server['node_uuid']}")
    assert (row["driver"], row["provision_state"]) == ("lab-redfish", "active")
    system = row["driver_info"]["redfish_system_id"]
    assert "Composed" in _blocks(pod).values()
    turns = [("on", "active", "On"), ("off", "stopped", "Off")]
    for target, status, power in turns if server["status"] == "stopped" else turns[1:]:
        _ok(builder.http.put(f"/v1/servers/{server['uuid']}/states/power", json={"target": target}))
        assert _settled_power(builder, server["uuid"])["status"] == status
        assert _ok(pod.get(system))["PowerState"] == power
    assert _ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    _delete(builder, server["uuid"])
    assert (_ports(lab), _nodes(lab), _blocks(pod)) == (ports, nodes, blocks)
    assert pod.get(system).status_code == 404


def _settled_power(builder: Corral, uuid: str) -> Json:
    deadline = time.monotonic() + 60
    while (server := _ok(builder.http.get(f"/v1/servers/{uuid}")))["status"] not in ("stopped", "active", "error"):
        assert time.monotonic() < deadline, server
        time.sleep(0.3)
    return server


def test_a_machine_that_others_composed_is_adopted_and_stays_composed_when_it_is_let_go(
    lab: Lab, builder: Corral, pod: httpx.Client, strangers: tuple[Made, str]
) -> None:
    made, system = strangers
    flavor = _flavor(builder, resources={made.resource_class: "1"})
    before, blocks, seen = records(lab, made), _blocks(pod), _ok(pod.get(system))
    assert (seen["PowerState"], list(blocks.values()).count("Composed")) == ("On", 3)
    body = {"name": made.name, "node_uuid": made.uuid, "flavor_uuid": flavor, "networks": [{"port_id": made.port}]}
    server = adopt(builder, body)
    assert (server["status"], server["adopted"], bool(server["composed"])) == ("active", True, False)
    assert _ok(builder.http.get("/v1/leaks?source=pod"))["leaks"] == []
    unmanage(builder, server)
    assert_untouched(builder, server)
    assert differences(before, records(lab, made)) == []
    assert (_blocks(pod), _ok(pod.get(system))) == (blocks, seen)
