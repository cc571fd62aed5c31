"""Leaks at hypervisors: marks that no server explains, and servers whose VM bears no mark, another's, or is gone.

Rule: judgement only, as in `leaks`. What an operation works on right now is explained, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from corral.domain.leak_kinds import Kind, Leak, leak
from corral.domain.machine import is_uuid
from corral.domain.server import Server
from corral.domain.traces import Ours

GONE = "gone"
"""What a closer look says of a VM that no host has any more."""


@dataclass(frozen=True, slots=True)
class ExpectedVm:
    """What a hypervisor must show of a server at rest: its VM, and that it is `marked`, where adoption marked it."""

    uuid: str
    machine: str
    marked: bool


@dataclass(frozen=True, slots=True)
class VmScene:
    """One source of hosts at one moment. `marks`: (VM, server that its mark names). `servers`: those at rest; `spared`: uuids of
    which nothing is said.

    `closer`: by the VM of a server that no mark was seen of, what was found when it was asked for by itself: `GONE`, the server
    that its mark names, "" for none. Those that could not be asked for are left out."""

    source: str
    marks: Sequence[tuple[str, str]]
    servers: Mapping[str, ExpectedVm]
    spared: Set[str]
    ours: Ours
    closer: Mapping[str, str] = field(default_factory=dict)


def expected_vm(server: Server) -> ExpectedVm:
    """Of a server's record."""
    return ExpectedVm(server.uuid, server.machine, bool(server.snapshot.get("marked")))


def judge_marks(scene: VmScene) -> list[Leak]:
    """Everything at one source of hosts that is not explained."""
    return [*_marks(scene), *_servers(scene)]


def _marks(scene: VmScene) -> Iterator[Leak]:
    for vm, owner in scene.marks:
        words, server = {"owner": owner, "machine": vm}, scene.servers.get(owner)
        if server is not None and server.machine != vm:
            yield leak(Kind.VM_MARK_ELSEWHERE, scene.source, vm, words)
        elif server is None and owner not in scene.spared and is_uuid(owner):
            yield leak(Kind.VM_MARK, scene.source, vm, words, scene.ours)


def _servers(scene: VmScene) -> Iterator[Leak]:
    seen = set(scene.marks)
    for server in scene.servers.values():
        found = scene.closer.get(server.machine)
        if (server.machine, server.uuid) in seen or found in (None, server.uuid):
            continue
        words = {"owner": server.uuid, "machine": server.machine, "other": found}
        if found == GONE:
            yield leak(Kind.MACHINE_GONE, scene.source, server.machine, words)
        elif found:
            yield leak(Kind.MACHINE_TAKEN, scene.source, server.machine, words)
        elif server.marked:
            yield leak(Kind.VM_UNMARKED, scene.source, server.machine, words)
