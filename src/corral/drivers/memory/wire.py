"""The wire into a world in memory: passes the border like any other, and can be told to fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corral.cloud.answers import Answer
from corral.contracts.border import Border, Call
from corral.domain.errors import CorralError, OutcomeUnknown, Unreachable
from corral.domain.machine import Power
from corral.drivers.ironic.bmc import Sight
from corral.drivers.memory.api import Route, dispatch
from corral.drivers.memory.baremetal import Baremetal
from corral.drivers.memory.cinder import BlockStorage, Identity
from corral.drivers.memory.cloud import Imaging, Networking
from corral.drivers.memory.world import Node, World

Faults = Callable[[str], None]
"""Called twice for each call that leaves, with `before METHOD PATH` and `after METHOD PATH`. What it raises happens: Unreachable
before, or OutcomeUnknown after, is a network that breaks; `Answered` is an answer of the service's."""


class Answered(Exception):
    """Raise it from a `Faults` hook to have the service answer this instead."""

    def __init__(self, status: int, words: str = "told to fail") -> None:
        super().__init__(words)
        self.answer = Answer(status, {"faultstring": words}, words)


class Postponed(Exception):
    """Raise it from a `Faults` hook before a call to have its answer lost, and the call carried out later: by `catch_up`."""


class MemoryWire:
    """`cloud.wire.Wire` over a world."""

    def __init__(self, world: World, border: Border, faults: Faults | None = None) -> None:
        self.faults = faults
        self.border = border
        self._world = world
        self._postponed: list[Callable[[], Answer]] = []
        self._services: dict[str, tuple[Route, ...]] = {
            "baremetal": Baremetal(world).routes,
            "network": Networking(world).routes,
            "image": Imaging(world).routes,
            "block-storage": BlockStorage(world).routes,
            "identity": Identity(world).routes,
        }

    def send(
        self, service: str, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        path = target.partition("?")[0]

        def act() -> Answer:
            with self._world.lock:
                return dispatch(self._services[service], method, target, body, headers or {})

        with self.border.admit(service, method, path, body) as call:
            return self.crossed(call, act)

    def crossed(self, call: Call, act: Callable[[], Answer]) -> Answer:
        """Act, with the faults before and after, and note the outcome."""
        name = f"{call.method} {call.path}"
        try:
            self._fault(f"before {name}")
            got = act()
            self._fault(f"after {name}")
        except Postponed as exc:
            self._postponed.append(act)
            call.outcome = OutcomeUnknown.code
            raise OutcomeUnknown(f"{name} was not answered in time.") from exc
        except Answered as told:
            got = told.answer
        except CorralError as exc:
            call.outcome = exc.code
            raise
        call.outcome = str(got.status)
        return got

    def catch_up(self) -> None:
        """Carry out what was postponed, as a service does that was only slow."""
        while self._postponed:
            self._postponed.pop(0)()

    def _fault(self, moment: str) -> None:
        if self.faults is not None:
            self.faults(moment)


class MemoryBmcs:
    """`drivers.ironic.bmc.Bmcs` over a world: the machines themselves."""

    threads = 4
    patience = 20.0

    def __init__(self, world: World, wire: MemoryWire) -> None:
        self._world = world
        self._wire = wire

    def look(self, node: Mapping[str, Any]) -> Sight | None:
        found = self._world.nodes.get(str(node.get("uuid")))
        if found is None or (found.real_power is None and not found.bmc_error):
            return None
        try:
            with self._wire.border.admit("bmc", "GET", f"/redfish/v1/Systems/{found.uuid}") as call:
                self._wire.crossed(call, lambda: _told(found))
        except CorralError as exc:
            return Sight(None, f"the BMC could not be asked: {exc}"[:300])
        return Sight(found.real_power, "", _facts(found))


def _told(node: Node) -> Answer:
    if node.bmc_error:
        raise Unreachable(node.bmc_error)
    return Answer(200, {})


def _facts(node: Node) -> dict[str, str]:
    state = "On" if node.real_power is Power.ON else "Off"
    return {"power_state": state, "last_reset_time": f"reset {node.boots}", "boot_override_enabled": "Disabled"}
