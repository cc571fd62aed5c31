"""Nodes, their disks and their provisioning. Disks are answered by the extension of the node's cluster that lays them out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from corral.api import estate, render_operations
from corral.api.context import Context, Ctx, Limit, Marker
from corral.api.estate import Erase, NewNode, NodeFields, RoleList, find_node
from corral.domain.cluster import NodeStatus
from corral.domain.errors import Invalid
from corral.engine import Operation
from corral.store.nodes import NodeFilter

router = APIRouter(prefix="/v1/nodes", tags=["nodes"])
Entries = list[dict[str, Any]]
MAX_IDS = 500


def _shown(ctx: Context, operation: Operation, uuid: str, done: int = 200) -> JSONResponse:
    return estate.answered(ctx, operation, done, lambda: estate.node(ctx.corral.nodes.get(uuid), ctx.base))


@router.get("", summary="List nodes, by name")
def list_nodes(
    ctx: Ctx,
    name: Annotated[str | None, Query(max_length=255)] = None,
    cluster: Annotated[str | None, Query(max_length=36)] = None,
    status: NodeStatus | None = None,
    all_projects: bool = False,
    limit: Limit = 100,
    marker: Marker = None,
) -> dict[str, Any]:
    ctx.check("node:list_all_projects" if all_projects else "node:list")
    project = None if all_projects else ctx.project
    where = NodeFilter(project=project, name=name, cluster=cluster, status=str(status) if status else None)
    found = ctx.corral.nodes.page(where, limit=limit + 1, marker=marker)
    asked = {"name": name, "cluster": cluster, "status": status, "all_projects": all_projects}
    page, link = estate.paged(found, limit, f"{ctx.base}/v1/nodes", asked)
    return {"nodes": [estate.node(one, ctx.base) for one in page], **link}


@router.post("", status_code=201, summary="Create a node", responses={202: {}, 409: {}})
def create(ctx: Ctx, body: NewNode) -> JSONResponse:
    """Whoever binds it to a machine, or says where its agent listens, must be an admin."""
    ctx.check("node:create")
    if body.binds:
        ctx.check("node:bind")
    operation = ctx.corral.nodes.create(body.given(), ctx.actor, key=ctx.key)
    return _shown(ctx, operation, str(operation.subject), 201)


@router.delete("", summary="Forget several nodes, all or none", responses={202: {}, 409: {}})
def delete_many(
    ctx: Ctx, ids: Annotated[str, Query(min_length=1, max_length=40 * MAX_IDS, description="Ids, with commas.")]
) -> JSONResponse:
    """Their machines are not touched."""
    wanted = list(dict.fromkeys(one.strip() for one in ids.split(",") if one.strip()))
    if not 1 <= len(wanted) <= MAX_IDS:
        raise Invalid(f"{len(wanted)} ids are given.", fix=f"Give 1 to {MAX_IDS}.")
    found = [find_node(ctx, one, "node:delete") for one in wanted]
    operation = ctx.corral.nodes.delete_many(found, ctx.actor, key=ctx.key)
    return estate.answered(ctx, operation, 200, lambda: {"deleted": [one.id for one in found]})


@router.get("/{uuid}", summary="Show a node")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    return estate.node(find_node(ctx, uuid, "node:show"), ctx.base)


@router.put("/{uuid}", summary="Change a node, or move it to another cluster", responses={202: {}, 409: {}})
def update(ctx: Ctx, uuid: str, body: NodeFields) -> JSONResponse:
    """Extensions hear of it when roles, cluster or disks changed, unless the node is provisioning or deploying."""
    found = find_node(ctx, uuid, "node:update")
    values = body.given()
    if not values:
        raise Invalid("Nothing is to be changed.", fix="Send at least one field.")
    _check_binding(ctx, found, values)
    return _shown(ctx, ctx.corral.nodes.update(found, values, ctx.actor, key=ctx.key), found.id)


def _check_binding(ctx: Context, found: Any, values: dict[str, Any]) -> None:
    """Whoever changes what would be erased must be an admin."""
    bound = (found.source, found.machine, found.meta.get("agent"))
    meta = values.get("meta", found.meta)
    if bound != (values.get("source", found.source), values.get("machine", found.machine), meta.get("agent")):
        ctx.check("node:bind", found.project)


@router.delete("/{uuid}", summary="Forget a node", responses={202: {}, 409: {}})
def delete(ctx: Ctx, uuid: str) -> JSONResponse:
    """Its machine is not touched."""
    found = find_node(ctx, uuid, "node:delete")
    operation = ctx.corral.nodes.delete(found, ctx.actor, key=ctx.key)
    return estate.answered(ctx, operation, 200, lambda: {"deleted": [found.id]})


@router.put("/{uuid}/roles", summary="Give a node its roles", responses={202: {}, 409: {}})
def set_roles(ctx: Ctx, uuid: str, body: RoleList) -> JSONResponse:
    """A node without roles has no default layout, only service partitions."""
    found = find_node(ctx, uuid, "node:update")
    operation = ctx.corral.nodes.update(found, {"roles": tuple(body.roles)}, ctx.actor, key=ctx.key)
    return _shown(ctx, operation, found.id)


@router.post("/{uuid}/reset", summary="Make a node as if it had just been found", responses={202: {}, 409: {}})
def reset(ctx: Ctx, uuid: str) -> JSONResponse:
    """Its disks are not touched; what is wanted on them is back to the default."""
    found = find_node(ctx, uuid, "node:reset")
    return _shown(ctx, ctx.corral.nodes.reset(found, ctx.actor, key=ctx.key), found.id)


@router.get("/{uuid}/disks", summary="Show how a node's disks are to be laid out")
def disks(ctx: Ctx, uuid: str) -> Entries:
    return ctx.corral.nodes.disks(find_node(ctx, uuid, "node:show"))


@router.put("/{uuid}/disks", summary="Lay out a node's disks as wanted", responses={409: {}})
def set_disks(ctx: Ctx, uuid: str, body: Annotated[Entries, Body(max_length=1000)]) -> Entries:
    """Nothing is written to the disks before the node is provisioned."""
    return ctx.corral.nodes.set_disks(find_node(ctx, uuid, "node:disks"), body, ctx.actor)


@router.get("/{uuid}/disks/defaults", summary="Show how a node's disks would be laid out by default")
def default_disks(ctx: Ctx, uuid: str) -> Entries:
    return ctx.corral.nodes.default_disks(find_node(ctx, uuid, "node:show"))


@router.get("/{uuid}/volumes", summary="Show what may be placed on a node's disks")
def volumes(ctx: Ctx, uuid: str) -> Entries:
    return ctx.corral.nodes.volumes(find_node(ctx, uuid, "node:show"))


@router.get("/{uuid}/provisioning", summary="Show a node's provisioning data")
def provisioning(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """What the extensions of its cluster make of it, in their order. Changes nothing."""
    return ctx.corral.nodes.provisioning(find_node(ctx, uuid, "node:show"))


@router.post("/{uuid}/provision", status_code=202, summary="Erase a node and lay it out anew")
def provision(ctx: Ctx, uuid: str, body: Erase) -> dict[str, Any]:
    """Refused for a machine that is managed, claimed or active, and for a node that was not reset since it was provisioned."""
    found = find_node(ctx, uuid, "node:provision")
    if not body.erase_disks:
        raise Invalid("Provisioning erases the node's disks.", fix='Say so: {"erase_disks": true}.')
    return {
        "operation": render_operations.operation(ctx.corral.nodes.provision(found, ctx.actor, key=ctx.key), ctx.base)
    }
