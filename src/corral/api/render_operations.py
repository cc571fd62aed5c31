"""Operations as JSON: what they do and have done, their events, their proof, and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from corral.api.render import links, time
from corral.engine import Event, Operation
from corral.flows.start import ADOPTING, LETTING_GO
from corral.services.servers import OperationProof
from corral.store import AuditEntry

_ADOPTION = frozenset({*ADOPTING.values(), *LETTING_GO.values()})


def operation(one: Operation, base: str) -> dict[str, Any]:
    """An operation. `attention` says what a person should look at while the engine goes on trying."""
    return {
        "uuid": one.uuid,
        "kind": one.kind,
        "server_uuid": one.subject,
        "source": one.source,
        "machine": one.machine,
        "project_id": one.project_id,
        "user_id": one.user_id,
        "state": str(one.state),
        "attention": one.needs_attention,
        "progress": round(one.progress, 3),
        "step": one.step,
        "error": None if one.error is None else dict(one.error),
        "result": one.result,
        "cancel_requested": one.cancel_requested,
        "created_at": time(one.created_at),
        "started_at": time(one.started_at),
        "finished_at": time(one.finished_at),
        "links": links(base, "operations", one.uuid),
    }


def event(one: Event) -> dict[str, Any]:
    """An event of an operation."""
    return {
        "operation": one.operation,
        "seq": one.seq,
        "at": one.at.astimezone(UTC).isoformat(),
        "kind": str(one.kind),
        "step": one.step,
        "message": one.message,
        "fraction": one.fraction,
    }


def audit(one: AuditEntry) -> dict[str, Any]:
    """An entry of the audit trail. `subject`: the server, flavor or plan; `reasons`: the codes of all of them."""
    return {
        "id": one.id,
        "at": None if one.at is None else one.at.astimezone(UTC).isoformat(),
        "user_id": one.user,
        "project_id": one.project,
        "request_id": one.request_id,
        "action": one.action,
        "outcome": one.outcome,
        "subject": one.subject,
        "node_uuid": one.machine,
        "operation": one.operation,
        "code": one.code,
        "reasons": list(one.reasons),
        "detail": dict(one.detail),
    }


def proof(server_uuid: str, proofs: list[OperationProof]) -> dict[str, Any]:
    """The proof of a server: worst verdict first in rank, one entry an operation."""
    rank = ("changed", "unfinished", "untouched")
    # A power change was asked for by a person, and is no adoption: it says nothing about being left alone.
    verdicts = [one.verdict for one in proofs if one.row.kind in _ADOPTION]
    return {
        "server_uuid": server_uuid,
        "verdict": min(verdicts, key=rank.index, default="unfinished"),
        "operations": [operation_proof(one) for one in proofs],
    }


def operation_proof(one: OperationProof) -> dict[str, Any]:
    """The proof of one operation."""
    row = one.row
    return {
        "uuid": row.operation,
        "server_uuid": None if one.of_node else row.server,
        "node_uuid": row.server if one.of_node else None,
        "kind": row.kind,
        "state": str(one.operation.state) if one.operation else None,
        "verdict": one.verdict,
        "at": time(row.created_at),
        "source": row.source or None,
        "machine": row.machine or None,
        "actor": {"user_id": row.user, "project_id": row.project},
        "fingerprint": {
            "before": _plain(row.before),
            "after": _plain(row.after),
            "differences": [{"field": d.field, "before": d.before, "after": d.after} for d in one.differences],
        },
        "calls": [
            {
                "at": datetime.fromtimestamp(call.at, UTC).isoformat(),
                "service": call.service,
                "method": call.method,
                "path": call.path,
                "outcome": call.outcome,
                "allowed": call.allowed,
                "seconds": call.seconds,
            }
            for call in row.calls
        ],
        "forbidden": one.forbidden,
    }


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if value is None else dict(value)
