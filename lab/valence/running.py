"""Starts etcd, the manager's simulator and Valence, on free loopback ports, and stops them.

The release is of 2018 and names a module `async`, which has been a keyword since Python 3.7: `install` renames it. Nothing else of
Valence is changed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import ports
from lab.alone import alone
from lab.valence.expether import managing

RELEASE = "valence==0.9.0.dev301"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_ASYNC = re.compile(r"(\bfrom valence\.common import |\bdef |@?\b)async\b(?=\.|\(|\s*$)", re.M)
_SERVE = """\
from valence.common import config

config.parse_args(prog="valence")  # before anything else is imported: its client of etcd reads the settings then

import valence.conf
import valence.db.etcd_db
from valence.api.route import app
from werkzeug.serving import run_simple

valence.db.etcd_db.init_etcd_db()
run_simple("127.0.0.1", valence.conf.CONF.api.bind_port, app, threaded=True)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """`url`: of Valence. `podm_id`: its pod manager, with so many servers as were asked for."""

    url: str
    podm_id: str


def install(directory: Path) -> Path:
    """A virtual environment with Valence; returns its Python. Done before: nothing is done again."""
    venv, ready = directory / "venv", directory / "venv" / ".ready"
    python = venv / "bin" / "python"
    with alone(directory / "venv"):
        if not ready.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
            pip = [python, "-m", "pip", "install", "--quiet"]
            subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
            subprocess.run([*pip, "--no-deps", "--no-build-isolation", RELEASE], check=True)
            _rename(next((venv / "lib").glob("python3*/site-packages/valence")))
            ready.touch()
    return python


def _rename(package: Path) -> None:
    for path in (
        package / "common" / "async.py",
        package / "cmd" / "api.py",
        package / "controller" / "podmanagers.py",
    ):
        path.write_text(_ASYNC.sub(r"\1async_", path.read_text()))
    (package / "common" / "async.py").rename(package / "common" / "async_.py")


@contextmanager
def running(directory: Path, servers: int = 4) -> Iterator[Running]:
    """A Valence over a pod manager with so many servers; its state is new each time."""
    python = install(directory)
    etcd, peers, port = ports.choose(["etcd", "its peers", "Valence"]).values()
    with ExitStack() as stack:
        manager = stack.enter_context(managing(servers))
        data = Path(stack.enter_context(_scratch(directory)))
        peer = f"http://127.0.0.1:{peers}"
        where = f"http://127.0.0.1:{etcd}"
        options = ["--enable-v2", "--data-dir", data / "etcd", "--listen-client-urls", where]
        options += ["--advertise-client-urls", where, "--listen-peer-urls", peer]
        options += ["--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"]
        stack.enter_context(_process(["etcd", *options], data / "etcd.log"))
        _await(f"{where}/health", "etcd", data / "etcd.log")
        conf = data / "valence.conf"
        conf.write_text(
            f"[api]\nbind_port = {port}\n[etcd]\nhost = 127.0.0.1\nport = {etcd}\n[podm]\nenable_periodic_sync = false\n"
        )
        (data / "serve.py").write_text(_SERVE)
        command = [python, data / "serve.py", "--config-file", conf]
        stack.enter_context(_process(command, data / "valence.log"))
        url = f"http://127.0.0.1:{port}"
        _await(f"{url}/v1", "Valence", data / "valence.log")
        yield Running(url, _pod_manager(url, manager))


def _pod_manager(url: str, manager: str) -> str:
    login = {"username": "admin", "password": "simulated"}
    body = {
        "name": "pod",
        "url": manager,
        "driver": "expether",
        "authentication": [{"type": "basic", "auth_items": login}],
    }
    return str(_send(f"{url}/v1/pod_managers", body)["uuid"])


def _send(url: str, body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


@contextmanager
def _scratch(directory: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=directory) as path:
        yield path


@contextmanager
def _process(command: list[Any], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)


def _await(url: str, what: str, log: Path, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{what} did not start: {log.read_text()[-2000:]}")
