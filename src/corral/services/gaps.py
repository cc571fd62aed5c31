"""Gaps between what hypervisors have and what Cinder and Neutron know: shown, planned, filled, and opened again.

Rule: a plan is not kept. Whoever fills says which plan was looked at, by its digest, and nothing is done when another one would
come out now; each operation looks once more by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.cloud_records import CloudAround
from corral.domain.errors import Invalid, NotFound, NotSupported, Refused, Stale
from corral.domain.gaps import CloudRecord, Filling, Gap, GapsOfVm, Kind, plan_digest
from corral.domain.gaps_rules import read_gap_rules
from corral.domain.gaps_volumes import Index, Match, matches
from corral.domain.host import Host
from corral.domain.reasons import blockers
from corral.domain.server import Server
from corral.domain.traces import marked_uuid
from corral.domain.vm import Vm
from corral.engine import Engine, NewOperation, Operation, Submission
from corral.flows import Env
from corral.flows.fill_gaps_look import Asked, Known, look, storage_of
from corral.flows.start import Actor
from corral.services.keys import answered, operation_uuid
from corral.store import Audit, AuditEntry, Proofs, Servers
from corral.store.cloud_records import CloudRecords, RecordFilter
from corral.store.host_rows import KnownHost
from corral.store.vm_records import VmFilter, VmRecords

_PAGE = 500
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """Which gaps: of all VMs of a host, or of some, by id. `rules`: as they were sent. `project`: of VMs that are not adopted."""

    host: KnownHost
    machines: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset(Kind)
    rules: Mapping[str, Any] = field(default_factory=dict)
    project: str = ""


@dataclass(frozen=True, slots=True)
class GapPlan:
    """What would be recorded. `digest`: another one when that is."""

    cloud: str
    host: Host
    found: tuple[GapsOfVm, ...]

    @property
    def digest(self) -> str:
        return plan_digest(self.found)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Of all VMs."""
        return tuple(gap for one in self.found for gap in one.gaps)

    @property
    def projects(self) -> frozenset[str]:
        """Those that something would be recorded in."""
        return frozenset(gap.project for gap in self.gaps if gap.fillable)


class GapService:
    """The use cases around gaps. `clouds`: the cloud around each source of hosts that has one."""

    def __init__(
        self,
        clouds: Mapping[str, CloudAround],
        vms: VmRecords,
        servers: Servers,
        records: CloudRecords,
        proofs: Proofs,
        audit: Audit,
        engine: Engine[Env],
        installation: str,
    ) -> None:
        self._installation = installation
        self._clouds = clouds
        self._vms = vms
        self._servers = servers
        self._records = records
        self._proofs = proofs
        self._audit = audit
        self._engine = engine

    # --- look ---------------------------------------------------------------------------------------------

    def matches(self, host: KnownHost, keeps: Iterable[str] = ()) -> list[tuple[Vm, Match]]:
        """Every disk on the host, and the volumes that it may be. Raises NotSupported for a source without a cloud."""
        cloud, vms = self._cloud(host.host.source), self._on(host, ())
        rules = read_gap_rules({"volumes": {"keeps": sorted(keeps)}})
        found = matches(vms, Index(storage_of(cloud, vms, rules), host.host))
        return [(vm, found[vm.id, disk.id]) for vm in vms for disk in vm.own_disks]

    def plan(self, wish: Wish) -> GapPlan:
        """What would be recorded, and what not and why. Raises Invalid for rules that can't be used, NotFound for a VM that the
        host has not, NotSupported for a source without a cloud."""
        cloud, vms = self._cloud(wish.host.host.source), self._on(wish.host, wish.machines)
        asked = Asked(wish.kinds, read_gap_rules(wish.rules), wish.project)
        return GapPlan(cloud.name, wish.host.host, look(cloud, wish.host.host, vms, asked, self._known(vms)))

    def vm(self, host: KnownHost, ident: str) -> Vm:
        """A VM of the host, by id or name. Raises NotFound."""
        found = [one for one in self._on(host, ()) if ident in (one.id, one.name)]
        exact = [one for one in found if one.id == ident]
        if len(exact or found) != 1:
            raise NotFound(
                f"Host {host.host.name} has {'several VMs' if found else 'no VM'} called {ident!r}.",
                fix=f"`corral host machines {host.host.name}` lists them with their ids.",
            )
        return (exact or found)[0]

    def _cloud(self, source: str) -> CloudAround:
        found = self._clouds.get(source)
        if found is None:
            raise NotSupported(
                f"Source {source} has no cloud around it.",
                fix=f"In corral.yaml, under `hypervisors`, name an entry of clouds.yaml as `cloud` of {source}; restart Corral.",
            )
        return found

    def _on(self, host: KnownHost, wanted: Sequence[str]) -> list[Vm]:
        found: list[Vm] = []
        where, marker = VmFilter((host.host.source,), host=host.host.id), None
        while page := self._vms.page(where, limit=_PAGE, marker=marker):
            found += [one.vm for one in page]
            marker = f"{host.host.source}:{page[-1].vm.id}"
        if missing := sorted(set(wanted) - {vm.id for vm in found}):
            named = [vm.id for vm in found if vm.name == missing[0]]
            listed = f"`corral host machines {host.host.name}` lists them."
            raise NotFound(
                f"Host {host.host.name} has no VM with the id {missing[0]}.",
                fix=f"Here VMs are named by their ids: that is {' or '.join(named)}." if named else listed,
            )
        return [vm for vm in found if not wanted or vm.id in wanted]

    def _known(self, vms: Sequence[Vm]) -> Known:
        source = vms[0].source if vms else ""
        ids = [vm.id for vm in vms]
        servers = {vm: self._servers.find(uuid) for vm, uuid in self._servers.managed(source, ids).items()}
        there: dict[str, Server] = {vm: server for vm, server in servers.items() if server is not None}
        return Known(there, self._records.taken(source, ids), self._vms.holders(source, vms))

    # --- fill ---------------------------------------------------------------------------------------------

    def filled(self, key: str | None, actor: Actor) -> list[Operation]:
        """What an earlier request to fill, with the same Idempotency-Key, started. Raises Conflict for a key of another wish."""
        return answered(self._engine, key, actor, "fill_gaps")

    def fill(self, wish: Wish, plan: GapPlan, digest: str, actor: Actor, *, key: str | None = None) -> list[Operation]:
        """Record what the plan says, an operation for each VM, all stored or none. `digest`: of the plan that was looked at. Raises
        Stale when that was another one, Refused when nothing of it can be done, Conflict when somebody is at it already."""
        if digest != plan.digest:
            raise Stale("The plan that was looked at does not hold any more.", fix="Make it again, and look at it.")
        found = [one for one in plan.found if one.fillable]
        if not found:
            raise Refused("There is nothing that could be recorded.", blockers(_all_reasons(plan)))
        if len(found) > _MOST:
            raise Invalid(f"The plan has {len(found)} VMs; {_MOST} go at once.", fix="Name some of them: `machines`.")
        wanted = [
            self._filling(wish, plan, one, actor, operation_uuid(key, actor, nth)) for nth, one in enumerate(found)
        ]
        return list(self._engine.submit_many(wanted))

    def _filling(self, wish: Wish, plan: GapPlan, one: GapsOfVm, actor: Actor, uuid: str) -> Submission:
        made = [_record(self._installation, uuid, gap, one.vm, plan.cloud) for gap in one.fillable]
        project = one.fillable[0].project
        params = {
            **_about(one.vm.source, one.vm.id, one.server, project, actor),
            "kinds": sorted(str(kind) for kind in wish.kinds),
            "rules": dict(wish.rules),
            "named_project": wish.project,
            "records": [record.id for record in made],
        }

        def alongside(conn: sa.Connection) -> None:
            self._records.add(conn, one.vm.host, made)
            self._accept(conn, "fill_gaps", "cloud:fill", uuid, params, actor)

        return Submission("fill_gaps", params, _new(uuid, params, actor), alongside)

    # --- open again ---------------------------------------------------------------------------------------

    def records(self, where: RecordFilter, *, limit: int, marker: str | None = None) -> list[CloudRecord]:
        """One page of what was recorded, by id."""
        return self._records.page(where, limit=limit, marker=marker)

    def chosen(self, ids: Sequence[str]) -> list[CloudRecord]:
        """The records of these ids. Raises NotFound for one that does not exist."""
        found = self._records.page(RecordFilter(ids=tuple(ids)), limit=len(ids))
        if missing := sorted(set(ids) - {one.id for one in found}):
            raise NotFound(f"There is no record {missing[0]}.", fix="Look at `corral cloud records`.")
        return found

    def reverted(self, key: str | None, actor: Actor) -> list[Operation]:
        """What an earlier request to take back, with the same Idempotency-Key, started. Raises Conflict likewise."""
        return answered(self._engine, key, actor, "revert_gaps")

    def revert(self, records: Sequence[CloudRecord], actor: Actor, *, key: str | None = None) -> list[Operation]:
        """Take records back, an operation for each VM, all stored or none. Raises Conflict for one that an operation is at work
        on."""
        by_vm: dict[tuple[str, str], list[CloudRecord]] = {}
        for one in records:
            by_vm.setdefault((one.source, one.vm), []).append(one)
        for source, _ in by_vm:
            self._cloud(source)
        wanted = [
            self._reverting(of_vm, actor, operation_uuid(key, actor, nth)) for nth, of_vm in enumerate(by_vm.values())
        ]
        return list(self._engine.submit_many(wanted))

    def _reverting(self, records: Sequence[CloudRecord], actor: Actor, uuid: str) -> Submission:
        first = records[0]
        server = self._servers.managed(first.source, [first.vm]).get(first.vm)
        ids = [one.id for one in records]
        params = {**_about(first.source, first.vm, server, first.project, actor), "records": ids}

        def alongside(conn: sa.Connection) -> None:
            self._records.hold(conn, ids, uuid)
            self._accept(conn, "revert_gaps", "cloud:revert", uuid, params, actor)

        return Submission("revert_gaps", params, _new(uuid, params, actor), alongside)

    def _accept(
        self, conn: sa.Connection, kind: str, action: str, uuid: str, params: Mapping[str, Any], actor: Actor
    ) -> None:
        about = {"source": params["source"], "machine": params["machine"]}
        opened = {"operation": uuid, "server": params["server"] or "", "kind": kind, **about}
        self._proofs.open(conn, {**opened, "user": actor.user, "project": actor.project})
        who = (actor.user, actor.project, actor.request_id, params["server"], uuid)
        self._audit.add(AuditEntry(action, "accepted", *who, detail={**about, "records": params["records"]}), conn=conn)


def _all_reasons(plan: GapPlan) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(one for gap in plan.gaps for one in gap.reasons))


def _record(installation: str, operation: str, gap: Gap, vm: Vm, cloud: str) -> CloudRecord:
    return CloudRecord(
        id=marked_uuid(uuid4(), installation),
        kind=gap.kind,
        state=Filling.MAKING,
        source=vm.source,
        vm=vm.id,
        vm_name=vm.label,
        part=gap.part,
        project=gap.project,
        cloud=cloud,
        wanted=gap.wanted,
        operation=operation,
    )


def _about(source: str, machine: str, server: str | None, project: str, actor: Actor) -> dict[str, Any]:
    about = {"source": source, "machine": machine, "server": server, "project": project}
    return {**about, "user": actor.user, "request_id": actor.request_id}


def _new(uuid: str, params: Mapping[str, Any], actor: Actor) -> NewOperation:
    return NewOperation(
        uuid=uuid,
        subject=params["server"],
        source=params["source"],
        machine=params["machine"],
        project_id=params["project"],
        user_id=actor.user,
    )
