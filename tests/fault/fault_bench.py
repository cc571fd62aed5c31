"""A machine with every kind of NIC that adoption meets, a Corral around it, and a way to look at the whole world."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

from corral import config
from corral.domain.machine import Network, NetworkPort, Power
from corral.domain.server import Flavor, ManageRequest, NetworkRequest, Server
from corral.drivers.memory import MemorySource
from corral.drivers.memory.world import NicRecord, Node
from corral.engine import BackOff, Operation
from corral.services.adoption import Actor
from corral.wiring import Corral, build
from tests.prepared import prepared

NODE = "aaaaaaaa-0000-4000-8000-000000000001"
PLUGGED, LOOSE = "bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
NET = "cccccccc-0000-4000-8000-000000000001"
FLAVOR = "dddddddd-0000-4000-8000-000000000001"
ACTOR = Actor("operator", "bank", "req-test")
QUICK = BackOff(first=0.005, factor=1.5, cap=0.02, jitter=0.0, tries=50)
VOLATILE = ("updated_at", "revision")


def mac(number: int) -> str:
    return f"52:54:00:00:00:{number:02x}"


def memory() -> MemorySource:
    """One running machine: a NIC with a port, one whose port is not plugged in, and a free one."""
    found = MemorySource("lab")
    found.world.add(
        networks=[Network(NET, "tenant", "bank")],
        ports=[
            NetworkPort(PLUGGED, mac(1), NET, "bank", host=NODE, device_owner="baremetal:none", status="ACTIVE"),
            NetworkPort(LOOSE, mac(2), NET, "bank"),
        ],
    )
    nics = [NicRecord(f"eeeeeeee-0000-4000-8000-{n:012d}", mac(n).upper()) for n in (1, 2, 3)]
    nics[0].vif = PLUGGED
    found.world.add_node(
        Node(NODE, "db-01", resource_class="gold", real_power=Power.ON, nics=nics, instance_info={"image_source": "x"})
    )
    return found


def everything(source: MemorySource) -> dict[str, Any]:
    """All there is in the world, but for book-keeping that nobody restores."""
    world = source.world
    with world.lock:
        return copy.deepcopy(
            {
                "nodes": {key: _plain(node) for key, node in world.nodes.items()},
                "ports": {key: _plain(port) for key, port in world.ports.items()},
                "allocations": world.allocations,
            }
        )


def _plain(record: Any) -> dict[str, Any]:
    return {key: value for key, value in dataclasses.asdict(record).items() if key not in VOLATILE}


class Bench:
    """A Corral over one source in memory."""

    def __init__(self, source: MemorySource, folder: Path, database: Path, workers: int = 4) -> None:
        self.source = source
        self.told: list[str] = []
        settings = config.Settings(data_dir=folder, database_url=f"sqlite:///{database}", workers=workers)
        self.corral: Corral = build(
            prepared(settings),
            sources={"lab": source.source},
            emit=lambda event, _payload, **_more: self.told.append(event),
            # Time passes at once; a service that was slow has caught up by then.
            sleep=lambda _seconds: source.wire.catch_up(),
            back_off=QUICK,
        )

    def flavor(self) -> Flavor:
        flavors = self.corral.flavors.visible("bank", admin=True)
        return flavors[0] if flavors else self.flavor_named("gold")

    def flavor_named(self, name: str) -> Flavor:
        return self.corral.flavors.create({"name": name, "resources": {"gold": "1"}}, ACTOR)

    def request(self, name: str = "db-01") -> ManageRequest:
        networks = (NetworkRequest(port_id=PLUGGED), NetworkRequest(port_id=LOOSE), NetworkRequest(net_id=NET))
        return ManageRequest(name=name, node=NODE, flavor=self.flavor().uuid, networks=networks)

    def manage(self) -> tuple[Server, Operation]:
        return self.corral.adoption.manage(self.request(), ACTOR)

    def finished(self, operation: Operation) -> Operation:
        """The operation at its end, which leaves nothing behind that record and world don't both explain."""
        ended = self.corral.engine.wait(operation.uuid, 90)
        self.check_for_leaks()
        return ended

    def leaks(self) -> list[str]:
        """What the leak scanner finds in a world that answers."""
        faults, self.source.faults = self.source.faults, None
        try:
            found = self.corral.leaks.scan()
        finally:
            self.source.faults = faults
        return [*(one.what for one in found.leaks), *found.problems.values()]

    def check_for_leaks(self) -> None:
        assert self.leaks() == []

    def managed(self) -> Server:
        server, operation = self.manage()
        ended = self.finished(operation)
        assert ended.state == "succeeded", ended.error
        return self.corral.servers.get(server.uuid)
