"""A process that the lab did not start is never signalled."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab import processes

SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


@pytest.fixture
def launched(tmp_path):
    """A function that starts a command as the lab does, and waits until it says that it is ready."""
    children = []

    def launch(argv):
        log, pid_file = tmp_path / "log", tmp_path / "pid"
        children.append(processes.launch(argv, dict(os.environ), log, pid_file, tmp_path))
        while b"ready" not in log.read_bytes():
            time.sleep(0.01)
        return children[-1], pid_file

    yield launch
    for child in children:
        child.kill()
        child.wait()


def test_a_process_that_was_launched_is_recognised(launched):
    child, pid_file = launched(SLEEP)
    assert processes.running(pid_file) == child.pid


def test_a_launched_process_leads_its_own_session(launched):
    child, _ = launched(SLEEP)
    assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_a_recycled_pid_is_not_taken_for_ours(launched):
    child, pid_file = launched(SLEEP)
    pid_file.write_text(f"{child.pid} {processes.born(child.pid) - 1}\n")
    assert processes.running(pid_file) is None


def test_stopping_never_signals_a_recycled_pid(launched):
    child, pid_file = launched(SLEEP)
    pid_file.write_text(f"{child.pid} {processes.born(child.pid) - 1}\n")
    assert processes.stop(pid_file) is False
    assert child.poll() is None
    assert not pid_file.exists()


def test_stopping_ends_a_process_with_term(launched):
    child, pid_file = launched(SLEEP)
    assert processes.stop(pid_file) is True
    assert child.wait() == -signal.SIGTERM


def test_a_process_that_ignores_term_is_killed(launched):
    child, pid_file = launched(STUBBORN)
    assert processes.stop(pid_file, seconds=0.2) is True
    assert child.wait() == -signal.SIGKILL


@pytest.mark.parametrize("text", ["", "12", "not a pid", "1 2 3"])
def test_a_damaged_pid_file_stands_for_no_process(tmp_path, text):
    (tmp_path / "pid").write_text(text)
    assert processes.running(tmp_path / "pid") is None


def test_a_missing_pid_file_stops_nothing(tmp_path):
    assert processes.stop(tmp_path / "none") is False


def _stat(folder: Path, name: str, state: str) -> Path:
    (folder / "7").mkdir()
    fields = " ".join([state, *["0"] * 18, "4711", "0"])
    (folder / "7" / "stat").write_text(f"7 ({name}) {fields}\n")
    return folder


def test_the_start_time_is_read_behind_a_name_with_parentheses(tmp_path):
    assert processes.born(7, _stat(tmp_path, "odd) S 1 (name", "S")) == 4711


def test_a_zombie_does_not_run(tmp_path):
    assert processes.born(7, _stat(tmp_path, "python", "Z")) is None


def test_memory_is_counted_with_children():
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert processes.memory_mb(os.getpid()) >= 1
    finally:
        child.kill()
        child.wait()


def test_the_tail_of_a_log_is_its_last_lines(tmp_path):
    (tmp_path / "log").write_text("\n".join(str(number) for number in range(10_000)))
    assert processes.tail(tmp_path / "log", 2) == "9998\n9999"
    assert processes.tail(tmp_path / "none") == ""
