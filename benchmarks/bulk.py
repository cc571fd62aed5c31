"""`python -m benchmarks.bulk`: thousands of machines planned by a filter and adopted, from a world that answers after 50 ms.

The world in memory is a process of its own and speaks HTTP; Corral is a server process as a user has it, with the Ironic driver and
an embedded database. Told are the seconds of the plan, the adoptions a minute from `apply` to the last end, the time that one
adoption takes from its start to its end, and the most memory that the server ever had.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.report import tell
from lab.rig.worlds import served_machines
from tests.e2e.support.corral import Corral

AIM_PLANNED, AIM_A_MINUTE, AIM_MEMORY = 60.0, 600.0, 400.0  # seconds, adoptions, MiB
_OPTIONS = "{cloud: memory, bmc: {ask: false}}"


def main() -> int:
    args = _parse()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home, served_machines(args.machines, args.delay, Path(home)) as entry:
        clouds = Path(home) / "clouds.yaml"
        # JSON is YAML.
        clouds.write_text(json.dumps({"clouds": {"memory": entry}}))
        corral = Corral(
            Path(home), str(clouds), workers=args.workers, options=_OPTIONS, source="memory", limits=args.limits
        )
        corral.start()
        try:
            result = _measured(corral, args)
        finally:
            corral.stop()
    _report({**result, "load_before": load, "load_after": os.getloadavg()[0]}, args)
    return 0


def _measured(corral: Corral, args: argparse.Namespace) -> dict[str, Any]:
    corral.flavor("gold")
    begun = time.monotonic()
    plan = _posted(corral, "/v1/plans", {"from": {"source": "memory"}, "mapping": {"name": "bulk-{number}"}})
    planned, memory = time.monotonic() - begun, _peak(corral)
    begun = time.monotonic()
    _posted(corral, f"/v1/plans/{plan['uuid']}/apply?skip_blocked=true")
    ended = _until_over(corral, plan["uuid"], args.patience)
    applied = time.monotonic() - begun
    return {
        "counts": plan["counts"],
        "planned_seconds": planned,
        "planned_peak_mib": memory,
        "applied_seconds": applied,
        "a_minute": 60 * ended["progress"]["over"] / applied,
        "progress": ended["progress"],
        "peak_mib": _peak(corral),
        "adoption_seconds": _durations(corral),
    }


def _posted(corral: Corral, path: str, body: Any = None) -> Any:
    answer = corral.http.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def _until_over(corral: Corral, plan: str, patience: float) -> Any:
    """The plan once all its machines are done, or after so many seconds."""
    end = time.monotonic() + patience
    while True:
        shown = corral.http.get(f"/v1/plans/{plan}").json()
        if shown["state"] == "applied" or time.monotonic() > end:
            return shown
        print(f"{shown['progress']}  load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        time.sleep(2.0 if not shown["progress"]["over"] else 5.0)


def _durations(corral: Corral) -> dict[str, float]:
    """Seconds from the start to the end of each adoption, as the database has them: the API tells whole seconds."""
    query = "SELECT started_at, finished_at FROM operations WHERE kind = 'manage' AND state = 'succeeded'"
    with closing(sqlite3.connect(f"file:{corral.database}?mode=ro", uri=True)) as sql:
        took = sorted(_between(*row) for row in sql.execute(query))
    return {"p50": statistics.median(took), "p99": took[int(len(took) * 0.99)]}


def _between(started: str, finished: str) -> float:
    return (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()


def _peak(corral: Corral) -> float:
    """The most memory that the server process ever had resident, in MiB."""
    status = Path(f"/proc/{corral.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _report(result: dict[str, Any], args: argparse.Namespace) -> None:
    took = result["adoption_seconds"]
    rows = [
        ("machines", f"{result['counts']['total']}, answers after {args.delay * 1000:.0f} ms, {args.workers} threads"),
        ("planned", f"{result['planned_seconds']:.1f} s (aim: under {AIM_PLANNED:.0f})"),
        ("adopted", f"{result['progress']['adopted']} in {result['applied_seconds']:.1f} s"),
        ("adoptions a minute", f"{result['a_minute']:.0f} (aim: over {AIM_A_MINUTE:.0f})"),
        ("one adoption", f"p50 {took['p50']:.2f} s, p99 {took['p99']:.2f} s"),
        ("most memory", f"{result['peak_mib']:.0f} MiB (aim: under {AIM_MEMORY:.0f})"),
        ("load of the machine", f"{result['load_before']:.1f} before, {result['load_after']:.1f} after"),
    ]
    tell(result, rows, args.output)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--machines", type=int, default=10_000)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that each answer of the world takes")
    parser.add_argument("--workers", type=int, default=16, help="operations that the server carries out at a time")
    parser.add_argument("--limits", default="{}", help="limits of the source, as in the settings")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds to wait for the last adoption")
    parser.add_argument("--output", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
