"""Servers: Mogan's resource, with manage, unmanage and the proof."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from corral.api import render, render_operations, render_plans
from corral.api.context import STORABLE, Context, Ctx, Fields, Limit, Marker, chosen, only
from corral.api.schemas import LockBody, ManageServer, Patch, PowerTargetBody
from corral.api.schemas_create import CreateServers
from corral.contracts.sources import PowerTarget
from corral.domain.errors import Invalid, NotSupported
from corral.domain.machine import is_uuid
from corral.domain.server import Kind, Server
from corral.engine import Operation
from corral.store.servers import ServerFilter
from corral.store.vm_records import LastSeen

router = APIRouter(prefix="/v1/servers", tags=["servers"])
_LET_GO = "unmanage; the machine is left as it runs"
_TORN_DOWN = "delete; the machine is torn down"
_Filter = Annotated[str | None, Query(max_length=255, pattern=STORABLE)]


class _Asked:
    """The filters, order and page that a list of servers takes."""

    def __init__(
        self,
        name: _Filter = None,
        status: _Filter = None,
        flavor_uuid: _Filter = None,
        flavor_name: _Filter = None,
        image_uuid: _Filter = None,
        ip: _Filter = None,
        source: _Filter = None,
        kind: Literal["node", "vm"] | None = None,
        project_id: _Filter = None,
        all_tenants: bool = False,
        limit: Limit = 1000,
        marker: Marker = None,
        sort_key: Literal["created_at", "name", "uuid"] = "created_at",
        sort_dir: Literal["asc", "desc"] = "desc",
        fields: Fields = None,
    ) -> None:
        self.kind = kind
        self.filters = {
            "name": name, "status": status, "flavor": flavor_uuid, "image": image_uuid, "address": ip, "source": source,
        }  # fmt: skip
        self.flavor_name, self.project_id, self.all_tenants = flavor_name, project_id, all_tenants
        self.limit, self.marker, self.sort_key, self.sort_dir, self.fields = limit, marker, sort_key, sort_dir, fields

    def where(self, ctx: Context) -> ServerFilter | None:
        """The filter, within what the caller may see; None when nothing can match."""
        filters = dict(self.filters)
        if self.flavor_name is not None:
            named = [
                one.uuid for one in ctx.corral.flavors.visible(ctx.project, admin=True) if one.name == self.flavor_name
            ]
            if not named or filters["flavor"] not in (None, named[0]):
                return None
            filters["flavor"] = named[0]
        # Servers live in the projects of their ports and owners. Who may see them all means them all, also when a client looks
        # a name up without saying so, as Mogan's does.
        everywhere = self.all_tenants or ctx.admin
        project = self.project_id or (None if everywhere else ctx.project)
        if project is None or project != ctx.project:
            ctx.check("server:list_all_projects")
        return ServerFilter(project=project, kind=None if self.kind is None else Kind(self.kind), **filters)

    def next(self, base: str, path: str, marker: str) -> str:
        """The link of the following page."""
        asked = {
            **self.filters, "flavor_uuid": self.filters["flavor"], "image_uuid": self.filters["image"],
            "ip": self.filters["address"], "flavor": None, "image": None, "address": None,
            "flavor_name": self.flavor_name, "kind": self.kind, "project_id": self.project_id, "limit": self.limit,
            "marker": marker, "all_tenants": "true" if self.all_tenants else None,
            "sort_key": self.sort_key, "sort_dir": self.sort_dir,
            "fields": ",".join(self.fields) if self.fields else None,
        }  # fmt: skip
        return f"{base}{path}?{urlencode({key: value for key, value in asked.items() if value is not None})}"


def _listed(ctx: Context, asked: _Asked, path: str, default: frozenset[str] | None) -> dict[str, Any]:
    ctx.check("server:list")
    wanted = chosen(asked.fields, render.SERVER_FIELDS) or default
    if asked.marker is not None and not is_uuid(asked.marker):
        raise Invalid(f"{asked.marker!r} is no marker.", fix="Follow the `next` link of the page before.")
    where = asked.where(ctx)
    if where is None:
        return {"servers": []}
    order = {"sort_key": asked.sort_key, "descending": asked.sort_dir == "desc"}
    found = ctx.corral.servers.page(where, limit=asked.limit + 1, marker=asked.marker, **order)  # type: ignore[arg-type]
    page, admin = found[: asked.limit], ctx.admin
    seen = _seen(ctx, page, wanted)
    shown = (render.server(one, ctx.base, admin=admin, seen=seen) for one in page)
    answer: dict[str, Any] = {"servers": [only(one, wanted) for one in shown]}
    if len(found) > asked.limit:
        answer["next"] = asked.next(ctx.base, path, page[-1].uuid)
    return answer


def _seen(ctx: Context, servers: Sequence[Server], wanted: Collection[str] | None) -> Mapping[str, LastSeen] | None:
    """Where surveys saw these last, if that is shown to the caller: one question for a whole page."""
    shown = ctx.admin and (wanted is None or "last_seen" in wanted)
    return ctx.corral.hosts.last_seen(servers) if shown else None


def _shown(ctx: Context, server: Server, wanted: frozenset[str] | None = None) -> dict[str, Any]:
    """All that is shown of one server, or what is wanted of that."""
    return only(render.server(server, ctx.base, admin=ctx.admin, seen=_seen(ctx, [server], wanted)), wanted)


def _started(ctx: Context, server: Server, operation: Operation) -> dict[str, Any]:
    return {
        "server": render.server(server, ctx.base, admin=ctx.admin),
        "operation": render_operations.operation(operation, ctx.base),
    }


_AskedDep = Annotated[_Asked, Depends(_Asked)]


@router.get("", summary="List servers, short form")
def list_servers(ctx: Ctx, asked: _AskedDep) -> dict[str, Any]:
    return _listed(ctx, asked, "/v1/servers", render.SHORT_SERVER)


@router.get("/detail", summary="List servers with every field")
def list_details(ctx: Ctx, asked: _AskedDep) -> dict[str, Any]:
    return _listed(ctx, asked, "/v1/servers/detail", None)


@router.post("", status_code=201, summary="Create one server, or several")
def create(ctx: Ctx, body: CreateServers) -> Response:
    """Answers with the server, which is `building`; of several with the first, and all of them as `servers`. A flavor that composes
    has a machine made for it; any other takes one that is available and that nobody claims. Header `Corral-Operation`: what builds
    it."""
    ctx.check("server:create", body.server.project_id)
    made = ctx.corral.creation.create(body.wish(), body.count(), ctx.actor, key=ctx.key)
    shown = [render.server(server, ctx.base, admin=ctx.admin) for server, _ in made]
    answer = shown[0] if len(made) == 1 else {**shown[0], "servers": shown}
    headers = {
        "Corral-Operation": ", ".join(operation.uuid for _, operation in made),
        "Location": shown[0]["links"][0]["href"],
    }
    return JSONResponse(answer, 201, headers=headers)


@router.post(
    "/manage",
    status_code=202,
    summary="Adopt a machine",
    responses={
        200: {"description": "The plan, with dry_run=true.", "content": {"application/json": {}}},
    },
)
def manage(ctx: Ctx, body: ManageServer, dry_run: bool = False) -> Response:
    """The machine is not touched: its power, disk, boot and name stay as they are, and the proof shows it."""
    ctx.check("server:manage", machine=body.node_uuid)
    if dry_run:
        plan = ctx.corral.adoption.plan([body.wish()], ctx.actor)
        return JSONResponse(render_plans.plan(plan.record(), plan.machines(), ctx.base))
    server, operation = ctx.corral.adoption.manage(body.wish(), ctx.actor, key=ctx.key)
    return JSONResponse(_started(ctx, server, operation), 202)


@router.get("/{uuid}", summary="Show a server")
def show(ctx: Ctx, uuid: str, fields: Fields = None) -> dict[str, Any]:
    server = ctx.server(uuid, "server:show")
    return _shown(ctx, server, chosen(fields, render.SERVER_FIELDS))


@router.patch("/{uuid}", summary="Change name, description, metadata or tags")
def update(ctx: Ctx, uuid: str, patch: Patch) -> dict[str, Any]:
    server = ctx.server(uuid, "server:update")
    ctx.corral.servers.check_unlocked(server, admin=lambda: ctx.admin)
    return _shown(ctx, ctx.corral.servers.update(server, [one.model_dump() for one in patch], ctx.actor))


@router.delete(
    "/{uuid}",
    status_code=204,
    response_class=Response,
    summary="Delete a server: an adopted one is unmanaged, a created one torn down",
)
def delete(ctx: Ctx, uuid: str) -> Response:
    """An adopted server is let go: the machine, its disk and its power stay as they are. One that Corral created is torn down, and
    what was composed for it is released. Header `Corral-Effect` says which."""
    server = ctx.server(uuid, lambda found: "server:delete" if found.adopted else "server:delete_created")
    ctx.corral.servers.check_unlocked(server, admin=lambda: ctx.admin)
    if server.adopted:
        told, (_, operation) = _LET_GO, ctx.corral.adoption.unmanage(server, ctx.actor, key=ctx.key)
    else:
        told, (_, operation) = _TORN_DOWN, ctx.corral.creation.delete(server, ctx.actor, key=ctx.key)
    effect = {"Corral-Effect": told, "Corral-Operation": operation.uuid}
    return Response(status_code=204, headers=effect)


@router.post("/{uuid}/unmanage", status_code=202, summary="Let a server go; its machine stays as it runs")
def unmanage(ctx: Ctx, uuid: str) -> dict[str, Any]:
    server = ctx.server(uuid, "server:unmanage")
    ctx.corral.servers.check_unlocked(server, admin=lambda: ctx.admin)
    return _started(ctx, *ctx.corral.adoption.unmanage(server, ctx.actor, key=ctx.key))


@router.put("/{uuid}/states/power", status_code=202, summary="Switch a server's machine")
def power(ctx: Ctx, uuid: str, body: PowerTargetBody) -> dict[str, Any]:
    server = ctx.server(uuid, "server:power")
    ctx.corral.servers.check_unlocked(server, admin=lambda: ctx.admin)
    return _started(ctx, *ctx.corral.servers.power(server, PowerTarget(body.target), ctx.actor, key=ctx.key))


@router.put("/{uuid}/states/lock", status_code=202, summary="Lock or unlock a server")
def lock(ctx: Ctx, uuid: str, body: LockBody) -> dict[str, Any]:
    server = ctx.server(uuid, "server:lock")
    return _shown(ctx, ctx.corral.servers.lock(server, body.target, ctx.actor))


@router.put("/{uuid}/states/provision", status_code=501, summary="Rebuild a server: not for adopted ones")
def provision(ctx: Ctx, uuid: str) -> Response:
    """Answers 501: rebuilding would erase what runs."""
    ctx.server(uuid, "server:update")
    raise NotSupported("An adopted server can't be rebuilt.", fix="Unmanage it, and deploy the node with Ironic.")


@router.get("/{uuid}/states", summary="Show a server's status, power state and lock")
def states(ctx: Ctx, uuid: str) -> dict[str, Any]:
    server = ctx.server(uuid, "server:show")
    return {"status": str(server.status), "power_state": server.power, "locked": server.locked}


@router.get("/{uuid}/networks", summary="Show a server's NICs")
def networks(ctx: Ctx, uuid: str) -> dict[str, Any]:
    return render.nics(ctx.server(uuid, "server:show"))


@router.get("/{uuid}/consoles", summary="Open a server's consoles")
def consoles(ctx: Ctx, uuid: str, response: Response) -> dict[str, Any]:
    """Of a VM, while it runs. An address may hold a ticket that works once: it is answered to this request, and stored nowhere."""
    server = ctx.server(uuid, "server:console")
    response.headers["Cache-Control"] = "no-store"
    return render.consoles(ctx.corral.consoles.consoles(server, ctx.actor))


@router.get("/{uuid}/volumes", summary="Show a server's volumes")
def volumes(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """Of a VM, as they were adopted."""
    return render.volumes(ctx.server(uuid, "server:show"), admin=ctx.admin)


@router.get("/{uuid}/proof", summary="Show the no-disturbance proof")
def proof(ctx: Ctx, uuid: str) -> dict[str, Any]:
    """Every call that was made for it, and the fingerprints around them; also of a server that was let go."""
    return render_operations.proof(uuid, ctx.proofs(lambda: ctx.corral.servers.proof(uuid)))
