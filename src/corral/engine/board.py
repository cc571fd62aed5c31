"""The embedded default job board: a work list in this process, with TaskFlow's interface.

It may forget everything at any time: SQL is the truth, and the reconciler posts again what is missing. Redis
and etcd boards of TaskFlow take its place when several processes share the work; nothing else changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from corral.engine._taskflow import Job, JobBoard, JobPriority, NotFound, UnclaimableJob, states


class LocalJob(Job):  # type: ignore[misc]  # TaskFlow is untyped
    """One unfinished operation, on the board."""

    created_on = None
    last_modified = None
    priority = JobPriority.NORMAL

    def __init__(self, board: LocalBoard, name: str, details: dict[str, Any]) -> None:
        super().__init__(board, name, uuid=details["flow_uuid"], details=details)
        self.owner: str | None = None
        self.done = False

    @property
    def state(self) -> str:
        """TaskFlow's word for where the job is."""
        if self.done:
            return str(states.COMPLETE)
        return str(states.CLAIMED if self.owner else states.UNCLAIMED)


class LocalBoard(JobBoard):  # type: ignore[misc]  # TaskFlow is untyped
    """Posts at most one job per operation; claims are first come, first served."""

    connected = True

    def __init__(self, name: str = "local") -> None:
        super().__init__(name, {})
        self._jobs: dict[str, LocalJob] = {}
        self._free: dict[str, LocalJob] = {}  # in order of posting
        self._changed = threading.Condition()

    def post(self, name: str, book: Any = None, details: Any = None, **_ignored: Any) -> LocalJob:
        """Post a job for details["flow_uuid"], or give the one that is there."""
        job = LocalJob(self, name, details or {"flow_uuid": book.uuid})
        with self._changed:
            if job.uuid in self._jobs:
                return self._jobs[job.uuid]
            self._jobs[job.uuid] = self._free[job.uuid] = job
            self._changed.notify_all()
        return job

    def iterjobs(self, only_unclaimed: bool = False, **_ignored: Any) -> Iterator[LocalJob]:
        """Jobs in order of posting, unclaimed ones first: the conductor stops reading when it has enough."""
        with self._changed:
            free = list(self._free.values())
            rest = [] if only_unclaimed else [job for job in self._jobs.values() if job.owner]
        yield from free
        yield from rest

    def claim(self, job: LocalJob, who: str) -> None:
        """Give the job to `who`, if it is free."""
        with self._changed:
            if self._free.pop(job.uuid, None) is None:
                raise UnclaimableJob(f"Job {job.uuid} is not free.")
            job.owner = who

    def consume(self, job: LocalJob, who: str) -> None:
        """Take the job off the board: its operation is over, or will be posted again in time."""
        with self._changed:
            self._owned(job, who)
            del self._jobs[job.uuid]
            job.done = True
            self._changed.notify_all()

    def trash(self, job: LocalJob, who: str) -> None:
        """As consume: the operation's row keeps what an operator needs."""
        self.consume(job, who)

    def abandon(self, job: LocalJob, who: str) -> None:
        """Put the job back for the next."""
        with self._changed:
            self._owned(job, who)
            job.owner = None
            self._free[job.uuid] = job
            self._changed.notify_all()

    def find_owner(self, job: LocalJob) -> str | None:
        """Who claimed the job."""
        return job.owner

    def wait(self, timeout: float | None = None) -> Iterator[LocalJob]:
        """Wait until a job is free, then iterate over the free ones."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._free), timeout)
        return self.iterjobs(only_unclaimed=True)

    def flows(self) -> set[str]:
        """The uuids of all operations on the board, claimed or not."""
        with self._changed:
            return set(self._jobs)

    @property
    def job_count(self) -> int:
        """How many jobs are on the board."""
        with self._changed:
            return len(self._jobs)

    def register_entity(self, entity: Any) -> None:
        """Nobody else looks at this board."""

    def connect(self) -> None:
        """Nothing to connect to."""

    def close(self) -> None:
        """Nothing to close."""

    def _owned(self, job: LocalJob, who: str) -> None:
        if self._jobs.get(job.uuid) is not job or job.owner != who:
            raise NotFound(f"{who} has not claimed job {job.uuid}.")
