"""Operations that are under way: asking them to turn around."""

from __future__ import annotations

from corral.engine import Engine, Operation
from corral.flows import Env
from corral.services.adoption import Actor
from corral.store import Audit, AuditEntry


class OperationService:
    """The use cases around operations."""

    def __init__(self, engine: Engine[Env], audit: Audit) -> None:
        self._engine = engine
        self._audit = audit

    def cancel(self, operation: Operation, actor: Actor) -> Operation:
        """Ask an operation to turn around, and record who asked. Raises the engine's Finished when it is over."""
        entry = AuditEntry(
            "operation:cancel",
            "accepted",
            actor.user,
            actor.project,
            actor.request_id,
            operation.subject,
            operation.uuid,
            operation.machine,
        )
        return self._engine.cancel(operation.uuid, alongside=lambda conn: self._audit.add(entry, conn=conn))
