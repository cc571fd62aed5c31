"""Clusters, and the extensions that act on their nodes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from corral.api import estate, render_operations
from corral.api.context import Context, Ctx, Limit, Marker
from corral.api.estate import ClusterFields, ExtensionList, ExtensionNames, Migration, NewCluster, find_cluster
from corral.domain.errors import Invalid
from corral.engine import Operation
from corral.store.clusters import ClusterFilter

router = APIRouter(prefix="/v1/clusters", tags=["clusters"])


def _shown(ctx: Context, operation: Operation, uuid: str, done: int = 200) -> JSONResponse:
    return estate.answered(ctx, operation, done, lambda: estate.cluster(ctx.corral.clusters.get(uuid), ctx.base))


@router.get("", summary="List clusters, by name")
def list_clusters(
    ctx: Ctx,
    name: Annotated[str | None, Query(max_length=255)] = None,
    all_projects: bool = False,
    limit: Limit = 100,
    marker: Marker = None,
) -> dict[str, Any]:
    ctx.check("cluster:list_all_projects" if all_projects else "cluster:list")
    where = ClusterFilter(project=None if all_projects else ctx.project, name=name)
    found = ctx.corral.clusters.page(where, limit=limit + 1, marker=marker)
    asked = {"name": name, "all_projects": all_projects}
    page, link = estate.paged(found, limit, f"{ctx.base}/v1/clusters", asked)
    return {"clusters": [estate.cluster(one, ctx.base) for one in page], **link}


@router.post("", status_code=201, summary="Create a cluster", responses={202: {}, 409: {}})
def create(ctx: Ctx, body: NewCluster) -> JSONResponse:
    ctx.check("cluster:create")
    operation = ctx.corral.clusters.create(body.name, body.attributes, body.extensions, ctx.actor, key=ctx.key)
    return _shown(ctx, operation, str(operation.subject), 201)


@router.get("/{uuid}", summary="Show a cluster")
def show(ctx: Ctx, uuid: str) -> dict[str, Any]:
    return estate.cluster(find_cluster(ctx, uuid, "cluster:show"), ctx.base)


@router.put("/{uuid}", summary="Change a cluster's name or attributes", responses={202: {}, 409: {}})
def update(ctx: Ctx, uuid: str, body: ClusterFields) -> JSONResponse:
    found = find_cluster(ctx, uuid, "cluster:update")
    if not (values := body.given()):
        raise Invalid("Nothing is to be changed.", fix="Send name or attributes.")
    return _shown(ctx, ctx.corral.clusters.update(found, values, ctx.actor, key=ctx.key), found.id)


@router.delete("/{uuid}", summary="Delete a cluster that has no nodes", responses={202: {}, 409: {}})
def delete(ctx: Ctx, uuid: str) -> JSONResponse:
    found = find_cluster(ctx, uuid, "cluster:delete")
    operation = ctx.corral.clusters.delete(found, ctx.actor, key=ctx.key)
    return estate.answered(ctx, operation, 200, lambda: {"deleted": [found.id]})


@router.get("/{uuid}/extensions", summary="Show a cluster's extensions, in the order in which they act")
def extensions(ctx: Ctx, uuid: str) -> dict[str, Any]:
    return {"extensions": list(find_cluster(ctx, uuid, "cluster:show").extensions)}


@router.put("/{uuid}/extensions", summary="Enable these extensions, in this order", responses={202: {}, 409: {}})
def set_extensions(ctx: Ctx, uuid: str, body: ExtensionList | ExtensionNames) -> JSONResponse:
    """The body is a list of names, or an object with one. Those that come take the cluster's nodes into their care; those that
    leave let them go. The one that lays out disks is exchanged by a migration only, while the cluster has nodes."""
    found = find_cluster(ctx, uuid, "cluster:extensions")
    names = body.extensions if isinstance(body, ExtensionList) else body
    return _enabled(ctx, ctx.corral.clusters.set_extensions(found, names, ctx.actor, key=ctx.key), found.id)


@router.delete("/{uuid}/extensions", summary="Disable extensions", responses={202: {}, 409: {}})
def remove_extensions(
    ctx: Ctx,
    uuid: str,
    extension_names: Annotated[str, Query(min_length=1, max_length=2000, description="Names, with commas.")],
) -> JSONResponse:
    found = find_cluster(ctx, uuid, "cluster:extensions")
    names = [name.strip() for name in extension_names.split(",") if name.strip()]
    return _enabled(ctx, ctx.corral.clusters.remove_extensions(found, names, ctx.actor, key=ctx.key), found.id)


def _enabled(ctx: Context, operation: Operation, uuid: str) -> JSONResponse:
    now = ctx.corral.clusters.get
    return estate.answered(ctx, operation, 200, lambda: {"extensions": list(now(uuid).extensions)})


@router.post("/{uuid}/extensions/migrate", status_code=202, summary="Move all disk layouts to another extension")
def migrate(ctx: Ctx, uuid: str, body: Migration) -> dict[str, Any]:
    """Each layout is copied, read back and compared before the cluster is switched over. Nodes notice nothing."""
    found = find_cluster(ctx, uuid, "cluster:extensions")
    operation = ctx.corral.clusters.migrate_extension(found, body.to, ctx.actor, key=ctx.key)
    return {"operation": render_operations.operation(operation, ctx.base)}
