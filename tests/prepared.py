"""Databases for Corrals under test: made once for each process of tests, and copied for each Corral.

That a database comes up from nothing, and from each former schema, is what other tests are about (`tests/store`, `tests/upgrade`);
here it would only cost each of a thousand Corrals the time of all migrations. Where CORRAL_TEST_POSTGRES names a PostgreSQL
server, the copies are databases there.
"""

import atexit
import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from corral.config import Settings
from corral.engine import open_database
from corral.wiring import build, upgrade_all

POSTGRES = os.environ.get("CORRAL_TEST_POSTGRES")


@cache
def _database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        build(settings, sources={}, hosts=(), emit=lambda *_told, **_more: None).stop()
        file = Path(folder, "corral.db")
        with closing(sqlite3.connect(file)) as sql:
            # Whose database it is, each Corral makes up by itself.
            sql.execute("DELETE FROM meta")
            sql.commit()
        return file.read_bytes()


def prepared(settings: Settings) -> Settings:
    """These settings, with an empty database of this release's schema where they name a SQLite file that is not there yet."""
    if POSTGRES and settings.embedded:
        return settings.model_copy(update={"database_url": _on_postgresql(settings.url)})
    path = Path(settings.url.removeprefix("sqlite:///"))
    if settings.embedded and not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(_database())
    return settings


# --- on PostgreSQL ----------------------------------------------------------------------------------------


@cache
def _on_postgresql(instead_of: str) -> str:
    """The URL of a database that stands for that file: the same one whenever it is asked for."""
    name = f"corral_{os.getpid()}_{hashlib.sha256(instead_of.encode()).hexdigest()[:16]}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {_template()}")
    atexit.register(_administer, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    return _url(name)


@cache
def _template() -> str:
    name = f"corral_{os.getpid()}_empty"
    _administer(f"CREATE DATABASE {name}")
    atexit.register(_administer, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    sql = open_database(_url(name))
    upgrade_all(Settings(database_url=_url(name)), sql)
    sql.dispose()
    return name


def _url(database: str) -> str:
    assert POSTGRES
    return sa.make_url(POSTGRES).set(database=database).render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    assert POSTGRES
    sql = sa.create_engine(sa.make_url(POSTGRES).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT")
    with sql.connect() as conn:
        conn.execute(sa.text(statement))
    sql.dispose()
