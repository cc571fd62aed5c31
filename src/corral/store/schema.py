"""Brings a database to this release's schema, with Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from corral.domain.errors import Conflict
from corral.engine import upgrade_taskflow

VERSION_TABLE = "corral_alembic_version"
MIGRATIONS = Path(__file__).parent / "migrations"


def _config(conn: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    config.attributes["version_table"] = VERSION_TABLE
    return config


def upgrade(sql: sa.Engine, revision: str = "head") -> None:
    """Bring the schema up, in one transaction. Running it again does nothing."""
    with sql.begin() as conn:
        command.upgrade(_config(conn), revision)
    upgrade_taskflow(sql)


def downgrade(sql: sa.Engine, revision: str) -> None:
    """Take the schema back to an older revision: for tests of the migrations."""
    with sql.begin() as conn:
        command.downgrade(_config(conn), revision)


def check_schema(sql: sa.Engine) -> None:
    """Raise Conflict unless the database is at this release's schema."""
    with sql.connect() as conn:
        current = MigrationContext.configure(conn, opts={"version_table": VERSION_TABLE}).get_current_revision()
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if current != head:
        raise Conflict(
            f"The database is at schema {current or 'none'}, this release needs {head}.",
            fix="Stop all Corral processes, then run `corral db upgrade`.",
        )
