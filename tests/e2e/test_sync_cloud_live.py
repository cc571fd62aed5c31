"""Ports changed in the real Neutron, VIFs unplugged in the real Ironic, volumes changed in the real Cinder: seen and repaired.

The hypervisor is in memory; everything that is corrected is real.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from corral import config
from corral.cloud.records import open_cloud
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.gaps import CloudRecord, Kind
from corral.domain.host import HostNetwork
from corral.domain.server import ManageRequest, NetworkRequest, Server
from corral.domain.vm import Address, Origin, Vm, VmDisk, VmNic
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.services.adoption import Actor
from corral.services.gaps import Wish
from corral.store import SyncState
from corral.store.cloud_records import RecordFilter
from corral.store.drift import DriftFilter
from corral.wiring import Corral, build
from tests.cloud_world import SOURCE, group
from tests.e2e.support.estate import ARRAY, cinder_of, keystone_of, luns, vlan_network
from tests.e2e.support.lab import Api, Json, Lab
from tests.e2e.support.machines import Made

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

GIB = 1 << 30
ACTOR = Actor("operator", "admin", "req-e2e")
RECORD = {"policy": "sync", "wins": "record"}
QUICK = {"policy": "sync", "settle": 0, "looks": 2, "brake": {"least": 100}}


def settings(home: Path, source: str, said: Mapping[str, Any], **more: Any) -> config.Settings:
    file = home / "policy.yaml"
    file.write_text(yaml.safe_dump({"sources": {source: {**QUICK, **said}}}))
    return config.load(data_dir=home / "data", sync=config.SyncSettings(policy_file=file), **more)


def passes(corral: Corral, source: str, true: Callable[[], Any], seconds: float = 120) -> None:
    """Pass over the source until that is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, corral.drift.page(DriftFilter(), limit=100)
        if source == SOURCE:
            corral.surveyor.survey(source)
        corral.synchronizer.synchronize(source)
        for operation in corral.engine.operations(limit=100):
            if not operation.state.final:
                corral.engine.wait(operation.uuid, 60)


def drifts(corral: Corral) -> dict[Field, Drift]:
    return {one.field: one for one in corral.drift.page(DriftFilter(), limit=100)}


# --- a node -----------------------------------------------------------------------------------------------

NODES = "nodes"


@pytest.fixture
def nodes(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corral]:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", lab.clouds)
    said = {"fields": {"ports": RECORD, "name": "none"}, "allow": ["plug"]}
    options = {"cloud": "corral-system", "network_cloud": "corral"}
    source = {"name": NODES, "driver": "ironic", "options": options}
    made = build(settings(tmp_path, NODES, said, sources=[source]), hosts=(), emit=lambda *_a, **_k: None)
    made.engine.start()
    yield made
    made.stop()


def test_a_nodes_port_is_followed_in_neutron_and_plugged_in_again_in_ironic(
    nodes: Corral, lab: Lab, machine: Callable[..., Made]
) -> None:
    one = machine()
    assert one.port is not None
    port, flavor = one.port, nodes.flavors.create({"name": "gold", "resources": {"CUSTOM_GOLD": "1"}}, ACTOR).uuid
    wish = ManageRequest(one.name, one.uuid, flavor, (NetworkRequest(port_id=port),), NODES)
    adopted, operation = nodes.adoption.manage(wish, ACTOR)
    assert nodes.engine.wait(operation.uuid, 60).state == "succeeded"

    def server() -> Server:
        return nodes.servers.get(adopted.uuid)

    def in_neutron() -> Json:
        return dict(lab.neutron.get(f"/v2.0/ports/{port}")["port"])

    def vifs() -> list[str]:
        return [vif["id"] for vif in lab.ironic.get(f"/v1/nodes/{one.uuid}/vifs")["vifs"]]

    nodes.synchronizer.synchronize(NODES)
    assert drifts(nodes) == {}
    [nic] = server().nics

    # Another address and a port that is switched off: the record follows.
    subnet = in_neutron()["fixed_ips"][0]["subnet_id"]
    lab.neutron.call("PUT", f"/v2.0/ports/{port}", {"port": {"fixed_ips": [{"subnet_id": subnet}]}})
    new = tuple(ip["ip_address"] for ip in in_neutron()["fixed_ips"])
    if new == nic.addresses:
        lab.neutron.call("PUT", f"/v2.0/ports/{port}", {"port": {"fixed_ips": []}})
        new = ()
    passes(nodes, NODES, lambda: server().nics[0].addresses == new)
    lab.neutron.call("PUT", f"/v2.0/ports/{port}", {"port": {"admin_state_up": False}})
    passes(nodes, NODES, lambda: _agreed(nodes, adopted.uuid)[Field.WIRING] == [f"{port} {nic.network} {nic.mac} down"])
    lab.neutron.call("PUT", f"/v2.0/ports/{port}", {"port": {"admin_state_up": True}})
    passes(nodes, NODES, lambda: _agreed(nodes, adopted.uuid)[Field.WIRING] == [f"{port} {nic.network} {nic.mac}"])

    # Unplugged: Neutron forgets its MAC; it is plugged in again, and is as it was.
    lab.ironic.call("DELETE", f"/v1/nodes/{one.uuid}/vifs/{port}")
    assert (vifs(), in_neutron()["mac_address"] == one.mac) == ([], False)
    passes(nodes, NODES, lambda: vifs() == [port] and drifts(nodes) == {})
    assert in_neutron()["mac_address"] == one.mac
    assert server().nics[0].mac == one.mac

    # Deleted: that can't be mended, so it waits for a decision.
    lab.neutron.call("DELETE", f"/v2.0/ports/{port}")
    passes(
        nodes, NODES, lambda: drifts(nodes).get(Field.PORTS) and drifts(nodes)[Field.PORTS].state is DriftState.CONFLICT
    )
    nodes.drift.accept(drifts(nodes)[Field.PORTS], ACTOR)
    assert server().nics == ()
    assert server().power == "power on"


def _agreed(corral: Corral, server: str) -> Mapping[Field, Any]:
    return SyncState(corral.sql).agreed([server])[server].agreed


# --- a VM -------------------------------------------------------------------------------------------------


@dataclass
class Site:
    """A VM in memory whose disk is in the lab's array and whose NIC is on a VLAN of the lab's Neutron; both are recorded."""

    corral: Corral
    hosts: MemoryHosts
    vm: Vm
    cinder: Api
    lab: Lab
    network: str

    def passes(self, true: Callable[[], Any]) -> None:
        passes(self.corral, SOURCE, true)

    def change(self, **fields: Any) -> None:
        self.hosts.put(replace(self.hosts.vm(self.vm.id), **fields))

    def port(self) -> Json | None:
        found = self.lab.neutron.get(f"/v2.0/ports?network_id={self.network}")["ports"]
        return dict(found[0]) if found else None

    def addresses(self) -> list[str]:
        found = self.port()
        return [] if found is None else [ip["ip_address"] for ip in found["fixed_ips"]]

    def volume(self) -> Json | None:
        found = self.cinder.get("/volumes/detail?all_tenants=1")["volumes"]
        mine = [one for one in found if one["name"].startswith(self.vm.name)]
        assert len(mine) < 2
        return dict(mine[0]) if mine else None

    def used(self) -> bool:
        """Whether Cinder has the volume as its VM's."""
        found = self.volume()
        if found is None or found["status"] != "in-use":
            return False
        return [one["server_id"] for one in found["attachments"]] == [self.vm.id]

    def detach(self) -> None:
        found = self.cinder.get(f"/attachments/detail?all_tenants=1&volume_id={self.volume()['id']}")["attachments"]
        for one in found:
            self.cinder.call("DELETE", f"/attachments/{one['id']}")

    def unmanage(self) -> None:
        self.detach()
        self.cinder.call("POST", f"/volumes/{self.volume()['id']}/action", {"os-unmanage": None})
        end = time.monotonic() + 120
        while self.volume() is not None:
            assert time.monotonic() < end
            time.sleep(0.1)

    def records(self) -> dict[Kind, CloudRecord]:
        return {one.kind: one for one in self.corral.gaps.records(RecordFilter(vm=self.vm.id), limit=10)}

    def quiet(self) -> bool:
        """Whether nothing differs."""
        settling = self.corral.drift.page(DriftFilter(state="settling"), limit=10)
        return drifts(self.corral) == {} and not settling


@pytest.fixture
def site(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Site]]:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", lab.clouds)
    with ExitStack() as stack:

        def made(**said: Any) -> Site:
            around, mark = open_cloud("corral"), uuid.uuid4().hex[:8]
            stack.callback(around.close)
            if ARRAY not in {one.service for one in around.volumes(None).backends()}:
                pytest.skip("the lab's Cinder was started without the backend `array`; stop and start the lab")
            network, vlan = stack.enter_context(vlan_network(lab, mark))
            lun = {"name": f"sync-{mark}", "gib": 2, "wwn": f"naa.6005076801810523{mark}{mark}"}
            stack.enter_context(luns(lab, lun))
            cinder, keystone = stack.enter_context(cinder_of(lab)), stack.enter_context(keystone_of(lab))
            [project] = [one["id"] for one in keystone.get("/projects")["projects"] if one["name"] == "service"]
            hosts, vm = MemoryHosts(SOURCE), _vm(mark, vlan)
            hosts.add_host(replace(example_host(0), networks=(HostNetwork(f"br{vlan}", "bridge", vlan=vlan),)))
            hosts.put(vm)
            corral = build(
                settings(tmp_path, SOURCE, said),
                sources={},
                hosts=[group(hosts)],
                clouds={SOURCE: around},
                emit=lambda *_a, **_k: None,
            )
            stack.callback(corral.stop)
            corral.engine.start()
            one = Site(corral, hosts, vm, cinder, lab, network)
            stack.callback(_clean, one)
            _adopt_and_record(one, project)
            return one

        yield made


def _vm(mark: str, vlan: int) -> Vm:
    mac, wwn = f"52:54:79:{vlan >> 8:02x}:{vlan & 255:02x}:01", f"6005076801810523{mark}{mark}"
    nic = VmNic(mac, mac, "bridge", "virtio", bridge=f"br{vlan}", addresses=(Address("10.78.0.9", Origin.LEASE),))
    disk = VmDisk("sda", "block", bus="scsi", path=f"/dev/disk/by-id/wwn-0x{wwn}", wwn=f"0x{wwn}", size=2 * GIB)
    return replace(
        example_vm(example_host(0), 0), id=str(uuid.uuid4()), name=f"sync-{mark}", disks=(disk,), nics=(nic,)
    )


def _adopt_and_record(one: Site, project: str) -> None:
    one.corral.surveyor.survey(SOURCE)
    wish = ManageRequest(name=one.vm.name, node=one.vm.id, flavor="", networks=(), source=SOURCE, project=project)
    _, operation = one.corral.adoption.manage(wish, Actor("operator", project, "req-e2e"))
    assert one.corral.engine.wait(operation.uuid, 60).state == "succeeded"
    gaps = Wish(one.corral.hosts.get("kvm-01"), rules={"volumes": {"keeps": [ARRAY]}})
    plan = one.corral.gaps.plan(gaps)
    for each in one.corral.gaps.fill(gaps, plan, plan.digest, ACTOR):
        ended = one.corral.engine.wait(each.uuid, 120)
        assert ended.state == "succeeded", ended.error
    one.corral.synchronizer.synchronize(SOURCE)
    assert one.used()
    assert one.quiet()


def _clean(one: Site) -> None:
    if one.volume() is not None:
        one.unmanage()


def test_where_the_record_wins_what_was_changed_in_cinder_and_neutron_is_brought_back(
    site: Callable[..., Site],
) -> None:
    one = site(fields={"ports": RECORD, "volumes": RECORD})
    mac, lab, vm = one.vm.nics[0].mac, one.lab, one.hosts.vm(one.vm.id)

    # A port with another address, switched off; then without its VM's MAC; then none at all.
    port = one.port()
    assert port is not None
    change = {"fixed_ips": [{"ip_address": "10.78.0.99"}], "admin_state_up": False}
    lab.neutron.call("PUT", f"/v2.0/ports/{port['id']}", {"port": change})
    one.passes(lambda: one.addresses() == ["10.78.0.9"] and one.quiet())
    assert one.port()["admin_state_up"] is True
    lab.neutron.call("PUT", f"/v2.0/ports/{port['id']}", {"port": {"mac_address": "52:54:79:ff:ff:fe"}})
    one.passes(lambda: one.port()["mac_address"] == mac and one.quiet())
    lab.neutron.call("DELETE", f"/v2.0/ports/{port['id']}")
    one.passes(lambda: one.port() is not None and one.quiet())
    again = one.port()
    assert (again["mac_address"], again["id"] != port["id"]) == (mac, True)
    assert (again["device_id"], again["binding:vif_type"]) == (one.vm.id, "unbound")
    assert one.records()[Kind.PORT].made == again["id"]

    # A volume without its attachment; then one that Cinder was made to forget.
    before = one.volume()["id"]
    one.detach()
    assert not one.used()
    one.passes(lambda: one.used() and one.quiet())
    assert one.volume()["id"] == before
    one.unmanage()
    one.passes(lambda: one.used() and one.quiet())
    assert one.volume()["id"] != before
    assert one.records()[Kind.VOLUME].made == one.volume()["id"]
    assert one.hosts.vm(one.vm.id) == vm  # it is as it was all along


def test_what_changes_at_the_vm_is_carried_to_neutron_and_cinder(site: Callable[..., Site]) -> None:
    one = site()
    nic = one.vm.nics[0]
    one.change(nics=(replace(nic, addresses=(Address("10.78.0.55", Origin.AGENT),)),))
    one.passes(lambda: one.addresses() == ["10.78.0.55"] and one.quiet())
    one.change(nics=())
    one.passes(lambda: one.port() is None and one.quiet())
    assert set(one.records()) == {Kind.VOLUME}
    assert one.used()


def test_where_the_world_is_followed_what_is_gone_from_the_cloud_is_forgotten(site: Callable[..., Site]) -> None:
    one = site(policy="tolerate")
    one.lab.neutron.call("DELETE", f"/v2.0/ports/{one.port()['id']}")
    one.unmanage()
    one.passes(lambda: one.records() == {} and one.quiet())
    assert (one.port(), one.volume()) == (None, None)
