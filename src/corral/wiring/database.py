"""The database, and what must be true of it before its schema is brought up."""

from __future__ import annotations

import sqlalchemy as sa

from corral.config import Settings
from corral.domain.errors import Conflict, Invalid
from corral.engine import (
    DatabaseUnusable,
    DataDirectoryBusy,
    DataDirectoryLock,
    lock_data_directory,
    open_database,
    unfinished_flows,
)
from corral.flows import FLOWS
from corral.store import check_schema, upgrade

_MORE_CONNECTIONS = 16
"""Beside one for each worker."""


def open_store(settings: Settings) -> tuple[DataDirectoryLock | None, sa.Engine]:
    """The database, locked for this process where it is embedded, and at this release's schema. Raises Invalid, Conflict."""
    lock = None
    try:
        if settings.embedded:
            lock = lock_data_directory(settings.data_dir)
        sql = open_database(settings.url, pool_size=settings.workers + _MORE_CONNECTIONS)
    except (DatabaseUnusable, DataDirectoryBusy) as exc:
        raise Invalid(str(exc)) from exc
    try:
        if settings.embedded:
            upgrade_database(sql)
        else:
            check_schema(sql)
    except BaseException:
        sql.dispose()
        if lock is not None:
            lock.release()
        raise
    return lock, sql


def upgrade_database(sql: sa.Engine) -> None:
    """Bring the schema up, unless operations are unfinished that this release could not carry out. Raises Conflict; then nothing
    has changed."""
    known = {(flow.name, flow.version) for flow in FLOWS}
    unknown = {flow: count for flow, count in unfinished_flows(sql).items() if flow not in known}
    if unknown:
        told = ", ".join(f"{count} of {name} version {version}" for (name, version), count in sorted(unknown.items()))
        raise Conflict(
            f"Operations are under way that this release can't carry out: {told}.",
            fix="Start the release that began them, wait until `corral operation list` shows them as over, then upgrade.",
        )
    upgrade(sql)
