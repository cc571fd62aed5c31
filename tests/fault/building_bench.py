"""Available machines, a pod, a Corral around both, and a way to look at everything that there is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fault_bench
from fault_bench import ACTOR, NET, QUICK, mac

from corral import config
from corral.domain.blocks import Media, Wanted, WantedAdapters, WantedDrives
from corral.domain.composing import Composition
from corral.domain.creation import CreateRequest
from corral.domain.machine import Image, Network, NetworkPort
from corral.domain.server import Flavor, NetworkRequest, Server
from corral.drivers.memory import MemorySource
from corral.drivers.memory.pod import MemoryPod
from corral.drivers.memory.pod_world import machines_worth
from corral.drivers.memory.wire import Faults
from corral.drivers.memory.world import NicRecord, Node
from corral.engine import Operation
from corral.services.creation import Count
from corral.wiring import Corral, build
from tests.prepared import prepared

IMAGE = "5e5e5e5e-0000-4000-8000-000000000001"
NAMED = "bbbbbbbb-0000-4000-8000-000000000009"
RUNNING = "aaaaaaaa-0000-4000-8000-000000000099"
WANTED = Wanted(
    cores=8, memory=32768, drives=(WantedDrives(400 * 10**9, 1, Media.SSD),), adapters=(WantedAdapters(1, 10_000),)
)


def machine_id(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


class Yard:
    """An Ironic with `machines` available ones and one that runs for somebody, and a pod worth `systems` machines."""

    def __init__(self, machines: int = 2, systems: int = 2) -> None:
        self.ironic, self.pod = MemorySource("lab"), MemoryPod("pod")
        world = self.ironic.world
        ports = [NetworkPort(NAMED, "fa:16:3e:00:00:09", NET, "bank")]
        world.add(images=[Image(IMAGE, "debian")], networks=[Network(NET, "tenant", "bank")], ports=ports)
        for number in range(1, machines + 1):
            nics = [NicRecord(f"eeeeeeee-0000-4000-{number:04d}-{n:012d}", mac(10 * number + n)) for n in (1, 2)]
            world.add_node(
                Node(machine_id(number), f"node-{number}", "available", "power on", resource_class="gold", nics=nics)
            )
        # Active, of the same class, and claimed by nobody: somebody's, of whom we know nothing.
        world.add_node(Node(RUNNING, "theirs", "active", "power on", resource_class="gold", nics=[]))
        machines_worth(self.pod.world, systems)

    @property
    def faults(self) -> Faults | None:
        return self.ironic.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.ironic.faults = self.pod.faults = faults

    def catch_up(self) -> None:
        self.ironic.wire.catch_up()
        self.pod.wire.catch_up()

    def everything(self) -> dict[str, Any]:
        world = self.pod.world
        with world.lock:
            systems = sorted(one.name for one in world.records.values())
            blocks = {one.id: len(one.systems) for one in world.blocks.values()}
        seen = fault_bench.everything(self.ironic)
        for node in seen["nodes"].values():
            # What a machine has been through, and what its source says of it, stay.
            node["boots"], node["last_error"] = 0, None
        return {**seen, "systems": systems, "blocks": copy.deepcopy(blocks)}


class Bench:
    """A Corral over a yard."""

    def __init__(self, yard: Yard, folder: Path, database: Path, workers: int = 4) -> None:
        self.yard = yard
        self.told: list[str] = []
        settings = config.Settings(data_dir=folder, database_url=f"sqlite:///{database}", workers=workers)
        self.corral: Corral = build(
            prepared(settings),
            sources={"lab": yard.ironic.source, "pod": yard.pod.source},
            emit=lambda event, _payload, **_more: self.told.append(event),
            sleep=lambda _seconds: yard.catch_up(),
            back_off=QUICK,
        )

    def flavor(self, compose: Composition | None = None, name: str = "gold") -> Flavor:
        found = [one for one in self.corral.flavors.visible("bank", admin=True) if one.name == name]
        fields = {"name": name, "resources": {"gold": "1"}, "compose": compose}
        return found[0] if found else self.corral.flavors.create(fields, ACTOR)

    def wish(self, name: str = "web", compose: Composition | None = None, **more: Any) -> CreateRequest:
        flavor = self.flavor(compose, "gold" if compose is None else f"composed-{compose.when_full}")
        networks = (
            (NetworkRequest(net_id=NET),) if compose else (NetworkRequest(port_id=NAMED), NetworkRequest(net_id=NET))
        )
        return CreateRequest(**{"name": name, "image": IMAGE, "flavor": flavor.uuid, "networks": networks, **more})

    def create(self, wish: CreateRequest | None = None) -> tuple[Server, Operation]:
        [made] = self.corral.creation.create(wish or self.wish(), Count(), ACTOR)
        return made

    def ended(self, server: Server, timeout: float = 120) -> tuple[Server, Operation]:
        """The server when no operation on it goes on, and the last one of those."""
        while True:
            last = self.corral.engine.operations(subject=server.uuid, limit=1)[0]
            done = self.corral.engine.wait(last.uuid, timeout)
            if self.corral.engine.operations(subject=server.uuid, limit=1)[0].uuid == last.uuid:
                return self.corral.servers.get(server.uuid), done

    def delete(self, server: Server) -> Operation:
        _, operation = self.corral.creation.delete(self.corral.servers.get(server.uuid), ACTOR)
        return self.corral.engine.wait(operation.uuid, 90)

    def leaks(self) -> list[str]:
        """What the leak scanner finds in a world that answers."""
        faults, self.yard.faults = self.yard.faults, None
        try:
            found = self.corral.leaks.scan()
        finally:
            self.yard.faults = faults
        return [*(one.what for one in found.leaks), *found.problems.values()]


Make = Callable[..., Bench]
COMPOSED = Composition(WANTED)
WHEN_FULL = Composition(WANTED, when_full=True)
