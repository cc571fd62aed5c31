"""What is wrong with the nodes that are seeded to be refused.

Role: one function per node's name, applied after the node is made. Everything goes through public APIs, so that the
records look as they would after an operator's mishap.
"""

from __future__ import annotations

from typing import Any

from lab.seeding import redfish
from lab.seeding.api import Lab
from lab.seeding.inventory import PROPERTIES, TAKEN_BY, Node

OTHER_MAC = "52:54:00:ee:ee:01"


def properties(node: Node) -> dict[str, Any]:
    """Hardware facts of a node, as an operator would have written them."""
    facts = PROPERTIES["silver" if node.resource_class == "silver" else "gold"]
    # A machine that runs from its own disk.
    return facts | {"capabilities": "boot_option:local"}


def apply(lab: Lab, node: Node, vifs: dict[str, str]) -> None:
    """Apply the oddity of a node, if it has one."""
    if node.name in _ODDITIES:
        _ODDITIES[node.name](lab, node, vifs)


def _lose_port(lab: Lab, node: Node, vifs: dict[str, str]) -> None:
    lab.neutron.delete(f"/v2.0/ports/{vifs[node.port_name(0)]}")


def _change_mac(lab: Lab, node: Node, vifs: dict[str, str]) -> None:
    # Neutron keeps the MAC of a bound port: unbind, change, bind again.
    path = f"/v2.0/ports/{vifs[node.port_name(0)]}"
    host = lab.neutron.get(path)["port"]["binding:host_id"]
    lab.neutron.put(path, {"port": {"binding:host_id": ""}})
    lab.neutron.put(path, {"port": {"mac_address": OTHER_MAC}})
    lab.neutron.put(path, {"port": {"binding:host_id": host}})


def _maintain(lab: Lab, node: Node, _vifs: dict[str, str]) -> None:
    lab.ironic.put(f"/v1/nodes/{node.uuid}/maintenance", {"reason": "bad DIMM, waits for a spare part"})


def _retire(lab: Lab, node: Node, _vifs: dict[str, str]) -> None:
    lab.ironic.patch(f"/v1/nodes/{node.uuid}", retired=True, retired_reason="out of warranty")


def _start_behind_ironic(lab: Lab, node: Node, _vifs: dict[str, str]) -> None:
    redfish.power(lab, node.system or 0, "On")


def _take(lab: Lab, node: Node, _vifs: dict[str, str]) -> None:
    lab.ironic.patch(f"/v1/nodes/{node.uuid}", instance_uuid=TAKEN_BY)
    body = {
        "node": node.uuid,
        "uuid": TAKEN_BY,
        "name": f"{node.name}-allocation",
        "resource_class": node.resource_class,
    }
    lab.ironic.post("/v1/allocations", body)


_ODDITIES = {
    "bad-port-01": _lose_port,
    "mac-mismatch-01": _change_mac,
    "maint-01": _maintain,
    "retired-01": _retire,
    "power-untrue-01": _start_behind_ironic,
    "taken-01": _take,
}
