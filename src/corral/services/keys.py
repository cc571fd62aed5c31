"""Idempotency keys: what a request with a key started is found again by uuids that follow from the key."""

from __future__ import annotations

from itertools import count
from uuid import UUID, uuid4, uuid5

from corral.domain.errors import Conflict
from corral.engine import Engine, Operation
from corral.flows import Env
from corral.flows.start import Actor

_KEYS = UUID("5a2f0f5e-6a0e-4a53-9d2c-0c2b1f6c8a11")


def operation_uuid(key: str | None, actor: Actor, nth: int = 0) -> str:
    """That of the nth operation of a request, known before it is stored: proof and audit name it. A key counts within the caller's
    project; without one, nobody knows the uuid before."""
    if key is None:
        return str(uuid4())
    return str(uuid5(_KEYS, f"{actor.project}\n{key}" + (f"\n{nth}" if nth else "")))


def answered(engine: Engine[Env], key: str | None, actor: Actor, *kinds: str) -> list[Operation]:
    """What an earlier request with that key started; nothing if there was none. Raises Conflict when that was another wish: not one
    of these kinds."""
    found: list[Operation] = []
    for nth in count() if key is not None else ():
        one = engine.operation(operation_uuid(key, actor, nth))
        if one is None:
            break
        if one.kind not in kinds:
            raise used(one)
        found.append(one)
    return found


def used(operation: Operation) -> Conflict:
    """The key belongs to that operation."""
    return Conflict(
        f"The Idempotency-Key was used for operation {operation.uuid} ({operation.kind}, {operation.state}).",
        fix="Use a new key for a new wish.",
    )
