"""The tables. Migrations in `migrations/versions` make them; a test holds the two together.

Rule for changes: expand first, contract a release later — the previous release must run on the new schema.
"""

from __future__ import annotations

import sqlalchemy as sa

from corral.engine.tables import UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

_json = sa.JSON(none_as_null=True)

servers = sa.Table(
    "servers",
    metadata,
    sa.Column("uuid", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("source", sa.String(63), nullable=False),
    sa.Column("machine", sa.String(255), nullable=False),
    sa.Column("machine_name", sa.String(255)),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("user", sa.String(64)),
    # SQLite asks no text how long it is, and would have to build the table anew to say something else.
    sa.Column("description", sa.String(4000).with_variant(sa.String(255), "sqlite")),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("power", sa.String(32)),
    sa.Column("flavor", sa.String(36), nullable=False),
    sa.Column("availability_zone", sa.String(255)),
    sa.Column("image", sa.String(36)),
    sa.Column("metadata", _json, nullable=False),
    # Null in what the releases before tags wrote.
    sa.Column("tags", _json),
    # What a VM is to be called at its hypervisor, since its server was renamed.
    sa.Column("vm_name", sa.String(255)),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("adopted", sa.Boolean, nullable=False),
    # Null in what the releases before composing wrote, and for every machine that nobody composed.
    sa.Column("composed", sa.Boolean),
    # The pod's id of the composed system: known before there is a node, and after it is gone.
    sa.Column("system", sa.String(255)),
    # Null for a node in what the releases before VMs wrote.
    sa.Column("kind", sa.String(16)),
    # The id of the host that had the VM when it was last acted upon; where it is now, surveys know.
    sa.Column("host", sa.String(255)),
    sa.Column("cpus", sa.Integer),
    sa.Column("memory", sa.BigInteger),
    sa.Column("warnings", _json, nullable=False),
    sa.Column("snapshot", _json, nullable=False),
    sa.Column("fault", _json),
    sa.Column("launched_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
    sa.Column("revision", sa.Integer, nullable=False),
    # One owner of a machine, and names that can be told apart: kept by the database, whoever writes.
    sa.UniqueConstraint("source", "machine"),
    sa.UniqueConstraint("project", "name"),
    sa.Index(None, "created_at", "uuid"),
    sa.Index(None, "name", "uuid"),
    sa.Index(None, "project", "created_at", "uuid"),
    sa.Index(None, "flavor"),
)

server_nics = sa.Table(
    "server_nics",
    metadata,
    sa.Column("port", sa.String(36), primary_key=True),
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("network", sa.String(36), nullable=False),
    sa.Column("mac", sa.String(64), nullable=False),
    sa.Column("addresses", _json, nullable=False),
    sa.Column("port_type", sa.String(255)),
    sa.Column("made", sa.Boolean, nullable=False),
    sa.Column("plugged", sa.Boolean, nullable=False),
)

server_macs = sa.Table(
    "server_macs",
    metadata,
    # A machine's MACs, normalised: no two managed machines share one.
    sa.Column("mac", sa.String(64), primary_key=True),
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE"), nullable=False, index=True),
)

server_volumes = sa.Table(
    "server_volumes",
    metadata,
    # What a VM had when it was adopted, in its own order; `id` is the hypervisor's, which lasts.
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(255), nullable=False),
    sa.Column("facts", _json, nullable=False),
)

server_vm_nics = sa.Table(
    "server_vm_nics",
    metadata,
    sa.Column("server", sa.String(36), sa.ForeignKey("servers.uuid", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(255), nullable=False),
    sa.Column("mac", sa.String(64), nullable=False),
    # Its addresses alone, so that a server can be found by one of them.
    sa.Column("addresses", _json, nullable=False),
    sa.Column("facts", _json, nullable=False),
)

flavors = sa.Table(
    "flavors",
    metadata,
    sa.Column("uuid", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False, unique=True),
    sa.Column("description", sa.String(255)),
    sa.Column("resources", _json, nullable=False),
    sa.Column("resource_aggregates", _json, nullable=False),
    sa.Column("is_public", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("projects", _json, nullable=False),
    sa.Column("compose", _json),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
)

compose_attempts = sa.Table(
    "compose_attempts",
    metadata,
    # The name that the system of this attempt bears at the pod, written before the pod is asked.
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("pod", sa.String(63), nullable=False, index=True),
    sa.Column("server", sa.String(36), nullable=False, index=True),
    sa.Column("operation", sa.String(36), nullable=False),
    sa.Column("blocks", _json, nullable=False),
    # The pod's id of the system, as soon as it was read back.
    sa.Column("system", sa.String(512)),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

compose_claims = sa.Table(
    "compose_claims",
    metadata,
    # No two attempts have the same share of a block; a block that can't be shared has one slot, 0.
    sa.Column("pod", sa.String(63), primary_key=True),
    sa.Column("block", sa.String(512), primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column(
        "name",
        sa.String(128),
        sa.ForeignKey("compose_attempts.name", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

pod_leases = sa.Table(
    "pod_leases",
    metadata,
    # One composer at a time: pods were seen to check first and write later.
    sa.Column("pod", sa.String(63), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("until", UtcDateTime, nullable=False),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("uuid", sa.String(36), primary_key=True),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("user", sa.String(64)),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("applied_at", UtcDateTime),
    # Of a plan so small that they were started together.
    sa.Column("operations", _json, nullable=False),
    sa.Column("paused_at", UtcDateTime),
    sa.Column("cancelled_at", UtcDateTime),
    # The operation that starts the others.
    sa.Column("feeder", sa.String(36)),
)

plan_items = sa.Table(
    "plan_items",
    metadata,
    sa.Column("plan", sa.String(36), sa.ForeignKey("plans.uuid", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(63), nullable=False),
    sa.Column("machine", sa.String(255), nullable=False),
    sa.Column("machine_name", sa.String(255)),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("basis", sa.String(64), nullable=False),
    sa.Column("request", _json, nullable=False),
    sa.Column("reasons", _json, nullable=False),
    sa.Column("steps", _json, nullable=False),
    # Null in what the previous release wrote: there the steps tell, which a blocked machine has none of.
    sa.Column("adoptable", sa.Boolean),
    sa.Column("operation", sa.String(36)),
    # Why its operation could not be started.
    sa.Column("error", _json),
)

proofs = sa.Table(
    "proofs",
    metadata,
    # Outlives the server: what was done to a machine must be tellable after it was let go.
    sa.Column("operation", sa.String(36), primary_key=True),
    sa.Column("server", sa.String(36), nullable=False, index=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("user", sa.String(64)),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("source", sa.String(63), nullable=False),
    sa.Column("machine", sa.String(255), nullable=False),
    sa.Column("before", _json),
    sa.Column("after", _json),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

calls = sa.Table(
    "calls",
    metadata,
    # Integer, not BigInteger: only INTEGER PRIMARY KEY counts by itself in SQLite.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("operation", sa.String(36), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("service", sa.String(32), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("path", sa.String(1024), nullable=False),
    sa.Column("outcome", sa.String(255), nullable=False),
    sa.Column("allowed", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("user", sa.String(64)),
    sa.Column("project", sa.String(64)),
    sa.Column("request_id", sa.String(64)),
    sa.Column("subject", sa.String(36), index=True),
    sa.Column("machine", sa.String(255), index=True),
    sa.Column("operation", sa.String(36), index=True),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("code", sa.String(64)),
    sa.Column("reasons", _json),
    sa.Column("detail", _json, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("uuid", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False, unique=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.String(255), nullable=False),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    # By the database's clock: until then it is somebody's turn.
    sa.Column("until", UtcDateTime, nullable=False),
)

clusters = sa.Table(
    "clusters",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("attributes", _json, nullable=False),
    # A list, because its order is the order in which extensions act.
    sa.Column("extensions", _json, nullable=False),
    sa.Column("busy", sa.String(36)),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("project", "name"),
    sa.Index(None, "name", "id"),
)

cluster_nodes = sa.Table(
    "cluster_nodes",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("project", sa.String(64), nullable=False),
    sa.Column("source", sa.String(63)),
    sa.Column("machine", sa.String(255)),
    # No cascade: a cluster that has nodes is not deleted by mistake.
    sa.Column("cluster", sa.String(36), sa.ForeignKey("clusters.id"), index=True),
    sa.Column("roles", _json, nullable=False),
    sa.Column("meta", _json, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("busy", sa.String(36)),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.UniqueConstraint("source", "machine"),
    sa.UniqueConstraint("project", "name"),
    sa.Index(None, "name", "id"),
)
