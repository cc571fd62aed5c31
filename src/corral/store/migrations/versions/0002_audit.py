"""Audit entries tell which machine was meant, and with which codes a request was refused; claims of workers are leases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # All may be empty: the release before this one goes on writing entries without them.
    op.add_column("audit", sa.Column("machine", sa.String(255)))
    op.add_column("audit", sa.Column("code", sa.String(64)))
    op.add_column("audit", sa.Column("reasons", sa.JSON(none_as_null=True)))
    op.create_index("ix_audit_machine", "audit", ["machine"])
    op.create_index("ix_audit_operation", "audit", ["operation"])
    op.add_column("flow_claims", sa.Column("until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("flow_claims", "until")
    op.drop_index("ix_audit_operation", "audit")
    op.drop_index("ix_audit_machine", "audit")
    for column in ("reasons", "code", "machine"):
        op.drop_column("audit", column)
