"""What the extension does at each hook, and how it answers for a node's disks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corral.domain.cluster import Cluster, Node
from corral.domain.errors import Conflict, Invalid, NotFound, Stale
from corral.domain.layout import Layout
from corral.extensions.bareon.client import Client
from corral.extensions.bareon.options import Options
from corral.extensions.bareon.task import task
from corral.extensions.contract import (
    NODE_VOLUMES,
    Context,
    Extension,
    HookCall,
    Pipeline,
    ProvisioningTask,
    Snapshot,
)
from corral.layouts import nailgun
from corral.layouts.read_nailgun_simple import read_nailgun_simple
from corral.layouts.writers import nailgun_simple

FORM = 1
"""The version of the form in which layouts are exported."""


@dataclass(frozen=True)
class Seen:
    """What the service says of a node's spaces. `follows`: the layout is just what they say, not edited beyond it. `etag`: the
    node's version there; None when the service does not have it."""

    spaces: nailgun.Spaces
    edited: bool = False
    follows: bool = True
    etag: str | None = None


class Bareon(Extension):
    """Layouts kept by a Bareon-API service. Node N is `nailgun_N` there; a person may edit it there, and Corral shows it."""

    name = "bareon"
    version = "1.0.0"
    description = "Disk layouts kept by a Bareon-API service, where they can be edited to the byte."
    provides = (NODE_VOLUMES,)

    def __init__(self, context: Context, client: Client | None = None) -> None:
        super().__init__(context)
        self._options = Options.read(context.options)
        self._client = client or Client(
            self._options.url, token=self._options.token, timeout=float(self._options.timeout)
        )
        self.pipelines = (_Volumes(self),)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    # --- hooks --------------------------------------------------------------------------------------------

    def snapshot(self, node: Node) -> Snapshot:
        """All that the service keeps of the node, in its own form."""
        try:
            record: Mapping[str, Any] = self._client.get(node.id, "record").body
        except NotFound:
            return None
        return record

    def restore(self, node: Node, snapshot: Snapshot) -> None:
        """Put it back."""
        if snapshot is None:
            self._client.delete(node.id)
        else:
            self._client.put(node.id, "record", snapshot)

    def on_node_create(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Tell the service of the node; with roles, of their schema too."""
        call.check()
        self._tell(node, cluster, within=call.left())

    def on_node_update(self, node: Node, before: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Tell the service of the node's schema and disks as they are now."""
        call.check()
        self._tell(node, cluster, within=call.left())

    def on_node_reset(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Have the service forget it; whoever asks next gets the default layout again."""
        call.check()
        self._client.delete(node.id, within=call.left())

    def on_node_delete(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Have the service forget it."""
        call.check()
        self._client.delete(node.id, within=call.left())

    def on_node_collection_delete(self, nodes: Sequence[Node], call: HookCall) -> None:
        """Have the service forget them all."""
        for node in nodes:
            call.check()
            self._client.delete(node.id, within=call.left())

    def on_before_deployment_check(self, cluster: Cluster, nodes: Sequence[Node], call: HookCall) -> None:
        """Every node that is still to be provisioned has room for the volumes of its roles."""
        self._check(nailgun.not_partitioned(nodes), cluster, call)

    def on_before_provisioning(self, cluster: Cluster | None, nodes: Sequence[Node], call: HookCall) -> None:
        """Every node has room, still has the roles and disks that it was laid out for, and a layout that can be written."""
        nailgun.refuse_other_roles(self._spaces(nodes, cluster, call), cluster)
        self._check(nodes, cluster, call)
        for node in nodes:
            call.check()
            self.partitioning(node, cluster)

    def _check(self, nodes: Sequence[Node], cluster: Cluster | None, call: HookCall) -> None:
        nailgun.refuse_short(self._spaces(nodes, cluster, call), cluster)

    def _spaces(
        self, nodes: Sequence[Node], cluster: Cluster | None, call: HookCall
    ) -> Iterator[tuple[Node, nailgun.Spaces]]:
        for node in nodes:
            call.check()
            yield node, self.seen(node, cluster).spaces

    # --- the node's disks ---------------------------------------------------------------------------------

    def disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """See NodeVolumes."""
        return nailgun.disks_form(self.seen(node, cluster).spaces)

    def set_disks(
        self, node: Node, cluster: Cluster | None, disks: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """See NodeVolumes."""
        seen = self.seen(node, cluster)
        # By the node's roles as Corral has them now; the service may not have heard of them, for no hook is called while
        # something writes to the node.
        spaces = nailgun.set_disks(seen.spaces, disks, *nailgun.cluster_node(node, cluster))
        if seen.etag is None:
            self._tell(node, cluster)
        try:
            self._put_spaces(node, spaces.as_json(), edited=True, match=seen.etag)
        except Stale:
            # It was tried again after a lost answer, and finds its own first try, or somebody else was faster.
            if self.seen(node, cluster).spaces != spaces:
                raise
        return nailgun.disks_form(spaces)

    def default_disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """See NodeVolumes."""
        return nailgun.disks_form(_default(node, cluster).spaces)

    def volumes(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """See NodeVolumes."""
        if cluster is None:
            raise NotFound("Cannot calculate volumes info. Please, add node to an environment.")
        return nailgun.volumes_form(*nailgun.cluster_node(node, cluster))

    def layout(self, node: Node, cluster: Cluster | None) -> Layout:
        """See NodeVolumes. What a person edited to the byte is read back from the agents' form."""
        seen, facts = self._checked(node, cluster)
        if seen.follows:
            return nailgun.layout_of(facts, seen.spaces)
        return read_nailgun_simple(self._client.get(node.id, "partitioning").body, node.disks)

    def export_layout(self, node: Node, cluster: Cluster | None) -> Mapping[str, Any]:
        """See NodeVolumes. Raises Conflict when a person's edit can't be said in that form, which would lose it."""
        seen = self.seen(node, cluster)
        if not seen.follows:
            raise Conflict(
                f"The layout of node {node.name} was edited in the Bareon-API service in ways that only it can keep.",
                fix="Keep bareon, or set the node's disks (PUT /v1/nodes/N/disks): that makes the layout anew.",
            )
        return {"version": FORM, "ks_spaces": seen.spaces.as_json(), "edited": seen.edited}

    def import_layout(self, node: Node, cluster: Cluster | None, layout: Mapping[str, Any]) -> None:
        """See NodeVolumes."""
        if layout.get("version") != FORM:
            raise Invalid(f"A layout of version {layout.get('version')!r} can't be read.", fix=f"Give version {FORM}.")
        self._tell(node, cluster)
        self._put_spaces(node, layout.get("ks_spaces"), edited=layout.get("edited") is True)

    def remove_layout(self, node: Node) -> None:
        """See NodeVolumes."""
        self._client.delete(node.id)

    def seen(self, node: Node, cluster: Cluster | None) -> Seen:
        """The node's spaces; the default ones for a node that the service does not have: it was reset, or deleted there."""
        try:
            answer = self._client.get(node.id, "spaces")
        except NotFound:
            return _default(node, cluster)
        told = answer.body
        return Seen(nailgun.read_spaces(told["ks_spaces"]), bool(told["edited"]), bool(told["follows"]), answer.etag)

    def _checked(self, node: Node, cluster: Cluster | None) -> tuple[Seen, nailgun.NodeDisks]:
        """The same, and the disks that the node has now. Raises Conflict when the spaces are for others."""
        seen, (facts, _) = self.seen(node, cluster), nailgun.cluster_node(node, cluster)
        nailgun.refuse_other_disks(node, seen.spaces, facts)
        if not seen.follows and not _called_alike(seen.spaces, facts):
            raise Conflict(
                f"The disks of node {node.name} have other names now than when its layout was edited in the Bareon-API service.",
                fix="Look at its disks, then lay them out anew: reset the node, or PUT /v1/nodes/N/disks.",
            )
        return seen, facts

    # --- provisioning -------------------------------------------------------------------------------------

    def partitioning(self, node: Node, cluster: Cluster | None) -> tuple[Seen, dict[str, Any]]:
        """The node's spaces, and its layout in the agent's own form. Raises Conflict, Invalid, Refused, NotFound, Stale."""
        seen, facts = self._checked(node, cluster)
        if seen.etag is None or not _called_alike(seen.spaces, facts):
            # What the service has is for disks under the names that they had when it was told: another disk may have one now.
            return seen, nailgun_simple.partitioning(nailgun.layout_of(facts, seen.spaces), self._options.dialect)
        answer = self._client.get(node.id, "partitioning", query={"target": self._options.target})
        if answer.etag != seen.etag:
            raise Stale(f"The layout of node {node.name} changed while it was read.", fix="Try again.")
        lists: dict[str, Any] = answer.body
        return seen, lists

    def provisioning_task(self, node: Node, data: Mapping[str, Any]) -> ProvisioningTask | None:
        """The agent with the driver that takes a layout as it is. Raises Invalid, Refused for what would stop it half-way."""
        return task(node, data, self._options.dialect)

    def _put_spaces(self, node: Node, spaces: Any, *, edited: bool, match: str | None = None) -> None:
        self._client.put(node.id, "spaces", {"version": FORM, "ks_spaces": spaces, "edited": edited}, match=match)

    def _tell(self, node: Node, cluster: Cluster | None, *, within: float | None = None) -> None:
        facts, schema = nailgun.cluster_node(node, cluster)
        body = {
            "source_id": node.id,
            "roles": list(facts.roles),
            "images_ceph": facts.images_ceph,
            "meta": {"memory": {"total": facts.memory}},
            "schema": dict(schema.source) if facts.roles else None,
            "disks": [dict(disk) for disk in node.disks],
        }
        self._client.put(node.id, "", body, within=within)


class _Volumes(Pipeline):
    """Puts layouts into the data of deployment and provisioning, ready for the agent."""

    def __init__(self, extension: Bareon) -> None:
        self._extension = extension

    def process_deployment_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds `node_volumes`, the full form."""
        return data | {"node_volumes": self._extension.seen(node, cluster).spaces.as_json()}

    def process_provisioning_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds `ks_meta.pm_data.ks_spaces`, the full form, and `partitioning`, that of nailgun_simple."""
        seen, lists = self._extension.partitioning(node, cluster)
        data.setdefault("ks_meta", {}).setdefault("pm_data", {})["ks_spaces"] = seen.spaces.as_json()
        return data | {"partitioning": lists}


def _default(node: Node, cluster: Cluster | None) -> Seen:
    return Seen(nailgun.compute(*nailgun.cluster_node(node, cluster)))


def _called_alike(spaces: nailgun.Spaces, node: nailgun.NodeDisks) -> bool:
    """Whether each disk still has the name and the path that it had when it was laid out."""
    return {(disk.id, disk.name) for disk in spaces.disks} == {(disk.path, disk.name) for disk in node.disks}
