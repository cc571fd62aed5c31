"""VMs become servers and are let go, at a real libvirtd with QEMU and at a simulated vCenter, and none of them notices."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pyVim.connect import Disconnect

from corral.drivers.vsphere.rules import ATTRIBUTE
from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Guest
from lab.places import from_environment
from lab.vcenter.administrator import administrator
from lab.vcenter.server import USER, Size, Vcenter
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import (
    Life,
    adopted,
    check_heartbeat,
    check_installed,
    corral_over,
    ended,
    surveyed,
    until,
)
from tests.e2e.support.lab import Json

pytestmark = [pytest.mark.lab, pytest.mark.apart, pytest.mark.timeout(900)]
WEB = Guest("web", 31)
OWN = Guest("own", 32, screen=True)


@pytest.fixture(scope="module")
def hypervisor() -> Iterator[Hypervisor]:
    check_installed()
    with Hypervisor(from_environment()) as made:
        made.populate((WEB, OWN))
        made.await_beats((WEB, OWN))
        yield made


@pytest.fixture(scope="module")
def vcenter() -> Iterator[Vcenter]:
    with Vcenter(from_environment(), Size(clusters=0, hosts=2, vms=1)) as made:
        yield made


@pytest.fixture(scope="module")
def corral(hypervisor: Hypervisor, vcenter: Vcenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corral]:
    home: Path = tmp_path_factory.mktemp("corral")
    login = {"host": vcenter.host, "port": vcenter.port, "user": USER, "password_file": str(vcenter.password_file)}
    racks = {"hosts": [{"uri": hypervisor.uri, "name": "kvm-01"}], "timeout": 10}
    sources = [
        {"name": "racks", "driver": "libvirt", "options": racks, "survey_every": 1},
        {"name": "center", "driver": "vsphere", "survey_every": 1}
        | {"options": {**login, "ca_file": str(vcenter.certificate)}},
    ]
    with corral_over(home, sources) as made:
        yield made


def definitions(hypervisor: Hypervisor, guest: Guest) -> tuple[str, ...]:
    """What libvirt says of a guest live, and of its next start."""
    return hypervisor.virsh("dumpxml", guest.name), hypervisor.virsh("dumpxml", "--inactive", guest.name)


def proven(corral: Corral, server: Json) -> None:
    """The proof says that nothing was touched, and has no call that was not allowed."""
    proof = corral.get(f"/v1/servers/{server['uuid']}/proof")
    assert proof["verdict"] == "untouched"
    assert {one["kind"] for one in proof["operations"]} == {"onboard_vm", "offboard_vm"}
    calls = [call for one in proof["operations"] for call in one["calls"]]
    assert calls
    assert all(call["allowed"] for call in calls)


def test_a_guest_runs_on_while_it_is_found_adopted_and_let_go_and_libvirtd_is_restarted(
    corral: Corral, hypervisor: Hypervisor
) -> None:
    found = surveyed(corral, WEB.uuid)
    assert found["adoptable"], found["reasons"]
    life, plain = Life.of(hypervisor, WEB), definitions(hypervisor, WEB)
    server = adopted(corral, WEB.uuid, "web-01", "racks")
    shown = corral.get(f"/v1/servers/{server['uuid']}")
    assert (shown["kind"], shown["status"], shown["power_state"]) == ("vm", "active", "power on")
    for text in definitions(hypervisor, WEB):
        assert len(re.findall(f'uuid="{server["uuid"]}" name="web-01"', text)) == 1
    hypervisor.restart()
    surveyed(corral, WEB.uuid, lambda one: one["server_uuid"] == server["uuid"] and one["run"] == life.run)
    assert len(re.findall(server["uuid"], hypervisor.virsh("dumpxml", WEB.name))) == 2  # in the namespace, too
    ended(corral, corral.http.post(f"/v1/servers/{server['uuid']}/unmanage"))
    assert corral.http.get(f"/v1/servers/{server['uuid']}").status_code == 404
    # libvirt keeps the element that held the mark, and nothing in it.
    assert tuple(text.replace("  <metadata/>\n", "") for text in definitions(hypervisor, WEB)) == plain
    assert Life.of(hypervisor, WEB) == life
    check_heartbeat(hypervisor, WEB)
    proven(corral, server)


def test_a_server_that_is_a_guest_is_switched_and_its_screen_answers(corral: Corral, hypervisor: Hypervisor) -> None:
    surveyed(corral, OWN.uuid, lambda one: one["adoptable"])
    server = adopted(corral, OWN.uuid, "own-01", "racks")
    path = f"/v1/servers/{server['uuid']}"
    [screen] = corral.get(f"{path}/consoles")["consoles"]
    place = urlsplit(screen["url"])
    assert (screen["kind"], place.scheme) == ("vnc", "vnc")
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=120) as line:
        assert line.recv(12).startswith(b"RFB 003.")
    for target, state, power in (("off", "shut off", "power off"), ("on", "running", "power on")):
        ended(corral, corral.http.put(f"{path}/states/power", json={"target": target}))
        assert hypervisor.virsh("domstate", OWN.name).strip() == state
        assert corral.get(path)["power_state"] == power
        if target == "off":
            assert corral.http.get(f"{path}/consoles").status_code == 409
    assert server["uuid"] in hypervisor.virsh("dumpxml", OWN.name)  # the next run has the mark, too
    ended(corral, corral.http.post(f"{path}/unmanage"))
    assert server["uuid"] not in "".join(definitions(hypervisor, OWN))


@pytest.fixture
def admin(vcenter: Vcenter) -> Iterator[Any]:
    login = administrator(vcenter)
    yield login
    Disconnect(login)


def test_a_vm_of_a_vcenter_is_adopted_switched_and_let_go(corral: Corral, admin: Any) -> None:
    center = admin.content.rootFolder.childEntity[0]
    machine = center.vmFolder.childEntity[0]
    uuid, boot, name = machine.config.instanceUuid, machine.runtime.bootTime, machine.name

    def marks() -> list[str]:
        names = {one.key: one.name for one in admin.content.customFieldsManager.field}
        return [one.value for one in machine.customValue if names[one.key] == ATTRIBUTE and one.value]

    found = surveyed(corral, uuid, lambda one: one["adoptable"])
    assert found["folder"] == f"/{center.name}"
    server = adopted(corral, uuid, "esx-web", "center")
    path = f"/v1/servers/{server['uuid']}"
    assert marks() == [f"{server['uuid']} esx-web"]
    assert (machine.runtime.bootTime, machine.name) == (boot, name)
    ended(corral, corral.http.put(f"{path}/states/power", json={"target": "off"}))
    assert machine.runtime.powerState == "poweredOff"
    ended(corral, corral.http.put(f"{path}/states/power", json={"target": "on"}))
    until(lambda: machine.runtime.powerState == "poweredOn")
    ended(corral, corral.http.post(f"{path}/unmanage"))
    assert marks() == []
    assert machine.name == name
