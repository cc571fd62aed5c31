"""The machines on which a former release worked, and how what they had become is kept beside its database."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from corral.domain.machine import Network, NetworkPort
from corral.domain.server import ManageRequest, NetworkRequest
from corral.drivers.memory.world import NicRecord, Node, Port, World

NET = "cccccccc-0000-4000-8000-000000000001"
VOLATILE = ("updated_at", "revision")
MANAGED, UNMANAGED, FAILING = range(1, 9), range(9, 14), range(14, 17)
"""Machines that are being adopted, that are being let go, and whose adoption fails and is being undone."""
WAITING = 17
"""One more, whose operation nobody has begun."""


def node(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


def port(number: int, nic: int) -> str:
    return f"bbbbbbbb-0000-4000-8000-{number:06d}{nic:06d}"


def number_of(text: str) -> int | None:
    """The machine that a path or body is about: by its own id, its ports', or a MAC."""
    for start in ("aaaaaaaa-0000-4000-8000-", "bbbbbbbb-0000-4000-8000-"):
        _, found, rest = text.partition(start)
        if found:
            return int(rest[:12]) if start.startswith("a") else int(rest[:6])
    _, found, rest = text.partition("52:54:00:00:")
    return int(rest[:2], 16) if found else None


def wish(number: int, flavor: str) -> ManageRequest:
    """One port that is plugged in, one that is not yet, and a new one."""
    named = [NetworkRequest(port_id=port(number, nic)) for nic in (1, 2)]
    return ManageRequest(
        name=f"server-{number}", node=node(number), flavor=flavor, networks=(*named, NetworkRequest(net_id=NET))
    )


def free(machines: int) -> World:
    """So many running machines, each with three NICs and two ports."""
    world = World()
    world.add(networks=[Network(NET, "tenant", "bank")])
    for number in range(1, machines + 1):
        macs = [f"52:54:00:00:{number:02x}:{nic:02x}" for nic in (1, 2, 3)]
        bound = NetworkPort(port(number, 1), macs[0], NET, "bank", host=node(number), status="ACTIVE")
        world.add(ports=[bound, NetworkPort(port(number, 2), macs[1], NET, "bank")])
        nics = [NicRecord(f"eeeeeeee-0000-4000-8000-{number:06d}{n:06d}", mac) for n, mac in enumerate(macs)]
        nics[0].vif = port(number, 1)
        world.add_node(Node(node(number), f"node-{number}", resource_class="gold", nics=nics))
    return world


def everything(world: World) -> dict[str, Any]:
    """All there is, as JSON."""
    with world.lock:
        return json.loads(
            json.dumps(
                {
                    "nodes": {key: dataclasses.asdict(one) for key, one in world.nodes.items()},
                    "ports": {key: dataclasses.asdict(one) for key, one in world.ports.items()},
                    "allocations": world.allocations,
                }
            )
        )


def of_machine(found: dict[str, Any], number: int) -> dict[str, Any]:
    """What there is of one machine, but for book-keeping that nobody restores."""
    nics = {nic["mac"] for nic in found["nodes"][node(number)]["nics"]}
    return {
        "node": _lasting(found["nodes"][node(number)]),
        "ports": {key: _lasting(one) for key, one in found["ports"].items() if one["mac"] in nics},
        "allocations": [one for one in found["allocations"].values() if one["node_uuid"] == node(number)],
    }


def _lasting(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in VOLATILE}


def loaded(path: Path) -> World:
    """A world as it was kept."""
    kept, world = json.loads(path.read_text()), free(0)
    for one in kept["nodes"].values():
        world.add_node(Node(**{**one, "nics": [NicRecord(**nic) for nic in one["nics"]]}))
    world.ports = {
        key: Port(**{**one, "addresses": tuple(map(tuple, one["addresses"])), "tags": tuple(one["tags"])})
        for key, one in kept["ports"].items()
    }
    world.allocations = kept["allocations"]
    return world
