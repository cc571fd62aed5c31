"""VIFs in memory: what Ironic does to its NICs and, in passing, to the ports of the network service."""

from __future__ import annotations

from corral.cloud.answers import Answer
from corral.domain.errors import NotFound
from corral.drivers.memory.api import Refusal, Request
from corral.drivers.memory.world import NicRecord, Node, Port, World, new_mac


class Cabling:
    """The `vifs` resource of a node."""

    def __init__(self, world: World) -> None:
        self._world = world

    def vifs(self, request: Request) -> Answer:
        node = self._node(request)
        shown = [nic.vif for nic in node.nics if nic.vif] if node.network_interface != "noop" else []
        return Answer(200, {"vifs": [{"id": vif} for vif in shown]})

    def attach(self, request: Request) -> Answer:
        node, vif = self._node(request), request.body["id"]
        if node.reservation:
            raise Refusal(409, f"Node {node.uuid} is locked by host {node.reservation}, please retry.")
        if node.network_interface == "noop":
            # The real one does just as little, and says just as much.
            return Answer(204)
        port = self._world.ports.get(vif)
        if port is None:
            raise Refusal(400, f"Neutron port {vif} was not found")
        self._refuse_attached(node, vif)
        nic = _free_nic(node)
        if nic is None:
            raise Refusal(400, f"Unable to attach VIF {vif} to node {node.uuid}, there are no free physical ports.")
        nic.vif = vif
        port.host, port.mac, port.status = node.uuid, nic.mac, "ACTIVE"
        port.revision += 1
        return Answer(204)

    def detach(self, request: Request) -> Answer:
        node, vif = self._node(request), request.parts[1]
        nic = next((one for one in node.nics if one.vif == vif), None)
        if nic is None:
            raise Refusal(400, f"Unable to detach VIF {vif} from node {node.uuid} because it is not attached to it.")
        nic.vif = None
        if port := self._world.ports.get(vif):
            loosen(port)
        return Answer(204)

    def _refuse_attached(self, node: Node, vif: str) -> None:
        for other, nic in self._world.nics():
            if nic.vif == vif and other is node:
                raise Refusal(409, f"Unable to attach VIF because VIF {vif} is already attached to port {nic.uuid}")
            if nic.vif == vif:
                # Ironic only finds out when Neutron does not let it change the MAC of a bound port.
                raise Refusal(
                    500, f"Unable to attach VIF {vif} because Ironic can not update Neutron port {vif} MAC address"
                )

    def _node(self, request: Request) -> Node:
        try:
            return self._world.node(request.parts[0])
        except NotFound as exc:
            raise Refusal(404, exc.message) from exc


def _free_nic(node: Node) -> NicRecord | None:
    """Groups first, then ports that are no members, as Ironic chooses."""
    free = [nic for nic in node.nics if not nic.vif and not nic.group]
    return min(free, key=lambda nic: not nic.bond, default=None)


def loosen(port: Port) -> None:
    """Neutron makes up a new MAC for a port that is unplugged."""
    port.host, port.mac, port.status = "", new_mac(), "DOWN"
    port.revision += 1
