"""What there is at the end: does each machine's record say what the world says, is anything left over, and is all of it told?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.rig.site import Site
from lab.rig.worlds import Records, Row

_ENDINGS = ("operation.succeeded", "operation.reverted", "operation.cancelled")
_CLOCKS = frozenset({"updated_at", "revision_number"})
"""What the services themselves write at every change, and nobody can set back."""
_CLAIMED = _CLOCKS | {"instance_uuid", "allocation_uuid", "protected", "protected_reason"}
_HELD = _CLOCKS | {"device_id", "device_owner"}


@dataclass
class Verdict:
    """The end of a trial. `audited`: entries of the audit trail; `errors`: why operations turned around, and how many. `wrong`: one
    line for each thing that should not be; empty is what is wanted."""

    machines: int = 0
    managed: int = 0
    untouched: int = 0
    taken_over: int = 0
    audited: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def judge(site: Site, before: Records) -> Verdict:
    """Compare the records with the world, and the world with what it was before anything began."""
    verdict, now = Verdict(machines=len(before.nodes)), site.world.look()
    servers: dict[str, list[Row]] = defaultdict(list)
    for server in site.api.pages("/v1/servers/detail", "servers"):
        servers[server["node_uuid"]].append(server)
    verdict.managed, verdict.untouched = len(servers), len(before.nodes) - len(servers)
    verdict.wrong += _lost(before, now)
    for node in now.nodes:
        verdict.wrong += (
            _managed(site, node, servers[node], before, now) if node in servers else _untouched(node, before, now)
        )
    verdict.wrong += [
        f"node {node} has servers, and is not of this trial" for node in servers.keys() - now.nodes.keys()
    ]
    there = {one["uuid"] for group in servers.values() for one in group}
    operations = list(site.api.pages("/v1/operations", "operations"))
    verdict.wrong += _left(now, {one["server_uuid"] for one in operations} - there)
    verdict.wrong += _audit(verdict, site, operations, there)
    verdict.operations = dict(Counter(one["state"] for one in operations))
    verdict.errors = dict(Counter(_told(one["error"]) for one in operations if one["error"]))
    for operation in operations:
        verdict.wrong += _operation(verdict, site, operation)
    verdict.wrong += _leaks(site, now)
    return verdict


# --- machines ---------------------------------------------------------------------------------------------


def _lost(before: Records, now: Records) -> Iterator[str]:
    for name in ("nodes", "nics"):
        yield from (f"{name}: {uuid} is gone" for uuid in getattr(before, name).keys() - getattr(now, name).keys())


def _left(now: Records, gone: set[str]) -> Iterator[str]:
    """What still bears the id of a server that was given up. Others may have claims and ports in the same services."""
    yield from (
        f"allocation {uuid} is {row['state']}, without server" for uuid, row in now.allocations.items() if uuid in gone
    )
    yield from (f"port {uuid} has no server" for uuid, row in now.ports.items() if row["device_id"] in gone)


def _managed(site: Site, node: str, servers: list[Row], before: Records, now: Records) -> Iterator[str]:
    """Exactly one server's, as its record has it, and otherwise as it was."""
    row, server = now.nodes[node], servers[0]
    owner = server["uuid"]
    if len(servers) > 1:
        yield f"node {node} has {len(servers)} servers: {', '.join(one['uuid'] for one in servers)}"
    if server["status"] not in ("active", "stopped"):
        yield f"server {owner} is {server['status']}"
    if row["instance_uuid"] != owner or not row["protected"] or owner not in (row["protected_reason"] or ""):
        yield f"node {node} of server {owner}: {row['instance_uuid']}, protected {row['protected']}"
    claims = [uuid for uuid, claim in now.allocations.items() if claim["node_uuid"] == node]
    if claims != [owner] or row["allocation_uuid"] != owner:
        yield f"node {node} of server {owner} has the allocations {claims}, and {row['allocation_uuid']}"
    yield from _changed(f"node {node} of server {owner}", _plain(before.nodes[node]), _plain(row), _CLAIMED)
    recorded = {nic["port_id"] for nic in site.api("GET", f"/v1/servers/{owner}/networks")["nics"]}
    yield from _ports(node, owner, recorded, before, now)


def _ports(node: str, owner: str, recorded: set[str], before: Records, now: Records) -> Iterator[str]:
    if recorded != (plugged := _plugged(node, now)):
        yield f"server {owner} has the ports {sorted(recorded)}, and {sorted(plugged)} are plugged in"
    for nic in (uuid for uuid, row in before.nics.items() if row["node_uuid"] == node):
        yield from _changed(f"NIC {nic} of server {owner}", before.nics[nic], now.nics.get(nic, {}), _CLOCKS)
    for port in recorded:
        there = now.ports.get(port, {})
        if (there.get("device_id"), there.get("device_owner")) != (owner, "baremetal:corral"):
            yield f"port {port} of server {owner} is {there.get('device_owner')} {there.get('device_id')}"
        yield from _changed(f"port {port} of server {owner}", before.ports.get(port, {}), there, _HELD)


def _untouched(node: str, before: Records, now: Records) -> Iterator[str]:
    """As it was, field by field, with its NICs and ports; and nobody has claimed it."""
    yield from _changed(f"node {node} without server", before.nodes[node], now.nodes[node], _CLOCKS)
    for nic in (uuid for uuid, row in before.nics.items() if row["node_uuid"] == node):
        yield from _changed(f"NIC {nic} without server", before.nics[nic], now.nics.get(nic, {}), _CLOCKS)
    for port in _plugged(node, before):
        yield from _changed(f"port {port} without server", before.ports[port], now.ports.get(port, {}), _CLOCKS)
    claims = [uuid for uuid, claim in now.allocations.items() if claim["node_uuid"] == node]
    if claims:
        yield f"node {node} has no server, and the allocations {claims}"


def _plugged(node: str, records: Records) -> set[str]:
    nics = [row for row in records.nics.values() if row["node_uuid"] == node]
    return {row["internal_info"]["tenant_vif_port_id"] for row in nics if "tenant_vif_port_id" in row["internal_info"]}


def _plain(node: Row) -> Row:
    """A node's record without what Ironic writes along with an allocation."""
    info = {key: value for key, value in node["instance_info"].items() if key != "traits"}
    return {**node, "instance_info": info}


def _changed(what: str, before: Row, now: Row, but: frozenset[str]) -> Iterator[str]:
    for name in sorted((before.keys() | now.keys()) - but):
        if before.get(name) != now.get(name):
            yield f"{what}: {name} was {before.get(name)!r}, and is {now.get(name)!r}"


# --- operations -------------------------------------------------------------------------------------------


def _operation(verdict: Verdict, site: Site, operation: Row) -> Iterator[str]:
    """It has begun once and ended once, and no event of it is missing."""
    told = site.api.text(f"/v1/operations/{operation['uuid']}/events?follow=false").splitlines()
    verdict.taken_over += any(line.startswith("data: ") and "again, attempt" in line for line in told)
    kinds = [line.partition(": ")[2] for line in told if line.startswith("event: operation.")]
    kinds = [kind for kind in kinds if kind != "operation.needs_attention"]
    if len(kinds) != 2 or kinds[0] != "operation.started" or kinds[1] not in _ENDINGS:
        yield f"operation {operation['uuid']} has the history {kinds}"
    numbers = [int(line.partition(": ")[2]) for line in told if line.startswith("id: ")]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"operation {operation['uuid']} lacks events: {numbers}"


def _told(error: Row) -> str:
    return f"{error.get('step')}: {error.get('message')}"[:200]


def _audit(verdict: Verdict, site: Site, operations: list[Row], servers: set[str]) -> Iterator[str]:
    """Each operation was accepted once and has ended once, as it says itself; and each server has its adoption."""
    trail: Mapping[str, list[Row]] = defaultdict(list)
    adopted: Counter[str] = Counter()
    for entry in site.api.pages("/v1/audit", "audit"):
        verdict.audited += 1
        trail[entry["operation"]].insert(0, entry)  # newest first
        adopted[entry["subject"]] += (entry["action"], entry["outcome"]) == ("server:manage", "succeeded")
    for operation in operations:
        told = [entry["outcome"] for entry in trail[operation["uuid"]]]
        if told != ["accepted", operation["state"]]:
            yield f"operation {operation['uuid']} is {operation['state']}, and its audit says {told}"
    yield from (f"server {one} was adopted {adopted[one]} times by its audit" for one in servers if adopted[one] != 1)


def _leaks(site: Site, now: Records) -> Iterator[str]:
    """What `corral leaks` finds, without what other Corrals have put on machines of their own; a source that it could not look at
    proves nothing."""
    found: Any = site.api("GET", "/v1/leaks")
    for one in found["leaks"]:
        if one["installation"] in (None, found["installation"]) or one["node_uuid"] in now.nodes:
            yield f"leak {one['kind']}: {one['what']}"
    yield from (f"no look for leaks at {one['name']}: {one['problem']}" for one in found["sources"] if one["problem"])
