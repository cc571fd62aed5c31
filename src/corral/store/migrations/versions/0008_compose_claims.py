"""Which blocks of a pod are claimed, by which attempt to compose, and who composes there."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "compose_attempts",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("pod", sa.String(63), nullable=False),
        sa.Column("server", sa.String(36), nullable=False),
        sa.Column("operation", sa.String(36), nullable=False),
        sa.Column("blocks", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("system", sa.String(512)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_compose_attempts"),
    )
    op.create_index("ix_compose_attempts_pod", "compose_attempts", ["pod"])
    op.create_index("ix_compose_attempts_server", "compose_attempts", ["server"])
    op.create_table(
        "compose_claims",
        sa.Column("pod", sa.String(63), nullable=False),
        sa.Column("block", sa.String(512), nullable=False),
        sa.Column("slot", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(
            ["name"],
            ["compose_attempts.name"],
            name="fk_compose_claims_name_compose_attempts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pod", "block", "slot", name="pk_compose_claims"),
    )
    op.create_index("ix_compose_claims_name", "compose_claims", ["name"])
    op.create_table(
        "pod_leases",
        sa.Column("pod", sa.String(63), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("pod", name="pk_pod_leases"),
    )


def downgrade() -> None:
    op.drop_table("pod_leases")
    op.drop_table("compose_claims")
    op.drop_table("compose_attempts")
