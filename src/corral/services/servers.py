"""Servers after their adoption: show, change, switch, lock, prove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corral.contracts.sources import PowerTarget
from corral.domain.errors import Conflict, NotFound
from corral.domain.fingerprint import Difference, differences
from corral.domain.lifecycle import Event
from corral.domain.server import Server
from corral.engine import Engine, Operation
from corral.flows import Env
from corral.services.adoption import Actor, Adoption
from corral.services.server_patch import patched
from corral.store import Audit, AuditEntry, ProofRow, Proofs, Servers
from corral.store.proofs import about_node
from corral.store.servers import ServerFilter

_EVENTS = {
    PowerTarget.ON: Event.POWER_ON,
    PowerTarget.OFF: Event.POWER_OFF,
    PowerTarget.REBOOT: Event.REBOOT,
    PowerTarget.SOFT_OFF: Event.SOFT_POWER_OFF,
    PowerTarget.SOFT_REBOOT: Event.SOFT_REBOOT,
}


@dataclass(frozen=True, slots=True)
class OperationProof:
    """The proof of one operation: how it ended, what changed on the machine, which calls were made."""

    row: ProofRow
    operation: Operation | None
    differences: tuple[Difference, ...]

    @property
    def forbidden(self) -> int:
        """Calls that were stopped at the border."""
        return sum(not call.allowed for call in self.row.calls)

    @property
    def of_node(self) -> bool:
        """The operation is about a node, and no server."""
        return about_node(self.row.kind)

    @property
    def verdict(self) -> str:
        """`untouched`: fingerprints from before and after are the same; `changed`; `unfinished`: one is missing. `unclaimed`: the
        operation is about a node, and nobody said that it would leave the machine alone: the calls tell what was done."""
        if self.of_node:
            return "unclaimed"
        if self.row.before is None or self.row.after is None:
            return "unfinished"
        return "changed" if self.differences or self.forbidden else "untouched"


class ServerService:
    """The use cases around one server and the list of them."""

    def __init__(self, servers: Servers, proofs: Proofs, audit: Audit, adoption: Adoption, engine: Engine[Env]) -> None:
        self._servers = servers
        self._proofs = proofs
        self._audit = audit
        self._adoption = adoption
        self._engine = engine

    def get(self, uuid: str) -> Server:
        """The server. Raises NotFound."""
        return self._servers.get(uuid)

    def page(
        self, where: ServerFilter, *, limit: int, marker: str | None, sort_key: str, descending: bool
    ) -> list[Server]:
        """One page of servers."""
        return self._servers.page(where, limit=limit, marker=marker, sort_key=sort_key, descending=descending)

    def update(self, server: Server, patch: Sequence[Mapping[str, Any]], actor: Actor) -> Server:
        """Apply a JSON patch to name, description, metadata and tags. Raises Invalid for any other path."""
        changed = server
        for number, change in enumerate(patch):
            changed = patched(changed, change, number)
        if changed == server:
            return server
        with self._audit.recording(_done("server:update", server, actor)) as conn:
            return self._servers.save(changed, conn=conn)

    def lock(self, server: Server, locked: bool, actor: Actor) -> Server:
        """Lock or unlock: a locked server is changed by admins only."""
        if server.locked == locked:
            return server
        action = "server:lock" if locked else "server:unlock"
        with self._audit.recording(_done(action, server, actor)) as conn:
            return self._servers.save(replace(server, locked=locked), conn=conn)

    def power(
        self, server: Server, target: PowerTarget, actor: Actor, *, key: str | None = None
    ) -> tuple[Server, Operation]:
        """Switch the machine. Raises Conflict when its status does not allow it."""
        return self._adoption.power(server, str(target), _EVENTS[target], actor, key=key)

    def check_unlocked(self, server: Server, *, admin: Callable[[], bool]) -> None:
        """Raise Conflict for a locked server, unless the caller is an admin."""
        if server.locked and not admin():
            raise Conflict(
                f"Server {server.name} is locked.", fix="Ask an admin, or the one who locked it, to unlock it."
            )

    def proof(self, uuid: str) -> list[OperationProof]:
        """The proofs of every operation on a server, also on one that was let go. Raises NotFound."""
        rows = self._proofs.of_server(uuid)
        if not rows:
            raise NotFound(f"No server has, or had, the uuid {uuid}.", fix="Look at `corral operation list`.")
        return [self._told(row) for row in rows]

    def operation_proof(self, operation: str) -> OperationProof:
        """The proof of one operation. Raises NotFound."""
        row = self._proofs.of_operation(operation)
        if row is None:
            raise NotFound(f"Operation {operation} has no proof.", fix="Look at `corral operation list`.")
        return self._told(row)

    def _told(self, row: ProofRow) -> OperationProof:
        changed = differences(dict(row.before), dict(row.after)) if row.before and row.after else ()
        return OperationProof(row, self._engine.operation(row.operation), changed)


def _done(action: str, server: Server, actor: Actor) -> AuditEntry:
    return AuditEntry(action, "done", actor.user, actor.project, actor.request_id, server.uuid, machine=server.machine)
