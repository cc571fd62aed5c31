"""Job boards that several processes share: TaskFlow's on Redis or etcd, made of a URL.

The board is a hint, and may forget everything: SQL says what is unfinished and who carries it out (see `members`). So a board
that restarts empty, or that is down for an hour, delays work and loses none.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from corral.engine._taskflow import JobFailure, NotFound, UnclaimableJob
from corral.engine.errors import BoardUnusable

LOG = logging.getLogger(__name__)

_PORTS = {"redis": 6379, "rediss": 6379, "etcd": 2379, "etcds": 2379}
_TIMEOUT = 5.0  # seconds; a board that takes longer is down
_SHUFFLED = 48


def open_board(url: str, *, lease: float, password: str | None = None) -> SharedBoard:
    """A board on `redis://host:port/db`, `rediss://…`, `etcd://host:port/path` or `etcds://…`. Connects when it is first used.

    Options of the URL: for Redis `namespace` (default corral); for TLS `ca_cert`, `cert`, `key` (files). `lease`: seconds
    after which a claim ends that nobody renews. Raises BoardUnusable for a URL that makes no board.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BoardUnusable(
            f"{parts.scheme or url!r} is no job board: use redis://, rediss://, etcd:// or etcds:// with a host."
        )
    if parts.password:
        raise BoardUnusable("A board's password does not belong into its URL: name the variable that has it.")
    options = dict(parse_qsl(parts.query))
    common: dict[str, Any] = {"host": parts.hostname, "port": parts.port or _PORTS[parts.scheme]}
    if parts.scheme.startswith("redis"):
        return SharedBoard("redis", common | _redis(parts, options, password), lease)
    return SharedBoard("etcd", common | _etcd(parts, options, lease), lease)


def _redis(parts: Any, options: dict[str, str], password: str | None) -> dict[str, Any]:
    conf: dict[str, Any] = {"namespace": options.get("namespace", "corral")}
    conf |= {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
    if db := parts.path.strip("/"):
        conf["db"] = int(db) if db.isdigit() else _unusable(f"{db!r} is no number of a Redis database.")
    if parts.username:
        conf["username"] = unquote(parts.username)
    if password:
        conf["password"] = password
    if parts.scheme == "rediss":
        conf["ssl"] = True
        names = {"ca_cert": "ssl_ca_certs", "cert": "ssl_certfile", "key": "ssl_keyfile"}
        conf |= {theirs: options[ours] for ours, theirs in names.items() if ours in options}
    return conf


def _etcd(parts: Any, options: dict[str, str], lease: float) -> dict[str, Any]:
    conf: dict[str, Any] = {"path": parts.path.strip("/") or "corral", "ttl": int(lease), "timeout": _TIMEOUT}
    if parts.scheme == "etcds":
        conf["protocol"] = "https"
        names = {"ca_cert": "ca_cert", "cert": "cert_cert", "key": "cert_key"}
        conf |= {theirs: options[ours] for ours, theirs in names.items() if ours in options}
    return conf


def _unusable(why: str) -> Any:
    raise BoardUnusable(why)


class SharedBoard:
    """A TaskFlow board whose claims are leases, that is connected when it is used, and again after it was lost.

    Whatever the client libraries raise comes out as TaskFlow's JobFailure: the conductor then waits and tries again.
    """

    def __init__(self, kind: str, conf: dict[str, Any], lease: float) -> None:
        self.lease = lease
        self._kind = kind
        self._conf = conf
        self._board: Any = None
        self._lock = threading.Lock()

    # --- what the conductor and the reconciler use ----------------------------------------------------------

    def post(self, name: str, book: Any = None, details: Any = None) -> Any:
        """Post a job."""
        with self._asking() as board:
            return board.post(name, book=book, details=details)

    def iterjobs(self, **_ignored: bool) -> Iterator[Any]:
        """The free jobs, about in order of posting: workers that look at the same moment shall not all want the same one."""
        with self._asking() as board:
            free = board.free_jobs()
        first = free[:_SHUFFLED]
        random.shuffle(first)
        yield from first
        yield from free[_SHUFFLED:]

    def claim(self, job: Any, who: str) -> None:
        """Claim for the time of the lease. Raises UnclaimableJob."""
        # etcd counts whole seconds.
        expiry = int(self.lease) if self._kind == "etcd" else self.lease
        with self._asking() as board:
            board.claim(job, who, expiry=expiry)

    def consume(self, job: Any, who: str) -> None:
        """Take a job off the board; one that is gone is done."""
        with self._asking() as board, suppress(NotFound):
            board.consume(job, who)

    def trash(self, job: Any, who: str) -> None:
        """As consume: the operation's row keeps what an operator needs."""
        self.consume(job, who)

    def abandon(self, job: Any, who: str) -> None:
        """Put a job back for the next; one that is gone is posted again when it is due."""
        with self._asking() as board, suppress(NotFound):
            board.abandon(job, who)

    def register_entity(self, _entity: Any) -> None:
        """Who carries out what is known in SQL."""

    def flows(self) -> set[str]:
        """The uuids of all operations on the board, claimed or not."""
        with self._asking() as board:
            return {job.details.get("flow_uuid") for job in board.all_jobs()}

    def renew(self, jobs: Iterable[Any]) -> None:
        """Renew the leases of jobs that run. Where that fails the claim may be lost: the fence tells, before any harm is done."""
        for job in jobs:
            try:
                job.extend_expiry(self.lease)
            except Exception as exc:  # noqa: BLE001 - each board has its own exceptions; the next renewal may succeed
                LOG.warning("A job's lease was not renewed.", extra={"operation": job.uuid, "error": str(exc)})

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            board, self._board = self._board, None
        if board is not None:
            board.close()

    # --- inside ---------------------------------------------------------------------------------------------

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        try:
            yield self._connected()
        except (JobFailure, UnclaimableJob, NotFound):
            raise
        except Exception as exc:
            raise JobFailure(f"The job board on {self._kind} does not answer: {exc}") from exc

    def _connected(self) -> Any:
        with self._lock:
            if self._board is None:
                board = _board(self._kind, self._conf)
                board.connect()
                self._board = board
            return self._board


def _board(kind: str, conf: dict[str, Any]) -> Any:
    # Imported here: each needs a client library of its own, which an installation with the other one lacks.
    if kind == "redis":
        from corral.engine.board_redis import RedisBoard

        return RedisBoard("corral", conf)
    from corral.engine.board_etcd import EtcdBoard

    return EtcdBoard("corral", conf)
