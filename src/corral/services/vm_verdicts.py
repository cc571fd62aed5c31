"""VMs with their verdicts, page by page, out of the record of surveys: no host is asked, and nobody waits for one.

Rule: a page costs what its VMs cost. Where a filter leaves few, a page ends early rather than read the whole record, and its marker
leads on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from corral.domain.reasons import Reason
from corral.domain.vm import VmDisk, VmNic
from corral.domain.vm_adoptability import disk_reasons, nic_reasons
from corral.domain.vm_selection import Selection
from corral.flows.judge_vms import JudgedVm, judge_known
from corral.store import Servers
from corral.store.host_rows import Held, KnownVm
from corral.store.vm_records import VmFilter, VmRecords

READ = 2000
"""So many VMs are looked through for one page at most."""
_BATCH = 250


@dataclass(frozen=True, slots=True)
class SeenVm:
    """A VM of the record with its verdict."""

    known: KnownVm
    judged: JudgedVm

    @property
    def marker(self) -> str:
        return f"{self.known.vm.source}:{self.known.vm.id}"


@dataclass(frozen=True, slots=True)
class VmPage:
    """One page; `next` is the marker of the following one, None on the last. A page may be shorter than was asked, and still not
    be the last."""

    vms: tuple[SeenVm, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A volume or a NIC, with what speaks against it or should be known."""

    held: Held
    reasons: tuple[Reason, ...]


class VmVerdicts:
    """Judges what is on record."""

    def __init__(self, records: VmRecords, servers: Servers) -> None:
        self._records = records
        self._servers = servers

    def page(
        self,
        where: VmFilter,
        which: Selection,
        *,
        adoptable: bool | None = None,
        limit: int,
        marker: str | None = None,
    ) -> VmPage:
        """One page by source and id, after the VM `marker` (`source:id`). Raises Invalid for what is no marker."""
        found: list[SeenVm] = []
        read, last = 0, marker
        whole = which.all and adoptable is None
        size = limit + 1 if whole else max(limit + 1, _BATCH)
        while read < READ:
            known = self._records.page(where, limit=size, marker=last)
            read += len(known)
            chosen = [one for one in known if which.matches(one.vm)]
            found += [one for one in self.judge(chosen) if adoptable in (None, one.judged.adoptable)]
            if len(found) > limit:
                return VmPage(tuple(found[:limit]), found[limit - 1].marker)
            if len(known) < size:
                return VmPage(tuple(found), None)
            last = f"{known[-1].vm.source}:{known[-1].vm.id}"
        return VmPage(tuple(found), last)

    def called(self, wanted: str, sources: Sequence[str]) -> list[SeenVm]:
        """The first few VMs of that id or name that are there."""
        return self.judge(self._records.called(wanted, sources))

    def judge(self, known: Sequence[KnownVm]) -> list[SeenVm]:
        """These VMs with their verdicts, in their order, which is by source."""
        found: list[SeenVm] = []
        for source, some in groupby(known, key=lambda one: one.vm.source):
            batch = list(some)
            judged = judge_known(source, batch, self._records, self._servers)
            found += [SeenVm(*pair) for pair in zip(batch, judged, strict=True)]
        return found

    def parts(self, source: str, held: Sequence[Held]) -> list[JudgedPart]:
        """Volumes or NICs of one source with the reasons that are about them, in their order."""
        known = self._records.named(source, [one.vm for one in held])
        judged = {one.known.vm.id: one.judged for one in self.judge(list(known.values()))}
        return [JudgedPart(one, _of_part(judged.get(one.vm), one.part)) for one in held]


def _of_part(judged: JudgedVm | None, part: VmDisk | VmNic) -> tuple[Reason, ...]:
    if judged is None:
        return ()
    vm, host, among = judged.vm, judged.host, judged.among
    if isinstance(part, VmNic):
        return tuple(nic_reasons(vm, part, host, among))
    return tuple(disk_reasons(vm, part, host, among)) if part in vm.own_disks else ()
