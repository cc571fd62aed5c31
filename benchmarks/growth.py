"""`python -m benchmarks.growth`: what a request costs with 1,000, 10,000 and 100,000 servers, as a table and as a picture.

Corral is a server process as a user has it, on SQLite, over a world in memory that speaks HTTP and answers at once. The servers are
written into the database, and their claims into the world, as adoption would have done; a hundred machines more are free. With all
of that there, these are measured: the first and the last page of servers; finding a machine; adopting one; the drifts of one
server, and a page of drifts, where every tenth server has one; and, for each machine, the list of all machines with judgement,
from its first page to its last, and looking for leaks, which compares every record with the world.

Each is told as time and as processor time of the server. The latter is drawn and judged: what else the machine does is not in it,
nor what the world costs that is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.growth_world import drift_of, records
from benchmarks.plot import Line, draw
from benchmarks.report import tell
from corral.config import Settings
from corral.drivers.memory.fleet import ident
from corral.store import Drifts, Servers
from corral.wiring import open_store
from lab.rig.worlds import served
from tests.e2e.support.corral import Corral

PAGE = 1000
FREE = 100
DRIFTS = 50
AIM = 2.0
"""The most that a measure may be at the largest size, as a multiple of itself at the smallest."""
NAMES = {
    "first_page": f"first page of {PAGE} servers",
    "last_page": f"last page of {PAGE} servers",
    "find": "find one by its machine",
    "adopt": "adopt one",
    "drift": "drifts of one server",
    "drifts": f"page of {DRIFTS} drifts",
    "list": "all machines, for each",
    "leaks": "looking for leaks, for each",
}


@dataclass(frozen=True)
class Cost:
    """Milliseconds for one request, or for each machine of a list: median time, and mean processor time of the server."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """What everything costs with so many servers. `load`: of the machine, before."""

    servers: int
    load: float
    costs: dict[str, Cost]


def main() -> int:
    args = _parse()
    found = [_measured(args, size) for size in args.sizes]
    growth = {key: round(found[-1].costs[key].cpu / found[0].costs[key].cpu, 2) for key in NAMES}
    rows = [("servers", "  ".join(f"{one.servers:>17,}" for one in found))]
    rows += [
        (f"{name}, ms (processor)", "  ".join(_told(one.costs[key]) for one in found)) for key, name in NAMES.items()
    ]
    rows += [(f"growth: {NAMES[key]}", f"{by:.2f}, aim {AIM}: {_judged(by)}") for key, by in growth.items()]
    if args.svg:
        lines = [Line(name, [one.costs[key].cpu for one in found]) for key, name in NAMES.items()]
        draw(args.svg, "Processor time of the server as the number of servers grows", args.sizes, lines)
    tell({"growth": growth, "aim": AIM, "sizes": [asdict(one) for one in found]}, rows, args.json)
    return 0


def _told(one: Cost) -> str:
    return f"{one.wall:8.2f} ({one.cpu:6.2f})"


def _judged(by: float) -> str:
    return "kept" if by <= AIM else "missed"


def _measured(args: argparse.Namespace, size: int) -> Row:
    load, chance = os.getloadavg()[0], random.Random(size)
    command = ["benchmarks.growth_world", "--managed", str(size), "--free", str(FREE)]
    with (
        tempfile.TemporaryDirectory() as home,
        served(command, Path(home)) as entry,
        _corral(home, entry, size) as corral,
    ):
        managed = [ident(f"node-{chance.randrange(size):05d}") for _ in range(args.looks)]
        drifting = [ident(f"node-{10 * chance.randrange(size // 10):05d}/server") for _ in range(args.looks)]
        free = [f"node-{number:05d}" for number in range(size, size + args.adoptions)]
        flavor, last = corral.flavor("gold"), _last_page(corral)
        cost = partial(_cost, corral)
        costs = {
            "first_page": cost([lambda: _get(corral, f"/v1/servers?limit={PAGE}")] * args.looks),
            "last_page": cost([lambda: _get(corral, last)] * args.looks),
            "find": cost([partial(_get, corral, f"/v1/adoptable_nodes?uuid={uuid}") for uuid in managed]),
            "drift": cost([partial(_drift, corral, server) for server in drifting]),
            "drifts": cost([lambda: _get(corral, f"/v1/drift?limit={DRIFTS}")] * args.looks),
            "list": cost([lambda: _all_machines(corral)] * args.runs, size + FREE),
            "leaks": cost([lambda: _no_leaks(corral)] * args.runs, size + FREE),
            "adopt": cost([partial(_adopt, corral, name, flavor) for name in free]),
        }
    row = Row(size, round(load, 1), costs)
    print(row, file=sys.stderr)
    return row


@contextmanager
def _corral(home: str, entry: dict[str, str], size: int) -> Iterator[Corral]:
    clouds = Path(home) / "clouds.yaml"
    # JSON is YAML.
    clouds.write_text(json.dumps({"clouds": {"memory": entry}}))
    corral = Corral(Path(home), str(clouds), options="{cloud: memory, bmc: {ask: false}}", source="memory")
    corral.http.timeout = 1800
    _fill(Path(home) / "data", size)
    corral.start()
    try:
        yield corral
    finally:
        corral.stop()
        corral.http.close()


def _fill(data: Path, count: int) -> None:
    """The servers' records, each a second later than the one before."""
    ticks = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(count + 1))
    lock, sql = open_store(Settings(data_dir=data))
    servers, drifts = Servers(sql, lambda: next(ticks)), Drifts(sql)
    with sql.begin() as conn:
        for number, one in enumerate(records(count)):
            servers.add(conn, one)
            if number % 10 == 0:
                drifts.put(conn, drift_of(one))
    sql.dispose()
    if lock is not None:
        lock.release()


# --- what is measured -----------------------------------------------------------------------------------------


def _cost(corral: Corral, acts: Sequence[Callable[[], object]], machines: int = 1) -> Cost:
    """Of one act, divided by so many machines."""
    before = corral.cpu_seconds
    wall = statistics.median(_timed(act) for act in acts)
    cpu = (corral.cpu_seconds - before) / len(acts)
    return Cost(round(1000 * wall / machines, 4), round(1000 * cpu / machines, 4))


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _get(corral: Corral, url: str) -> dict[str, Any]:
    return dict(corral.http.get(url).raise_for_status().json())


def _last_page(corral: Corral) -> str:
    """The link of the last page, reached as a client would: by following `next`."""
    url = f"/v1/servers?limit={PAGE}"
    while following := _get(corral, url).get("next"):
        url = following
    return url


def _all_machines(corral: Corral) -> None:
    url: str | None = f"/v1/adoptable_nodes?limit={PAGE}"
    while url is not None:
        url = _get(corral, url).get("next")


def _drift(corral: Corral, server: str) -> None:
    if len(_get(corral, f"/v1/servers/{server}/drift")["drifts"]) != 1:
        raise RuntimeError(f"server {server} has other drifts than the one that was written")


def _no_leaks(corral: Corral) -> None:
    found = _get(corral, "/v1/leaks")
    if found["leaks"] or any(one["problem"] for one in found["sources"]):
        raise RuntimeError(f"records and world do not fit: {str(found)[:500]}")


def _adopt(corral: Corral, name: str, flavor: str) -> None:
    """From the request to the operation's last event."""
    networks = [{"port_id": ident(f"{name}/port0")}]
    body = {"name": name, "node_uuid": ident(name), "flavor_uuid": flavor, "networks": networks}
    started = corral.http.post("/v1/servers/manage", json=body).raise_for_status().json()["operation"]["uuid"]
    with corral.http.stream("GET", f"/v1/operations/{started}/events") as events:
        for _ in events.iter_lines():
            pass
    if (state := corral.get(f"/v1/operations/{started}")["state"]) != "succeeded":
        raise RuntimeError(f"{name} was not adopted: {state}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    sizes = [1_000, 10_000, 100_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, help="servers (default 1000 10000 100000)")
    parser.add_argument("--looks", type=int, default=31, help="requests of one kind (default 31)")
    parser.add_argument("--adoptions", type=int, default=31, help=f"machines adopted, at most {FREE} (default 31)")
    parser.add_argument("--runs", type=int, default=2, help="lists of one kind (default 2)")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the picture there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
