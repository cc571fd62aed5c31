"""Keeps one process per SQLite file.

Two processes on one file would be two local job boards that know nothing of each other: the fence would keep
the records right, but each would take the other's operations away again and again.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

import fasteners

from corral.engine.errors import DataDirectoryBusy

LOCK_NAME = "corral.lock"


# Locks of the operating system are the process's, not a thread's: taking one twice would succeed, and giving back
# the second would drop the first.
_HELD: set[Path] = set()
_GUARD = threading.Lock()


class DataDirectoryLock:
    """A held lock. The operating system drops it when the process ends, however it ends."""

    def __init__(self, path: Path, lock: fasteners.InterProcessLock) -> None:
        self.path = path
        self._lock = lock

    def release(self) -> None:
        """Let another process have the directory. Releasing twice is harmless."""
        with _GUARD:
            if self._lock.acquired:
                self._lock.release()
                _HELD.discard(self.path)

    def __enter__(self) -> DataDirectoryLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_data_directory(path: str | Path) -> DataDirectoryLock:
    """Lock the directory (made if missing, readable by its owner only) for this process, or raise at once."""
    directory = Path(path)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = directory.resolve() / LOCK_NAME
    lock = fasteners.InterProcessLock(str(file))
    with _GUARD:
        if file in _HELD or not lock.acquire(blocking=False):
            raise DataDirectoryBusy(
                f"Another Corral process uses the data directory {directory} (it holds the lock {file}). "
                "Stop that process, or give this one a data directory of its own, "
                "or let several processes share PostgreSQL. Don't delete the lock file: that frees nothing."
            )
        _HELD.add(file)
    return DataDirectoryLock(file, lock)
