"""What Neutron and Cinder have of a server, as sides that are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from corral.domain.drift import Field
from corral.domain.gaps import CloudRecord, Filling, Kind
from corral.domain.gaps_ports import OWNER, CloudPort
from corral.domain.lifecycle import Status
from corral.domain.machine import FixedIp, NetworkPort
from corral.domain.server import Server, ServerNic
from corral.domain.sync_cloud import (
    Beside,
    addresses_in,
    beside,
    gib_in,
    node_facts,
    node_record,
    refreshed,
    with_vm,
)
from corral.domain.vm import Address, Origin, Vm, VmDisk, VmNic

P1, P2, NET, SERVER = "port-1", "port-2", "net-1", "server-1"
MAC = "52:54:00:00:00:01"
GIB = 1 << 30


def port(ident: str = P1, **fields: object) -> NetworkPort:
    made = NetworkPort(ident, MAC, NET, "bank", device=SERVER, fixed_ips=(FixedIp("192.0.2.1"),))
    return replace(made, **fields)  # type: ignore[arg-type]


def server(*nics: ServerNic) -> Server:
    return Server(SERVER, "web", "lab", "node-1", "bank", Status.ACTIVE, "gold", nics=nics)


NIC = ServerNic(P1, NET, MAC, ("192.0.2.1",))


# --- nodes ------------------------------------------------------------------------------------------------


def test_record_and_neutron_say_the_same_where_nothing_changed() -> None:
    world = node_facts({Field.PORTS: [P1]}, SERVER, [P1], {P1: port()})
    record = node_record(server(NIC), {Field.WIRING: world[Field.WIRING]})
    assert {what: world[what] for what in record} == record
    assert world[Field.PORTS] == [P1]


def test_a_port_that_neutron_does_not_know_is_plugged_in_nowhere_and_nothing_else_is_told() -> None:
    assert node_facts({Field.PORTS: [P1, P2]}, SERVER, [P1, P2], {P2: port(P2)}) == {Field.PORTS: [P2]}


def test_of_an_unplugged_port_its_new_mac_is_not_told() -> None:
    facts = node_facts({Field.PORTS: []}, SERVER, [P1], {P1: port(mac="fa:16:3e:00:00:01")})
    assert facts == {Field.PORTS: []}


def test_before_the_first_look_nothing_is_known_of_the_wiring() -> None:
    assert Field.WIRING not in node_record(server(NIC), {})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"up": False}, "port-1 net-1 52:54:00:00:00:01 down"),
        ({"device": "vm-9", "device_owner": "compute:nova"}, "port-1 net-1 52:54:00:00:00:01 of compute:nova vm-9"),
        ({"network": "net-2"}, "port-1 net-2 52:54:00:00:00:01"),
    ],
)
def test_what_neutron_says_of_a_port_can_be_agreed_on(changed: dict[str, object], said: str) -> None:
    there = port(**changed)
    world = node_facts({Field.PORTS: [P1]}, SERVER, [P1], {P1: there})
    assert world[Field.WIRING] == [said]
    before = server(NIC)
    assert node_record(before, {Field.WIRING: ["port-1 net-1 52:54:00:00:00:01"]})[Field.WIRING] != [said]
    after = refreshed(before, [Field.WIRING], {P1: there})
    assert node_record(after, {Field.WIRING: [said]})[Field.WIRING] == [said]
    assert after.nics[0].addresses == NIC.addresses


# --- VMs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Volume:
    id: str = "vol-1"
    status: str = "in-use"
    backend: str = "cinder@array#pool"
    gib: int | None = 2
    attached: tuple[str, ...] = ("vm-1",)
    moving: bool = False


def record(kind: Kind, part: str, state: Filling = Filling.MADE) -> CloudRecord:
    wanted = {"host": "cinder@array#pool", "fixed_ips": [{"subnet_id": "s", "ip_address": "192.0.2.1"}]}
    return CloudRecord(f"rec-{kind}", kind, state, "racks", "vm-1", "db", part, "bank", "c", wanted, "op", "made-1")


DISK = VmDisk("sda", "block", path="/dev/a", size=2 * GIB)
VM = Vm(
    "racks", "host", "vm-1", "db", disks=(DISK,),
    nics=(VmNic(MAC, MAC, "bridge", addresses=(Address("192.0.2.1", Origin.AGENT),)),),
)  # fmt: skip
THERE = CloudPort("made-1", MAC, NET, device="vm-1", device_owner=OWNER, addresses=(("s", "192.0.2.1"),))
RECORDS = (record(Kind.PORT, MAC), record(Kind.VOLUME, "sda"))


def seen(
    vm: Vm = VM, there: CloudPort | None = THERE, volume: Volume | None = Volume(), basis: Beside | None = None
) -> Beside:
    """What is seen of the VM's records. `basis`: what was seen when both sides last agreed."""
    bases = {} if basis is None else {one.record.id: one.has for one in basis.parts}
    ports = {} if there is None else {"rec-port": there}
    volumes = {} if volume is None else {"rec-volume": volume}
    return with_vm(beside([(one, bases.get(one.id)) for one in RECORDS], ports, volumes), vm)


def test_a_vm_and_its_records_say_the_same_where_nothing_changed() -> None:
    found = seen()
    assert found.facts == found.record({}) == {
        Field.PORTS: [f"{MAC} 192.0.2.1"], Field.VOLUMES: ["sda 2 GiB attached"],
    }  # fmt: skip
    assert set(found.bases([Field.PORTS, Field.VOLUMES])) == {"rec-port", "rec-volume"}
    assert seen(basis=found).bases([Field.PORTS, Field.VOLUMES]) == {}


def test_what_was_agreed_on_is_the_records_side_until_the_vm_changes() -> None:
    first = seen()
    agreed = {Field.PORTS: [f"{MAC} 192.0.2.99"], Field.VOLUMES: ["sda 2 GiB available"]}
    assert seen(basis=first).record(agreed) == agreed
    nic = replace(VM.nics[0], addresses=(Address("192.0.2.7", Origin.AGENT),))
    assert seen(replace(VM, nics=(nic,)), basis=first).record(agreed)[Field.PORTS] == [f"{MAC} 192.0.2.7"]
    grown = replace(VM, disks=(replace(DISK, size=3 * GIB),))
    assert seen(grown, basis=first).record(agreed)[Field.VOLUMES] == ["sda 3 GiB attached"]


def test_silence_about_addresses_and_sizes_is_no_change() -> None:
    first = seen()
    silent = replace(VM, nics=(replace(VM.nics[0], addresses=()),), disks=(replace(DISK, size=0),))
    agreed = first.facts
    assert seen(silent, basis=first).record(agreed) == agreed
    assert seen(silent).record({}) == agreed  # also when nothing was ever agreed on


def test_what_the_vm_has_no_more_is_wanted_no_more() -> None:
    first = seen()
    assert seen(replace(VM, nics=()), basis=first).record(first.facts)[Field.PORTS] == []
    other = replace(VM, disks=(replace(DISK, path="/dev/b"),))
    assert seen(other, basis=first).record(first.facts)[Field.VOLUMES] == []


@pytest.mark.parametrize(
    ("volume", "said"),
    [
        (Volume(status="available", attached=()), "sda 2 GiB available"),
        (Volume(attached=("vm-1", "vm-2")), "sda 2 GiB attached to vm-2"),
        (Volume(attached=()), "sda 2 GiB in-use"),
        (Volume(backend="cinder@other#pool"), "sda 2 GiB attached on cinder@other#pool"),
        (Volume(gib=5), "sda 5 GiB attached"),
    ],
)
def test_what_cinder_says_of_a_volume(volume: Volume, said: str) -> None:
    assert seen(volume=volume).facts[Field.VOLUMES] == [said]
    assert (gib_in(said) is None) == (said not in ("sda 5 GiB attached",))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mac": "52:54:00:00:00:09"}, f"{MAC} 192.0.2.1 with MAC 52:54:00:00:00:09"),
        ({"up": False}, f"{MAC} 192.0.2.1 down"),
        ({"device_owner": "compute:nova"}, f"{MAC} 192.0.2.1 of compute:nova vm-1"),
        ({"addresses": ()}, f"{MAC} no address"),
    ],
)
def test_what_neutron_says_of_a_port(changed: dict[str, object], said: str) -> None:
    found = seen(there=replace(THERE, **changed))  # type: ignore[arg-type]
    assert found.facts[Field.PORTS] == [said]
    assert addresses_in(said) == ([] if said.endswith("no address") else None)


def test_where_something_is_under_way_or_unsure_or_nobody_could_be_asked_nothing_is_told() -> None:
    assert Field.VOLUMES not in seen(volume=Volume(moving=True)).facts
    making = [(record(Kind.PORT, MAC, Filling.REVERTING), None)]
    assert Field.PORTS not in beside(making, {}, {}).facts
    assert beside([(one, None) for one in RECORDS], None, {}).told == {Field.VOLUMES}
    assert beside([(one, None) for one in RECORDS], {}, {}, ["rec-volume"]).told == {Field.PORTS}


def test_records_of_what_is_gone_go_when_that_is_taken_over() -> None:
    found = seen(there=None)
    assert [one.id for one in found.gone({Field.PORTS: []})] == ["rec-port"]
    assert found.gone({Field.VOLUMES: found.facts[Field.VOLUMES]}) == ()
