"""A pod in memory as a source: a driver that believes its service as little as one of real hardware must.

Rule: `pod_world` is the service; here is the driver, which knows only what its calls answer. They pass the border, and can be
told to fail (`wire.Faults`), as in the other source in memory.
"""
# ruff: noqa: ARG002 - a pod has no machines of its own, whatever a query asks for

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from corral.cloud.nothing import NoImages, NoNetworks
from corral.contracts.border import Border, Purpose, Rule
from corral.contracts.composition import Enrolment
from corral.contracts.sources import Health, Query, Source
from corral.domain.blocks import Block, ComposedSystem, Pool, Wanted
from corral.domain.errors import Conflict, CorralError, DriverFailed, Invalid, NotFound, OutcomeUnknown, Refused
from corral.domain.machine import Machine
from corral.domain.reasons import Reason, reason
from corral.domain.sync_pods import Assemblies, Assembly
from corral.drivers.memory.pod_world import BLOCKS, SYSTEMS, PodWorld, SystemRecord, machines_worth
from corral.drivers.memory.wire import Answered, Faults, Postponed

T = TypeVar("T")
_SERVICE = "pod"
_MOST = 10_000
_SYSTEM = re.compile(rf"{SYSTEMS}/[0-9a-f-]{{36}}")
POD_RULES = (
    Rule(Purpose.LOOK, _SERVICE, "GET", re.compile(BLOCKS), "lists blocks and zones"),
    Rule(Purpose.LOOK, _SERVICE, "GET", re.compile(rf"{SYSTEMS}(?:/[0-9a-f-]{{36}})?"), "lists systems, reads one"),
    Rule(Purpose.COMPOSE, _SERVICE, "POST", re.compile(SYSTEMS), "composes a system"),
    Rule(Purpose.COMPOSE, _SERVICE, "DELETE", _SYSTEM, "takes a composed system apart"),
)


class PodWire:
    """Calls to a world: through the border, with faults before and after each."""

    def __init__(self, border: Border, faults: Faults | None = None) -> None:
        self.border = border
        self.faults = faults
        self._postponed: list[Callable[[], object]] = []

    def call(self, method: str, path: str, act: Callable[[], T]) -> T:
        """Act. Raises what a fault says: an `Answered` of 5xx comes after it was done, and is an unknown outcome."""
        name = f"{method} {path}"
        with self.border.admit(_SERVICE, method, path) as call:
            try:
                self._fault(f"before {name}")
                got = act()
                self._fault(f"after {name}")
            except Postponed as exc:
                self._postponed.append(act)
                call.outcome = OutcomeUnknown.code
                raise OutcomeUnknown(f"{name} was not answered in time.") from exc
            except Answered as told:
                call.outcome = str(told.answer.status)
                lost = told.answer.status >= 500
                raise (OutcomeUnknown if lost else DriverFailed)(f"{name} was answered: {told}.") from told
            except CorralError as exc:
                call.outcome = exc.code
                raise
            call.outcome = "200"
            return got

    def catch_up(self) -> None:
        """Carry out what was postponed, as a service does that was only slow."""
        while self._postponed:
            self._postponed.pop(0)()

    def _fault(self, moment: str) -> None:
        if self.faults is not None:
            self.faults(moment)


class PodMachines:
    """`Discovers`, `Pools` and `Composes` over a world."""

    def __init__(self, name: str, world: PodWorld, wire: PodWire) -> None:
        self.name = name
        self.driver = "memory-pod"
        self._world = world
        self._wire = wire

    # --- a source -----------------------------------------------------------------------------------------

    def check(self) -> Health:
        start = time.monotonic()
        try:
            blocks = len(self.pool().blocks)
        except CorralError as exc:
            return Health(False, str(exc), time.monotonic() - start)
        return Health(True, f"{blocks} blocks in memory", time.monotonic() - start)

    def discover(self, query: Query, *, marker: str | None = None, limit: int | None = None) -> Iterator[Machine]:
        """None: a composed system is a machine where it is enrolled."""
        return iter(())

    def observe(self, machine: str) -> Machine:
        raise NotFound(f"{machine[:255]!r} is no machine of a pod.", fix="Look for it where it is enrolled.")

    # --- Pools --------------------------------------------------------------------------------------------

    def pool(self) -> Pool:
        return self._wire.call("GET", BLOCKS, self._world.pool)

    def systems(self) -> Sequence[ComposedSystem]:
        return self._wire.call("GET", SYSTEMS, self._listed)

    def system(self, system: str) -> ComposedSystem:
        if _SYSTEM.fullmatch(system) is None:
            raise NotFound(f"{system[:255]!r} is no system of this pod.")
        found = self._wire.call("GET", system, lambda: self._find(system))
        if found is None:
            raise NotFound(f"System {system} does not exist.")
        return found

    def named(self, name: str) -> Sequence[ComposedSystem]:
        return [one for one in self.systems() if one.name == name]

    def assemblies(self, claimed: Mapping[str, Collection[str]]) -> Assemblies:
        found = {one.id: Assembly(one.id, one.name, blocks=one.blocks) for one in self.systems()}
        blocks = self.pool().blocks
        return Assemblies(
            {system: one for system, one in found.items() if system in claimed},
            holders={block.id: block.systems for block in blocks},
            shared=frozenset(block.id for block in blocks if block.limit > 1),
        )

    # --- Composes -----------------------------------------------------------------------------------------

    def compose(self, name: str, wanted: Wanted, blocks: Sequence[str]) -> ComposedSystem:
        if not blocks:
            raise Refused("The pod does not choose blocks itself.", [_unfit("no blocks were named")])
        found = self._own(name)
        if not found:
            answer = self._wire.call("POST", SYSTEMS, lambda: self._world.compose(name, tuple(blocks)))
            if isinstance(answer, str):
                raise _refusal(answer)
            found = self._own(name)
        if not found:
            raise OutcomeUnknown(f"The pod said that it composed {name}, and has no such system.")
        if len(found) > 1:
            self._release_all(found, name)
            raise Conflict(f"The pod composed {len(found)} systems named {name}; all are released again.")
        if wrong := self._wrong(found[0], wanted, blocks):
            self.release(found[0].id, name)
            raise Conflict(f"System {name} was not composed as asked, and is released again: {wrong}.")
        return found[0]

    def release(self, system: str, name: str) -> None:
        try:
            found = self.system(system)
        except NotFound:
            return
        if found.name != name or not found.composed:
            return
        self._wire.call("DELETE", system, lambda: self._world.remove(system))
        if any(one.id == system for one in self.systems()):
            raise DriverFailed(f"System {system} is still there after it was released.")

    def enrolment(self, system: ComposedSystem) -> Enrolment:
        return Enrolment(
            "redfish",
            {"redfish_address": "https://pod.invalid", "redfish_system_id": system.id, "redfish_verify_ca": True},
        )

    # --- inside -------------------------------------------------------------------------------------------

    def _own(self, name: str) -> list[ComposedSystem]:
        return [one for one in self.named(name) if one.composed]

    def _release_all(self, found: Iterable[ComposedSystem], name: str) -> None:
        for one in found:
            self.release(one.id, name)

    def _wrong(self, system: ComposedSystem, wanted: Wanted, chosen: Sequence[str]) -> str:
        """What is not as asked, after reading everything back; empty when all is."""
        if system.blocks != frozenset(chosen) or system.cores < wanted.cores or system.memory < wanted.memory:
            return "it is made of something else"
        blocks = {block.id: block for block in self.pool().blocks}
        crowded = [one for one in chosen if not _has_alone(blocks.get(one), system.id)]
        return f"somebody else has {', '.join(crowded)}" if crowded else ""

    def _listed(self) -> list[ComposedSystem]:
        with self._world.lock:
            return [_system(one, self._world.of(one)) for one in self._world.records.values()]

    def _find(self, system: str) -> ComposedSystem | None:
        with self._world.lock:
            found = self._world.records.get(system)
            return None if found is None else _system(found, self._world.of(found))


def _has_alone(block: Block | None, system: str) -> bool:
    return block is not None and system in block.systems and len(block.systems) <= block.limit


def _unfit(why: str) -> Reason:
    return reason("not-composable", why=why)


def _refusal(message: str) -> CorralError:
    if message == "ResourceBlockInUse":
        return Conflict("A block is in use by another system by now.", fix="Choose other blocks.")
    return Refused("The pod can't compose a system of these blocks.", [_unfit(message)])


def _system(record: SystemRecord, blocks: Iterable[Block]) -> ComposedSystem:
    parts = tuple(blocks)
    return ComposedSystem(
        id=record.id,
        name=record.name,
        uuid=record.uuid,
        composed=record.composed,
        blocks=frozenset(record.blocks),
        cores=sum(one.cores for one in parts),
        memory=sum(one.memory for one in parts),
        macs=tuple(nic.mac for one in parts for nic in one.adapters if nic.mac),
        power=record.power,
        architecture="x86_64",
    )


class MemoryPod:
    """`source` is what Corral sees; `world` what there is; `faults` may be set at any time; `wire` is what all calls go through."""

    def __init__(self, name: str = "pod", faults: Faults | None = None) -> None:
        self.world = PodWorld()
        self.wire = PodWire(Border(POD_RULES), faults)
        machines = PodMachines(name, self.world, self.wire)
        self.source = Source(name, machines.driver, machines, NoImages(), NoNetworks(), lambda: None, self.wire.border)

    @property
    def faults(self) -> Faults | None:
        return self.wire.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self.wire.faults = faults


def open_source(name: str, options: Mapping[str, Any]) -> Source:
    """`machines`: blocks for how many machines there are (default 8); see `pod_world.machines_worth`."""
    unknown = sorted(set(options) - {"machines"})
    if unknown:
        raise Invalid(f"The source's option '{unknown[0]}' is not known.", fix="Known is: machines.")
    count = options.get("machines", 8)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST:
        raise Invalid(f"The source's option 'machines' must be a number from 0 to {_MOST}.")
    pod = MemoryPod(name)
    machines_worth(pod.world, count)
    return pod.source
