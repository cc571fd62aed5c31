"""A real Ironic of the lab as a yard. All that is made here is named `contract-…`, and removed at the end.

Role: works behind the driver's back with a wire of its own, whose border lets everything through.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contract_yard import CLASS, MOVES, border, new_uuid

from corral.cloud.answers import Answer, checked
from corral.cloud.session import CloudWire, Place
from corral.cloud.wire import Wire
from corral.contracts.border import Border, Purpose, Rule
from corral.domain.machine import normal_mac
from corral.drivers.ironic import open_source

_EVERYTHING = tuple(
    Rule(Purpose.LOOK, service, method, re.compile(".*"), "the yard may do anything")
    for service in ("identity", "baremetal", "network", "image", "block-storage")
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
)
_VERSION = {"X-OpenStack-Ironic-API-Version": "1.104"}
_BATCH = 6


class Admin:
    """Requests of an administrator; waits while Ironic says that a node is locked."""

    def __init__(self, cloud: str, service: str, headers: Mapping[str, str] | None = None) -> None:
        self.wire = CloudWire(Place(cloud), Border(_EVERYTHING))
        self._service = service
        self._headers = headers or {}

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        for _ in range(40):
            got = self.wire.send(self._service, method, path, body, self._headers)
            if got.status not in (409, 500, 503) or "lock" not in got.text.lower():
                break
            time.sleep(0.25)
        return got

    def must(self, method: str, path: str, body: Any = None) -> Any:
        return checked(self.ask(method, path, body), self._service, method, path).data


class IronicYard:
    def __init__(self, lab: Mapping[str, Any]) -> None:
        seeded = lab["seeded"]
        self.network, self.project = seeded["networks"]["tenant"], seeded["projects"]["demo"]
        self.image = seeded["images"]["debian-12"]
        self.keeps_writers_apart = lab["database"] != "mysql"
        self.can_ask_machines: str | None = seeded["nodes"].get("rf-adopt-01", {}).get("uuid")
        self.source = open_source("contract", {"cloud": "corral-system", "network_cloud": "corral"})
        self._driver_wire = CloudWire(Place("corral-system"), border())
        self.wire: Wire = self._driver_wire
        self._ironic = Admin("corral-system", "baremetal", _VERSION)
        self._neutron = Admin("corral", "network")
        self._spare: dict[str, list[str]] = {"flat": [], "noop": []}
        self._made: dict[str, str] = {}
        self._lent: list[str] = []
        self._torn_down: list[str] = []
        self._ports: list[str] = []
        self._macs = itertools.count(int(time.time()) % 65536 * 256)
        self._pool = ThreadPoolExecutor(_BATCH)

    # What tests see

    def machine(self, network_interface: str = "flat") -> str:
        spare = self._spare[network_interface]
        if not spare:
            spare += self._make(network_interface, _BATCH if network_interface == "flat" else 1)
        machine = spare.pop()
        self._lent.append(machine)
        return machine

    def record(self, machine: str) -> dict[str, Any]:
        row = self._ironic.must("GET", f"/v1/nodes/{machine}")
        ports = self._ironic.must("GET", f"/v1/ports?node={machine}&detail=True")["ports"]
        nics = [(port["uuid"], port["address"], port["internal_info"], port["extra"]) for port in ports]
        return {**{key: value for key, value in row.items() if key not in MOVES}, "nics": nics}

    def port(self, mac: str | None = None) -> str:
        body = {
            "network_id": self.network,
            "project_id": self.project,
            "name": "contract-port",
            "mac_address": mac or self._mac(),
            "binding:vnic_type": "baremetal",
        }
        port = str(self._neutron.must("POST", "/v2.0/ports", {"port": body})["port"]["id"])
        self._ports.append(port)
        return port

    def port_record(self, port: str) -> dict[str, Any] | None:
        got = self._neutron.ask("GET", f"/v2.0/ports/{port}")
        if got.status == 404:
            return None
        row: dict[str, Any] = got.data["port"]
        return {key: value for key, value in row.items() if key not in (*MOVES, "revision_number")}

    def take(self, machine: str, instance: str) -> None:
        self._ironic.must("PATCH", f"/v1/nodes/{machine}", [_add("/instance_uuid", instance)])
        self._ironic.must("POST", "/v1/allocations", {"uuid": instance, "node": machine})

    def call_instance(self, machine: str, name: str) -> None:
        self._ironic.must("PATCH", f"/v1/nodes/{machine}", [_add("/instance_name", name)])

    def undeploy(self, machine: str) -> None:
        self._state(machine, "provision", "deleted", lambda row: row["provision_state"] == "available")
        self._torn_down.append(machine)

    def allocation(self, ident: str) -> dict[str, Any] | None:
        got = self._ironic.ask("GET", f"/v1/allocations/{ident}")
        return None if got.status == 404 else got.data

    def try_delete(self, machine: str) -> int:
        return self._ironic.ask("DELETE", f"/v1/nodes/{machine}").status

    def delete(self, machine: str) -> None:
        self._clear(machine)
        self._ironic.must("PUT", f"/v1/nodes/{machine}/maintenance", {"reason": "contract"})
        self._ironic.must("DELETE", f"/v1/nodes/{machine}")
        self._made.pop(machine, None)

    # Housekeeping

    def take_back(self) -> None:
        """After each test: what was lent is as new again, or gone."""
        for machine in self._torn_down:
            self._ironic.must("DELETE", f"/v1/nodes/{machine}")
            del self._made[machine]
        self._torn_down.clear()
        lent, self._lent = self._lent, []
        list(self._pool.map(self._clear, [one for one in lent if one in self._made]))
        for machine in lent:
            if machine in self._made:
                self._spare[self._made[machine]].append(machine)

    def close(self) -> None:
        self.take_back()
        list(self._pool.map(self.delete, list(self._made)))
        for port in self._ports:
            self._neutron.ask("DELETE", f"/v2.0/ports/{port}")
        self._pool.shutdown()
        for one in (self.source, self._driver_wire, self._ironic.wire, self._neutron.wire):
            one.close()

    def _mac(self) -> str:
        return normal_mac(f"5254c0{next(self._macs) % 2**24:06x}")

    def _make(self, network_interface: str, count: int) -> list[str]:
        return list(self._pool.map(lambda _: self._make_one(network_interface), range(count)))

    def _make_one(self, network_interface: str) -> str:
        node = new_uuid()
        self._made[node] = network_interface
        body = {"uuid": node, "name": f"contract-{node[:8]}", "driver": "fake-hardware", "resource_class": CLASS}
        told = {"image_source": self.image, "display_name": body["name"]}
        info = {"instance_info": told, "network_interface": network_interface}
        self._ironic.must("POST", "/v1/nodes", {**body, **info})
        for _ in range(2):
            self._ironic.must("POST", "/v1/ports", {"node_uuid": node, "address": self._mac().upper()})
        self._state(node, "provision", "manage", lambda row: row["provision_state"] == "manageable")
        self._state(node, "power", "power on", lambda row: row["power_state"] == "power on")
        self._state(node, "provision", "adopt", lambda row: row["provision_state"] == "active")
        return node

    def _state(self, node: str, kind: str, target: str, done: Callable[[dict[str, Any]], bool]) -> None:
        self._ironic.must("PUT", f"/v1/nodes/{node}/states/{kind}", {"target": target})
        for _ in range(150):
            row = self._ironic.must("GET", f"/v1/nodes/{node}/states")
            if done(row) and not row["target_power_state"]:
                return
            time.sleep(0.2)
        raise AssertionError(f"{node} never did: {target}: {row}")

    def _clear(self, node: str) -> None:
        """Free, unprotected, unplugged, out of maintenance, switched on."""
        path = f"/v1/nodes/{node}"
        row = self._ironic.must("GET", path)
        if row["protected"]:
            self._ironic.must("PATCH", path, [{"op": "add", "path": "/protected", "value": False}])
        if row["allocation_uuid"]:
            self._ironic.must("PUT", f"{path}/maintenance", {"reason": "contract"})
            self._ironic.must("DELETE", f"/v1/allocations/{row['allocation_uuid']}")
        elif row["instance_uuid"]:
            self._ironic.must("PATCH", path, [{"op": "remove", "path": "/instance_uuid"}])
        self._ironic.must("DELETE", f"{path}/maintenance")
        if "traits" in row["instance_info"]:
            self._ironic.must("PATCH", path, [{"op": "remove", "path": "/instance_info/traits"}])
        if self._ironic.must("GET", path)["instance_name"]:
            self._ironic.must("PATCH", path, [{"op": "remove", "path": "/instance_name"}])
        for vif in self._ironic.must("GET", f"{path}/vifs")["vifs"]:
            self._ironic.must("DELETE", f"{path}/vifs/{vif['id']}")
        if row["power_state"] != "power on":
            self._state(node, "power", "power on", lambda row: row["power_state"] == "power on")


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}
