"""What the engine raises.

    Exception
    └── EngineError
        ├── UnknownOperation    no operation has this uuid                        (not found)
        ├── UnknownFlow         submit() named a flow that is not registered      (a mistake in this program)
        ├── Finished            cancel() of an operation that is over             (conflict)
        ├── KeyReused           the idempotency key belongs to another kind       (conflict)
        ├── StillRunning        wait() or stop() ran out of time
        ├── DatabaseUnusable    the database URL can't carry the engine's promises
        ├── BoardUnusable       the job board's URL makes no board
        └── DataDirectoryBusy   another process uses this data directory
    BaseException
    └── Interrupted             ends a step's thread; steps and drivers must let it pass
        ├── ClaimLost           another worker owns this operation now
        ├── Cancelled           somebody cancelled this operation
        ├── Postponed           raised by a step that has to wait: it begins again later
        └── Released            this process stops, or comes back to this operation later

Interrupted is no Exception for the same reason as asyncio.CancelledError: `except Exception` around a
driver's call would swallow it, and a worker that lost its claim would go on acting on the world.
"""

from __future__ import annotations


class EngineError(Exception):
    """Root of what callers of the engine may catch."""


class UnknownOperation(EngineError):
    """No operation has this uuid."""


class UnknownFlow(EngineError):
    """A flow was submitted that this process has not registered."""


class Finished(EngineError):
    """The operation is over, so there is nothing to cancel."""


class KeyReused(EngineError):
    """An idempotency key came back with a different kind of operation."""


class StillRunning(EngineError, TimeoutError):
    """Time ran out before the operation, or the engine's threads, came to an end."""


class DatabaseUnusable(EngineError):
    """The database URL can't be used."""


class BoardUnusable(EngineError):
    """The job board's URL can't be used."""


class DataDirectoryBusy(EngineError):
    """Another process holds the data directory."""


class Interrupted(BaseException):
    """Root of what ends a running step from outside."""


class ClaimLost(Interrupted):
    """Another worker owns this operation: stop without touching anything more."""


class Cancelled(Interrupted):
    """The operation was cancelled: what was begun will be undone."""


class Postponed(Interrupted):
    """A step has done what it can for now, and begins again after so many seconds; its worker is free meanwhile.

    Only `do` may raise it. Beginning again is no new attempt, and no event."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Released(Interrupted):
    """This run ends here, unfinished and intact, to be resumed: at the next start, or (`later`) when its time
    has come.
    """

    def __init__(self, *, later: bool = False) -> None:
        super().__init__("resumed later" if later else "resumed at the next start")
        self.later = later
