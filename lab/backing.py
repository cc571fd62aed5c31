"""Private PostgreSQL, Redis and etcd servers of Debian's packages, on loopback, for a Corral of several processes.

Each has a directory of its own and a free port, can be killed, paused and started again with what it had stored, and ends with
its `with` block. Rule: nothing here touches a server that the machine runs for others.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from lab.errors import LabError
from lab.ports import choose

PACKAGES = ("postgresql-15", "redis-server", "etcd-server")
_POSTGRES = Path("/usr/lib/postgresql/15/bin")


class Backing:
    """One server process. `url` is how Corral reaches it."""

    def __init__(self, name: str, url: str, port: int, directory: Path, command: Callable[[], list[str]]) -> None:
        self.name = name
        self.url = url
        self.port = port
        self.directory = directory
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 180.0) -> None:
        """Start the server, and wait until it takes connections."""
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, cwd=self.directory)
        end = time.monotonic() + timeout
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise LabError(f"{self.name} did not start", log=self._last_words())
            time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send a signal to the server."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """As a power cut."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(60)

    def forget(self) -> None:
        """Lose what was stored, while the server does not run."""
        shutil.rmtree(self.directory / "data", ignore_errors=True)

    def stop(self) -> None:
        """End the server in its own way, by force if it takes too long."""
        if self._process is None:
            return
        # For PostgreSQL this is the fast shutdown; SIGTERM would wait for clients.
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGINT)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self) -> Backing:
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _last_words(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-2000:]


def redis() -> Backing:
    """A Redis that keeps everything in memory: killed, it comes back empty."""
    port, place = choose(["port"])["port"], _place("redis")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    return Backing("redis", f"redis://127.0.0.1:{port}/0", port, place, lambda: [_found(command[0]), *command[1:]])


def etcd() -> Backing:
    """An etcd of one member."""
    (port, peer), place = choose(["port", "peer"]).values(), _place("etcd")
    client, member = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    options = {
        "name": "lab",
        "data-dir": str(place / "data"),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": member,
        "initial-advertise-peer-urls": member,
        "initial-cluster": f"lab={member}",
    }
    command = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Backing("etcd", f"etcd://127.0.0.1:{port}/corral", port, place, lambda: [_found("etcd"), *command])


def postgresql() -> Backing:
    """A PostgreSQL with the database `corral` that trusts loopback."""
    port, place = choose(["port"])["port"], _place("postgresql")
    _as_postgres(place)
    data = place / "data"
    _run(
        [*_user(), str(_POSTGRES / "initdb"), "-D", str(data), "-U", "corral", "-A", "trust", "-E", "UTF8", "--no-sync"]
    )
    options = [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"unix_socket_directories={place}",
        "-c",
        "max_connections=300",
    ]
    # `postgres` is there from the start, so no database needs to be made.
    return Backing(
        "postgresql",
        f"postgresql://corral@127.0.0.1:{port}/postgres",
        port,
        place,
        lambda: [*_user(), str(_POSTGRES / "postgres"), "-D", str(data), "-p", str(port), *options],
    )


def missing() -> list[str]:
    """The Debian packages that are not installed."""
    there = {
        "postgresql-15": (_POSTGRES / "postgres").exists(),
        "redis-server": shutil.which("redis-server") is not None,
        "etcd-server": shutil.which("etcd") is not None,
    }
    return [package for package in PACKAGES if not there[package]]


def _place(name: str) -> Path:
    # Below /tmp: the way to a checkout may be closed to the user that PostgreSQL runs as.
    place = Path(tempfile.mkdtemp(prefix=f"corral-{name}-", dir="/tmp"))
    place.chmod(0o755)
    return place


def _as_postgres(place: Path) -> None:
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(place, owner.pw_uid, owner.pw_gid)


def _user() -> list[str]:
    """PostgreSQL refuses to run as root. setpriv replaces itself, so that signals reach the server."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise LabError("PostgreSQL's initdb failed", log=done.stderr[-2000:])


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise LabError(f"{program} is not installed", f"apt-get install {' '.join(PACKAGES)}")
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
