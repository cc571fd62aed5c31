"""What VMs had when they and their records in Cinder and Neutron were last agreed on."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "sync_cloud",
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["record"], ["cloud_records.id"], name="fk_sync_cloud_record_cloud_records", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record", name="pk_sync_cloud"),
    )


def downgrade() -> None:
    op.drop_table("sync_cloud")
