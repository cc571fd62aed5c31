"""The layouts of nodes."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "volume_manager_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ext_volume_manager_layouts",
        sa.Column("node", sa.String(36), nullable=False),
        sa.Column("spaces", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("edited", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.PrimaryKeyConstraint("node", name="pk_ext_volume_manager_layouts"),
    )


def downgrade() -> None:
    op.drop_table("ext_volume_manager_layouts")
