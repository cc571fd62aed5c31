"""Ports that changed outside Neutron's usual ways, and volumes that changed outside Cinder: seen, and in `sync` repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cloud_bench import CloudBench
from sync_bench import ACTOR, NET, Bench, mac, node_id, port_id

from corral.contracts.border import Purpose, crossing
from corral.domain.drift import DriftState, Field
from corral.domain.errors import Breach
from corral.domain.gaps import Kind
from corral.drivers.memory import Answered
from corral.drivers.memory.world import NicRecord, Port
from tests.cloud_world import ARRAY, DB, GIB, SUBNET, lun
from tests.cloud_world import mac as vm_mac

Make = Callable[..., Bench]
PLUG = {"ports": {"policy": "sync", "wins": "record"}, "name": "none"}


# --- nodes ------------------------------------------------------------------------------------------------


def port(one: Bench, number: int = 1) -> Port:
    return one.memory.world.ports[port_id(number)]


def adopted(bench: Make, machines: int = 2, **policy: Any) -> Bench:
    one = bench(machines=machines, **{"fields": {"name": "none"}, "brake": {"least": 10}, **policy})
    for number in range(1, machines + 1):
        port(one, number).addresses = (("subnet", f"192.0.2.{number}"),)
    one.adopt(*range(1, machines + 1))
    one.look()
    assert one.drifts() == one.drifts("settling") == []
    assert [nic.addresses for nic in one.server(1).nics] == [("192.0.2.1",)]
    return one


CHANGES: dict[int, tuple[Field, Callable[[Port], None]]] = {
    1: (Field.ADDRESSES, lambda port: setattr(port, "addresses", (("subnet", "192.0.2.99"),))),
    2: (Field.WIRING, lambda port: setattr(port, "mac", "52:54:00:00:99:99")),
    3: (Field.WIRING, lambda port: setattr(port, "network", "cccccccc-0000-4000-8000-00000000000f")),
    4: (Field.WIRING, lambda port: setattr(port, "up", False)),
    5: (Field.WIRING, lambda port: setattr(port, "device", node_id(50))),
}
"""By machine, what changes of its port in Neutron: its address, MAC, network, state, device."""


@pytest.mark.parametrize("policy", ["none", "tolerate", "sync"])
def test_a_port_that_changed_in_neutron_is_seen_and_followed(bench: Make, policy: str) -> None:
    one = adopted(bench, machines=5, policy=policy)
    before = {number: one.server(number) for number in CHANGES}
    for number, (_, act) in CHANGES.items():
        act(port(one, number))
    one.looks(3)
    if policy == "none":
        assert {drift.machine: (drift.field, drift.state) for drift in one.drifts()} == {
            node_id(number): (what, DriftState.OPEN) for number, (what, _) in CHANGES.items()
        }
        assert all(one.server(number) == server for number, server in before.items())
        down = one.drift(4, Field.WIRING)
        assert (down.record, down.world) == ([f"{port_id(4)} {NET} {mac(4)}"], [f"{port_id(4)} {NET} {mac(4)} down"])
    else:
        assert one.drifts() == one.drifts("settling") == []
        for number in CHANGES:
            [nic], there = one.server(number).nics, port(one, number)
            assert (nic.mac, nic.network) == (there.mac, there.network)
            assert nic.addresses == tuple(ip for _, ip in there.addresses)
        counts = one.look()
        assert {what: number for what, number in counts.items() if number} == {"servers": 5}
    assert one.acts() == []


def unplug(one: Bench, number: int) -> None:
    one.node(number).nics[0].vif = None
    port(one, number).mac, port(one, number).host = "fa:16:3e:00:00:01", ""


def test_a_port_is_plugged_in_again_only_where_a_rule_says_plug_and_only_if_there_is_one(bench: Make) -> None:
    rules = [{"name": "server-2", "allow": ["start", "stop"]}]
    one = adopted(bench, machines=4, policy="sync", fields=PLUG, allow=["plug"], servers=rules)
    before = {number: one.server(number).nics for number in range(1, 5)}
    unplug(one, 1)
    unplug(one, 2)
    del one.memory.world.ports[port_id(3)]  # Ironic goes on telling that it is plugged in
    one.memory.world.ports[port_id(50)] = Port(port_id(50), mac(77), NET, "bank")
    one.node(4).nics.append(NicRecord("eeeeeeee-0000-4000-8000-000000000077", mac(77), vif=port_id(50)))
    one.looks(8, between=61)
    assert (one.node(1).nics[0].vif, one.server(1).nics) == (port_id(1), before[1])
    assert one.node(4).nics[1].vif == port_id(50), "what somebody else plugged in is not unplugged"
    assert one.acts() == [("POST", f"/v1/nodes/{node_id(1)}/vifs")]
    queue = {drift.machine: drift for drift in one.drifts()}
    assert {(drift.machine, drift.field, drift.state) for drift in queue.values()} == {
        (node_id(number), Field.PORTS, DriftState.CONFLICT) for number in (2, 3, 4)
    }, "a MAC that is another one because the port is unplugged is no difference of its own"
    assert "plug ports into the machine" in queue[node_id(2)].why
    failed = " ".join(str(operation.error) for operation in one.corral.engine.operations(limit=100))
    assert f"{port_id(3)} do not exist any more" in failed
    assert f"{port_id(50)} are plugged into" in failed
    for number, left in ((3, []), (4, sorted([port_id(4), port_id(50)]))):
        one.corral.drift.accept(queue[node_id(number)], ACTOR)
        assert sorted(nic.port for nic in one.server(number).nics) == left
    one.looks(2)
    assert [drift.machine for drift in one.drifts()] == [node_id(2)]
    _, operation = one.corral.adoption.unmanage(one.server(1), ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"


def test_a_port_that_was_deleted_in_neutron_is_recorded_as_lost(bench: Make) -> None:
    one = adopted(bench, policy="tolerate")
    del one.memory.world.ports[port_id(1)]
    one.looks(3)
    assert one.drifts() == one.drifts("settling") == []
    assert one.server(1).nics == ()


def test_while_neutron_does_not_answer_nothing_of_it_is_believed_and_the_rest_goes_on(bench: Make) -> None:
    one = adopted(bench, policy="tolerate")
    before = one.server(1).nics

    def silent(moment: str) -> None:
        if moment.startswith("before GET /v2.0"):
            raise Answered(503)

    one.memory.faults = silent
    one.node(1).power = "power off"
    one.looks(3)
    assert (one.server(1).power, one.server(1).nics) == ("power off", before)
    assert "Ports are not compared" in one.corral.drift.source("lab").state.problem
    one.memory.faults = None
    one.look()
    assert one.corral.drift.source("lab").state.problem is None
    assert one.drifts() == []


# --- VMs --------------------------------------------------------------------------------------------------


Clouded = Callable[..., CloudBench]
RECORD = {"ports": {"policy": "sync", "wins": "record"}, "volumes": {"policy": "sync", "wins": "record"}}


@pytest.fixture
def clouded(tmp_path: Path) -> Iterator[Clouded]:
    with ExitStack() as stack:

        def made(**policy: Any) -> CloudBench:
            one = CloudBench(tmp_path, **policy)
            stack.callback(one.corral.stop)
            return one

        yield made


def test_what_changes_at_the_vm_is_carried_to_neutron(clouded: Clouded) -> None:
    one = clouded(policy="sync")
    one.move_to("10.12.0.77")
    one.looks()
    assert (one.addresses(), one.drifts()) == (["10.12.0.77"], {})
    assert one.acts() == {("PUT", "network")}
    # It is switched off, say: of that it has no address nobody concludes that it needs none.
    one.change(nics=(replace(one.vm().nics[0], addresses=()),))
    one.looks()
    assert (one.addresses(), one.drifts()) == (["10.12.0.77"], {})
    # Its NIC is taken out.
    one.change(nics=())
    one.looks()
    assert one.cloud.world.ports == {}
    assert ([record.kind for record in one.records()], one.drifts()) == ([Kind.VOLUME], {})
    assert one.acts() == {("PUT", "network"), ("DELETE", "network")}


def test_under_none_and_tolerate_nothing_is_written_to_the_cloud(clouded: Clouded) -> None:
    one = clouded(policy="tolerate", fields={"volumes": "none"})
    one.move_to("10.12.0.77")
    one.detach()
    one.looks()
    port, volume = one.drifts()[Field.PORTS], one.drifts()[Field.VOLUMES]
    assert (port.record, port.world) == ([f"{vm_mac(1)} 10.12.0.77"], [f"{vm_mac(1)} 10.12.0.11"])
    assert (volume.record, volume.world) == (["sda 2 GiB attached"], ["sda 2 GiB available"])
    assert {port.state, volume.state} == {DriftState.OPEN}
    assert (one.addresses(), one.attached(), one.acts()) == (["10.12.0.11"], [], set())


def test_where_the_record_wins_ports_are_brought_back_and_made_again(clouded: Clouded) -> None:
    one = clouded(policy="sync", fields=RECORD)
    before = one.port.id
    one.port.addresses, one.port.up, one.port.mac = ((SUBNET, "10.12.0.99"),), False, vm_mac(99)
    one.looks(3)
    assert (one.addresses(), one.port.up, one.port.mac, one.drifts()) == (["10.12.0.11"], True, vm_mac(1), {})
    one.cloud.world.ports.clear()
    one.looks(3)
    assert (one.addresses(), one.port.mac, one.port.id != before, one.drifts()) == (["10.12.0.11"], vm_mac(1), True, {})
    [record] = [record for record in one.records() if record.kind is Kind.PORT]
    assert record.made == one.port.id
    # Nova has it now: that is theirs to change.
    one.port.device_owner = "compute:nova"
    one.looks(8)
    found = one.drifts()[Field.PORTS]
    assert (found.state, found.world) == (DriftState.CONFLICT, [f"{vm_mac(1)} 10.12.0.11 of compute:nova {DB}"])
    assert one.port.device_owner == "compute:nova"
    one.corral.drift.accept(found, ACTOR)
    one.looks(2)
    assert one.drifts() == {}


def test_what_was_taken_from_neutron_stays_until_either_side_changes_again(clouded: Clouded) -> None:
    one = clouded(policy="sync")
    one.port.addresses = ((SUBNET, "10.12.0.99"),)
    one.looks(4)
    assert (one.addresses(), one.drifts(), one.acts()) == (["10.12.0.99"], {}, set())
    one.move_to("10.12.0.55")
    one.looks(3)
    assert (one.addresses(), one.drifts()) == (["10.12.0.55"], {})
    # Both change: neither is overwritten until somebody decides.
    one.port.addresses = ((SUBNET, "10.12.0.98"),)
    one.move_to("10.12.0.54")
    one.looks(3)
    found = one.drifts()[Field.PORTS]
    assert (found.state, one.addresses()) == (DriftState.CONFLICT, ["10.12.0.98"])
    operation = one.corral.drift.restore(found, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"
    one.looks(1)
    assert (one.addresses(), one.drifts()) == (["10.12.0.54"], {})


def test_where_the_record_wins_volumes_are_attached_and_managed_again_where_they_are(clouded: Clouded) -> None:
    one = clouded(policy="sync", fields=RECORD)
    before = one.volume["id"]
    one.detach()
    one.looks(3)
    assert (one.volume["status"], one.attached(), one.drifts()) == ("in-use", [DB], {})
    assert one.acts() == {("POST", "block-storage")}
    one.cloud.world.storage.slow = True
    one.delete_volume()
    one.looks(3)
    assert (one.volume["id"] != before, one.volume["reference"]) == (True, {"source-name": "lun-db"})
    assert (one.attached(), one.drifts()) == ([DB], {})
    [record] = [record for record in one.records() if record.kind is Kind.VOLUME]
    assert (record.made, one.volume["metadata"]) == (one.volume["id"], {"corral:record": record.id})
    # The storage has it no more: it is not made up, and accepting forgets the record.
    one.delete_volume()
    one.cloud.world.storage.luns[ARRAY] = [lun("lun-else", 2, "naa.6005076801810523100000000000a002")]
    one.looks(5)
    found = one.drifts()[Field.VOLUMES]
    assert (found.state, one.cloud.world.storage.volumes) == (DriftState.CONFLICT, {})
    one.corral.drift.accept(found, ACTOR)
    assert [record.kind for record in one.records()] == [Kind.PORT]


def test_a_disk_that_grew_or_is_another_is_told_and_cinder_is_left_as_it_is(clouded: Clouded) -> None:
    one = clouded(policy="sync")
    before = dict(one.volume)
    one.change(disks=(replace(one.vm().disks[0], size=3 * GIB),))
    one.looks(6)
    found = one.drifts()[Field.VOLUMES]
    assert (found.record, found.world) == (["sda 3 GiB attached"], ["sda 2 GiB attached"])
    assert (found.state, one.acts()) == (DriftState.CONFLICT, set())
    one.corral.drift.accept(found, ACTOR)
    one.looks(3)
    assert one.drifts() == {}
    one.change(disks=(replace(one.vm().disks[0], path="/dev/disk/by-id/wwn-0xanother", wwn="0xanother"),))
    one.looks(3)
    found = one.drifts()[Field.VOLUMES]
    assert (found.record, found.world) == ([], ["sda 2 GiB attached"])
    assert (one.volume, one.attached()) == (before, [DB])


def test_a_volume_in_error_that_is_elsewhere_by_now_is_left_to_people(clouded: Clouded) -> None:
    one = clouded(policy="sync", fields=RECORD)
    one.volume["status"], one.volume["host"] = "error", "cinder@other#pool"
    one.looks(6)
    found = one.drifts()[Field.VOLUMES]
    assert (found.state, found.world) == (DriftState.CONFLICT, ["sda 2 GiB error on cinder@other#pool"])
    assert one.acts() == set()


def test_a_cloud_that_does_not_answer_or_answers_nonsense_for_once_loses_nothing(clouded: Clouded) -> None:
    one = clouded(policy="tolerate")

    def silent(moment: str) -> None:
        if moment.startswith(("before GET /v3/volumes", "before GET /v2.0/ports")):
            raise Answered(503)

    one.cloud.faults = silent
    one.looks(3)
    problem = one.corral.drift.sources()[0].state.problem
    assert "Ports of VMs are not compared" in problem
    assert "Volumes of VMs are not compared" in problem
    one.cloud.faults = None
    storage, ports = one.cloud.world.storage.volumes, dict(one.cloud.world.ports)
    one.cloud.world.storage.volumes = {}
    one.cloud.world.ports.clear()
    one.looks(1)
    assert one.corral.drift.sources()[0].state.problem is None
    one.cloud.world.storage.volumes = storage
    one.cloud.world.ports.update(ports)
    one.looks(2)
    assert {record.kind for record in one.records()} == {Kind.VOLUME, Kind.PORT}
    assert one.drifts() == {}
    one.delete_volume()
    one.cloud.world.ports.clear()
    one.looks(3)
    assert (one.records(), one.drifts()) == ([], {}), "what stays away is gone"


def test_a_pass_without_change_asks_each_service_for_one_list_and_no_purpose_may_touch_data(clouded: Clouded) -> None:
    one = clouded(policy="sync")
    asked: list[str] = []
    one.cloud.faults = lambda moment: asked.append(moment) if moment.startswith("before") else None
    one.looks(1)
    one.cloud.faults = None
    assert sorted(set(asked)) == ["before GET /v2.0/ports", "before GET /v3/volumes/detail"]
    assert len(asked) <= 4  # a page, and the empty one after it
    volume, port = f"/v3/volumes/{one.volume['id']}", f"/v2.0/ports/{one.port.id}"
    for service, method, path, body in (
        ("block-storage", "POST", f"{volume}/action", {"os-extend": {"new_size": 3}}),
        ("block-storage", "POST", f"{volume}/action", {"os-retype": {"new_type": "x"}}),
        ("block-storage", "POST", f"{volume}/action", {"os-force_detach": {}}),
        ("block-storage", "POST", f"{volume}/action", {"os-unmanage": None}),
        ("block-storage", "DELETE", volume, None),
        ("network", "PUT", port, {"port": {"device_id": DB}}),
        ("network", "PUT", port, {"port": {"admin_state_up": False}}),
    ):
        border = one.cloud.around.border
        with crossing(Purpose.SYNC), pytest.raises(Breach), border.admit(service, method, path, body):
            raise AssertionError("it was admitted")
