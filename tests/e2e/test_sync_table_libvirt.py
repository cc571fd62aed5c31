"""The table of changes at two real libvirtd with QEMU: record, world and queue after each kind of change under each policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from corral.drivers.libvirt.rules import LABELS
from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Disk, Guest
from lab.places import from_environment
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import check_installed, corral_over, entry, until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_decided import check_brake, check_decisions
from tests.e2e.support.step_run import Table, check, check_absences, check_machine, policy_file, surveyed
from tests.e2e.support.step_table import LIBVIRT, Cell, cells, machines

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
SOURCE = "racks"
HOSTS = ("kvm-01", "kvm-02")
_OFF = ("started", "reshaped", "swapped", "lost", "back")


def guest(number: int, name: str) -> Guest:
    """A machine of the table. Those that are reshaped have a NIC too many; what is changed offline is off."""
    kind = name.partition("-")[2]
    disks, nics = (Disk("vda", "raw"),), 2 if kind == "reshaped" else 1
    return Guest(name, number, disks, nics, moves=kind == "moved", bare=True, off=kind in _OFF)


class Guests:
    """The administrator of both hosts, with libvirt's own client."""

    driver, source = LIBVIRT, SOURCE

    def __init__(self, here: Hypervisor, there: Hypervisor) -> None:
        self._here, self._there = here, there
        self.made = {name: guest(number, name) for number, name in enumerate(machines(LIBVIRT), 1)}
        self._kept: dict[str, str] = {}

    def body(self, name: str) -> Json:
        return {"name": name, "node_uuid": self.made[name].uuid, "source": SOURCE}

    # --- what an administrator does -------------------------------------------------------------------------

    def change(self, what: str, name: str) -> None:
        one, virsh = self.made[name], self._here.virsh
        uuid = one.uuid
        match what:
            case "stop":
                virsh("destroy", uuid)
            case "start":
                virsh("start", uuid)
            case "rename":
                virsh("domrename", uuid, f"{name}-by-virsh")
            case "add a CPU":
                virsh("setvcpus", uuid, "2", "--config", "--maximum")
                virsh("setvcpus", uuid, "2", "--config")
            case "add memory":
                virsh("setmaxmem", uuid, "128M", "--config")
                virsh("setmem", uuid, "128M", "--config")
            case "add a disk":
                image = self._here.directory / "images" / f"{name}-more.qcow2"
                self._here.image(image)
                virsh("attach-disk", uuid, str(image), "vdb", "--subdriver", "qcow2", "--config")
            case "add a NIC":
                self._device("attach-device", name, _nic(one.mac(9)), "--live", "--config")
            case "remove a NIC":
                self._device("detach-device", name, _nic(one.mac(1)), "--config")
            case "replace all NICs":
                self._device("detach-device", name, _nic(one.mac(0)), "--config")
                self._device("attach-device", name, _nic(one.mac(9)), "--config")
            case "write notes":
                virsh("desc", uuid, "--live", "--config", "as libvirt says")
            case "tag" | "label":
                said = "<tag>silver</tag>" + ('<meta key="team" value="red"/>' if what == "label" else "")
                where = ("--uri", LABELS, "--key", "labels", "--set", f"<labels>{said}</labels>")
                virsh("metadata", uuid, *where, "--live", "--config")
            case "migrate":
                self._here.move(one, self._there)
            case "remove":
                self._kept[name] = virsh("dumpxml", uuid)
                virsh("undefine", uuid)
            case "bring back":
                file = self._here.directory / f"{name}-again.xml"
                file.write_text(self._kept[name])
                virsh("define", str(file))
            case _:
                raise ValueError(what)

    def _device(self, act: str, name: str, xml: str, *how: str) -> None:
        file = self._here.directory / f"{name}-device.xml"
        file.write_text(xml)
        self._here.virsh(act, self.made[name].uuid, str(file), *how)

    # --- what an administrator sees -------------------------------------------------------------------------

    def says(self, what: str, name: str) -> Any:
        at = self._at(name)
        if what in ("gone", "host"):
            return (None if at is None else HOSTS[at is self._there]) if what == "host" else at is None
        assert at is not None, name
        xml = at.virsh("dumpxml", self.made[name].uuid)
        match what:
            case "power":
                return "power on" if self._runs(at, name) else "power off"
            case "name":
                return _one(r"<name>(.*)</name>", xml)
            case "cpu":
                return int(_one(r"<vcpu[^>]*>(\d+)</vcpu>", xml))
            case "memory":
                return int(_one(r"<memory unit='KiB'>(\d+)</memory>", xml)) << 10
            case "disks":
                return len(re.findall(r"<disk [^>]*device='disk'", xml))
            case "nics":
                return sorted(re.findall(r"<mac address='([^']*)'", xml))
            case "notes":
                return next(iter(re.findall(r"<description>(.*)</description>", xml)), None)
            case "tags":
                return re.findall(r"<(?:\w+:)?tag>(.*)</", xml) or None
            case "metadata":
                return [f"{key}={value}" for key, value in re.findall(r"meta key=.(\w+). value=.(\w+).", xml)] or None
        raise ValueError(what)

    def life(self, name: str) -> Any:
        """The number of its run; of a guest that has moved, whether there is one."""
        at = self._at(name)
        if at is None or not self._runs(at, name):
            return None
        return "runs" if self.made[name].moves else at.virsh("domid", self.made[name].uuid).strip()

    def _at(self, name: str) -> Hypervisor | None:
        uuid = self.made[name].uuid
        return next((one for one in (self._here, self._there) if uuid in one.virsh("list", "--all", "--uuid")), None)

    def _runs(self, at: Hypervisor, name: str) -> bool:
        return at.virsh("domstate", self.made[name].uuid).strip() == "running"

    def told(self, corral: Corral) -> None:
        """Surveys of all hosts come by themselves: only they know that a VM has left a host."""
        surveyed(corral, HOSTS)
        until(lambda: all(self._is_known(corral, name) for name, one in self.made.items() if one.moves))

    def _is_known(self, corral: Corral, name: str) -> bool:
        found = entry(corral, self.made[name].uuid)
        return found is not None and not found["also_on"] and found["host_name"] == self.says("host", name)


def _nic(mac: str) -> str:
    return f"<interface type='user'><mac address='{mac}'/><model type='virtio'/><rom enabled='no'/></interface>"


def _one(pattern: str, text: str) -> str:
    [found] = re.findall(pattern, text)
    return str(found)


@pytest.fixture(scope="module")
def racks() -> Iterator[tuple[Hypervisor, Hypervisor]]:
    check_installed()
    places = from_environment()
    with Hypervisor(places) as here, Hypervisor(places) as there:
        yield here, there


@pytest.fixture(scope="module")
def table(racks: tuple[Hypervisor, Hypervisor], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    guests, home = Guests(*racks), tmp_path_factory.mktemp("corral")
    racks[0].populate(guests.made.values())
    racks[1].start()  # a libvirtd without guests has ended by now, if that took long
    hosts = [{"uri": one.uri, "name": name} for one, name in zip(racks, HOSTS, strict=True)]
    racked = {"name": SOURCE, "driver": "libvirt", "options": {"hosts": hosts, "timeout": 10}, "survey_every": 5}
    with corral_over(home, [racked], sync=policy_file(home, SOURCE)) as made:
        surveyed(made, HOSTS)
        yield Table(made, guests).run()


@pytest.mark.parametrize("cell", cells(LIBVIRT), ids=str)
def test_what_comes_of_each_change(table: Table, cell: Cell) -> None:
    check(table, cell)


@pytest.mark.parametrize("name", machines(LIBVIRT))
def test_nothing_else_is_done_to_a_machine_or_about_it(table: Table, name: str) -> None:
    check_machine(table, name)


def test_what_libvirt_does_not_have_never_differs(table: Table) -> None:
    check_absences(table)


def test_conflicts_are_settled_as_somebody_decides(table: Table) -> None:
    check_decisions(table)


def test_nothing_is_switched_while_more_differs_at_once_than_is_believed(table: Table) -> None:
    check_brake(table)
