"""What there is at the end: does each machine's record say what the world says, and is anything left over?"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lab.rig.site import Site


@dataclass
class Verdict:
    """The end of a trial. `errors`: why operations turned around, and how many. `wrong`: one line for each thing that should
    not be; empty is what is wanted."""

    machines: int = 0
    managed: int = 0
    untouched: int = 0
    taken_over: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def judge(site: Site, before: dict[str, Any]) -> Verdict:
    """Compare the records with the world, and the world with what it was (`look` before anything began)."""
    verdict = Verdict()
    now = look(site.world)
    servers = {server["node_uuid"]: server for server in site.api.pages("/v1/servers/detail", "servers")}
    for node, record in now["nodes"].items():
        verdict.machines += 1
        server = servers.pop(node, None)
        if server is None:
            verdict.untouched += 1
            _untouched(verdict, node, before, now)
        else:
            verdict.managed += 1
            _managed(verdict, record, server, now)
    for server in servers.values():
        verdict.wrong.append(f"server {server['uuid']} has no machine in the world")
    _operations(verdict, site)
    _leaks(verdict, site)
    return verdict


def look(world: dict[str, str]) -> dict[str, Any]:
    """All nodes, allocations and ports of the world, by id."""
    nodes = {row["uuid"]: row for row in _pages(f"{world['baremetal_endpoint_override']}/v1/nodes/detail", "nodes")}
    allocations = _get(f"{world['baremetal_endpoint_override']}/v1/allocations")["allocations"]
    ports = {row["id"]: row for row in _get(f"{world['network_endpoint_override']}/v2.0/ports")["ports"]}
    return {"nodes": nodes, "allocations": {row["node_uuid"]: row for row in allocations}, "ports": ports}


def _managed(verdict: Verdict, node: dict[str, Any], server: dict[str, Any], now: dict[str, Any]) -> None:
    uuid, owner = node["uuid"], server["uuid"]
    if server["status"] not in ("active", "stopped"):
        verdict.wrong.append(f"server {owner} is {server['status']}")
    if node["instance_uuid"] != owner or not node["protected"]:
        verdict.wrong.append(f"node {uuid} of server {owner}: {node['instance_uuid']}, protected {node['protected']}")
    if uuid not in now["allocations"]:
        verdict.wrong.append(f"node {uuid} of server {owner} has no allocation")
    for port in _vifs(server):
        if now["ports"].get(port, {}).get("device_id") != owner:
            verdict.wrong.append(f"port {port} of server {owner} is not the server's")


def _vifs(server: dict[str, Any]) -> list[str]:
    return [nic["port_id"] for nic in server.get("nics", []) if nic.get("port_id")]


def _untouched(verdict: Verdict, node: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    changed = [
        name
        for name, value in now["nodes"][node].items()
        if name != "updated_at" and value != before["nodes"][node].get(name)
    ]
    if changed:
        verdict.wrong.append(f"node {node} has no server, and other {', '.join(changed)} than before")
    if node in now["allocations"]:
        verdict.wrong.append(f"node {node} has no server, and an allocation")


def _operations(verdict: Verdict, site: Site) -> None:
    for operation in site.api.pages("/v1/operations", "operations"):
        verdict.operations[operation["state"]] = verdict.operations.get(operation["state"], 0) + 1
        if error := operation.get("error"):
            told = f"{error.get('step')}: {error.get('message')}"[:200]
            verdict.errors[told] = verdict.errors.get(told, 0) + 1
        told = site.api.text(f"/v1/operations/{operation['uuid']}/events?follow=false")
        kinds = [line.partition(": ")[2] for line in told.splitlines() if line.startswith("event: operation.")]
        again = [line for line in told.splitlines() if line.startswith("data: ") and "again, attempt" in line]
        verdict.taken_over += bool(again)
        endings = [kind for kind in kinds if kind in _ENDINGS]
        if kinds != ["operation.started", *endings] or len(endings) != 1:
            verdict.wrong.append(f"operation {operation['uuid']} has the history {kinds}")


def _leaks(verdict: Verdict, site: Site) -> None:
    """What `corral leaks` finds; a source that it could not look at proves nothing."""
    found = site.api("GET", "/v1/leaks")
    verdict.wrong += [f"leak {one['kind']}: {one['what']}" for one in found["leaks"]]
    verdict.wrong += [
        f"no look for leaks at {one['name']}: {one['problem']}" for one in found["sources"] if one["problem"]
    ]


_ENDINGS = ("operation.succeeded", "operation.reverted", "operation.cancelled")


def _pages(url: str, key: str) -> Iterator[dict[str, Any]]:
    marker = ""
    while rows := _get(f"{url}?limit=1000{marker}")[key]:
        yield from rows
        if len(rows) < 1000:
            return
        marker = f"&marker={rows[-1]['uuid']}"


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=120) as answer:
        return json.load(answer)
