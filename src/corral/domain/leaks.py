"""Leaks: what a source shows and what the record says, where the one does not explain the other.

Rule: judgement only. Who reads sources and records sees to it that both belong to one moment (`services.leaks`); here a server
that is in `spared` is explained, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from corral.domain.leak_kinds import Kind, Leak, leak
from corral.domain.machine import is_uuid
from corral.domain.traces import ClaimTrace, Expected, MachineTrace, Ours, PortTrace, Trace


@dataclass(frozen=True)
class Scene:
    """One source at one moment, and what is known of it. `spared`: uuids of servers of which nothing is said, because something
    moves them right now."""

    source: str
    traces: tuple[Trace, ...]
    servers: Mapping[str, Expected]
    spared: Set[str]
    ours: Ours

    @cached_property
    def machines(self) -> Mapping[str, MachineTrace]:
        """By id."""
        return {one.id: one for one in self.traces if isinstance(one, MachineTrace)}

    @cached_property
    def claims(self) -> Mapping[str, ClaimTrace]:
        """By owner."""
        return {one.owner: one for one in self.traces if isinstance(one, ClaimTrace)}

    @cached_property
    def ports(self) -> Mapping[str, PortTrace]:
        """By id."""
        return {one.id: one for one in self.traces if isinstance(one, PortTrace)}

    @cached_property
    def plugged(self) -> Mapping[str, str]:
        """Port → machine."""
        return {vif: one.id for one in self.machines.values() for vif in one.vifs or ()}

    def stranger(self, owner: str | None) -> bool:
        """True for the uuid of a server of which there is no record. Text that is no uuid is no server's."""
        return is_uuid(owner) and owner not in self.servers and owner not in self.spared


def judge(scene: Scene) -> list[Leak]:
    """Everything at one source that is not explained."""
    found: list[Leak] = []
    for machine in scene.machines.values():
        found += _of_machine(scene, machine)
    for claim in scene.claims.values():
        found += _of_claim(scene, claim)
    for port in scene.ports.values():
        found += _of_port(scene, port)
    for server in scene.servers.values():
        found += _of_server(scene, server)
    return found


def _of_machine(scene: Scene, machine: MachineTrace) -> Iterator[Leak]:
    for owner, marks in _marks(machine).items():
        if marks == ["claimed"] and not scene.ours.listed(owner):
            continue
        how, other = " and ".join(marks), machine.owner if machine.owner != owner else None
        words = {"owner": owner, "machine": machine.id, "how": how, "other": other}
        server = scene.servers.get(owner)
        if scene.stranger(owner):
            yield leak(Kind.MARK if other else Kind.CLAIM, scene.source, machine.id, words, scene.ours)
        elif server is not None and server.machine != machine.id:
            yield leak(Kind.MISPLACED, scene.source, machine.id, words)


def _marks(machine: MachineTrace) -> dict[str, list[str]]:
    """What a machine is for whom."""
    marks: dict[str, list[str]] = {}
    for word, owner in (
        ("claimed", machine.owner),
        ("protected", machine.protected_for),
        ("in maintenance", machine.given_back_for),
    ):
        if owner is not None:
            marks.setdefault(owner, []).append(word)
    return marks


def _of_claim(scene: Scene, claim: ClaimTrace) -> Iterator[Leak]:
    # One that has a machine shows there, and goes with the claim on it.
    if claim.machine is None and scene.stranger(claim.owner) and scene.ours.listed(claim.owner):
        yield leak(Kind.ALLOCATION, scene.source, claim.owner, {"owner": claim.owner}, scene.ours)


def _of_port(scene: Scene, port: PortTrace) -> Iterator[Leak]:
    if not port.ours or not port.owner:
        return
    server, words = scene.servers.get(port.owner), {"owner": port.owner, "machine": scene.plugged.get(port.id)}
    if scene.stranger(port.owner):
        kind = Kind.PORT_MADE if port.made else Kind.PORT_HELD
        yield leak(kind, scene.source, port.id, words, scene.ours)
    elif server is not None and port.id not in server.ports:
        yield leak(Kind.PORT_UNKNOWN, scene.source, port.id, words)


def _of_server(scene: Scene, server: Expected) -> Iterator[Leak]:
    def found(kind: Kind, subject: str = server.machine, **words: str) -> Leak:
        return leak(kind, scene.source, subject, {"owner": server.uuid, "machine": server.machine, **words})

    if server.nothing:
        return
    machine, claim = scene.machines.get(server.machine), scene.claims.get(server.uuid)
    if machine is None:
        yield found(Kind.MACHINE_GONE)
    elif machine.owner is None:
        yield found(Kind.MACHINE_UNCLAIMED)
    elif machine.owner != server.uuid:
        yield found(Kind.MACHINE_TAKEN, other=machine.owner)
    else:
        if server.adopted and not machine.protected:
            yield found(Kind.UNPROTECTED)
        if machine.given_back_for == server.uuid:
            yield found(Kind.MAINTENANCE)
        if server.adopted and (claim is None or not claim.whole):
            yield found(Kind.NOT_BACKED)
    for port in server.ports:
        there = scene.ports.get(port)
        if there is None:
            yield found(Kind.PORT_GONE, port)
        elif there.owner != server.uuid:
            yield found(Kind.PORT_TAKEN, port, other=there.owner or "nobody")
        elif machine is not None and machine.vifs is not None and port in server.plugged and port not in machine.vifs:
            yield found(Kind.PORT_UNPLUGGED, port)


def lasting(first: Iterable[Leak], second: Iterable[Leak]) -> list[Leak]:
    """Those that were seen both times, as they were seen last."""
    seen = {one.key for one in first}
    return [one for one in second if one.key in seen]
