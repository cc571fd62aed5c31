"""What is checked before a node is deployed: do its disks hold the least that its roles need, does each volume have its minimum,
and are the disks still those that it was laid out for?

Rule: every extension that lays out disks asks here, so that all refuse the same nodes in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corral.domain.cluster import Cluster, Node, NodeStatus
from corral.domain.errors import Conflict, Invalid
from corral.layouts.nailgun.clustered import cluster_node
from corral.layouts.nailgun.compute import facts_of
from corral.layouts.nailgun.generators import BOOT, BOOT_RECORDS, mib
from corral.layouts.nailgun.matching import same_disks
from corral.layouts.nailgun.node import NodeDisks
from corral.layouts.nailgun.schema import Schema, volumes_of
from corral.layouts.nailgun.spaces import Spaces

_PARTITIONED = (NodeStatus.PROVISIONED, NodeStatus.DEPLOYING, NodeStatus.READY)


def check_disk_space(node: NodeDisks, schema: Schema) -> str | None:
    """What is wrong with the size of the disks, in words; None when nothing is. The legacy version has no words for it."""
    facts = facts_of(node)
    needed = sum(mib(volume.min_size, facts) for volume, _ in volumes_of(node, schema))
    needed += sum(BOOT + BOOT_RECORDS for disk in node.disks if disk.mib)
    there = sum(disk.mib for disk in node.disks)
    if there >= needed:
        return None
    return f"The disks have {there}MB and {needed}MB are needed" if schema.strict else ""


def check_volume_sizes(spaces: Spaces, node: NodeDisks, schema: Schema) -> str | None:
    """Which volumes lack how much, a line each; None when none does."""
    short = [
        f"Volume group '{label}' requires a minimum of {minimum}MB"
        for label, _, minimum in lacking(spaces, node, schema)
    ]
    return "\n".join(short) or None


def lacking(spaces: Spaces, node: NodeDisks, schema: Schema) -> list[tuple[str, int, int]]:
    """The volumes that have less than their minimum: label, what they have, the minimum; in MiB."""
    facts = facts_of(node)
    sizes = (
        (volume.label, _size(spaces, volume.id, schema), mib(volume.min_size, facts))
        for volume, _ in volumes_of(node, schema)
    )
    return [one for one in sizes if one[1] < one[2]]


def deployment_checks(spaces: Spaces, node: NodeDisks, schema: Schema) -> dict[str, str | None]:
    """Both checks' messages by name; nothing for a node without roles, which is not deployed."""
    if not node.roles:
        return {}
    return {
        "check_disk_space_for_deployment": check_disk_space(node, schema),
        "check_volume_sizes_for_deployment": check_volume_sizes(spaces, node, schema),
    }


def not_partitioned(nodes: Iterable[Node]) -> list[Node]:
    """Those of the nodes whose disks are still to be partitioned, so that it is not too late to check them."""
    return [node for node in nodes if node.status not in _PARTITIONED]


def refuse_short(nodes: Iterable[tuple[Node, Spaces]], cluster: Cluster | None) -> None:
    """Raise Invalid when nodes' disks lack room for the volumes of their roles, with everything that they lack."""
    told = [line for node, spaces in nodes for line in _lacks(node, spaces, cluster)]
    if told:
        raise Invalid("\n".join(told), fix="Give the volumes more room, the node more disks, or other roles.")


def _lacks(node: Node, spaces: Spaces, cluster: Cluster | None) -> Sequence[str]:
    facts, schema = cluster_node(node, cluster)
    if cluster and node.roles and not facts.disks:
        return [f"Node '{node.name}' seems not to have disks"]
    found = deployment_checks(spaces, facts, schema)
    messages = [message for message in found.values() if message is not None]
    lines = [line for message in messages for line in message.splitlines()]
    return [f"Node '{node.name}' has insufficient disk space", *lines] if messages else []


def refuse_other_disks(node: Node, spaces: Spaces, facts: NodeDisks) -> None:
    """Raise Conflict when the node's disks are not those of the spaces: an agent that partitions the others would wipe what
    nobody meant."""
    if not same_disks(spaces, facts):
        raise Conflict(
            f"The disks of node {node.name} are not those that it was laid out for.",
            fix="Look at its disks, then reset the node: it is laid out anew for those that it has.",
        )


def refuse_other_roles(nodes: Iterable[tuple[Node, Spaces]], cluster: Cluster | None) -> None:
    """Raise Conflict when a node's stored spaces have volumes that none of its roles has any more: an agent would make a system
    that nobody asked for, of a node without roles too."""
    for node, spaces in nodes:
        if not node.disks:
            continue  # `refuse_short` has better words for it
        wanted = {volume.id for volume, _ in volumes_of(*cluster_node(node, cluster))}
        stale = {entry.name for disk in spaces.disks for entry in disk.volumes if entry.size} - wanted
        if stale:
            raise Conflict(
                f"The layout of node {node.name} has {', '.join(sorted(stale))}, which its roles "
                f"({', '.join(node.roles) or 'none'}) do not ask for: it was made for others.",
                fix="Reset the node: it is laid out anew for the roles that it has.",
            )


def _size(spaces: Spaces, volume: str, schema: Schema) -> int:
    if not schema.strict:
        return spaces.allocated(volume)  # the original counts LVM's part as if it were the volume's
    return sum(entry.net for disk in spaces.disks for entry in disk.volumes if entry.name == volume)
