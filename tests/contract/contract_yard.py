"""The ground that the contract suite stands on: a source with machines to spare, and the levers behind its back.

Role: `Yard` is what each tested source must offer to tests; nothing in the suite knows which source it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from corral.cloud.answers import Answer
from corral.cloud.patience import Patience
from corral.cloud.wire import Wire
from corral.contracts.border import Border, Purpose, crossing
from corral.contracts.sources import Source
from corral.domain.errors import CorralError, OutcomeUnknown, Unreachable
from corral.drivers.ironic.machines import IronicMachines, ironic_service
from corral.drivers.ironic.rules import RULES

CLASS = "contract"
HASTY = Patience(pauses=(0.1, 0.2, 0.4, 0.8, 1.6, 1.6))
MOVES = {"updated_at", "provision_updated_at", "links"}
"""Fields of a record that are book-keeping, not state."""


class Yard(Protocol):
    """A source under test. Machines handed out are free, active, switched on, of resource class `contract`, with two
    NICs, and are taken back after the test whatever was done to them."""

    source: Source
    wire: Wire
    network: str
    project: str
    image: str
    can_ask_machines: str | None
    keeps_writers_apart: bool
    """Of two that change a port on the same revision one is refused. Neutron on MySQL lets both through."""

    def machine(self, network_interface: str = "flat") -> str: ...

    def record(self, machine: str) -> dict[str, Any]:
        """Everything the source says of the machine, its NICs and its allocation, behind the driver's back."""

    def port(self, mac: str | None = None) -> str:
        """A network port that belongs to nobody."""

    def port_record(self, port: str) -> dict[str, Any] | None: ...

    def take(self, machine: str, instance: str) -> None:
        """Another client claims the machine, all the way, with an allocation."""

    def call_instance(self, machine: str, name: str) -> None:
        """Give the machine's instance a name, as Nova does."""

    def undeploy(self, machine: str) -> None:
        """An administrator tears the machine down: it is not active any more."""

    def allocation(self, ident: str) -> dict[str, Any] | None: ...

    def try_delete(self, machine: str) -> int:
        """An administrator tries to delete the node: the status of the answer."""

    def delete(self, machine: str) -> None: ...


def new_uuid() -> str:
    return str(uuid.uuid4())


@contextmanager
def adopting() -> Iterator[Any]:
    with crossing(Purpose.ADOPT) as recorder:
        yield recorder


def machines_over(wire: Wire, name: str = "contract", page_size: int = 1000) -> IronicMachines:
    """The driver over another wire, one that breaks."""
    return IronicMachines(name, "ironic", ironic_service(wire, HASTY), None, page_size=page_size)


class BreakingWire:
    """Breaks at the change number `at` (from 0), before it is sent or after it was carried out, and ever after: what the
    world looks like to a worker that dies there."""

    def __init__(self, wire: Wire, at: int, moment: str) -> None:
        self._wire = wire
        self._at = at
        self._moment = moment
        self._changes = 0
        self.broken = False

    def send(
        self, service: str, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        if self.broken:
            raise Unreachable("the wire is broken")
        if method == "GET":
            return self._wire.send(service, method, target, body, headers)
        self._changes += 1
        if self._changes - 1 < self._at:
            return self._wire.send(service, method, target, body, headers)
        self.broken = True
        if self._moment == "before":
            raise Unreachable("broken before")
        self._wire.send(service, method, target, body, headers)
        raise OutcomeUnknown("broken after")


class SpoilingWire:
    """Spoils the list rows of one node."""

    def __init__(self, wire: Wire, node: str) -> None:
        self._wire = wire
        self._node = node

    def send(
        self, service: str, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        answer = self._wire.send(service, method, target, body, headers)
        for row in (answer.data or {}).get("nodes", ()):
            if row["uuid"] == self._node:
                row["provision_state"] = ["not", "a", "text"]
        return answer


def every_break(run: Callable[[BreakingWire], None], wire: Wire) -> Iterator[tuple[int, str]]:
    """Break `run` at its first, second, … change, before and after, until it gets through. Yields after each break."""
    for at in range(20):
        for moment in ("before", "after"):
            breaking = BreakingWire(wire, at, moment)
            try:
                run(breaking)
            except CorralError:
                if not breaking.broken:
                    raise
            if not breaking.broken:
                return
            yield at, moment
    raise AssertionError("it never gets through")


def border() -> Border:
    return Border(RULES)
