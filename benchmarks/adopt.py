"""`python -m benchmarks.adopt`: nodes adopted through Corral, against the fewest calls that Ironic and Neutron need.

Both sides get half of the same freshly made nodes, in rounds whose order alternates, so that neither profits from a service that
is warm or a disk that is idle. Corral is measured from `apply` until its last operation has ended, and apart from that with the
plan before it. The nodes are unmanaged and deleted at the end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bare import Bare, Target
from benchmarks.report import tell
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab, read_lab

PREFIX = "benchadopt"
AIM = 1.25


@dataclass(frozen=True)
class Round:
    """Seconds of one round; `cpu` are the processor's within `applied`, `requests` Corral's calls for one node."""

    bare: float
    planned: float
    applied: float
    cpu: float
    requests: float

    @property
    def ratio(self) -> float:
        return self.applied / self.bare


def main() -> int:
    args = _parse()
    lab = read_lab()
    lab.run("nodes", "--prefix", PREFIX, "--count", str(2 * args.nodes))
    try:
        with tempfile.TemporaryDirectory() as home:
            corral = Corral(Path(home), lab.clouds, workers=args.concurrency)
            corral.start()
            try:
                return _measure(args, lab, corral)
            finally:
                corral.stop()
    finally:
        lab.run("nodes", "--prefix", PREFIX, "--delete")
        lab.close()


def _measure(args: argparse.Namespace, lab: Lab, corral: Corral) -> int:
    targets, flavor = _targets(lab, 2 * args.nodes), corral.flavor("gold")
    size = -(-args.nodes // args.rounds)
    bare, rounds = Bare(lab, args.concurrency), []
    for number in range(args.rounds):
        part = targets[2 * number * size : 2 * (number + 1) * size]
        rounds.append(_round(bare, corral, flavor, part[::2], part[1::2], corral_first=number % 2 == 0))
        print(f"round {number + 1}: {rounds[-1]}", file=sys.stderr)
    freed = _unmanage(corral)
    _report(args, bare, rounds, freed)
    return 0


def _round(
    bare: Bare, corral: Corral, flavor: str, ours: Sequence[Target], theirs: Sequence[Target], *, corral_first: bool
) -> Round:
    if corral_first:
        through = _through(corral, flavor, ours)
        return Round(bare.adopt(theirs), *through)
    took = bare.adopt(theirs)
    return Round(took, *_through(corral, flavor, ours))


def _targets(lab: Lab, count: int) -> list[Target]:
    plugged = {
        row["node_uuid"]: row["internal_info"].get("tenant_vif_port_id")
        for row in lab.listed("ports", "uuid,node_uuid,internal_info")
    }
    nodes = lab.nodes(PREFIX)[:count]
    return [Target(row["uuid"], row["name"], plugged[row["uuid"]]) for row in nodes]


def _through(corral: Corral, flavor: str, targets: Sequence[Target]) -> tuple[float, float, float, float]:
    """Seconds of planning, seconds from apply to the end, processor time within those, and calls a node."""
    begun = time.perf_counter()
    body = {"machines": [_machine(one, flavor) for one in targets]}
    plan = corral.http.post("/v1/plans", json=body).raise_for_status().json()
    planned, cpu = time.perf_counter(), corral.cpu_seconds
    applied = corral.http.post(f"/v1/plans/{plan['uuid']}/apply").raise_for_status().json()
    _await_all(corral)
    ended, cpu = time.perf_counter(), corral.cpu_seconds - cpu
    return planned - begun, ended - planned, cpu, _check(corral, applied["operations"])


def _machine(one: Target, flavor: str) -> Json:
    return {"name": one.name, "node_uuid": one.node, "flavor_uuid": flavor, "networks": [{"port_id": one.port}]}


def _await_all(corral: Corral) -> None:
    """Look at the counts only: the measuring must not cost what is measured."""
    while any(
        count for state, count in corral.get("/v1/operations", limit=1)["counts"].items()
        if state in ("pending", "running", "reverting")
    ):  # fmt: skip
        time.sleep(0.1)


def _check(corral: Corral, operations: Sequence[Json]) -> float:
    """Every adoption came about, and its proof says untouched; the mean number of calls."""
    calls = 0
    for one in operations:
        proof: Any = corral.get(f"/v1/operations/{one['uuid']}/proof")
        assert (proof["state"], proof["verdict"]) == ("succeeded", "untouched"), proof
        calls += len(proof["calls"])
    return calls / len(operations)


def _unmanage(corral: Corral) -> float:
    begun = time.perf_counter()
    for server in corral.servers():
        corral.http.post(f"/v1/servers/{server['uuid']}/unmanage").raise_for_status()
    _await_all(corral)
    left = corral.servers()
    assert not left, left
    return time.perf_counter() - begun


def _report(args: argparse.Namespace, bare: Bare, rounds: Sequence[Round], freed: float) -> None:
    took, applied = sum(one.bare for one in rounds), sum(one.applied for one in rounds)
    planned = sum(one.planned for one in rounds)
    ratio, whole = applied / took, (applied + planned) / took
    result = {
        "nodes": args.nodes,
        "concurrency": args.concurrency,
        "aim": AIM,
        "ratio": round(ratio, 3),
        "ratio_with_plan": round(whole, 3),
        "ratios": [round(one.ratio, 3) for one in rounds],
        "bare_seconds": round(took, 2),
        "apply_seconds": round(applied, 2),
        "plan_seconds": round(planned, 2),
        "apply_cpu_seconds": round(sum(one.cpu for one in rounds), 2),
        "unmanage_seconds": round(freed, 2),
        "requests_per_node": {"bare": bare.requests / args.nodes, "corral": rounds[-1].requests},
        "bare_retries": bare.retried,
    }
    rate = args.nodes / applied
    tell(
        result,
        (
            ("bare client", f"{took:8.2f} s  {args.nodes / took:6.1f} nodes/s"),
            ("Corral, apply to end", f"{applied:8.2f} s  {rate:6.1f} nodes/s"),
            ("Corral, planning", f"{planned:8.2f} s"),
            ("Corral, unmanaging", f"{freed:8.2f} s"),
            ("ratio", f"{ratio:8.2f}    aim {AIM}: {'kept' if ratio <= AIM else 'missed'}"),
            ("ratio with planning", f"{whole:8.2f}"),
        ),
        args.json,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adopt", description=__doc__)
    parser.add_argument("--nodes", type=int, default=200, help="how many each side adopts (default 200)")
    parser.add_argument("--concurrency", type=int, default=8, help="how many at a time, on both sides (default 8)")
    parser.add_argument("--rounds", type=int, default=4, help="turns that the sides take (default 4)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
