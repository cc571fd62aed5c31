"""Look-ups of VMs by name."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("ix_vms_name", "vms", ["name"], postgresql_using="hash")


def downgrade() -> None:
    op.drop_index("ix_vms_name", "vms")
