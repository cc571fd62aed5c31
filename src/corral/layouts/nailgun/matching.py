"""Which disk of a node is which disk of its stored spaces, although names and paths may have changed since.

By path and ids together first, then by any id in common, then by path alone. A disk is matched once.
"""

from __future__ import annotations

from collections.abc import Callable

from corral.layouts.nailgun.node import NodeDisk, NodeDisks
from corral.layouts.nailgun.spaces import DiskSpace, Spaces


def match(spaces: Spaces, node: NodeDisks) -> dict[str, DiskSpace]:
    """The stored disk for each path of a node's disk that has one."""
    found: dict[str, DiskSpace] = {}
    left = list(spaces.disks)
    for alike in _ALIKE:
        for disk in (disk for disk in node.disks if disk.path not in found):
            stored = next((one for one in left if alike(disk, one)), None)
            if stored is not None:
                found[disk.path] = stored
                left.remove(stored)
    return found


def same_disks(spaces: Spaces, node: NodeDisks) -> bool:
    """Whether the spaces were computed for just these disks: all found, none left over, no size changed."""
    found = match(spaces, node)
    return len(found) == len(node.disks) == len(spaces.disks) and all(
        found[disk.path].size == disk.mib for disk in node.disks
    )


_ALIKE: tuple[Callable[[NodeDisk, DiskSpace], bool], ...] = (
    lambda disk, stored: disk.path == stored.id and set(disk.extra) == set(stored.extra),
    lambda disk, stored: not set(disk.extra).isdisjoint(stored.extra),
    lambda disk, stored: disk.path == stored.id,
)
