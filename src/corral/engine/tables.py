"""The engine's own tables. The store's migrations create them; `create_all` is for tests and rehearsals.

TaskFlow's three tables (logbooks, flowdetails, atomdetails) stand beside them in the same database, made by
`taskflow_rows.upgrade_taskflow`. They hold only unfinished flows: rows go when their operation is final.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from corral.engine.operation import Event, EventKind, Operation, State
from corral.engine.taskflow_rows import upgrade_taskflow


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, in UTC. SQLite has no time zones, so it stores and gives back the same instant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Refuse naive values: nobody knows which instant they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Give back an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

_json = sa.JSON(none_as_null=True)

operations = sa.Table(
    "operations",
    metadata,
    sa.Column("uuid", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("flow_version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("params", _json, nullable=False),
    sa.Column("key", sa.String(255)),
    sa.Column("subject", sa.String(36)),
    sa.Column("source", sa.String(255)),
    sa.Column("machine", sa.String(255)),
    sa.Column("project_id", sa.String(64)),
    sa.Column("user_id", sa.String(64)),
    sa.Column("step", sa.String(255)),
    sa.Column("progress", sa.Float, nullable=False, default=0.0),
    sa.Column("result", _json),
    sa.Column("error", _json),
    sa.Column("needs_attention", sa.Text),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, default=False),
    # How the trace that it belongs to goes on in whichever process carries it out; see `tracing`.
    sa.Column("trace", sa.String(1024)),
    # Not before this time is the operation worth another try; see ActiveRun in runs.py.
    sa.Column("retry_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Index(None, "created_at", "uuid"),
    sa.Index(None, "state", "created_at"),
    sa.Index(None, "subject", "created_at"),
    sa.Index(None, "project_id", "created_at"),
)

operation_events = sa.Table(
    "operation_events",
    metadata,
    sa.Column("operation", sa.String(36), sa.ForeignKey("operations.uuid", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("step", sa.String(64)),
    sa.Column("message", sa.Text, nullable=False, default=""),
    sa.Column("fraction", sa.Float),
)

flow_claims = sa.Table(
    "flow_claims",
    metadata,
    sa.Column("operation", sa.String(36), sa.ForeignKey("operations.uuid", ondelete="CASCADE"), primary_key=True),
    # Grows with each claim. A worker whose number is not this one any more has lost its claim.
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("claimed_at", UtcDateTime, nullable=False),
    # Until when nobody else may take it, by the database's clock; null where only one process works, or it was given back.
    sa.Column("until", UtcDateTime),
)

_INTERNAL = {"retry_at", "trace"}
_PUBLIC = [column for column in operations.c if column.name not in _INTERNAL]


def select_operations() -> sa.Select[tuple[object, ...]]:
    """The columns of which `operation_from` makes an Operation."""
    return sa.select(*_PUBLIC)


def operation_from(row: sa.Row[tuple[object, ...]]) -> Operation:
    """Make an Operation of a row of `select_operations`."""
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Operation(**values)


def event_from(row: sa.Row[tuple[object, ...]]) -> Event:
    """Make an Event of a row of `operation_events`."""
    values = dict(row._mapping)
    values["kind"] = EventKind(values["kind"])
    return Event(**values)


def create_all(engine: sa.Engine) -> None:
    """Create the engine's tables and TaskFlow's, where they are missing."""
    metadata.create_all(engine)
    upgrade_taskflow(engine)
