"""What a trial adopts, and never kills: machines in memory, served by a process of their own, or nodes of the lab's real Ironic.

Rule: both are looked at by the same plain requests, so that one verdict judges both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openstack.config import OpenStackConfig

from lab.errors import LabError
from lab.places import from_environment, read_json
from lab.seeding.api import Api

Row = dict[str, Any]

# Every field that this Ironic has: what was not changed is told apart by all of them.
_NEWEST = {"X-OpenStack-Ironic-API-Version": "latest"}
_LET_GO = 60.0  # seconds that a conductor may hold a node after its last answer


@dataclass(frozen=True)
class Records:
    """Everything that a world has about a trial's machines, by id. Allocations and ports: all that there are."""

    nodes: Mapping[str, Row]
    nics: Mapping[str, Row]
    allocations: Mapping[str, Row]
    ports: Mapping[str, Row]


@dataclass(frozen=True)
class World:
    """`source`: its entry in Corral's settings. `clouds`: the clouds.yaml that leads there. `prefix`: what its machines'
    names begin with, where others have machines there too."""

    source: Mapping[str, Any]
    clouds: Path
    ironic: Api
    neutron: Api
    prefix: str = ""

    def look(self) -> Records:
        """All records, once no node is locked any more."""
        end = time.monotonic() + _LET_GO
        while any(row["reservation"] for row in self._nodes().values()):
            if time.monotonic() > end:
                raise LabError("a node is locked for ever", f"look at {self.ironic.root}/v1/nodes/detail")
            time.sleep(0.2)
        nodes = self._nodes()
        nics = {row["uuid"]: row for row in self._pages("ports/detail" if self.prefix else "ports", "ports")}
        return Records(
            nodes,
            {uuid: row for uuid, row in nics.items() if row["node_uuid"] in nodes},
            {row["uuid"]: row for row in self._pages("allocations", "allocations")},
            {row["id"]: row for row in self.neutron.get("/v2.0/ports")["ports"]},
        )

    def _nodes(self) -> dict[str, Row]:
        rows = self._pages("nodes/detail", "nodes")
        return {row["uuid"]: row for row in rows if (row["name"] or "").startswith(self.prefix)}

    def _pages(self, path: str, key: str) -> Iterator[Row]:
        marker = ""
        while rows := self.ironic.get(f"/v1/{path}?limit=1000{marker}")[key]:
            yield from rows
            if len(rows) < 1000:
                return
            marker = f"&marker={rows[-1]['uuid']}"


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[dict[str, str]]:
    """A world in memory, served by `command` in a process of its own; gives its entry of clouds.yaml."""
    with (folder / "world.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        entry: dict[str, str] = {}
        for line in process.stdout:
            if line == "---\n":
                break
            name, _, value = line.strip().partition(": ")
            if value:
                entry[name] = value
        else:
            raise LabError("the world did not start", log=(folder / "world.log").read_text()[-2000:])
        yield entry
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()


@contextmanager
def served_machines(machines: int, delay: float, folder: Path) -> Iterator[dict[str, str]]:
    """A world in memory of so many free machines of one kind, which answers after `delay` seconds."""
    command = ["corral.drivers.memory", "--machines", str(machines), "--delay", str(delay)]
    with served(command, folder) as entry:
        yield entry


@contextmanager
def in_memory(machines: int, delay: float, folder: Path) -> Iterator[World]:
    """Machines whose state lives in a process that nothing kills."""
    with served_machines(machines, delay, folder) as entry:
        clouds = folder / "clouds.yaml"
        # JSON is YAML.
        clouds.write_text(json.dumps({"clouds": {"memory": entry}}))
        source = {"name": "memory", "driver": "ironic", "options": {"cloud": "memory", "bmc": {"ask": False}}}
        session = _session(clouds, "memory")
        ironic, neutron = (Api(session, entry[f"{name}_endpoint_override"]) for name in ("baremetal", "network"))
        yield World(source, clouds, ironic, neutron)


@contextmanager
def real_ironic(machines: int, prefix: str) -> Iterator[World]:
    """Nodes of the lab's Ironic, with their ports in its Neutron, made for this and deleted at the end."""
    summary = read_json(from_environment().summary)
    if not summary:
        raise LabError("there is no lab", "make lab")
    clouds, urls = Path(summary["clouds_file"]), summary["services"]
    source = {"name": "lab", "driver": "ironic", "options": {"cloud": "corral-system", "network_cloud": "corral"}}
    ironic = Api(_session(clouds, "system"), urls["ironic"], _NEWEST)
    _seed("--prefix", prefix, "--delete")
    try:
        _seed("--prefix", prefix, "--count", str(machines))
        yield World(source, clouds, ironic, Api(_session(clouds, "admin"), urls["neutron"]), f"{prefix}-")
    finally:
        _seed("--prefix", prefix, "--delete")


def _session(clouds: Path, name: str) -> Any:
    return OpenStackConfig(config_files=[str(clouds)], load_envvars=False).get_one(name).get_session()


def _seed(*arguments: str) -> None:
    command = [sys.executable, "-m", "lab", "nodes", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise LabError(f"lab nodes {' '.join(arguments)} failed", log=done.stderr[-2000:])
