"""`python -m benchmarks.flows`: adoptions a second on SQLite and on PostgreSQL, by the number of workers.

On SQLite one server process does everything, with `threads` operations at a time for each worker that is asked for. On PostgreSQL
that many `corral worker` processes do, with a job board on Redis, beside a server that runs none. The machines are in memory, in a
process of their own that speaks HTTP and takes a set time for each answer.

The floor adopts as many machines of the same world in the same run: a loop of the nine requests that an adoption makes, in the same
order, from as many threads as there are operations at a time, in one process that writes nothing down and judges nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.report import tell
from corral.drivers.memory.fleet import ident
from lab.rig.site import Api, site
from lab.rig.worlds import World, in_memory
from tests.e2e.support.corral import Corral

DATABASES = ("sqlite", "postgresql")
_UNFINISHED = ("pending", "running", "reverting")
_APPLIED_AT_ONCE = 100


@dataclass(frozen=True)
class Machine:
    """A machine of the world, by its number: node and port."""

    name: str
    node: str
    port: str


@dataclass(frozen=True)
class Measured:
    """One row. Rates are adoptions a second; `ratio` is the floor's rate through Corral's; `load` the machine's, before."""

    database: str
    workers: int
    delay: float
    rate: float
    floor: float
    ratio: float
    load: float


def main() -> int:
    args = _parse()
    rows = [_measured(args, *one) for one in product(args.delays, DATABASES, args.workers)]
    told = [
        (
            f"{row.database}, {row.workers} workers, {row.delay * 1000:.0f} ms",
            f"{row.rate:6.1f}/s, floor {row.floor:6.1f}/s, ratio {row.ratio:5.2f}, load {row.load:.1f}",
        )
        for row in rows
    ]
    about = {"machines": args.machines, "threads": args.threads, "flows": [asdict(row) for row in rows]}
    tell({**about, "load_after": os.getloadavg()[0]}, told, args.json)
    return 0


def _measured(args: argparse.Namespace, delay: float, database: str, workers: int) -> Measured:
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="corral-flows-") as home,
        in_memory(2 * args.machines, delay, Path(home)) as world,
        _corral(world, Path(home), database, workers, args.threads) as api,
    ):
        machines = [_machine(number) for number in range(2 * args.machines)]
        rate = args.machines / _through_corral(api, machines[: args.machines])
        floor = args.machines / _floor(world, machines[args.machines :], workers * args.threads)
    row = Measured(database, workers, delay, round(rate, 2), round(floor, 2), round(floor / rate, 2), round(load, 1))
    print(row, file=sys.stderr)
    return row


def _machine(number: int) -> Machine:
    name = f"node-{number:05d}"
    return Machine(name, ident(name), ident(f"{name}/port0"))


# --- Corral ---------------------------------------------------------------------------------------------------


@contextmanager
def _corral(world: World, home: Path, database: str, workers: int, threads: int) -> Iterator[Api]:
    if database == "postgresql":
        with site(world, home, board="redis", workers=workers, threads=threads) as made:
            yield made.api
        return
    options = json.dumps(world.source["options"])
    corral = Corral(home, str(world.clouds), workers=workers * threads, options=options, source="memory")
    corral.start()
    try:
        yield Api(corral.url)
    finally:
        corral.stop()
        corral.http.close()


def _through_corral(api: Api, machines: Sequence[Machine]) -> float:
    """Plan all, then the seconds from applying until the last operation has ended."""
    flavor = api("POST", "/v1/flavors", {"name": "gold", "resources": {"CUSTOM_GOLD": 1}})["uuid"]
    plans = [
        api(
            "POST",
            "/v1/plans",
            {"machines": [_wish(one, flavor) for one in machines[start : start + _APPLIED_AT_ONCE]]},
        )
        for start in range(0, len(machines), _APPLIED_AT_ONCE)
    ]
    begun = time.perf_counter()
    for plan in plans:
        api("POST", f"/v1/plans/{plan['uuid']}/apply")
    while sum((counts := api("GET", "/v1/operations?limit=1")["counts"]).get(state, 0) for state in _UNFINISHED):
        time.sleep(0.1)
    took = time.perf_counter() - begun
    if counts.get("succeeded") != len(machines):
        raise RuntimeError(f"not all machines were adopted: {counts}")
    return took


def _wish(one: Machine, flavor: str) -> dict[str, Any]:
    return {"name": one.name, "node_uuid": one.node, "flavor_uuid": flavor, "networks": [{"port_id": one.port}]}


# --- the floor ------------------------------------------------------------------------------------------------


def _floor(world: World, machines: Sequence[Machine], threads: int) -> float:
    """The seconds that the same requests take by themselves."""
    local, address = threading.local(), urlsplit(world.ironic.root).netloc

    def adopt(one: Machine) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(address, timeout=60)
        for method, path, body in _requests(one, str(uuid4())):
            _send(local.connection, method, path, body)

    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(adopt, machines))
    return time.perf_counter() - begun


def _requests(one: Machine, owner: str) -> Iterator[tuple[str, str, Any]]:
    node, port = f"/baremetal/v1/nodes/{one.node}", f"/network/v2.0/ports/{one.port}"
    looks = (node, f"/baremetal/v1/ports?node={one.node}", f"/network/v2.0/ports?id={one.port}")
    claim = {"/instance_uuid": owner, "/protected": True, "/protected_reason": f"Held for {owner}"}
    yield from (("GET", path, None) for path in looks)
    yield "PATCH", node, [{"op": "add", "path": path, "value": value} for path, value in claim.items()]
    yield "POST", "/baremetal/v1/allocations", {"uuid": owner, "node": one.node}
    yield "PUT", port, {"port": {"device_id": owner, "device_owner": "baremetal:corral"}}
    yield from (("GET", path, None) for path in looks)


def _send(connection: http.client.HTTPConnection, method: str, path: str, body: Any) -> None:
    data = None if body is None else json.dumps(body).encode()
    connection.request(method, path, data, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flows", description=__doc__)
    parser.add_argument("--machines", type=int, default=300, help="how many each side adopts (default 300)")
    parser.add_argument("--threads", type=int, default=8, help="operations of one worker at a time (default 8)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4], help="how many (default 1 2 4)")
    parser.add_argument(
        "--delays", type=float, nargs="+", default=[0.0, 0.05], help="seconds of each answer (default 0 0.05)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
