"""Which marks this Corral has written in Cinder and Neutron, whatever became of their records."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "cloud_marks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cloud_marks"),
    )
    # Those whose records went before are not known any more: what bears them is told, and left to a person.
    op.execute("INSERT INTO cloud_marks (id) SELECT id FROM cloud_records")


def downgrade() -> None:
    op.drop_table("cloud_marks")
