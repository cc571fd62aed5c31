"""What a source shows of Corral's doing, what it must show of a server, and whose a mark is."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from uuid import UUID

from corral.domain.lifecycle import Status
from corral.domain.server import Server

INSTALLATION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class MachineTrace:
    """A machine. `owner`: who claims it, whoever that is; `protected_for` and `given_back_for`: the servers that our protection
    and our maintenance name. `vifs`: ids of the network ports that are plugged in, None where that can't be read."""

    id: str
    owner: str | None = None
    protected: bool = False
    protected_for: str | None = None
    given_back_for: str | None = None
    vifs: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class ClaimTrace:
    """A claim as the source keeps it beside its machines (in Ironic, an allocation). `whole`: it is in force."""

    owner: str
    machine: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class PortTrace:
    """A network port that bears Corral's mark, or was asked for. `ours`: it bears it; `made`: Corral made it."""

    id: str
    owner: str
    ours: bool
    made: bool = False


Trace = MachineTrace | ClaimTrace | PortTrace


@dataclass(frozen=True, slots=True)
class Expected:
    """What the source must show of a server at rest. `plugged`: those of its ports that must be plugged in. `adopted`: its machine
    is protected, and its claim backed; one that was created is claimed by its deployment alone. `nothing`: it misses nothing."""

    uuid: str
    machine: str
    ports: tuple[str, ...] = ()
    plugged: tuple[str, ...] = ()
    adopted: bool = True
    nothing: bool = False


def expected(server: Server) -> Expected:
    """Of a server's record. A port that was bound but not plugged in when it came, or that the source did not keep, is not
    missed. Neither is anything of a created server in error: it has no machine, or is half torn down, and says so itself."""
    before = set(server.snapshot.get("vifs", ()))
    ports = tuple(nic.port for nic in server.nics)
    plugged = tuple(nic.port for nic in server.nics if nic.plugged or nic.port in before)
    nothing = not server.adopted and server.status is Status.ERROR
    return Expected(server.uuid, server.machine, ports, plugged, server.adopted, nothing)


@dataclass(frozen=True, slots=True)
class Ours:
    """How to tell whose a mark is. `remembered`: servers, also former ones, of which this Corral has proofs. `told`: installations
    that a person says are to be treated as this one."""

    installation: str
    remembered: Set[str] = frozenset()
    told: Set[str] = frozenset()

    def listed(self, owner: str) -> bool:
        """Whether a claim that bears no word of Corral's is worth a look: anything else is somebody else's business."""
        return owner in self.remembered or installation_of(owner) == self.installation

    def certain(self, owner: str) -> bool:
        """Whether it may be repaired. The installation in a uuid is no proof: a copy of this database has it too."""
        return owner in self.remembered or installation_of(owner) in self.told


def marked_uuid(base: UUID, installation: str) -> str:
    """A server's uuid that tells, wherever it is written, which installation made it: version 8 of RFC 9562, with what is random
    in `base` but for the last twelve digits."""
    return str(UUID(base.hex[:12] + "8" + base.hex[13:20] + installation))


def installation_of(owner: str) -> str:
    """The installation in a server's uuid. One that was made before there were any gives digits that are nobody's."""
    return owner[-INSTALLATION_DIGITS:].lower()


def strangers(traces: Iterable[Trace], known: Set[str]) -> set[str]:
    """The uuids in marks that are none of `known`: those to be looked up in this Corral's memory."""
    named: set[str | None] = set()
    for one in traces:
        named.add(one.owner)
        if isinstance(one, MachineTrace):
            named |= {one.protected_for, one.given_back_for}
    return {owner for owner in named if owner} - known
