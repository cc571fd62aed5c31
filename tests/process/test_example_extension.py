"""The example extension is a package of its own: built, installed beside Corral, found, and used by a server process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback import free_port

CORRAL = Path(sys.executable).with_name("corral")
EXAMPLE = Path(__file__).parents[2] / "examples" / "corral-ext-example"
BROKEN = """
raise ImportError("this package needs what is not installed")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the example, installed by pip, and with an extension that can't be imported."""
    target = tmp_path_factory.mktemp("site")
    words = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    source = tmp_path_factory.mktemp("source") / "example"
    _copy(EXAMPLE, source)  # pip leaves a build directory beside what it builds
    command = [sys.executable, "-m", "pip", "install", *words, "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (target / "corral_broken.py").write_text(BROKEN)
    about = target / "corral_broken-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: corral-broken\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[corral.extensions]\nbroken = corral_broken:Broken\n")
    return target


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())


@pytest.fixture
def api(installed: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a server process that has both of them on its path."""
    port = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("CORRAL_", "OS_"))}
    env |= {"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    env |= {"CORRAL_EXTENSIONS__DEFAULT": '["asset_tags"]', "CORRAL_NOTIFICATIONS__DRIVER": "noop"}
    words = ["serve", "--demo", "--port", str(port), "--data-dir", str(tmp_path / "data")]
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen([CORRAL, *words], env=env, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120) as client:
            _until_ready(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(120)
        log.close()


def _until_ready(client: httpx.Client, process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not get ready")


def test_a_package_of_its_own_brings_hooks_tables_routes_and_data(api: httpx.Client) -> None:
    listed = {one["name"]: one for one in api.get("/v1/extensions").json()["extensions"]}
    assert listed["asset_tags"]["version"] == "1.0.0"
    assert listed["asset_tags"]["problem"] is None
    assert "this package needs what is not installed" in listed["broken"]["problem"]

    cluster = api.post("/v1/clusters", json={"name": "prod"}).json()
    assert cluster["extensions"] == ["asset_tags"]
    nodes = [api.post("/v1/nodes", json={"name": f"n{one}", "cluster": cluster["id"]}).json() for one in range(2)]
    ids = [node["id"] for node in nodes]
    told = api.get("/v1/ext/asset_tags/tags").json()["tags"]
    assert told == {ids[0]: "CORRAL-000001", ids[1]: "CORRAL-000002"}
    assert api.get(f"/v1/nodes/{ids[1]}/provisioning").json()["asset_tag"] == "CORRAL-000002"

    assert api.delete(f"/v1/nodes/{ids[0]}").status_code == 200
    third = api.post("/v1/nodes", json={"name": "n2"}).json()["id"]
    assert api.get("/v1/ext/asset_tags/tags").json()["tags"] == {ids[1]: "CORRAL-000002", third: "CORRAL-000003"}


def test_the_routes_of_an_extension_are_described_with_all_others(api: httpx.Client) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    assert paths["/v1/ext/asset_tags/tags"]["get"]["summary"] == "Asset tags by node"
