"""What was made in Cinder and Neutron for what a hypervisor has."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "cloud_records",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("vm", sa.String(255), nullable=False),
        sa.Column("vm_name", sa.Text, nullable=False),
        sa.Column("part", sa.String(255), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("cloud", sa.String(255), nullable=False),
        sa.Column("wanted", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made", sa.String(36)),
        sa.Column("operation", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cloud_records"),
        sa.UniqueConstraint("source", "vm", "kind", "part", name="uq_cloud_records_source_vm_kind_part"),
    )
    op.create_index("ix_cloud_records_source_host", "cloud_records", ["source", "host"])
    op.create_index("ix_cloud_records_operation", "cloud_records", ["operation"])


def downgrade() -> None:
    op.drop_table("cloud_records")
