"""Benchmark nodes: as adoptable as the seeded ones, made ten times faster.

Role: nodes and NICs are created through the APIs; then one transaction in Ironic's database writes what power on,
attach and adopt would have written. Through the API these three cost more than a second of CPU per node, most of it
for the VIF. For a fake-hardware node the database is all there is, so the result is the same, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy

from lab.seeding import nodes as making
from lab.seeding.api import Lab, each
from lab.seeding.inventory import Node
from lab.seeding.surroundings import Surroundings

_NIC = sqlalchemy.text("UPDATE ports SET internal_info = :info WHERE address = :address")
_NODE = sqlalchemy.text(
    "UPDATE nodes SET provision_state = 'active', target_provision_state = NULL, power_state = 'power on', "
    "instance_info = :instance_info, driver_internal_info = :internal, provision_updated_at = CURRENT_TIMESTAMP "
    "WHERE uuid = :uuid"
)


def make(lab: Lab, around: Surroundings, database_url: str, nodes: Sequence[Node]) -> None:
    """Make nodes that do not exist yet, active and plugged."""
    vifs: dict[str, str] = {}
    # Two services, two processors: neither waits for the other.
    each(
        lambda work: work(),
        [
            lambda: vifs.update(making.neutron_ports(lab, around, nodes)),
            lambda: each(lambda node: making.enroll(lab, around, node), nodes),
        ],
    )
    _write(database_url, _NIC, [_nic_row(node, nic, vifs) for node, nic in _plugged(nodes)])
    _write(database_url, _NODE, [_node_row(lab, around, node) for node in nodes])


def unplug(database_url: str, nodes: Sequence[Node]) -> None:
    """Forget VIFs before the nodes are deleted, so that Ironic need not ask Neutron to detach each."""
    _write(database_url, _NIC, [{"address": node.mac(nic), "info": "{}"} for node, nic in _plugged(nodes)])


def _plugged(nodes: Sequence[Node]) -> list[tuple[Node, int]]:
    return [(node, nic) for node in nodes for nic, network in enumerate(node.networks) if network]


def _nic_row(node: Node, nic: int, vifs: dict[str, str]) -> dict[str, Any]:
    return {"address": node.mac(nic), "info": json.dumps({"tenant_vif_port_id": vifs[node.port_name(nic)]})}


def _node_row(lab: Lab, around: Surroundings, node: Node) -> dict[str, Any]:
    info = making.node_body(lab, around, node)["instance_info"] | {"image_type": "whole-disk"}
    return {"uuid": node.uuid, "instance_info": json.dumps(info), "internal": json.dumps({"is_whole_disk_image": True})}


def _write(database_url: str, statement: sqlalchemy.TextClause, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(statement, rows)
    engine.dispose()
