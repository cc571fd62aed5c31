"""What the seed made, as lab.json tells it.

Role: reads back from the services, so that the summary holds what is there and not what was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab.config.sushy import system_uuid
from lab.places import read_json, write_json
from lab.seeding.api import Lab, each
from lab.seeding.inventory import MISSING_IMAGE, PROPERTIES, Node
from lab.seeding.surroundings import Surroundings

NODE_FIELDS = ("uuid", "driver", "resource_class", "network_interface", "provision_state", "power_state", "owner",
               "instance_uuid", "instance_info", "maintenance")


def seeded_nodes(path: Path) -> dict[str, Any]:
    """The nodes that an earlier seed finished."""
    return read_json(path).get("seeded", {}).get("nodes", {})


def write(lab: Lab, path: Path, around: Surroundings, nodes: Sequence[Node]) -> None:
    """Record these nodes beside those that are recorded already."""
    told = seeded_nodes(path) | dict(zip((node.name for node in nodes),
                                         each(lambda node: _describe(lab, node), nodes), strict=True))
    write_json(path, read_json(path) | {"seeded": {
        "projects": around.projects,
        "images": around.images,
        "missing_image": MISSING_IMAGE,
        "networks": around.networks,
        "subnets": around.subnets,
        "flavor_hints": PROPERTIES,
        "nodes": told,
    }})


def forget(path: Path, names: Sequence[str]) -> None:
    """Say that these nodes are not finished, before they are touched: an interrupted run then makes them anew."""
    summary = read_json(path)
    for name in names:
        summary.get("seeded", {}).get("nodes", {}).pop(name, None)
    write_json(path, summary)


def _describe(lab: Lab, node: Node) -> dict[str, Any]:
    row = lab.ironic.get(f"/v1/nodes/{node.uuid}")
    ports = lab.ironic.get(f"/v1/ports?node={node.uuid}&fields=uuid,address,internal_info,portgroup_uuid")["ports"]
    groups = lab.ironic.get(f"/v1/portgroups?node={node.uuid}&detail=True")["portgroups"]
    told = {name: row[name] for name in NODE_FIELDS}
    told |= {"about": node.about, "ports": [_nic(port) for port in ports], "portgroups": [_nic(g) for g in groups]}
    if node.system:
        told["redfish_system"] = system_uuid(node.system)
    return told


def _nic(row: dict[str, Any]) -> dict[str, Any]:
    return {"uuid": row["uuid"], "address": row["address"], "vif": row["internal_info"].get("tenant_vif_port_id")}
