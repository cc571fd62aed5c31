"""`python -m benchmarks.vm_adoption`: thousands of VMs of a simulated vCenter planned by a filter and adopted, each marked there.

The vCenter is a process of its own; Corral is a server process as a user has it, with the vSphere driver and an embedded database:
one worker. Told are the seconds of the first survey and of the plan, the adoptions a minute from `apply` to the last end, the time
that one adoption takes, and the memory of the server: the most it ever had, and how much more it had for the last quarter of the
VMs than for the second. Every mark is counted at the vCenter afterwards.
"""

from __future__ import annotations

import argparse
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

from pyVim.connect import Disconnect
from pyVmomi import vim

from benchmarks.report import tell
from corral.drivers.vsphere import open_hosts
from lab.places import from_environment
from lab.vcenter.administrator import administrator, done
from lab.vcenter.server import USER, Size, Vcenter
from tests.e2e.support.corral import Corral
from tests.e2e.support.hypervisors import corral_over

AIM_A_MINUTE, AIM_GROWTH = 600.0, 1.1
_HOSTS, _CLUSTERS = 8, 4
_SOURCE = "center"


def main() -> int:
    args = _parse()
    load = os.getloadavg()[0]
    size = Size(clusters=_CLUSTERS, cluster_hosts=_HOSTS, hosts=0, vms=args.vms // _CLUSTERS)
    with Vcenter(from_environment(), size) as vcenter, tempfile.TemporaryDirectory() as home:
        login = {"host": vcenter.host, "port": vcenter.port, "user": USER, "password_file": str(vcenter.password_file)}
        give_macs(vcenter)
        options = {**login, "ca_file": str(vcenter.certificate)}
        source = {"name": _SOURCE, "driver": "vsphere", "options": options, "survey_every": 3600}
        begun = time.monotonic()
        with corral_over(Path(home), [source], workers=args.workers) as corral:
            result = {"survey_seconds": _surveyed(corral, begun), **_measured(corral, args)}
        result["marks"] = _marks(options)
    assert result["marks"] == result["progress"]["adopted"], "every server's VM bears its mark"
    _report({**result, "load_before": load, "load_after": os.getloadavg()[0]}, args)
    return 0


def give_macs(vcenter: Vcenter) -> None:
    """Each VM a MAC of its own: the simulator makes all of them with one, for which none can be adopted."""
    client = administrator(vcenter)
    kinds = [vim.VirtualMachine]
    for number, vm in enumerate(
        client.content.viewManager.CreateContainerView(client.content.rootFolder, kinds, True).view
    ):
        [nic] = [one for one in vm.config.hardware.device if isinstance(one, vim.vm.device.VirtualEthernetCard)]
        nic.addressType, nic.macAddress = (
            "manual",
            f"00:50:56:{number >> 16 & 63:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        )
        change = vim.vm.device.VirtualDeviceSpec(operation="edit", device=nic)
        done(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change])))
    Disconnect(client)


def _surveyed(corral: Corral, begun: float) -> float:
    while not all(one["surveyed_at"] for one in corral.get("/v1/hosts?limit=1")["sources"]):
        time.sleep(0.1)
    return time.monotonic() - begun


def _measured(corral: Corral, args: argparse.Namespace) -> dict[str, Any]:
    begun = time.monotonic()
    wish = {"from": {"source": _SOURCE}, "mapping": {"name": "bulk-{number}"}}
    plan = _posted(corral, "/v1/plans", wish)
    planned = time.monotonic() - begun
    begun, cpu = time.monotonic(), corral.cpu_seconds
    _posted(corral, f"/v1/plans/{plan['uuid']}/apply?skip_blocked=true")
    progress, memory = _until_over(corral, plan, args.patience)
    applied = time.monotonic() - begun
    failed = corral.http.get(f"/v1/plans/{plan['uuid']}/machines?state=failed").json()["machines"]
    return {
        "failures": sorted({str((one["error"] or {}).get("message"))[:200] for one in failed})[:5],
        "counts": plan["counts"],
        "planned_seconds": planned,
        "applied_seconds": applied,
        "a_minute": 60 * progress["over"] / applied,
        "cpu_ms_each": 1000 * (corral.cpu_seconds - cpu) / max(1, progress["over"]),
        "progress": progress,
        "adoption_seconds": _durations(corral),
        "peak_mib": _memory(corral, "VmHWM"),
        "growth": memory[3] / memory[1],
    }


def _posted(corral: Corral, path: str, body: Any = None) -> Any:
    answer = corral.http.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def _until_over(corral: Corral, plan: dict[str, Any], patience: float) -> tuple[dict[str, int], list[float]]:
    """How the plan ended, and the server's memory at the end of each quarter of its VMs, in MiB."""
    end, memory, wanted = time.monotonic() + patience, [0.0] * 4, plan["counts"]["adoptable"]
    while True:
        shown = corral.get(f"/v1/plans/{plan['uuid']}")
        over = shown["progress"]["over"]
        memory[min(3, 4 * over // max(1, wanted))] = _memory(corral, "VmRSS")
        if shown["state"] == "applied" or time.monotonic() > end:
            return shown["progress"], memory
        time.sleep(0.5)


def _memory(corral: Corral, what: str) -> float:
    status = Path(f"/proc/{corral.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1]) / 1024


def _durations(corral: Corral) -> dict[str, float]:
    """Seconds from the start to the end of each adoption, as the database has them: the API tells whole seconds."""
    query = "SELECT started_at, finished_at FROM operations WHERE kind = 'onboard_vm' AND state = 'succeeded'"
    with closing(sqlite3.connect(f"file:{corral.database}?mode=ro", uri=True)) as sql:
        took = sorted(_between(*row) for row in sql.execute(query))
    return {"p50": statistics.median(took), "p99": took[int(len(took) * 0.99)]}


def _between(started: str, finished: str) -> float:
    return (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()


def _marks(options: dict[str, Any]) -> int:
    with closing(open_hosts("bench", options)) as source:
        return sum(1 for _ in source.hosts.marks())  # type: ignore[attr-defined]


def _report(result: dict[str, Any], args: argparse.Namespace) -> None:
    took = result["adoption_seconds"]
    rows = [
        ("VMs", f"{result['counts']['total']}, {result['counts']['blocked']} of them blocked"),
        ("first survey, with the start of the server", f"{result['survey_seconds']:.1f} s"),
        ("planned", f"{result['planned_seconds']:.1f} s"),
        ("adopted and marked", f"{result['progress']['adopted']} in {result['applied_seconds']:.1f} s"),
        (
            "adoptions a minute",
            _judged(result["a_minute"], f"over {AIM_A_MINUTE:.0f}", result["a_minute"] > AIM_A_MINUTE),
        ),
        ("one adoption", f"p50 {took['p50']:.2f} s, p99 {took['p99']:.2f} s"),
        ("processor time of the server for each", f"{result['cpu_ms_each']:.0f} ms"),
        ("most memory", f"{result['peak_mib']:.0f} MiB"),
        (
            "memory, last quarter to second",
            _judged(result["growth"], f"up to {AIM_GROWTH}", result["growth"] <= AIM_GROWTH),
        ),
        ("load of the machine", f"{result['load_before']:.1f} before, {result['load_after']:.1f} after"),
    ]
    tell(result, rows, args.json)


def _judged(value: float, aim: str, kept: bool) -> str:
    return f"{value:.4g} (aim {aim}: {'kept' if kept else 'missed'})"


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vm_adoption", description=__doc__)
    parser.add_argument("--vms", type=int, default=2000, help="VMs of the vCenter, a multiple of 4 (default 2000)")
    parser.add_argument("--workers", type=int, default=16, help="operations that the server carries out at a time")
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds to wait for the last adoption")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
