"""The tables of synchronization: what record and world last agreed on, where they differ, and how each source's passes go.

Rule: a drift has one row as long as it lasts, whatever is done about it; what became of it is in the audit trail.
"""

from __future__ import annotations

import sqlalchemy as sa

from corral.engine.tables import UtcDateTime
from corral.store.tables import metadata

_json = sa.JSON(none_as_null=True)

sync_sources = sa.Table(
    "sync_sources",
    metadata,
    sa.Column("name", sa.String(63), primary_key=True),
    # One synchronizer at a time, by the database's clock. Who it is stands in each of its transactions.
    sa.Column("holder", sa.String(64)),
    sa.Column("until", UtcDateTime),
    # The last pass that saw everything, and the last that found a change.
    sa.Column("ended_at", UtcDateTime),
    sa.Column("changed_at", UtcDateTime),
    sa.Column("seconds", sa.Float),
    # Why the last pass did not come to its end.
    sa.Column("problem", sa.Text),
    sa.Column("servers", sa.Integer),
    # Seconds until the next pass, as it was last chosen.
    sa.Column("pause", sa.Float),
    # The brake: since when, why, and how many passes in a row were calm since.
    sa.Column("braked_at", UtcDateTime),
    sa.Column("brake_why", sa.Text),
    sa.Column("calm", sa.Integer),
    # What was first seen before this was looked at by a person, and may pass.
    sa.Column("released_at", UtcDateTime),
    # Somebody, or an event, wants a pass now.
    sa.Column("wanted_at", UtcDateTime),
    # Whether its synchronizer hears of changes by notifications, since when that is so, and why not. Null: it was not told to.
    sa.Column("hears", sa.Boolean),
    sa.Column("hears_since", UtcDateTime),
    sa.Column("hears_why", sa.Text),
    # Why its synchronizer goes on by the policy as it was: the file can't be read any more.
    sa.Column("policy_problem", sa.Text),
)

sync_rules = sa.Table(
    "sync_rules",
    metadata,
    # What rules that adopt must know of a machine, whether it is a server or not, for as long as the source exists.
    sa.Column("source", sa.String(63), primary_key=True),
    sa.Column("machine", sa.String(255), primary_key=True),
    # When somebody let go of its server, and who: no rule takes it again.
    sa.Column("let_go_at", UtcDateTime),
    sa.Column("let_go_by", sa.String(255)),
    # When rules began to adopt it.
    sa.Column("tries", _json, nullable=False),
)

sync_servers = sa.Table(
    "sync_servers",
    metadata,
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE"), primary_key=True),
    # By field, what both sides last had in common.
    sa.Column("agreed", _json, nullable=False),
    # By field that was ever written at the source, what it was before: what unmanaging puts back.
    sa.Column("origin", _json, nullable=False),
    # By field, when it was corrected, lately: who corrects the same thing again and again is not alone.
    sa.Column("turns", _json, nullable=False),
    # Of everything that the last comparison rested on: what the world told, the record's revision, the policy.
    sa.Column("stamp", sa.String(128), nullable=False),
)

drifts = sa.Table(
    "drifts",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("source", sa.String(63), nullable=False),
    sa.Column("machine", sa.String(255), nullable=False),
    # Null for a machine that no server has.
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE")),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("project", sa.String(64)),
    sa.Column("field", sa.String(16), nullable=False),
    sa.Column("record", _json),
    sa.Column("world", _json),
    sa.Column("agreed", _json),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("last_seen_at", UtcDateTime, nullable=False),
    sa.Column("operation", sa.String(36)),
    sa.UniqueConstraint("source", "machine", "field"),
    sa.Index(None, "server", "id"),
    sa.Index(None, "source", "id"),
    sa.Index(None, "state", "id"),
    sa.Index(None, "field", "id"),
    sa.Index(None, "project", "id"),
)
