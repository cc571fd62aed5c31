"""The extension: hooks keep each node's layout in step with its roles and disks, and pipelines give it to those who deploy.

A node whose layout is not stored (it was reset, or is not known yet) has the default one, computed from the node each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Invalid, NotFound
from corral.domain.layout import Layout
from corral.extensions.contract import NODE_VOLUMES, Context, Extension, HookCall, Pipeline, Snapshot
from corral.extensions.volume_manager.rows import Kept, Layouts
from corral.layouts import nailgun
from corral.layouts.writers.nailgun_simple import DIALECTS, Dialect, partitioning

FORM = 1
"""The version of the form in which layouts are exported."""


class NodeVolumesPipeline(Pipeline):
    """Puts layouts into the data of deployment and provisioning."""

    def __init__(self, volumes: VolumeManager, dialect: Dialect) -> None:
        self._volumes = volumes
        self._dialect = dialect

    def process_deployment_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds `node_volumes`, the full form."""
        return data | {"node_volumes": self._volumes.spaces(node, cluster).as_json()}

    def process_provisioning_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds `ks_meta.pm_data.ks_spaces`, the full form, and `partitioning`, that of nailgun_simple."""
        spaces = self._volumes.spaces(node, cluster)
        pm_data = data.setdefault("ks_meta", {}).setdefault("pm_data", {})
        pm_data["ks_spaces"] = spaces.as_json()
        return data | {"partitioning": partitioning(exact(spaces, node, cluster), self._dialect)}


class VolumeManager(Extension):
    """Layouts by role, in Corral's own database. Option `target`: bareon, bareon-0.0.1a3 or fuel-agent."""

    name: ClassVar[str] = "volume_manager"
    version: ClassVar[str] = "1.0.0"
    description: ClassVar[str] = "Lays out the disks of nodes by their roles, in Corral's own database."
    provides: ClassVar[tuple[str, ...]] = (NODE_VOLUMES,)
    migrations: ClassVar[Path | None] = Path(__file__).parent / "migrations"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        unknown = sorted(set(context.options) - {"target"})
        target = context.options.get("target", "bareon")
        if unknown or target not in DIALECTS:
            what = f"the option {unknown[0]!r}" if unknown else f"the target {target!r}"
            raise Invalid(
                f"volume_manager does not know {what}.", fix=f"Set `target` to one of: {', '.join(DIALECTS)}."
            )
        self._layouts = Layouts(context.sql, context.clock)
        self.pipelines = (NodeVolumesPipeline(self, DIALECTS[target]),)

    # --- hooks --------------------------------------------------------------------------------------------

    def snapshot(self, node: Node) -> Snapshot:
        """The stored layout."""
        kept = self._layouts.find(node.id)
        return None if kept is None else {"spaces": kept.spaces.as_json(), "edited": kept.edited}

    def restore(self, node: Node, snapshot: Snapshot) -> None:
        """The stored layout as it was."""
        if snapshot is None:
            self._layouts.remove([node.id])
        else:
            self._layouts.put(Kept(node.id, nailgun.read_spaces(snapshot["spaces"]), bool(snapshot["edited"])))

    def on_node_create(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Store the default layout. One that is there already stays, as far as it fits."""
        self._renew(node, cluster, call)

    def on_node_update(self, node: Node, before: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Bring the layout in line with the node's roles and disks; what a user edited stays on disks that stay."""
        self._renew(node, cluster, call)

    def on_node_reset(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Back to the default layout."""
        call.check()
        self._layouts.put(self._default(node, cluster))

    def on_node_delete(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Forget the layout."""
        call.check()
        self.remove_layout(node)

    def on_node_collection_delete(self, nodes: Sequence[Node], call: HookCall) -> None:
        """Forget the layouts."""
        call.check()
        self._layouts.remove([node.id for node in nodes])

    def on_before_deployment_check(self, cluster: Cluster, nodes: Sequence[Node], call: HookCall) -> None:
        """Every node that is still to be provisioned has room for the volumes of its roles."""
        self._check(nailgun.not_partitioned(nodes), cluster)

    def on_before_provisioning(self, cluster: Cluster | None, nodes: Sequence[Node], call: HookCall) -> None:
        """Every node has room for the volumes of its roles, and still has the roles and disks that it was laid out for."""
        nailgun.refuse_other_roles(((node, self.spaces(node, cluster)) for node in nodes), cluster)
        self._check(nodes, cluster)
        for node in nodes:
            self.layout(node, cluster)

    # --- node volumes -------------------------------------------------------------------------------------

    def disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        return nailgun.disks_form(self.spaces(node, cluster))

    def set_disks(
        self, node: Node, cluster: Cluster | None, disks: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        kept = self._kept(node, cluster)
        spaces = nailgun.set_disks(kept.spaces, disks, *nailgun.cluster_node(node, cluster))
        self._layouts.save(Kept(node.id, spaces, edited=True, revision=kept.revision))
        return nailgun.disks_form(spaces)

    def default_disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        return nailgun.disks_form(self._default(node, cluster).spaces)

    def volumes(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        if cluster is None:
            raise NotFound("Cannot calculate volumes info. Please, add node to an environment.")
        return nailgun.volumes_form(*nailgun.cluster_node(node, cluster))

    def layout(self, node: Node, cluster: Cluster | None) -> Layout:
        return exact(self.spaces(node, cluster), node, cluster)

    def export_layout(self, node: Node, cluster: Cluster | None) -> Mapping[str, Any]:
        kept = self._kept(node, cluster)
        return {"version": FORM, "ks_spaces": kept.spaces.as_json(), "edited": kept.edited}

    def import_layout(self, node: Node, cluster: Cluster | None, layout: Mapping[str, Any]) -> None:
        if layout.get("version") != FORM:
            raise Invalid(f"A layout of version {layout.get('version')!r} can't be read.", fix=f"Give version {FORM}.")
        spaces = nailgun.read_spaces(layout.get("ks_spaces"))
        self._layouts.put(Kept(node.id, spaces, edited=layout.get("edited") is True))

    def remove_layout(self, node: Node) -> None:
        self._layouts.remove([node.id])

    def spaces(self, node: Node, cluster: Cluster | None) -> nailgun.Spaces:
        """The node's spaces: the stored ones, else the default."""
        return self._kept(node, cluster).spaces

    # --- inside -------------------------------------------------------------------------------------------

    def _kept(self, node: Node, cluster: Cluster | None) -> Kept:
        return self._layouts.find(node.id) or self._default(node, cluster)

    def _default(self, node: Node, cluster: Cluster | None) -> Kept:
        return Kept(node.id, nailgun.compute(*nailgun.cluster_node(node, cluster)))

    def _renew(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        kept = self._kept(node, cluster)
        spaces, edited = nailgun.renewed(kept.spaces, kept.edited, *nailgun.cluster_node(node, cluster))
        call.check()
        if (spaces, edited) != (kept.spaces, kept.edited) or not kept.revision:
            self._layouts.save(Kept(node.id, spaces, edited, kept.revision))

    def _check(self, nodes: Sequence[Node], cluster: Cluster | None) -> None:
        nailgun.refuse_short(((node, self.spaces(node, cluster)) for node in nodes), cluster)


def exact(spaces: nailgun.Spaces, node: Node, cluster: Cluster | None) -> Layout:
    """The exact layout. Raises Conflict when the node's disks are not those of the spaces."""
    facts, _ = nailgun.cluster_node(node, cluster)
    nailgun.refuse_other_disks(node, spaces, facts)
    return nailgun.layout_of(facts, spaces)
