"""Opens the one database that the store and the engine share.

They must share it: submitting writes the operation, TaskFlow's rows and the caller's record in one
transaction.

SQLite is one file, tuned so that what was committed survives a power cut (WAL, synchronous FULL). Every
transaction takes the write lock when it begins: SQLite can't turn a reader into a writer when another one
wrote meanwhile, and fails with "database is locked" instead. Those that only read say so, with
`read(engine)`, and wait for nobody.

The fence stands here too: while a thread carries out an operation, each transaction that it begins in order to write proves
the operation's claim first, whoever wrote the code. A worker that was paused, and whose operation another one took, thus
changes no record, of the engine or of anybody else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from corral.engine.errors import ClaimLost, DatabaseUnusable

READ_ONLY = "corral_readonly"
"""Execution option of a connection that only reads; see `read`."""

PROVES_ITSELF = "corral_proves_itself"
"""Execution option of connections whose user proves the claim in its own way: the engine's journal."""

_claim: ContextVar[tuple[str, int] | None] = ContextVar("corral_claim", default=None)

_BUSY_SECONDS = 60.0
_IDLE_SECONDS = 5.0
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "journal_size_limit=67108864")


def open_database(url: str | URL, *, pool_size: int = 20) -> sa.Engine:
    """Open a `sqlite:///file` or `postgresql://…` database. Nothing is created in it.

    `pool_size` bounds the connections of this process; a thread that finds none free waits for one. Raises
    DatabaseUnusable for other databases, and for SQLite in memory, which can't keep what it promised.
    """
    parsed = make_url(url)
    # Exceptions tell the statement and never its values: those are payloads.
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": _BUSY_SECONDS}
    pool["hide_parameters"] = True
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, pool)
        case "postgresql" | "postgres":
            return _open_postgresql(parsed, pool)
        case other:
            raise DatabaseUnusable(f"Corral keeps its records in SQLite or PostgreSQL, not in {other}.")


@contextmanager
def read(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for reading only: on SQLite it takes no lock, and sees one unchanging snapshot."""
    with engine.connect() as connection:
        yield connection.execution_options(**{READ_ONLY: True})


@contextmanager
def fenced(operation: str, epoch: int) -> Iterator[None]:
    """Have each write of this thread prove that the operation's claim is still this one. Raises ClaimLost from `begin`."""
    token = _claim.set((operation, epoch))
    try:
        yield
    finally:
        _claim.reset(token)


def database_clock(conn: sa.Connection) -> datetime:
    """What time it is for everybody who shares the database; the clocks of hosts differ."""
    if conn.dialect.name == "sqlite":  # its processes share a host
        return datetime.now(UTC)
    told: datetime = conn.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
    return told.astimezone(UTC)


def _open_postgresql(url: URL, pool: dict[str, Any]) -> sa.Engine:
    # TaskFlow and SQLAlchemy's default differ on what plain "postgresql" means; written out, nothing is
    # guessed.
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg2")
    engine = sa.create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, **pool)
    event.listen(engine, "connect", _let_go)
    event.listen(engine, "begin", _prove)
    return engine


def _let_go(connection: Any, _record: Any) -> None:
    # A worker that is stopped, or whose host is gone, in the middle of a transaction holds its claims' rows: nobody else could
    # take its operations over before that process is gone for good.
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS:.0f}s'")
    connection.commit()


def _open_sqlite(url: URL, pool: dict[str, Any]) -> sa.Engine:
    if not url.database or url.database == ":memory:" or "mode=memory" in url.database:
        raise DatabaseUnusable("A SQLite database needs a file: operations must survive the process.")
    connect_args = {"check_same_thread": False, "timeout": _BUSY_SECONDS}
    engine = sa.create_engine(url, poolclass=sa.QueuePool, connect_args=connect_args, **pool)
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "begin", _prove)
    return engine


def _tune(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by itself, late and deferred; _begin does it instead.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    only_reads = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def _prove(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    claim = _claim.get()
    if claim is None or options.get(READ_ONLY) or options.get(PROVES_ITSELF):
        return
    operation, epoch = claim
    mark, lock = ("%s", " FOR SHARE") if connection.dialect.name == "postgresql" else ("?", "")
    found = connection.exec_driver_sql(f"SELECT epoch FROM flow_claims WHERE operation = {mark}{lock}", (operation,))  # noqa: S608
    if (now := found.scalar()) != epoch:
        raise ClaimLost(f"Operation {operation} was taken by another worker (claim {epoch}, now {now or 'over'}).")
