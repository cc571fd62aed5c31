"""Making and removing nodes in memory, as Ironic does it."""

from __future__ import annotations

import uuid

from corral.cloud.answers import Answer
from corral.domain.errors import Conflict, NotFound
from corral.domain.machine import normal_mac
from corral.drivers.memory.api import Refusal, Request, Route, route
from corral.drivers.memory.world import NicRecord, Node, World

_REMOVABLE = ("enroll", "manageable", "available", "adopt failed")


class Enrolling:
    """`POST /v1/nodes`, `POST /v1/ports` and `DELETE /v1/nodes/U` over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes: tuple[Route, ...] = (
            route("POST", "/v1/nodes", self._create),
            route("POST", "/v1/ports", self._add_nic),
            route("DELETE", "/v1/nodes/*", self._remove),
        )

    def _create(self, request: Request) -> Answer:
        body = request.body
        if body["uuid"] in self._world.nodes or body["name"] in self._world.names:
            raise Refusal(409, f"A node with UUID {body['uuid']} or name {body['name']} already exists.")
        kept = {key: value for key, value in body.items() if key in Node.__slots__}
        self._world.add_node(Node(provision_state="enroll", power=None, **kept))
        return Answer(201, {"uuid": body["uuid"]})

    def _add_nic(self, request: Request) -> Answer:
        mac, node = normal_mac(request.body["address"]), self._node(request.body["node_uuid"])
        if any(normal_mac(nic.mac) == mac for _, nic in self._world.nics()):
            raise Refusal(409, f"A port with MAC address {mac} already exists.")
        node.nics.append(NicRecord(str(uuid.uuid4()), mac))
        return Answer(201, {"address": mac})

    def _remove(self, request: Request) -> Answer:
        node = self._node(request.parts[0])
        if node.reservation:
            raise Refusal(409, f"Node {node.uuid} is locked by host {node.reservation}, please retry.")
        if node.provision_state not in _REMOVABLE and not node.maintenance:
            raise Refusal(
                409, f"Can not delete node {node.uuid} while it is in provision state {node.provision_state}."
            )
        if node.instance_uuid:
            raise Refusal(409, f"Node {node.uuid} is associated with instance {node.instance_uuid}.")
        try:
            self._world.remove_node(node.uuid)
        except Conflict as exc:
            raise Refusal(403, exc.message) from exc
        return Answer(204)

    def _node(self, ident: str) -> Node:
        try:
            return self._world.node(ident)
        except NotFound as exc:
            raise Refusal(404, exc.message) from exc
