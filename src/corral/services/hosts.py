"""Hypervisor hosts and what is on them, as surveys saw them last: nobody who asks here waits for a host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from corral.domain.errors import Conflict, NotFound
from corral.domain.machine import is_uuid
from corral.domain.server import Kind, Server
from corral.domain.vm_selection import Selection
from corral.services.adoption import Actor
from corral.services.surveyor import HostGroup
from corral.services.vm_verdicts import JudgedPart, SeenVm, VmPage, VmVerdicts
from corral.store import Audit, AuditEntry, HostRecords, SurveyLeases
from corral.store.host_rows import KnownHost
from corral.store.hosts import HostFilter, SourceState
from corral.store.vm_records import LastSeen, VmFilter

_LOOK = "`corral host list` shows them all."


@dataclass(frozen=True, slots=True)
class HostSourceState:
    """A source of hosts, and how far its survey is."""

    group: HostGroup
    state: SourceState


class HostService:
    """The use cases around hosts. A source that the settings do not name any more has no hosts."""

    def __init__(
        self,
        groups: Iterable[HostGroup],
        records: HostRecords,
        leases: SurveyLeases,
        audit: Audit,
        verdicts: VmVerdicts,
    ) -> None:
        self._verdicts = verdicts
        self._groups = {one.name: one for one in groups}
        self._records = records
        self._leases = leases
        self._audit = audit

    def sources(self) -> list[HostSourceState]:
        """Every source of hosts, by name."""
        states = self._records.states(sorted(self._groups))
        return [HostSourceState(self._groups[one.name], one) for one in states]

    def page(
        self,
        *,
        source: str | None = None,
        name: str | None = None,
        reachable: bool | None = None,
        gone: bool = False,
        limit: int,
        marker: str | None = None,
    ) -> list[KnownHost]:
        """One page of hosts by name, after the host `marker` (`source:id`). Raises NotFound for a source that is none."""
        where = HostFilter(self._names(source), name=name, reachable=reachable, gone=gone)
        return self._records.page(where, limit=limit, marker=marker)

    def get(self, wanted: str, source: str | None = None) -> KnownHost:
        """The host with that id or name. Raises NotFound; Conflict when there are several."""
        found = self._records.find(wanted, self._names(source))
        exact = [one for one in found if one.host.id == wanted]
        if not found:
            raise NotFound(f"There is no host {wanted!r}.", fix=_LOOK)
        if len(found) > 1 and len(exact) != 1:
            told = ", ".join(f"{one.host.id} of {one.host.source}" for one in found[:5])
            raise Conflict(f"{wanted} is more than one host: {told}.", fix="Use its id, and name the `source`.")
        return (exact or found)[0]

    def machines(
        self,
        *,
        source: str | None = None,
        host: str | None = None,
        which: Selection = Selection(),
        adoptable: bool | None = None,
        gone: bool = False,
        limit: int,
        marker: str | None = None,
    ) -> VmPage:
        """One page of VMs with their verdicts by source and id, after the VM `marker` (`source:id`): of all sources, of one, or of
        one host. Raises NotFound for a source or host that is none; Conflict for a host that is several."""
        names = self._names(source)
        if host is not None:
            one = self.get(host, source)
            names, host = (one.host.source,), one.host.id
        where = VmFilter(names, host, gone)
        return self._verdicts.page(where, which, adoptable=adoptable, limit=limit, marker=marker)

    def machine(self, wanted: str, source: str | None = None) -> SeenVm:
        """The VM with that id or name, with its verdict. Raises NotFound; Conflict when there are several."""
        found = self._verdicts.called(wanted.lower() if is_uuid(wanted) else wanted, self._names(source))
        if not found:
            raise NotFound(f"There is no VM {wanted!r}.", fix="`corral adoptable vms` lists those that surveys saw.")
        if len(found) > 1:
            told = ", ".join(f"{one.known.vm.id} of {one.known.vm.source}" for one in found[:5])
            raise Conflict(f"{wanted} is more than one VM: {told}.", fix="Use its id, and name the `source`.")
        return found[0]

    def last_seen(self, servers: Iterable[Server]) -> dict[str, LastSeen]:
        """Where surveys saw these servers' VMs last, by the servers' uuids: one question for each source. What is no VM, or not on
        record, is left out."""
        found: dict[str, LastSeen] = {}
        for source, there in _by_source(servers).items():
            seen = self._records.last_seen(source, there)
            found |= {there[vm]: one for vm, one in seen.items()}
        return found

    def volumes(self, one: KnownHost, *, limit: int, marker: str | None = None) -> list[JudgedPart]:
        """One page of the volumes that its VMs use, after `marker` (`vm:position`), each with the reasons that are about it."""
        held = self._records.volumes(one.host.source, one.host.id, limit=limit, marker=marker)
        return self._verdicts.parts(one.host.source, held)

    def nics(self, one: KnownHost, *, limit: int, marker: str | None = None) -> list[JudgedPart]:
        """One page of the NICs of its VMs, likewise."""
        held = self._records.nics(one.host.source, one.host.id, limit=limit, marker=marker)
        return self._verdicts.parts(one.host.source, held)

    def survey(self, one: KnownHost, actor: Actor) -> KnownHost:
        """Have the host looked at as soon as can be, by whichever process surveys its source. Raises Conflict for one that no
        source tells any more."""
        host = one.host
        if one.gone_since is not None:
            raise Conflict(f"Host {host.name} is gone.", fix=_LOOK)
        self._leases.want(host.source, host.id)
        detail = {"source": host.source, "host": host.id, "name": host.name}
        entry = AuditEntry("host:survey", "done", actor.user, actor.project, actor.request_id, detail=detail)
        self._audit.add(entry)
        return self.get(host.id, host.source)

    def check(self, source: str) -> None:
        """Raise NotFound for a source of hosts that is not configured."""
        self._names(source)

    def _names(self, source: str | None) -> tuple[str, ...]:
        if source is None:
            return tuple(sorted(self._groups))
        if source not in self._groups:
            known = ", ".join(sorted(self._groups)) or "none"
            raise NotFound(f"There is no source of hosts called {source!r}.", fix=f"There are: {known}.")
        return (source,)


def _by_source(servers: Iterable[Server]) -> dict[str, dict[str, str]]:
    """By source, the servers that are VMs by their VMs' ids."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in servers:
        if one.kind is Kind.VM:
            found[one.source][one.machine] = one.uuid
    return found
