"""Hypervisor hosts and what is on them, as surveys saw them last: nobody who asks here waits for a host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corral.domain.errors import Conflict, NotFound
from corral.services.adoption import Actor
from corral.services.surveyor import HostGroup
from corral.store import Audit, AuditEntry, HostRecords, SurveyLeases
from corral.store.host_rows import Held, KnownHost, KnownVm
from corral.store.hosts import HostFilter, SourceState

_LOOK = "`corral host list` shows them all."


@dataclass(frozen=True, slots=True)
class HostSourceState:
    """A source of hosts, and how far its survey is."""

    group: HostGroup
    state: SourceState


class HostService:
    """The use cases around hosts. A source that the settings do not name any more has no hosts."""

    def __init__(self, groups: Iterable[HostGroup], records: HostRecords, leases: SurveyLeases, audit: Audit) -> None:
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

    def machines(self, one: KnownHost, *, gone: bool = False, limit: int, marker: str | None = None) -> list[KnownVm]:
        """One page of its VMs by id, after the VM `marker`."""
        return self._records.machines(one.host.source, one.host.id, gone=gone, limit=limit, marker=marker)

    def volumes(self, one: KnownHost, *, limit: int, marker: str | None = None) -> list[Held]:
        """One page of the volumes that its VMs use, after `marker` (`vm:position`)."""
        return self._records.volumes(one.host.source, one.host.id, limit=limit, marker=marker)

    def nics(self, one: KnownHost, *, limit: int, marker: str | None = None) -> list[Held]:
        """One page of the NICs of its VMs, likewise."""
        return self._records.nics(one.host.source, one.host.id, limit=limit, marker=marker)

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

    def _names(self, source: str | None) -> tuple[str, ...]:
        if source is None:
            return tuple(sorted(self._groups))
        if source not in self._groups:
            known = ", ".join(sorted(self._groups)) or "none"
            raise NotFound(f"There is no source of hosts called {source!r}.", fix=f"There are: {known}.")
        return (source,)
