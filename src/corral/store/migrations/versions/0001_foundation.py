"""The foundation: operations, servers, flavors, plans, proofs, audit, tokens."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0001"
down_revision = None

_uuid = sa.String(36)
_json = sa.JSON(none_as_null=True)
_counter = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _operations()
    _servers()
    _plans()
    _proofs()
    _others()


def downgrade() -> None:
    for table in (
        "tokens", "audit", "calls", "proofs", "plan_items", "plans", "flavors", "server_macs", "server_nics", "servers",
        "flow_claims", "operation_events", "operations",
    ):  # fmt: skip
        op.drop_table(table)


def _operations() -> None:
    op.create_table(
        "operations",
        sa.Column("uuid", _uuid, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("flow_version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("params", _json, nullable=False),
        sa.Column("key", sa.String(255)),
        sa.Column("subject", _uuid),
        sa.Column("source", sa.String(255)),
        sa.Column("machine", sa.String(255)),
        sa.Column("project_id", sa.String(64)),
        sa.Column("user_id", sa.String(64)),
        sa.Column("step", sa.String(255)),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("result", _json),
        sa.Column("error", _json),
        sa.Column("needs_attention", sa.Text),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("retry_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.PrimaryKeyConstraint("uuid", name="pk_operations"),
    )
    op.create_index("ix_operations_created_at_uuid", "operations", ["created_at", "uuid"])
    op.create_index("ix_operations_state_created_at", "operations", ["state", "created_at"])
    op.create_index("ix_operations_subject_created_at", "operations", ["subject", "created_at"])
    op.create_index("ix_operations_project_id_created_at", "operations", ["project_id", "created_at"])
    op.create_table(
        "operation_events",
        sa.Column("operation", _uuid, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("step", sa.String(64)),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("fraction", sa.Float),
        sa.PrimaryKeyConstraint("operation", "seq", name="pk_operation_events"),
        sa.ForeignKeyConstraint(
            ["operation"], ["operations.uuid"], ondelete="CASCADE", name="fk_operation_events_operation_operations"
        ),
    )
    op.create_table(
        "flow_claims",
        sa.Column("operation", _uuid, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("claimed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("operation", name="pk_flow_claims"),
        sa.ForeignKeyConstraint(
            ["operation"], ["operations.uuid"], ondelete="CASCADE", name="fk_flow_claims_operation_operations"
        ),
    )


def _servers() -> None:
    op.create_table(
        "servers",
        sa.Column("uuid", _uuid, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("machine_name", sa.String(255)),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64)),
        sa.Column("description", sa.String(255)),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("power", sa.String(32)),
        sa.Column("flavor", _uuid, nullable=False),
        sa.Column("availability_zone", sa.String(255)),
        sa.Column("image", _uuid),
        sa.Column("metadata", _json, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("adopted", sa.Boolean, nullable=False),
        sa.Column("warnings", _json, nullable=False),
        sa.Column("snapshot", _json, nullable=False),
        sa.Column("fault", _json),
        sa.Column("launched_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_servers"),
        sa.UniqueConstraint("source", "machine", name="uq_servers_source_machine"),
        sa.UniqueConstraint("project", "name", name="uq_servers_project_name"),
    )
    op.create_index("ix_servers_created_at_uuid", "servers", ["created_at", "uuid"])
    op.create_index("ix_servers_name_uuid", "servers", ["name", "uuid"])
    op.create_index("ix_servers_project_created_at_uuid", "servers", ["project", "created_at", "uuid"])
    op.create_index("ix_servers_flavor", "servers", ["flavor"])
    op.create_table(
        "server_nics",
        sa.Column("port", _uuid, nullable=False),
        sa.Column("server", _uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("network", _uuid, nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("addresses", _json, nullable=False),
        sa.Column("port_type", sa.String(255)),
        sa.Column("made", sa.Boolean, nullable=False),
        sa.Column("plugged", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("port", name="pk_server_nics"),
        sa.ForeignKeyConstraint(["server"], ["servers.uuid"], ondelete="CASCADE", name="fk_server_nics_server_servers"),
    )
    op.create_index("ix_server_nics_server", "server_nics", ["server"])
    op.create_table(
        "server_macs",
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("server", _uuid, nullable=False),
        sa.PrimaryKeyConstraint("mac", name="pk_server_macs"),
        sa.ForeignKeyConstraint(["server"], ["servers.uuid"], ondelete="CASCADE", name="fk_server_macs_server_servers"),
    )
    op.create_index("ix_server_macs_server", "server_macs", ["server"])
    op.create_table(
        "flavors",
        sa.Column("uuid", _uuid, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.String(255)),
        sa.Column("resources", _json, nullable=False),
        sa.Column("resource_aggregates", _json, nullable=False),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("projects", _json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.PrimaryKeyConstraint("uuid", name="pk_flavors"),
        sa.UniqueConstraint("name", name="uq_flavors_name"),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("uuid", _uuid, nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("applied_at", UtcDateTime),
        sa.Column("operations", _json, nullable=False),
        sa.PrimaryKeyConstraint("uuid", name="pk_plans"),
    )
    op.create_table(
        "plan_items",
        sa.Column("plan", _uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("machine_name", sa.String(255)),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("request", _json, nullable=False),
        sa.Column("reasons", _json, nullable=False),
        sa.Column("steps", _json, nullable=False),
        sa.PrimaryKeyConstraint("plan", "position", name="pk_plan_items"),
        sa.ForeignKeyConstraint(["plan"], ["plans.uuid"], ondelete="CASCADE", name="fk_plan_items_plan_plans"),
    )


def _proofs() -> None:
    op.create_table(
        "proofs",
        sa.Column("operation", _uuid, nullable=False),
        sa.Column("server", _uuid, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64)),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("source", sa.String(63), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("before", _json),
        sa.Column("after", _json),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("operation", name="pk_proofs"),
    )
    op.create_index("ix_proofs_server", "proofs", ["server"])
    op.create_table(
        "calls",
        sa.Column("id", _counter, nullable=False),
        sa.Column("operation", _uuid, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("service", sa.String(32), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("path", sa.String(1024), nullable=False),
        sa.Column("outcome", sa.String(255), nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_operation", "calls", ["operation"])


def _others() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _counter, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64)),
        sa.Column("project", sa.String(64)),
        sa.Column("request_id", sa.String(64)),
        sa.Column("subject", _uuid),
        sa.Column("operation", _uuid),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", _json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "tokens",
        sa.Column("uuid", _uuid, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.PrimaryKeyConstraint("uuid", name="pk_tokens"),
        sa.UniqueConstraint("name", name="uq_tokens_name"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )
