"""The Redfish emulator's side of redfish nodes.

Role: sets the real power of an emulated machine behind Ironic's back, which is how a record becomes untrue.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

from lab.config.sushy import system_uuid
from lab.seeding.api import Lab, each
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


def power(lab: Lab, system: int, wanted: str) -> None:
    """Bring the emulated machine itself to On or Off, and wait until it says so."""
    url = f"{lab.sushy_url}/Systems/{system_uuid(system)}/Actions/ComputerSystem.Reset"
    body = json.dumps({"ResetType": "On" if wanted == "On" else "ForceOff"}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    with _OPENER.open(request, timeout=120):
        pass
    deadline = time.monotonic() + 30
    while real_power(lab, system) != wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the emulated machine {system} does not become {wanted}")
        time.sleep(0.2)


def real_power(lab: Lab, system: int) -> str:
    """What the emulated machine itself says: On or Off."""
    with _OPENER.open(f"{lab.sushy_url}/Systems/{system_uuid(system)}", timeout=120) as reply:
        return json.load(reply)["PowerState"]


def prepare(lab: Lab, nodes: Sequence[Node]) -> None:
    """Give every machine the power that Ironic shall read when it verifies the node."""
    each(
        lambda node: power(lab, node.system or 0, "Off" if node.power == "power off" else "On"),
        [node for node in nodes if node.system],
    )
