"""A VM that moves, is renamed, and gets and loses devices is one VM and the same server, wherever it is; so it is when its host is
gone for a while. Two real libvirtd on one machine, which see the same files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Guest
from lab.places import from_environment
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import (
    adopted,
    check_heartbeat,
    check_installed,
    corral_over,
    ended,
    entry,
    surveyed,
    until,
)
from tests.e2e.support.lab import Json

pytestmark = [pytest.mark.lab, pytest.mark.apart, pytest.mark.timeout(900)]
MOVER = Guest("mover", 41, moves=True)
IDLE = Guest("idle", 42)


@pytest.fixture(scope="module")
def racks() -> Iterator[tuple[Hypervisor, Hypervisor]]:
    check_installed()
    places = from_environment()
    with Hypervisor(places) as first, Hypervisor(places) as second:
        first.populate((MOVER, IDLE))
        first.virsh("destroy", IDLE.name)
        first.await_beats((MOVER,))
        yield first, second


@pytest.fixture(scope="module")
def corral(racks: tuple[Hypervisor, Hypervisor], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    hosts = [{"uri": one.uri, "name": name} for one, name in zip(racks, ("kvm-01", "kvm-02"), strict=True)]
    options = {"hosts": hosts, "timeout": 10}
    racked = {"name": "racks", "driver": "libvirt", "options": options, "survey_every": 1}
    with corral_over(tmp_path_factory.mktemp("corral"), [racked]) as made:
        yield made


@pytest.fixture(scope="module")
def server(corral: Corral) -> Json:
    """The server that the moving guest is, before anything moves."""
    surveyed(corral, MOVER.uuid, lambda one: one["adoptable"])
    return adopted(corral, MOVER.uuid, "mover-01", "racks")


def host(corral: Corral, name: str) -> Json:
    found: Json = next(one for one in corral.get("/v1/hosts")["hosts"] if one["name"] == name)
    return found


def test_a_server_that_is_migrated_while_it_runs_is_the_same_server_at_its_new_host(
    corral: Corral, racks: tuple[Hypervisor, Hypervisor], server: Json
) -> None:
    here, there = racks
    before = surveyed(corral, MOVER.uuid, lambda one: one["server_uuid"] == server["uuid"])
    assert before["host_name"] == "kvm-01"
    here.move(MOVER, there)
    after = surveyed(corral, MOVER.uuid, lambda one: one["host_name"] == "kvm-02" and not one["also_on"])
    assert (after["server_uuid"], after["first_seen_at"]) == (server["uuid"], before["first_seen_at"])
    assert corral.get(f"/v1/servers/{server['uuid']}")["status"] == "active"
    assert server["uuid"] in there.virsh("dumpxml", MOVER.name)
    assert server["uuid"] in there.virsh("dumpxml", "--inactive", MOVER.name)
    check_heartbeat(here, MOVER)  # what it says is in the file at the first one


def test_its_disks_and_nics_may_come_and_go(corral: Corral, racks: tuple[Hypervisor, Hypervisor], server: Json) -> None:
    there = racks[1]
    before = surveyed(corral, MOVER.uuid, lambda one: one["host_name"] == "kvm-02")
    disk, nic = there.directory / "images" / "more.qcow2", there.directory / "nic.xml"
    there.image(disk)
    there.virsh("attach-disk", MOVER.name, str(disk), "vdb", "--subdriver", "qcow2", "--live", "--config")
    plugged = there.virsh("dumpxml", MOVER.name)
    nic.write_text(plugged[plugged.index("<interface") : plugged.index("</interface>") + len("</interface>")])
    there.virsh("detach-device", MOVER.name, str(nic), "--live", "--config")
    after = surveyed(corral, MOVER.uuid, lambda one: one["volumes"] == before["volumes"] + 1 and not one["macs"])
    same = ("id", "server_uuid", "run", "first_seen_at", "host")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    there.virsh("attach-device", MOVER.name, str(nic), "--live", "--config")
    there.virsh("detach-disk", MOVER.name, "vdb", "--live", "--config")
    surveyed(corral, MOVER.uuid, lambda one: one["volumes"] == before["volumes"] and one["macs"] == before["macs"])


def test_a_vm_with_another_name_is_the_same_vm(corral: Corral, racks: tuple[Hypervisor, Hypervisor]) -> None:
    before = surveyed(corral, IDLE.uuid)
    server = adopted(corral, IDLE.uuid, "idle-01", "racks")
    racks[0].virsh("domrename", IDLE.name, "idle-renamed")
    after = surveyed(corral, IDLE.uuid, lambda one: one["name"] == "idle-renamed")
    assert (after["server_uuid"], after["first_seen_at"]) == (server["uuid"], before["first_seen_at"])
    assert corral.get(f"/v1/servers/{server['uuid']}")["name"] == "idle-01"
    ended(corral, corral.http.post(f"/v1/servers/{server['uuid']}/unmanage"))
    assert server["uuid"] not in racks[0].virsh("dumpxml", "idle-renamed")


def test_a_server_whose_host_is_gone_for_a_while_is_where_it_was(
    corral: Corral, racks: tuple[Hypervisor, Hypervisor], server: Json
) -> None:
    there = racks[1]
    before = surveyed(corral, MOVER.uuid, lambda one: one["host_name"] == "kvm-02")
    there.stop()
    until(lambda: not host(corral, "kvm-02")["reachable"])
    gone = entry(corral, MOVER.uuid)
    assert gone is not None
    assert (gone["gone_since"], gone["server_uuid"]) == (None, server["uuid"])
    assert "host-silent" in {one["code"] for one in gone["reasons"]}
    # Where it is can't be known while its host is silent, so nothing is done to it.
    refused = corral.http.get(f"/v1/servers/{server['uuid']}/consoles")
    assert refused.status_code == 503, refused.text
    there.start()
    until(lambda: host(corral, "kvm-02")["reachable"])
    after = surveyed(corral, MOVER.uuid, lambda one: "host-silent" not in {it["code"] for it in one["reasons"]})
    same = ("id", "server_uuid", "run", "first_seen_at", "host")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


def test_a_server_that_moved_is_let_go_where_it_is_now(
    corral: Corral, racks: tuple[Hypervisor, Hypervisor], server: Json
) -> None:
    here, there = racks
    ended(corral, corral.http.post(f"/v1/servers/{server['uuid']}/unmanage"))
    assert server["uuid"] not in there.virsh("dumpxml", MOVER.name)
    assert there.virsh("domstate", MOVER.name).strip() == "running"
    check_heartbeat(here, MOVER)
