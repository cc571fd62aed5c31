"""The table of what was made in Cinder and Neutron for what a hypervisor has."""

from __future__ import annotations

import sqlalchemy as sa

from corral.engine.tables import UtcDateTime
from corral.store.tables import metadata

cloud_records = sa.Table(
    "cloud_records",
    metadata,
    # What the volume's metadata and the port's description say: written before either is asked for.
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("source", sa.String(63), nullable=False),
    # Where the VM was when it was recorded; it may have moved since.
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("vm", sa.String(255), nullable=False),
    sa.Column("vm_name", sa.Text, nullable=False),
    sa.Column("part", sa.String(255), nullable=False),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("cloud", sa.String(255), nullable=False),
    sa.Column("wanted", sa.JSON(none_as_null=True), nullable=False),
    sa.Column("made", sa.String(36)),
    # The one that makes it, or takes it back.
    sa.Column("operation", sa.String(36), nullable=False, index=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # One disk is one volume, and one NIC one port, whoever asks.
    sa.UniqueConstraint("source", "vm", "kind", "part"),
    sa.Index(None, "source", "host"),
)

sync_cloud = sa.Table(
    "sync_cloud",
    metadata,
    sa.Column("record", sa.String(36), sa.ForeignKey("cloud_records.id", ondelete="CASCADE"), primary_key=True),
    # What the VM had of it when it and the cloud were last agreed on: who changed since is told by that.
    sa.Column("basis", sa.Text, nullable=False),
)

# A mark outlives its record: what bears it was made by this Corral, and by no copy of its database.
cloud_marks = sa.Table("cloud_marks", metadata, sa.Column("id", sa.String(36), primary_key=True))
