"""The table of changes at real Ironic: record, world and queue after each kind of change under each word of the policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.support.adopting import wish
from tests.e2e.support.corral import SOURCE, Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish, forget, make, make_again, new_port, remove, switch
from tests.e2e.support.step_decided import check_brake, check_decisions
from tests.e2e.support.step_run import Table, at_once, check, check_absences, check_machine, policy_file
from tests.e2e.support.step_table import IRONIC, Cell, cells, machines

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
GB = 1 << 30


class Nodes:
    """Ironic's administrator, with requests of its own."""

    driver, source = IRONIC, SOURCE

    def __init__(self, lab: Lab, corral: Corral) -> None:
        self._lab, self._corral = lab, corral
        self.made: dict[str, Made] = {}

    def make(self, names: list[str]) -> None:
        """Make the machines of the table. Some have a second NIC, which is plugged in nowhere; some are off."""
        self.made.update(zip(names, at_once(self._make, names), strict=True))

    def _make(self, name: str) -> Made:
        made = make(self._lab, _wished(name))
        if name.endswith(("-started", "-reshaped")):
            self._add_nic(made)
        if name.endswith("-started"):
            switch(self._lab, made.uuid, "power off")
        return made

    def remove(self) -> None:
        at_once(lambda made: remove(self._lab, made), self.made.values())

    def body(self, name: str) -> Json:
        return wish(self._corral, self.made[name], name=name)

    # --- what an administrator does -------------------------------------------------------------------------

    def change(self, what: str, name: str) -> None:
        made = self.made[name]
        match what:
            case "stop" | "start":
                switch(self._lab, made.uuid, "power off" if what == "stop" else "power on")
            case "rename":
                self._patch(made, "/instance_info/display_name", f"{name}-by-ironic")
            case "add a CPU":
                self._patch(made, "/properties/cpus", 32)
            case "add memory":
                self._patch(made, "/properties/memory_mb", 131072)
            case "add a disk":
                self._patch(made, "/properties/local_gb", 960)
            case "write notes":
                self._patch(made, "/instance_info/display_description", "as Ironic says")
            case "tag":
                self._patch(made, "/instance_info/corral_tags", ["silver"])
            case "label":
                self._patch(made, "/instance_info/corral_metadata", ["team=red"])
            case "change its image":
                self._patch(made, "/instance_info/image_source", str(uuid4()))
            case "give it to another":
                self._give_away(made)
            case "remove":
                forget(self._lab, made)
            case "bring back":
                make_again(self._lab, _wished(name), made)
                self._patch(made, "/instance_uuid", self._owner(name))
            case _:
                self._replug(what, made)

    def _replug(self, what: str, made: Made) -> None:
        match what:
            case "add a NIC":
                self._add_nic(made)
            case "remove a NIC":
                self._remove_nic(made, _second(made))
            case "replace all NICs":
                self._unplug(made)
                self._remove_nic(made, made.mac)
                self._add_nic(made)
            case "unplug its port":
                self._unplug(made)
            case "plug in a port":
                port = new_port(self._lab, f"{made.name}-eth1", _second(made))
                self._lab.ironic.call("POST", f"/v1/nodes/{made.uuid}/vifs", {"id": port})
            case _:
                raise ValueError(what)

    def _patch(self, made: Made, path: str, value: Any) -> None:
        self._lab.ironic.call("PATCH", f"/v1/nodes/{made.uuid}", [{"op": "add", "path": path, "value": value}])

    def _give_away(self, made: Made) -> None:
        node = f"/v1/nodes/{made.uuid}"
        self._patch(made, "/maintenance", True)
        allocation = self._lab.ironic.get(f"{node}?fields=allocation_uuid")["allocation_uuid"]
        self._lab.ironic.remove(f"/v1/allocations/{allocation}")
        self._patch(made, "/instance_uuid", str(uuid4()))

    def _add_nic(self, made: Made) -> None:
        self._lab.ironic.call("POST", "/v1/ports", {"node_uuid": made.uuid, "address": _second(made)})

    def _remove_nic(self, made: Made, mac: str) -> None:
        ports = self._lab.ironic.get(f"/v1/ports?node={made.uuid}&fields=uuid,address")["ports"]
        self._lab.ironic.call("DELETE", f"/v1/ports/{next(one['uuid'] for one in ports if one['address'] == mac)}")

    def _unplug(self, made: Made) -> None:
        self._lab.ironic.call("DELETE", f"/v1/nodes/{made.uuid}/vifs/{made.port}")

    def _owner(self, name: str) -> str:
        return next(one["uuid"] for one in self._corral.servers() if one["name"] == name)

    # --- what an administrator sees -------------------------------------------------------------------------

    def says(self, what: str, name: str) -> Any:
        made = self.made[name]
        row = self._lab.ironic.find(f"/v1/nodes/{made.uuid}")
        if what == "gone":
            return row is None
        match what:
            case "power":
                return row["power_state"]
            case "name":
                return row["instance_info"].get("display_name")
            case "cpu":
                return int(row["properties"]["cpus"])
            case "memory":
                return int(row["properties"]["memory_mb"]) << 20
            case "disks":
                return int(row["properties"]["local_gb"]) * GB
            case "nics":
                ports = self._lab.ironic.get(f"/v1/ports?node={made.uuid}&fields=address")["ports"]
                return sorted(one["address"] for one in ports)
            case "ports":
                return sorted(one["id"] for one in self._lab.ironic.get(f"/v1/nodes/{made.uuid}/vifs")["vifs"])
            case "image":
                return row["instance_info"]["image_source"]
            case "notes":
                return row["instance_info"].get("display_description")
            case "tags" | "metadata":
                return row["instance_info"].get(f"corral_{what}")
            case "owner":
                return row["instance_uuid"]
        raise ValueError(what)

    def life(self, name: str) -> Any:
        row = self._lab.ironic.find(f"/v1/nodes/{self.made[name].uuid}")
        return row and (row["power_state"], row["provision_state"])

    def told(self, corral: Corral) -> None:
        """A pass asks Ironic itself."""


def _wished(name: str) -> Wish:
    return Wish(called=name)


def _second(made: Made) -> str:
    return f"{made.mac[:-2]}01"


@pytest.fixture(scope="module")
def table(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    served = Corral(tmp_path_factory.mktemp("corral"), lab.clouds)
    served.sync = json.dumps(policy_file(served.home, SOURCE))
    served.configure("")
    nodes = Nodes(lab, served)
    try:
        nodes.make(machines(IRONIC))
        served.start()
        served.flavor("gold")
        yield Table(served, nodes).run()
    finally:
        served.stop()
        served.http.close()
        nodes.remove()


@pytest.mark.parametrize("cell", cells(IRONIC), ids=str)
def test_what_comes_of_each_change(table: Table, cell: Cell) -> None:
    check(table, cell)


@pytest.mark.parametrize("name", machines(IRONIC))
def test_nothing_else_is_done_to_a_machine_or_about_it(table: Table, name: str) -> None:
    check_machine(table, name)


def test_what_ironic_does_not_have_never_differs(table: Table) -> None:
    check_absences(table)


def test_conflicts_are_settled_as_somebody_decides(table: Table) -> None:
    check_decisions(table)


def test_nothing_is_switched_while_more_differs_at_once_than_is_believed(table: Table) -> None:
    check_brake(table)
