"""Clusters, and their nodes."""

import sqlalchemy as sa
from alembic import op

from corral.engine.tables import UtcDateTime

revision = "0003"
down_revision = "0002"

_json = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("attributes", _json, nullable=False),
        sa.Column("extensions", _json, nullable=False),
        sa.Column("busy", sa.String(36)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
        sa.UniqueConstraint("project", "name", name="uq_clusters_project_name"),
    )
    op.create_index("ix_clusters_name_id", "clusters", ["name", "id"])
    _nodes()


def _nodes() -> None:
    op.create_table(
        "cluster_nodes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("project", sa.String(64), nullable=False),
        sa.Column("source", sa.String(63)),
        sa.Column("machine", sa.String(255)),
        sa.Column("cluster", sa.String(36)),
        sa.Column("roles", _json, nullable=False),
        sa.Column("meta", _json, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("busy", sa.String(36)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cluster_nodes"),
        sa.ForeignKeyConstraint(["cluster"], ["clusters.id"], name="fk_cluster_nodes_cluster_clusters"),
        sa.UniqueConstraint("source", "machine", name="uq_cluster_nodes_source_machine"),
        sa.UniqueConstraint("project", "name", name="uq_cluster_nodes_project_name"),
    )
    op.create_index("ix_cluster_nodes_cluster", "cluster_nodes", ["cluster"])
    op.create_index("ix_cluster_nodes_name_id", "cluster_nodes", ["name", "id"])


def downgrade() -> None:
    op.drop_table("cluster_nodes")
    op.drop_table("clusters")
