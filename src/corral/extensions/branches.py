"""Tables of extensions: each has an Alembic branch and a version table of its own, so that one that is gone, or broken, or new
never stands in the way of Corral's own schema or of another extension's.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from corral.domain.errors import Conflict
from corral.extensions.contract import Extension
from corral.store import schema


def version_table(extension: Extension) -> str:
    """Where Alembic keeps how far an extension's tables are."""
    return f"corral_ext_{extension.name}"


def upgrade_branch(sql: sa.Engine, extension: Extension) -> None:
    """Bring the extension's tables up, in one transaction. Running it again does nothing."""
    if extension.migrations is None:
        return
    with sql.begin() as conn:
        command.upgrade(_config(extension, extension.migrations, conn), "head")


def downgrade_branch(sql: sa.Engine, extension: Extension) -> None:
    """Remove the extension's tables: for tests of its migrations."""
    if extension.migrations is None:
        return
    with sql.begin() as conn:
        command.downgrade(_config(extension, extension.migrations, conn), "base")


def check_branch(sql: sa.Engine, extension: Extension) -> None:
    """Raise Conflict unless the extension's tables are at its own release's schema."""
    if extension.migrations is None:
        return
    with sql.connect() as conn:
        options = {"version_table": version_table(extension)}
        current = MigrationContext.configure(conn, opts=options).get_current_revision()
    head = ScriptDirectory.from_config(_config(extension, extension.migrations)).get_current_head()
    if current != head:
        raise Conflict(
            f"Its tables are at {current or 'nothing'}, it needs {head}.",
            fix="Stop all Corral processes, then run `corral db upgrade`.",
        )


def _config(extension: Extension, versions: Path, conn: sa.Connection | None = None) -> Config:
    config = Config()
    # Corral's own environment, with the extension's directory as the only place of versions.
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["connection"] = conn
    config.attributes["version_table"] = version_table(extension)
    return config
