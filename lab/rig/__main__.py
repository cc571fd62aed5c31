"""`python -m lab.rig`: run one trial, print what went wrong and what came of it. Exit 1 when anything is not as it should be."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from lab.rig.chaos import Chaos
from lab.rig.site import Site, site
from lab.rig.verdict import Verdict, judge, look

_CLIENTS = 8


@dataclass(frozen=True)
class Trial:
    """What is tried. `every`: seconds between two things that go wrong, on average; `patience`: seconds for everything."""

    machines: int = 500
    board: str = "redis"
    workers: int = 3
    threads: int = 8
    delay: float = 0.02
    every: float = 3.0
    patience: float = 1200.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What came of it."""

    trial: Trial
    seconds: float
    broken: dict[str, int]
    verdict: Verdict


def run(trial: Trial) -> Report:
    """Adopt all machines of a world while things break."""
    with site(
        trial.machines, board=trial.board, workers=trial.workers, delay=trial.delay, threads=trial.threads
    ) as made:
        before = look(made.world)
        flavor = made.api("POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": 1}})
        chaos = Chaos(made, trial.every, trial.seed)
        began = time.monotonic()
        chaos.start()
        try:
            _adopt(made, flavor["uuid"])
            _settle(made, trial.patience - (time.monotonic() - began))
        except BaseException:
            for process in made.processes:
                print(f"--- {process.name}\n{process.last_words()}", file=sys.stderr)
            raise
        finally:
            chaos.stop()
        # The last one to break may have been the worker that had the last operation.
        _settle(made, 60.0)
        return Report(trial, time.monotonic() - began, dict(chaos.counts), judge(made, before))


def _adopt(made: Site, flavor: str) -> None:
    # Read whole before anything is adopted: what is managed is adoptable no more.
    nodes = list(made.api.pages("/v1/adoptable_nodes?adoptable=true", "adoptable_nodes"))

    def adopt(node: dict[str, Any]) -> None:
        body = {
            "name": f"server-{node['name']}",
            "node_uuid": node["uuid"],
            "flavor_uuid": flavor,
            "networks": [{"port_id": port["vif_port_id"]} for port in node["ports"]],
        }
        made.api("POST", "/v1/servers/manage", body, key=f"adopt-{node['uuid']}", patience=120.0)

    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(adopt, nodes))


def _settle(made: Site, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        counts = made.api("GET", "/v1/operations?limit=1")["counts"]
        if not sum(counts.get(state, 0) for state in ("pending", "running", "reverting")):
            return
        time.sleep(1.0)


def main() -> None:
    """Run a trial with the settings of the command line."""
    parser = argparse.ArgumentParser(prog="python -m lab.rig", description=__doc__)
    for name, value in asdict(Trial()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value, help=f"default {value}")
    report = run(Trial(**vars(parser.parse_args())))
    json.dump(asdict(report), sys.stdout, indent=2)
    print()
    sys.exit(1 if report.verdict.wrong else 0)


if __name__ == "__main__":
    main()
