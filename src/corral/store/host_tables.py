"""The tables of hypervisor hosts and what is on them: what surveys saw last, and since when.

Rule: written by surveys only. Nothing here is a wish; it all comes again with the next survey. What foreign machines call their
things is `Text`: nobody knows how long it is.
"""

from __future__ import annotations

import sqlalchemy as sa

from corral.engine.tables import UtcDateTime
from corral.store.tables import metadata

_json = sa.JSON(none_as_null=True)

host_sources = sa.Table(
    "host_sources",
    metadata,
    sa.Column("name", sa.String(63), primary_key=True),
    # One surveyor at a time, by the database's clock. Who it is stands in each of its transactions.
    sa.Column("holder", sa.String(64)),
    sa.Column("until", UtcDateTime),
    # The end of the last survey in which all of its hosts were asked.
    sa.Column("surveyed_at", UtcDateTime),
    # Why the last survey could not be made, or not to its end.
    sa.Column("problem", sa.Text),
)

hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("source", sa.String(63), primary_key=True),
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("facts", _json, nullable=False),
    # Of everything that was seen; empty for a host that never answered.
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("stale_since", UtcDateTime),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("gone_since", UtcDateTime),
    # Somebody wants it surveyed now.
    sa.Column("wanted_at", UtcDateTime),
    sa.Index(None, "name", "source", "id"),
)

vms = sa.Table(
    "vms",
    metadata,
    # The hypervisor's id for it: on whichever host it is, it is this row.
    sa.Column("source", sa.String(63), primary_key=True),
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.String(32), nullable=False),
    sa.Column("facts", _json, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("gone_since", UtcDateTime),
    sa.Index(None, "source", "host", "id"),
    # By a hash in PostgreSQL, whose other indexes refuse what is very long.
    sa.Index(None, "name", postgresql_using="hash"),
)

vm_seconds = sa.Table(
    "vm_seconds",
    metadata,
    # Hosts that tell of a VM which is recorded on another one: what a migration left behind, or a twin.
    sa.Column("source", sa.String(63), primary_key=True),
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("vm", sa.String(255), primary_key=True),
    sa.Index(None, "source", "vm"),
)


def _part(name: str, *columns: sa.Column[object]) -> sa.Table:
    """A table of what VMs have: in the VM's own order, and gone with it."""
    return sa.Table(
        name,
        metadata,
        sa.Column("source", sa.String(63), primary_key=True),
        sa.Column("vm", sa.String(255), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *columns,
        sa.Column("facts", _json, nullable=False),
        sa.ForeignKeyConstraint(["source", "vm"], ["vms.source", "vms.id"], ondelete="CASCADE"),
    )


volumes = _part("volumes")
nics = _part("nics", sa.Column("mac", sa.String(64), nullable=False, index=True))

vm_holds = sa.Table(
    "vm_holds",
    metadata,
    # What a VM that is there has and only one may have: a MAC, an address, a disk. `store.host_rows.what` writes it.
    sa.Column("source", sa.String(63), primary_key=True),
    sa.Column("vm", sa.String(255), primary_key=True),
    sa.Column("what", sa.String(80), primary_key=True),
    sa.ForeignKeyConstraint(["source", "vm"], ["vms.source", "vms.id"], ondelete="CASCADE"),
    sa.Index(None, "source", "what", "vm"),
)
