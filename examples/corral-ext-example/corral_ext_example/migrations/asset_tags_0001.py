"""The tags."""

import sqlalchemy as sa
from alembic import op

revision = "asset_tags_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ext_asset_tags_tags",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("node", sa.String(36), unique=True),
    )


def downgrade() -> None:
    op.drop_table("ext_asset_tags_tags")
