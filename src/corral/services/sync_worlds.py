"""What the synchronizer asks for the world's side: an Ironic by its lists, hypervisors by what surveys wrote down.

Rule: a world that could not be read to its end raises. Whoever is not told by one that was is missing, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from corral.contracts.syncing import Sets, Tells, Told
from corral.domain.descriptions import DESCRIPTIVE
from corral.domain.drift import Field, Value
from corral.domain.errors import NotFound, Unreachable
from corral.domain.merge import Means
from corral.domain.server import Kind
from corral.domain.sync_sides import TAKES, vm_facts
from corral.flows.sync_ways import VmWay, Way
from corral.services.at_once import at_once
from corral.store.host_rows import KnownVm
from corral.store.sync_vms import SurveyedVms


class World(Protocol):
    """One source as the synchronizer sees it. `kind`: what its machines are. `trouble`: what was not told in the last `told`, and
    why, for people; "" for nothing."""

    name: str
    kind: Kind
    trouble: str

    def told(self, *, free: bool) -> Iterator[Told]:
        """Every machine, as `Tells.told`. Facts may be left out where a stamp stands for them: `filled` has them."""

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        """These machines with their facts. One that is gone meanwhile is left out."""

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        """Those of these machines that are there, as `told` tells them; others' are not looked at. At most `AT_A_GLANCE[kind]`."""

    def told_of(self, machine: str) -> Told:
        """One machine, asked now. Raises NotFound when it is certainly not there."""

    def look(self, machine: str) -> Told:
        """One machine with everything that is compared of it. Raises NotFound."""

    def means(self, what: Field, value: Value) -> Means:
        """What can be done about a field; without what rules allow."""


@runtime_checkable
class LooksAround(Protocol):
    """A world whose machines have something in a cloud that `named` does not tell."""

    def around(self, machines: Sequence[str]) -> Iterator[Told]:
        """As `named`, with what the cloud has of each now. At most `AROUND`."""


AT_A_GLANCE = {Kind.NODE: 64, Kind.VM: 2000}
"""So many machines are looked at by themselves; a look at all is cheaper for more."""
AROUND = 64
"""Likewise, where what Neutron or Cinder has of each is to be looked at."""
_AT_ONCE = 8
"""Nodes that are asked for at the same time."""


def means_of(kind: Kind, way: Way | Sets | None, what: Field, value: Value) -> Means:
    """What the record can take over, and what the source can be told."""
    if way is None or what not in way.settable() or (value is None and what not in DESCRIPTIVE):
        return Means(take=what in TAKES[kind])
    if why := way.refusal(what, value):
        return Means(take=what in TAKES[kind], why=f"The source can't be told this. {why}")
    return Means(take=what in TAKES[kind], give=True, disturbs=way.disturbance(what, value))


class NodeWorld:
    """The nodes of one source."""

    kind = Kind.NODE
    trouble = ""

    def __init__(self, name: str, machines: Tells) -> None:
        self.name = name
        self._machines = machines
        self._sets = machines if isinstance(machines, Sets) else None

    def told(self, *, free: bool) -> Iterator[Told]:
        return self._machines.told(free=free)

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        return some

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        found = at_once(self._if_there, machines, min(_AT_ONCE, max(len(machines), 1)))
        return iter([one for one in found if one is not None])

    def _if_there(self, machine: str) -> Told | None:
        try:
            return self._machines.told_of(machine)
        except NotFound:
            return None

    def told_of(self, machine: str) -> Told:
        return self._machines.told_of(machine)

    def look(self, machine: str) -> Told:
        return self._machines.told_of(machine)

    def means(self, what: Field, value: Value) -> Means:
        return means_of(self.kind, self._sets, what, value)


class VmWorld:
    """The VMs of one source of hosts, as surveys saw them. Who is missing there is asked for at the hypervisor itself."""

    kind = Kind.VM
    trouble = ""

    def __init__(self, name: str, surveyed: SurveyedVms, way: VmWay) -> None:
        self.name = name
        self._surveyed = surveyed
        self._way = way

    def told(self, *, free: bool) -> Iterator[Told]:
        self._surveyed_all()
        new = self._surveyed.unmanaged(self.name) if free else {}
        for vm, digest, stale in self._surveyed.stamps(self.name):
            # Of a host that does not answer nothing is known: its VMs are not gone, and not as they were either.
            yield Told(vm, name=new.get(vm, ""), stamp=digest, problem=stale, free=vm in new)

    def named(self, machines: Sequence[str]) -> Iterator[Told]:
        self._surveyed_all()
        new = self._surveyed.unmanaged(self.name, machines)
        for vm, digest, stale in self._surveyed.stamps_of(self.name, machines):
            yield Told(vm, name=new.get(vm, ""), stamp=digest, problem=stale, free=vm in new)

    def _surveyed_all(self) -> None:
        if problem := self._surveyed.problem(self.name):
            raise Unreachable(f"The last survey did not come to its end: {problem}", fix="Look at the hosts.")

    def filled(self, some: Sequence[Told]) -> Sequence[Told]:
        found = self._surveyed.named(self.name, [one.machine for one in some])
        return [
            replace(one, name=known.vm.label, facts=_facts(known), vm=known.vm, problem=one.problem or known.vm.problem)
            for one in some
            if (known := found.get(one.machine)) is not None and known.gone_since is None
        ]

    def told_of(self, machine: str) -> Told:
        return self._way.told_of(machine)

    def look(self, machine: str) -> Told:
        found = self.filled([Told(machine)])
        if not found:
            raise NotFound(f"No survey of {self.name} sees VM {machine}.")
        return found[0]

    def means(self, what: Field, value: Value) -> Means:
        return means_of(self.kind, self._way, what, value)


def _facts(known: KnownVm) -> dict[Field, Value]:
    # A VM that two hosts tell of is on its way: where it is will be told when it is there.
    facts = dict(vm_facts(known.vm))
    if known.also_on:
        facts.pop(Field.HOST)
    return facts
