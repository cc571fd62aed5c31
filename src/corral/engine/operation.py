"""Operations and their events: what an engine tells about its flows. Plain values, safe to hand to any
thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where an operation is. `needs_attention` stands beside it: the engine goes on trying meanwhile."""

    PENDING = "pending"  # stored; no step was begun
    RUNNING = "running"
    REVERTING = "reverting"  # decided for good: a restart goes on undoing
    SUCCEEDED = "succeeded"
    REVERTED = "reverted"  # a step failed, everything begun was undone; `error` says why
    CANCELLED = "cancelled"  # as reverted, but somebody wanted it

    @property
    def final(self) -> bool:
        """Nothing will change any more."""
        return self in FINAL


FINAL = frozenset({State.SUCCEEDED, State.REVERTED, State.CANCELLED})
UNFINISHED = frozenset(State) - FINAL


class EventKind(StrEnum):
    """What can happen to an operation."""

    OPERATION_STARTED = "operation.started"
    STEP_STARTED = "step.started"
    PROGRESS = "progress"
    STEP_DONE = "step.done"
    STEP_FAILED = "step.failed"  # also when a cancelled operation turns around at this step
    STEP_UNDONE = "step.undone"
    NEEDS_ATTENTION = "operation.needs_attention"
    OPERATION_SUCCEEDED = "operation.succeeded"
    OPERATION_REVERTED = "operation.reverted"
    OPERATION_CANCELLED = "operation.cancelled"


ENDINGS = frozenset({EventKind.OPERATION_SUCCEEDED, EventKind.OPERATION_REVERTED, EventKind.OPERATION_CANCELLED})


@dataclass(frozen=True)
class Event:
    """One thing that happened. `seq` grows by one within an operation, starting at 1."""

    operation: str
    seq: int
    at: datetime
    kind: EventKind
    step: str | None = None  # the step's name
    message: str = ""
    fraction: float | None = None  # of the whole operation, 0..1


@dataclass(frozen=True)
class NewOperation:
    """What the caller of `submit` knows about an operation.

    `key` makes submitting idempotent within a project: the same key gives the same operation again.
    `subject` is the uuid of the server that it is about.
    `uuid` is for callers whose own rows, written alongside, name the operation; by default it is made of the
    key, or at random.
    """

    key: str | None = None
    subject: str | None = None
    source: str | None = None
    machine: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    uuid: str | None = None


@dataclass(frozen=True)
class Submission:
    """One of several operations that are submitted together; see `Engine.submit`. `alongside(connection)` writes with it."""

    flow: str
    params: Mapping[str, Any]
    operation: NewOperation
    alongside: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class Operation:
    """A submitted flow: who wanted what, how far it is, how it ended.

    `error` is {type, message, step} and what the exception's own `as_json` gives (code, fix, …); never a
    traceback.
    """

    uuid: str
    kind: str  # the flow's name
    flow_version: int
    state: State
    created_at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    subject: str | None = None
    source: str | None = None
    machine: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    step: str | None = None  # the current step's title
    progress: float = 0.0
    result: Any = None
    error: Mapping[str, Any] | None = None
    needs_attention: str | None = None
    cancel_requested: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
