"""The simple forms of a node's spaces: its disks as a user edits them, and the volumes that may be on them."""

from __future__ import annotations

from typing import Any

from corral.layouts.nailgun.compute import facts_of
from corral.layouts.nailgun.generators import mib
from corral.layouts.nailgun.node import NodeDisks
from corral.layouts.nailgun.schema import Schema, volumes_of
from corral.layouts.nailgun.spaces import DiskSpace, Entry, Part, Spaces

_ORDER = (Part.PHYSICAL, Part.PARTITION, Part.RAID)


def disks_form(spaces: Spaces) -> list[dict[str, Any]]:
    """`[{id, name, size, volumes: [{name, size, keep_data}], extra, bootable}]`: sizes in MiB, without what is reserved."""
    return [_disk(disk) for disk in spaces.disks]


def volumes_form(node: NodeDisks, schema: Schema) -> list[dict[str, Any]]:
    """`[{name, label, min_size}]`: the volumes of the node's roles, in MiB."""
    facts = facts_of(node)
    return [
        {"name": volume.id, "label": volume.label, "min_size": mib(volume.min_size, facts)}
        for volume, _ in volumes_of(node, schema)
    ]


def _disk(disk: DiskSpace) -> dict[str, Any]:
    volumes = sorted(disk.volumes, key=lambda entry: _ORDER.index(entry.part))
    return {
        "id": disk.id,
        "name": disk.name,
        "size": disk.capacity,
        "volumes": [_volume(entry) for entry in volumes],
        "extra": list(disk.extra),
        "bootable": disk.bootable,
    }


def _volume(entry: Entry) -> dict[str, Any]:
    return {"name": entry.name, "size": entry.net, "keep_data": entry.keep_data}
