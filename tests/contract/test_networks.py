"""The laws of `contracts.cloud.Networks` and `Images`."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor

import pytest
from contract_yard import Yard, adopting, new_uuid

from corral.cloud.networks import NeutronNetworks
from corral.cloud.wire import Service
from corral.contracts.border import Purpose, crossing
from corral.domain.errors import Conflict, CorralError, NotFound
from corral.domain.machine import normal_mac
from corral.drivers.memory.world import new_mac


def test_ports_that_exist_are_found_and_others_are_absent(yard: Yard) -> None:
    ports = [yard.port(), yard.port()]
    found = yard.source.networks.ports([*ports, new_uuid(), "no-uuid", ""])
    assert sorted(found) == sorted(ports)
    one = found[ports[0]]
    assert (one.network, one.project, one.name, one.device, one.host) == (
        yard.network,
        yard.project,
        "contract-port",
        "",
        "",
    )
    assert one.mac == normal_mac(one.mac)
    assert yard.source.networks.ports([]) == {}


def test_many_ids_are_asked_for_in_batches(yard: Yard) -> None:
    port = yard.port()
    with crossing(Purpose.LOOK) as recorder:
        found = yard.source.networks.ports([port, *(new_uuid() for _ in range(250))])
    assert list(found) == [port]
    assert 1 < sum(call.path == "/v2.0/ports" for call in recorder.calls) < 10


def test_ports_are_found_by_mac_in_whatever_case(yard: Yard) -> None:
    mac = new_mac()
    port = yard.port(mac)
    for form in (mac, mac.upper(), mac.replace(":", "-")):
        assert yard.source.networks.ports_by_mac([form, new_mac()])[mac].id == port


def test_networks_that_exist_are_found(yard: Yard) -> None:
    found = yard.source.networks.networks([yard.network, new_uuid(), "no-uuid"])
    assert [(one.id, bool(one.name), one.shared) for one in found.values()] == [(yard.network, True, False)]


def test_networks_are_found_by_name(yard: Yard) -> None:
    [known] = yard.source.networks.networks([yard.network]).values()
    found = yard.source.networks.networks_named([known.name, "no such network", known.name.upper() + "-", ""])
    assert list(found) == [known.name]
    assert known in found[known.name]
    assert yard.source.networks.networks_named([]) == {}


def test_images_that_exist_are_found_and_nothing_but_a_uuid_is_sent(yard: Yard) -> None:
    with crossing(Purpose.LOOK) as recorder:
        assert yard.source.images.images(["https://example.org/x.qcow2", "file:///etc/passwd", ""]) == {}
    assert recorder.calls == []
    found = yard.source.images.images([yard.image, new_uuid(), "no-uuid"])
    assert [(one.id, one.name, one.status) for one in found.values()] == [(yard.image, "debian-12", "active")]


def test_binding_records_the_owner_and_restoring_brings_everything_back(yard: Yard) -> None:
    port, owner = yard.port(), new_uuid()
    before = yard.port_record(port)
    with adopting():
        snapshot = yard.source.networks.ports([port])[port].snapshot
        yard.source.networks.bind(port, owner)
        bound = yard.port_record(port)
        yard.source.networks.bind(port, owner)
        assert yard.port_record(port) == bound
        assert yard.source.networks.ports([port])[port].device == owner
        yard.source.networks.restore(port, snapshot)
        yard.source.networks.restore(port, snapshot)
    assert yard.port_record(port) == before


def test_binding_leaves_the_wiring_of_a_plugged_port_alone(yard: Yard) -> None:
    machine, port, owner = yard.machine(), yard.port(), new_uuid()
    with adopting():
        yard.source.machines.plug(machine, port)  # type: ignore[attr-defined]
        before = yard.source.networks.ports([port])[port]
        snapshot = yard.source.networks.ports([port])[port].snapshot
        yard.source.networks.bind(port, owner)
        bound = yard.source.networks.ports([port])[port]
        assert (bound.host, bound.mac, bound.status) == (before.host, before.mac, before.status)
        yard.source.networks.restore(port, snapshot)
        assert yard.source.networks.ports([port])[port] == before
        yard.source.machines.unplug(machine, port)  # type: ignore[attr-defined]


def test_a_port_of_another_device_cannot_be_bound(yard: Yard) -> None:
    port, owner, other = yard.port(), new_uuid(), new_uuid()
    with adopting():
        yard.source.networks.bind(port, other)
        before = yard.port_record(port)
        with pytest.raises(Conflict):
            yard.source.networks.bind(port, owner)
    assert yard.port_record(port) == before


def test_of_concurrent_bindings_one_wins_and_no_other_where_the_service_keeps_writers_apart(yard: Yard) -> None:
    port, owners = yard.port(), [new_uuid() for _ in range(8)]

    def race(owner: str) -> str | CorralError:
        try:
            yard.source.networks.bind(port, owner)
        except Conflict as exc:
            return exc
        return owner

    with adopting(), ThreadPoolExecutor(8) as pool:
        started = [pool.submit(contextvars.copy_context().run, race, owner) for owner in owners]
        winners = [one.result() for one in started if isinstance(one.result(), str)]
    device = yard.source.networks.ports([port])[port].device
    assert device in winners
    # Elsewhere a loser may be told that it has won: that is why `manage` reads the port again before it is done.
    assert winners == [device] or not yard.keeps_writers_apart


def test_a_port_that_was_just_seen_is_bound_without_another_look(yard: Yard) -> None:
    port, owner = yard.port(), new_uuid()
    seen = yard.source.networks.ports([port])[port].snapshot
    with adopting() as recorder:
        yard.source.networks.bind(port, owner, seen)
    assert [call.method for call in recorder.calls] == ["PUT"]
    assert yard.source.networks.ports([port])[port].device == owner


def test_a_port_that_was_taken_since_it_was_seen_cannot_be_bound(yard: Yard) -> None:
    port = yard.port()
    seen = yard.source.networks.ports([port])[port].snapshot
    with adopting():
        yard.source.networks.bind(port, new_uuid())
        before = yard.port_record(port)
        with pytest.raises(Conflict):
            yard.source.networks.bind(port, new_uuid(), seen)
    assert yard.port_record(port) == before


def test_a_port_that_has_only_moved_on_since_it_was_seen_is_looked_at_again_and_bound(yard: Yard) -> None:
    port, owner = yard.port(), new_uuid()
    seen = yard.source.networks.ports([port])[port].snapshot
    with adopting():
        yard.source.networks.bind(port, new_uuid())
        yard.source.networks.restore(port, seen)
        yard.source.networks.bind(port, owner, seen)
    assert yard.source.networks.ports([port])[port].device == owner


def test_a_port_that_is_gone_is_restored_already_but_cannot_be_bound(yard: Yard) -> None:
    with adopting():
        yard.source.networks.restore(new_uuid(), {"device_id": "", "device_owner": ""})
        for seen in (None, yard.source.networks.ports([port := yard.port()])[port].snapshot):
            with pytest.raises(NotFound):
                yard.source.networks.bind(new_uuid(), new_uuid(), seen)


def test_restoring_takes_nothing_from_who_has_the_port_by_now(yard: Yard) -> None:
    port = yard.port()
    with adopting():
        snapshot = yard.source.networks.ports([port])[port].snapshot
        yard.source.networks.bind(port, new_uuid())
        yard.source.networks.restore(port, snapshot)
        someone_else(yard, port)
        before = yard.port_record(port)
        yard.source.networks.restore(port, snapshot)
    assert yard.port_record(port) == before


def someone_else(yard: Yard, port: str) -> None:
    neutron = getattr(yard, "_neutron", None)
    if neutron is not None:
        neutron.must("PUT", f"/v2.0/ports/{port}", {"port": {"device_id": "theirs", "device_owner": "compute:nova"}})
    else:
        found = yard.world.ports[port]  # type: ignore[attr-defined]
        found.device, found.device_owner = "theirs", "compute:nova"


def test_a_port_is_made_once_however_often_it_is_asked_for(yard: Yard) -> None:
    owner, mac = new_uuid(), new_mac()
    networks = yard.source.networks
    with adopting():
        made = networks.create(yard.network, mac.upper(), owner, yard.project, "contract-new")
        again = networks.create(yard.network, mac, owner, yard.project, "contract-new")
        assert (made.id, made.mac, made.device, made.project, made.vnic_type) == (
            again.id,
            mac,
            owner,
            yard.project,
            "baremetal",
        )
        assert [port.id for port in networks.created_for(owner)] == [made.id]
        networks.delete(made.id, owner)
        assert networks.ports([made.id]) == {}
        networks.delete(made.id, owner)
        assert networks.created_for(owner) == ()


def test_an_answer_that_was_lost_does_not_make_a_second_port(yard: Yard) -> None:
    from contract_yard import BreakingWire

    owner, mac = new_uuid(), new_mac()
    with adopting():
        network_wire = yard.source.networks._service._wire  # type: ignore[attr-defined]
        broken = NeutronNetworks(Service(BreakingWire(network_wire, 0, "after"), "network"))
        with pytest.raises(CorralError):
            broken.create(yard.network, mac, owner, yard.project, "contract-lost")
        made = yard.source.networks.created_for(owner)
        assert len(made) == 1
        assert yard.source.networks.create(yard.network, mac, owner, yard.project, "contract-lost") == made[0]
        yard.source.networks.delete(made[0].id, owner)


def test_a_mac_that_is_taken_is_a_conflict(yard: Yard) -> None:
    mac, owner = new_mac(), new_uuid()
    yard.port(mac)
    with adopting(), pytest.raises(Conflict):
        yard.source.networks.create(yard.network, mac, owner, yard.project, "contract-taken")
    assert yard.source.networks.created_for(owner) == ()


def test_only_ports_that_were_made_for_the_owner_are_deleted(yard: Yard) -> None:
    found, owner, other = yard.port(), new_uuid(), new_uuid()
    with adopting():
        yard.source.networks.delete(found, owner)
        yard.source.networks.bind(found, owner)
        yard.source.networks.delete(found, owner)
        made = yard.source.networks.create(yard.network, new_mac(), other, yard.project, "contract-other")
        yard.source.networks.delete(made.id, owner)
        assert sorted(yard.source.networks.ports([found, made.id])) == sorted([found, made.id])
        yard.source.networks.delete(made.id, other)
