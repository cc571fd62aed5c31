"""One at a time: whoever builds or installs something for the lab keeps others, in other processes, waiting until it is there."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The only one at work on `folder`, which need not exist. The lock is beside it, so that it may be removed and made anew.

    Never take it twice for one folder: the second would wait for the first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
