"""`python -m benchmarks.growth_world`: a world in memory most of whose machines are a Corral's already, served over HTTP.

Like `python -m corral.drivers.memory`, whose machines are all free. What `records` gives is the other half: the servers that these
machines are, for Corral's own database. Same ids every time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import yaml

from corral.domain.drift import Drift, DriftState, Field
from corral.domain.lifecycle import Status
from corral.domain.server import Server, ServerNic
from corral.drivers.ironic.claim import protection_reason
from corral.drivers.memory.fleet import PROJECT, TENANT, ident, synthetic
from corral.drivers.memory.http import WorldServer
from corral.drivers.memory.world import World, allocation


def records(managed: int) -> Iterator[Server]:
    """The servers, in the order of their machines."""
    for number in range(managed):
        name = f"node-{number:05d}"
        mac = "52:55:{:02x}:{:02x}:{:02x}:00".format(*number.to_bytes(3, "big"))
        yield Server(
            uuid=ident(f"{name}/server"),
            name=f"server-{number:06d}",
            source="memory",
            machine=ident(name),
            machine_name=name,
            project=PROJECT,
            user="benchmark",
            status=Status.ACTIVE,
            flavor=ident("flavor"),
            nics=(ServerNic(ident(f"{name}/port0"), TENANT.id, mac),),
            macs=(mac,),
        )


def drift_of(server: Server) -> Drift:
    """One of its power, that waits for somebody."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Drift(
        source=server.source,
        machine=server.machine,
        server=server.uuid,
        name=server.name,
        project=server.project,
        field=Field.POWER,
        record="power on",
        world="power off",
        agreed="power on",
        state=DriftState.OPEN,
        why="It waits for somebody.",
        looks=2,
        first_seen_at=at,
        changed_at=at,
        last_seen_at=at,
    )


def fill(world: World, managed: int, free: int) -> None:
    """So many machines of either kind; the managed ones come first by number."""
    synthetic(world, managed + free)
    for server in records(managed):
        node = world.nodes[server.machine]
        node.instance_uuid = node.allocation_uuid = server.uuid
        node.protected, node.protected_reason = True, protection_reason(server.uuid)
        node.instance_info["traits"] = []
        world.allocations[server.uuid] = allocation(server.uuid, node.uuid)
        port = world.ports[server.nics[0].port]
        port.device, port.device_owner = server.uuid, "baremetal:corral"


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth_world", description=__doc__)
    parser.add_argument("--managed", type=int, default=1000, help="machines that are servers (default 1000)")
    parser.add_argument("--free", type=int, default=100, help="machines that are nobody's (default 100)")
    wanted, world = parser.parse_args(), World()
    fill(world, wanted.managed, wanted.free)
    server = WorldServer(world)
    yaml.safe_dump(server.clouds("memory"), sys.stdout)
    sys.stdout.write("---\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
