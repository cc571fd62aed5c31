"""Claims jobs from a board and gives each a thread, on TaskFlow's conductor.

What is changed of it: it sleeps until something is there (TaskFlow looks twice a second), and threads are
daemons that live for one job, so that a driver that hangs can't keep the process from ending.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from corral.engine._taskflow import JobBoard, NonBlockingConductor


class Doorbell:
    """What the conductor waits at when there is nothing to do; it stands in for TaskFlow's Timeout."""

    def __init__(self, patience: float | None) -> None:
        self._patience = patience  # boards of other processes can't ring here, so look there now and then
        self._rung = threading.Event()
        self._stopped = False

    def ring(self) -> None:
        """There may be work, or room for it."""
        self._rung.set()

    def wait(self) -> None:
        """Sleep until the bell rings."""
        self._rung.wait(self._patience)
        self._rung.clear()

    def interrupt(self) -> None:
        """Wake up for good."""
        self._stopped = True
        self._rung.set()

    def is_stopped(self) -> bool:
        """Whether interrupt was called."""
        return self._stopped


class ThreadPerJob(Executor):
    """Starts a daemon thread for each job; the conductor sees to it that they are not too many."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Start a thread that runs the function."""
        future: Future[Any] = Future()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as exc:  # noqa: BLE001 - whoever asked for the result gets it
                future.set_exception(exc)

        threading.Thread(target=run, name="corral-run", daemon=True).start()
        return future


class _Choosy:
    """A board that shows only jobs for which there is room; it looks at each when the one before was claimed."""

    def __init__(self, board: Any, has_room: Callable[[Any], bool]) -> None:
        self._board = board
        self._has_room = has_room

    def iterjobs(self, **options: bool) -> Iterator[Any]:
        """The jobs that may begin now."""
        return (job for job in self._board.iterjobs(**options) if self._has_room(job))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._board, name)


class Conductor(NonBlockingConductor):  # type: ignore[misc]  # TaskFlow is untyped
    """Hands claimed jobs to `dispatch(uuid)`, which tells whether the job may leave the board. `room(source, running)` tells
    whether a job at a source may begin beside so many that run there."""

    def __init__(
        self,
        owner: str,
        board: JobBoard,
        dispatch: Callable[[str], bool],
        workers: int,
        bell: Doorbell,
        room: Callable[[str | None, int], bool] = lambda _source, _running: True,
    ) -> None:
        super().__init__(
            owner,
            _Choosy(board, self._has_room),
            engine="serial",
            max_simultaneous_jobs=workers,
            executor_factory=ThreadPerJob,
        )
        self._wait_timeout = bell
        self._carry_out = dispatch
        self._room = room
        self._idle = threading.Condition()

    def jobs(self) -> list[Any]:
        """The jobs that run now."""
        return [future.job for future in list(self._dispatched)]

    def wait_idle(self, timeout: float | None) -> bool:
        """Wait until no job runs."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._dispatched, timeout)

    def _has_room(self, job: Any) -> bool:
        running = Counter(other.details.get("source") for other in self.jobs())
        source = job.details.get("source")
        return self._room(source, running[source])

    def _dispatch_job(self, job: Any) -> bool:
        return self._carry_out(job.details["flow_uuid"])

    def _on_job_done(self, job: Any, fut: Future[Any]) -> None:
        super()._on_job_done(job, fut)
        with self._idle:
            self._idle.notify_all()
        self._wait_timeout.ring()
