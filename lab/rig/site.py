"""A Corral of several processes: PostgreSQL, a job board, an API and workers, around a world that is not its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

from lab import backing
from lab.errors import LabError
from lab.ports import choose
from lab.rig.worlds import World

CORRAL = Path(sys.executable).with_name("corral")
LEASE = 4.0
"""Seconds; short, so that a trial of minutes sees many take-overs."""


_DOWN = 1.0  # seconds between looks for dead processes


class Process:
    """A process of ours, started again as often as it dies."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.name = name
        self.starts = 0
        self._command = command
        self._environment = environment
        self._log = folder / f"{name}.log"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=self._folder, stdout=log, stderr=log
            )
        self.starts += 1

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: int) -> None:
        if self._process is not None and self.alive:
            self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)

    def last_words(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


class Api:
    """The API, asked again while it is down: a client that retries sends the same Idempotency-Key."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(
        self, method: str, path: str, body: Any = None, key: str | None = None, patience: float = 300.0
    ) -> Any:
        end = time.monotonic() + patience
        while True:
            try:
                return self._once(method, path, body, key)
            except (OSError, ValueError, HTTPException) as exc:
                # A refusal with a body that says why is an answer; 5xx and a broken connection are the process dying.
                answered = isinstance(exc, urllib.error.HTTPError) and exc.code < 500
                if answered or time.monotonic() > end:
                    raise
                time.sleep(0.3)

    def text(self, path: str) -> str:
        """An answer that is no JSON."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            told: str = answer.read().decode()
        return told

    def _once(self, method: str, path: str, body: Any, key: str | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def pages(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        """Everything of a list, page by page."""
        following = f"{path}{'&' if '?' in path else '?'}limit=500"
        while following:
            page = self("GET", following)
            yield from page[key]
            following = page.get("next", "").removeprefix(self.url)


class Site:
    """What the trial runs on."""

    def __init__(
        self, folder: Path, world: World, database: backing.Backing, board: backing.Backing, workers: int
    ) -> None:
        self.folder = folder
        self.world = world
        self.database = database
        self.board = board
        self.port = choose(["api"])["api"]
        self.api = Api(f"http://127.0.0.1:{self.port}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("CORRAL_", "OS_"))}
        self.environment = environment | {
            "CORRAL_CONFIG": str(folder / "corral.yaml"),
            "OS_CLIENT_CONFIG_FILE": str(world.clouds),
        }
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self.server = self._process("api", "serve", "--port", str(self.port))
        self.workers = [self._process(f"worker{number}", "worker") for number in range(workers)]

    @property
    def processes(self) -> list[Process]:
        return [self.server, *self.workers]

    def settle(self, patience: float) -> None:
        """Wait until no operation is under way, for so many seconds at most: whoever judges tells what is not over."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            counts = self.api("GET", "/v1/operations?limit=1")["counts"]
            if not sum(counts.get(state, 0) for state in ("pending", "running", "reverting")):
                return
            time.sleep(1.0)

    def run(self, *arguments: str) -> str:
        """A command of the CLI, to its end."""
        command = [str(CORRAL), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise LabError(f"corral {' '.join(arguments)} failed", log=done.stderr[-3000:])
        return done.stdout

    def start(self) -> None:
        self.run("db", "upgrade")
        for process in self.processes:
            process.start()
        self._supervisor.start()
        self.api("GET", "/readyz")

    def stop(self) -> None:
        self._stopping.set()
        if self._supervisor.is_alive():
            self._supervisor.join(10)
        for process in self.processes:
            process.kill()

    def _supervise(self) -> None:
        """Start again what died: killed by the trial, or by itself because its database was away when it started."""
        while not self._stopping.wait(_DOWN):
            for process in self.processes:
                if not process.alive:
                    process.start()

    def _process(self, name: str, *arguments: str) -> Process:
        return Process(name, [str(CORRAL), *arguments], self.environment, self.folder)


@contextmanager
def site(world: World, folder: Path, *, board: str, workers: int, threads: int) -> Iterator[Site]:
    """Everything, started, around a world. `threads`: operations that each worker carries out at a time."""
    with ExitStack() as stack:
        database = stack.enter_context(backing.postgresql())
        shared = stack.enter_context(getattr(backing, board)())
        settings = {
            "database_url": database.url,
            "board": {"url": shared.url, "lease": LEASE},
            "workers": threads,
            "sources": [world.source],
        }
        # JSON is YAML.
        (folder / "corral.yaml").write_text(json.dumps(settings))
        made = Site(folder, world, database, shared, workers)
        stack.callback(made.stop)
        made.start()
        yield made
