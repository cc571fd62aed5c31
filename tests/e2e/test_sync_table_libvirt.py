"""The table of changes at two real libvirtd with QEMU: record, world and queue after each kind of change under each policy."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from corral.drivers.libvirt.rules import LABELS
from lab.errors import LabError
from lab.hypervisor.daemon import Hypervisor
from lab.hypervisor.guests import Disk, Guest
from lab.places import from_environment
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import check_installed, corral_over, entry, until
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.step_cloud import Records, cloud_around
from tests.e2e.support.step_decided import check_brake, check_decisions
from tests.e2e.support.step_run import Sight, Table, check, check_absences, check_machine, policy_file, surveyed
from tests.e2e.support.step_table import LIBVIRT, NEWCOMER, RECORDED, Cell, adopted_by_rule, cells, machines

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
SOURCE = "racks"
HOSTS = ("kvm-01", "kvm-02")
_OFF = ("reshaped", "swapped", "lost", "back", NEWCOMER)


def guest(number: int, name: str) -> Guest:
    """A machine of the table. Those that are reshaped have a NIC too many; what is changed offline is off."""
    kind = name.partition("-")[2]
    disks, nics = (Disk("vda", "raw"),), 2 if kind == "reshaped" else 1
    return Guest(name, number, disks, nics, moves=kind == "moved", bare=True, off=kind in _OFF)


class Guests:
    """The administrator of both hosts, with libvirt's own client."""

    driver, source = LIBVIRT, SOURCE

    records: Records

    def __init__(self, here: Hypervisor, there: Hypervisor) -> None:
        self._here, self._there = here, there
        self.made = {name: guest(number, name) for number, name in enumerate(machines(LIBVIRT), 1)}
        self._kept: dict[str, str] = {}
        self._moved: set[str] = set()

    def make(self) -> None:
        """Make and start the guests, but for those that are not there in the beginning."""
        self._here.populate(self.made.values())
        for name in self.made:
            if name.endswith(NEWCOMER):
                self.change("remove", name)

    @property
    def recorded(self) -> dict[str, str]:
        """By name, the ids of the guests that Cinder and Neutron know of."""
        return {name: one.uuid for name, one in self.made.items() if name.endswith(RECORDED)}

    def disks(self) -> dict[str, Path]:
        """The files of their disks."""
        ground = self._here.ground
        assert ground is not None
        return {name: ground.image(self.made[name], self.made[name].disks[0]) for name in self.recorded}

    def body(self, name: str) -> Json:
        project = {"project_id": self.records.project} if name in self.recorded else {}
        return {"name": name, "node_uuid": self.made[name].uuid, "source": SOURCE, **project}

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
                virsh(f"setvcpus {uuid} 2 --config --maximum; setvcpus {uuid} 2 --config")
            case "add memory":
                virsh(f"setmaxmem {uuid} 128M --config; setmem {uuid} 128M --config")
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
            case "detach its volume" | "delete its port":
                self.records.change(what, uuid)
            case "migrate":
                self._here.move(one, self._there)
                self._moved.add(name)
            case "remove":
                self._kept[name] = virsh("dumpxml", uuid)
                virsh("undefine", uuid)
            case "bring back" | "appear":
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

    def sees(self, name: str, fields: Collection[str]) -> Sight:
        uuid = self.made[name].uuid
        for at, host in zip((self._here, self._there), HOSTS, strict=True):
            if (said := self._said(at, name)) is not None:
                xml, state, number = said
                runs = state == "running"
                cloud = {
                    "ports": lambda: bool(self.records.ports(uuid)),
                    "volumes": lambda: self.records.attached(uuid),
                }
                found = {what: cloud[what]() if what in cloud else _read(what, xml, host, runs=runs) for what in fields}
                # The number of its run; of a guest that moves, whether there is one.
                return found, ("runs" if self.made[name].moves else number) if runs else None
        assert set(fields) <= {"gone", "new"}, name
        return {what: what == "gone" for what in fields}, None

    def _said(self, at: Hypervisor, name: str) -> tuple[str, str, str] | None:
        """The definition of a guest, its state and the number of its run; None where it is not."""
        uuid = self.made[name].uuid
        try:
            said = at.virsh(f"dumpxml {uuid}; domstate {uuid}; domid {uuid}")
        except LabError:
            assert uuid not in at.virsh("list", "--all", "--uuid")
            return None
        xml, _, rest = said.rpartition("</domain>")
        *state, number = rest.split()
        return xml, " ".join(state), number

    def told(self, corral: Corral) -> None:
        """Surveys of all hosts come by themselves: only they know that a VM has left a host."""
        surveyed(corral, HOSTS)
        until(lambda: all(self._is_known(corral, name) for name, one in self.made.items() if one.moves))

    def _is_known(self, corral: Corral, name: str) -> bool:
        found, host = entry(corral, self.made[name].uuid), HOSTS[name in self._moved]
        return found is not None and not found["also_on"] and found["host_name"] == host


def _read(what: str, xml: str, host: str, *, runs: bool) -> Any:
    """A field, out of what libvirt says of a guest."""
    match what:
        case "gone":
            return False
        case "new":
            return True
        case "host":
            return host
        case "power":
            return "power on" if runs else "power off"
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
def table(racks: tuple[Hypervisor, Hypervisor], lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    guests, home = Guests(*racks), tmp_path_factory.mktemp("corral")
    guests.make()
    racks[1].start()  # a libvirtd without guests has ended by now, if that took long
    hosts = [{"uri": one.uri, "name": name} for one, name in zip(racks, HOSTS, strict=True)]
    options = {"hosts": hosts, "timeout": 10}
    racked = {"name": SOURCE, "driver": "libvirt", "options": options, "survey_every": 5, "cloud": "corral"}
    said = adopted_by_rule(f"sync-{NEWCOMER}")
    with (
        cloud_around(lab, guests.disks()) as guests.records,
        corral_over(home, [racked], clouds=lab.clouds, sync=policy_file(home, SOURCE, **said)) as made,
    ):
        surveyed(made, HOSTS)
        yield Table(made, guests, said, prepare).run()


def prepare(table: Table) -> None:
    """What some of the guests have is recorded in Cinder and Neutron before anything changes."""
    guests = table.peer
    assert isinstance(guests, Guests)
    guests.records.fill(table.corral, HOSTS[0], list(guests.recorded.values()))


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
