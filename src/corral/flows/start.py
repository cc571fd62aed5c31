"""What is written when somebody's wish about a server is accepted: the record, the opened proof and the audit entry, in the
transaction that stores the operation. One code path for one machine and for ten thousand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from corral.domain.lifecycle import Status
from corral.domain.plan import PlanItem, PlannedMachine
from corral.domain.server import Kind, Server
from corral.domain.traces import marked_uuid
from corral.domain.vm_ownership import May
from corral.engine import NewOperation, Submission
from corral.store import Audit, AuditEntry, Proofs, Servers

_KEYS = UUID("0d5c1f5a-7b6e-4d6b-8a5e-2f0c9b7e4a31")


ADOPTING = {Kind.NODE: "manage", Kind.VM: "onboard_vm"}
LETTING_GO = {Kind.NODE: "unmanage", Kind.VM: "offboard_vm"}
"""The flows that adopt a machine and let go of it, by its kind."""
_ASKED = {"onboard_vm": "manage", "offboard_vm": "unmanage"}
"""What people asked for, where the flow that does it is called something else."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as far as records need it. `may`: whether they may adopt machines for a project; None: for every one."""

    user: str | None
    project: str
    request_id: str | None = None
    may: May = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Books:
    """Where it is written."""

    servers: Servers
    proofs: Proofs
    audit: Audit


def planned(
    plan: str,
    machine: PlannedMachine,
    actor: Actor,
    installation: str,
    books: Books,
    started: Callable[[sa.Connection, str, int, str], None],
) -> Submission:
    """The operation that adopts a machine of a plan. It has the same uuid, and makes the same server, however often it is
    submitted. `started(connection, plan, position, operation)` records it with the plan."""
    key = f"{plan}\n{machine.position}"
    uuid = str(uuid5(_KEYS, key))
    server = reserved(machine.item, actor, marked_uuid(uuid5(_KEYS, f"server\n{key}"), installation))

    flow = ADOPTING[server.kind]

    def alongside(conn: sa.Connection) -> None:
        accept(conn, books, flow, books.servers.add(conn, server), actor, uuid)
        started(conn, plan, machine.position, uuid)

    return Submission(flow, manage_params(machine.item, server, actor), about(server, actor, uuid), alongside)


def about(server: Server, actor: Actor, uuid: str, key: str | None = None) -> NewOperation:
    """What an operation on a server says of itself."""
    return NewOperation(
        uuid=uuid,
        key=key,
        subject=server.uuid,
        source=server.source,
        machine=server.machine,
        project_id=server.project,
        user_id=actor.user,
    )


def params_of(server: Server, actor: Actor) -> dict[str, Any]:
    """What the flow of every operation on a server is given."""
    of_vm = {"kind": str(server.kind), "host": server.host} if server.kind is Kind.VM else {}
    return of_vm | {
        "server": server.uuid,
        "source": server.source,
        "machine": server.machine,
        "project": server.project,
        "user": actor.user,
        "request_id": actor.request_id,
    }


def manage_params(item: PlanItem, server: Server, actor: Actor) -> dict[str, Any]:
    """What `manage` and `onboard_vm` are given."""
    wish = {"request": item.request.as_json(), "basis": item.basis, "name": server.name}
    return params_of(server, actor) | wish


def reserved(item: PlanItem, actor: Actor, uuid: str) -> Server:
    """The record with which a machine, a name and a set of ports are reserved before anything is done."""
    request = item.request
    return Server(
        uuid=uuid,
        name=request.name,
        source=item.source,
        machine=item.machine,
        machine_name=item.machine_name,
        project=item.project,
        user=actor.user,
        status=Status.MANAGING,
        flavor=request.flavor,
        kind=request.kind,
        description=request.description,
        availability_zone=request.availability_zone,
        metadata=dict(request.metadata),
    )


def accept(conn: sa.Connection, books: Books, kind: str, server: Server, actor: Actor, operation: str) -> None:
    """Open the operation's proof, and note in the audit trail who asked for it. `kind`: the flow's name."""
    books.proofs.open(
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
        f"server:{_ASKED.get(kind, kind)}",
        "accepted",
        actor.user,
        actor.project,
        actor.request_id,
        server.uuid,
        operation,
        server.machine,
        detail={"source": server.source},
    )
    books.audit.add(entry, conn=conn)
