"""What people say of a server: tags, notes of several lines, and what a VM is to be called.

Notes at sources are longer than 255 characters; SQLite does not ask how long a text is, so there nothing has to change for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("servers", sa.Column("tags", sa.JSON(none_as_null=True)))
    op.add_column("servers", sa.Column("vm_name", sa.String(255)))
    _describe(255, 4000)


def downgrade() -> None:
    _describe(4000, 255)
    op.drop_column("servers", "vm_name")
    op.drop_column("servers", "tags")


def _describe(before: int, after: int) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(
            "servers", "description", existing_type=sa.String(before), type_=sa.String(after), existing_nullable=True
        )
