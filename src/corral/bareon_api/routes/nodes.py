"""Nodes, and their disks."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from corral.bareon_api.documents import Disks, NewNode, NodeBody, NodeId
from corral.bareon_api.routes.context import Changing, Id, Looking, gone, node_json, text
from corral.bareon_api.strict import StrictRoute

router = APIRouter(prefix="/v1/nodes", tags=["nodes"], route_class=StrictRoute)
Limit = Annotated[int, Query(ge=1, le=1000, description="How many nodes a page has.")]
Marker = Annotated[NodeId | None, Query(description="The last id of the page before; the header Link has it.")]


@router.get("", summary="List nodes by id, in pages: the header Link names the next")
def list_nodes(ask: Looking, request: Request, limit: Limit = 1000, marker: Marker = None) -> Response:
    found = ask.service.nodes.page(limit + 1, marker)
    headers = {}
    if len(found) > limit:
        following = urlencode({"limit": limit, "marker": found[limit - 1].id})
        headers["Link"] = f'<{request.url.path}?{following}>; rel="next"'
    listed = text([node_json(one) for one in found[:limit]])
    return Response(listed, media_type="application/json", headers=headers)


@router.post("", summary="Make a node", responses={409: {"description": "It exists, and was told of otherwise."}})
def create(ask: Changing, body: NewNode) -> Response:
    """The same once more is answered as the first time."""
    made = ask.service.create(body)
    return ask.changed(made.version, node_json(made))


@router.get("/{node}", summary="Show a node")
def show(ask: Looking, node: Id) -> Response:
    found = ask.service.nodes.get(node)
    return ask.show(found.version, node_json(found))


@router.put("/{node}", summary="Tell of a node; it is made if it is not there")
def put(ask: Changing, node: Id, body: NodeBody) -> Response:
    """With `disks`, they are replaced too. The layout is computed anew only when disks, roles or schema differ."""
    changed = ask.service.put(node, body, ask.expected)
    return ask.changed(changed.version, node_json(changed))


@router.delete("/{node}", status_code=204, response_class=Response, summary="Forget a node with all that is kept of it")
def delete(ask: Changing, node: Id) -> Response:
    ask.service.nodes.remove(node, ask.expected)
    return gone()


@router.get("/{node}/disks", summary="Show a node's disks")
def disks(ask: Looking, node: Id) -> Response:
    return ask.tell(*ask.service.nodes.document(node, "disks"))


@router.put("/{node}/disks", summary="Tell of a node's disks")
def put_disks(ask: Changing, node: Id, body: Disks) -> Response:
    """The layout is computed anew, unless these are the disks that it was made for: then what people edited is kept."""
    changed = ask.service.put_disks(node, [one.as_json() for one in body], ask.expected)
    return ask.changed(changed.version, changed.disks)


@router.get("/{node}/disks/{number}", summary="Show one disk, counted from 1")
def disk(ask: Looking, node: Id, number: int) -> Response:
    version, found = ask.service.disk(node, number)
    return ask.show(version, found)
