"""Mogan's only surviving client, as its users run it, against a served Corral with Keystone and a real Ironic."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from tests.e2e.support.lab import read_lab
from tests.e2e.support.machines import Made, make_available, remove
from tests.loopback import free_port

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]

CHECKOUT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).parent / "mogan" / "requirements.txt"
COMMAND = "baremetalcompute"


@dataclass(frozen=True)
class Lab:
    """Where the lab's services are and how to log in."""

    clouds: Path
    summary: dict[str, Any]

    def auth(self, cloud: str) -> dict[str, str]:
        auth: dict[str, str] = yaml.safe_load(self.clouds.read_text())["clouds"][cloud]["auth"]
        return auth


@pytest.fixture(scope="module")
def lab() -> Lab:
    path = Path(os.environ.get("CORRAL_LAB_JSON", CHECKOUT / ".lab" / "lab.json"))
    if not path.is_file():
        if os.environ.get("CORRAL_REQUIRE_LAB") == "1":
            pytest.fail("the lab is required and was not started: make lab")
        pytest.skip("the lab was not started: make lab")
    summary = json.loads(path.read_text())
    return Lab(Path(summary["clouds_file"]), summary)


@pytest.fixture(scope="module")
def client() -> Path:
    """The client's own virtual environment, installed when its pins have changed."""
    home = CHECKOUT / ".lab" / "mogan-venv"
    mark, pins = home / "pins.sha256", hashlib.sha256(PINS.read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text() != pins:
        venv.create(home, with_pip=True, clear=True)
        install = [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", PINS]
        done = subprocess.run(install, capture_output=True, text=True, timeout=400)
        assert done.returncode == 0, done.stderr[-3000:]
        mark.write_text(pins)
    return home / "bin" / "openstack"


@pytest.fixture(scope="module")
def endpoint(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`corral serve` as a process of its own, with Keystone as its identity."""
    home = tmp_path_factory.mktemp("mogan")
    port = free_port()
    env = _clean() | {"OS_CLIENT_CONFIG_FILE": str(lab.clouds), "CORRAL_IDENTITY__KEYSTONE_CLOUD": "corral"}
    serve = [Path(sys.executable).parent / "corral", "serve", "--cloud", "corral-system", "--network-cloud", "corral"]
    arguments = ["--port", str(port), "--data-dir", str(home / "data")]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen([*serve, *arguments], env=env, cwd=home, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        assert _soon(lambda: process.poll() is not None or _answers(f"{url}/readyz"), 180)
        assert process.poll() is None, (home / "serve.log").read_text()[-3000:]
        yield f"{url}/v1"
    finally:
        process.terminate()
        process.wait(120)


def _clean() -> dict[str, str]:
    """The environment without anybody's login, proxy or settings."""
    foreign = (
        "OS_",
        "CORRAL_",
        "PYTHON",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    )
    return {key: value for key, value in os.environ.items() if not key.startswith(foreign)}


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _soon(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


@dataclass(frozen=True)
class Mogan:
    """The client, logged in with a password."""

    program: Path
    env: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, COMMAND, *words], env=self.env, capture_output=True, text=True, timeout=120
        )

    def do(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def told(self, *words: str) -> Any:
        return json.loads(self.do(*words, "-f", "json"))

    def becomes(self, server: str, status: str, seconds: float = 90) -> dict[str, Any]:
        """The server once it has that status."""
        shown: dict[str, Any] = {}

        def there() -> bool:
            shown.update(self.told("server", "show", server))
            return bool(shown["status"] == status)

        assert _soon(there, seconds), (shown["status"], shown.get("fault"))
        return shown


@pytest.fixture(scope="module")
def mogan(lab: Lab, client: Path, endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Mogan:
    # The override stands beside the password in clouds.yaml: OS_..._ENDPOINT_OVERRIDE alone is not read once the client
    # is given its login by variables.
    cloud = {
        "auth": lab.auth("admin"),
        "region_name": lab.summary["region"],
        "baremetal_compute_endpoint_override": endpoint,
    }
    file = tmp_path_factory.mktemp("client") / "clouds.yaml"
    file.write_text(yaml.safe_dump({"clouds": {"mogan": cloud}}))
    version = {"OS_IDENTITY_API_VERSION": "3", "OS_IMAGE_API_VERSION": "2", "PYTHONWARNINGS": "ignore"}
    override = {"OS_BAREMETAL_COMPUTE_ENDPOINT_OVERRIDE": endpoint}
    return Mogan(client, _clean() | version | override | {"OS_CLIENT_CONFIG_FILE": str(file), "OS_CLOUD": "mogan"})


@pytest.fixture
def node(lab: Lab, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a node of our own, active and free; it goes away afterwards."""
    prefix = f"mogan-{uuid4().hex[:6]}"
    lab_does = [sys.executable, "-m", "lab", "nodes", "--count", "1", "--prefix", prefix]
    env = dict(os.environ) | {"CORRAL_LAB_VENV": str(Path(lab.summary["python"]).parents[1])}

    def run(*more: str) -> None:
        done = subprocess.run([*lab_does, *more], env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr

    run()
    yield prefix
    run("--delete")


def test_the_clients_whole_tour_of_a_server_works(mogan: Mogan, node: str) -> None:
    flavor = mogan.told("flavor", "create", f"flavor-{node}", "--resource", "CUSTOM_GOLD=1")
    assert flavor["name"] in {one["Name"] for one in mogan.told("flavor", "list")}
    listed = {one["Name"]: one for one in mogan.told("manageable", "server", "list")}
    mine = next(one for name, one in listed.items() if str(name).startswith(node))
    assert (mine["Power State"], mine["Provision State"]) == ("power on", "active")
    assert "Ports" in mogan.told("manageable", "server", "list", "--long")[0]

    managed = mogan.told("server", "manage", mine["UUID"], node, "--description", "from Mogan", "--property", "rack=7")
    uuid = managed["uuid"]
    shown = mogan.becomes(uuid, "active")
    assert (shown["name"], shown["description"], shown["power_state"]) == (node, "from Mogan", "power on")
    assert mogan.told("server", "show", node)["uuid"] == uuid
    assert uuid in {one["UUID"] for one in mogan.told("server", "list")}

    mogan.do("server", "lock", uuid)
    assert mogan.told("server", "show", uuid)["locked"] is True
    mogan.do("server", "unlock", uuid)
    mogan.do("server", "stop", uuid)
    assert mogan.becomes(uuid, "stopped")["power_state"] == "power off"
    mogan.do("server", "start", uuid)
    assert mogan.becomes(uuid, "active")["power_state"] == "power on"
    mogan.do("server", "set", uuid, "--description", "changed")
    assert mogan.told("server", "show", uuid)["description"] == "changed"

    used = mogan.run("flavor", "delete", flavor["name"])
    assert used.returncode != 0
    assert "in use" in used.stderr
    mogan.do("server", "delete", uuid)
    assert _soon(lambda: mogan.run("server", "show", uuid).returncode != 0, 60)
    assert mine["UUID"] in {one["UUID"] for one in mogan.told("manageable", "server", "list")}
    mogan.do("flavor", "delete", flavor["name"])


@pytest.fixture
def available() -> Iterator[tuple[Made, str]]:
    """A machine of a class of its own that nobody has, and a network that everybody may use."""
    world = read_lab()
    made = make_available(world)
    network = {"name": made.name, "shared": True}
    uuid = world.neutron.call("POST", "/v2.0/networks", {"network": network})["network"]["id"]
    yield made, uuid
    remove(world, made)
    world.neutron.remove(f"/v2.0/networks/{uuid}")
    world.close()


def test_the_client_creates_a_server_and_deletes_it(mogan: Mogan, available: tuple[Made, str]) -> None:
    machine, network = available
    flavor = mogan.told("flavor", "create", f"flavor-{machine.name}", "--resource", f"{machine.resource_class}=1")
    wish = ["--flavor", flavor["name"], "--image", "debian-12", "--nic", f"net-id={network}", "--property", "rack=7"]
    created = mogan.told("server", "create", machine.name, *wish, "--partition", "root_gb=10")
    assert (created["name"], created["status"], created["properties"]) == (machine.name, "building", "rack='7'")
    # Fake hardware's own deploy does not switch it on.
    shown = mogan.becomes(created["uuid"], "stopped")
    assert shown["node"] == machine.name
    more = mogan.run("server", "create", "one-too-many", *wish)
    assert more.returncode != 0
    assert "room for 0 servers" in more.stderr
    mogan.do("server", "delete", created["uuid"])
    assert _soon(lambda: mogan.run("server", "show", created["uuid"]).returncode != 0, 90)
    mogan.do("flavor", "delete", flavor["name"])


def test_a_wrong_password_opens_nothing(mogan: Mogan) -> None:
    stranger = Mogan(mogan.program, mogan.env | {"OS_PASSWORD": "wrong"})
    assert stranger.run("server", "list").returncode != 0
