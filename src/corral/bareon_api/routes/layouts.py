"""A node's layout: as agents read it, its objects one by one, and what is on each disk.

Every change is checked together with all the rest: 422 names everything that would be impossible, and nothing is written.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from corral.bareon_api import compute, edits
from corral.bareon_api.documents import Record, Spaces
from corral.bareon_api.objects import Fs, Kind, Lv, Md, Object, Parted, Partition, Partitioning, Pv, Vg
from corral.bareon_api.routes.context import Ask, Changing, Id, Key, Looking, gone
from corral.bareon_api.storage import Stored
from corral.bareon_api.strict import StrictRoute

router = APIRouter(prefix="/v1/nodes/{node}", tags=["layouts"], route_class=StrictRoute)
IMPOSSIBLE: dict[int | str, dict[str, Any]] = {
    409: {"description": "Somebody else changed the node."},
    422: {"description": "The layout would be impossible; all reasons."},
}
Collection = Annotated[Kind, Path(description="Which collection.")]


@router.get("/partitioning", summary="Show a node's layout as agents read it", response_model=Partitioning)
def partitioning(
    ask: Looking, node: Id, target: Annotated[compute.Target, Query()] = compute.Target.BAREON
) -> Response:
    """By default as today's bareon reads it, in bytes; `target` writes it for others."""
    if target is compute.Target.BAREON:
        return ask.tell(*ask.service.partitioning(node))
    return ask.show(*ask.service.written_for(node, target))


@router.put("/partitioning", summary="Replace a node's layout", responses=IMPOSSIBLE)
def put_partitioning(ask: Changing, node: Id, body: Partitioning) -> Response:
    changed = ask.service.put_partitioning(node, body, ask.expected)
    return ask.changed(changed.version, changed.partitioning)


@router.get("/spaces", summary="Show what is on each disk, in MiB")
def spaces(ask: Looking, node: Id) -> Response:
    """The volumes of each disk and the volume groups, as provisioning data have them. `follows`: the layout is just what they
    say; false when somebody edited objects in ways that they can't."""
    found = ask.service.nodes.get(node)
    return ask.show(found.version, {**_spaces(found), "follows": ask.service.follows(found)})


@router.put("/spaces", summary="Say what is on each disk, in MiB", responses=IMPOSSIBLE)
def put_spaces(ask: Changing, node: Id, body: Spaces) -> Response:
    """The layout follows from it."""
    changed = ask.service.put_spaces(node, body.ks_spaces, body.edited, ask.expected)
    return ask.changed(changed.version, _spaces(changed))


@router.get("/disk-volumes", summary="Show the volumes on each disk, in MiB, in the simple form")
def disk_volumes(ask: Looking, node: Id) -> Response:
    """`[{id, name, size, volumes: [{name, size, keep_data}], extra, bootable}]`, as Nailgun shows a node's disks."""
    found = ask.service.nodes.get(node)
    return ask.show(found.version, compute.simple(found.spaces))


@router.put("/disk-volumes", summary="Say how large the volumes on each disk are, in MiB", responses=IMPOSSIBLE)
def put_disk_volumes(ask: Changing, node: Id, body: list[Any]) -> Response:
    """In the simple form; disks and volumes that are left out stay as they are. The layout follows."""
    changed = ask.service.set_volumes(node, body, ask.expected)
    return ask.changed(changed.version, compute.simple(changed.spaces))


@router.get("/volumes", summary="Show what may be on the disks, in MiB")
def volumes(ask: Looking, node: Id) -> Response:
    """`[{name, label, min_size}]`, by roles and schema."""
    found = ask.service.nodes.get(node)
    return ask.show(found.version, compute.volumes(compute.Shape.of(found.facts, found.disks)))


@router.get("/record", summary="Show all that is kept of a node")
def record(ask: Looking, node: Id) -> Response:
    """To put it back as it was: PUT the same."""
    found = ask.service.nodes.get(node)
    return ask.show(found.version, _record(found))


@router.put("/record", summary="Put a node back as it was", responses=IMPOSSIBLE)
def put_record(ask: Changing, node: Id, body: Record) -> Response:
    """Nothing is computed; the node is made if it is not there."""
    changed = ask.service.put_record(node, body, ask.expected)
    return ask.changed(changed.version, _record(changed))


@router.get("/parteds/{disk}/partitions", summary="Show a disk's partitions, by name")
def partitions(ask: Looking, node: Id, disk: Key) -> Response:
    version, layout = ask.service.layout(node)
    return ask.show(version, {one.key: one.as_json() for one in edits.find_table(layout, disk).partitions})


@router.get("/parteds/{disk}/partitions/{name}", summary="Show a partition")
def partition(ask: Looking, node: Id, disk: Key, name: Key) -> Response:
    version, layout = ask.service.layout(node)
    return ask.show(version, edits.find_partition(edits.find_table(layout, disk), name).as_json())


@router.put("/parteds/{disk}/partitions/{name}", summary="Put a partition", responses=IMPOSSIBLE)
def put_partition(ask: Changing, node: Id, disk: Key, name: Key, body: Partition) -> Response:
    changed = ask.service.put_partition(node, disk, name, body, ask.expected)
    return ask.changed(changed.version, body.as_json())


@router.delete(
    "/parteds/{disk}/partitions/{name}",
    status_code=204,
    response_class=Response,
    summary="Delete a partition with all that is built on it",
    responses=IMPOSSIBLE,
)
def delete_partition(ask: Changing, node: Id, disk: Key, name: Key) -> Response:
    return gone(ask.service.remove_partition(node, disk, name, ask.expected).version)


@router.get("/{kind}", summary="Show the objects of a collection, by name")
def collection(ask: Looking, node: Id, kind: Collection) -> Response:
    version, layout = ask.service.layout(node)
    return ask.show(version, {one.key: one.as_json() for one in layout.of(kind)})


@router.get("/{kind}/{name}", summary="Show an object")
def show(ask: Looking, node: Id, kind: Collection, name: Key) -> Response:
    version, layout = ask.service.layout(node)
    return ask.show(version, edits.find(layout, kind, name).as_json())


@router.delete(
    "/{kind}/{name}",
    status_code=204,
    response_class=Response,
    summary="Delete an object with all that is built on it",
    responses=IMPOSSIBLE,
)
def delete(ask: Changing, node: Id, kind: Collection, name: Key) -> Response:
    return gone(ask.service.remove_object(node, kind, name, ask.expected).version)


@router.put("/parteds/{name}", summary="Put a disk's partition table", responses=IMPOSSIBLE)
def put_parted(ask: Changing, node: Id, name: Key, body: Parted) -> Response:
    return _put(ask, node, Kind.PARTEDS, name, body)


@router.put("/mds/{name}", summary="Put an array", responses=IMPOSSIBLE)
def put_md(ask: Changing, node: Id, name: Key, body: Md) -> Response:
    return _put(ask, node, Kind.MDS, name, body)


@router.put("/pvs/{name}", summary="Put a physical volume", responses=IMPOSSIBLE)
def put_pv(ask: Changing, node: Id, name: Key, body: Pv) -> Response:
    return _put(ask, node, Kind.PVS, name, body)


@router.put("/vgs/{name}", summary="Put a volume group", responses=IMPOSSIBLE)
def put_vg(ask: Changing, node: Id, name: Key, body: Vg) -> Response:
    return _put(ask, node, Kind.VGS, name, body)


@router.put("/lvs/{name}", summary="Put a logical volume", responses=IMPOSSIBLE)
def put_lv(ask: Changing, node: Id, name: Key, body: Lv) -> Response:
    return _put(ask, node, Kind.LVS, name, body)


@router.put("/fss/{name}", summary="Put a file system", responses=IMPOSSIBLE)
def put_fs(ask: Changing, node: Id, name: Key, body: Fs) -> Response:
    return _put(ask, node, Kind.FSS, name, body)


def _put(ask: Ask, node: str, kind: Kind, name: str, body: Object) -> Response:
    changed = ask.service.put_object(node, kind, name, body, ask.expected)
    return ask.changed(changed.version, body.as_json())


def _spaces(node: Stored) -> dict[str, Any]:
    return {"version": 1, "ks_spaces": node.spaces, "edited": node.edited}


def _record(node: Stored) -> dict[str, Any]:
    return {
        "facts": node.facts,
        "disks": node.disks,
        "spaces": node.spaces,
        "partitioning": node.partitioning,
        "edited": node.edited,
    }
