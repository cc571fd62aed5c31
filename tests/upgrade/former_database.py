"""Databases as former releases left them: text that `produce.py` made, read into SQLite or PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from corral.engine import open_database
from corral.store import upgrade

DATA = Path(__file__).parent / "data"


def left_behind(release: str, path: Path) -> None:
    """The database of a former release, as SQLite."""
    conn = sqlite3.connect(path)
    conn.executescript((DATA / f"{release}.sql").read_text())
    conn.close()


def moved(path: Path, release: str, url: str) -> None:
    """Take the rows of a SQLite file into PostgreSQL, at the schema that they belong to."""
    old, new = sqlite3.connect(path), open_database(url)
    old.row_factory = sqlite3.Row
    upgrade(new, release)
    tables = sa.MetaData()
    tables.reflect(new)
    with new.begin() as conn:
        for table in tables.sorted_tables:
            if "alembic" in table.name:
                continue
            rows = [dict(row) for row in old.execute(f"SELECT * FROM {table.name}")]
            if rows:
                conn.execute(sa.delete(table))
                conn.execute(sa.insert(table), [_typed(table, row) for row in rows])
                _count_on(conn, table)
    old.close()
    new.dispose()


def _count_on(conn: sa.Connection, table: sa.Table) -> None:
    """Rows that brought their numbers along: new ones begin after them."""
    for column in table.primary_key:
        counter = conn.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name))).scalar()
        if counter is not None:
            conn.execute(sa.select(sa.func.setval(counter, sa.select(sa.func.max(column)).scalar_subquery())))


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """What SQLite keeps as text or number, as what it is."""

    def value(column: sa.Column[Any]) -> Any:
        kept = row[column.name]
        if kept is None:
            return None
        if isinstance(column.type, sa.JSON):
            return json.loads(kept)
        if isinstance(column.type, sa.DateTime):
            at = datetime.fromisoformat(kept)
            return at.replace(tzinfo=UTC) if column.type.timezone else at
        return bool(kept) if isinstance(column.type, sa.Boolean) else kept

    return {column.name: value(column) for column in table.columns}
