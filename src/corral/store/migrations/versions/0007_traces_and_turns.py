"""Operations know the trace that they belong to; what one process does for all is done in turns."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # May be empty: the release before this one goes on storing operations without it.
    op.add_column("operations", sa.Column("trace", sa.String(1024)))
    op.create_table(
        "turns",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_turns"),
    )


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_column("operations", "trace")
