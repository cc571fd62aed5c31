"""`python -m benchmarks.sync`: what it costs to keep thousands of servers in step, and how soon a change is known.

All of Corral in one process, on SQLite, over machines of four kinds: nodes of an Ironic in memory that is a process of its own and
speaks HTTP; VMs on hosts in memory; domains of libvirt's test driver; VMs of the simulated vCenter. All of them are servers, and in
step. Another client changes one machine after the other.

Told are: the first comparison of all; a pass in which nothing changed, with its calls and processor time, and what that makes in an
hour at the longest pause (with what runs beside it: surveys, watches, looks at the database); the time from the other client's
answer to the row of the drift, after an event (of nodes: after the hint that a notification is), with the calls for each, and by
polling alone; and the first pass after an outage in which machines changed unheard. Beside it stands what a loop over all machines
costs that asks for them one by one, as Nova's and Ironic's do every 600 and 120 seconds by default: measured with a bare client on
the same source, and scaled.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from benchmarks.report import tell
from benchmarks.sync_yards import YARDS, Yard
from corral.config import Settings, SyncSettings
from corral.services.surveyor import HostGroup
from corral.store import Drifts
from corral.store.sync_tables import drifts
from corral.wiring import Corral, build

AIM_EVENT, AIM_IDLE = 2.0, 2.0
HOUR = 3600.0
AT_MOST = 600.0
"""The longest pause between two passes by default, in seconds."""
PEERS = {"Nova": 600.0, "Ironic": 120.0}
"""Every so many seconds they look at the power of every machine, by default."""


def main() -> int:
    args = _parse()
    results, rows = [], []
    for name in args.source:
        make, size = YARDS[name]
        with tempfile.TemporaryDirectory() as folder, make(args.servers or size, Path(folder)) as yard:
            found = _measured(yard, args, Path(folder))
        print(found, file=sys.stderr)  # each takes minutes
        results.append({"kind": name, **found})
        rows += [("", ""), (f"{found['servers']:,} {yard.what}", f"load {found['load']}"), *_rows(found)]
    tell({"yards": results}, rows, args.json)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    parser.add_argument("--source", nargs="+", choices=YARDS, default=list(YARDS), help="which kinds (default all)")
    parser.add_argument("--servers", type=int, help="servers (default 10000 nodes, 10000 VMs, 2000 domains, 400 VMs)")
    parser.add_argument("--changes", type=int, default=100, help="changes after which an event is timed (default 100)")
    parser.add_argument("--polled", type=int, default=40, help="changes that are found by polling (default 40)")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two polls, then (default 20)")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds in which nothing happens (default 60)")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    return parser.parse_args()


# --- one yard ---------------------------------------------------------------------------------------------


def _measured(yard: Yard, args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)
    with _corral(yard, folder, {}) as corral:
        yard.fill(corral)
        _survey(yard, corral)
        first = _pass(yard, corral)
        idle = [_pass(yard, corral) for _ in range(3)]
        outage = _after_outage(yard, corral, yard.size * 3 // 100)
        found = {"servers": yard.size, "load": load, "first": first, "outage": outage, "idle": _median(idle)}
        found["beside"] = _beside(yard, corral, args.idle)
        found["event"] = _events(yard, corral, args.changes)
    if yard.told or yard.deaf is not None:
        with _corral(yard, folder, {"poll": {"every": args.every, "at_most": args.every}}, args.every) as corral:
            found["poll"] = {"every": args.every, **_polled(yard, corral, args.polled, args.every)}
    if yard.one_by_one is not None:
        found["one_by_one"] = _one_by_one(yard.one_by_one, yard.size)
    calls = found["idle"]["calls"] * HOUR / AT_MOST if yard.hosts is None else 0.0  # of hosts only surveys ask
    found["calls_hour"] = calls + found["beside"]["calls_hour"]
    return {**found, "idle_percent": _percent(found["idle"]["cpu"], found["beside"]["cpu_hour"])}


def _percent(cpu: float, beside_hour: float) -> float:
    """Of one processor: passes at the longest pause, and all that runs beside them."""
    return round(100 * (cpu * HOUR / AT_MOST + beside_hour) / HOUR, 2)


@contextmanager
def _corral(yard: Yard, folder: Path, said: dict[str, Any], survey_every: float = 60.0) -> Iterator[Corral]:
    policy = folder / "policy.yaml"
    policy.write_text(yaml.safe_dump({"sources": {yard.name: {"policy": "tolerate", **said}}}))
    settings = Settings(data_dir=folder / "data", sync=SyncSettings(policy_file=policy), sources=list(yard.sources))
    kind = "memory" if yard.deaf is not None else "libvirt"
    groups = [HostGroup(yard.name, kind, survey_every, yard.open_hosts)] if yard.hosts is not None else []
    corral = build(settings, hosts=groups, emit=lambda *_told, **_more: None)
    yard.count(corral)
    try:
        yield corral
    finally:
        corral.stop()


def _survey(yard: Yard, corral: Corral) -> None:
    if yard.hosts is not None:
        corral.surveyor.survey(yard.name)


def _pass(yard: Yard, corral: Corral) -> dict[str, float]:
    """One pass, with the survey before it, where that is how the source is asked."""
    yard.calls.clear()
    wall, cpu = time.perf_counter(), time.process_time()
    _survey(yard, corral)
    surveyed = time.process_time() - cpu
    counts = corral.synchronizer.synchronize(yard.name)
    return {
        "cpu": round(time.process_time() - cpu - surveyed, 3),
        "survey_cpu": round(surveyed, 3),
        "seconds": round(time.perf_counter() - wall, 3),
        "calls": float(yard.calls.total()),
        "found": float(counts.get("found", 0)),
    }


def _median(passes: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(one[key] for one in passes) for key in passes[0]}


def _after_outage(yard: Yard, corral: Corral, changed: int) -> dict[str, float]:
    for _ in range(changed):
        yard.change()
    found = _pass(yard, corral)
    if found["found"] != changed:
        raise RuntimeError(f"of {changed} changes {found['found']:g} were found")
    return {**found, "changed": float(changed)}


def _beside(yard: Yard, corral: Corral, seconds: float) -> dict[str, float]:
    """What goes on while nothing happens, without passes: the first one of this process is over."""
    corral.start()
    time.sleep(min(10.0, seconds))  # the first survey and pass of the background, and the watch
    yard.calls.clear()
    cpu, passes = time.process_time(), _passes(yard, corral)
    time.sleep(seconds)
    spent = time.process_time() - cpu
    return {
        "cpu_hour": round(spent * HOUR / seconds, 1),
        "calls_hour": round(yard.calls.total() * HOUR / seconds),
        "passes": float(_passes(yard, corral) != passes),
    }


def _passes(yard: Yard, corral: Corral) -> Any:
    return corral.drift.source(yard.name).state.ended_at


# --- from a change to its row -----------------------------------------------------------------------------


def _events(yard: Yard, corral: Corral, changes: int) -> dict[str, Any]:
    cpu, found = time.process_time(), []
    yard.calls.clear()
    for _ in range(changes):
        time.sleep(random.uniform(0.1, 0.6))
        machine = yard.change()
        begun = time.monotonic()
        if yard.told:
            corral.synchronizer.hint(yard.name, [machine])
        _until(lambda machine=machine: _has_row(yard, corral, machine), 60)
        found.append(time.monotonic() - begun)
    each = {"cpu_each": (time.process_time() - cpu) / changes, "calls_each": yard.calls.total() / changes}
    calls = {name: round(number / changes, 2) for name, number in yard.calls.most_common()}
    return {**_cuts(found), **{name: round(value, 4) for name, value in each.items()}, "calls": calls}


def _polled(yard: Yard, corral: Corral, changes: int, every: float) -> dict[str, float]:
    """Changes at any time within some intervals, of which nothing is heard."""
    if yard.deaf is not None:
        yard.deaf(True)
    corral.start()
    time.sleep(every)
    waiting: dict[str, float] = {}
    found = []
    due = sorted(random.uniform(0, 3 * every) for _ in range(changes))
    start = time.monotonic()
    while due or waiting:
        while due and time.monotonic() - start >= due[0]:
            due.pop(0)
            waiting[yard.change()] = time.monotonic()
        for machine in _rows_of(yard, corral, list(waiting)):
            found.append(time.monotonic() - waiting.pop(machine))
        if time.monotonic() - start > 20 * every:
            raise RuntimeError(f"{len(waiting)} changes are not found")
        time.sleep(0.05)
    return _cuts(found)


_ROW = sa.select(drifts.c.machine).where(
    drifts.c.source == sa.bindparam("source"),
    drifts.c.machine == sa.bindparam("of"),
    drifts.c.field == sa.bindparam("what"),
)


def _has_row(yard: Yard, corral: Corral, machine: str) -> bool:
    """By a statement that is built once: whoever waits is not to be most of what is measured."""
    with corral.sql.connect() as conn:
        return conn.execute(_ROW, {"source": yard.name, "of": machine, "what": str(yard.differs)}).first() is not None


def _rows_of(yard: Yard, corral: Corral, machines: list[str]) -> list[str]:
    if not machines:
        return []
    found = Drifts(corral.sql).at(yard.name, machines)
    return [machine for machine, rows in found.items() if yard.differs in rows]


def _until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("the change has no row")
        time.sleep(0.02)


def _cuts(found: list[float]) -> dict[str, float]:
    """The median, the nearest rank of 99 %, and the longest."""
    ordered = sorted(found)
    rank = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return {
        "changes": float(len(ordered)),
        "p50": round(statistics.median(ordered), 3),
        "p99": round(rank, 3),
        "longest": round(ordered[-1], 3),
    }


def _one_by_one(ask: Callable[[int], None], size: int, asked: int = 300) -> dict[str, float]:
    """Processor time of a bare client that asks for every machine, scaled to all of them."""
    cpu = time.process_time()
    for number in range(min(asked, size)):
        ask(number)
    return {"cpu": round((time.process_time() - cpu) * size / min(asked, size), 2), "calls": float(size)}


# --- told -------------------------------------------------------------------------------------------------


def _rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    first, idle, outage, beside, event = (found[key] for key in ("first", "idle", "outage", "beside", "event"))
    rows = [
        ("first comparison of all", f"{first['seconds']:8.2f} s  {first['cpu']:6.2f} s of processor time"),
        (
            "a pass in which nothing changed (and the survey before it)",
            f"{idle['seconds']:8.2f} s  {idle['cpu']:6.2f} s of processor time (and {idle['survey_cpu']:.2f} s)  "
            f"{idle['calls']:g} calls",
        ),
        (
            f"first pass after an outage in which {outage['changed']:g} changed",
            f"{outage['seconds']:8.2f} s  {outage['cpu']:6.2f} s of processor time  {outage['calls']:g} calls",
        ),
        (
            "while nothing changes, in an hour, beside passes",
            f"{beside['cpu_hour']:8.1f} s of processor time  {beside['calls_hour']:g} calls",
        ),
        (
            f"with passes every {AT_MOST:g} s, of one processor",
            f"{found['idle_percent']:8.2f} %  aim {AIM_IDLE:g} %: {_judged(found['idle_percent'], AIM_IDLE)}",
        ),
        (
            "calls in an hour with these passes",
            f"{found['calls_hour']:8.0f}",
        ),
        (
            f"{event['changes']:g} changes: to the drift's row by event, p50 / p99 / longest",
            f"{event['p50']:8.3f} / {event['p99']:.3f} / {event['longest']:.3f} s  aim {AIM_EVENT:g} s: "
            f"{_judged(event['p99'], AIM_EVENT)}",
        ),
        ("processor time for one of them, with all that asks for it", f"{event['cpu_each']:8.3f} s"),
        (
            "calls for one of them, with surveys, passes and questions that wait meanwhile",
            f"{event['calls_each']:8.2f}    {', '.join(f'{name} {number:g}' for name, number in event['calls'].items())}",
        ),
    ]
    if poll := found.get("poll"):
        rows.append(
            (
                f"{poll['changes']:g} changes: by polls every {poll['every']:g} s alone, p50 / p99",
                f"{poll['p50']:8.2f} / {poll['p99']:.2f} s",
            )
        )
    if loop := found.get("one_by_one"):
        rows += [
            (
                f"{who}'s default, every {every:g} s one by one: known after, p50 / p99",
                f"{every / 2:8.0f} / {every * 0.99:.0f} s  in an hour {loop['calls'] * HOUR / every:,.0f} calls, "
                f"{loop['cpu'] * HOUR / every:,.0f} s of a bare client's processor time",
            )
            for who, every in PEERS.items()
        ]
    return rows


def _judged(value: float, aim: float) -> str:
    return "kept" if value <= aim else "missed"


if __name__ == "__main__":
    sys.exit(main())
