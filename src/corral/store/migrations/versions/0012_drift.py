"""Differences between record and world."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0012"
down_revision = "0011"

_json = sa.JSON(none_as_null=True)
_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "sync_sources",
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("until", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("changed_at", UtcDateTime),
        sa.Column("seconds", sa.Float),
        sa.Column("problem", sa.Text),
        sa.Column("servers", sa.Integer),
        sa.Column("pause", sa.Float),
        sa.Column("braked_at", UtcDateTime),
        sa.Column("brake_why", sa.Text),
        sa.Column("calm", sa.Integer),
        sa.Column("released_at", UtcDateTime),
        sa.Column("wanted_at", UtcDateTime),
        sa.PrimaryKeyConstraint("name", name="pk_sync_sources"),
    )
    op.create_table(
        "sync_servers",
        sa.Column("server", sa.String(36), nullable=False),
        sa.Column("agreed", _json, nullable=False),
        sa.Column("origin", _json, nullable=False),
        sa.Column("turns", _json, nullable=False),
        sa.Column("stamp", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(
            ["server"], ["servers.uuid"], name="fk_sync_servers_server_servers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server", name="pk_sync_servers"),
    )
    op.create_table(
        "drifts",
        sa.Column("id", _number, nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("server", sa.String(36)),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("project", sa.String(64)),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("record", _json),
        sa.Column("world", _json),
        sa.Column("agreed", _json),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
        sa.Column("operation", sa.String(36)),
        sa.ForeignKeyConstraint(["server"], ["servers.uuid"], name="fk_drifts_server_servers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_drifts"),
        sa.UniqueConstraint("source", "machine", "field", name="uq_drifts_source_machine_field"),
    )
    for column in ("server", "source", "state", "field", "project"):
        op.create_index(f"ix_drifts_{column}_id", "drifts", [column, "id"])


def downgrade() -> None:
    for name in ("drifts", "sync_servers", "sync_sources"):
        op.drop_table(name)
