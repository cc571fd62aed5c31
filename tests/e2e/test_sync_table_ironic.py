"""The table of changes at real Ironic: record, world and queue after each kind of change under each word of the policy."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.support.adopting import wish
from tests.e2e.support.corral import SOURCE, Corral
from tests.e2e.support.lab import Json, Lab
from tests.e2e.support.machines import Made, Wish, forget, make, make_again, new_port, switch
from tests.e2e.support.step_decided import check_brake, check_decisions, check_told
from tests.e2e.support.step_run import Sight, Table, at_once, check, check_absences, check_machine, policy_file
from tests.e2e.support.step_table import IRONIC, NEWCOMER, Cell, adopted_by_rule, cells, machines

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
GB = 1 << 30


class Nodes:
    """Ironic's administrator, with requests of its own."""

    driver, source = IRONIC, SOURCE

    def __init__(self, lab: Lab, corral: Corral) -> None:
        self._lab, self._corral = lab, corral
        self.made: dict[str, Made] = {}
        self.tag = uuid4().hex[:8]

    def make(self, names: list[str]) -> None:
        """Make the machines of the table. Some have NICs that are plugged in nowhere, and are off; some are not there yet."""
        self.made.update(zip(names, at_once(self._make, names), strict=True))

    def _make(self, name: str) -> Made:
        if name.endswith(NEWCOMER):
            return self._to_be(name)
        made = make(self._lab, _wished(name))
        if name.endswith("-reshaped"):
            self._add_nic(made, 1)
            self._add_nic(made, 2)
            switch(self._lab, made.uuid, "power off")
        return made

    def _to_be(self, name: str) -> Made:
        """What a machine will be that comes later."""
        tag = uuid4().hex
        return Made(str(uuid4()), f"e2e-{self.tag}-{name}", f"52:5e:{tag[0:2]}:{tag[2:4]}:{tag[4:6]}:00")

    def remove(self) -> None:
        """With what hangs on them: with a node its VIFs and its allocation go. Neutron is asked for its ports once for all."""
        at_once(self._remove, self.made.values())
        names, macs = tuple(one.name for one in self.made.values()), {one.mac for one in self.made.values()}
        for port in self._lab.neutron.get("/v2.0/ports?fields=id&fields=name&fields=mac_address")["ports"]:
            if port["mac_address"] in macs or port["name"].startswith(names):
                self._lab.neutron.call("DELETE", f"/v2.0/ports/{port['id']}")

    def _remove(self, made: Made) -> None:
        path = f"/v1/nodes/{made.uuid}"
        if self._lab.ironic.find(path) is not None:
            free = {"/protected": False, "/maintenance": True}
            patch = [{"op": "replace", "path": key, "value": value} for key, value in free.items()]
            self._lab.ironic.call("PATCH", path, patch)
            self._lab.ironic.call("DELETE", path)

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
            case "appear":
                make_again(self._lab, _wished(name), made)
            case "give its port another address":
                ips = self._port(made)["fixed_ips"]
                self._change_port(made, {"fixed_ips": [*ips, {"subnet_id": ips[0]["subnet_id"]}]})
            case "switch its port off":
                self._change_port(made, {"admin_state_up": False})
            case _:
                self._replug(what, made)

    def _replug(self, what: str, made: Made) -> None:
        match what:
            case "add a NIC":
                self._add_nic(made, 1)
            case "remove a NIC":
                self._remove_nic(made, _nic(made, 1))
            case "replace all NICs":
                self._unplug(made)
                self._remove_nic(made, made.mac)
                self._add_nic(made, 1)
            case "unplug its port":
                self._unplug(made)
            case "plug in a port":
                port = new_port(self._lab, f"{made.name}-eth2", _nic(made, 2))
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

    def _port(self, made: Made) -> Json:
        return dict(self._lab.neutron.get(f"/v2.0/ports/{made.port}")["port"])

    def _change_port(self, made: Made, change: Json) -> None:
        self._lab.neutron.call("PUT", f"/v2.0/ports/{made.port}", {"port": change})

    def _add_nic(self, made: Made, number: int) -> None:
        self._lab.ironic.call("POST", "/v1/ports", {"node_uuid": made.uuid, "address": _nic(made, number)})

    def _remove_nic(self, made: Made, mac: str) -> None:
        ports = self._lab.ironic.get(f"/v1/ports?node={made.uuid}&fields=uuid,address")["ports"]
        self._lab.ironic.call("DELETE", f"/v1/ports/{next(one['uuid'] for one in ports if one['address'] == mac)}")

    def _unplug(self, made: Made) -> None:
        self._lab.ironic.call("DELETE", f"/v1/nodes/{made.uuid}/vifs/{made.port}")

    def _owner(self, name: str) -> str:
        return next(str(one["uuid"]) for one in self._corral.servers() if one["name"] == name)

    # --- what an administrator sees -------------------------------------------------------------------------

    def sees(self, name: str, fields: Collection[str]) -> Sight:
        made = self.made[name]
        row = self._lab.ironic.find(f"/v1/nodes/{made.uuid}")
        life = row and (row["power_state"], row["provision_state"])
        return {what: self._says(what, made, row) for what in fields}, life

    def _says(self, what: str, made: Made, row: Any) -> Any:
        if what in ("gone", "new"):
            return (row is None) == (what == "gone")
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
            case "addresses":
                return sorted(ip["ip_address"] for ip in self._port(made)["fixed_ips"])
            case "wiring":
                return self._port(made)["admin_state_up"]
            case "image":
                return row["instance_info"]["image_source"]
            case "notes":
                return row["instance_info"].get("display_description")
            case "tags" | "metadata":
                return row["instance_info"].get(f"corral_{what}")
            case "owner":
                return row["instance_uuid"]
        raise ValueError(what)

    def told(self, corral: Corral) -> None:
        """A pass asks Ironic itself."""


def _wished(name: str) -> Wish:
    return Wish(called=name)


def _nic(made: Made, number: int) -> str:
    return f"{made.mac[:-2]}{number:02}"


@pytest.fixture(scope="module")
def table(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    served = Corral(tmp_path_factory.mktemp("corral"), lab.clouds)
    nodes = Nodes(lab, served)
    mapping = {"flavor": "gold", "name": f"sync-{NEWCOMER}"}
    rule = {"project": lab.seeded["projects"]["demo"], "mapping": mapping}
    said = adopted_by_rule(f"e2e-{nodes.tag}-sync-{NEWCOMER}", **rule)
    served.sync = json.dumps(policy_file(served.home, SOURCE, **said))
    served.configure("")
    try:
        nodes.make(machines(IRONIC))
        served.start()
        served.flavor("gold")
        yield Table(served, nodes, said).run()
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


def test_a_conflict_is_shown_with_both_sides(table: Table) -> None:
    check_told(table)


def test_conflicts_are_settled_as_somebody_decides(table: Table) -> None:
    check_decisions(table)


def test_nothing_is_switched_while_more_differs_at_once_than_is_believed(table: Table) -> None:
    check_brake(table)
