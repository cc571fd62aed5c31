"""Looks at every host of a source and judges the VMs on them. Reads only; needs neither server nor database.

All hosts are looked at first, at the same time, and judged then: whether a MAC, an address or a disk has two holders is known
only when all have told. A host that does not answer costs the time that the driver waits for it, once, and hides no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corral.contracts.hosts import Hosts, Look
from corral.domain.host import Host
from corral.domain.reasons import Reason, blockers
from corral.domain.vm import Vm
from corral.domain.vm_adoptability import holders, vm_reasons


@dataclass(frozen=True, slots=True)
class VmVerdict:
    """A VM with all that speaks against adopting it, and all that should be known before."""

    machine: Vm
    reasons: tuple[Reason, ...]

    @property
    def adoptable(self) -> bool:
        return not blockers(self.reasons)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey came to: the hosts by name, and the VMs on those that answered by name."""

    hosts: tuple[Host, ...]
    verdicts: tuple[VmVerdict, ...]


def survey_hosts(hosts: Hosts, seen: Callable[[Host], None] = lambda _host: None) -> Surveyed:
    """Look at all hosts and judge. `seen` is told of each host as soon as it was looked at."""
    looks = []
    for look in hosts.looks():
        seen(look.host)
        looks.append(look)
    looks.sort(key=lambda look: look.host.name)
    verdicts = sorted(judge(looks), key=lambda verdict: (verdict.machine.host_name, verdict.machine.label))
    return Surveyed(tuple(look.host for look in looks), tuple(verdicts))


def judge(looks: Iterable[Look]) -> Iterator[VmVerdict]:
    """A verdict on each VM, in the light of all the others."""
    looks = list(looks)
    among = holders(vm for look in looks for vm in look.vms)
    for look in looks:
        for vm in look.vms:
            yield VmVerdict(vm, vm_reasons(vm, look.host, among))
