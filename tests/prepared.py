"""Databases for Corrals under test: made once for each process of tests, and copied for each Corral.

That a database comes up from nothing, and from each former schema, is what other tests are about (`tests/store`, `tests/upgrade`);
here it would only cost each of a thousand Corrals the time of all migrations.
"""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from corral.config import Settings
from corral.wiring import build


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
    path = Path(settings.url.removeprefix("sqlite:///"))
    if settings.embedded and not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(_database())
    return settings
