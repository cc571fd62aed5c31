"""Nodes with their disks, spaces and layouts."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "bareon_nodes",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("disks", sa.Text, nullable=False),
        sa.Column("spaces", sa.Text, nullable=False),
        sa.Column("partitioning", sa.Text, nullable=False),
        sa.Column("edited", sa.Boolean, nullable=False),
        sa.Column("follows", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_bareon_nodes"),
    )


def downgrade() -> None:
    op.drop_table("bareon_nodes")
