"""The command line of the lab.

Role: parses, calls one function, prints failures. Exit codes: 0 done, 1 something failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence

from lab import install, lifecycle
from lab.agents import installing
from lab.commands import environment
from lab.errors import LabError
from lab.places import CHECKOUT, Places, from_environment

EPILOG = """\
environment:
  CORRAL_LAB_DIR       where everything is kept (default: .lab in the checkout)
  CORRAL_LAB_VENV      another virtual environment, used as it is
  CORRAL_LAB_ENDPOINT  Corral's URL in Keystone's catalog (default: http://127.0.0.1:6688/v1)
  LAB_DB               sqlite (default) or mysql; remembered until reset
  LAB_POWER_DELAY      seconds for which a fake node's power action holds its lock (default: 0)

first steps:
  python -m lab up
  eval "$(python -m lab env)"
  OS_CLOUD=system .lab/venv/bin/openstack baremetal node list
"""


def _up(places: Places, args: argparse.Namespace) -> int:
    install.install(places)
    lifecycle.start(places)
    return _seed(places, args)


def _install(places: Places, _args: argparse.Namespace) -> int:
    install.install(places)
    return 0


def _agents(places: Places, _args: argparse.Namespace) -> int:
    installing.install(places)
    return 0


def _start(places: Places, _args: argparse.Namespace) -> int:
    lifecycle.start(places)
    return 0


def _stop(places: Places, _args: argparse.Namespace) -> int:
    lifecycle.stop(places)
    return 0


def _status(places: Places, _args: argparse.Namespace) -> int:
    return 0 if lifecycle.status(places) else 1


def _reset(places: Places, _args: argparse.Namespace) -> int:
    lifecycle.reset(places)
    return 0


def _env(places: Places, _args: argparse.Namespace) -> int:
    print(f"export OS_CLIENT_CONFIG_FILE={places.clouds}")
    return 0


def _seed(places: Places, _args: argparse.Namespace) -> int:
    return _inside(places, "seed")


def _reseed(places: Places, args: argparse.Namespace) -> int:
    return _inside(places, "reseed", *args.names)


def _nodes(places: Places, args: argparse.Namespace) -> int:
    extra = ["--delete"] if args.delete else []
    return _inside(places, "nodes", "--count", str(args.count), "--prefix", args.prefix, *extra)


def _inside(places: Places, *args: str) -> int:
    """Run the seeding, which needs openstacksdk, in the lab's virtual environment."""
    if not places.summary.exists():
        raise LabError("the lab was not started", "python -m lab start")
    install.require(places)
    env = environment(places) | {"PYTHONPATH": str(CHECKOUT), "CORRAL_LAB_DIR": str(places.root)}
    return subprocess.run([str(places.python), "-m", "lab.seed", *args], env=env, check=False).returncode


COMMANDS: dict[str, tuple[Callable[[Places, argparse.Namespace], int], str]] = {
    "up": (_up, "install, start and seed: everything from nothing"),
    "install": (_install, "make the lab's virtual environment (skipped when it is current)"),
    "agents": (_agents, "make the disk agents' virtual environments: bareon 0.0.1a3 and fuel-agent 11"),
    "start": (_start, "start the services that are not running"),
    "stop": (_stop, "stop the services; data and ports stay"),
    "status": (_status, "one line per service; exit code 1 unless all of them answer"),
    "reset": (_reset, "stop and forget all data and ports; the installation stays"),
    "seed": (_seed, "make images, networks and nodes that are not there yet"),
    "reseed": (_reseed, "make seeded nodes anew, in their first state"),
    "nodes": (_nodes, "make adoptable nodes for benchmarks"),
    "env": (_env, "print the export line that OpenStack clients need"),
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m lab",
        description=__doc__.splitlines()[0] + " Real OpenStack services on 127.0.0.1, for development and tests.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text, description=text) for name, (_, text) in COMMANDS.items()}
    made["reseed"].add_argument(
        "names",
        nargs="*",
        metavar="NODE",
        help="names of seeded nodes, or all; none means those that are no longer as they were seeded",
    )
    made["agents"].add_argument("what", choices=["install"], help="what to do with them")
    made["nodes"].add_argument("--count", type=int, default=100, help="how many there shall be (default 100)")
    made["nodes"].add_argument("--prefix", default="bench", help="start of their names (default bench)")
    made["nodes"].add_argument("--delete", action="store_true", help="delete the nodes with this prefix instead")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(argv)
    try:
        return COMMANDS[args.command][0](from_environment(), args)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
