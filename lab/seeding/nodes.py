"""Making nodes: enrolled, powered, plugged and adopted in Ironic, many at a time.

Role: the way that every seeded and benchmark node goes. Nothing is deployed: `manage` and `adopt` only write records,
as an operator would do for machines that already run. States are awaited by one list of all nodes, because a poll per
node costs more than the work itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from lab.seeding import oddities, redfish
from lab.seeding.api import Lab, each
from lab.seeding.inventory import Node
from lab.seeding.surroundings import Surroundings

WAIT_SECONDS = 180.0
GONE_WRONG = ("enroll", "adopt failed", "error")
FIELDS = "uuid,name,provision_state,power_state,target_provision_state,last_error"

Rows = dict[str, dict[str, Any]]
Vifs = dict[str, str]  # id of a Neutron port by its name


def everything(lab: Lab, fields: str = FIELDS) -> Rows:
    """All nodes by UUID."""
    return {row["uuid"]: row for row in lab.ironic.pages("nodes", fields)}


def make(lab: Lab, around: Surroundings, nodes: Sequence[Node]) -> None:
    """Make nodes that do not exist yet and bring each into its state."""
    real = [node for node in nodes if node.system]
    fake = [node for node in nodes if not node.system]
    # Side by side: Ironic takes seconds to get to know a Redfish machine, and a fake one has nothing to wait for.
    each(lambda group: _make(lab, around, group), [group for group in (real, fake) if group])


def _make(lab: Lab, around: Surroundings, nodes: Sequence[Node]) -> None:
    redfish.prepare(lab, nodes)
    vifs = neutron_ports(lab, around, nodes)
    each(lambda node: enroll(lab, around, node), nodes)
    managed = [node for node in nodes if node.state != "enroll"]
    _move(lab, managed, "manage", "manageable")
    _power(lab, [node for node in managed if node.power and node.system is None])
    each(lambda node: _plug(lab, node, vifs), managed)
    _move(lab, [node for node in managed if node.state == "active"], "adopt", "active")
    _move(lab, [node for node in managed if node.state == "available"], "provide", "available")
    each(lambda node: oddities.apply(lab, node, vifs), nodes)


def neutron_ports(lab: Lab, around: Surroundings, nodes: Sequence[Node]) -> Vifs:
    """Make the Neutron port of every VIF; ids by port name."""
    wanted = [
        _neutron_port(around, node, nic, network)
        for node in nodes
        for nic, network in enumerate(node.networks)
        if network
    ]
    # One by one: Neutron's bulk request fails with 500 where security groups are off.
    made = each(lambda port: lab.neutron.post("/v2.0/ports", {"port": port})["port"], wanted)
    return {port["name"]: port["id"] for port in made}


def _neutron_port(around: Surroundings, node: Node, nic: int, network: str) -> dict[str, Any]:
    return {
        "name": node.port_name(nic),
        "network_id": around.networks[network],
        "project_id": around.projects["demo"],
        "mac_address": node.mac(nic).lower(),
        "binding:vnic_type": "baremetal",
        # Not bound: when Ironic attaches a port that is bound already it unbinds it first, and Neutron gives it a new MAC.
    }


def enroll(lab: Lab, around: Surroundings, node: Node) -> None:
    """Create the node and its NICs."""
    lab.ironic.post("/v1/nodes", node_body(lab, around, node))
    group = _portgroup(lab, node) if node.portgroup else {}
    for nic in range(len(node.networks)):
        lab.ironic.post("/v1/ports", {"node_uuid": node.uuid, "address": node.mac(nic), **group})


def node_body(lab: Lab, around: Surroundings, node: Node) -> dict[str, Any]:
    """What Ironic is told when it creates the node."""
    info = {"display_name": node.name}
    if node.image:
        info["image_source"] = around.images.get(node.image, node.image)
    body = {
        "uuid": node.uuid,
        "name": node.name,
        "driver": "redfish" if node.system else "fake-hardware",
        "network_interface": node.network_interface,
        "instance_info": info,
        "properties": oddities.properties(node),
        "extra": {"lab": node.about},
        "resource_class": node.resource_class,
        "owner": around.projects[node.owner] if node.owner else None,
        "driver_info": redfish.driver_info(lab, node.system) if node.system else {},
    }
    return {name: value for name, value in body.items() if value is not None}


def _portgroup(lab: Lab, node: Node) -> dict[str, str]:
    body = {"node_uuid": node.uuid, "name": f"{node.name}-bond0", "address": node.mac(0), "mode": "802.3ad"}
    return {"portgroup_uuid": lab.ironic.post("/v1/portgroups", body)["uuid"]}


def _move(lab: Lab, nodes: Sequence[Node], verb: str, state: str) -> None:
    """Ask every node for a transition and wait until all of them made it."""
    each(lambda node: lab.ironic.put(f"/v1/nodes/{node.uuid}/states/provision", {"target": verb}), nodes)
    _await(lab, nodes, lambda _, row: row["provision_state"] == state)


def _power(lab: Lab, nodes: Sequence[Node]) -> None:
    each(lambda node: lab.ironic.put(f"/v1/nodes/{node.uuid}/states/power", {"target": node.power}), nodes)
    _await(lab, nodes, lambda node, row: row["power_state"] == node.power)


def _plug(lab: Lab, node: Node, vifs: Vifs) -> None:
    """Attach the VIFs of a node."""
    # In the order of the NICs, which is the order in which Ironic hands out its ports.
    for nic, network in enumerate(node.networks):
        if network:
            lab.ironic.post(f"/v1/nodes/{node.uuid}/vifs", {"id": vifs[node.port_name(nic)]})


def _await(lab: Lab, nodes: Sequence[Node], good: Callable[[Node, dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while waiting := _unfinished(lab, nodes, good):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still waiting for {', '.join(waiting[:5])}")
        time.sleep(0.3)


def _unfinished(lab: Lab, nodes: Sequence[Node], good: Callable[[Node, dict[str, Any]], bool]) -> list[str]:
    rows = everything(lab) if nodes else {}
    late = [node for node in nodes if not good(node, rows[node.uuid])]
    for node in late:
        row = rows[node.uuid]
        if row["last_error"] and not row["target_provision_state"] and row["provision_state"] in GONE_WRONG:
            raise RuntimeError(f"{node.name}: {row['last_error']}")
    return [node.name for node in late]


def remove(lab: Lab, names: Sequence[str]) -> None:
    """Delete nodes of these names and the Neutron ports that belong to them, whatever was done to them."""
    uuids = [row["uuid"] for row in everything(lab, "uuid,name").values() if row["name"] in names]
    ports = _ports_of(lab, names, set(uuids))
    each(lambda uuid: _remove_node(lab, uuid), uuids)
    each(lambda port: lab.neutron.delete(f"/v2.0/ports/{port}"), ports)


def _ports_of(lab: Lab, names: Sequence[str], uuids: set[str]) -> set[str]:
    """Neutron ports by their names, and by the MACs of the nodes' NICs, as a test may have made others."""
    nics = lab.ironic.pages("ports", "address,node_uuid") if uuids else []
    macs = [nic["address"] for nic in nics if nic["node_uuid"] in uuids]
    ports = lab.neutron.with_any("/v2.0/ports", "mac_address", macs)
    ports += lab.neutron.with_any("/v2.0/ports", "name", [f"{name}-eth{nic}" for name in names for nic in (0, 1)])
    return {port["id"] for port in ports}


def _remove_node(lab: Lab, uuid: str) -> None:
    """Undo what protects a node, unplug it, then delete it: deleting it plugged would orphan its Neutron ports."""
    path = f"/v1/nodes/{uuid}"
    row = lab.ironic.get(path)
    if row["protected"]:
        lab.ironic.patch(path, protected=False)
    # In maintenance an active node may be deleted, and its allocation too.
    lab.ironic.patch(path, maintenance=True)
    for vif in lab.ironic.get(f"{path}/vifs")["vifs"]:
        lab.ironic.delete(f"{path}/vifs/{vif['id']}")
    if row["allocation_uuid"]:
        lab.ironic.delete(f"/v1/allocations/{row['allocation_uuid']}")
    elif row["instance_uuid"]:
        lab.ironic.patch(path, instance_uuid=None)
    lab.ironic.delete(path)
