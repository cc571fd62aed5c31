"""A source over a world in memory."""

from __future__ import annotations

from collections.abc import Iterable

from corral.cloud.images import GlanceImages
from corral.cloud.networks import NeutronNetworks
from corral.cloud.patience import NO_WAITING
from corral.cloud.wire import Service
from corral.contracts.border import Border
from corral.contracts.sources import Source
from corral.domain.machine import Image, Machine, Network, NetworkPort
from corral.drivers.ironic.machines import IronicMachines, ironic_service
from corral.drivers.ironic.rules import RULES
from corral.drivers.memory.wire import Faults, MemoryBmcs, MemoryWire
from corral.drivers.memory.world import World


class MemorySource:
    """`source` is what Corral sees; `world` what there is; `faults` may be set at any time (see `wire.Faults`);
    `wire` is what all calls go through."""

    def __init__(
        self,
        name: str = "memory",
        machines: Iterable[Machine] = (),
        images: Iterable[Image] = (),
        ports: Iterable[NetworkPort] = (),
        networks: Iterable[Network] = (),
        faults: Faults | None = None,
        page_size: int = 1000,
    ) -> None:
        self.world = World()
        self.world.add(images, networks, ports)
        for machine in machines:
            self.world.add_machine(machine)
        self.wire = MemoryWire(self.world, Border(RULES), faults)
        self.source = self._open(name, page_size)

    @property
    def faults(self) -> Faults | None:
        return self.wire.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.wire.faults = faults

    def _open(self, name: str, page_size: int) -> Source:
        def service(kind: str) -> Service:
            return Service(self.wire, kind, patience=NO_WAITING)

        bmcs = MemoryBmcs(self.world, self.wire)
        nodes = ironic_service(self.wire, NO_WAITING)
        machines = IronicMachines(name, "memory", nodes, bmcs, page_size=page_size)
        images, networks = GlanceImages(service("image")), NeutronNetworks(service("network"))
        return Source(name, "memory", machines, images, networks, machines.close, self.wire.border)
