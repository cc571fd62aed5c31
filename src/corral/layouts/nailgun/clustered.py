"""What a node of a cluster is laid out from. All who lay such nodes out ask here, so that they come to the same layout."""

from __future__ import annotations

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Invalid
from corral.layouts.nailgun import reading
from corral.layouts.nailgun.node import NodeDisks, known_node
from corral.layouts.nailgun.schema import Schema, default_schema, read_schema

SCHEMA = "volumes_metadata"
"""The cluster's attribute that has its own schema; without it, the default is used."""
IMAGES_CEPH = "images_ceph"
"""The cluster's attribute that says that Glance keeps its images in Ceph."""


def schema_of(cluster: Cluster | None) -> Schema:
    """The schema that a cluster's nodes are laid out by. Raises Invalid."""
    data = cluster.attributes.get(SCHEMA) if cluster else None
    return default_schema() if data is None else read_schema(data)


def cluster_node(node: Node, cluster: Cluster | None) -> tuple[NodeDisks, Schema]:
    """The node's facts and the schema. A node without cluster is one without roles, and so is one whose agent has told of no
    disks yet. Raises Invalid."""
    schema = schema_of(cluster)
    roles = node.roles if cluster and node.disks else ()
    ceph = cluster.attributes.get(IMAGES_CEPH, False) if cluster else False
    if len(roles) > 64:
        raise Invalid(f"The node has {len(roles)} roles.", fix="At most 64 are taken.")
    return known_node(
        {"roles": list(roles), "images_ceph": reading.flag(ceph, f"attributes.{IMAGES_CEPH}"), "meta": dict(node.meta)}
    ), schema
