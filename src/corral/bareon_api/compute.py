"""From disks and schema to a layout, and back to what is on each disk after an edit.

Rule: the computation is `layouts`', the same that Corral's volume_manager uses, so that nobody can tell the two apart; here it is
only put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corral.bareon_api.objects import Partitioning
from corral.layouts.nailgun import (
    NodeDisks,
    Schema,
    Version,
    compute,
    default_schema,
    disks_form,
    known_node,
    layout_of,
    read_schema,
    read_spaces,
    renewed,
    set_disks,
    volumes_form,
)
from corral.layouts.read_nailgun_simple import read_nailgun_simple
from corral.layouts.writers import nailgun_simple

Json = Mapping[str, Any]


class Target(StrEnum):
    """The agents that a layout can be written for."""

    BAREON = "bareon"
    BAREON_0_0_1A3 = "bareon-0.0.1a3"
    FUEL_AGENT = "fuel-agent"


@dataclass(frozen=True)
class Shape:
    """What a layout follows from."""

    node: NodeDisks
    schema: Schema

    @classmethod
    def of(cls, facts: Json, disks: Sequence[Json]) -> Shape:
        """The shape of a node. Without a schema its roles count for nothing. Raises Invalid."""
        schema = facts.get("schema")
        roles = facts.get("roles", []) if schema is not None else []
        meta = {"memory": (facts.get("meta") or {}).get("memory") or {}, "disks": list(disks)}
        told = {"os": facts.get("os"), "images_ceph": facts.get("images_ceph", False), "roles": roles, "meta": meta}
        return cls(known_node(told), default_schema(Version.LEGACY) if schema is None else read_schema(schema))

    def basis(self) -> tuple[Any, ...]:
        """What an edited layout is good for: these disks, where they are now, and these volumes. What else an agent tells of
        a disk, or of memory, takes nobody's edit away."""
        disks = [(one.name, one.path, one.extra, one.size, one.sector) for one in self.node.disks]
        return disks, self.node.roles, self.node.images_ceph, self.schema


def spaces(shape: Shape) -> list[dict[str, Any]]:
    """What is on each disk by default. Raises Invalid."""
    return compute(shape.node, shape.schema).as_json()


def spaces_renewed(before: Sequence[Json], edited: bool, shape: Shape) -> tuple[list[dict[str, Any]], bool]:
    """The spaces of a node that has changed, and whether somebody's edits are still in them. Raises Invalid."""
    made, kept = renewed(read_spaces(before), edited, shape.node, shape.schema)
    return made.as_json(), kept


def spaces_set(before: Sequence[Json], wanted: Sequence[Any], shape: Shape) -> list[dict[str, Any]]:
    """The spaces as a user wants them, told in the simple form. Raises Invalid, and says which disk or volume is in the way."""
    return set_disks(read_spaces(before), wanted, shape.node, shape.schema).as_json()


def simple(of: Sequence[Json]) -> list[dict[str, Any]]:
    """Spaces in the simple form: [{id, name, size, volumes: [{name, size, keep_data}], extra, bootable}], in MiB."""
    return disks_form(read_spaces(of))


def partitioning(shape: Shape, of: Sequence[Json]) -> dict[str, Any]:
    """The layout that follows from spaces, as today's bareon reads it. Raises Invalid, Refused."""
    layout = layout_of(shape.node, read_spaces(of))
    if not layout.tables:
        return Partitioning().as_json()  # a node without role: agents are not sent there
    return nailgun_simple.partitioning(layout, nailgun_simple.BAREON)


def written_for(target: Target, layout: Partitioning, disks: Sequence[Json]) -> dict[str, Any]:
    """A layout as that agent reads it. Raises Refused with everything that the agent would do otherwise."""
    return nailgun_simple.partitioning(read_nailgun_simple(layout.as_json(), disks), nailgun_simple.DIALECTS[target])


def volumes(shape: Shape) -> list[dict[str, Any]]:
    """[{name, label, min_size}]: what may be on the disks, in MiB."""
    return volumes_form(shape.node, shape.schema)
