"""Hypervisor hosts, the VMs on them, and their volumes and NICs, as surveys see them."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0009"
down_revision = "0008"

_json = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "host_sources",
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("until", UtcDateTime),
        sa.Column("surveyed_at", UtcDateTime),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_host_sources"),
    )
    op.create_table(
        "hosts",
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("facts", _json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("stale_since", UtcDateTime),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("gone_since", UtcDateTime),
        sa.Column("wanted_at", UtcDateTime),
        sa.PrimaryKeyConstraint("source", "id", name="pk_hosts"),
    )
    op.create_index("ix_hosts_name_source_id", "hosts", ["name", "source", "id"])
    op.create_table(
        "vms",
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("facts", _json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("gone_since", UtcDateTime),
        sa.PrimaryKeyConstraint("source", "id", name="pk_vms"),
    )
    op.create_index("ix_vms_source_host_id", "vms", ["source", "host", "id"])
    op.create_table(
        "vm_seconds",
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("vm", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("source", "host", "vm", name="pk_vm_seconds"),
    )
    op.create_index("ix_vm_seconds_source_vm", "vm_seconds", ["source", "vm"])
    _part("volumes")
    _part("nics", sa.Column("mac", sa.String(64), nullable=False))
    op.create_index("ix_nics_mac", "nics", ["mac"])


def _part(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("vm", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        sa.Column("facts", _json, nullable=False),
        sa.ForeignKeyConstraint(
            ["source", "vm"], ["vms.source", "vms.id"], name=f"fk_{name}_source_vms", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "vm", "position", name=f"pk_{name}"),
    )


def downgrade() -> None:
    for name in ("nics", "volumes", "vm_seconds", "vms", "hosts", "host_sources"):
        op.drop_table(name)
