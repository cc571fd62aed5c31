"""Entry point of the seeding: python -m lab.seed seed | reseed [NODE..] | nodes.

Role: run by `python -m lab`, inside the lab's virtual environment. Prints one line with what was done and how long it
took.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from lab.places import Places, from_environment, read_json
from lab.seeding import benchmark, nodes, record, surroundings
from lab.seeding.api import ApiError, Lab
from lab.seeding.inventory import NODES, Node, benchmark_nodes
from lab.setup import decide


def _seed(lab: Lab, places: Places) -> str:
    """Make what is missing. A node that an interrupted seed left half-made is made anew."""
    around = surroundings.make(lab)
    done = record.seeded_nodes(places.summary)
    there = {row["name"] for row in nodes.everything(lab).values()}
    wanted = [node for node in NODES if node.name not in done or node.name not in there]
    return _make(lab, places, around, wanted)


def _make(lab: Lab, places: Places, around: surroundings.Surroundings, wanted: Sequence[Node]) -> str:
    names = [node.name for node in wanted]
    record.forget(places.summary, names)
    nodes.remove(lab, names)
    nodes.make(lab, around, wanted)
    record.write(lab, places.summary, around, wanted)
    kept = len(NODES) - len(wanted)
    told = f" ({', '.join(names[:5])}{', ..' if names[5:] else ''})" if names else ""
    return f"{len(wanted)} nodes made{told}, {kept} kept"


def _reseed(lab: Lab, places: Places, names: Sequence[str]) -> str:
    """Make the named nodes anew; without names, those that are not as the seed left them."""
    unknown = set(names) - {"all"} - {node.name for node in NODES}
    if unknown:
        raise ValueError(f"no seeded node is called {', '.join(sorted(unknown))}")
    named = [node for node in NODES if node.name in names or "all" in names]
    wanted = named if names else record.changed(lab, places.summary, NODES)
    return _make(lab, places, surroundings.make(lab), wanted)


def _nodes(lab: Lab, database_url: str, prefix: str, count: int) -> str:
    """Make benchmark nodes; those that are there and active stay."""
    around = surroundings.make(lab)
    rows = nodes.everything(lab).values()
    good = {row["name"] for row in rows if row["provision_state"] == "active"}
    wanted = [node for node in benchmark_nodes(prefix, count) if node.name not in good]
    nodes.remove(lab, [node.name for node in wanted])
    benchmark.make(lab, around, database_url, wanted)
    return f"{len(wanted)} nodes made, {count - len(wanted)} were there"


def _delete(lab: Lab, database_url: str, prefix: str) -> str:
    there = {row["name"] for row in nodes.everything(lab).values()}
    highest = max((int(name[-5:]) for name in there if _is_benchmark(name, prefix)), default=0)
    unwanted = [node for node in benchmark_nodes(prefix, highest) if node.name in there]
    benchmark.unplug(database_url, unwanted)
    nodes.remove(lab, [node.name for node in unwanted])
    return f"{len(unwanted)} nodes deleted"


def _is_benchmark(name: str | None, prefix: str) -> bool:
    head, _, number = (name or "").rpartition("-")
    return head == prefix and number.isdigit() and len(number) == 5


def _work(args: argparse.Namespace, places: Places) -> str:
    lab = Lab(read_json(places.summary))
    if args.command == "seed":
        return _seed(lab, places)
    if args.command == "reseed":
        return _reseed(lab, places, args.names)
    url = decide(places).database_url("ironic")
    return _delete(lab, url, args.prefix) if args.delete else _nodes(lab, url, args.prefix, args.count)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lab.seed")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("seed")
    commands.add_parser("reseed").add_argument("names", nargs="*")
    many = commands.add_parser("nodes")
    many.add_argument("--count", type=int, default=100)
    many.add_argument("--prefix", default="bench")
    many.add_argument("--delete", action="store_true")
    return parser.parse_args(argv)


def _alone(lock: TextIO) -> None:
    """Wait for another seed to end: two at once would delete each other's nodes."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("another seed is at work: waiting for it", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args, places = _parse(argv), from_environment()
    with (places.run / "seed.lock").open("w") as lock:
        _alone(lock)
        begun = time.monotonic()
        try:
            told = _work(args, places)
        except (ApiError, RuntimeError, TimeoutError, ValueError, OSError) as error:
            print(
                f"lab: {args.command} failed: {error}\nWhat to do: python -m lab status; the logs are in "
                f"{places.logs}; then run it again",
                file=sys.stderr,
            )
            return 1
    print(f"{args.command:<9} {told} in {time.monotonic() - begun:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
