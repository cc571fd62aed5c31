"""Adopting and letting go: plan, apply, manage, unmanage. One code path for one machine and for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa

from corral.domain.adoptability import owner_project
from corral.domain.errors import Conflict, CorralError, Refused, Stale
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Machine
from corral.domain.plan import Plan, PlanItem
from corral.domain.reasons import blockers, reason
from corral.domain.server import Flavor, ManageRequest, NetworkRequest, Server
from corral.engine import Engine, NewOperation, Operation
from corral.flows import Env
from corral.services.inventory import Inventory
from corral.services.planning import Planner
from corral.store import Audit, AuditEntry, Flavors, Plans, Proofs, Servers

_KEYS = UUID("5a2f0f5e-6a0e-4a53-9d2c-0c2b1f6c8a11")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as far as records need it."""

    user: str | None
    project: str
    request_id: str | None = None


class Taken(Refused):
    """Somebody was quicker: 409 with all reasons, whether the record or the look at the machine showed it first."""

    status = 409
    code = "conflict"


class Adoption:
    """The use cases around `manage` and `unmanage`."""

    def __init__(
        self,
        inventory: Inventory,
        engine: Engine[Env],
        servers: Servers,
        flavors: Flavors,
        plans: Plans,
        proofs: Proofs,
        audit: Audit,
        clock: Callable[[], datetime],
    ) -> None:
        self._inventory = inventory
        self._planner = Planner(inventory, servers, flavors)
        self._engine = engine
        self._servers = servers
        self._flavors = flavors
        self._plans = plans
        self._proofs = proofs
        self._audit = audit
        self._clock = clock

    # --- plans --------------------------------------------------------------------------------------------

    def plan(self, requests: Sequence[ManageRequest], actor: Actor) -> Plan:
        """What adopting these machines would do; see `Planner`. Stores nothing."""
        items = self._planner.items(requests, actor.project)
        return Plan(str(uuid4()), actor.project, actor.user, items, self._clock())

    def store_plan(self, requests: Sequence[ManageRequest], actor: Actor) -> Plan:
        """Make a plan and keep it, to be looked at and applied."""
        plan = self.plan(requests, actor)
        self._plans.add(plan)
        return plan

    def get_plan(self, uuid: str) -> Plan:
        """A plan that was kept. Raises NotFound."""
        return self._plans.get(uuid)

    def apply(self, uuid: str, actor: Actor, *, skip_blocked: bool = False) -> tuple[Plan, list[Operation]]:
        """Start what a plan says: an operation for each machine.

        Raises Stale when anything that the plan rests on has changed; Refused while machines in it are blocked, unless those
        are to be skipped; Conflict when it was applied before, or a machine was taken meanwhile. Then nothing is started."""
        plan = self._plans.get(uuid)
        if plan.applied_at is not None:
            raise Conflict(f"Plan {uuid} was applied already.", fix="Make a new plan for what is left to do.")
        items = [item for item in plan.items if item.adoptable]
        if not skip_blocked or not items:
            _refuse_blocked(plan)
        fresh = self.plan([item.request for item in items], actor)
        _refuse_changed(items, fresh.items)
        self._plans.take(uuid, self._clock())
        operations: list[Operation] = []
        try:
            for item in items:
                operations.append(self._start(item, actor)[1])
        except CorralError:
            # What was started goes on, and is told; a plan of which nothing was started can be applied again.
            if not operations:
                self._plans.give_back(uuid)
                raise
        self._plans.started(uuid, [operation.uuid for operation in operations])
        return self._plans.get(uuid), operations

    # --- manage and unmanage ------------------------------------------------------------------------------

    def manage(self, request: ManageRequest, actor: Actor, *, key: str | None = None) -> tuple[Server, Operation]:
        """Adopt one machine. Raises NotFound, Refused with all reasons at once, Conflict when somebody was quicker."""
        if answered := self._answered(key, actor, "manage"):
            return answered
        item = self._planner.item(request, actor.project)
        try:
            _raise_blocked(item)
            return self._start(item, actor, key)
        except (Conflict, Refused):
            # Perhaps it was this very request, sent twice at the same time, that was quicker: then its machine, or its name,
            # is taken by itself.
            if answered := self._answered(key, actor, "manage"):
                return answered
            raise

    def manage_by_class(
        self, name: str, node: str, description: str | None, metadata: dict[str, str], actor: Actor
    ) -> tuple[Server, Operation]:
        """Mogan's own form: the networks are the ports that the machine has, the flavor is the one for its class."""
        source, machine = self._inventory.find(node, None)
        flavor = self._flavor_for(
            machine, owner_project(machine, source.networks.ports(machine.vifs).values(), None, actor.project)
        )
        request = ManageRequest(
            name=name,
            node=machine.id,
            flavor=flavor.uuid,
            networks=tuple(NetworkRequest(port_id=vif) for vif in machine.vifs),
            source=source.name,
            description=description,
            metadata=metadata,
        )
        return self.manage(request, actor)

    def unmanage(self, server: Server, actor: Actor, *, key: str | None = None) -> tuple[Server, Operation]:
        """Let a server go. Raises Conflict while something else is done to it."""
        if answered := self._answered(key, actor, "unmanage"):
            return answered
        leaving = server.on(Event.UNMANAGE)
        params = _params(server, actor) | {"name": server.name}
        return self._submit("unmanage", params, server, actor, key, lambda conn: self._servers.save(leaving, conn=conn))

    def power(
        self, server: Server, target: str, event: Event, actor: Actor, *, key: str | None = None
    ) -> tuple[Server, Operation]:
        """Ask for a power change. Raises Conflict while something else is done to the server."""
        if answered := self._answered(key, actor, "power"):
            return answered
        changing = server.on(event)
        params = _params(server, actor) | {"target": target}
        return self._submit("power", params, server, actor, key, lambda conn: self._servers.save(changing, conn=conn))

    # --- inside -------------------------------------------------------------------------------------------

    def _flavor_for(self, machine: Machine, project: str) -> Flavor:
        usable = [one for one in self._flavors.all() if one.allows(project) and not one.disabled]
        fitting = [one for one in usable if one.fits(machine.resource_class)]
        if not fitting:
            why = [reason("no-flavor", resource_class=machine.resource_class)]
            if not machine.resource_class:
                why = [reason("no-resource-class", node=machine.label)]
            raise Refused(f"Machine {machine.label} can't be adopted.", why)
        return fitting[0]

    def _start(self, item: PlanItem, actor: Actor, key: str | None = None) -> tuple[Server, Operation]:
        server = _reserved(item, actor)
        params = _params(server, actor) | {
            "request": item.request.as_json(),
            "basis": item.basis,
            "name": server.name,
        }
        return self._submit("manage", params, server, actor, key, lambda conn: self._servers.add(conn, server))

    def _submit(
        self,
        flow: str,
        params: dict[str, Any],
        server: Server,
        actor: Actor,
        key: str | None,
        reserve: Callable[[sa.Connection], Server],
    ) -> tuple[Server, Operation]:
        """Store the operation with what `reserve` writes, the opened proof and the audit entry, or nothing of it."""
        uuid = _operation_uuid(key, actor)
        new = NewOperation(
            uuid=uuid,
            key=key,
            subject=server.uuid,
            source=server.source,
            machine=server.machine,
            project_id=server.project,
            user_id=actor.user,
        )
        reserved = server

        def alongside(conn: sa.Connection) -> None:
            nonlocal reserved
            reserved = reserve(conn)
            self._accept(conn, flow, reserved, actor, uuid)

        operation = self._engine.submit(flow, params, operation=new, alongside=alongside)
        if operation.subject != server.uuid and (answered := self._answered(key, actor, flow)):
            return answered  # the same key was stored by another request at the same time
        return reserved, operation

    def _answered(self, key: str | None, actor: Actor, kind: str) -> tuple[Server, Operation] | None:
        """What an earlier request with the same Idempotency-Key was answered, if there was one."""
        found = self._engine.operation(_operation_uuid(key, actor)) if key else None
        if found is None:
            return None
        server = self._servers.find(str(found.subject))
        if found.kind != kind or server is None:
            raise Conflict(
                f"The Idempotency-Key was used for operation {found.uuid} ({found.kind}, {found.state}).",
                fix="Use a new key for a new wish.",
            )
        return server, found

    def _accept(self, conn: sa.Connection, kind: str, server: Server, actor: Actor, operation: str) -> None:
        self._proofs.open(
            conn,
            {
                "operation": operation,
                "server": server.uuid,
                "kind": kind,
                "user": actor.user,
                "project": actor.project,
                "source": server.source,
                "machine": server.machine,
            },
        )
        entry = AuditEntry(
            f"server:{kind}", "accepted", actor.user, actor.project, actor.request_id, server.uuid, operation
        )
        self._audit.add(entry, conn=conn)


def _params(server: Server, actor: Actor) -> dict[str, Any]:
    return {
        "server": server.uuid,
        "source": server.source,
        "machine": server.machine,
        "project": server.project,
        "user": actor.user,
        "request_id": actor.request_id,
    }


def _operation_uuid(key: str | None, actor: Actor) -> str:
    """Known before the operation is stored: proof and audit name it. A key counts within the caller's project."""
    return str(uuid4() if key is None else uuid5(_KEYS, f"{actor.project}\n{key}"))


def _reserved(item: PlanItem, actor: Actor) -> Server:
    """The record with which a machine, a name and a set of ports are reserved before anything is done."""
    request = item.request
    return Server(
        uuid=str(uuid4()),
        name=request.name,
        source=item.source,
        machine=item.machine,
        machine_name=item.machine_name,
        project=item.project,
        user=actor.user,
        status=Status.MANAGING,
        flavor=request.flavor,
        description=request.description,
        availability_zone=request.availability_zone,
        metadata=dict(request.metadata),
    )


def _raise_blocked(item: PlanItem) -> None:
    found = blockers(item.reasons)
    if any(one.code == "already-managed" for one in found):
        raise Taken(
            f"Machine {item.machine_name or item.machine} is being adopted, or managed, by somebody else.", found
        )
    if found:
        raise Refused(f"Machine {item.machine_name or item.machine} can't be adopted as asked.", found)


def _refuse_blocked(plan: Plan) -> None:
    blocked = [item for item in plan.items if not item.adoptable]
    if blocked:
        found = [one for item in blocked for one in blockers(item.reasons)]
        raise Refused(
            f"{len(blocked)} of {len(plan.items)} machines in the plan can't be adopted.",
            tuple(dict.fromkeys(found)),
            fix="Fix what each reason says and make a new plan, or apply with skip_blocked=true.",
        )


def _refuse_changed(old: Sequence[PlanItem], new: Sequence[PlanItem]) -> None:
    changed = [
        before.machine_name or before.machine
        for before, now in zip(old, new, strict=True)
        if before.basis != now.basis or not now.adoptable
    ]
    if changed:
        raise Stale(
            f"The world has changed since the plan was made: {', '.join(changed[:10])}.",
            fix="Make a new plan and look at it before applying it.",
        )
