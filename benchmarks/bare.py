"""The yardsticks: clients that make only the calls that Ironic and Neutron need to adopt a node, and judge nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.e2e.support.lab import BUSY, Api, Json, Lab

PATIENCE = 30
_NICS = "uuid,node_uuid,address,portgroup_uuid,internal_info,extra"


@dataclass(frozen=True)
class Target:
    """A node to adopt, and the port that is plugged into it."""

    node: str
    name: str
    port: str


class Bare:
    """Adopts nodes, `concurrency` at a time, with the fewest and cheapest calls that are known to do: claim and protection in one
    change, the allocation, the port, and what is plugged in read back from the node's NICs. `requests` and `retried` count
    what was sent."""

    name = "bare client, fewest calls"

    def __init__(self, lab: Lab, concurrency: int) -> None:
        self._lab = lab
        self._concurrency = concurrency
        self.requests = 0
        self.retried = 0

    def adopt(self, targets: Sequence[Target]) -> float:
        """Adopt all; the seconds that it took."""
        begun = time.perf_counter()
        with ThreadPoolExecutor(self._concurrency) as pool:
            list(pool.map(self._adopt, targets))
        return time.perf_counter() - begun

    def _adopt(self, target: Target) -> None:
        owner = str(uuid4())
        node = f"/v1/nodes/{target.node}"
        self._claim(node, owner, target.node)
        port = {"port": {"device_id": owner, "device_owner": "baremetal:corral"}}
        self._send(self._lab.neutron, "PUT", f"/v2.0/ports/{target.port}", port)
        self._read_back(target.node)

    def _claim(self, path: str, owner: str, node: str) -> None:
        self._send(self._lab.ironic, "PATCH", path, [_add("/instance_uuid", owner), *_protection(owner)])
        self._send(self._lab.ironic, "POST", "/v1/allocations", {"uuid": owner, "node": node})

    def _read_back(self, node: str) -> None:
        self._send(self._lab.ironic, "GET", f"/v1/ports?node={node}&fields={_NICS}", None)

    def _send(self, api: Api, method: str, path: str, body: object) -> None:
        for _ in range(PATIENCE):
            self.requests += 1
            reply = api.http.request(method, path, json=body)
            if reply.is_success:
                return
            if reply.status_code not in BUSY:
                break
            self.retried += 1
            time.sleep(0.25)
        raise httpx.HTTPStatusError(f"{method} {path}: {reply.text[:300]}", request=reply.request, response=reply)


class StepByStep(Bare):
    """The same as one would write it by Ironic's documentation, and as Corral itself did at first: claim, allocation and
    protection one after the other, and the VIFs read back from the list of VIFs."""

    name = "bare client, step by step"

    def _claim(self, path: str, owner: str, node: str) -> None:
        self._send(self._lab.ironic, "PATCH", path, [_add("/instance_uuid", owner)])
        self._send(self._lab.ironic, "POST", "/v1/allocations", {"uuid": owner, "node": node})
        self._send(self._lab.ironic, "PATCH", path, _protection(owner))

    def _read_back(self, node: str) -> None:
        self._send(self._lab.ironic, "GET", f"/v1/nodes/{node}/vifs", None)


def _protection(owner: str) -> list[Json]:
    return [_add("/protected", True), _add("/protected_reason", f"Managed by a benchmark as {owner}")]


def _add(path: str, value: object) -> Json:
    return {"op": "add", "path": path, "value": value}
