"""The bare-metal service in memory: what Ironic answers to the calls that our driver makes, and how it refuses.

Rule: the contract suite runs against this and a real Ironic; where the two differ, this one is wrong. Locks, slow power changes
and broken records are levers of the tests, which the suite does not compare.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from corral.cloud.answers import Answer
from corral.domain.errors import NotFound
from corral.drivers.ironic.said import KEYS, path
from corral.drivers.memory.api import Refusal, Request, Route, page, route
from corral.drivers.memory.cabling import Cabling
from corral.drivers.memory.enrolling import Enrolling
from corral.drivers.memory.provision import Provisioning
from corral.drivers.memory.world import NicRecord, Node, World, allocation

_PLAIN = tuple(
    name
    for name in Node.__slots__
    if name not in ("power", "target_power", "real_power", "bmc_error", "boots", "broken", "nics")
)
_TARGETS = {
    "power on": "power on",
    "power off": "power off",
    "rebooting": "power on",
    "soft power off": "power off",
    "soft rebooting": "power on",
}


_SECRET = re.compile(r"""(password\s*[=:]\s*['"]?)[^\s'"]+(['"]?)""", re.IGNORECASE)
"""What Ironic masks in texts, in part: it knows more such words."""
_NOT_LISTED = frozenset({"created_at", "updated_at", "allocation_uuid", "instance_name"})
"""What Ironic gives of a node, and not in its list of chosen fields."""


class Baremetal:
    """Ironic over a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        cabling, provisioning, enrolling = Cabling(world), Provisioning(world), Enrolling(world)
        self.routes: tuple[Route, ...] = (
            route("GET", "/v1", lambda _: Answer(200, {"version": {"version": "1.104 (in memory)"}})),
            route("GET", "/v1/nodes", lambda request: self._list(request, _NOT_LISTED)),
            route("GET", "/v1/nodes/detail", lambda request: self._list(request, frozenset())),
            route("GET", "/v1/nodes/*", self._show),
            route("PATCH", "/v1/nodes/*", self._patch),
            *enrolling.routes,
            route("PUT", "/v1/nodes/*/maintenance", self._maintain),
            route("DELETE", "/v1/nodes/*/maintenance", self._end_maintenance),
            route("GET", "/v1/nodes/*/states", self._states),
            route("PUT", "/v1/nodes/*/states/power", self._power),
            route("PUT", "/v1/nodes/*/states/provision", lambda r: provisioning.order(unlocked(world, r.parts[0]), r)),
            route("PUT", "/v1/nodes/*/states/raid", lambda r: provisioning.arrays(unlocked(world, r.parts[0]), r)),
            route("GET", "/v1/nodes/*/vifs", cabling.vifs),
            route("POST", "/v1/nodes/*/vifs", cabling.attach),
            route("DELETE", "/v1/nodes/*/vifs/*", cabling.detach),
            route("GET", "/v1/ports", lambda request: self._nics(request, "ports", False)),
            route("GET", "/v1/portgroups", lambda request: self._nics(request, "portgroups", True)),
            route("GET", "/v1/allocations", self._allocations),
            route("POST", "/v1/allocations", self._allocate),
            route("GET", "/v1/allocations/*", lambda request: Answer(200, dict(self._allocation(request)))),
            route("DELETE", "/v1/allocations/*", self._deallocate),
        )

    def _list(self, request: Request, without: frozenset[str]) -> Answer:
        limit, marker = min(int(request.one("limit") or 1000), 1000), request.one("marker")
        if marker and marker not in self._world.nodes:
            raise Refusal(404, f"Node {marker} could not be found.")
        start = bisect_right(self._world.order, marker) if marker else 0
        found: list[dict[str, Any]] = []
        for uuid in self._world.order[start:]:
            if _fits(self._world.nodes[uuid], request):
                shown = record(self._world.nodes[uuid])
                found.append({key: value for key, value in shown.items() if key not in without})
            if len(found) == limit:
                return Answer(200, {"nodes": found, "next": "there may be more"})
        return Answer(200, {"nodes": found})

    def _show(self, request: Request) -> Answer:
        return Answer(200, record(find(self._world, request.parts[0])))

    def _patch(self, request: Request) -> Answer:
        node = unlocked(self._world, request.parts[0])
        before = {name: getattr(node, name) for name in Node.__slots__} | {"instance_info": dict(node.instance_info)}
        try:
            for operation in request.body:
                _OPERATIONS[operation["path"]](self._world, node, operation.get("value"))
        except Refusal:
            # A change is made whole or not at all.
            for name, value in before.items():
                setattr(node, name, value)
            raise
        if node.instance_info != before["instance_info"] and not node.instance_name:
            # Ironic does so since 1.104, and not when a node is made.
            node.instance_name = node.instance_info.get("display_name")
        node.touch()
        return Answer(200, record(node))

    def _maintain(self, request: Request) -> Answer:
        node = unlocked(self._world, request.parts[0])
        node.maintenance, node.maintenance_reason = True, request.body.get("reason")
        return _taken(node)

    def _end_maintenance(self, request: Request) -> Answer:
        node = unlocked(self._world, request.parts[0])
        node.maintenance, node.maintenance_reason, node.fault = False, None, None
        return _taken(node)

    def _states(self, request: Request) -> Answer:
        node = find(self._world, request.parts[0])
        return Answer(200, {"power_state": node.power, "target_power_state": node.target_power})

    def _power(self, request: Request) -> Answer:
        node = unlocked(self._world, request.parts[0])
        if node.target_power is not None:
            raise Refusal(409, f"Node {node.uuid} is locked by host memory, please retry.")
        if request.body["target"] == "rebooting":
            node.boots += 1
        node.target_power = _TARGETS[request.body["target"]]
        if not self._world.slow_power:
            self._world.finish_power(node.uuid)
        return Answer(202)

    def _nics(self, request: Request, key: str, bonds: bool) -> Answer:
        if ident := request.one("node"):
            node = find(self._world, ident)
            return Answer(200, {key: [_nic(node, nic) for nic in node.nics if nic.bond is bonds]})
        found = (pair for pair in self._world.nics() if pair[1].bond is bonds)
        return page(found, lambda pair: pair[1].uuid, lambda pair: _nic(*pair), request, key)

    def _allocations(self, request: Request) -> Answer:
        uuid = itemgetter("uuid")
        return page(sorted(self._world.allocations.values(), key=uuid), uuid, dict, request, "allocations")

    def _allocate(self, request: Request) -> Answer:
        ident, node = request.body["uuid"], find(self._world, request.body["node"])
        if ident in self._world.allocations:
            raise Refusal(409, f"An allocation with UUID {ident} already exists.")
        if node.provision_state != "active" or node.instance_uuid not in (None, ident) or node.allocation_uuid:
            words = f"Failed to process allocation {ident}: Cannot backfill an allocation for node {node.uuid}."
            self._world.allocations[ident] = allocation(ident, None, "error", words)
            raise Refusal(500, words)
        self._world.allocations[ident] = allocation(ident, node.uuid)
        node.instance_uuid = node.allocation_uuid = ident
        # Ironic writes this along, and leaves it behind when the allocation goes.
        node.instance_info["traits"] = []
        node.touch()
        return Answer(201, dict(self._world.allocations[ident]))

    def _deallocate(self, request: Request) -> Answer:
        found = self._allocation(request)
        node = self._world.nodes.get(found["node_uuid"] or "")
        if node is not None:
            if node.provision_state == "active" and not node.maintenance:
                raise Refusal(409, "Cannot remove allocation, because the node is active (and maintenance mode is off)")
            node.instance_uuid = node.allocation_uuid = None
            node.touch()
        del self._world.allocations[found["uuid"]]
        return Answer(204)

    def _allocation(self, request: Request) -> dict[str, Any]:
        found = self._world.allocations.get(request.parts[0])
        if found is None:
            raise Refusal(404, f"Allocation {request.parts[0]} could not be found.")
        return found


def find(world: World, ident: str) -> Node:
    try:
        return world.node(ident)
    except NotFound as exc:
        raise Refusal(404, exc.message) from exc


def unlocked(world: World, ident: str) -> Node:
    node = find(world, ident)
    if node.reservation:
        raise Refusal(409, f"Node {node.uuid} is locked by host {node.reservation}, please retry.")
    return node


def record(node: Node) -> dict[str, Any]:
    """A node as the API shows it."""
    row = {name: getattr(node, name) for name in _PLAIN}
    row |= {"power_state": node.power, "target_power_state": node.target_power}
    row["instance_info"], row["driver_info"] = dict(node.instance_info), {}
    for key in node.instance_info:
        if key == "configdrive" or "password" in key:
            row["instance_info"][key] = "******"
        elif isinstance(text := row["instance_info"][key], str):
            row["instance_info"][key] = _SECRET.sub(r"\1***\2", text)
    if node.broken:
        row["provision_state"] = {"unreadable": node.broken}
    return row


def _nic(node: Node, nic: NicRecord) -> dict[str, Any]:
    info = {"tenant_vif_port_id": nic.vif} if nic.vif else {}
    row = {"uuid": nic.uuid, "node_uuid": node.uuid, "address": nic.mac, "internal_info": info, "extra": {}}
    return row if nic.bond else {**row, "portgroup_uuid": nic.group}


def _taken(node: Node) -> Answer:
    node.touch()
    return Answer(202)


def _fits(node: Node, request: Request) -> bool:
    wanted: Mapping[str, str | None] = {
        "provision_state": node.provision_state,
        "associated": "true" if node.instance_uuid else "false",
        "resource_class": node.resource_class,
    }
    return all(request.one(key) in (None, value) for key, value in wanted.items())


def _set_instance(world: World, node: Node, value: str | None) -> None:
    if value is None and node.allocation_uuid and not node.maintenance:
        raise Refusal(409, f"Node {node.uuid} with an allocation can not have instance_uuid removed.")
    if value is not None and node.instance_uuid not in (None, value):
        raise Refusal(409, f"Node {node.uuid} is associated with instance {node.instance_uuid}.")
    if value is not None and any(other.instance_uuid == value and other is not node for other in world.nodes.values()):
        raise Refusal(409, f"Instance {value} is already associated with a node.")
    node.instance_uuid = value
    if value is None:
        node.allocation_uuid = None


def _set_protected(_: World, node: Node, value: bool | None) -> None:
    if value and node.provision_state != "active":
        raise Refusal(409, f"Node {node.uuid} can only be made protected in provision states 'active' or 'rescue'")
    node.protected = bool(value)
    if not value:
        node.protected_reason = None


def _set_protected_reason(_: World, node: Node, value: str | None) -> None:
    node.protected_reason = value


def _set_traits(_: World, node: Node, value: Any) -> None:
    if value is None:
        node.instance_info.pop("traits", None)
    else:
        node.instance_info["traits"] = value


def _set_said(key: str) -> Callable[[World, Node, Any], None]:
    def change(_: World, node: Node, value: Any) -> None:
        if value is None:
            node.instance_info.pop(key, None)
        else:
            node.instance_info[key] = value

    return change


def _set_instance_name(_: World, node: Node, value: str | None) -> None:
    node.instance_name = value


def _set_info(_: World, node: Node, value: dict[str, Any]) -> None:
    node.instance_info = dict(value)


_OPERATIONS: dict[str, Callable[[World, Node, Any], None]] = {
    "/instance_uuid": _set_instance,
    "/protected": _set_protected,
    "/protected_reason": _set_protected_reason,
    "/instance_name": _set_instance_name,
    "/instance_info": _set_info,
    "/instance_info/traits": _set_traits,
    **{path(what): _set_said(key) for what, key in KEYS.items()},
}
