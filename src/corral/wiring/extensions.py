"""Extensions, with their tables looked after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from corral.config import Settings
from corral.extensions import branches
from corral.extensions.contract import Context, Extension
from corral.extensions.registry import Extensions, load
from corral.wiring.clock import now
from corral.wiring.database import upgrade_database


def open_extensions(
    settings: Settings,
    sql: sa.Engine,
    clock: Callable[[], datetime] = now,
    *,
    prepare: Callable[[sa.Engine, Extension], None] | None = None,
) -> Extensions:
    """Every installed extension. `prepare` looks after the tables of its own; by default they are brought up in an embedded
    database, and must have been in a shared one."""
    given = settings.extensions.options
    options = {**given, "bareon": {**given.get("bareon", {}), "address": settings.bareon_address}}
    look_after = prepare or (branches.upgrade_branch if settings.embedded else branches.check_branch)
    return load(
        lambda name: Context(sql, options.get(name, {}), clock),
        settings.extensions.default,
        lambda extension: look_after(sql, extension),
    )


def upgrade_all(settings: Settings, sql: sa.Engine) -> list[str]:
    """Bring Corral's schema up, and each extension's own. Returns the problems of extensions whose tables could not be."""
    upgrade_database(sql)
    found = open_extensions(settings, sql, prepare=branches.upgrade_branch)
    return [f"{one.name}: {one.problem}" for one in found.listed() if one.problem is not None]
