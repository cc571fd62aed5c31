"""VMs that are servers: what kind of machine a server has, and its volumes and NICs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_json = sa.JSON(none_as_null=True)
_COLUMNS = (("kind", sa.String(16)), ("host", sa.String(255)), ("cpus", sa.Integer), ("memory", sa.BigInteger))


def upgrade() -> None:
    # All may be empty: the release before this one goes on writing rows without them.
    for name, kind in _COLUMNS:
        op.add_column("servers", sa.Column(name, kind))
    _part("server_volumes")
    _part(
        "server_vm_nics",
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("addresses", _json, nullable=False),
    )


def _part(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("server", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        *columns,
        sa.Column("facts", _json, nullable=False),
        sa.ForeignKeyConstraint(["server"], ["servers.uuid"], name=f"fk_{name}_server_servers", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("server", "position", name=f"pk_{name}"),
    )


def downgrade() -> None:
    op.drop_table("server_vm_nics")
    op.drop_table("server_volumes")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("servers", name)
