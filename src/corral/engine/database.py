"""Opens the one database that the store and the engine share.

They must share it: submitting writes the operation, TaskFlow's rows and the caller's record in one
transaction.

SQLite is one file, tuned so that what was committed survives a power cut (WAL, synchronous FULL). Every
transaction takes the write lock when it begins: SQLite can't turn a reader into a writer when another one
wrote meanwhile, and fails with "database is locked" instead. Those that only read say so, with
`read(engine)`, and wait for nobody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from corral.engine.errors import DatabaseUnusable

READ_ONLY = "corral_readonly"
"""Execution option of a connection that only reads; see `read`."""

_BUSY_SECONDS = 60.0
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


def _open_postgresql(url: URL, pool: dict[str, Any]) -> sa.Engine:
    # TaskFlow and SQLAlchemy's default differ on what plain "postgresql" means; written out, nothing is
    # guessed.
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg2")
    return sa.create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, **pool)


def _open_sqlite(url: URL, pool: dict[str, Any]) -> sa.Engine:
    if not url.database or url.database == ":memory:" or "mode=memory" in url.database:
        raise DatabaseUnusable("A SQLite database needs a file: operations must survive the process.")
    connect_args = {"check_same_thread": False, "timeout": _BUSY_SECONDS}
    engine = sa.create_engine(url, poolclass=sa.QueuePool, connect_args=connect_args, **pool)
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _tune(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by itself, late and deferred; _begin does it instead.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    only_reads = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")
