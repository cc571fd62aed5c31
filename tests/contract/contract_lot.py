"""Free machines that deployments come to a known end on: in memory, and in a real Ironic.

The real ones are named `deploy-…` and removed at the end. With the deploy interface `fake` one is active at once; with `direct` it
waits for an agent that never calls; without a port on a neutron network Ironic can't even prepare it, nor clean it.
"""

from __future__ import annotations

import http.server
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Any, Protocol

from contract_ironic import _VERSION, Admin
from contract_yard import CLASS, MOVES, border, new_uuid

from corral.cloud.session import CloudWire, Place
from corral.cloud.wire import Wire
from corral.contracts.sources import Source
from corral.domain.machine import Machine, Network, NetworkPort, Nic, Power, normal_mac
from corral.drivers.ironic import open_source
from corral.drivers.memory import MemorySource
from corral.drivers.memory.baremetal import record
from corral.drivers.memory.world import new_mac

LEFT_OVER = {"somebody": "left this here"}
IMAGE = {
    "image_os_hash_algo": "sha256",
    "image_os_hash_value": "00" * 32,
    "image_type": "whole-disk",
    "image_disk_format": "raw",
}
_BOOKS = {
    *MOVES,
    "driver_internal_info",
    "last_error",
    "target_provision_state",
    "reservation",
    "health",
    "deploy_step",
}
"""What Ironic keeps for itself."""


class End(StrEnum):
    """How deployments of a machine go."""

    ACTIVE = "active"
    WAITS = "wait call-back"
    FAILS = "deploy failed"
    UNCLEAN = "clean failed"  # fails, and so does cleaning after it was torn down


class Lot(Protocol):
    """A source with free machines to spare."""

    source: Source
    wire: Wire
    image: str

    def free(self, end: End = End.ACTIVE, *, vif: bool = False) -> str:
        """A machine that is available, with something left over in its instance_info; with `vif`, a network port in its NIC."""

    def running(self) -> str:
        """A machine that was adopted at the source, and runs."""

    def record(self, machine: str) -> dict[str, Any]:
        """Everything the source says of the machine, behind the driver's back, but for its own book-keeping."""

    def set(self, machine: str, **fields: Any) -> None:
        """Another client changes these fields of the node."""


class MemoryLot:
    def __init__(self) -> None:
        self.network, self.image = new_uuid(), "http://127.0.0.1/root.img"
        self.memory = MemorySource("lot", networks=[Network(self.network, "tenant", "bank")])
        self.source, self.world = self.memory.source, self.memory.world
        self.wire: Wire = self.memory.wire

    def free(self, end: End = End.ACTIVE, *, vif: bool = False) -> str:
        self.world.slow_deploys = end is End.WAITS
        self.world.deploy_error = "Failed to prepare to deploy" if end in (End.FAILS, End.UNCLEAN) else ""
        self.world.clean_error = "Failed to prepare for cleaning" if end is End.UNCLEAN else ""
        return self._machine("available", vif)

    def running(self) -> str:
        return self._machine("active", False)

    def _machine(self, state: str, vif: bool) -> str:
        ident, mac = new_uuid(), new_mac()
        port = NetworkPort(new_uuid(), mac, self.network, "bank", host=ident if vif else "")
        self.world.add(ports=[port])
        self.world.add_machine(
            Machine(
                source="lot",
                id=ident,
                name=f"deploy-{ident[:8]}",
                provision_state=state,
                power=Power.OFF,
                resource_class=CLASS,
                driver="fake-hardware",
                network_interface="flat",
                instance_info=dict(LEFT_OVER),
                nics=(Nic(new_uuid(), mac, vif=port.id if vif else None),),
            )
        )
        return ident

    def record(self, machine: str) -> dict[str, Any]:
        node = self.world.node(machine)
        nics = [(nic.uuid, nic.mac, nic.vif) for nic in node.nics]
        return {**{key: value for key, value in record(node).items() if key not in _BOOKS}, "nics": nics}

    def set(self, machine: str, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.world.node(machine), name, value)

    def close(self) -> None:
        self.source.close()


class IronicLot:
    def __init__(self, lab: Mapping[str, Any]) -> None:
        self._seeded = lab["seeded"]
        self.source = open_source("lot", {"cloud": "corral-system", "network_cloud": "corral"})
        self._driver_wire = CloudWire(Place("corral-system"), border())
        self.wire: Wire = self._driver_wire
        self._ironic = Admin("corral-system", "baremetal", _VERSION)
        self._neutron = Admin("corral", "network")
        self._images = _Images()
        self.image = self._images.url
        self._made: list[str] = []
        self._ports: list[str] = []
        self._macs = itertools.count(int(time.time()) % 65536 * 256)

    def free(self, end: End = End.ACTIVE, *, vif: bool = False) -> str:
        doomed = end in (End.FAILS, End.UNCLEAN)
        network = "neutron" if doomed else "flat" if vif else "noop"
        deploy = "fake" if end is End.ACTIVE else "direct"
        node = self._node(deploy_interface=deploy, network_interface=network)
        if not doomed:
            self._nic(node, vif)
        self._move(node, "manage", "manageable")
        self._move(node, "provide", "available")
        # Ironic switches a machine off that it tears down: one that is off already stays what it was.
        self._ironic.must("PUT", f"/v1/nodes/{node}/states/power", {"target": "power off"})
        self._until(node, lambda row: row["power_state"] == "power off")
        if end is End.UNCLEAN:
            self.set(node, automated_clean=True)
        return node

    def running(self) -> str:
        node = self._node()
        self._move(node, "manage", "manageable")
        self._move(node, "adopt", "active")
        return node

    def record(self, machine: str) -> dict[str, Any]:
        for _ in range(50):
            row = self._ironic.must("GET", f"/v1/nodes/{machine}")
            if row["reservation"] is None:
                break
            time.sleep(0.1)
        ports = self._ironic.must("GET", f"/v1/ports?node={machine}&detail=True")["ports"]
        nics = [(port["uuid"], port["address"], port["internal_info"]) for port in ports]
        return {**{key: value for key, value in row.items() if key not in _BOOKS}, "nics": nics}

    def set(self, machine: str, **fields: Any) -> None:
        patch = [{"op": "add", "path": f"/{name}", "value": value} for name, value in fields.items()]
        self._ironic.must("PATCH", f"/v1/nodes/{machine}", patch)

    def close(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._delete, self._made))
        for port in self._ports:
            self._neutron.ask("DELETE", f"/v2.0/ports/{port}")
        self._images.close()
        for one in (self.source, self._driver_wire, self._ironic.wire, self._neutron.wire):
            one.close()

    def _delete(self, node: str) -> None:
        path = f"/v1/nodes/{node}"
        if self._ironic.ask("GET", path).status == 404:
            return
        row = self._ironic.must("GET", path)
        if row["protected"]:
            self._ironic.must("PATCH", path, [{"op": "add", "path": "/protected", "value": False}])
        self._ironic.must("PUT", f"{path}/maintenance", {"reason": "contract"})
        for vif in self._ironic.must("GET", f"{path}/vifs")["vifs"]:
            self._ironic.ask("DELETE", f"{path}/vifs/{vif['id']}")
        if row["provision_state"] == "wait call-back":
            # In maintenance Ironic deletes active nodes, and none that it deploys.
            self._ironic.must("DELETE", f"{path}/maintenance")
            self._move(node, "deleted", "available")
        self._ironic.must("DELETE", path)

    def _node(self, **fields: Any) -> str:
        node = new_uuid()
        body = {"uuid": node, "name": f"deploy-{node[:8]}", "driver": "fake-hardware", "resource_class": CLASS}
        self._ironic.must("POST", "/v1/nodes", {**body, "instance_info": LEFT_OVER, **fields})
        self._made.append(node)
        return node

    def _nic(self, node: str, vif: bool) -> None:
        mac = normal_mac(f"5254c1{next(self._macs) % 2**24:06x}")
        self._ironic.must("POST", "/v1/ports", {"node_uuid": node, "address": mac})
        if vif:
            body = {"network_id": self._seeded["networks"]["tenant"], "name": "deploy-port", "mac_address": mac}
            body |= {"project_id": self._seeded["projects"]["demo"], "binding:vnic_type": "baremetal"}
            port = str(self._neutron.must("POST", "/v2.0/ports", {"port": body})["port"]["id"])
            self._ports.append(port)
            self._ironic.must("POST", f"/v1/nodes/{node}/vifs", {"id": port})

    def _move(self, node: str, verb: str, state: str) -> None:
        self._ironic.must("PUT", f"/v1/nodes/{node}/states/provision", {"target": verb})
        self._until(node, lambda row: row["provision_state"] == state)

    def _until(self, node: str, done: Callable[[dict[str, Any]], bool]) -> None:
        for _ in range(150):
            row = self._ironic.must("GET", f"/v1/nodes/{node}")
            if done(row) and row["reservation"] is None:
                return
            time.sleep(0.2)
        raise AssertionError(f"{node} stays {row['provision_state']}, {row['power_state']}: {row['last_error']}")


class _Images(http.server.ThreadingHTTPServer):
    """Where Ironic finds that there is an image. Nobody ever fetches it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Image)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/root.img"
        threading.Thread(target=self.serve_forever, name="images", daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Image(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1048576")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
