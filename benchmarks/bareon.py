"""Requests a second of the Bareon-API service, against a floor: `python -m benchmarks.bareon`.

The floor is a bare Starlette application that answers the same bytes from the same read of the same database (and for writes
stores the same row in one transaction), with no checks, no versions, no door. Both are processes of their own with the same server
settings; turns alternate, and the median counts. The client takes its part of either rate, so the processor time that the server
used for a request stands beside.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import tell

GIB = 1024**3
_TICKS = os.sysconf("SC_CLK_TCK")

Request = tuple[str, str, bytes | None]


def main() -> int:
    """Fill, measure, tell."""
    args = _parse()
    with tempfile.TemporaryDirectory() as home, server(["corral", "bareon-api", "--data-dir", home], home) as service:
        _fill(service, args.nodes)
        with server(["floor", f"{home}/bareon-api.db"], home) as floor:
            result = {kind: _compared(service, floor, make(args), args) for kind, make in _KINDS.items()}
    rows = [
        (f"{kind}: {side}", f"{numbers[f'{side}_per_second']:8.0f} /s {numbers[f'{side}_cpu_ms']:7.3f} ms")
        for kind, numbers in result.items()
        for side in ("floor", "service")
    ]
    rows += [
        (f"{kind}: ratio", f"{numbers['ratio']:8.2f}    {numbers['cpu_ratio']:7.2f}")
        for kind, numbers in result.items()
    ]
    tell({"nodes": args.nodes, "threads": args.threads, "seconds": args.seconds, "bareon": result}, rows, args.json)
    return 0


# --- what is asked ------------------------------------------------------------------------------------------


def _reads(part: str) -> Callable[[argparse.Namespace], Callable[[int], Request]]:
    return lambda args: lambda number: ("GET", f"/v1/nodes/nailgun_{number % args.nodes}{part}", None)


def _writes(args: argparse.Namespace) -> Callable[[int], Request]:
    def edit(number: int) -> Request:
        root = {"device": "/dev/mapper/os-root", "mount": "/", "fs_type": "ext4", "fs_label": f"r{number % 9}"}
        return "PUT", f"/v1/nodes/nailgun_{number % args.nodes}/fss/os-root", json.dumps(root).encode()

    return edit


_KINDS = {
    "GET partitioning": _reads("/partitioning"),
    "GET disks": _reads("/disks"),
    "PUT a file system": _writes,
}


def _fill(service: Server, count: int) -> None:
    """Nodes of 12 disks, two roles each."""
    disks = [
        {"name": f"sd{letter}", "disk": f"disk/by-path/{letter}", "extra": [f"disk/by-id/{letter}"], "size": 500 * GIB}
        for letter in "abcdefghijkl"
    ]
    told = {"roles": ["compute", "cinder"], "schema": {"version": "legacy"}, "meta": {"memory": {"total": 64 * GIB}}}
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    for number in range(count):
        connection.request("PUT", f"/v1/nodes/nailgun_{number}", json.dumps({**told, "disks": disks}))
        reply = connection.getresponse()
        assert (reply.status, reply.read())[0] == 200
    connection.close()


# --- measuring ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server process."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


def _compared(
    service: Server, floor: Server, make: Callable[[int], Request], args: argparse.Namespace
) -> dict[str, float]:
    for server in (service, floor):
        _turn(server, make, args.threads, 0.5)
    turns = [
        (_turn(service, make, args.threads, args.seconds), _turn(floor, make, args.threads, args.seconds))
        for _ in range(args.runs)
    ]
    ours, theirs = ([turn[side] for turn in turns] for side in (0, 1))
    (rate, cpu), (floor_rate, floor_cpu) = (
        (statistics.median(one[0] for one in side), statistics.median(one[1] for one in side))
        for side in (ours, theirs)
    )
    return {
        "service_per_second": round(rate, 1),
        "floor_per_second": round(floor_rate, 1),
        "ratio": round(floor_rate / rate, 3),
        "service_cpu_ms": round(cpu * 1000, 4),
        "floor_cpu_ms": round(floor_cpu * 1000, 4),
        "cpu_ratio": round(cpu / floor_cpu, 3),
    }


def _turn(server: Server, make: Callable[[int], Request], threads: int, seconds: float) -> tuple[float, float]:
    """Requests a second, and processor seconds of the server for each."""
    before, begun = server.cpu(), time.perf_counter()
    until = begun + seconds
    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(lambda number: _asked(server.port, make, number, threads, until), range(threads)))
    return done / (time.perf_counter() - begun), (server.cpu() - before) / done


def _asked(port: int, make: Callable[[int], Request], first: int, step: int, until: float) -> int:
    connection, number, done = http.client.HTTPConnection("127.0.0.1", port), first, 0
    while time.perf_counter() < until:
        method, path, body = make(number)
        connection.request(method, path, body)
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path}: {reply.status}")
        number, done = number + step, done + 1
    connection.close()
    return done


@contextmanager
def server(command: Sequence[str], home: str) -> Iterator[Server]:
    """A process that serves on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if command[0] == "floor":
        whole = [sys.executable, "-m", "benchmarks.bareon_floor", command[1], str(port)]
    else:
        whole = [str(Path(sys.executable).with_name("corral")), *command[1:], "--port", str(port)]
    process = subprocess.Popen(whole, stdout=subprocess.DEVNULL, env={**os.environ, "CORRAL_DATA_DIR": home})
    try:
        _until_it_answers(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _until_it_answers(port: int, process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("a server did not start")


def _parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bareon", description=__doc__)
    parser.add_argument("--nodes", type=int, default=200, help="nodes in the service, of 12 disks (default 200)")
    parser.add_argument("--threads", type=int, default=4, help="clients at once (default 4)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one turn (default 3)")
    parser.add_argument("--runs", type=int, default=5, help="counted turns of each side (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of to stdout")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
