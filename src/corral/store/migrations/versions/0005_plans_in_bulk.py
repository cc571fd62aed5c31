"""Plans that are applied by an operation of their own, and what becomes of each of their machines."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("plans", sa.Column("paused_at", UtcDateTime))
    op.add_column("plans", sa.Column("cancelled_at", UtcDateTime))
    op.add_column("plans", sa.Column("feeder", sa.String(36)))
    op.add_column("plan_items", sa.Column("adoptable", sa.Boolean))
    op.add_column("plan_items", sa.Column("operation", sa.String(36)))
    op.add_column("plan_items", sa.Column("error", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    # Column by column: making the table anew would take the items along with their plans.
    for table, names in {
        "plans": ("paused_at", "cancelled_at", "feeder"),
        "plan_items": ("adoptable", "operation", "error"),
    }.items():
        for name in names:
            op.drop_column(table, name)
