"""Nodes of clusters, and nodes that are in none yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.cluster import Node, NodeStatus
from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.engine import read
from corral.store.tables import cluster_nodes

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NodeFilter:
    """Which nodes to list; None: any."""

    project: str | None = None
    name: str | None = None
    cluster: str | None = None
    status: str | None = None


class Nodes:
    """The node records. Every change is compare-and-set on `revision`."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, uuid: str, conn: sa.Connection | None = None) -> Node | None:
        """The node, or None; within the caller's transaction if it has one."""
        if conn is None:
            with read(self._sql) as own:
                return self.find(uuid, own)
        row = conn.execute(sa.select(cluster_nodes).where(cluster_nodes.c.id == uuid)).mappings().first()
        return None if row is None else _node(row)

    def get(self, uuid: str) -> Node:
        """The node. Raises NotFound."""
        found = self.find(uuid)
        if found is None:
            raise _missing(uuid)
        return found

    def of_cluster(self, cluster: str, conn: sa.Connection | None = None) -> list[Node]:
        """All nodes of a cluster, by name; within the caller's transaction if it has one."""
        if conn is None:
            with read(self._sql) as own:
                return self.of_cluster(cluster, own)
        query = sa.select(cluster_nodes).where(cluster_nodes.c.cluster == cluster)
        rows = conn.execute(query.order_by(cluster_nodes.c.name, cluster_nodes.c.id)).mappings()
        return [_node(row) for row in rows]

    def page(self, where: NodeFilter, *, limit: int, marker: str | None = None) -> list[Node]:
        """One page in order of their names, after the node `marker`. Raises Invalid for a marker that does not exist."""
        query = sa.select(cluster_nodes).order_by(cluster_nodes.c.name, cluster_nodes.c.id).limit(limit)
        for name in ("project", "name", "cluster", "status"):
            if (value := getattr(where, name)) is not None:
                query = query.where(cluster_nodes.c[name] == value)
        with read(self._sql) as conn:
            if marker is not None:
                query = query.where(_beyond(conn, marker))
            return [_node(row) for row in conn.execute(query).mappings()]

    def lock(self, conn: sa.Connection, ids: Iterable[str]) -> list[Node]:
        """The nodes as they are now, in the order asked for, held still until the caller's transaction ends. Raises NotFound for
        the first that does not exist; Conflict for one that an operation is changing."""
        wanted, found = list(dict.fromkeys(ids)), {}
        for start in range(0, len(wanted), _BATCH):
            batch = cluster_nodes.c.id.in_(wanted[start : start + _BATCH])
            query = sa.select(cluster_nodes).where(batch).order_by(cluster_nodes.c.id).with_for_update()
            found.update({row["id"]: _node(row) for row in conn.execute(query).mappings()})
        if missing := [one for one in wanted if one not in found]:
            raise _missing(missing[0])
        return [free(found[one]) for one in wanted]

    def add(self, conn: sa.Connection, node: Node) -> Node:
        """Write a new node, in the caller's transaction. Raises Conflict when its name in the project, or its machine, is taken."""
        stored = replace(node, created_at=self._clock(), revision=1)
        try:
            conn.execute(sa.insert(cluster_nodes).values(_row(stored)))
        except IntegrityError as exc:
            raise _taken(node, exc) from exc
        return stored

    def save(self, conn: sa.Connection, node: Node) -> Node:
        """Write a changed node, in the caller's transaction. Raises Stale when somebody else wrote meanwhile, Conflict when the
        new name or machine is taken."""
        stored = replace(node, updated_at=self._clock(), revision=node.revision + 1)
        here = sa.and_(cluster_nodes.c.id == node.id, cluster_nodes.c.revision == node.revision)
        try:
            done = conn.execute(sa.update(cluster_nodes).where(here).values(_row(stored)))
        except IntegrityError as exc:
            raise _taken(node, exc) from exc
        if done.rowcount != 1:
            raise Stale(f"Node {node.name} was changed by somebody else.", fix="Look at it again, then try again.")
        return stored

    def remove(self, conn: sa.Connection, uuid: str) -> None:
        """Forget a node, in the caller's transaction. One that is gone is done."""
        conn.execute(sa.delete(cluster_nodes).where(cluster_nodes.c.id == uuid))


def free(node: Node) -> Node:
    """The node, when no operation is changing it. Raises Conflict otherwise."""
    if node.busy is not None:
        raise Conflict(
            f"Node {node.name} is being changed by operation {node.busy}.",
            fix=f"Wait for it (`corral operation watch {node.busy}`), then try again.",
        )
    return node


def _beyond(conn: sa.Connection, marker: str) -> Any:
    order = (cluster_nodes.c.name, cluster_nodes.c.id)
    place = conn.execute(sa.select(*order).where(cluster_nodes.c.id == marker)).first()
    if place is None:
        raise Invalid(f"The marker {marker!r} is no node.", fix="Start again from the first page.")
    return sa.tuple_(*order) > sa.tuple_(*map(sa.literal, place))


def _missing(uuid: str) -> NotFound:
    return NotFound(f"No node has the id {uuid}.", fix="Look at `corral node list`.")


def _taken(node: Node, exc: IntegrityError) -> Conflict:
    """Which rule was hurt, in words. The database names the columns (SQLite) or the constraint (PostgreSQL)."""
    text = str(exc.orig)
    if "machine" in text:
        return Conflict(f"Machine {node.machine} of {node.source} is another node's.", fix="Delete that node first.")
    if "name" in text:
        return Conflict(f"A node named {node.name!r} already exists in this project.", fix="Choose another name.")
    return Conflict(f"Cluster {node.cluster} does not exist any more.", fix="Look at `corral cluster list`.")


def _row(node: Node) -> dict[str, Any]:
    values = {name: getattr(node, name) for name in Node.__dataclass_fields__}
    return {**values, "roles": list(node.roles), "meta": dict(node.meta), "status": str(node.status)}


def _node(row: Mapping[Any, Any]) -> Node:
    return Node(**{**row, "roles": tuple(row["roles"]), "status": NodeStatus(row["status"])})
