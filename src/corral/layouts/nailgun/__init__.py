"""Layouts by role, as Nailgun's volume_manager computed them: a node and a schema give spaces, spaces give an exact layout.

Rule: pure functions; the same input gives the same answer, to the last number.
"""

from corral.layouts.nailgun.checks import (
    deployment_checks,
    not_partitioned,
    refuse_other_disks,
    refuse_other_roles,
    refuse_short,
)
from corral.layouts.nailgun.clustered import cluster_node, schema_of
from corral.layouts.nailgun.compute import compute
from corral.layouts.nailgun.edits import renewed, set_disks
from corral.layouts.nailgun.layout import layout_of
from corral.layouts.nailgun.matching import same_disks
from corral.layouts.nailgun.node import NodeDisks, known_node, read_node
from corral.layouts.nailgun.schema import Schema, Version, default_schema, load_schema, read_schema
from corral.layouts.nailgun.spaces import Spaces, read_spaces
from corral.layouts.nailgun.views import disks_form, volumes_form

__all__ = [
    "NodeDisks",
    "Schema",
    "Spaces",
    "Version",
    "cluster_node",
    "compute",
    "default_schema",
    "deployment_checks",
    "disks_form",
    "known_node",
    "layout_of",
    "load_schema",
    "not_partitioned",
    "read_node",
    "read_schema",
    "read_spaces",
    "refuse_other_disks",
    "refuse_other_roles",
    "refuse_short",
    "renewed",
    "same_disks",
    "schema_of",
    "set_disks",
    "volumes_form",
]
