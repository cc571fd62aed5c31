"""The ground that the suite of cloud records stands on: a cloud with storage and a network, and the levers behind its back.

`MemoryGround` is the double that Corral ships; `LabGround` the lab's Keystone, Neutron and Cinder with its backend `array`.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from contract_ironic import Admin

from corral.cloud.records import RULES, open_cloud
from corral.cloud.session import CloudWire, Place
from corral.cloud.wire import Wire
from corral.contracts.border import Border
from corral.contracts.cloud_records import CloudAround
from corral.domain.machine import Network
from corral.drivers.memory.clouds import MemoryCloud
from tests.cloud_world import lun


class Ground(Protocol):
    """A cloud under test. `array` is a backend whose volumes `add_lun` makes; `vlan` and `cidr` are those of the network."""

    around: CloudAround
    wire: Wire
    array: str
    project: str
    network: str
    subnet: str
    vlan: int

    def add_lun(self, wwn: str, gib: int) -> str:
        """A volume in the storage that Cinder does not know; gives its name there."""

    def give_port(self, port: str, device: str) -> None:
        """Somebody takes a port over."""

    def attachments(self, volume: str) -> list[Mapping[str, Any]]:
        """What Cinder records of who has a volume."""

    def close(self) -> None: ...


class MemoryGround:
    array, vlan = "cinder@array", 120

    def __init__(self) -> None:
        self.cloud = MemoryCloud()
        self.around, self.wire = self.cloud.around, self.cloud.wire
        self.project, self.network, self.subnet = uuid.uuid4().hex, str(uuid.uuid4()), str(uuid.uuid4())
        world = self.cloud.world
        world.projects[self.project] = True
        world.add(networks=[Network(self.network, "contract", self.project)])
        world.segments[self.network] = {
            "provider:network_type": "vlan",
            "provider:physical_network": "physnet1",
            "provider:segmentation_id": self.vlan,
        }
        world.subnets[self.subnet] = {
            "id": self.subnet,
            "network_id": self.network,
            "cidr": "10.77.0.0/24",
            "gateway_ip": "10.77.0.1",
            "allocation_pools": [{"start": "10.77.0.2", "end": "10.77.0.254"}],
        }
        told = {"storage_protocol": "array", "vendor_name": "Acme", "volume_backend_name": "array"}
        world.storage.pools[self.array] = [{"name": f"{self.array}#array", "capabilities": told}]
        world.storage.luns[self.array] = []

    def add_lun(self, wwn: str, gib: int) -> str:
        name = f"lun-{uuid.uuid4().hex[:8]}"
        self.cloud.world.storage.luns[self.array].append(lun(name, gib, wwn))
        return name

    def give_port(self, port: str, device: str) -> None:
        found = self.cloud.world.ports[port]
        found.device, found.device_owner, found.revision = device, "compute:nova", found.revision + 1

    def attachments(self, volume: str) -> list[Mapping[str, Any]]:
        return [one for one in self.cloud.world.storage.attachments.values() if one["volume_id"] == volume]

    def close(self) -> None:
        """There is nothing to close."""


class LabGround:
    """All that is made in Neutron is named `contract-…`, and removed at the end; so are the volumes that tests leave."""

    array = "labhost@array"
    _numbers = itertools.count(int(time.time()) % 800)

    def __init__(self, lab: Mapping[str, Any]) -> None:
        self.around = open_cloud("corral")
        self.wire: Wire = CloudWire(Place("corral"), Border(RULES))
        self.neutron, self.cinder = Admin("corral", "network"), Admin("corral", "block-storage", _VERSION)
        self._place = Path(lab["clouds_file"]).parents[2] / "data" / "cinder" / "array.json"
        self._luns: list[str] = []
        self.vlan = 1100 + next(self._numbers)
        made = self.neutron.must("POST", "/v2.0/networks", {"network": self._network()})["network"]
        self.network, self.project = made["id"], made["project_id"]
        body = {"network_id": self.network, "ip_version": 4, "cidr": "10.77.0.0/24", "name": "contract-cloud"}
        self.subnet = self.neutron.must("POST", "/v2.0/subnets", {"subnet": body})["subnet"]["id"]

    def _network(self) -> dict[str, Any]:
        return {
            "name": f"contract-cloud-{self.vlan}",
            "provider:network_type": "vlan",
            "provider:physical_network": "physnet1",
            "provider:segmentation_id": self.vlan,
        }

    def add_lun(self, wwn: str, gib: int) -> str:
        name = f"contract-{uuid.uuid4().hex[:8]}"
        self._luns.append(name)
        self._change(lambda luns: [*luns, {"name": name, "gib": gib, "wwn": wwn}])
        return name

    def _change(self, change: Any) -> None:
        """Change the array's volumes, one test at a time."""
        with self._place.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            luns = json.loads(self._place.read_text())["luns"] if self._place.exists() else []
            new = self._place.with_suffix(".new")
            new.write_text(json.dumps({"luns": change(luns)}))
            new.replace(self._place)

    def give_port(self, port: str, device: str) -> None:
        body = {"port": {"device_id": device, "device_owner": "compute:nova"}}
        self.neutron.must("PUT", f"/v2.0/ports/{port}", body)

    def attachments(self, volume: str) -> list[Mapping[str, Any]]:
        path = f"/v3/attachments/detail?volume_id={volume}"
        return list(self.cinder.must("GET", path)["attachments"])

    def close(self) -> None:
        for port in self.neutron.must("GET", f"/v2.0/ports?network_id={self.network}")["ports"]:
            self.neutron.ask("DELETE", f"/v2.0/ports/{port['id']}")
        self.neutron.ask("DELETE", f"/v2.0/networks/{self.network}")
        self._change(lambda luns: [one for one in luns if one["name"] not in self._luns])
        self.around.close()


_VERSION = {"OpenStack-API-Version": "volume 3.44"}
