"""`python -m lab.rig`: run one trial, print what went wrong and what came of it. Exit 1 when anything is not as it should be."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.rig.chaos import Chaos
from lab.rig.site import Site, site
from lab.rig.verdict import Verdict, judge
from lab.rig.worlds import World, in_memory, real_ironic

_CLIENTS = 8


@dataclass(frozen=True)
class Trial:
    """What is tried. `world`: memory, or the lab's ironic. `delay`: seconds for each answer of the former; `prefix`: what the
    latter's nodes' names begin with. `every`: seconds between two things that go wrong, on average; `patience`: for everything."""

    world: str = "memory"
    machines: int = 500
    board: str = "redis"
    workers: int = 3
    threads: int = 8
    delay: float = 0.02
    prefix: str = "rig"
    every: float = 3.0
    patience: float = 1200.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What came of it. `load`: of the machine, before and after."""

    trial: Trial
    seconds: float
    load: tuple[float, float]
    broken: dict[str, int]
    verdict: Verdict


def run(trial: Trial) -> Report:
    """Adopt all machines of a world while things break."""
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="corral-rig-") as home,
        _world(trial, Path(home)) as world,
        site(world, Path(home), board=trial.board, workers=trial.workers, threads=trial.threads) as made,
    ):
        before, began = world.look(), time.monotonic()
        broken = _adopted(made, trial)
        return Report(
            trial, round(time.monotonic() - began, 1), (load, os.getloadavg()[0]), broken, judge(made, before)
        )


@contextmanager
def _world(trial: Trial, folder: Path) -> Iterator[World]:
    real = trial.world == "ironic"
    opened = real_ironic(trial.machines, trial.prefix) if real else in_memory(trial.machines, trial.delay, folder)
    with opened as world:
        yield world


def _adopted(made: Site, trial: Trial) -> dict[str, int]:
    """Adopt all while things break, and wait until nothing is under way; what was broken."""
    flavor = made.api("POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": 1}})
    # Read whole before anything is adopted: what is managed is adoptable no more.
    found = made.api.pages("/v1/adoptable_nodes?adoptable=true", "adoptable_nodes")
    nodes = [node for node in found if (node["name"] or "").startswith(made.world.prefix)]
    chaos, end = Chaos(made, trial.every, trial.seed), time.monotonic() + trial.patience
    chaos.start()
    try:
        _adopt(made, flavor["uuid"], nodes)
        made.settle(end - time.monotonic())
    except BaseException:
        for process in made.processes:
            print(f"--- {process.name}\n{process.last_words()}", file=sys.stderr)
        raise
    finally:
        chaos.stop()
    # The last one to break may have been the worker that had the last operation.
    made.settle(60.0)
    return dict(chaos.counts)


def _adopt(made: Site, flavor: str, nodes: list[dict[str, Any]]) -> None:
    def adopt(node: dict[str, Any]) -> None:
        body = {
            "name": f"server-{node['name']}",
            "node_uuid": node["uuid"],
            "flavor_uuid": flavor,
            "networks": [{"port_id": port["vif_port_id"]} for port in node["ports"]],
        }
        made.api("POST", "/v1/servers/manage", body, key=f"adopt-{node['uuid']}")

    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(adopt, nodes))


def main() -> None:
    """Run a trial with the settings of the command line."""
    parser = argparse.ArgumentParser(prog="python -m lab.rig", description=__doc__)
    choices = {"world": ("memory", "ironic"), "board": ("redis", "etcd")}
    for name, value in asdict(Trial()).items():
        parser.add_argument(
            f"--{name}", type=type(value), default=value, choices=choices.get(name), help=f"default {value}"
        )
    report = run(Trial(**vars(parser.parse_args())))
    json.dump(asdict(report), sys.stdout, indent=2)
    print()
    sys.exit(1 if report.verdict.wrong else 0)


if __name__ == "__main__":
    main()
