"""Extensions for tests: each keeps a note of every node in its care, in a dictionary that stands for a store or a service."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Invalid, NotFound
from corral.domain.layout import Layout
from corral.extensions.contract import NODE_VOLUMES, Context, Extension, HookCall, Pipeline, Snapshot
from corral.extensions.registry import Extensions

Kept = dict[str, dict[str, Any]]


class Tagging(Pipeline):
    """Appends its extension's name at each place that it passes."""

    def __init__(self, name: str) -> None:
        self.name = name

    def process_provisioning_data(
        self, cluster: Cluster, nodes: Sequence[Node], data: dict[str, Any]
    ) -> dict[str, Any]:
        return {**data, "passed": [*data.get("passed", []), f"{self.name} {len(nodes)}"]}

    def process_provisioning_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        return {**data, "passed": [*data.get("passed", []), self.name]}


class Shelf(Extension):
    """Keeps a layout of every node: one volume for each role on each disk. `fault(hook, moment)` may raise, before or after it
    changed anything; `heard` has the hooks that were called."""

    name = "shelf"
    version = "1.0"
    description = "Keeps a note of every node."
    provides = (NODE_VOLUMES,)

    def __init__(self, context: Context | None = None) -> None:
        super().__init__(context or NO_CONTEXT)
        self.kept: Kept = {}
        self.heard: list[tuple[str, str]] = []
        self.fault: Callable[[str, str], object] = lambda _hook, _moment: None
        self.pipelines = (Tagging(self.name),)
        self._lock = threading.Lock()

    def snapshot(self, node: Node) -> Snapshot:
        return copy.deepcopy(self.kept.get(node.id))

    def restore(self, node: Node, snapshot: Snapshot) -> None:
        self.fault("restore", "before")
        if snapshot is None:
            self.kept.pop(node.id, None)
        else:
            self.kept[node.id] = copy.deepcopy(dict(snapshot))

    def on_node_create(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        self._put("on_node_create", node, call)

    def on_node_update(self, node: Node, before: Node, cluster: Cluster | None, call: HookCall) -> None:
        self._put("on_node_update", node, call)

    def on_node_reset(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        self._put("on_node_reset", node, call)

    def on_node_delete(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        self._drop("on_node_delete", [node], call)

    def on_node_collection_delete(self, nodes: Sequence[Node], call: HookCall) -> None:
        self._drop("on_node_collection_delete", nodes, call)

    def on_remove_node_from_cluster(self, node: Node, cluster: Cluster, call: HookCall) -> None:
        self.heard.append(("on_remove_node_from_cluster", node.name))

    def on_cluster_create(self, cluster: Cluster, call: HookCall) -> None:
        self._about("on_cluster_create", cluster)

    def on_cluster_patch_attributes(self, cluster: Cluster, before: Cluster, call: HookCall) -> None:
        self._about("on_cluster_patch_attributes", cluster)

    def on_cluster_delete(self, cluster: Cluster, call: HookCall) -> None:
        self._about("on_cluster_delete", cluster)

    def disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        if node.id not in self.kept:
            raise NotFound("Node seems not to have disks.")
        return copy.deepcopy(self.kept[node.id]["disks"])  # type: ignore[no-any-return]

    def set_disks(
        self, node: Node, cluster: Cluster | None, disks: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        self.fault("set_disks", "before")
        if any(one.get("size", 0) < 0 for one in disks):
            raise Invalid("Not enough free space on disk: sda.")
        self.kept[node.id] = {"disks": [dict(one) for one in disks], "edited": True}
        return self.disks(node, cluster)

    def default_disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        return laid_out(node)

    def volumes(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        return [{"name": role, "label": role, "min_size": 1} for role in node.roles]

    def layout(self, node: Node, cluster: Cluster | None) -> Layout:
        return Layout()

    def export_layout(self, node: Node, cluster: Cluster | None) -> Mapping[str, Any]:
        kept = self.kept[node.id]
        return {"version": 1, "ks_spaces": copy.deepcopy(kept["disks"]), "edited": kept["edited"]}

    def import_layout(self, node: Node, cluster: Cluster | None, layout: Mapping[str, Any]) -> None:
        self.fault("import_layout", "before")
        self.kept[node.id] = {"disks": copy.deepcopy(layout["ks_spaces"]), "edited": layout["edited"]}
        self.fault("import_layout", "after")

    def remove_layout(self, node: Node) -> None:
        self.fault("remove_layout", "before")
        self.kept.pop(node.id, None)

    def hooks(self) -> list[str]:
        """The hooks that were called, in order."""
        return [hook for hook, _ in self.heard]

    def _about(self, hook: str, cluster: Cluster) -> None:
        self.heard.append((hook, cluster.name))
        self.fault(hook, "after")

    def _put(self, hook: str, node: Node, call: HookCall) -> None:
        self.fault(hook, "before")
        call.check()
        with self._lock:
            self.heard.append((hook, node.name))
            self.kept[node.id] = {"disks": laid_out(node), "edited": False}
        self.fault(hook, "after")

    def _drop(self, hook: str, nodes: Sequence[Node], call: HookCall) -> None:
        self.fault(hook, "before")
        for node in nodes:
            call.check()
            self.heard.append((hook, node.name))
            self.kept.pop(node.id, None)
        self.fault(hook, "after")


class Rack(Shelf):
    """Another one with the same capability."""

    name = "rack"


class Quiet(Extension):
    """Has no hook and provides nothing."""

    name = "quiet"
    version = "0.1"


NO_CONTEXT = Context(cast(sa.Engine, None), {}, lambda: datetime.now(UTC))


def laid_out(node: Node) -> list[dict[str, Any]]:
    """One volume for each role on each disk."""
    return [
        {"id": disk["name"], "size": disk["size"], "volumes": [{"name": role} for role in node.roles]}
        for disk in node.disks
    ]


def shelves(*more: Extension, default: Sequence[str] = ("shelf",), **broken: str) -> tuple[Extensions, Shelf, Rack]:
    """A shelf, a rack, whatever else is given, and broken ones with their reasons."""
    shelf, rack = Shelf(), Rack()
    return Extensions([shelf, rack, Quiet(NO_CONTEXT), *more], broken, default), shelf, rack
