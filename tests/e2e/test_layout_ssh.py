"""A node is provisioned by the real bareon over SSH: Corral's flow, its extension and a Bareon-API service as processes, and a
virtual machine with blank disks, on which bareon's own code partitions what the layout says.

`bareon-provision` is bareon 0.0.1a3's code with the shims for today's Python, and of it the partitioning only (lab/guest): there
is no image to copy, and nothing to boot.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import httpx
import pytest

from lab.guest.running import Keys, serving
from lab.places import from_environment
from tests.e2e.support.served import served

pytestmark = [pytest.mark.lab, pytest.mark.timeout(2700)]
GIB = 1024**3
SECTOR = 512
DISKS = {"first": 40 * GIB, "second": 8 * GIB}
MOST_SECONDS = 2500.0
FINAL = ("succeeded", "reverted", "cancelled")
RUNNING = "grep -lsz '[p]artition.py' /proc/[0-9]*/cmdline"  # which does not find itself
Json = dict[str, Any]


@dataclass
class World:
    """The guest's port and keys, a Corral and its Bareon-API service."""

    port: int
    host: asyncssh.SSHKey
    login: asyncssh.SSHKey
    corral: httpx.Client
    bareon: httpx.Client

    def inside(self, command: str) -> str:
        """What a command in the guest writes, over a connection of the test's own. Its exit code does not count."""
        return asyncio.run(self._inside(command))

    async def _inside(self, command: str) -> str:
        known = asyncssh.import_known_hosts(f"[127.0.0.1]:{self.port} {public(self.host)}")
        async with asyncssh.connect(
            "127.0.0.1", self.port, username="root", client_keys=[self.login], known_hosts=known, config=None
        ) as connection:
            done = await connection.run(command, timeout=120)
        return str(done.stdout)

    def disks(self) -> Json:
        """What Debian's tools find on the guest's disks."""
        found: Json = json.loads(self.inside("python3.11 /job/reading.py"))
        return found

    def name(self, disk: str) -> str:
        """What the guest calls the disk; it is another name at each start."""
        sizes = {one["size"]: one["name"].removeprefix("/dev/") for one in self.disks()["file_systems"]}
        return str(sizes[DISKS[disk]])

    def node(self, name: str, host_key: str) -> Json:
        """A node of a cluster with the extension `bareon`, of one disk of the guest."""
        cluster = self.corral.post("/v1/clusters", json={"name": name, "extensions": ["bareon"]})
        meta = {
            "disks": [{"name": self.name("first"), "disk": "disk/by-id/first", "size": DISKS["first"]}],
            "memory": {"total": GIB},
            "agent": {"host": "127.0.0.1", "port": self.port, "host_key": host_key},
            "provisioning": {
                "ks_meta": {"image_data": {"/": {"uri": "http://127.0.0.1:9/r", "format": "ext4", "container": "gzip"}}}
            },
        }
        body = {"name": name, "cluster": cluster.raise_for_status().json()["id"], "roles": ["compute"], "meta": meta}
        made = self.corral.post("/v1/nodes", json=body)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def provision(self, node: Mapping[str, Any]) -> str:
        answer = self.corral.post(f"/v1/nodes/{node['id']}/provision", json={"erase_disks": True})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["operation"]["uuid"])

    def ended(self, operation: str, seconds: float = 300) -> Json:
        """The operation at its end."""
        end = time.monotonic() + seconds
        while True:
            found: Json = self.corral.get(f"/v1/operations/{operation}").raise_for_status().json()
            if found["state"] in FINAL:
                return found
            assert time.monotonic() < end, found
            time.sleep(0.2)

    def said(self, operation: str, until: str | None = None) -> list[str]:
        """The messages of the operation's events, as they are streamed: to its end, or to the first that has `until` in it."""
        found: list[str] = []
        with self.corral.stream("GET", f"/v1/operations/{operation}/events", timeout=300) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    found.append(str(json.loads(line.removeprefix("data:")).get("message", "")))
                    if until and until in found[-1]:
                        break
        return found

    def status(self, node: Mapping[str, Any]) -> str:
        return str(self.corral.get(f"/v1/nodes/{node['id']}").json()["status"])


def public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    places = from_environment()
    if os.environ.get("CORRAL_REQUIRE_LAB") != "1" and not (places.root / "guest" / "vmlinuz").exists():
        pytest.skip("the guest is not built: run with CORRAL_REQUIRE_LAB=1, which builds it")
    home = tmp_path_factory.mktemp("ssh")
    host, login = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    login.write_private_key(str(home / "login"))
    keys = Keys(host.export_private_key().decode(), public(login) + "\n")
    (home / "guest").mkdir()
    with (
        serving(places, keys, DISKS, home / "guest", MOST_SECONDS) as port,
        served(home / "bareon", "bareon-api", settings={}) as bareon,
        served(home / "corral", "serve", "--demo", settings=_settings(bareon, home / "login")) as corral,
    ):
        yield World(port, host, login, corral, bareon)


def _settings(bareon: httpx.Client, key: Path) -> dict[str, str]:
    return {
        "CORRAL_BAREON_ADDRESS": f"{bareon.base_url.host}:{bareon.base_url.port}",
        "CORRAL_EXTENSIONS__SSH_KEYS": json.dumps([str(key)]),
        "CORRAL_EXTENSIONS__OPTIONS": json.dumps({"bareon": {"target": "bareon-0.0.1a3"}}),
    }


def test_a_host_that_shows_another_key_gets_nothing(world: World) -> None:
    before = world.disks()
    node = world.node("stranger", public(asyncssh.generate_private_key("ssh-ed25519")))
    ended = world.ended(world.provision(node))
    assert (ended["state"], ended["error"]["code"]) == ("reverted", "host-key")
    assert world.inside("ls /run/corral-provision.json") == ""
    assert world.disks() == before


def test_cancelling_stops_the_agent_where_it_runs(world: World) -> None:
    node = world.node("cancelled", public(world.host))
    operation = world.provision(node)
    said = world.said(operation, until="Input data")
    assert "Input data" in said[-1]
    assert world.inside(RUNNING) != ""
    world.corral.post(f"/v1/operations/{operation}/cancel").raise_for_status()
    assert world.ended(operation)["state"] == "cancelled"
    assert world.inside(RUNNING) == ""
    assert world.status(node) == "error"


def test_bareon_partitions_the_disk_as_laid_out_and_what_it_says_is_in_the_operation(world: World) -> None:
    node = world.node("whole", public(world.host))
    operation = world.provision(node)
    said = world.said(operation)
    ended = world.ended(operation)
    assert ended["state"] == "succeeded", "\n".join([str(ended["error"]), *said[-30:]])
    assert world.status(node) == "provisioned"
    assert any("Partitioning disks (do_partitioning)" in line for line in said)
    assert any("parted" in line and "mkpart" in line for line in said)
    _as_laid_out(world, node)


def _as_laid_out(world: World, node: Json) -> None:
    """The guest's disks against the layout that the service has, which counts in bytes."""
    wanted = world.bareon.get(f"/v1/nodes/nailgun_{node['id']}/partitioning").raise_for_status().json()
    found = world.disks()
    [parted] = wanted["parteds"]
    assert [
        (p["start"] * SECTOR, (p["start"] + p["size"]) * SECTOR - 1)
        for p in found["tables"][world.name("first")]["partitions"]
    ] == [(p["begin"], p["end"]) for p in parted["partitions"]]
    assert {f"{lv['vg_name']}/{lv['lv_name']}": int(lv["lv_size"]) for lv in found["volumes"]} == {
        f"{lv['vgname']}/{lv['name']}": lv["size"] for lv in wanted["lvs"]
    }
    assert {vg["vg_name"] for vg in found["groups"]} == {vg["name"] for vg in wanted["vgs"]} == {"os", "vm"}
    made = {fs["name"]: fs["fstype"] for fs in _levels(found["file_systems"])}
    assert {fs["device"]: made[fs["device"]] for fs in wanted["fss"] if fs["mount"] != "/"} == {
        fs["device"]: fs["fs_type"] for fs in wanted["fss"] if fs["mount"] != "/"
    }
    assert found["tables"][world.name("second")] is None


def _levels(devices: list[Json]) -> Iterator[Json]:
    for one in devices:
        yield one
        yield from _levels(one.get("children", []))
