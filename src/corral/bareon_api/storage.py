"""Where nodes are kept: one row each, so that a node changes as a whole or not at all.

Rule: whoever changes a node does it in `Nodes.change`, which holds its row meanwhile; two edits of one node can't mix, and none
gets lost.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.engine import DatabaseUnusable, open_database, read
from corral.engine.tables import UtcDateTime

VERSION_TABLE = "bareon_api_alembic_version"
_MIGRATIONS = Path(__file__).parent / "migrations"
_DOCUMENTS = ("facts", "disks", "spaces", "partitioning")

metadata = sa.MetaData(naming_convention={"pk": "pk_%(table_name)s"})

nodes = sa.Table(
    "bareon_nodes",
    metadata,
    sa.Column("id", sa.String(128), primary_key=True),
    # A new word for each write, never used again: also a node that was deleted and made anew has another one.
    sa.Column("version", sa.String(32), nullable=False),
    # JSON as text: most answers are one of these columns as it is.
    *(sa.Column(name, sa.Text, nullable=False) for name in _DOCUMENTS),
    sa.Column("edited", sa.Boolean, nullable=False),
    sa.Column("follows", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
)


def now() -> datetime:
    """The service's clock; tests give another one."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Stored:
    """A node as it is kept. `facts`: what its owner told of it, disks aside. `disks`: [{name, disk, extra, size (bytes), …}].
    `spaces`: what is on each disk, in MiB (`ks_spaces`). `partitioning`: the same to the byte, `nailgun_simple`; empty where
    nothing can be laid out. `edited`: by a person, since it was computed. `follows`: the layout is known to be just what
    the spaces say; after an edit that has to be looked at."""

    id: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    disks: list[dict[str, Any]] = field(default_factory=list)
    spaces: list[dict[str, Any]] = field(default_factory=list)
    partitioning: Mapping[str, Any] = field(default_factory=dict)
    edited: bool = False
    follows: bool = True
    version: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Nodes:
    """The nodes. Safe for several threads and processes."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def get(self, node: str) -> Stored:
        """The node. Raises NotFound."""
        with read(self._sql) as conn:
            return _row(conn, node, lock=False)

    def document(self, node: str, name: str) -> tuple[str, str]:
        """The node's version, and one of its documents as JSON text. Raises NotFound."""
        with read(self._sql) as conn:
            found = conn.execute(sa.select(nodes.c.version, nodes.c[name]).where(nodes.c.id == node)).first()
        if found is None:
            raise _unknown(node)
        return found[0], found[1]

    def page(self, limit: int, after: str | None) -> list[Stored]:
        """Up to `limit` nodes in the order of their ids, those after `after`."""
        query = sa.select(nodes).order_by(nodes.c.id).limit(limit)
        if after is not None:
            query = query.where(nodes.c.id > after)
        with read(self._sql) as conn:
            return [_stored(dict(row)) for row in conn.execute(query).mappings()]

    def add(self, new: Stored) -> Stored:
        """Write a new node. Raises Conflict when its id is taken."""
        stored = replace(new, version=_version(), created_at=self._clock())
        try:
            with self._sql.begin() as conn:
                conn.execute(sa.insert(nodes).values(_values(stored)))
        except IntegrityError as exc:
            raise Conflict(f"The node {new.id} exists already.", fix=f"PUT /v1/nodes/{new.id} changes it.") from exc
        return stored

    def change(self, node: str, expected: str | None, change: Callable[[Stored], Stored]) -> Stored:
        """Write what `change` makes of the node; what is the same keeps its version. `expected`: the version that it must have.

        Raises NotFound; Stale when it has another version; whatever `change` raises, and then nothing is written."""
        with self._sql.begin() as conn:
            before = _row(conn, node, lock=True)
            _check_version(before, expected)
            after = change(before)
            if after == before:
                return before
            after = replace(after, version=_version(), updated_at=self._clock())
            conn.execute(sa.update(nodes).where(nodes.c.id == node).values(_values(after)))
        return after

    def remove(self, node: str, expected: str | None) -> None:
        """Delete the node with all that is kept of it. Raises NotFound, Stale."""
        with self._sql.begin() as conn:
            _check_version(_row(conn, node, lock=True), expected)
            conn.execute(sa.delete(nodes).where(nodes.c.id == node))

    def close(self) -> None:
        """Close the database."""
        self._sql.dispose()

    def problem(self) -> str | None:
        """What keeps the database from answering, or None."""
        try:
            with read(self._sql) as conn:
                conn.execute(sa.select(nodes.c.id).limit(1)).first()
        except sa.exc.SQLAlchemyError as exc:
            return f"The database does not answer: {type(exc).__name__}."
        return None


def _row(conn: sa.Connection, node: str, *, lock: bool) -> Stored:
    query = sa.select(nodes).where(nodes.c.id == node)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise _unknown(node)
    return _stored(dict(row))


def _check_version(node: Stored, expected: str | None) -> None:
    if expected is not None and node.version != expected:
        raise Stale(
            f"The node {node.id} was changed by somebody else meanwhile.",
            fix="GET it again, and decide again; the new ETag goes into If-Match.",
        )


def _unknown(node: str) -> NotFound:
    return NotFound(f"There is no node {node}.", fix="GET /v1/nodes lists them; POST /v1/nodes makes one.")


def _version() -> str:
    return secrets.token_hex(16)


def _stored(row: dict[str, Any]) -> Stored:
    return Stored(**{**row, **{name: json.loads(row[name]) for name in _DOCUMENTS}})


def _values(node: Stored) -> dict[str, Any]:
    values = {column.name: getattr(node, column.name) for column in nodes.c}
    return {**values, **{name: json.dumps(values[name], separators=(",", ":")) for name in _DOCUMENTS}}


def open_storage(url: str, pool_size: int = 20) -> sa.Engine:
    """The database, at this release's schema: a SQLite file is made and upgraded by itself, PostgreSQL must have been upgraded.

    Raises Invalid for another database, Conflict for another schema."""
    embedded = make_url(url).get_backend_name() == "sqlite"
    try:
        sql = _opened(url, pool_size)
        if embedded:
            _upgrade(sql)
        _check_schema(sql)
    except DatabaseUnusable as exc:
        raise Invalid(str(exc)) from exc
    return sql


def upgrade_storage(url: str) -> None:
    """Bring a database to this release's schema. Doing it again changes nothing."""
    sql = _opened(url, 1)
    _upgrade(sql)
    sql.dispose()


def _opened(url: str, pool_size: int) -> sa.Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_database(parsed, pool_size=pool_size)


def _config(conn: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes.update(connection=conn, version_table=VERSION_TABLE)
    return config


def _upgrade(sql: sa.Engine) -> None:
    with sql.begin() as conn:
        command.upgrade(_config(conn), "head")


def _check_schema(sql: sa.Engine) -> None:
    with sql.connect() as conn:
        current = MigrationContext.configure(conn, opts={"version_table": VERSION_TABLE}).get_current_revision()
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if current != head:
        sql.dispose()
        raise Conflict(
            f"The database of the Bareon-API service is at schema {current or 'none'}, this release needs {head}.",
            fix="Stop the service everywhere, then run `corral bareon-api --upgrade-database`.",
        )
