"""The engine: what services submit operations to, and what carries them out in this process."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Generic
from uuid import uuid4

import sqlalchemy as sa

from corral.engine import retention
from corral.engine._taskflow import LogBook
from corral.engine.board import LocalBoard
from corral.engine.boards import SharedBoard
from corral.engine.conductor import Conductor, Doorbell
from corral.engine.errors import StillRunning, UnknownFlow
from corral.engine.flow import E, Flow
from corral.engine.journal import Desk
from corral.engine.lease import LeaseKeeper
from corral.engine.operation import ENDINGS, Event, NewOperation, Operation, Submission
from corral.engine.patience import BackOff, Patience
from corral.engine.performer import Performer
from corral.engine.reconciler import Reconciler
from corral.engine.records import Alongside, Records
from corral.engine.runs import as_json
from corral.engine.taskflow_rows import TaskflowRows
from corral.engine.tracing import Tracing, Untraced

LOG = logging.getLogger(__name__)

_LOOK_ELSEWHERE = 0.5  # seconds between looks at a board that other processes post to
_LOOK_AGAIN = 2.0  # seconds until a source that had no room may have some


def _now() -> datetime:
    return datetime.now(UTC)


def _name_of_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def _registry(flows: Iterable[Flow[E]]) -> dict[tuple[str, int], Flow[E]]:
    found: dict[tuple[str, int], Flow[E]] = {}
    for flow in flows:
        if found.setdefault((flow.name, flow.version), flow) is not flow:
            raise ValueError(f"Flow {flow.name} version {flow.version} is registered twice.")
    return found


class Engine(Generic[E]):
    """Durable flows. Without `start` it only submits and tells, as an API process beside workers does.

    - `sql`: a database of `open_database`, with the engine's and TaskFlow's tables in it.
    - `flows`: every version that this process can carry out; new operations get the highest of each name.
    - `env`: what steps find in `Run.env`.
    - `workers`: operations carried out at the same time, a thread each.
    - `room`: whether an operation at a source may begin beside so many that this process runs there.
    - `silence`: for how many seconds a source is left alone from now on; what could not be undone there waits for it.
    - `board`: a job board that several processes share (`open_board`); by default a local one.
    - `tracing`: draws what happens; by default nothing does.
    - `listener`: called with each event of this process's runs after its transaction, in the run's thread. It
      must be quick; what it raises is logged and changes nothing.
    - `ended`: writes what belongs to the end of an operation, in the transaction that makes it final; what it
      raises keeps the operation from ending, until the next try.
    """

    def __init__(
        self,
        sql: sa.Engine,
        flows: Iterable[Flow[E]],
        env: E,
        *,
        workers: int = 16,
        owner: str | None = None,
        clock: Callable[[], datetime] = _now,
        listener: Callable[[Event], None] | None = None,
        ended: Callable[[sa.Connection, Operation], None] | None = None,
        board: SharedBoard | None = None,
        room: Callable[[str | None, int], bool] = lambda _source, _running: True,
        silence: Callable[[str | None], float] = lambda _source: 0.0,
        tracing: Tracing | None = None,
        back_off: BackOff | None = None,
        reconcile_every: float = 5.0,
    ) -> None:
        self.owner = owner or _name_of_process()
        self._flows = _registry(flows)
        self._workers = workers
        self._listener = listener
        self._shared = board
        self._room = room
        self._board: LocalBoard | SharedBoard = board or LocalBoard()
        self._stopping = threading.Event()
        self._told = threading.Condition()
        self._endings = 0  # of operations, in this process
        lease = board.lease if board else None
        desk = Desk(sql, TaskflowRows(sql), clock, self._publish, ended, lease, tracing or Untraced())
        self._desk = desk
        self._records = Records(desk)
        patience = Patience(back_off or BackOff(), self._stopping, clock, silence=silence)
        performer = Performer(desk, self._records, self._flows, env, patience, self.owner)
        self._perform = performer.perform
        self._reconciler = Reconciler(self._records, self._board, self._post, clock, reconcile_every)
        self._conductor: Conductor | None = None
        self._bell = Doorbell(None)
        self._threads: list[threading.Thread] = []

    # --- submit and tell ----------------------------------------------------------------------------------

    def submit(
        self,
        flow: str,
        params: Mapping[str, Any],
        *,
        operation: NewOperation,
        alongside: Alongside | None = None,
    ) -> Operation:
        """Store an operation, and whatever `alongside(connection)` writes, in one transaction; then get it
        going.

        If `alongside` raises, nothing stays and its exception comes out. A key that was used before gives its
        operation again, and `alongside` is not called. Raises UnknownFlow, KeyReused; TypeError or
        ValueError if `params` are not JSON.
        """
        stored = as_json(dict(params))
        found, new = self._records.submit(flow, self._newest(flow), stored, operation, alongside)
        if new:
            self._post_safely(found.uuid, found.source)
        return found

    def submit_many(self, wanted: Sequence[Submission], *, first: Alongside | None = None) -> list[Operation]:
        """As `submit`, for several operations in one transaction: all of them are stored, or none. `first(connection)`
        begins it; what it raises comes out, and nothing stays. Raises IntegrityError when somebody stores one of the same
        keys at the same time."""
        stored = [(replace(one, params=as_json(dict(one.params))), self._newest(one.flow)) for one in wanted]
        found = self._records.submit_many(stored, first)
        for operation, new in found:
            if new:
                self._post_safely(operation.uuid, operation.source)
        return [operation for operation, _ in found]

    def operation(self, uuid: str) -> Operation | None:
        """The operation, or None."""
        return self._records.get(uuid)

    def operations(
        self,
        *,
        kind: str | None = None,
        state: str | Sequence[str] | None = None,
        subject: str | None = None,
        project_id: str | None = None,
        limit: int = 100,
        marker: str | None = None,
    ) -> list[Operation]:
        """Operations, newest first. `marker` is the uuid of the last one of the previous page."""
        where = {"kind": kind, "subject": subject, "project_id": project_id}
        states = [state] if isinstance(state, str) else state
        return self._records.page(where, limit, marker, states)

    def events(self, operation: str, after: int = 0, limit: int = 1000) -> list[Event]:
        """What happened to an operation after the event number `after`, in order."""
        return self._records.events(operation, after, limit)

    def cancel(self, uuid: str, *, alongside: Alongside | None = None) -> Operation:
        """Ask an operation to turn around: before its next step, or at its next `Run.check`. `alongside` as in `submit`.

        One whose steps are all done by then still succeeds; one that reverts goes on reverting. Raises
        UnknownOperation, or Finished if it is over.
        """
        return self._records.request_cancel(uuid, alongside)

    def wait(self, uuid: str, timeout: float) -> Operation:
        """Wait until an operation is over. Raises StillRunning after `timeout` seconds."""
        end = time.monotonic() + timeout
        while True:
            seen = self._endings
            operation = self._records.must_get(uuid)
            left = end - time.monotonic()
            if operation.state.final:
                return operation
            if left <= 0:
                raise StillRunning(f"Operation {uuid} is still {operation.state} after {timeout} s.")
            with self._told:
                # Another process may carry it out, and can't notify us: look once a second.
                self._told.wait_for(lambda seen=seen: self._endings != seen, min(left, 1.0))  # type: ignore[misc]

    def over(self, before: datetime, *, spare: retention.Spare, limit: int) -> list[str]:
        """Operations that ended before that time, but for those for which `spare`, a condition on the table of
        operations, is true."""
        return retention.over(self._desk.sql, before, spare, limit)

    def forget(
        self,
        uuids: Sequence[str],
        before: datetime,
        *,
        spare: retention.Spare,
        alongside: Callable[[sa.Connection, Sequence[str]], None],
    ) -> int:
        """Remove operations that `over` found, and whatever `alongside(connection, uuids)` removes, in one
        transaction. Gives how many were still over and not spared."""
        return retention.forget(self._desk, uuids, before, spare, alongside)

    def leases(self) -> Sequence[tuple[str, int]]:
        """Which workers carry out how many operations, in all processes."""
        return self._records.leases()

    def counts(self) -> Mapping[str, int]:
        """How many operations are in each state."""
        return self._records.counts()

    # --- carry out ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to carry out operations, the unfinished ones of earlier processes first."""
        if self._threads:
            return
        self._stopping.clear()
        self._bell = Doorbell(_LOOK_ELSEWHERE if self._shared else _LOOK_AGAIN)
        self._conductor = Conductor(self.owner, self._board, self._perform, self._workers, self._bell, self._room)
        self._threads = [
            self._thread("corral-conductor", self._conduct, self._conductor),
            self._thread("corral-reconciler", self._reconciler.run, self._stopping),
        ]
        if self._shared is not None:
            keeper = LeaseKeeper(self._records, self._shared, self._conductor.jobs, self.owner)
            self._threads.append(self._thread("corral-leases", keeper.run, self._stopping))
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Let running steps come to their end, and leave their operations to the next start.

        Gives False if some were still running after `timeout` seconds; their threads are daemons, and what
        they still write is fenced.
        """
        end = time.monotonic() + timeout
        self._stopping.set()
        if self._conductor is not None:
            self._conductor.stop()
        # The conductor's thread first: until it has ended it may still begin a job.
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._threads)
        self._threads = []
        idle = self._conductor is None or self._conductor.wait_idle(max(0.0, end - time.monotonic()))
        return ended and idle

    @property
    def healthy(self) -> bool:
        """Whether this process carries out operations: threads live, and the database answered lately.

        Always False without `start`.
        """
        alive = bool(self._threads) and all(thread.is_alive() for thread in self._threads)
        return alive and not self._stopping.is_set() and self._reconciler.fresh()

    def heartbeat(self) -> float:
        """Seconds since the engine last compared database and board; infinite if it never did."""
        return self._reconciler.age()

    # --- inside -------------------------------------------------------------------------------------------

    def _newest(self, name: str) -> int:
        versions = [version for known, version in self._flows if known == name]
        if not versions:
            raise UnknownFlow(f"No flow is called {name!r}.")
        return max(versions)

    def _conduct(self, conductor: Conductor) -> None:
        while not self._stopping.is_set():
            try:
                conductor.run()
            except Exception:
                LOG.exception("The conductor failed; it starts again in a second.")
                self._stopping.wait(1.0)

    def _post(self, uuid: str, source: str | None) -> None:
        book = LogBook("operation", uuid=uuid)
        self._board.post(book.name, book=book, details={"flow_uuid": uuid, "source": source})
        self._bell.ring()

    def _post_safely(self, uuid: str, source: str | None) -> None:
        try:
            self._post(uuid, source)
        except Exception as exc:  # noqa: BLE001 - each board has its own; the reconciler posts what is stored
            extra = {"operation": uuid, "error": str(exc)}
            LOG.warning("The job board took no job; the reconciler will try again.", extra=extra)

    def _publish(self, event: Event) -> None:
        if event.kind in ENDINGS:
            with self._told:
                self._endings += 1
                self._told.notify_all()
        if self._listener is None:
            return
        try:
            self._listener(event)
        except Exception:
            LOG.exception("A listener failed.", extra={"operation": event.operation})

    @staticmethod
    def _thread(name: str, target: Callable[..., None], *args: Any) -> threading.Thread:
        return threading.Thread(target=target, args=args, name=name, daemon=True)
