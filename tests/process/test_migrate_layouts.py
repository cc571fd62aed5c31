"""`corral cluster migrate-extension` as a command, between processes as an operator runs them: served Corral, Bareon-API, shell."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import bareon_world
from tests.bareon_world import GIB, disk
from tests.loopback import free_port

CORRAL = str(Path(sys.executable).with_name("corral"))


@pytest.fixture
def bareon(tmp_path: Path) -> Iterator[bareon_world.Api]:
    with bareon_world.serving(f"sqlite:///{tmp_path / 'bareon-api.db'}") as service:
        yield service


@pytest.fixture
def environment(tmp_path: Path, bareon: bareon_world.Api) -> dict[str, str]:
    """An operator's: nothing but where things are."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_", "BAREON_"))}
    url = f"http://127.0.0.1:{free_port()}"
    told = {"BAREON_ADDRESS": bareon.url.removeprefix("http://"), "CORRAL_URL": url}
    return {**kept, **told, "CORRAL_DATA_DIR": str(tmp_path), "CORRAL_NOTIFICATIONS__DRIVER": "noop"}


@contextmanager
def served(environment: dict[str, str], folder: Path) -> Iterator[httpx.Client]:
    command = [CORRAL, "serve", "--demo", "--port", environment["CORRAL_URL"].rpartition(":")[2]]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=environment["CORRAL_URL"], trust_env=False, timeout=120) as client:
            end = time.monotonic() + 180
            while not _ready(client):
                assert process.poll() is None and time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(60)


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_layouts_move_to_bareon_and_back_with_what_a_user_edited(
    environment: dict[str, str], tmp_path: Path, bareon: bareon_world.Api
) -> None:
    with served(environment, tmp_path) as api:
        cluster = api.post("/v1/clusters", json={"name": "prod"}).json()
        meta = {"disks": [disk("sda"), disk("sdb")], "memory": {"total": 4 * GIB}}
        body = {"cluster": cluster["id"], "roles": ["compute"], "meta": meta}
        ids = [api.post("/v1/nodes", json={"name": name, **body}).json()["id"] for name in ("edited", "plain")]
        wanted = api.get(f"/v1/nodes/{ids[0]}/disks").json()
        wanted[1]["volumes"][1]["size"] = 4321
        api.put(f"/v1/nodes/{ids[0]}/disks", json=wanted).raise_for_status()
        paths = [f"/v1/nodes/{node}/{what}" for node in ids for what in ("disks", "volumes", "provisioning")]
        before = [api.get(path).json() for path in paths]
        assert before[0] == wanted

        for extension, there in (("bareon", sorted(f"nailgun_{one}" for one in ids)), ("volume_manager", [])):
            words = [CORRAL, "cluster", "migrate-extension", "prod", extension]
            done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
            assert "succeeded" in done.stdout
            assert api.get(f"/v1/clusters/{cluster['id']}").json()["extensions"] == [extension]
            assert [one["id"] for one in bareon.seen("")] == there
            assert [api.get(path).json() for path in paths] == before
