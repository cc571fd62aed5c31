"""What goes wrong, one thing every few seconds, and how often each did."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg2

from lab.backing import Backing
from lab.errors import LabError
from lab.rig.site import LEASE, Site

_DOWN = 1.0  # seconds that a database or board is away
_PATIENCE = 180.0  # seconds until it must be back


class Chaos:
    """Breaks one thing after another until it is stopped; then everything runs again."""

    def __init__(self, site: Site, every: float, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self._site = site
        self._every = every
        self._chance = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = ThreadPoolExecutor(1, "chaos")
        self._end: Future[None] | None = None
        self._acts: list[tuple[int, str, Callable[[], None]]] = [
            (5, "workers killed", self._kill_worker),
            (2, "API processes killed", self._kill_api),
            (2, "workers paused past their lease", self._pause_worker),
            (2, "database connections dropped", self._drop_connections),
            (1, "database crashes", self._crash_database),
            (1, "boards that came back empty", self._crash_board),
        ]

    def start(self) -> None:
        self._end = self._thread.submit(self._run)

    def stop(self) -> None:
        """Break nothing more. Raises what kept it from breaking things: a quiet trial proves nothing."""
        self._stopping.set()
        self._thread.shutdown()
        if self._end is not None:
            self._end.result()

    def _run(self) -> None:
        weights = [weight for weight, _name, _act in self._acts]
        # Each at least once, whatever chance says; then at random.
        first = list(self._acts)
        self._chance.shuffle(first)
        while not self._stopping.wait(self._every * self._chance.uniform(0.5, 1.5)):
            _weight, name, act = first.pop() if first else self._chance.choices(self._acts, weights)[0]
            try:
                act()
            except psycopg2.OperationalError:
                continue  # the database is still coming back from the last thing that went wrong
            self.counts[name] += 1

    def _kill_worker(self) -> None:
        self._chance.choice(self._site.workers).kill()

    def _kill_api(self) -> None:
        self._site.server.kill()

    def _pause_worker(self) -> None:
        worker = self._chance.choice(self._site.workers)
        worker.signal(signal.SIGSTOP)
        # Other things go wrong meanwhile.
        threading.Timer(LEASE + 4.0, worker.signal, (signal.SIGCONT,)).start()

    def _drop_connections(self) -> None:
        connection = psycopg2.connect(self._site.database.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        finally:
            connection.close()

    def _crash_database(self) -> None:
        self._site.database.kill()
        time.sleep(_DOWN)
        _started(self._site.database)

    def _crash_board(self) -> None:
        self._site.board.kill()
        time.sleep(_DOWN)
        self._site.board.forget()
        _started(self._site.board)


def _started(server: Backing) -> None:
    """Start it, as often as it takes: children of a killed PostgreSQL hold its memory for a while, and it refuses until then."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return server.start()
        except LabError:
            if time.monotonic() > end:
                raise
            time.sleep(_DOWN)
