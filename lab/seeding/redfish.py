"""The Redfish emulator's side of redfish nodes.

Role: sets the real power of an emulated machine behind Ironic's back, which is how a record becomes untrue.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from lab.config.sushy import system_uuid
from lab.seeding.api import Lab
from lab.seeding.inventory import Node

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def driver_info(lab: Lab, system: int) -> dict[str, Any]:
    """How Ironic reaches a system of the emulator."""
    return {
        "redfish_address": lab.sushy_url.removesuffix("/redfish/v1"),
        "redfish_system_id": f"/redfish/v1/Systems/{system_uuid(system)}",
        "redfish_username": "admin",
        "redfish_password": "password",
        "redfish_verify_ca": False,
    }


def power(lab: Lab, system: int, reset: str) -> None:
    """Tell the emulated machine itself: On or ForceOff."""
    url = f"{lab.sushy_url}/Systems/{system_uuid(system)}/Actions/ComputerSystem.Reset"
    request = urllib.request.Request(url, json.dumps({"ResetType": reset}).encode(),
                                     {"Content-Type": "application/json"}, method="POST")
    with _OPENER.open(request, timeout=10):
        pass


def prepare(lab: Lab, nodes: Sequence[Node]) -> None:
    """Give every machine the power that Ironic shall read when it verifies the node."""
    for node in nodes:
        if node.system:
            power(lab, node.system, "ForceOff" if node.power == "power off" else "On")
