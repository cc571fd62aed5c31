"""What a running operation writes down, under its fence.

Every write is one transaction that first proves the run's claim: the epoch that it was given when it took
the operation must still be the newest. A worker that was paused, and whose operation another one took, fails
there and writes nothing. Events are published only after their transaction is committed.

A database that does not answer is no fault of the step that happens to run: it ends the run with Released,
nothing is decided, and the reconciler brings the operation again when the database is back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc as sa_exc

from corral.engine.database import PROVES_ITSELF, read
from corral.engine.errors import Cancelled, ClaimLost, Released
from corral.engine.operation import Event, EventKind, Operation, State
from corral.engine.tables import flow_claims, operation_events, operation_from, operations, select_operations
from corral.engine.taskflow_rows import TaskflowRows
from corral.engine.tracing import Tracing, Untraced

LOG = logging.getLogger(__name__)

_ENDINGS = {
    State.SUCCEEDED: EventKind.OPERATION_SUCCEEDED,
    State.REVERTED: EventKind.OPERATION_REVERTED,
    State.CANCELLED: EventKind.OPERATION_CANCELLED,
}
_UNTROUBLED: dict[str, Any] = {"needs_attention": None, "retry_at": None}
_OUTAGES = (sa_exc.OperationalError, sa_exc.InterfaceError, sa_exc.InternalError, sa_exc.TimeoutError)

# Built once: making SQL of expressions costs more than running it.
_UUID: sa.BindParameter[str] = sa.bindparam("of_uuid")
_CLAIMED = (
    sa.select(
        flow_claims.c.epoch,
        operations.c.state,
        operations.c.cancel_requested,
        operations.c.needs_attention,
    )
    .join(operations, operations.c.uuid == flow_claims.c.operation)
    .where(flow_claims.c.operation == _UUID)
)
_CLAIMED_LOCKED = _CLAIMED.with_for_update(read=True, of=flow_claims)
_LAST_SEQ = sa.select(sa.func.max(operation_events.c.seq)).where(operation_events.c.operation == _UUID)
_NOTE = sa.insert(operation_events)
_UPDATE = sa.update(operations).where(operations.c.uuid == _UUID)
_THIS = select_operations().where(operations.c.uuid == _UUID)
_GIVE_BACK = (
    sa.update(flow_claims)
    .where(flow_claims.c.operation == _UUID, flow_claims.c.epoch == sa.bindparam("of_epoch"))
    .values(until=None)
)
_RELEASE = sa.delete(flow_claims).where(flow_claims.c.operation == _UUID)


MESSAGE_LENGTH = 4000
"""Longer messages are cut."""


@dataclass(frozen=True)
class Claim:
    """The right to carry out an operation, until somebody claims it with a higher epoch."""

    operation: str
    epoch: int


@dataclass(frozen=True)
class Desk:
    """What all journals of one engine share. `lease`: seconds that a claim lasts by itself; None for ever."""

    sql: sa.Engine
    rows: TaskflowRows
    clock: Callable[[], datetime]
    publish: Callable[[Event], None]
    ended: Callable[[sa.Connection, Operation], None] | None = None
    lease: float | None = None
    tracing: Tracing = field(default_factory=Untraced)

    @cached_property
    def fenced(self) -> sa.Engine:
        """The same database for those who prove their claim by themselves."""
        return self.sql.execution_options(**{PROVES_ITSELF: True})


@dataclass
class Entry:
    """One fenced transaction, and how the operation stood when it began."""

    conn: sa.Connection
    operation: str
    at: datetime
    state: State
    cancel_requested: bool
    needs_attention: str | None
    last_seq: int | None  # of the operation's events; None if not known yet
    events: list[Event] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    written: int = 0  # events

    def note(self, kind: EventKind, step: str | None = None, message: str = "", fraction: float | None = None) -> None:
        """Add an event."""
        if self.last_seq is None:
            self.last_seq = self.conn.execute(_LAST_SEQ, {"of_uuid": self.operation}).scalar() or 0
        self.last_seq += 1
        self.events.append(Event(self.operation, self.last_seq, self.at, kind, step, storable(message), fraction))

    def update(self, **values: Any) -> None:
        """Change the operation's row; what is written last counts."""
        self.changes |= values

    def write(self) -> None:
        """Write the changes and events so far."""
        if self.changes:
            self.conn.execute(_UPDATE, {"of_uuid": self.operation, **self.changes})
            self.changes = {}
        if fresh := self.events[self.written :]:
            self.conn.execute(_NOTE, [vars(event) for event in fresh])
            self.written = len(self.events)


class Journal:
    """The fenced writes of one run of one operation. Used by one thread at a time."""

    def __init__(self, desk: Desk, claim: Claim) -> None:
        self._desk = desk
        self._claim = claim
        # Only the claim's holder adds events, so their last number needs no asking.
        self._last_seq: int | None = None
        self._deferred: list[Callable[[Entry], None]] = []
        self._wrote = time.monotonic()

    @contextmanager
    def writing(self) -> Iterator[Entry]:
        """A fenced transaction. Its events are published when it is committed.

        SQLite has the write lock already. PostgreSQL locks the claim in share mode: until this is committed
        nobody else can claim the operation.
        """
        last_seq, self._last_seq = self._last_seq, None
        deferred = list(self._deferred)
        with outage_releases(), self._desk.fenced.begin() as conn:
            entry = Entry(conn, self._claim.operation, self._desk.clock(), *self._fenced(conn), last_seq)
            for write in deferred:
                write(entry)
            yield entry
            entry.write()
        self._wrote = time.monotonic()
        # Only now: what was rolled back is written with the next.
        del self._deferred[: len(deferred)]
        self._last_seq = entry.last_seq
        for event in entry.events:
            self._desk.publish(event)

    def defer(self, write: Callable[[Entry], None]) -> None:
        """Have this written at the begin of the next transaction: for what nobody may miss who acts on, and nobody needs before.

        Each step notes its begin before it acts, so the end of the one before costs no transaction of its own."""
        self._deferred.append(write)

    @property
    def silent_for(self) -> float:
        """Seconds since something was written."""
        return time.monotonic() - self._wrote

    def flush(self) -> None:
        """Write what was deferred: before a pause, and before anything that may take long."""
        if self._deferred:
            with self.writing():
                pass

    def check(self, *, heed_cancel: bool) -> None:
        """Raise ClaimLost or, when heeded, Cancelled. Only reads."""
        with outage_releases(), read(self._desk.sql) as conn:
            row = conn.execute(_CLAIMED, {"of_uuid": self._claim.operation}).first()
        self._compare(row)
        if heed_cancel and row is not None and row.cancel_requested:
            raise self._cancelled()

    def begin(self, step: str, title: str, fraction: float, message: str) -> None:
        """Note that a step begins, before it may act. Raise Cancelled instead if the operation is cancelled.

        From here on the step counts as begun: its undo is called if the operation turns around.
        """
        with self.writing() as entry:
            if entry.cancel_requested:
                raise self._cancelled()
            values = {"state": State.RUNNING, "step": title, "progress": fraction, **_UNTROUBLED}
            if entry.state is State.PENDING:
                entry.note(EventKind.OPERATION_STARTED)
                values["started_at"] = entry.at
            entry.update(**values)
            entry.note(EventKind.STEP_STARTED, step, message, fraction)

    def postpone(self, retry_at: datetime) -> None:
        """Note when the step that runs shall begin again."""
        with self.writing() as entry:
            entry.update(retry_at=retry_at)

    def go_on(self) -> None:
        """Note that a step that was postponed begins again. Raise Cancelled instead if the operation is cancelled."""
        with self.writing() as entry:
            if entry.cancel_requested:
                raise self._cancelled()
            entry.update(**_UNTROUBLED)

    def needs_attention(self, message: str, step: str | None, retry_at: datetime) -> None:
        """Show people what is in the way, and when the engine tries again. The same message is noted once."""
        message = storable(message)
        with self.writing() as entry:
            entry.update(needs_attention=message, retry_at=retry_at)
            if entry.needs_attention != message:
                entry.note(EventKind.NEEDS_ATTENTION, step, message)

    def finish(self, state: State, result: Any = None) -> None:
        """Make the operation final and forget TaskFlow's rows and the claim, in one transaction with what `ended` writes.

        A paused worker that wakes up later finds no claim, which is as lost as a superseded one.
        """
        fraction = 1.0 if state is State.SUCCEEDED else 0.0
        with self.writing() as entry:
            ended = {"state": state, "result": result, "step": None, "finished_at": entry.at}
            entry.update(**ended, **_UNTROUBLED, progress=fraction)
            entry.note(_ENDINGS[state], fraction=fraction)
            entry.write()
            self._desk.rows.delete(entry.conn, entry.operation)
            entry.conn.execute(_RELEASE, {"of_uuid": entry.operation})
            if self._desk.ended is not None:
                row = entry.conn.execute(_THIS, {"of_uuid": entry.operation}).one()
                self._desk.ended(entry.conn, operation_from(row))

    def give_back(self) -> None:
        """End the claim's lease, so that the next worker need not wait for its end."""
        values = {"of_uuid": self._claim.operation, "of_epoch": self._claim.epoch}
        with self._desk.fenced.begin() as conn:
            conn.execute(_GIVE_BACK, values)

    def _fenced(self, conn: sa.Connection) -> tuple[State, bool, str | None]:
        row = conn.execute(_CLAIMED_LOCKED, {"of_uuid": self._claim.operation}).first()
        self._compare(row)
        assert row is not None
        return State(row.state), row.cancel_requested, row.needs_attention

    def _compare(self, row: Any | None) -> None:
        if row is None or row.epoch != self._claim.epoch:
            raise ClaimLost(
                f"Operation {self._claim.operation} was taken by another worker "
                f"(claim {self._claim.epoch}, now {row.epoch if row else 'over'})."
            )

    def _cancelled(self) -> Cancelled:
        return Cancelled(f"Operation {self._claim.operation} was cancelled.")


def storable(text: str) -> str:
    """Text of the world (a BMC's error, say) as databases take it: of bounded length, no NUL, no half characters.

    A failure that can't be stored would be a failure that can't be undone.
    """
    return text[:MESSAGE_LENGTH].replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@contextmanager
def outage_releases() -> Iterator[None]:
    """Turn the database's silence into Released: it says nothing about what was being done."""
    try:
        yield
    except _OUTAGES as exc:
        cause = str(getattr(exc, "orig", None) or type(exc).__name__)
        LOG.warning("The database does not answer; the operation waits for it.", extra={"error": cause})
        raise Released(later=True) from exc
