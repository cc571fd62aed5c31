"""Adopting and letting go of one machine: manage, unmanage, power. `plans` has those of many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from corral.domain.adoptability import owner_project
from corral.domain.creation import Built
from corral.domain.errors import Conflict, Refused
from corral.domain.lifecycle import Event
from corral.domain.machine import Machine
from corral.domain.plan import Plan, PlanItem
from corral.domain.reasons import blockers, reason
from corral.domain.server import Flavor, ManageRequest, NetworkRequest, Server
from corral.domain.traces import marked_uuid
from corral.engine import Engine, Operation
from corral.flows import Env
from corral.flows.start import ADOPTING, LETTING_GO, Books, about, accept, manage_params, params_of, reserved
from corral.flows.start import Actor as Actor
from corral.services.inventory import Inventory
from corral.services.keys import answered, operation_uuid, used
from corral.services.planning import Planner
from corral.store import Audit, Flavors, Proofs, Servers
from corral.store.sync_rules import RuleMemory


class Taken(Refused):
    """Somebody was quicker: 409 with all reasons, whether the record or the look at the machine showed it first."""

    status = 409
    code = "conflict"


class Adoption:
    """The use cases around `manage` and `unmanage`."""

    def __init__(
        self,
        inventory: Inventory,
        planner: Planner,
        engine: Engine[Env],
        servers: Servers,
        flavors: Flavors,
        proofs: Proofs,
        audit: Audit,
        clock: Callable[[], datetime],
        installation: str,
        rules: RuleMemory,
    ) -> None:
        self._inventory = inventory
        self._planner = planner
        self._engine = engine
        self._servers = servers
        self._flavors = flavors
        self._books = Books(servers, proofs, audit)
        self._clock = clock
        self._installation = installation
        self._rules = rules

    def plan(self, requests: Sequence[ManageRequest], actor: Actor) -> Plan:
        """What adopting these machines would do; see `Planner`. Stores nothing."""
        items = self._planner.items(requests, actor.project, actor.may)
        return Plan(str(uuid4()), actor.project, actor.user, items, self._clock())

    # --- manage and unmanage ------------------------------------------------------------------------------

    def manage(self, request: ManageRequest, actor: Actor, *, key: str | None = None) -> tuple[Server, Operation]:
        """Adopt one machine. Raises NotFound, Refused with all reasons at once, Conflict when somebody was quicker."""
        if answered := self._answered(key, actor, *ADOPTING.values()):
            return answered
        item = self._planner.item(request, actor.project, actor.may)
        try:
            _raise_blocked(item)
            return self._start(item, actor, key)
        except (Conflict, Refused):
            # Perhaps it was this very request, sent twice at the same time, that was quicker: then its machine, or its name,
            # is taken by itself.
            if answered := self._answered(key, actor, *ADOPTING.values()):
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
        if answered := self._answered(key, actor, *LETTING_GO.values()):
            return answered
        if not server.adopted:
            raise Conflict(
                f"Server {server.name} was created by Corral: there is nothing that it was before.",
                fix="Delete it (DELETE /v1/servers/U), which tears it down.",
            )
        leaving = server.on(Event.UNMANAGE)
        params = params_of(server, actor) | {"name": server.name}

        def let_go(conn: sa.Connection) -> Server:
            # By their own wish: should it be taken back, the machine stays a server, and this is not asked.
            self._rules.let_go(conn, server.source, server.machine, actor.user, self._clock())
            return self._servers.save(leaving, conn=conn)

        return self._submit(LETTING_GO[server.kind], params, server, actor, key, let_go)

    def power(
        self, server: Server, target: str, event: Event, actor: Actor, *, key: str | None = None
    ) -> tuple[Server, Operation]:
        """Ask for a power change. Raises Conflict while something else is done to the server."""
        if answered := self._answered(key, actor, "power"):
            return answered
        if not server.placed or Built.of(server).leaving:
            raise Conflict(f"Server {server.name} has no machine any more.", fix="Delete it.")
        changing = server.on(event)
        params = params_of(server, actor) | {"target": target}
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
        server = reserved(item, actor, marked_uuid(uuid4(), self._installation))
        params = manage_params(item, server, actor)
        flow = ADOPTING[server.kind]
        return self._submit(flow, params, server, actor, key, lambda conn: self._servers.add(conn, server))

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
        uuid = operation_uuid(key, actor)
        stored = server

        def alongside(conn: sa.Connection) -> None:
            nonlocal stored
            stored = reserve(conn)
            accept(conn, self._books, flow, stored, actor, uuid)

        operation = self._engine.submit(flow, params, operation=about(server, actor, uuid, key), alongside=alongside)
        if operation.subject != server.uuid and (answered := self._answered(key, actor, flow)):
            return answered  # the same key was stored by another request at the same time
        return stored, operation

    def _answered(self, key: str | None, actor: Actor, *kinds: str) -> tuple[Server, Operation] | None:
        """What an earlier request with the same Idempotency-Key was answered, if there was one, by a flow of these."""
        found = answered(self._engine, key, actor, *kinds)
        if not found:
            return None
        server = self._servers.find(str(found[0].subject))
        if server is None:
            raise used(found[0])
        return server, found[0]


def _raise_blocked(item: PlanItem) -> None:
    found = blockers(item.reasons)
    if any(one.code == "already-managed" for one in found):
        raise Taken(
            f"Machine {item.machine_name or item.machine} is being adopted, or managed, by somebody else.", found
        )
    if found:
        raise Refused(f"Machine {item.machine_name or item.machine} can't be adopted as asked.", found)
