"""A pod as a source, over Valence's records of what it composed.

Rule: Valence was seen to answer 500 and compose, to give one machine to several who asked at once, and to take the machine apart
that a record names, whoever else uses it. So our unique name is looked for before and after each change, and a record whose
hardware another record names too is never deleted.
"""
# ruff: noqa: ARG002 - a pod has no machines of its own, whatever a query asks for

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from corral.contracts.composition import Enrolment
from corral.contracts.sources import Health, Query
from corral.domain.blocks import ComposedSystem, Pool, Wanted
from corral.domain.errors import (
    Conflict,
    CorralError,
    DriverFailed,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Refused,
    Unreachable,
)
from corral.domain.machine import Machine
from corral.domain.reasons import reason
from corral.domain.sync_pods import Assemblies, Assembly
from corral.drivers.valence.client import Answered, Client
from corral.drivers.valence.options import Options
from corral.drivers.valence.reading import Listed, composed, listed, redfish_id, speeds
from corral.drivers.valence.rules import NODES

T = TypeVar("T")
_PAUSE = 0.25


class ValencePod:
    """`Discovers`, `Pools` (without blocks) and `Composes` over one Valence."""

    driver = "valence"

    def __init__(
        self, name: str, options: Options, client: Client, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = name
        self._options = options
        self._client = client
        self._sleep = sleep

    def check(self) -> Health:
        start = time.monotonic()
        try:
            count = len(self._nodes())
        except CorralError as exc:
            return Health(False, str(exc), time.monotonic() - start)
        return Health(True, f"Valence with {count} composed nodes", time.monotonic() - start)

    def discover(self, query: Query, *, marker: str | None = None, limit: int | None = None) -> Iterator[Machine]:
        """None: a composed system is a machine where it is enrolled."""
        return iter(())

    def observe(self, machine: str) -> Machine:
        raise NotFound(f"{machine[:255]!r} is no machine of a pod.", fix="Look for it where it is enrolled.")

    # --- Pools --------------------------------------------------------------------------------------------

    def pool(self) -> Pool:
        """No blocks: Valence keeps them to itself, and chooses."""
        return Pool((), ())

    def systems(self) -> Sequence[ComposedSystem]:
        return [self._described(node) for node in self._nodes()]

    def system(self, system: str) -> ComposedSystem:
        return self._described(self._find(system))

    def named(self, name: str) -> Sequence[ComposedSystem]:
        return [self._described(node) for node in self._nodes() if node.name == name]

    def assemblies(self, claimed: Mapping[str, Collection[str]]) -> Assemblies:
        """By the one list of all nodes: which there are, and whose hardware other records name too. Of blocks it says nothing."""
        nodes = self._nodes()
        here = {node.uuid: node for node in nodes if node.uuid in claimed}
        return Assemblies({uuid: Assembly(uuid, one.name, twins=_twins(one, nodes)) for uuid, one in here.items()})

    # --- Composes -----------------------------------------------------------------------------------------

    def compose(self, name: str, wanted: Wanted, blocks: Sequence[str]) -> ComposedSystem:
        _check_sayable(wanted, blocks)
        found = [node for node in self._nodes() if node.name == name] or self._asked(name, wanted)
        if len(found) > 1:
            raise DriverFailed(f"Valence has {len(found)} nodes named {name}.", fix=_BY_HAND)
        self._check_alone(found[0])
        return self._verified(found[0], wanted)

    def release(self, system: str, name: str) -> None:
        found = [node for node in self._nodes() if node.uuid == system]
        if not found or found[0].name != name:
            return
        self._check_alone(found[0])
        try:
            self._client.send("DELETE", f"{NODES}/{system}")
        except NotFound:
            return
        except (Answered, OutcomeUnknown):
            # It may be done all the same: what the list says counts.
            if self._until(lambda: all(node.uuid != system for node in self._nodes())):
                return
            raise
        if any(node.uuid == system for node in self._nodes()):
            raise DriverFailed(f"Valence says that it took node {system} apart, and still lists it.", fix=_BY_HAND)

    def enrolment(self, system: ComposedSystem) -> Enrolment:
        """In the words of Ironic's redfish hardware type: the pod manager's own system."""
        options, path = self._options, redfish_id(self._detail(self._find(system.id)))
        if options.redfish_address is None or not path:
            raise NotSupported(
                f"Ironic can't be told how to reach node {system.id}: "
                + ("Valence does not say which system it is." if options.redfish_address else "no address is set."),
                fix="Set the source's option 'redfish_address', of the pod manager that Valence composes at; where that speaks no "
                "Redfish, name another driver for its nodes (`nodes: {driver: …}` beside the options).",
            )
        info = {
            "redfish_address": options.redfish_address,
            "redfish_system_id": path,
            "redfish_verify_ca": options.redfish_verify_ca,
        }
        login = {"redfish_username": options.redfish_username or "", "redfish_password": options.redfish_password}
        return Enrolment("redfish", info, login if options.redfish_username else {})

    # --- asking -------------------------------------------------------------------------------------------

    def _asked(self, name: str, wanted: Wanted) -> list[Listed]:
        """Ask once, then look: whatever was answered, what there is of our name is what was done."""
        try:
            self._client.send("POST", NODES, self._request(name, wanted))
        except NotFound as exc:
            raise Conflict(f"Valence has nothing left to compose of: {exc.message}", fix="Try again later.") from exc
        except (Answered, OutcomeUnknown) as exc:
            found = self._until(lambda: self._of(name))
            if not found:
                raise exc
            return found
        found = self._until(lambda: self._of(name))
        if not found:
            raise OutcomeUnknown(f"Valence said that it composed {name}, and lists no such node.", fix=_BY_HAND)
        return found

    def _request(self, name: str, wanted: Wanted) -> dict[str, Any]:
        """Every quantity as text, and nothing that the older releases refuse."""
        request: dict[str, Any] = {
            "name": name,
            "description": "Composed by Corral",
            "properties": {
                "memory": {"capacity_mib": str(wanted.memory)},
                "processor": {"total_cores": str(wanted.cores)},
            },
        }
        if self._options.podm_id is not None:
            request["podm_id"] = self._options.podm_id
        return request

    def _of(self, name: str) -> list[Listed]:
        return [node for node in self._nodes() if node.name == name]

    def _until(self, look: Callable[[], T]) -> T:
        """What `look` finds, tried until it finds something or the time to settle is over. Raises OutcomeUnknown when Valence
        could not even be asked."""
        deadline = time.monotonic() + self._options.settle
        while True:
            try:
                found = look()
                if found or time.monotonic() >= deadline:
                    return found
            except Unreachable as exc:
                if time.monotonic() >= deadline:
                    raise OutcomeUnknown(f"Nobody can tell what was done: {exc.message}", fix=_BY_HAND) from exc
            self._sleep(_PAUSE)

    # --- believing ----------------------------------------------------------------------------------------

    def _check_alone(self, node: Listed) -> None:
        """Raise unless no other record names the same hardware."""
        nodes = self._nodes()
        twins = _twins(node, nodes)
        if others := [one for one in nodes if one.uuid in twins]:
            shared = ", ".join(f"{one.name} ({one.uuid})" for one in others[:5])
            raise DriverFailed(
                f"Valence gave node {node.name} ({node.uuid}) the hardware that {shared} has. It is left as it is: "
                "taking it apart would take that of the other too.",
                fix="Find out who uses it, and remove the other record from Valence's database.",
            )

    def _verified(self, node: Listed, wanted: Wanted) -> ComposedSystem:
        detail = self._detail(node)
        system, lacking = composed(node, detail), []
        for what, have, need in (("cores", system.cores, wanted.cores), ("MiB", system.memory, wanted.memory)):
            if have < need and (have or not self._options.unmeasured):
                lacking.append(f"{have} of {need} {what}")
        links = sorted(speeds(detail), reverse=True)
        wish = sorted((one.speed for one in wanted.adapters for _ in range(one.count)), reverse=True)
        slow = any(
            have < need and (have or not self._options.unmeasured) for have, need in zip(links, wish, strict=False)
        )
        if len(links) < len(wish) or slow:
            lacking.append(f"{len(links)} interfaces that are fast enough of {len(wish)}")
        if lacking:
            self.release(node.uuid, node.name)
            raise Conflict(f"Node {node.name} was not composed as asked, and is released again: {', '.join(lacking)}.")
        return system

    # --- reading ------------------------------------------------------------------------------------------

    def _nodes(self) -> list[Listed]:
        return listed(self._client.send("GET", NODES))

    def _find(self, uuid: str) -> Listed:
        for node in self._nodes():
            if node.uuid == uuid:
                return node
        raise NotFound(f"Valence has no node {uuid[:255]!r}.")

    def _detail(self, node: Listed) -> Mapping[str, Any]:
        data = self._client.send("GET", f"{NODES}/{node.uuid}")
        if not isinstance(data, Mapping):
            raise DriverFailed(f"Valence's record of node {node.uuid} is no object.")
        return data

    def _described(self, node: Listed) -> ComposedSystem:
        """With its details; without, where its hardware does not answer: it is there all the same."""
        try:
            return composed(node, self._detail(node))
        except Answered:
            return composed(node, {})


def _twins(node: Listed, nodes: Sequence[Listed]) -> tuple[str, ...]:
    """The other records that name the same hardware."""
    return tuple(
        one.uuid
        for one in nodes
        if node.index
        and one.index == node.index
        and one.uuid != node.uuid
        and (one.pod == node.pod or not one.pod or not node.pod)
    )


def _check_sayable(wanted: Wanted, blocks: Sequence[str]) -> None:
    """Raise Refused, with every reason, for what can't be asked of Valence, or not be checked afterwards."""
    wrong = [
        *(["Valence chooses the blocks itself"] if blocks else []),
        *(["drives can't be asked of Valence by size or medium"] if wanted.drives else []),
        *(["Valence knows no traits"] if wanted.traits else []),
    ]
    if wrong:
        raise Refused("Valence can't compose this.", [reason("not-composable", why=why) for why in wrong])


_BY_HAND = "Look at Valence's nodes, and at the pod manager, before anything is tried again."
