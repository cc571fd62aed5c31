"""Clusters and nodes as operations change them: held while it runs, and written, or given back, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Stale
from corral.store.clusters import Clusters
from corral.store.nodes import Nodes


class Estate:
    """All clusters and nodes. Whoever holds a node or a cluster (its `busy`) is the only one to change it."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self.clusters = Clusters(sql, clock)
        self.nodes = Nodes(sql, clock)

    def cluster_of(self, node: Node) -> Cluster | None:
        """The node's cluster, if it is in one."""
        return None if node.cluster is None else self.clusters.get(node.cluster)

    def watch(self, conn: sa.Connection, seen: Iterable[Cluster]) -> None:
        """Hold clusters still until the caller's transaction ends. Raises Stale when one is not as it was seen any more, Conflict
        while an operation is changing it."""
        for cluster in sorted(seen, key=lambda one: one.id):
            if self.clusters.lock(conn, cluster.id).revision != cluster.revision:
                raise Stale(f"Cluster {cluster.name} was changed meanwhile.", fix="Look at it again, then try again.")

    def hold_nodes(self, conn: sa.Connection, operation: str, seen: Sequence[Node]) -> None:
        """Make the operation the one that changes these nodes. Raises as `watch`."""
        for now, before in zip(self.nodes.lock(conn, [one.id for one in seen]), seen, strict=True):
            if now.revision != before.revision:
                raise Stale(f"Node {before.name} was changed meanwhile.", fix="Look at it again, then try again.")
            self.nodes.save(conn, replace(now, busy=operation))

    def hold_cluster(self, conn: sa.Connection, operation: str, seen: Cluster) -> None:
        """Make the operation the one that changes the cluster and its nodes. Raises as `watch`, also for one of its nodes."""
        self.watch(conn, [seen])
        self.nodes.lock(conn, [one.id for one in self.nodes.of_cluster(seen.id, conn)])
        self.clusters.save(conn, replace(seen, busy=operation))

    def add_node(self, conn: sa.Connection, operation: str, node: Node) -> None:
        """Write a new node, held by the operation that makes it. Raises Conflict when its name or machine is taken."""
        self.nodes.add(conn, replace(node, busy=operation))

    def add_cluster(self, conn: sa.Connection, operation: str, cluster: Cluster) -> None:
        """Write a new cluster, held by the operation that makes it. Raises Conflict when its name is taken."""
        self.clusters.add(conn, replace(cluster, busy=operation))

    def record(
        self, operation: str, nodes: Sequence[tuple[str, Node | None]], cluster: tuple[str, Cluster | None] | None
    ) -> None:
        """Write what the nodes and the cluster that the operation holds have become (None: deleted), and let them go. What it does
        not hold, or holds no more, stays as it is: so a repetition does nothing."""
        with self._sql.begin() as conn:
            for uuid, after in nodes:
                self._record_node(conn, operation, uuid, after)
            if cluster is not None:
                self._record_cluster(conn, operation, *cluster)

    def _record_node(self, conn: sa.Connection, operation: str, uuid: str, after: Node | None) -> None:
        now = self.nodes.find(uuid, conn)
        if now is None or now.busy != operation:
            return
        if after is None:
            self.nodes.remove(conn, uuid)
        else:
            self.nodes.save(conn, replace(now.like(after.as_json()), busy=None))

    def _record_cluster(self, conn: sa.Connection, operation: str, uuid: str, after: Cluster | None) -> None:
        now = self.clusters.find(uuid, conn)
        if now is None or now.busy != operation:
            return
        if after is None:
            self.clusters.remove(conn, uuid)
        else:
            fresh = replace(after, busy=None, created_at=now.created_at, revision=now.revision)
            self.clusters.save(conn, fresh)

    def change(self, operation: str, node: str | None = None, cluster: str | None = None, **values: object) -> None:
        """Write some values of a node or a cluster that the operation holds, and keep holding it."""
        with self._sql.begin() as conn:
            if node is not None and (one := self.nodes.find(node, conn)) is not None and one.busy == operation:
                self.nodes.save(conn, replace(one, **values))  # type: ignore[arg-type]
            if cluster is not None and (it := self.clusters.find(cluster, conn)) is not None and it.busy == operation:
                self.clusters.save(conn, replace(it, **values))  # type: ignore[arg-type]
