"""What an extension is: a class that derives from `Extension`, found by the entry point `corral.extensions`.

    [project.entry-points."corral.extensions"]
    NAME = "package.module:TheClass"

The law of hooks:

- **A hook may be repeated**, after a crash or a failure, and must come to the same end: create what is missing, leave what is
  there already, "not found" means deleted.
- **A hook is undone by what the extension itself remembers**: before any hook the flow asks `snapshot(node)`, stores the
  answer, and brings it back with `restore(node, answer)` when anything later fails. So a hook needs no undo of its own.
- **A hook has a time limit.** When it is over the flow goes on (and back) without it; so call `call.check()` right before each
  write, and give requests a timeout of at most `call.left()`.
- **Errors** are those of `corral.domain.errors`. Invalid, NotFound, Conflict, Refused and NotSupported are final and turn the
  operation around at once; anything else is retried with back-off first. Messages need not name the extension or the hook: the flow
  does.
- `node` and `cluster` are values as they are to be; the record is written after all hooks succeeded. A node's extensions are
  those of its cluster, in order; without cluster, those of the settings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from corral.domain.cluster import Cluster, Node
from corral.domain.layout import Layout

if TYPE_CHECKING:
    import sqlalchemy as sa
    from fastapi import APIRouter

NODE_VOLUMES = "node_volumes"
"""The capability to lay out disks; who has it in `provides` has the methods of `NodeVolumes`."""

Snapshot = Mapping[str, Any] | None
"""What an extension keeps of a node, as JSON, in a form of its own; None when it keeps nothing."""


@dataclass(frozen=True)
class Context:
    """What an extension is given when it is made. `options`: what the settings have under `extensions.options.NAME`. `sql`:
    Corral's database, for the tables of its own migrations only, always named `ext_NAME_…`. `clock`: now, in UTC."""

    sql: sa.Engine
    options: Mapping[str, Any]
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class HookCall:
    """One call of a hook. `operation`: its uuid, a good idempotency key. `attempt`: above 1 the outcome of an earlier call is
    unknown, so look before you act. `deadline` is of `time.monotonic()`. `check` raises when the time is over, or when the
    operation was cancelled or belongs to another worker; let that pass, it is no `Exception`."""

    operation: str
    attempt: int
    deadline: float
    check: Callable[[], None]

    def left(self) -> float:
        """Seconds that are left, at least a tenth: what a request's timeout may be."""
        return max(0.1, self.deadline - time.monotonic())


@dataclass(frozen=True)
class ProvisioningTask:
    """What is run on a node to provision it, in place of Ironic's deploy. Data, carried out by the flow.

    `command`: argv, run without a shell, as root. `files`: path on the node → content, written readable for root only before the
    command runs. `timeout` in seconds. `success`: exit codes that mean success."""

    name: str
    command: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 3600.0
    success: tuple[int, ...] = (0,)


class Pipeline:
    """Adds to the data that deployment and provisioning get. `data` is JSON, the pipeline's to change, and is given back.

    Cluster level is called once for all nodes, before node level is called for each. An error discards all data."""

    def process_deployment_data(self, cluster: Cluster, nodes: Sequence[Node], data: dict[str, Any]) -> dict[str, Any]:
        """The cluster's deployment data."""
        return data

    def process_deployment_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """One node's deployment data."""
        return data

    def process_provisioning_data(
        self, cluster: Cluster, nodes: Sequence[Node], data: dict[str, Any]
    ) -> dict[str, Any]:
        """The cluster's provisioning data."""
        return data

    def process_provisioning_data_for_node(
        self, node: Node, cluster: Cluster | None, data: dict[str, Any]
    ) -> dict[str, Any]:
        """One node's provisioning data. It starts as {"uid": node id, "name", "roles", "ks_meta": {"pm_data": {}}}; a layout goes
        into ["ks_meta"]["pm_data"]["ks_spaces"], and into ["partitioning"] for nailgun_simple."""
        return data


class Extension:
    """An extension. Override what you need: hooks that are not overridden are not called.

    `name`: lower case, digits and `_`, as in the entry point. `version` and `description` are shown. `provides`: capability names.
    `pipelines`: run in this order. `migrations`: a directory of Alembic version files that are the extension's own branch, with a
    version table of its own; None without tables. `time_limits`: seconds by hook, where the settings' limit does not fit."""

    name: ClassVar[str]
    version: ClassVar[str]
    description: ClassVar[str] = ""
    provides: ClassVar[tuple[str, ...]] = ()
    migrations: ClassVar[Path | None] = None
    time_limits: ClassVar[Mapping[str, float]] = {}
    pipelines: tuple[Pipeline, ...] = ()

    def __init__(self, context: Context) -> None:
        """No I/O here. Raise Invalid for options that are unknown or unusable: the extension is then reported, and off."""
        self.context = context

    def close(self) -> None:
        """The process stops: close connections. Nothing is asked afterwards."""

    # --- what the flow needs to undo hooks ----------------------------------------------------------------

    def snapshot(self, node: Node) -> Snapshot:
        """All that this extension keeps of the node, or None. Reads only."""
        return None

    def restore(self, node: Node, snapshot: Snapshot) -> None:
        """Make what this extension keeps of the node equal to `snapshot`, whatever is there now; None: remove all. Idempotent."""

    # --- nodes --------------------------------------------------------------------------------------------

    def on_node_create(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """A node came into this extension's care: it is new, or moved here, or the extension was enabled for its cluster. Without
        roles it gets no default layout, only service partitions."""

    def on_node_update(self, node: Node, before: Node, cluster: Cluster | None, call: HookCall) -> None:
        """Roles, cluster or disks of the node changed. Never called while it is provisioning or deploying; afterwards it is called
        always, for they may have changed meanwhile. What a user edited is kept as long as the disks are the same."""

    def on_node_reset(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """The node is to be as if it had just been found."""

    def on_node_delete(self, node: Node, cluster: Cluster | None, call: HookCall) -> None:
        """The node leaves this extension's care: it is about to be deleted (its record still exists), moved to a cluster without
        this extension, or the extension is disabled for its cluster."""

    def on_node_collection_delete(self, nodes: Sequence[Node], call: HookCall) -> None:
        """Several nodes, all in this extension's care, are about to be deleted; `on_node_delete` is not called for them."""

    # --- clusters -----------------------------------------------------------------------------------------

    def on_remove_node_from_cluster(self, node: Node, cluster: Cluster, call: HookCall) -> None:
        """A node leaves `cluster`; the node is as it still was. `on_node_update`, or `on_node_delete`, follows."""

    def on_cluster_create(self, cluster: Cluster, call: HookCall) -> None:
        """A cluster with this extension is being created."""

    def on_cluster_patch_attributes(self, cluster: Cluster, before: Cluster, call: HookCall) -> None:
        """A cluster's attributes changed."""

    def on_cluster_delete(self, cluster: Cluster, call: HookCall) -> None:
        """A cluster is about to be deleted. It has no nodes any more."""

    def on_before_deployment_check(self, cluster: Cluster, nodes: Sequence[Node], call: HookCall) -> None:
        """Raise Invalid when these nodes can't be deployed as they are."""

    def on_before_provisioning(self, cluster: Cluster | None, nodes: Sequence[Node], call: HookCall) -> None:
        """These nodes are about to be provisioned; the data are made afterwards. Raise Invalid when that can't work."""

    # --- more than hooks ----------------------------------------------------------------------------------

    def provisioning_task(self, node: Node, data: Mapping[str, Any]) -> ProvisioningTask | None:
        """What to run on the node in place of Ironic's deploy, given its finished provisioning data; None: nothing. The first
        enabled extension that gives a task has its way."""
        return None

    def router(self) -> APIRouter | None:
        """Routes of the extension's own, served under /v1/ext/NAME; None: none. Callers are authenticated, and authorized by the
        rules extension:read (GET) and extension:write (all else), before they get here."""
        return None


@runtime_checkable
class NodeVolumes(Protocol):
    """The capability `node_volumes`: layouts of a node's disks. All forms are those of /v1/nodes/N/disks and /volumes, as JSON.

    Errors: Invalid with the message that a user sees; NotFound for a node without a layout; Stale when somebody else wrote
    meanwhile. An extension that has it answers all of these for every node of its clusters, whatever its roles. What is stored
    stays until a hook says otherwise; all else goes by the node as it is given, of whose roles and disks no hook may have told:
    none is called while something writes to the node."""

    def disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """[{id, name, size, volumes: [{name, size, keep_data}], extra, bootable}], sizes in MiB."""

    def set_disks(
        self, node: Node, cluster: Cluster | None, disks: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Store what a user wants, and give `disks` as they are now. Raises Invalid and stores nothing when they don't fit."""

    def default_disks(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """The disks as they would be laid out by default. Stores nothing."""

    def volumes(self, node: Node, cluster: Cluster | None) -> list[dict[str, Any]]:
        """[{name, label, min_size}]: what may be placed on the disks, in MiB."""

    def layout(self, node: Node, cluster: Cluster | None) -> Layout:
        """The exact layout, for writers of other formats."""

    def export_layout(self, node: Node, cluster: Cluster | None) -> Mapping[str, Any]:
        """The node's layout in the form that every such extension reads: {"version": 1, "ks_spaces": [the full form, as in
        provisioning data], "edited": whether a user changed it since it was made by default}. Reads only."""

    def import_layout(self, node: Node, cluster: Cluster | None, layout: Mapping[str, Any]) -> None:
        """Keep a layout that another extension exported, in place of any own one; `disks`, `volumes`, `export_layout` and
        provisioning data are the same afterwards. Works for a node not known so far. Idempotent. Raises Invalid for an unknown
        version."""

    def remove_layout(self, node: Node) -> None:
        """Forget the node. One not known is done."""
