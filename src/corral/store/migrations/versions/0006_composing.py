"""Flavors that compose, and servers that were composed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # All may be empty: the release before this one goes on writing rows without them.
    op.add_column("flavors", sa.Column("compose", sa.JSON(none_as_null=True)))
    op.add_column("servers", sa.Column("composed", sa.Boolean))
    op.add_column("servers", sa.Column("system", sa.String(255)))


def downgrade() -> None:
    op.drop_column("servers", "system")
    op.drop_column("servers", "composed")
    op.drop_column("flavors", "compose")
