"""One look at the marks of a source of hosts, between two at its servers.

All marks come in few calls. Only a server of whose VM none was seen is looked at closer: by the record of surveys where it was
never marked, else by asking for it, as a host that does not answer shows no marks either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from corral.contracts.virtual import Vms
from corral.domain.errors import CorralError, NotFound
from corral.domain.leak_kinds import Leak
from corral.domain.leaks_of_vms import GONE, ExpectedVm, VmScene, expected_vm, judge_marks
from corral.domain.lifecycle import STABLE
from corral.domain.traces import Ours
from corral.flows.hypervisors import Hypervisor
from corral.flows.vms import whereabouts
from corral.store import Servers
from corral.store.vm_records import VmRecords


@dataclass(frozen=True, slots=True)
class Marks:
    """Looks at marks. `busy`: what operations are about that are not over; `ours`: how to tell whose marks of these servers are."""

    records: VmRecords
    servers: Servers
    busy: Callable[[], Set[str]]
    ours: Callable[[Set[str]], Ours]

    def at(self, hypervisor: Hypervisor) -> list[Leak]:
        """What one source of hosts and the record don't both explain. Raises NotSupported, and what a driver raises."""
        source = hypervisor.name
        before, busy = {one.uuid: one for one in self.servers.each_at(source)}, set(self.busy())
        with hypervisor.vms() as vms:
            marks = [(where.vm, mark.server.lower()) for where, mark in vms.marks()]
            after, busy = self.servers.stamps(source), busy | self.busy()
            at_rest = {
                uuid: expected_vm(one)
                for uuid, one in before.items()
                if after.get(uuid) == (one.revision, one.status) and one.status in STABLE and uuid not in busy
            }
            closer = dict(self._closer(vms, source, at_rest.values(), set(marks)))
        named = {owner for _, owner in marks} - at_rest.keys()
        spared = (before.keys() | after.keys() | busy | self.servers.existing(named)) - at_rest.keys()
        return judge_marks(VmScene(source, marks, at_rest, spared, self.ours(named), closer))

    def _closer(
        self, vms: Vms, source: str, servers: Iterable[ExpectedVm], seen: Set[tuple[str, str]]
    ) -> Iterable[tuple[str, str]]:
        missed = [one for one in servers if (one.machine, one.uuid) not in seen]
        known = self.records.named(source, [one.machine for one in missed])
        for one in missed:
            there = one.machine in known and known[one.machine].gone_since is None
            if there and not one.marked:
                continue
            try:
                mark = vms.marked(whereabouts(self.records, source, one.machine, None))
            except NotFound:
                yield one.machine, GONE
            except CorralError:
                continue  # of a VM whose host does not answer nothing is known
            else:
                yield one.machine, one.uuid if mark is None and not one.marked else mark.server if mark else ""
