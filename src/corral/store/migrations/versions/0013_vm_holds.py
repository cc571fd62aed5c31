"""What VMs hold that only one may have.

By an index a page of verdicts costs the same however many VMs there are. Filled by the next survey, as everything that surveys
write: VMs have more facts than before, so each is written anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "vm_holds",
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("vm", sa.String(255), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("source", "vm", "what", name="pk_vm_holds"),
        sa.ForeignKeyConstraint(
            ["source", "vm"], ["vms.source", "vms.id"], name="fk_vm_holds_source_vms", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_vm_holds_source_what_vm", "vm_holds", ["source", "what", "vm"])


def downgrade() -> None:
    op.drop_table("vm_holds")
