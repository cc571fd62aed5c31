"""Clusters, with the extensions that act on them in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from corral.domain.cluster import Cluster
from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.engine import read
from corral.store.tables import clusters


@dataclass(frozen=True, slots=True)
class ClusterFilter:
    """Which clusters to list; None: any."""

    project: str | None = None
    name: str | None = None


class Clusters:
    """The cluster records. Every change is compare-and-set on `revision`."""

    def __init__(self, sql: sa.Engine, clock: Callable[[], datetime]) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, uuid: str, conn: sa.Connection | None = None) -> Cluster | None:
        """The cluster, or None; within the caller's transaction if it has one."""
        if conn is None:
            with read(self._sql) as own:
                return self.find(uuid, own)
        row = conn.execute(sa.select(clusters).where(clusters.c.id == uuid)).mappings().first()
        return None if row is None else _cluster(row)

    def get(self, uuid: str) -> Cluster:
        """The cluster. Raises NotFound."""
        found = self.find(uuid)
        if found is None:
            raise _missing(uuid)
        return found

    def page(self, where: ClusterFilter, *, limit: int, marker: str | None = None) -> list[Cluster]:
        """One page in order of their names, after the cluster `marker`. Raises Invalid for a marker that does not exist."""
        query = sa.select(clusters).order_by(clusters.c.name, clusters.c.id).limit(limit)
        for name in ("project", "name"):
            if (value := getattr(where, name)) is not None:
                query = query.where(clusters.c[name] == value)
        with read(self._sql) as conn:
            if marker is not None:
                query = query.where(_beyond(conn, marker))
            return [_cluster(row) for row in conn.execute(query).mappings()]

    def lock(self, conn: sa.Connection, uuid: str) -> Cluster:
        """The cluster as it is now, held still until the caller's transaction ends. Raises NotFound; Conflict while an operation
        is changing it."""
        row = conn.execute(sa.select(clusters).where(clusters.c.id == uuid).with_for_update()).mappings().first()
        if row is None:
            raise _missing(uuid)
        return free(_cluster(row))

    def add(self, conn: sa.Connection, cluster: Cluster) -> Cluster:
        """Write a new cluster, in the caller's transaction. Raises Conflict when the name is taken in its project."""
        stored = replace(cluster, created_at=self._clock(), revision=1)
        try:
            conn.execute(sa.insert(clusters).values(_row(stored)))
        except IntegrityError as exc:
            raise _name_taken(cluster) from exc
        return stored

    def save(self, conn: sa.Connection, cluster: Cluster) -> Cluster:
        """Write a changed cluster, in the caller's transaction. Raises Stale when somebody else wrote meanwhile, Conflict when the
        new name is taken."""
        stored = replace(cluster, updated_at=self._clock(), revision=cluster.revision + 1)
        here = sa.and_(clusters.c.id == cluster.id, clusters.c.revision == cluster.revision)
        try:
            done = conn.execute(sa.update(clusters).where(here).values(_row(stored)))
        except IntegrityError as exc:
            raise _name_taken(cluster) from exc
        if done.rowcount != 1:
            raise Stale(
                f"Cluster {cluster.name} was changed by somebody else.", fix="Look at it again, then try again."
            )
        return stored

    def remove(self, conn: sa.Connection, uuid: str) -> None:
        """Forget a cluster, in the caller's transaction. One that is gone is done. Raises Conflict while it has nodes."""
        try:
            conn.execute(sa.delete(clusters).where(clusters.c.id == uuid))
        except IntegrityError as exc:
            raise Conflict(
                "The cluster has nodes.", fix="Move them to another cluster, or delete them, first."
            ) from exc


def free(cluster: Cluster) -> Cluster:
    """The cluster, when no operation is changing it. Raises Conflict otherwise."""
    if cluster.busy is not None:
        raise Conflict(
            f"Cluster {cluster.name} is being changed by operation {cluster.busy}.",
            fix=f"Wait for it (`corral operation watch {cluster.busy}`), then try again.",
        )
    return cluster


def _beyond(conn: sa.Connection, marker: str) -> Any:
    order = (clusters.c.name, clusters.c.id)
    place = conn.execute(sa.select(*order).where(clusters.c.id == marker)).first()
    if place is None:
        raise Invalid(f"The marker {marker!r} is no cluster.", fix="Start again from the first page.")
    return sa.tuple_(*order) > sa.tuple_(*map(sa.literal, place))


def _missing(uuid: str) -> NotFound:
    return NotFound(f"No cluster has the id {uuid}.", fix="Look at `corral cluster list`.")


def _name_taken(cluster: Cluster) -> Conflict:
    return Conflict(f"A cluster named {cluster.name!r} already exists in this project.", fix="Choose another name.")


def _row(cluster: Cluster) -> dict[str, Any]:
    values = {name: getattr(cluster, name) for name in Cluster.__dataclass_fields__}
    return {**values, "attributes": dict(cluster.attributes), "extensions": list(cluster.extensions)}


def _cluster(row: Mapping[Any, Any]) -> Cluster:
    return Cluster(**{**row, "extensions": tuple(row["extensions"])})
