"""What rules of synchronization need to remember, and whether a source's synchronizer hears of changes."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0017"
down_revision = "0016"

_NEW = (
    ("hears", sa.Boolean),
    ("hears_since", UtcDateTime),
    ("hears_why", sa.Text),
    ("policy_problem", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "sync_rules",
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("let_go_at", UtcDateTime),
        sa.Column("let_go_by", sa.String(255)),
        sa.Column("tries", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "machine", name="pk_sync_rules"),
    )
    for name, kind in _NEW:
        op.add_column("sync_sources", sa.Column(name, kind()))


def downgrade() -> None:
    for name, _ in _NEW:
        op.drop_column("sync_sources", name)
    op.drop_table("sync_rules")
