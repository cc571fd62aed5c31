"""Changes of clusters and nodes: stored as operations that hold what they change, waited for a moment, answered whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import CorralError, OutcomeUnknown
from corral.engine import Engine, NewOperation, Operation, State, StillRunning
from corral.flows import Env
from corral.flows.changes import Change
from corral.services.adoption import Actor
from corral.store import Audit, AuditEntry, Estate, Proofs
from corral.store.proofs import about_node

_KEYS = UUID("0f1f4a58-4f0e-4d0b-8f3c-6f0b6f5f2a77")


class Undone(CorralError):
    """A change that was taken back: with the status, code and words of the error that was its end."""

    def __init__(self, operation: Operation) -> None:
        error = dict(operation.error or {"message": "It was cancelled.", "code": "cancelled", "status": 409})
        super().__init__(str(error["message"]), fix=str(error.get("fix", "")), code=str(error.get("code", "internal")))
        self.status = _status(error)  # type: ignore[misc]
        self._error = {**error, "operation": operation.uuid}

    def as_json(self) -> dict[str, Any]:
        told = {key: value for key, value in self._error.items() if key not in ("type", "step", "status")}
        return {**told, **super().as_json()}


def _status(error: Mapping[str, Any]) -> int:
    """The status of a stored error: its own, else that of its kind."""
    if "status" in error:
        return int(error["status"])
    return next((kind.status for kind in _kinds(CorralError) if kind.__name__ == error.get("type")), 500)


def _kinds(kind: type[CorralError]) -> Iterable[type[CorralError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


@dataclass(frozen=True)
class Wanted:
    """A change to submit. `kind`: of the flow; `action`: as policy names it; `subject` and `name`: what it is done to. `watched`:
    clusters whose extensions the change rests on. `more`: params beside the change."""

    kind: str
    action: str
    subject: str
    name: str
    project: str
    change: Change
    watched: Sequence[Cluster] = ()
    more: Mapping[str, Any] | None = None


class Changes:
    """Submits changes and waits for them."""

    def __init__(self, engine: Engine[Env], estate: Estate, audit: Audit, proofs: Proofs, patience: float) -> None:
        self._engine = engine
        self._estate = estate
        self._audit = audit
        self._proofs = proofs
        self._patience = patience

    def submit(self, wanted: Wanted, actor: Actor, *, key: str | None = None) -> Operation:
        """Store the operation, holding what it changes. Raises Conflict while something else changes that, Stale when it is not
        as it was seen any more."""
        uuid = str(uuid4() if key is None else uuid5(_KEYS, f"{actor.project}\n{key}"))
        told = {"user": actor.user, "request_id": actor.request_id, "project": wanted.project}
        about = {"subject": wanted.subject, "name": wanted.name, "action": wanted.action}
        new = NewOperation(uuid=uuid, key=key, subject=wanted.subject, project_id=wanted.project, user_id=actor.user)

        def alongside(conn: sa.Connection) -> None:
            self._hold(conn, uuid, wanted)
            entry = AuditEntry(
                wanted.action, "accepted", actor.user, actor.project, actor.request_id, wanted.subject, uuid,
                detail={"name": wanted.name},
            )  # fmt: skip
            self._audit.add(entry, conn=conn)
            if about_node(wanted.kind):
                self._proofs.open(conn, {"operation": uuid, **_opened(wanted, actor)})

        params = {**(wanted.more or {}), **told, **about, "change": wanted.change.as_json()}
        return self._engine.submit(wanted.kind, params, operation=new, alongside=alongside)

    def carried_out(self, wanted: Wanted, actor: Actor, *, key: str | None = None) -> Operation:
        """Submit, and wait a moment. Gives the operation, succeeded or still under way; raises Undone when it was taken back."""
        return self.awaited(self.submit(wanted, actor, key=key))

    def awaited(self, operation: Operation) -> Operation:
        """The operation after its end, or after a moment. Raises Undone when it was taken back."""
        try:
            operation = self._engine.wait(operation.uuid, self._patience)
        except StillRunning:
            found = self._engine.operation(operation.uuid)
            if found is None:
                raise OutcomeUnknown("The operation is gone.", fix="Look at what it was about.") from None
            return found
        if operation.state is not State.SUCCEEDED:
            raise Undone(operation)
        return operation

    def _hold(self, conn: sa.Connection, uuid: str, wanted: Wanted) -> None:
        self._estate.watch(conn, wanted.watched)
        change = wanted.change
        if change.cluster is not None:
            self._hold_cluster(conn, uuid, *change.cluster)
        else:
            self._hold_nodes(conn, uuid, change.nodes)

    def _hold_cluster(self, conn: sa.Connection, uuid: str, before: Cluster | None, after: Cluster | None) -> None:
        if before is not None:
            self._estate.hold_cluster(conn, uuid, before)
        elif after is not None:
            self._estate.add_cluster(conn, uuid, after)

    def _hold_nodes(self, conn: sa.Connection, uuid: str, pairs: Sequence[tuple[Node | None, Node | None]]) -> None:
        self._estate.hold_nodes(conn, uuid, [before for before, _ in pairs if before is not None])
        for before, after in pairs:
            if before is None and after is not None:
                self._estate.add_node(conn, uuid, after)


def _opened(wanted: Wanted, actor: Actor) -> dict[str, Any]:
    """What the operation's proof says from its beginning. A node that is bound to no machine has no source either."""
    before, after = next((pair for pair in wanted.change.nodes if any(pair)), (None, None))
    node = before or after
    return {
        "server": wanted.subject,
        "kind": wanted.kind,
        "user": actor.user,
        "project": actor.project,
        "source": node.source or "" if node else "",
        "machine": node.machine or "" if node else "",
    }
