"""The contract of cloud records, for the double in memory and for the lab's real Cinder, Neutron and Keystone alike."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from contract_clouds import Ground, LabGround, MemoryGround
from contract_yard import BreakingWire

from corral.cloud.records import RULES
from corral.cloud.volumes import CinderVolumes
from corral.cloud.volumes_ports import NeutronRecords
from corral.cloud.wire import Service
from corral.contracts.border import Border, Purpose, crossing
from corral.contracts.cloud_records import CloudVolume
from corral.domain.errors import Breach, Conflict, CorralError
from corral.domain.gaps_ports import OWNER

_MACS = itertools.count(int(time.time()) % 65536 * 256)


@pytest.fixture(params=["memory", pytest.param("lab", marks=pytest.mark.lab)])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    made: Ground = MemoryGround() if request.param == "memory" else _in_lab(request.getfixturevalue("lab"))
    yield made
    made.close()


def _in_lab(lab: dict[str, Any]) -> LabGround:
    made = LabGround(lab)
    if made.array not in {one.service for one in made.around.volumes(None).backends()}:
        made.close()
        pytest.skip("the lab's Cinder was started without the backend `array`; stop and start the lab")
    return made


def new_id() -> str:
    return str(uuid.uuid4())


def new_wwn() -> str:
    return f"naa.6005076801810523{uuid.uuid4().hex[:16]}"


def new_mac() -> str:
    number = next(_MACS)
    return f"52:54:77:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def recording() -> Any:
    return crossing(Purpose.RECORD)


def wanted_volume(ground: Ground, name: str) -> dict[str, Any]:
    return {"host": f"{ground.array}#array", "ref": {"source-name": name}, "name": "contract-sda", "description": "d"}


def settled(ground: Ground, record: str, seconds: float = 120) -> CloudVolume | None:
    end = time.monotonic() + seconds
    while (found := ground.around.volumes(None).marked(record)) is not None and found.moving:
        assert time.monotonic() < end, found
        time.sleep(0.1)
    return found


def wanted_port(ground: Ground, machine: str, mac: str, ip: str) -> dict[str, Any]:
    return {
        "network_id": ground.network,
        "mac_address": mac,
        "fixed_ips": [{"subnet_id": ground.subnet, "ip_address": ip}] if ip else [],
        "device_id": machine,
        "device_owner": OWNER,
        "name": "contract-vm",
        "project_id": ground.project,
    }


# --- volumes ----------------------------------------------------------------------------------------------


def test_backends_tell_what_can_be_managed_with_its_size_and_what_a_host_knows_it_by(ground: Ground) -> None:
    wwn = new_wwn()
    name = ground.add_lun(wwn, 3)
    volumes = ground.around.volumes(None)
    assert [one.pool for one in volumes.backends() if one.service == ground.array] == ["array"]
    [found] = [one for one in volumes.manageable(ground.array) if one.reference == {"source-name": name}]
    assert (found.gib, found.safe, found.cinder_id, found.extra["wwn"]) == (3, True, "", wwn)


def test_a_volume_is_managed_attached_and_let_go_and_every_step_may_be_asked_for_again(ground: Ground) -> None:
    name, record, machine = ground.add_lun(new_wwn(), 2), new_id(), new_id()
    volumes = ground.around.volumes(None)
    with recording() as recorder:
        volumes.manage(record, wanted_volume(ground, name))
        made = settled(ground, record)
        assert made is not None
        assert (made.status, made.gib, made.name, made.record, made.project) == (
            "available", 2, "contract-sda", record, ground.project if made.project != "service" else "service",
        )  # fmt: skip
        assert volumes.manage(record, wanted_volume(ground, name)).id == made.id
        assert volumes.known([made.id, new_id(), "no-uuid"]) == {made.id}
        for _ in range(2):
            volumes.attach(made.id, machine)
        attached = settled(ground, record)
        assert attached is not None
        assert (attached.status, attached.attached) == ("in-use", (machine,))
        assert [one["connection_info"] for one in ground.attachments(made.id)] == [{}]
        [listed] = [one for one in volumes.manageable(ground.array) if one.reference == {"source-name": name}]
        assert (listed.cinder_id, listed.safe) == (made.id, False)
        with pytest.raises(Conflict):
            volumes.unmanage(record)
        for _ in range(2):
            volumes.detach(made.id, machine)
        volumes.unmanage(record)
        assert settled(ground, record) is None
        volumes.unmanage(record)
    assert all(call.allowed for call in recorder.calls)
    [left] = [one for one in volumes.manageable(ground.array) if one.reference == {"source-name": name}]
    assert (left.cinder_id, left.safe) == ("", True)


def test_an_answer_that_was_lost_makes_no_second_volume(ground: Ground) -> None:
    name, record = ground.add_lun(new_wwn(), 1), new_id()
    with recording():
        broken = CinderVolumes(Service(BreakingWire(ground.wire, 0, "after"), "block-storage"))
        with pytest.raises(CorralError):
            broken.manage(record, wanted_volume(ground, name))
        made = settled(ground, record)
        assert made is not None
        volumes = ground.around.volumes(None)
        assert volumes.manage(record, wanted_volume(ground, name)).id == made.id
        volumes.unmanage(record)
        assert settled(ground, record) is None


def test_a_volume_that_the_storage_does_not_have_ends_in_an_error_that_can_be_let_go(ground: Ground) -> None:
    record, volumes = new_id(), ground.around.volumes(None)
    with recording():
        volumes.manage(record, wanted_volume(ground, "nowhere"))
        made = settled(ground, record)
        assert made is not None
        assert made.status.startswith("error")
        volumes.unmanage(record)
        assert settled(ground, record) is None


def test_what_bears_a_mark_is_listed_whoever_s_it_is_and_what_is_attached_to_nothing_real_can_be_let_go(
    ground: Ground,
) -> None:
    name, record, machine = ground.add_lun(new_wwn(), 1), new_id(), new_id()
    volumes = ground.around.volumes(None)
    with recording():
        volumes.manage(record, wanted_volume(ground, name))
        made = settled(ground, record)
        assert made is not None
        volumes.attach(made.id, machine)
    [listed] = [one for one in volumes.recorded() if one.record == record]
    assert (listed.id, listed.attached) == (made.id, (machine,))
    with crossing(Purpose.MEND):
        volumes.forsake(made.id, new_id())
        assert volumes.known([made.id]), "it bears another mark"
        volumes.forsake(made.id, record)
        assert settled(ground, record) is None
        volumes.forsake(made.id, record)
    assert made.id not in {one.id for one in volumes.recorded({made.id})}
    assert ground.attachments(made.id) == []


# --- ports ------------------------------------------------------------------------------------------------


def test_networks_come_with_their_segments_and_subnets(ground: Ground) -> None:
    [found] = [one for one in ground.around.ports.networks() if one.id == ground.network]
    [segment], [subnet] = found.segments, found.subnets
    assert (segment.kind, segment.physical_network, segment.vlan) == ("vlan", "physnet1", ground.vlan)
    assert (subnet.cidr, subnet.gateway) == ("10.77.0.0/24", "10.77.0.1")
    assert subnet.gives("10.77.0.9")
    assert not subnet.gives("10.77.0.1")


def test_a_port_is_made_as_it_was_asked_for_bound_nowhere_and_once(ground: Ground) -> None:
    record, machine, mac = new_id(), new_id(), new_mac()
    ports, wanted = ground.around.ports, wanted_port(ground, machine, mac, "10.77.0.9")
    with recording():
        made = ports.create(record, wanted)
        assert ports.create(record, wanted).id == made.id
        assert (made.mac, made.device, made.device_owner, made.record) == (mac, machine, OWNER, record)
        assert (made.project, made.name, made.addresses) == (
            ground.project, "contract-vm", ((ground.subnet, "10.77.0.9"),)
        )  # fmt: skip
        assert [one.id for one in ports.ports([mac.upper()], [])] == [made.id]
        assert [one.id for one in ports.ports([], ["10.77.0.9"]) if one.network == ground.network] == [made.id]
        assert ports.marked(record, machine) is not None
        for _ in range(2):
            ports.delete(record, machine)
        assert ports.marked(record, machine) is None


def test_a_port_without_addresses_gets_none(ground: Ground) -> None:
    record, machine = new_id(), new_id()
    with recording():
        made = ground.around.ports.create(record, wanted_port(ground, machine, new_mac(), ""))
        assert made.addresses == ()
        ground.around.ports.delete(record, machine)


def test_a_mac_or_an_address_that_is_taken_is_a_conflict(ground: Ground) -> None:
    ports, mac = ground.around.ports, new_mac()
    with recording():
        ports.create(new_id(), wanted_port(ground, new_id(), mac, "10.77.0.20"))
        for other, ip in ((mac, "10.77.0.21"), (new_mac(), "10.77.0.20")):
            with pytest.raises(Conflict):
                ports.create(new_id(), wanted_port(ground, new_id(), other, ip))


def test_a_port_that_somebody_took_over_is_not_deleted(ground: Ground) -> None:
    record, machine, ports = new_id(), new_id(), ground.around.ports
    with recording():
        made = ports.create(record, wanted_port(ground, machine, new_mac(), "10.77.0.30"))
        ground.give_port(made.id, new_id())
        with pytest.raises(Conflict):
            ports.delete(record, machine)
    assert [one.id for one in ports.ports([made.mac], [])] == [made.id]


def test_ports_that_bear_a_mark_are_listed_and_deleted_by_it_unless_somebody_has_them(ground: Ground) -> None:
    record, machine, ports = new_id(), new_id(), ground.around.ports
    with recording():
        made = ports.create(record, wanted_port(ground, machine, new_mac(), "10.77.0.21"))
        taken = ports.create(new_id(), wanted_port(ground, machine, new_mac(), "10.77.0.22"))
    ground.give_port(taken.id, new_id())
    listed = {one.id: one.record for one in ports.recorded()}
    assert (listed.get(made.id), taken.id in listed) == (record, False)
    assert {one.id for one in ports.named([made.id, taken.id, new_id()])} == {made.id, taken.id}
    with crossing(Purpose.MEND):
        ports.forsake(made.id, new_id())
        assert ports.named([made.id]), "it bears another mark"
        for _ in range(2):
            ports.forsake(made.id, record)
        with pytest.raises(Conflict, match="by now"):
            ports.forsake(taken.id, taken.record)
    assert [one.id for one in ports.named([made.id, taken.id])] == [taken.id]


def test_an_answer_that_was_lost_makes_no_second_port(ground: Ground) -> None:
    record, machine = new_id(), new_id()
    wanted = wanted_port(ground, machine, new_mac(), "10.77.0.40")
    with recording():
        broken = NeutronRecords(Service(BreakingWire(ground.wire, 0, "after"), "network"))
        with pytest.raises(CorralError):
            broken.create(record, wanted)
        made = ground.around.ports.marked(record, machine)
        assert made is not None
        assert ground.around.ports.create(record, wanted).id == made.id
        ground.around.ports.delete(record, machine)


# --- projects, and the border -----------------------------------------------------------------------------


def test_a_project_is_found_by_its_id_and_by_nothing_else(ground: Ground) -> None:
    found = ground.around.project(ground.project)
    assert found is not None
    assert found.enabled
    assert ground.around.project(uuid.uuid4().hex) is None
    assert ground.around.project("../users") is None


@pytest.mark.parametrize(
    ("service", "method", "path", "body"),
    [
        ("block-storage", "DELETE", f"/v3/volumes/{uuid.UUID(int=1)}", None),
        ("block-storage", "POST", f"/v3/volumes/{uuid.UUID(int=1)}/action", {"os-force_delete": None}),
        ("block-storage", "POST", f"/v3/volumes/{uuid.UUID(int=1)}/action", {"os-detach": {}}),
        ("block-storage", "POST", "/v3/volumes", {"volume": {}}),
        (
            "block-storage",
            "POST",
            "/v3/attachments",
            {"attachment": {"volume_uuid": "v", "instance_uuid": "i", "connector": {}}},
        ),
        ("network", "PUT", f"/v2.0/ports/{uuid.UUID(int=1)}", {"port": {"binding:host_id": "h"}}),
        ("network", "POST", "/v2.0/networks", {"network": {}}),
    ],
)
def test_nothing_is_ever_sent_that_deletes_exports_or_binds(service: str, method: str, path: str, body: Any) -> None:
    with recording(), pytest.raises(Breach), Border(RULES).admit(service, method, path, body):
        pass


def test_a_look_records_nothing() -> None:
    with pytest.raises(Breach), Border(RULES).admit("network", "POST", "/v2.0/ports", {"port": {}}):
        pass
