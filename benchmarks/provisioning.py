"""Provisioning data of many nodes of 12 disks through either extension, against a floor: `python -m benchmarks.provisioning`.

What is measured is Corral's own way to the data of a cluster's provisioning, all nodes in turn, ready for the agent. The floors:

- `volume_manager`, which reads each layout from its table: the same data computed in memory from each node's disks and roles, with
  nothing stored and nothing read.
- `bareon`, which asks a Bareon-API service on loopback: its two GETs for each node and nothing else, over one connection, the
  answers not even parsed.

Both extensions must give the same data, and the pure computation too. Turns alternate, and the median counts. It needs no lab.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.bareon import server
from benchmarks.report import tell
from corral.config import Settings
from corral.domain.cluster import Cluster, Node
from corral.extensions.contract import HookCall
from corral.extensions.pipelines import node_data, provisioning_data
from corral.extensions.registry import Extensions
from corral.layouts import nailgun
from corral.layouts.writers import nailgun_simple
from corral.wiring import open_extensions, open_store

GIB = 1024**3
DISKS = "abcdefghijkl"
ROLES = (("controller",), ("compute", "cinder"), ("ceph-osd",), ("mongo", "base-os"))
NAMES = ("volume_manager", "bareon")

Work = Callable[[], object]


def main() -> int:
    """Fill, compare, measure, tell."""
    args = _parse()
    nodes = [_node(number) for number in range(args.nodes)]
    with tempfile.TemporaryDirectory() as home, _running(home) as (extensions, port):
        for name in NAMES:
            _fill(extensions, _cluster(name), nodes)
        made = {name: partial(provisioning_data, extensions, _cluster(name), nodes) for name in NAMES}
        floors: dict[str, Work] = {"volume_manager": lambda: _computed(nodes), "bareon": lambda: _fetched(port, nodes)}
        _check_same(*(work()["nodes"] for work in made.values()), _computed(nodes))
        result = {name: _compared(made[name], floors[name], args) for name in NAMES}
    rows = [
        (
            f"{name}, {args.nodes} nodes",
            f"{one['seconds']:.2f} s, floor {one['floor_seconds']:.2f} s, ratio {one['ratio']:.2f}",
        )
        for name, one in result.items()
    ]
    tell({"nodes": args.nodes, "disks": len(DISKS), "runs": args.runs, "provisioning": result}, rows, args.json)
    return 0


def _node(number: int) -> Node:
    chance = random.Random(number)
    disks = [
        {"name": f"sd{letter}", "disk": f"disk/by-path/{letter}", "extra": [f"disk/by-id/{letter}"], "size": size}
        for letter, size in ((letter, chance.randrange(200, 4000) * GIB) for letter in DISKS)
    ]
    meta = {"disks": disks, "memory": {"total": 64 * GIB}}
    return Node(str(UUID(int=number)), f"node-{number}", "default", roles=ROLES[number % len(ROLES)], meta=meta)


def _cluster(extension: str) -> Cluster:
    return Cluster(extension, extension, "default", extensions=(extension,))


@contextmanager
def _running(home: str) -> Iterator[tuple[Extensions, int]]:
    """Corral's extensions over a database of their own, and the port of the service that one of them asks."""
    with server(["corral", "bareon-api", "--data-dir", f"{home}/service"], home) as service:
        settings = Settings(data_dir=Path(home, "corral"), bareon_address=f"127.0.0.1:{service.port}")
        lock, sql = open_store(settings)
        extensions = open_extensions(settings, sql)
        try:
            yield extensions, service.port
        finally:
            extensions.close()
            sql.dispose()
            if lock is not None:
                lock.release()


def _fill(extensions: Extensions, cluster: Cluster, nodes: Sequence[Node]) -> None:
    """Have the extension of the cluster lay out all nodes."""
    for node in nodes:
        for extension in extensions.enabled(cluster):
            extension.on_node_create(node, cluster, HookCall(node.id, 1, time.monotonic() + 30, lambda: None))


# --- the floors ---------------------------------------------------------------------------------------------


def _computed(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    cluster, made = _cluster("none"), []
    for node in nodes:
        facts, schema = nailgun.cluster_node(node, cluster)
        spaces, data = nailgun.compute(facts, schema), node_data(node)
        data["ks_meta"]["pm_data"]["ks_spaces"] = spaces.as_json()
        data["partitioning"] = nailgun_simple.partitioning(nailgun.layout_of(facts, spaces), nailgun_simple.BAREON)
        made.append(data)
    return made


def _fetched(port: int, nodes: Sequence[Node]) -> int:
    connection, taken = http.client.HTTPConnection("127.0.0.1", port), 0
    for path in (f"/v1/nodes/nailgun_{node.id}/{part}" for node in nodes for part in ("spaces", "partitioning")):
        connection.request("GET", path)
        reply = connection.getresponse()
        taken += len(reply.read())
        if reply.status != 200:
            raise RuntimeError(f"GET {path}: {reply.status}")
    connection.close()
    return taken


# --- measuring ----------------------------------------------------------------------------------------------


def _check_same(*answers: Sequence[dict[str, Any]]) -> None:
    for each in zip(*answers, strict=True):
        if any(one != each[0] for one in each):
            raise RuntimeError(f"the data of {each[0]['name']} differ: the numbers would mean nothing")


def _compared(made: Work, floor: Work, args: argparse.Namespace) -> dict[str, float]:
    turns = [(_timed(made), _timed(floor)) for _ in range(args.runs)]
    ours, yardstick = (statistics.median(side) for side in zip(*turns, strict=True))
    return {
        "seconds": round(ours, 3),
        "floor_seconds": round(yardstick, 3),
        "ratio": round(ours / yardstick, 3),
        "node_ms": round(ours / args.nodes * 1000, 3),
    }


def _timed(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.provisioning", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000, help="nodes of 12 disks (default 1000)")
    parser.add_argument("--runs", type=int, default=5, help="counted turns of each side (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
