"""Nodes of a cluster, bound to machines of the lab's Ironic, are provisioned by Ironic's own deploy; what is in use is refused.

The disks are laid out by `volume_manager`. The image brings its own partitions: Ironic makes no LVM, and says so.
"""

from __future__ import annotations

import http.server
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.support.adopting import adopt, unmanage, wish
from tests.e2e.support.corral import SOURCE, Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, move, remove, switch
from tests.e2e.support.records import differences, records

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

GIB = 1024**3
DISKS = [
    {"name": "sda", "size": 200 * GIB, "disk": "disk/by-path/pci-0000:00:1f.2-ata-1", "wwn": "0x5000c5001"},
    {"name": "sdb", "size": 500 * GIB, "disk": "disk/by-path/pci-0000:00:1f.2-ata-2", "wwn": "0x5000c5002"},
]
WHOLE = {"image_type": "whole-disk", "config_drive": {"user_data": "#cloud-config"}}
ERASE = {"erase_disks": True}
BOOKS = ("driver_internal_info", "deploy_step", "last_error", "provision_updated_at", "target_provision_state")
"""What Ironic keeps of a deployment for itself."""

Free = Callable[..., Made]


@pytest.fixture
def free(lab: Lab) -> Iterator[Free]:
    """Makes available machines, and removes them."""
    made: list[Made] = []

    def one(**fields: Any) -> Made:
        uuid = str(uuid4())
        found = Made(uuid, f"provision-{uuid[:8]}", f"52:5d:{uuid[0:2]}:{uuid[2:4]}:{uuid[4:6]}:00")
        body = {"uuid": uuid, "name": found.name, "driver": "fake-hardware", "resource_class": "gold", **fields}
        lab.ironic.call("POST", "/v1/nodes", body)
        made.append(found)
        lab.ironic.call("POST", "/v1/ports", {"node_uuid": uuid, "address": found.mac})
        move(lab, uuid, "manage", "manageable")
        move(lab, uuid, "provide", "available")
        switch(lab, uuid, "power off")
        return found

    yield one
    for each in made:
        remove(lab, each)


@pytest.fixture
def image() -> Iterator[str]:
    """Where an image can be seen, and is never fetched."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Image)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/root.img"
    server.shutdown()
    server.server_close()


class _Image(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1048576")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def bound(corral: Corral, machine: str, **meta: Any) -> Json:
    """A node of a cluster with volume_manager, bound to the machine."""
    name = f"provision-{uuid4().hex[:8]}"
    cluster = corral.http.post("/v1/clusters", json={"name": name, "extensions": ["volume_manager"]})
    node = {"name": name, "cluster": cluster.raise_for_status().json()["id"], "roles": ["compute"]}
    node |= {"source": SOURCE, "machine": machine, "meta": {"disks": DISKS, "memory": {"total": 16 * GIB}, **meta}}
    made = corral.http.post("/v1/nodes", json=node)
    assert made.status_code == 201, made.text
    return dict(made.json())


def provision(corral: Corral, node: Json) -> Json:
    answer = corral.http.post(f"/v1/nodes/{node['id']}/provision", json=ERASE)
    assert answer.status_code == 202, answer.text
    return dict(answer.json()["operation"])


def status(corral: Corral, node: Json) -> str:
    found = corral.get(f"/v1/nodes/{node['id']}")
    assert found["operation"] is None
    return str(found["status"])


def sent(corral: Corral, operation: Json) -> list[tuple[str, str]]:
    """Every change that left during the operation."""
    with closing(sqlite3.connect(corral.database)) as sql:
        rows = sql.execute(
            "SELECT method, path, service FROM calls WHERE operation = ? ORDER BY id", (operation["uuid"],)
        )
        calls = list(rows)
    assert calls, "an operation without calls proves nothing"
    return [(method, path) for method, path, service in calls if method != "GET" and service != "identity"]


def settled(lab: Lab, made: Made) -> Json:
    found = records(lab, made)
    found["node"] = {key: value for key, value in found["node"].items() if key not in BOOKS}
    return found


def test_a_node_laid_out_by_volume_manager_is_deployed_by_ironic(lab: Lab, corral: Corral, free: Free) -> None:
    made = free()
    node = bound(corral, made.uuid, image=lab.seeded["images"]["debian-12"], deploy=WHOLE)
    ended = corral.finished(provision(corral, node))
    assert ended["state"] == "succeeded", ended
    assert status(corral, node) == "provisioned"
    now = lab.ironic.get(f"/v1/nodes/{made.uuid}")
    assert (now["provision_state"], now["instance_uuid"], now["protected"]) == ("active", node["id"], False)
    assert now["instance_info"]["image_source"] == lab.seeded["images"]["debian-12"]
    assert now["instance_info"]["root_device"] == {"wwn": "0x5000c5001"}
    assert now["instance_info"]["configdrive"] == "******"
    path = f"/v1/nodes/{made.uuid}"
    assert sent(corral, ended) == [("PATCH", path), ("PUT", f"{path}/states/provision")]
    again = corral.finished(provision(corral, node))
    assert (again["state"], again["error"]["code"]) == ("reverted", "conflict")
    assert corral.http.post(f"/v1/nodes/{node['id']}/reset").is_success
    once_more = corral.finished(provision(corral, node))
    codes = {one["code"] for one in once_more["error"]["reasons"]}
    assert (once_more["state"], codes) == ("reverted", {"not-available", "claimed"})
    assert lab.ironic.get(f"/v1/nodes/{made.uuid}")["provision_state"] == "active"


def test_an_adopted_machine_is_refused_and_not_touched(lab: Lab, corral: Corral, machine: Callable[..., Made]) -> None:
    made = machine()
    server = adopt(corral, wish(corral, made))
    before = records(lab, made)
    node = bound(corral, made.uuid, image=lab.seeded["images"]["debian-12"], deploy=WHOLE)
    ended = corral.finished(provision(corral, node))
    codes = {one["code"] for one in ended["error"]["reasons"]}
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "refused")
    assert codes == {"already-managed", "not-available", "protected"}
    assert sent(corral, ended) == []
    assert differences(before, records(lab, made)) == []
    assert status(corral, node) == "discover"
    unmanage(corral, server)


def test_a_layout_that_ironic_can_not_make_is_refused_with_all_reasons(lab: Lab, corral: Corral, free: Free) -> None:
    made = free()
    before = records(lab, made)
    node = bound(corral, made.uuid, image=lab.seeded["images"]["debian-12"])
    ended = corral.finished(provision(corral, node))
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "refused")
    assert len(ended["error"]["reasons"]) > 1
    assert differences(before, records(lab, made)) == []
    assert status(corral, node) == "discover"


def test_cancelling_gives_the_machine_back_as_it_was(lab: Lab, corral: Corral, free: Free, image: str) -> None:
    made = free(deploy_interface="direct", instance_info={"left": "over"})
    before = settled(lab, made)
    told = {**WHOLE, "image_os_hash_algo": "sha256", "image_os_hash_value": "00" * 32, "image_disk_format": "raw"}
    node = bound(corral, made.uuid, image=image, deploy=told)
    operation = provision(corral, node)
    deadline = time.monotonic() + 120
    while lab.ironic.get(f"/v1/nodes/{made.uuid}")["provision_state"] != "wait call-back":
        assert time.monotonic() < deadline, corral.get(f"/v1/operations/{operation['uuid']}")
        time.sleep(0.2)
    corral.http.post(f"/v1/operations/{operation['uuid']}/cancel").raise_for_status()
    ended = corral.finished(operation)
    assert ended["state"] == "cancelled", ended
    assert differences(before, settled(lab, made)) == []
    assert status(corral, node) == "error"


def test_a_deployment_that_fails_says_why_and_gives_the_machine_back(
    lab: Lab, corral: Corral, free: Free, image: str
) -> None:
    made = free(deploy_interface="direct", network_interface="neutron")
    (port,) = lab.ironic.get(f"/v1/ports?node={made.uuid}")["ports"]
    lab.ironic.call("DELETE", f"/v1/ports/{port['uuid']}")
    before = settled(lab, made)
    told = {**WHOLE, "image_os_hash_algo": "sha256", "image_os_hash_value": "00" * 32, "image_disk_format": "raw"}
    node = bound(corral, made.uuid, image=image, deploy=told)
    ended = corral.finished(provision(corral, node))
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "deploy-failed")
    assert "No available PXE-enabled" in ended["error"]["message"]
    assert differences(before, settled(lab, made)) == []
    assert status(corral, node) == "error"
