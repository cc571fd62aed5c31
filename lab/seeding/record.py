"""What the seed made, as lab.json tells it.

Role: reads back from the services, so that the summary holds what is there and not what was asked for. The same
description, taken later, tells which nodes a test has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab.config.sushy import system_uuid
from lab.places import read_json, write_json
from lab.seeding import redfish
from lab.seeding.api import Lab
from lab.seeding.inventory import MISSING_IMAGE, PROPERTIES, Node
from lab.seeding.surroundings import Surroundings

NODE = (
    "uuid,name,driver,resource_class,network_interface,provision_state,power_state,owner,lessee,instance_uuid,"
    "instance_info,properties,extra,maintenance,protected,retired"
)
NIC = "uuid,address,node_uuid,internal_info,extra"
NEUTRON = (
    "id",
    "name",
    "mac_address",
    "network_id",
    "project_id",
    "fixed_ips",
    "device_id",
    "device_owner",
    "binding:host_id",
    "binding:vnic_type",
    "status",
)

Described = dict[str, dict[str, Any]]


def seeded_nodes(path: Path) -> Described:
    """The nodes that an earlier seed finished, by name."""
    return read_json(path).get("seeded", {}).get("nodes", {})


def changed(lab: Lab, path: Path, nodes: Sequence[Node]) -> list[Node]:
    """Those of the nodes that are no longer as the seed left them."""
    before, now = seeded_nodes(path), describe(lab, nodes)
    return [node for node in nodes if node.name not in before or before[node.name] != now.get(node.name)]


def write(lab: Lab, path: Path, around: Surroundings, nodes: Sequence[Node]) -> None:
    """Record these nodes beside those that are recorded already."""
    write_json(
        path,
        read_json(path)
        | {
            "seeded": {
                "projects": around.projects,
                "images": around.images,
                "missing_image": MISSING_IMAGE,
                "networks": around.networks,
                "subnets": around.subnets,
                "flavor_hints": PROPERTIES,
                "nodes": seeded_nodes(path) | describe(lab, nodes),
            }
        },
    )


def forget(path: Path, names: Sequence[str]) -> None:
    """Say that these nodes are not finished, before they are touched: an interrupted run then makes them anew."""
    summary = read_json(path)
    for name in names:
        summary.get("seeded", {}).get("nodes", {}).pop(name, None)
    write_json(path, summary)


def describe(lab: Lab, nodes: Sequence[Node]) -> Described:
    """The nodes that exist, with their NICs and Neutron ports, by name. Four lists, however many nodes."""
    rows = {row["uuid"]: row for row in lab.ironic.pages("nodes", NODE)}
    nics, groups = lab.ironic.pages("ports", NIC), lab.ironic.pages("portgroups", NIC)
    names = [name for node in nodes for name in _port_names(node)]
    ports = {port["name"]: port for port in lab.neutron.with_any("/v2.0/ports", "name", names)}
    return {
        node.name: _without_links(rows[node.uuid])
        | {
            "about": node.about,
            "ports": [_nic(nic) for nic in nics if nic["node_uuid"] == node.uuid],
            "portgroups": [_nic(group) for group in groups if group["node_uuid"] == node.uuid],
            "neutron_ports": [_neutron(ports[name]) for name in _port_names(node) if name in ports],
        }
        | _machine(lab, node)
        for node in nodes
        if node.uuid in rows
    }


def _without_links(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "links"}


def _port_names(node: Node) -> list[str]:
    return [node.port_name(nic) for nic in range(len(node.networks))]


def _nic(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "uuid": row["uuid"],
        "address": row["address"],
        "extra": row["extra"],
        "vif": row["internal_info"].get("tenant_vif_port_id"),
    }


def _neutron(port: dict[str, Any]) -> dict[str, Any]:
    return {name: port[name] for name in NEUTRON}


def _machine(lab: Lab, node: Node) -> dict[str, Any]:
    if not node.system:
        return {}
    return {"redfish_system": system_uuid(node.system), "redfish_power": redfish.real_power(lab, node.system)}
