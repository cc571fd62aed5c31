"""Clusters: created, changed, deleted, and which extensions act on them, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Conflict, NotFound
from corral.engine import Operation
from corral.extensions.contract import NODE_VOLUMES
from corral.extensions.registry import Extensions, Listed, as_node_volumes
from corral.flows import changes as due
from corral.flows.changes import Change
from corral.services.adoption import Actor
from corral.services.changes import Changes, Wanted
from corral.store import Estate
from corral.store.clusters import ClusterFilter


class ClusterService:
    """The use cases around clusters."""

    def __init__(self, estate: Estate, extensions: Extensions, changes: Changes) -> None:
        self._estate = estate
        self._extensions = extensions
        self._changes = changes

    def get(self, uuid: str) -> Cluster:
        """The cluster. Raises NotFound."""
        return self._estate.clusters.get(uuid)

    def page(self, where: ClusterFilter, *, limit: int, marker: str | None) -> list[Cluster]:
        """One page of clusters, by name."""
        return self._estate.clusters.page(where, limit=limit, marker=marker)

    def installed(self) -> list[Listed]:
        """Every extension that is installed, the broken ones too."""
        return self._extensions.listed()

    def create(
        self,
        name: str,
        attributes: Mapping[str, Any],
        extensions: Sequence[str] | None,
        actor: Actor,
        *,
        key: str | None = None,
    ) -> Operation:
        """A new cluster, with the default extensions unless others are named. Raises Conflict when the name is taken."""
        names = self._extensions.checked(self._extensions.default if extensions is None else extensions)
        cluster = Cluster(str(uuid4()), name, actor.project, dict(attributes), names)
        change = Change(tuple(due.of_cluster("on_cluster_create", cluster)), (), (None, cluster), _by_id(cluster))
        return self._carry_out("create", cluster, change, actor, key)

    def update(self, cluster: Cluster, values: Mapping[str, Any], actor: Actor, *, key: str | None = None) -> Operation:
        """Change name or attributes. Raises Conflict while something else changes the cluster."""
        after = replace(cluster, **values)
        wanted = due.of_cluster("on_cluster_patch_attributes", after)
        asked = wanted if after.attributes != cluster.attributes else []
        return self._carry_out("update", cluster, Change(tuple(asked), (), (cluster, after), _by_id(after)), actor, key)

    def delete(self, cluster: Cluster, actor: Actor, *, key: str | None = None) -> Operation:
        """Delete a cluster. Raises Conflict while it has nodes."""
        if nodes := self._estate.nodes.of_cluster(cluster.id):
            raise Conflict(
                f"Cluster {cluster.name} has {len(nodes)} nodes.",
                fix="Move them to another cluster, or delete them, first.",
            )
        change = Change(tuple(due.of_cluster("on_cluster_delete", cluster)), (), (cluster, None), _by_id(cluster))
        return self._carry_out("delete", cluster, change, actor, key)

    # --- extensions ---------------------------------------------------------------------------------------

    def set_extensions(
        self, cluster: Cluster, names: Sequence[str], actor: Actor, *, key: str | None = None
    ) -> Operation:
        """Give the cluster these extensions, in this order. Raises Invalid for one that does not exist; Conflict when the layouts
        of its nodes would be left behind."""
        after = replace(cluster, extensions=self._extensions.checked(names))
        nodes = self._estate.nodes.of_cluster(cluster.id)
        self._keep_layouts(cluster, after, nodes)
        # One that is gone can't be told that it is let go: removing it from the cluster is the way out.
        usable = {one.name for one in self._extensions.all()}
        asked = [one for one in due.extensions_changed(after, nodes, cluster.extensions) if one.extension in usable]
        pairs = tuple((node, node) for node in nodes)
        change = Change(tuple(asked), pairs, (cluster, after), _by_id(after))
        return self._carry_out("extensions", cluster, change, actor, key)

    def remove_extensions(
        self, cluster: Cluster, names: Sequence[str], actor: Actor, *, key: str | None = None
    ) -> Operation:
        """Take extensions from the cluster; the others keep their order. Raises NotFound for one that it does not have."""
        if missing := [name for name in names if name not in cluster.extensions]:
            raise NotFound(
                f"Cluster {cluster.name} does not have {', '.join(missing)}.",
                fix=f"It has: {', '.join(cluster.extensions) or 'none'}.",
            )
        left = [name for name in cluster.extensions if name not in names]
        return self.set_extensions(cluster, left, actor, key=key)

    def migrate_extension(self, cluster: Cluster, to: str, actor: Actor, *, key: str | None = None) -> Operation:
        """Move the layouts of all nodes to another extension, which takes the place of the one that has them. Submits only: it
        may take long. Raises Conflict when that one has them already."""
        old, new = (
            self._extensions.provider(NODE_VOLUMES, cluster),
            self._extensions.get(self._extensions.checked([to])[0]),
        )
        as_node_volumes(new)
        if old is new:
            raise Conflict(
                f"The layouts of cluster {cluster.name} are with {to} already.", fix="Nothing has to be done."
            )
        names = tuple(to if name == old.name else name for name in cluster.extensions if name != to)
        nodes = self._estate.nodes.of_cluster(cluster.id)
        change = Change((), tuple((one, one) for one in nodes), (cluster, replace(cluster, extensions=names)), {})
        more = {"from": old.name, "to": new.name}
        wanted = Wanted(
            "migrate_extension", "cluster:extensions", cluster.id, cluster.name, cluster.project, change, (), more
        )
        return self._changes.submit(wanted, actor, key=key)

    # --- inside -------------------------------------------------------------------------------------------

    def _keep_layouts(self, cluster: Cluster, after: Cluster, nodes: Sequence[Node]) -> None:
        usable = {one.name for one in self._extensions.all()}
        old = self._extensions.provider_of(NODE_VOLUMES, [name for name in cluster.extensions if name in usable])
        new = self._extensions.provider_of(NODE_VOLUMES, after.extensions)
        if nodes and old is not None and new is not old:
            raise Conflict(
                f"The layouts of {len(nodes)} nodes of cluster {cluster.name} are with {old.name}; they would be left behind.",
                fix=f"Move them: `corral cluster migrate-extension {cluster.name} {new.name if new else 'NAME'}`.",
                code="layouts-left-behind",
            )

    def _carry_out(self, what: str, cluster: Cluster, change: Change, actor: Actor, key: str | None) -> Operation:
        wanted = Wanted(f"cluster_{what}", f"cluster:{what}", cluster.id, cluster.name, cluster.project, change)
        return self._changes.carried_out(wanted, actor, key=key)


def _by_id(cluster: Cluster) -> dict[str, Cluster]:
    return {cluster.id: cluster}
