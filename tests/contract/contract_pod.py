"""Pods to hold to one contract: what a test needs of each beside the contract itself.

`memory`: the one that is shipped. `manifest`, `specific`: the Redfish driver with either way to compose, over the lab's
emulator in a process of its own.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from corral.contracts.composition import Composes, Pools
from corral.contracts.sources import Source
from corral.domain.blocks import Wanted
from corral.domain.errors import Unreachable
from corral.drivers.memory.pod import MemoryPod
from corral.drivers.memory.pod_world import BLOCKS, machines_worth
from corral.drivers.memory.wire import Answered
from corral.drivers.redfish import open_source
from lab.pod.running import RunningPod

MACHINES = 4
WANTED = Wanted(cores=16, memory=65536)
_number = itertools.count(1)


def new_name() -> str:
    return f"contract-{next(_number)}"


class Pod(ABC):
    """A pod with the blocks of four machines."""

    source: Source

    @property
    def pools(self) -> Pools:
        assert isinstance(self.source.machines, Pools)
        return self.source.machines

    @property
    def composes(self) -> Composes:
        assert isinstance(self.source.machines, Composes)
        return self.source.machines

    @abstractmethod
    def blocks(self, machine: int) -> list[str]:
        """The blocks of machine 1 to 4: 16 cores and 64 GiB, a drive, an adapter."""

    @abstractmethod
    def held(self) -> dict[str, list[str]]:
        """What the service really holds: block by block, the systems that have it. Only blocks that somebody has."""

    @abstractmethod
    def names(self) -> list[str]:
        """The names of all systems that there really are."""

    @abstractmethod
    def other(self, block: str) -> None:
        """Somebody else composes a system of a block."""

    @abstractmethod
    def vanish(self, system: str) -> None:
        """A system is gone, without Corral."""

    @abstractmethod
    def rival(self) -> None:
        """With the next composition, somebody else gets one of the blocks first, and the service does not mind."""

    @abstractmethod
    def lost(self, method: str) -> None:
        """The next composition (POST) or release (DELETE) is carried out, and answered with an error of the server."""

    @abstractmethod
    def refused(self, method: str) -> None:
        """The next composition or release fails before anything is done."""

    @abstractmethod
    def close(self) -> None: ...


class MemoryYard(Pod):
    def __init__(self) -> None:
        self._pod = MemoryPod()
        self.source = self._pod.source
        machines_worth(self._pod.world, MACHINES)

    def blocks(self, machine: int) -> list[str]:
        return [f"{BLOCKS}/{kind}-{machine}" for kind in ("compute", "drive", "nic")]

    def held(self) -> dict[str, list[str]]:
        return {one.id: list(one.systems) for one in self._pod.world.blocks.values() if one.systems}

    def names(self) -> list[str]:
        return [one.name for one in self._pod.world.records.values()]

    def other(self, block: str) -> None:
        self._pod.world.take(block)

    def vanish(self, system: str) -> None:
        self._pod.world.vanish(system)

    def rival(self) -> None:
        def act() -> None:
            self._pod.world.double_allocates = True
            self._pod.world.take(self.blocks(1)[0])

        self._once("before POST", act)

    def lost(self, method: str) -> None:
        self._once(f"after {method}", lambda: _fail(Answered(500)))

    def refused(self, method: str) -> None:
        self._once(f"before {method}", lambda: _fail(Unreachable("The network is down.")))

    def close(self) -> None:
        self.source.close()

    def _once(self, moment: str, act: Callable[[], None]) -> None:
        def fault(now: str) -> None:
            if now.startswith(moment):
                self._pod.faults = None
                act()

        self._pod.faults = fault


class EmulatedYard(Pod):
    """The Redfish driver over a running emulator. `method`: see its options."""

    PASSWORD_ENV = "CORRAL_TEST_POD_PASSWORD"

    def __init__(self, running: RunningPod, method: str, **options: Any) -> None:
        self.running = running
        self._applies = {"contains": "Apply"} if method == "auto" else {}
        self.options = {
            "url": running.url,
            "username": running.username,
            "password_env": self.PASSWORD_ENV,
            "ca_file": running.ca,
            "method": method,
            "settle": 1,
            "read_timeout": 5,
            **options,
        }
        running.control("reset")
        self.source = open_source("pod", self.options)

    def blocks(self, machine: int) -> list[str]:
        root = "/redfish/v1/CompositionService/ResourceBlocks"
        return [f"{root}/{kind}-{machine}" for kind in ("Compute", "Storage", "Network")]

    def held(self) -> dict[str, list[str]]:
        return {block: systems for block, systems in self.running.control("state")["blocks"].items() if systems}

    def names(self) -> list[str]:
        return [one["name"] for one in self.running.control("state")["systems"].values()]

    def other(self, block: str) -> None:
        self.running.control("take", {"name": "somebody-else", "blocks": [block.rpartition("/")[2]]})

    def vanish(self, system: str) -> None:
        self.running.control("vanish", {"system": system.rpartition("/")[2]})

    def rival(self) -> None:
        self.composing("rival")

    def lost(self, method: str) -> None:
        self._fault("acted", method)

    def refused(self, method: str) -> None:
        self._fault("fail", method)

    def composing(self, kind: str, **more: Any) -> None:
        """A fault of the next composition itself."""
        self.running.fault(kind, method="POST", path=_COMPOSING, **self._applies, **more)

    def close(self) -> None:
        self.source.close()
        self.running.control("reset")

    def _fault(self, kind: str, method: str) -> None:
        if method == "POST":
            self.composing(kind)
        else:
            self.running.fault(kind, method=method, path="/Systems/")


_COMPOSING = r"/Systems$|CompositionService\.Compose$"


def _fail(error: Exception) -> None:
    raise error
