"""Clusters and nodes as clients send and see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from corral.api import render, render_operations
from corral.api.context import Context
from corral.api.schemas import Name, Uuid
from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.errors import NotFound
from corral.domain.machine import is_uuid
from corral.engine import Operation
from corral.extensions.registry import Listed


def _once(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise ValueError("each is given once")
    return names


ExtensionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ExtensionNames = Annotated[list[ExtensionName], Field(max_length=32), AfterValidator(_once)]
Role = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Roles = Annotated[list[Role], Field(max_length=64), AfterValidator(_once)]
Meta = dict[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that the client sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class NewCluster(_Strict):
    """A cluster. Without `extensions` it has the default ones."""

    name: Name
    attributes: Meta = Field(default_factory=dict)
    extensions: ExtensionNames | None = None


class ClusterFields(_Strict):
    """What to change of a cluster; what is not sent stays."""

    name: Name = ""
    attributes: Meta = Field(default_factory=dict)


class ExtensionList(_Strict):
    """Extensions, in the order in which they act."""

    extensions: ExtensionNames


class Migration(_Strict):
    """Move the layouts of a cluster's nodes to this extension."""

    to: ExtensionName


class NodeFields(_Strict):
    """A node. `meta`: what its agent told: `disks` [{name, disk, extra, size, model, removable}], `memory` {total}, in bytes;
    `agent` {host, host_key, port, user}. When a node is changed, what is not sent stays."""

    name: Name = ""
    source: Annotated[str, StringConstraints(max_length=63)] | None = None
    machine: Annotated[str, StringConstraints(max_length=255)] | None = None
    cluster: Uuid | None = None
    roles: Roles = Field(default_factory=list)
    meta: Meta = Field(default_factory=dict)
    status: NodeStatus = NodeStatus.DISCOVER

    def given(self) -> dict[str, Any]:
        """The fields that the client sent, as a node has them."""
        fields = super().given()
        return {**fields, "roles": tuple(self.roles)} if "roles" in fields else fields

    @property
    def binds(self) -> bool:
        """Whether it says which machine the node is, or where its agent listens."""
        return bool(self.source or self.machine or "agent" in self.meta)


class NewNode(NodeFields):
    """A new node."""

    @model_validator(mode="after")
    def _named(self) -> NewNode:
        if not self.name:
            raise ValueError("a node has a name")
        return self


class RoleList(_Strict):
    """A node's roles, in order."""

    roles: Roles


class Erase(_Strict):
    """The explicit word for what can't be taken back: the node's disks are erased."""

    erase_disks: Annotated[bool, Field(description="Must be true.")]


def cluster(one: Cluster, base: str) -> dict[str, Any]:
    """A cluster. `operation`: the one that is changing it, or none."""
    return {
        "id": one.id,
        "name": one.name,
        "project_id": one.project,
        "attributes": dict(one.attributes),
        "extensions": list(one.extensions),
        "operation": one.busy,
        "created_at": render.time(one.created_at),
        "updated_at": render.time(one.updated_at),
        "links": render.links(base, "clusters", one.id),
    }


def node(one: Node, base: str) -> dict[str, Any]:
    """A node. `operation`: the one that is changing it, or none."""
    return {
        "id": one.id,
        "name": one.name,
        "project_id": one.project,
        "source": one.source,
        "machine": one.machine,
        "cluster": one.cluster,
        "roles": list(one.roles),
        "meta": dict(one.meta),
        "status": str(one.status),
        "operation": one.busy,
        "created_at": render.time(one.created_at),
        "updated_at": render.time(one.updated_at),
        "links": render.links(base, "nodes", one.id),
    }


def extension(one: Listed) -> dict[str, Any]:
    """An extension. `problem` says why it can't be used."""
    return {
        "name": one.name,
        "version": one.version,
        "description": one.description,
        "provides": list(one.provides),
        "problem": one.problem,
    }


def find_cluster(ctx: Context, uuid: str, action: str) -> Cluster:
    """The cluster, for that action. One that the caller may not even see does not exist for it."""
    found = ctx.corral.clusters.get(uuid.lower()) if is_uuid(uuid) else None
    if found is None or not ctx.allows("cluster:show", found.project):
        raise NotFound(f"No cluster has the id {uuid[:64]!r}.", fix="Look at `corral cluster list`.")
    ctx.check(action, found.project)
    return found


def find_node(ctx: Context, uuid: str, action: str) -> Node:
    """The node, for that action. One that the caller may not even see does not exist for it."""
    found = ctx.corral.nodes.get(uuid.lower()) if is_uuid(uuid) else None
    if found is None or not ctx.allows("node:show", found.project):
        raise NotFound(f"No node has the id {uuid[:64]!r}.", fix="Look at `corral node list`.")
    ctx.check(action, found.project)
    return found


def answered(ctx: Context, operation: Operation, done: int, shown: Callable[[], dict[str, Any] | None]) -> JSONResponse:
    """`shown` with status `done` when the operation is over, else 202 with the operation. The header names it either way."""
    marks = {"Corral-Operation": operation.uuid}
    if not operation.state.final:
        return JSONResponse({"operation": render_operations.operation(operation, ctx.base)}, 202, marks)
    return JSONResponse(shown(), done, marks)


def paged(
    entries: list[Any],
    limit: int,
    link: str,
    asked: dict[str, Any],
    marker: Callable[[Any], str] = lambda one: str(one.id),
) -> tuple[list[Any], dict[str, str]]:
    """One page of `limit` entries out of one more than that, and the link to the next page if there is one."""
    page = entries[:limit]
    if len(entries) <= limit:
        return page, {}
    kept = {key: str(value) for key, value in asked.items() if value not in (None, False)}
    return page, {"next": f"{link}?{urlencode({**kept, 'limit': limit, 'marker': marker(page[-1])})}"}
