"""Provision states in memory, as far as deploying goes: available → wait call-back → active or deploy failed, and back.

As the lab's Ironic does, nothing is cleaned between tearing down and `available`, unless that is told to fail.
"""

from __future__ import annotations

from corral.cloud.answers import Answer
from corral.drivers.memory.api import Refusal, Request
from corral.drivers.memory.cabling import loosen
from corral.drivers.memory.world import Node, World

_FROM = {
    "active": ("available", "deploy failed"),
    "deleted": ("active", "wait call-back", "deploy failed", "error"),
    "manage": ("enroll", "available", "clean failed"),
    "provide": ("manageable",),
}


class Provisioning:
    """`PUT /v1/nodes/U/states/provision` and `…/raid` over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def order(self, node: Node, request: Request) -> Answer:
        target = request.body["target"]
        if node.provision_state not in _FROM.get(target, ()):
            words = f'The requested action "{target}" can not be performed on node "{node.uuid}" while it is in state '
            raise Refusal(400, f'{words}"{node.provision_state}".')
        if target == "active":
            self._deploy(node, request)
        elif target == "manage":
            node.last_error = self._world.verify_error or None
            node.provision_state = "enroll" if self._world.verify_error else "manageable"
        elif target == "provide":
            node.last_error = self._world.clean_error or None
            node.provision_state = "clean failed" if self._world.clean_error else "available"
        else:
            self._tear_down(node)
        node.touch()
        return Answer(202)

    def arrays(self, node: Node, request: Request) -> Answer:
        node.target_raid_config = dict(request.body)
        node.touch()
        return Answer(204)

    def _deploy(self, node: Node, request: Request) -> None:
        if node.maintenance:
            raise Refusal(
                400, f"The deploy operation can't be performed on node {node.uuid} because it's in maintenance mode."
            )
        if not node.instance_info.get("image_source"):
            raise Refusal(
                400, f"Failed to validate deploy info for node {node.uuid}. Missing are: instance_info.image_source"
            )
        if (drive := request.body.get("configdrive")) is not None:
            node.instance_info["configdrive"] = drive
        for step in request.body.get("deploy_steps", ()):
            node.target_raid_config = dict(step["args"]["raid_config"])
        node.provision_state, node.last_error = "wait call-back", None
        if not self._world.slow_deploys:
            self._world.finish_deploy(node.uuid)

    def _tear_down(self, node: Node) -> None:
        if node.protected:
            raise Refusal(403, f"Node {node.uuid} is protected and cannot be undeployed, rebuilt or deleted.")
        self._world.allocations.pop(node.allocation_uuid or "", None)
        node.instance_uuid = node.allocation_uuid = None
        node.instance_info = {}
        node.instance_name = None
        for nic in node.nics:
            if port := self._world.ports.get(nic.vif or ""):
                loosen(port)
            nic.vif = None
        node.last_error = self._world.clean_error or None
        node.provision_state = "clean failed" if self._world.clean_error else "available"
