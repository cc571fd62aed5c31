"""`python -m corral.drivers.memory --machines 1000`: serve a world in memory, and print the clouds.yaml that leads to it."""

from __future__ import annotations

import argparse
import sys

import yaml

from corral.drivers.memory.fleet import demo, synthetic
from corral.drivers.memory.http import WorldServer
from corral.drivers.memory.world import World


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m corral.drivers.memory", description=__doc__)
    parser.add_argument("--machines", type=int, default=0, help="free machines of one kind (default 0)")
    parser.add_argument("--demo", action="store_true", help="one machine for every interesting case, too")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds that each answer takes (default 0)")
    parser.add_argument("--cloud", default="memory", help="the cloud's name (default memory)")
    wanted = parser.parse_args()
    world = World()
    if wanted.demo:
        demo(world)
    synthetic(world, wanted.machines)
    server = WorldServer(world, wanted.port, wanted.delay)
    yaml.safe_dump(server.clouds(wanted.cloud), sys.stdout)
    sys.stdout.write("---\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
