"""Processes that the lab started: start, recognise, stop.

Role: the only module that signals anything. A pid file holds the pid and the start time of the process, so that a pid
which the kernel gave to somebody else is never signalled.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 20.0


@dataclass(frozen=True)
class PidRecord:
    """A process that can't be mistaken for another: its pid and its start time in clock ticks since boot."""

    pid: int
    born: int


def born(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Start time of a running process; None when there is no such process or it is a zombie."""
    try:
        stat = (proc / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The command's name may contain spaces and parentheses: what follows the last ')' is safe to split.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


def read(path: Path) -> PidRecord | None:
    """The record in a pid file; None when it is missing or was cut off by a crash."""
    try:
        pid, start = path.read_text().split()
        return PidRecord(int(pid), int(start))
    except (OSError, ValueError):
        return None


def running(path: Path) -> int | None:
    """Pid of the process that the file records, if that very process still runs."""
    record = read(path)
    return record.pid if record and born(record.pid) == record.born else None


def launch(argv: Sequence[str], env: Mapping[str, str], log: Path, pid_file: Path, cwd: Path) -> subprocess.Popen:
    """Start a process in a session of its own and record it."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            argv,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    start = born(child.pid)
    # None: it died at once. The record is then void on purpose, and the health check reports the log.
    pid_file.write_text(f"{child.pid} {start if start is not None else 0}\n")
    return child


def stop(pid_file: Path, seconds: float = STOP_SECONDS) -> bool:
    """Stop the recorded process: TERM, then KILL for its whole group. True when there was one to stop."""
    pid = running(pid_file)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        if not _gone(pid_file, seconds):
            # start_new_session made it the leader of its own group: its workers go with it.
            os.killpg(pid, signal.SIGKILL)
            _gone(pid_file, 5)
    pid_file.unlink(missing_ok=True)
    return pid is not None


def _gone(pid_file: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while running(pid_file) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def memory_mb(pid: int) -> int:
    """Proportional memory of a process and its children, in MB."""
    pids = [pid, *_children(pid)]
    return sum(_pss_kb(one) for one in pids) // 1024


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 16384))
        return "\n".join(stream.read().decode(errors="replace").splitlines()[-lines:])
