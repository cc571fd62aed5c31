"""The cloud around a hypervisor, in memory: the code that speaks to a real one, over a world of plain records."""

from __future__ import annotations

from corral.cloud.patience import NO_WAITING
from corral.cloud.records import RULES, around
from corral.contracts.border import Border
from corral.drivers.memory.cinder import BlockStorage
from corral.drivers.memory.wire import Faults, MemoryWire
from corral.drivers.memory.world import World


class MemoryCloud:
    """`around` is what Corral sees; `world` what there is; `faults` may be set at any time (see `wire.Faults`)."""

    def __init__(self, name: str = "memory") -> None:
        self.world = World()
        self.wire = MemoryWire(self.world, Border(RULES))
        self.around = around(name, self.wire, self.wire.border, NO_WAITING)

    @property
    def faults(self) -> Faults | None:
        return self.wire.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.wire.faults = faults

    def settle(self) -> None:
        """Carry out what was postponed, and bring what Cinder is at work on to its end."""
        self.wire.catch_up()
        with self.world.lock:
            BlockStorage(self.world).settle()
