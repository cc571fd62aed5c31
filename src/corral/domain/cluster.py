"""Clusters, and the nodes in them: what is deployed together, and which extensions act on it, in which order.

A node may be bound to a machine of a source, but need not be: an agent may have told of it. Rule: what an extension keeps of a
node (its disk layout, say) is the extension's own, and never here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class NodeStatus(StrEnum):
    """How far a node is. The values are those that deployers of the field report."""

    DISCOVER = "discover"  # known, nothing of ours is on its disks
    PROVISIONING = "provisioning"
    PROVISIONED = "provisioned"
    DEPLOYING = "deploying"
    READY = "ready"
    ERROR = "error"

    @property
    def under_way(self) -> bool:
        """Something writes to the node right now: its layout must hold still."""
        return self in (NodeStatus.PROVISIONING, NodeStatus.DEPLOYING)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Nodes that are deployed together. `extensions`: names, in the order in which they act. `busy`: the operation that is
    changing the cluster, or None."""

    id: str
    name: str
    project: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    busy: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    revision: int = 0

    def as_json(self) -> dict[str, Any]:
        """What operations carry: everything but times, revision and busy."""
        return {
            "id": self.id,
            "name": self.name,
            "project": self.project,
            "attributes": dict(self.attributes),
            "extensions": list(self.extensions),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Cluster:
        """What `as_json` gave."""
        return cls(**{**data, "extensions": tuple(data["extensions"])})


@dataclass(frozen=True, slots=True)
class Node:
    """A node. `source` and `machine`: what it is bound to, both or neither. `roles` in order. `meta`: what its agent told,
    `disks` [{name, disk, extra, size (bytes), model, removable, …}] and `memory` {total (bytes)} of it. `busy`: the operation
    that is changing the node, or None."""

    id: str
    name: str
    project: str
    source: str | None = None
    machine: str | None = None
    cluster: str | None = None
    roles: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    status: NodeStatus = NodeStatus.DISCOVER
    busy: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    revision: int = 0

    @property
    def disks(self) -> Sequence[Mapping[str, Any]]:
        """The disks that the node's agent told of."""
        disks: Sequence[Mapping[str, Any]] = self.meta.get("disks") or ()
        return disks

    def as_json(self) -> dict[str, Any]:
        """What operations carry: everything but times, revision and busy."""
        plain = ("id", "name", "project", "source", "machine", "cluster")
        told = {"roles": list(self.roles), "meta": dict(self.meta), "status": str(self.status)}
        return {**{name: getattr(self, name) for name in plain}, **told}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Node:
        """What `as_json` gave."""
        return cls(**{**data, "roles": tuple(data["roles"]), "status": NodeStatus(data["status"])})

    def like(self, data: Mapping[str, Any]) -> Node:
        """This node with the values that `as_json` gave, keeping its own times, revision and busy."""
        other = Node.from_json(data)
        kept = {name: getattr(self, name) for name in ("busy", "created_at", "updated_at", "revision")}
        return replace(other, **kept)


def concerns_layout(before: Node, after: Node) -> bool:
    """Whether extensions must hear of the change: nothing writes to the node now, and roles, cluster or disks differ, or may
    have become others while something wrote to it, of which nobody was told then."""
    changed = (before.roles, before.cluster, list(before.disks)) != (after.roles, after.cluster, list(after.disks))
    return not after.status.under_way and (changed or before.status.under_way)
