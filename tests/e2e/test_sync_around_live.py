"""Neutron and Cinder announce what changes on a RabbitMQ, and Corral looks at once: real ones, and a real broker.

Polls are an hour apart here, so whatever is seen was seen because of a notification.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import kombu
import pytest
import uvicorn
import yaml

from corral import config
from corral.api import create_app
from corral.cloud.records import open_cloud
from corral.domain.host import HostNetwork
from corral.domain.server import ManageRequest, NetworkRequest
from corral.domain.vm import Address, Origin, Vm, VmDisk, VmNic
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.notify.bus import Bus
from corral.services.adoption import Actor
from corral.services.gaps import Wish as Gaps
from corral.wiring import Corral, build
from tests.cloud_world import SOURCE, group
from tests.e2e.support.announcing import Announcing, announcing
from tests.e2e.support.estate import ARRAY, keystone_of, vlan_network
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish, make, remove
from tests.loopback import free_port

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

NODES = "nodes"
ACTOR = Actor("operator", "admin", "req-e2e")
_POLICY = {
    "policy": "tolerate",
    "settle": 3600,
    "brake": {"percent": 100, "least": 9},
    "poll": {"every": 3600, "at_most": 3600},
}
_TOPICS = {"neutron": ["notifications"], "openstack": ["notifications"]}


@dataclass(frozen=True)
class Site:
    """Services that announce; a node of the lab's with a port, and a VM in memory with a port and a volume."""

    around: Announcing
    corral: Corral
    api: httpx.Client
    node: Made
    vm: Vm
    network: str
    deaf: str
    """Why nothing was heard before anything had been announced."""

    def drifts(self, machine: str) -> dict[str, Json]:
        """By field, what differs of a machine, believed or not."""
        found = self.api.get("/v1/drift", params={"state": "settling"}).raise_for_status().json()["drifts"]
        return {row["field"]: row for row in found if row["machine"] == machine}

    def port(self) -> Json:
        [found] = self.around.neutron.get(f"/v2.0/ports?network_id={self.network}")["ports"]
        return dict(found)

    def volume(self) -> Json:
        [found] = self.around.cinder.get("/volumes/detail?all_tenants=1")["volumes"]
        return dict(found)

    def passes(self) -> list[Any]:
        return [self.corral.drift.source(name).state.ended_at for name in (NODES, SOURCE)]


def until(true: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home, mark = tmp_path_factory.mktemp("around"), uuid4().hex[:8]
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        node = make(lab, Wish())
        stack.callback(remove, lab, node)
        around = stack.enter_context(announcing(lab, home))
        around.fill_array({"name": mark, "gib": 2, "wwn": f"naa.6005076801810523{mark}{mark}"})
        network, vlan = stack.enter_context(vlan_network(lab, mark))
        patch.setenv("OS_CLIENT_CONFIG_FILE", _clouds(lab, home, around))
        hosts, vm = MemoryHosts(SOURCE), _vm(mark, vlan)
        hosts.add_host(replace(example_host(0), networks=(HostNetwork(f"br{vlan}", "bridge", vlan=vlan),)))
        hosts.put(vm)
        corral = _corral(home, hosts, around)
        stack.callback(corral.stop)
        corral.engine.start()
        corral.synchronizer.start()
        until(lambda: (corral.drift.source(SOURCE).state.hears_why or "").endswith("is wrong."))
        deaf = corral.drift.source(SOURCE).state.hears_why
        with keystone_of(lab) as keystone:
            [project] = [one["id"] for one in keystone.get("/projects")["projects"] if one["name"] == "service"]
        _adopt(corral, node, vm, project)
        # Whoever announces first makes the exchange.
        around.neutron.call("PUT", f"/v2.0/ports/{node.port}", {"port": {"name": mark}})
        until(lambda: all(corral.drift.source(name).state.hears for name in (NODES, SOURCE)))
        api = stack.enter_context(_served(corral))
        one = Site(around, corral, api, node, vm, network, str(deaf))
        _quiet(one)
        yield one


def _clouds(lab: Lab, home: Path, around: Announcing) -> str:
    clouds = json.loads(Path(lab.clouds).read_text())
    clouds["clouds"]["corral"]["block_storage_endpoint_override"] = around.cinder_url
    (home / "clouds.yaml").write_text(json.dumps(clouds))
    return str(home / "clouds.yaml")


def _corral(home: Path, hosts: MemoryHosts, around: Announcing) -> Corral:
    (home / "policy.yaml").write_text(yaml.safe_dump({"sources": {NODES: _POLICY, SOURCE: _POLICY}}))
    options = {"cloud": "corral-system", "network_cloud": "corral"}
    settings = config.load(
        data_dir=home / "corral",
        sync=config.SyncSettings(policy_file=home / "policy.yaml"),
        sources=[{"name": NODES, "driver": "ironic", "options": options}],
    )
    url = around.bus.url
    return build(
        settings,
        hosts=[group(hosts)],
        clouds={SOURCE: open_cloud("corral")},
        buses={NODES: Bus(NODES, url, {"neutron": ["notifications"]}), SOURCE: Bus(SOURCE, url, _TOPICS)},
        emit=lambda *_a, **_k: None,
    )


def _vm(mark: str, vlan: int) -> Vm:
    mac, wwn = f"52:54:7a:{vlan >> 8:02x}:{vlan & 255:02x}:01", f"6005076801810523{mark}{mark}"
    nic = VmNic(mac, mac, "bridge", "virtio", bridge=f"br{vlan}", addresses=(Address("10.78.0.9", Origin.LEASE),))
    disk = VmDisk("sda", "block", bus="scsi", path=f"/dev/disk/by-id/wwn-0x{wwn}", wwn=f"0x{wwn}", size=2 << 30)
    return replace(example_vm(example_host(0), 0), id=str(uuid4()), name=f"around-{mark}", disks=(disk,), nics=(nic,))


def _adopt(corral: Corral, node: Made, vm: Vm, project: str) -> None:
    """Both machines become servers, and what the VM has is recorded in Neutron and Cinder."""
    assert node.port is not None
    corral.surveyor.survey(SOURCE)
    flavor = corral.flavors.create({"name": "gold", "resources": {"CUSTOM_GOLD": "1"}}, ACTOR).uuid
    wishes = (
        ManageRequest(node.name, node.uuid, flavor, (NetworkRequest(port_id=node.port),), NODES),
        ManageRequest(vm.name, vm.id, "", (), SOURCE, project=project),
    )
    operations = [corral.adoption.manage(wish, ACTOR)[1] for wish in wishes]
    gaps = Gaps(corral.hosts.get("kvm-01"), rules={"volumes": {"keeps": [ARRAY]}})
    for operation in operations:
        ended = corral.engine.wait(operation.uuid, 180)
        assert ended.state == "succeeded", ended.error
    plan = corral.gaps.plan(gaps)
    for operation in corral.gaps.fill(gaps, plan, plan.digest, ACTOR):
        ended = corral.engine.wait(operation.uuid, 180)
        assert ended.state == "succeeded", ended.error


@contextmanager
def _served(corral: Corral) -> Iterator[httpx.Client]:
    """The API of a Corral that was started."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(create_app(corral), port=port, log_level="warning", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(60)


def _quiet(one: Site) -> None:
    """Wait until what was recorded was compared. A pass that is wanted after the bus was heard is that of the bus as well: the next
    one is an hour away."""
    for name in (NODES, SOURCE):
        one.corral.drift.look(name)
    until(lambda: all(one.corral.drift.source(name).state.wanted_at is None for name in (NODES, SOURCE)))
    until(lambda: one.drifts(one.node.uuid) == one.drifts(one.vm.id) == {})


def test_a_bus_where_an_exchange_is_missing_says_which_and_hears_when_it_is_there(site: Site) -> None:
    assert "no exchange neutron" in site.deaf
    assert "guest" not in site.deaf
    assert [site.corral.drift.source(name).state.hears for name in (NODES, SOURCE)] == [True, True]


def test_a_nodes_port_that_was_changed_or_deleted_in_neutron_is_in_the_queue_without_a_pass(site: Site) -> None:
    passed, port = site.passes(), f"/v2.0/ports/{site.node.port}"
    began = time.monotonic()
    site.around.neutron.call("PUT", port, {"port": {"admin_state_up": False}})
    until(lambda: "wiring" in site.drifts(site.node.uuid))
    print(f"from the change of a port to its drift: {time.monotonic() - began:.2f} s")
    assert site.drifts(site.node.uuid)["wiring"]["world"][0].endswith("down")
    site.around.neutron.call("PUT", port, {"port": {"admin_state_up": True}})
    until(lambda: site.drifts(site.node.uuid) == {})
    site.around.neutron.call("DELETE", port)
    until(lambda: "ports" in site.drifts(site.node.uuid))
    assert site.drifts(site.node.uuid)["ports"]["world"] == []
    assert site.passes() == passed


def test_a_vms_port_and_volume_that_were_changed_in_neutron_and_cinder_are_in_the_queue_without_a_pass(
    site: Site,
) -> None:
    passed, mac = site.passes(), site.vm.nics[0].mac
    body = {"port": {"fixed_ips": [{"ip_address": "10.78.0.99"}]}}
    site.around.neutron.call("PUT", f"/v2.0/ports/{site.port()['id']}", body)
    until(lambda: "ports" in site.drifts(site.vm.id))
    assert site.drifts(site.vm.id)["ports"]["world"] == [f"{mac} 10.78.0.99"]
    volume = site.volume()["id"]
    [attached] = site.around.cinder.get(f"/attachments/detail?all_tenants=1&volume_id={volume}")["attachments"]
    began = time.monotonic()
    site.around.cinder.call("DELETE", f"/attachments/{attached['id']}")
    until(lambda: "volumes" in site.drifts(site.vm.id))
    print(f"from the begin of a detachment to its drift: {time.monotonic() - began:.2f} s")
    assert site.drifts(site.vm.id)["volumes"]["world"] == ["sda 2 GiB available"]
    site.around.cinder.call("POST", f"/volumes/{volume}/action", {"os-reset_status": {"status": "error"}})
    until(lambda: site.drifts(site.vm.id)["volumes"]["world"] == ["sda 2 GiB error"])
    assert site.passes() == passed


def test_what_is_made_up_or_of_others_changes_nothing(site: Site) -> None:
    passed, before = site.passes(), site.drifts(site.vm.id)
    port = site.port()
    with kombu.Connection(site.around.bus.url.replace("rabbit://", "amqp://") + "/") as connection:
        exchange = kombu.Exchange("neutron", "topic", durable=False, passive=True)
        producer = connection.Producer(exchange=exchange)
        began = time.process_time()
        for number in range(1000):
            made_up = {"id": str(uuid4()), "device_id": str(uuid4()), "fixed_ips": [], "description": "x" * 2000}
            _announce(producer, "port.update.end", {"port": made_up})
            if number % 100 == 0:
                _announce(producer, "port.delete.end", {"port_id": port["id"], "port": {**port, "id": ["x"]}})
        producer.publish(b"\x00 not even text", routing_key="notifications.info")
        _announce(producer, "port.update.end", {"port": "x" * (1 << 20)})
    # Announced after them, and read after them.
    site.around.neutron.call("PUT", f"/v2.0/ports/{port['id']}", {"port": {"fixed_ips": []}})
    until(lambda: site.drifts(site.vm.id)["ports"]["world"] == [f"{site.vm.nics[0].mac} no address"])
    print(f"1,000 ports of others cost {time.process_time() - began:.2f} s of processor time, with sending them")
    assert site.drifts(site.vm.id)["volumes"] == before["volumes"]
    assert site.passes() == passed
    assert site.corral.drift.source(SOURCE).state.hears


def _announce(producer: kombu.Producer, event: str, payload: Json) -> None:
    body = {"oslo.version": "2.0", "oslo.message": json.dumps({"event_type": event, "payload": payload})}
    producer.publish(body, routing_key="notifications.info")
