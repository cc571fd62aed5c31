"""`python -m benchmarks.adopt`: nodes adopted through Corral, against the fewest calls that Ironic and Neutron need.

Three sides get as many freshly made nodes each, in rounds that begin with another side each time, so that none profits from a
service that is warm or a disk that is idle: Corral, and two bare clients (see `bare`). Corral is measured from `apply` until its
last operation has ended, and apart from that with the plan before it. The nodes are unmanaged and deleted at the end.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bare import Bare, StepByStep, Target
from benchmarks.report import tell
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Json, Lab, read_lab

PREFIX = "benchadopt"
AIM = 1.25
SIDES = 3
UUID_LENGTH = 36


@dataclass(frozen=True)
class Through:
    """Corral's part of a round, in seconds; `cpu` are the processor's within `applied`, `calls` what the proofs show."""

    planned: float
    applied: float
    cpu: float
    calls: Counter[str]


@dataclass(frozen=True)
class Round:
    """One round: the seconds of each bare client, and Corral's."""

    bare: tuple[float, ...]
    corral: Through


def main() -> int:
    args = _parse()
    lab = read_lab()
    lab.run("nodes", "--prefix", PREFIX, "--count", str(SIDES * args.nodes))
    try:
        with tempfile.TemporaryDirectory() as home:
            corral = Corral(Path(home), lab.clouds, workers=args.concurrency)
            corral.start()
            try:
                _measure(args, lab, corral)
            finally:
                corral.stop()
    finally:
        lab.run("nodes", "--prefix", PREFIX, "--delete")
        lab.close()
    return 0


def _measure(args: argparse.Namespace, lab: Lab, corral: Corral) -> None:
    targets, flavor = _targets(lab, SIDES * args.nodes), corral.flavor("gold")
    size = -(-args.nodes // args.rounds)
    clients = [Bare(lab, args.concurrency), StepByStep(lab, args.concurrency)]
    rounds: list[Round] = []
    for number in range(args.rounds):
        part = targets[SIDES * number * size : SIDES * (number + 1) * size]
        rounds.append(_round(corral, flavor, clients, part, number))
        print(f"round {number + 1}: {rounds[-1]}", file=sys.stderr)
    freed = _unmanage(corral)
    _report(args, clients, rounds, freed)


def _round(corral: Corral, flavor: str, clients: Sequence[Bare], targets: Sequence[Target], first: int) -> Round:
    took: dict[int, Any] = {}
    sides: list[Callable[[Sequence[Target]], Any]] = [lambda part: _through(corral, flavor, part)]
    sides += [client.adopt for client in clients]
    for turn in range(SIDES):
        side = (first + turn) % SIDES
        took[side] = sides[side](targets[side::SIDES])
    return Round(tuple(took[side] for side in range(1, SIDES)), took[0])


def _targets(lab: Lab, count: int) -> list[Target]:
    plugged = {
        row["node_uuid"]: row["internal_info"].get("tenant_vif_port_id")
        for row in lab.listed("ports", "uuid,node_uuid,internal_info")
    }
    nodes = lab.nodes(PREFIX)[:count]
    return [Target(row["uuid"], row["name"], plugged[row["uuid"]]) for row in nodes]


def _through(corral: Corral, flavor: str, targets: Sequence[Target]) -> Through:
    """Plan, apply, wait for the end, and look at every proof."""
    begun = time.perf_counter()
    body = {"machines": [_machine(one, flavor) for one in targets]}
    plan = corral.http.post("/v1/plans", json=body).raise_for_status().json()
    planned, cpu = time.perf_counter(), corral.cpu_seconds
    applied = corral.http.post(f"/v1/plans/{plan['uuid']}/apply").raise_for_status().json()
    _await_all(corral, applied["operations"][-1]["uuid"])
    ended, cpu = time.perf_counter(), corral.cpu_seconds - cpu
    return Through(planned - begun, ended - planned, cpu, _check(corral, applied["operations"]))


def _machine(one: Target, flavor: str) -> Json:
    return {"name": one.name, "node_uuid": one.node, "flavor_uuid": flavor, "networks": [{"port_id": one.port}]}


def _await_all(corral: Corral, last: str) -> None:
    """Wait for the `last` operation by following its events, and then for the few that end after it. Asking all the time how
    far it is would cost more than what is measured."""
    with corral.http.stream("GET", f"/v1/operations/{last}/events") as events:
        for _ in events.iter_lines():
            pass
    while any(
        count for state, count in corral.get("/v1/operations", limit=1)["counts"].items()
        if state in ("pending", "running", "reverting")
    ):  # fmt: skip
        time.sleep(0.05)


def _check(corral: Corral, operations: Sequence[Json]) -> Counter[str]:
    """Every adoption came about, and its proof says untouched; the calls that were made, by kind."""
    calls: Counter[str] = Counter()
    for one in operations:
        proof: Any = corral.get(f"/v1/operations/{one['uuid']}/proof")
        assert (proof["state"], proof["verdict"]) == ("succeeded", "untouched"), proof
        calls.update(_kind(call) for call in proof["calls"])
    return calls


def _kind(call: Json) -> str:
    parts = ("…" if len(part) == UUID_LENGTH and part.count("-") == 4 else part for part in call["path"].split("/"))
    return f"{call['method']} {call['service']} {'/'.join(parts)}"


def _unmanage(corral: Corral) -> float:
    begun = time.perf_counter()
    for server in corral.servers():
        leaving = corral.http.post(f"/v1/servers/{server['uuid']}/unmanage").raise_for_status().json()
    _await_all(corral, leaving["operation"]["uuid"])
    left = corral.servers()
    assert not left, left
    return time.perf_counter() - begun


def _report(args: argparse.Namespace, clients: Sequence[Bare], rounds: Sequence[Round], freed: float) -> None:
    applied = sum(one.corral.applied for one in rounds)
    planned = sum(one.corral.planned for one in rounds)
    took = [sum(one.bare[number] for one in rounds) for number in range(len(clients))]
    calls = sum((one.corral.calls for one in rounds), Counter[str]())
    result = {
        "nodes": args.nodes,
        "concurrency": args.concurrency,
        "aim": AIM,
        "ratio": round(applied / took[0], 3),
        "ratio_with_plan": round((applied + planned) / took[0], 3),
        "ratio_median": round(statistics.median(one.corral.applied / one.bare[0] for one in rounds), 3),
        "ratio_step_by_step": round(applied / took[1], 3),
        "rounds": [{"bare": one.bare, "applied": one.corral.applied, "planned": one.corral.planned} for one in rounds],
        "bare_seconds": [round(one, 2) for one in took],
        "apply_seconds": round(applied, 2),
        "plan_seconds": round(planned, 2),
        "apply_cpu_seconds": round(sum(one.corral.cpu for one in rounds), 2),
        "unmanage_seconds": round(freed, 2),
        "calls_per_node": {
            "bare": [one.requests / args.nodes for one in clients],
            "corral": round(calls.total() / args.nodes, 2),
            "corral_by_kind": {kind: round(count / args.nodes, 2) for kind, count in sorted(calls.items())},
        },
        "bare_retries": [one.retried for one in clients],
    }
    rows = [(one.name, _rate(seconds, args.nodes)) for one, seconds in zip(clients, took, strict=True)]
    ratio = applied / took[0]
    rows += [
        ("Corral, apply to end", _rate(applied, args.nodes)),
        ("Corral, planning", f"{planned:8.2f} s"),
        ("Corral, unmanaging", _rate(freed, args.nodes)),
        ("ratio to the fewest calls", f"{ratio:8.2f}    aim {AIM}: {'kept' if ratio <= AIM else 'missed'}"),
        ("the same with planning", f"{(applied + planned) / took[0]:8.2f}"),
        ("ratio to step by step", f"{applied / took[1]:8.2f}"),
    ]
    tell(result, rows, args.json)


def _rate(seconds: float, nodes: int) -> str:
    return f"{seconds:8.2f} s  {nodes / seconds:6.1f} nodes/s"


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adopt", description=__doc__)
    parser.add_argument("--nodes", type=int, default=200, help="how many each side adopts (default 200)")
    parser.add_argument("--concurrency", type=int, default=8, help="how many at a time, on both sides (default 8)")
    parser.add_argument("--rounds", type=int, default=4, help="turns that the sides take (default 4)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
