"""`python -m benchmarks.list`: the two lists that grow.

`GET /v1/adoptable_nodes` over many nodes of the real Ironic, against Ironic's own answer with the same fields (its nodes, their
ports and port groups, page by page, and nothing looked up around them), in turns. In two forms: as it comes, with creation times,
for which Ironic has to give whole records (`/v1/nodes/detail`); and without, from Ironic's short list. And `GET /v1/servers` with
100,000 rows in SQLite: the last page against the first.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from benchmarks.report import tell
from corral.config import Settings
from corral.domain.lifecycle import Status
from corral.domain.server import Server, ServerNic
from corral.drivers.ironic.translate import LIST_FIELDS
from corral.store import Servers
from corral.wiring import open_store
from tests.e2e.support.corral import Corral
from tests.e2e.support.lab import Lab, read_lab

PREFIX = "benchlist"
AIM_LIST, AIM_PAGE = 1.5, 1.25
PAGE = 1000
_UNTIMED = (
    "uuid,name,source,ports,power_state,provision_state,properties,instance_info,resource_class,image_source,adoptable,"
    "reasons,links"
)
FORMS = (
    ("with times", "", "nodes/detail?"),
    ("without times", f"&fields={_UNTIMED}", f"nodes?fields={LIST_FIELDS}&"),
)
"""What is measured: its name, what it adds to Corral's query, and Ironic's list with the same fields."""
_PORT_FIELDS = "uuid,node_uuid,address,internal_info,extra,portgroup_uuid"
_GROUP_FIELDS = "uuid,node_uuid,address,internal_info,extra"


def main() -> int:
    args = _parse()
    result: dict[str, object] = {}
    rows: list[tuple[str, str]] = []
    if args.nodes:
        _nodes(args, result, rows)
    if args.rows:
        _servers(args, result, rows)
    tell(result, rows, args.json)
    return 0


# --- adoptable nodes ------------------------------------------------------------------------------------------


def _nodes(args: argparse.Namespace, result: dict[str, object], rows: list[tuple[str, str]]) -> None:
    lab = read_lab()
    lab.run("nodes", "--prefix", PREFIX, "--count", str(args.nodes))
    try:
        with tempfile.TemporaryDirectory() as home:
            corral = Corral(Path(home), lab.clouds)
            corral.start()
            try:
                for name, query, path in FORMS:
                    _form(args, lab, corral, (name, query, path), result, rows)
            finally:
                corral.stop()
    finally:
        if not args.keep:
            lab.run("nodes", "--prefix", PREFIX, "--delete")
        lab.close()


def _form(
    args: argparse.Namespace,
    lab: Lab,
    corral: Corral,
    form: tuple[str, str, str],
    result: dict[str, object],
    rows: list[tuple[str, str]],
) -> None:
    name, query, path = form
    count = _ironic(lab, path)
    assert _adoptable(corral, query) == count, "both must list the same nodes"
    before = corral.cpu_seconds
    ours, theirs = _in_turns(args.runs, lambda: _adoptable(corral, query), lambda: _ironic(lab, path))
    ratio = ours / theirs
    result[f"adoptable_nodes_{name.replace(' ', '_')}"] = {
        "nodes": count,
        "runs": args.runs,
        "corral_seconds": round(ours, 3),
        "corral_cpu_seconds": round((corral.cpu_seconds - before) / (args.runs + 1), 3),
        "ironic_seconds": round(theirs, 3),
        "ratio": round(ratio, 3),
        "aim": AIM_LIST,
    }
    rows += [
        (f"Ironic's own list, {count} nodes, {name}", f"{theirs:8.3f} s"),
        (f"GET /v1/adoptable_nodes, {name}", f"{ours:8.3f} s"),
        ("ratio", _judged(ratio, AIM_LIST)),
    ]


def _adoptable(corral: Corral, query: str) -> int:
    url, count = f"{corral.url}/v1/adoptable_nodes?limit={PAGE}{query}", 0
    while url:
        page = corral.http.get(url).raise_for_status().json()
        count += len(page["adoptable_nodes"])
        url = page.get("next", "")
    return count


def _ironic(lab: Lab, nodes: str) -> int:
    """What Corral's list shows and judges by, as Ironic gives it; the number of nodes. `nodes`: the list of nodes to ask for."""
    count = sum(1 for _ in _listed(lab, nodes, "nodes"))
    for key, fields in (("ports", _PORT_FIELDS), ("portgroups", _GROUP_FIELDS)):
        for _ in _listed(lab, f"{key}?fields={fields}&", key):
            pass
    return count


def _listed(lab: Lab, target: str, key: str) -> Iterator[object]:
    marker = ""
    while True:
        page = lab.ironic.get(f"/v1/{target}limit={PAGE}{marker}")
        yield from page[key]
        if not page.get("next") or not page[key]:
            return
        marker = f"&marker={page[key][-1]['uuid']}"


def _in_turns(runs: int, one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """The median seconds of both; a first turn of each is not counted."""
    one(), other()
    both = [(_timed(one), _timed(other)) for _ in range(runs)]
    return statistics.median(a for a, _ in both), statistics.median(b for _, b in both)


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


# --- servers --------------------------------------------------------------------------------------------------


def _servers(args: argparse.Namespace, result: dict[str, object], rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        corral = Corral(Path(home), clouds="", driver="memory")
        _fill(corral.home / "data", args.rows)
        corral.start()
        try:
            first, last = f"/v1/servers?all_tenants=true&limit={PAGE}", _last_page(corral)
            begin, end = _in_turns(args.runs * 3, lambda: _get(corral, first), lambda: _get(corral, last))
        finally:
            corral.stop()
    ratio = end / begin
    result["servers"] = {
        "rows": args.rows,
        "page": PAGE,
        "first_page_seconds": round(begin, 4),
        "last_page_seconds": round(end, 4),
        "ratio": round(ratio, 3),
        "aim": AIM_PAGE,
    }
    rows += [
        (f"GET /v1/servers, first {PAGE} of {args.rows}", f"{begin:8.3f} s"),
        (f"GET /v1/servers, last {PAGE}", f"{end:8.3f} s"),
        ("ratio", _judged(ratio, AIM_PAGE)),
    ]


def _fill(data: Path, count: int) -> None:
    """Servers as adoption would have written them, each a second later than the one before."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ticks: Iterator[datetime] = (start + timedelta(seconds=number) for number in range(count + 1))
    lock, sql = open_store(Settings(data_dir=data))
    servers = Servers(sql, lambda: next(ticks))
    for begin in range(0, count, 5000):
        with sql.begin() as conn:
            for number in range(begin, min(begin + 5000, count)):
                servers.add(conn, _server(number))
    sql.dispose()
    if lock is not None:
        lock.release()


def _server(number: int) -> Server:
    mac = f"02:{number >> 24 & 255:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}:00"
    nic = ServerNic(str(uuid4()), "net", mac, (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",))
    return Server(
        uuid=str(uuid4()),
        name=f"server-{number:06d}",
        source="lab",
        machine=str(uuid4()),
        machine_name=f"node-{number:06d}",
        project=f"project-{number % 50}",
        user="benchmark",
        status=Status.ACTIVE,
        flavor=str(uuid4()),
        nics=(nic,),
    )


def _last_page(corral: Corral) -> str:
    """The link of the last page, reached as a client would: by following `next`."""
    url = f"/v1/servers?all_tenants=true&limit={PAGE}"
    while following := _get(corral, url).get("next"):
        url = following
    return url


def _get(corral: Corral, url: str) -> dict[str, str]:
    return dict(corral.http.get(url).raise_for_status().json())


def _judged(ratio: float, aim: float) -> str:
    return f"{ratio:8.2f}    aim {aim}: {'kept' if ratio <= aim else 'missed'}"


def _parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.list", description=__doc__)
    parser.add_argument(
        "--nodes", type=int, default=1000, help="nodes in Ironic; 0 leaves this part out (default 1000)"
    )
    parser.add_argument("--rows", type=int, default=100_000, help="servers; 0 leaves this part out (default 100000)")
    parser.add_argument("--runs", type=int, default=5, help="counted turns of each side (default 5)")
    parser.add_argument("--keep", action="store_true", help="leave the nodes there for the next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
