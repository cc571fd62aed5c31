"""The table of changes at a simulated vCenter: record, world and queue after each kind of change under each policy."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

import pytest
from pyVim.connect import Disconnect
from pyVmomi import vim

from corral.drivers.vsphere.rules import TAGS
from lab.places import from_environment
from lab.vcenter.administrator import administrator, disk, done, nic
from lab.vcenter.server import USER, Size, Vcenter
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import corral_over, until
from tests.e2e.support.lab import Json
from tests.e2e.support.step_decided import check_brake, check_decisions
from tests.e2e.support.step_run import Sight, Table, check, check_absences, check_machine, policy_file, surveyed
from tests.e2e.support.step_table import NEWCOMER, VSPHERE, Cell, adopted_by_rule, cells, machines

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
SOURCE = "center"


class Machines:
    """The vCenter's administrator, with a login of its own."""

    driver, source = VSPHERE, SOURCE

    def __init__(self, vcenter: Vcenter) -> None:
        self._admin = administrator(vcenter)
        self._center = self._admin.content.rootFolder.childEntity[0]
        self._fields = self._admin.content.customFieldsManager
        self._team: Any = None
        self._free = list(self._center.vmFolder.childEntity)
        self._lock = threading.Lock()
        self._vms: dict[str, Any] = {}
        self.uuids: dict[str, str] = {}
        for name in machines(VSPHERE):
            self._prepare(name)

    def close(self) -> None:
        Disconnect(self._admin)

    def _prepare(self, name: str) -> None:
        """Name a VM as the table does, and give it a MAC of its own: the simulator gives some twice."""
        if name.endswith(NEWCOMER):
            self.uuids[name] = str(uuid4())
            return
        vm = self._free.pop() if not name.endswith("-back") else self._create(name, str(uuid4()))
        changes = [nic(_mac(name, 1))] if name.endswith("-reshaped") else []
        if cards := _cards(vm):
            cards[0].macAddress, cards[0].addressType = _mac(name, 0), "manual"
            changes.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=cards[0]))
        done(vm.ReconfigVM_Task(vim.vm.ConfigSpec(name=name, deviceChange=changes)))
        if name.endswith("-reshaped"):
            done(vm.PowerOffVM_Task())
        self._vms[name], self.uuids[name] = vm, vm.config.instanceUuid

    def _create(self, name: str, uuid: str) -> Any:
        """A VM, or the same one again: the simulator makes nothing of a file that it is to register."""
        cluster = self._center.hostFolder.childEntity[0]
        store = vim.vm.FileInfo(vmPathName=f"[{cluster.datastore[0].name}]")
        devices = [nic(_mac(name, 0)), *disk(-101)]
        spec = vim.vm.ConfigSpec(
            name=name,
            instanceUuid=uuid,
            memoryMB=64,
            numCPUs=1,
            guestId="otherGuest",
            files=store,
            deviceChange=devices,
        )
        return done(self._center.vmFolder.CreateVM_Task(config=spec, pool=cluster.resourcePool, host=cluster.host[0]))

    def body(self, name: str) -> Json:
        return {"name": name, "node_uuid": self.uuids[name], "source": SOURCE}

    # --- what an administrator does -------------------------------------------------------------------------

    def change(self, what: str, name: str) -> None:
        vm: Any = self._vms.get(name)
        match what:
            case "stop":
                done(vm.PowerOffVM_Task())
            case "start":
                done(vm.PowerOnVM_Task())
            case "rename":
                done(vm.Rename_Task(f"{name}-by-vcenter"))
            case "add a CPU":
                _reconfigure(vm, numCPUs=vm.config.hardware.numCPU + 1)
            case "add memory":
                _reconfigure(vm, memoryMB=vm.config.hardware.memoryMB * 2)
            case "add a disk":
                _reconfigure(vm, deviceChange=disk(-101))
            case "add a NIC":
                _reconfigure(vm, deviceChange=[nic(_mac(name, 9))])
            case "remove a NIC":
                _reconfigure(vm, deviceChange=[_removed(one) for one in _cards(vm) if one.macAddress == _mac(name, 1)])
            case "replace all NICs":
                _reconfigure(vm, deviceChange=[*(_removed(one) for one in _cards(vm)), nic(_mac(name, 9))])
            case "write notes":
                _reconfigure(vm, annotation="as the vCenter says")
            case "tag":
                self._fields.SetField(vm, self._new_attribute().key, "red")
            case "remove":
                self._remove(vm, name)
            case "bring back" | "appear":
                self._vms[name] = self._create(name, self.uuids[name])
            case _:
                raise ValueError(what)

    def _new_attribute(self) -> Any:
        """The custom attribute `team`, which Corral sees for the first time when a VM has a value of it."""
        with self._lock:
            self._team = self._team or self._fields.AddCustomFieldDef(name="team", moType=vim.VirtualMachine)
            return self._team

    def _remove(self, vm: Any, name: str) -> None:
        if vm.runtime.powerState == "poweredOn":
            done(vm.PowerOffVM_Task())
        done(vm.Destroy_Task())
        del self._vms[name]

    # --- what an administrator sees -------------------------------------------------------------------------

    def sees(self, name: str, fields: Collection[str]) -> Sight:
        vm = self._vms.get(name)
        life = vm and (vm.runtime.powerState, vm.runtime.bootTime)
        return {what: self._says(what, vm) for what in fields}, life

    def _says(self, what: str, vm: Any) -> Any:
        if what in ("gone", "new"):
            return (vm is None) == (what == "gone")
        match what:
            case "power":
                return {"poweredOn": "power on", "poweredOff": "power off"}[vm.runtime.powerState]
            case "name":
                return vm.name
            case "cpu":
                return vm.config.hardware.numCPU
            case "memory":
                return vm.config.hardware.memoryMB << 20
            case "disks":
                return sum(isinstance(one, vim.vm.device.VirtualDisk) for one in vm.config.hardware.device)
            case "nics":
                return sorted(one.macAddress for one in _cards(vm))
            case "notes":
                return vm.config.annotation or None
            case "tags":
                return self._tags(vm)
        raise ValueError(what)

    def _tags(self, vm: Any) -> list[str] | None:
        said = {one.key: one.value for one in vm.customValue if one.value}
        names = {one.key: one.name for one in self._fields.field}
        own = [tag for key, value in said.items() if names[key] == TAGS for tag in value.split(",")]
        team = [f"team:{value}" for key, value in said.items() if names[key] == "team"]
        return sorted([*own, *team]) or None

    def told(self, corral: Corral) -> None:
        surveyed(corral, [one["name"] for one in corral.get("/v1/hosts")["hosts"]])


def _reconfigure(vm: Any, **change: Any) -> None:
    done(vm.ReconfigVM_Task(vim.vm.ConfigSpec(**change)))


def _cards(vm: Any) -> list[Any]:
    return [one for one in vm.config.hardware.device if isinstance(one, vim.vm.device.VirtualEthernetCard)]


def _removed(device: Any) -> Any:
    return vim.vm.device.VirtualDeviceSpec(operation="remove", device=device)


def _mac(name: str, number: int) -> str:
    return f"00:50:56:00:{machines(VSPHERE).index(name):02x}:{number:02x}"


@pytest.fixture(scope="module")
def vcenter() -> Iterator[Vcenter]:
    size = Size(clusters=1, cluster_hosts=2, hosts=0, vms=len(machines(VSPHERE)))
    with Vcenter(from_environment(), size) as made:
        yield made


@pytest.fixture(scope="module")
def table(vcenter: Vcenter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    vms, home = Machines(vcenter), tmp_path_factory.mktemp("corral")
    login = {"host": vcenter.host, "port": vcenter.port, "user": USER, "password_file": str(vcenter.password_file)}
    center = {"name": SOURCE, "driver": "vsphere", "options": {**login, "ca_file": str(vcenter.certificate)}}
    said = adopted_by_rule(f"sync-{NEWCOMER}")
    with corral_over(home, [center | {"survey_every": 3600}], sync=policy_file(home, SOURCE, **said)) as made:
        until(lambda: made.get("/v1/hosts")["hosts"])
        yield Table(made, vms, said).run()
    vms.close()


@pytest.mark.parametrize("cell", cells(VSPHERE), ids=str)
def test_what_comes_of_each_change(table: Table, cell: Cell) -> None:
    check(table, cell)


@pytest.mark.parametrize("name", machines(VSPHERE))
def test_nothing_else_is_done_to_a_machine_or_about_it(table: Table, name: str) -> None:
    check_machine(table, name)


def test_what_vsphere_does_not_have_never_differs(table: Table) -> None:
    check_absences(table)


def test_conflicts_are_settled_as_somebody_decides(table: Table) -> None:
    check_decisions(table)


def test_nothing_is_switched_while_more_differs_at_once_than_is_believed(table: Table) -> None:
    check_brake(table)
