"""A system that the Redfish driver composed in the lab's pod, in the hands of a real Ironic: its redfish hardware type manages it,
makes it available, deploys it, switches it, and lets go of it again.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corral.contracts.border import Purpose, crossing
from corral.contracts.composition import Composes
from corral.domain.blocks import ComposedSystem, Wanted
from corral.drivers.redfish import open_source
from lab.pod.running import PASSWORD, RunningPod, running_pod
from tests.e2e.support.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(900)]
BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks"
CHOSEN = [f"{BLOCKS}/{kind}-1" for kind in ("Compute", "Storage", "Network")]
WANTED = Wanted(cores=16, memory=65536)


@pytest.fixture
def pod(tmp_path: Path) -> Iterator[RunningPod]:
    with running_pod(2, certificates=tmp_path, seconds=3600) as found:
        yield found


@pytest.fixture
def machines(pod: RunningPod, monkeypatch: pytest.MonkeyPatch) -> Iterator[Composes]:
    monkeypatch.setenv("CORRAL_TEST_POD_PASSWORD", PASSWORD)
    login = {"username": pod.username, "password_env": "CORRAL_TEST_POD_PASSWORD"}
    source = open_source("pod", {"url": pod.url, "ca_file": pod.ca, **login})
    assert isinstance(source.machines, Composes)
    yield source.machines
    source.close()


@pytest.fixture
def images(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A kernel and a ramdisk to be fetched by the conductor: nothing ever boots them."""
    (tmp_path / "images").mkdir()
    for name in ("kernel", "ramdisk"):
        (tmp_path / "images" / name).write_bytes(b"not to be booted")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "images"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {name: f"http://127.0.0.1:{server.server_port}/{name}" for name in ("kernel", "ramdisk")}
        server.shutdown()


@pytest.fixture
def port(lab: Lab) -> Iterator[str]:
    """A network port for the system: Ironic's boot by PXE asks for one."""
    wanted = {"network_id": lab.seeded["networks"]["tenant"], "name": "pod-test"}
    made = str(lab.neutron.call("POST", "/v2.0/ports", {"port": wanted})["port"]["id"])
    yield made
    lab.neutron.remove(f"/v2.0/ports/{made}")


def test_real_ironic_manages_deploys_and_switches_a_composed_system(
    lab: Lab, pod: RunningPod, machines: Composes, images: dict[str, str], port: str
) -> None:
    name = f"pod-{uuid.uuid4().hex[:8]}"
    with crossing(Purpose.COMPOSE):
        made = machines.compose(name, WANTED, CHOSEN)
    node = _enrolled(lab, machines, made)
    try:
        _provision(lab, node, "manage", "manageable")
        _inspected(lab, node, made)
        _provision(lab, node, "provide", "available")
        lab.ironic.call("PATCH", f"/v1/nodes/{node}", [_set("/instance_info", images)])
        lab.ironic.call("POST", f"/v1/nodes/{node}/vifs", {"id": port})
        _provision(lab, node, "active", "active")
        system = made.id.rpartition("/")[2]
        for target, power in (("power off", "Off"), ("power on", "On")):
            lab.ironic.call("PUT", f"/v1/nodes/{node}/states/power", {"target": target})
            _await(lambda power=power: pod.control("state")["systems"][system]["power"] == power)
        lab.ironic.call("PUT", f"/v1/nodes/{node}/management/boot_device", {"boot_device": "pxe", "persistent": False})
        assert pod.control("state")["systems"][system]["boot"]["BootSourceOverrideTarget"] == "Pxe"
        _provision(lab, node, "deleted", "available")
    finally:
        _forgotten(lab, node)
    with crossing(Purpose.COMPOSE):
        machines.release(made.id, name)
    state = pod.control("state")
    assert not state["systems"] and not any(state["blocks"].values())


def _enrolled(lab: Lab, machines: Composes, made: ComposedSystem) -> str:
    enrolment = machines.enrolment(made)
    # The one deploy interface of the redfish hardware type that needs nobody to answer from inside the machine.
    interfaces = {"deploy_interface": "ramdisk", "boot_interface": "pxe", "network_interface": "flat"}
    record = {
        "name": made.name,
        "driver": enrolment.driver,
        "driver_info": {**enrolment.driver_info, **enrolment.secrets},
        "automated_clean": False,
        "inspect_interface": "redfish",
        **interfaces,
    }
    node = str(lab.ironic.call("POST", "/v1/nodes", record)["uuid"])
    for mac in made.macs:
        lab.ironic.call("POST", "/v1/ports", {"node_uuid": node, "address": mac})
    return node


def _inspected(lab: Lab, node: str, made: ComposedSystem) -> None:
    """What Ironic itself finds in the system is what we composed."""
    _provision(lab, node, "inspect", "manageable")
    found = lab.ironic.get(f"/v1/nodes/{node}")["properties"]
    assert (int(found["memory_mb"]), found["cpu_arch"]) == (made.memory, made.architecture)
    ports = lab.ironic.get(f"/v1/nodes/{node}/ports")["ports"]
    assert {port["address"] for port in ports} == set(made.macs)


def _provision(lab: Lab, node: str, target: str, state: str) -> None:
    lab.ironic.call("PUT", f"/v1/nodes/{node}/states/provision", {"target": target})

    def there() -> bool:
        found = lab.ironic.get(f"/v1/nodes/{node}")
        failed = found["provision_state"].endswith("failed") or (
            found["provision_state"] == "enroll" and found["last_error"]
        )
        assert not failed, found["last_error"]
        return bool(found["provision_state"] == state and not found["target_provision_state"])

    _await(there)


def _forgotten(lab: Lab, node: str) -> None:
    lab.ironic.call("PUT", f"/v1/nodes/{node}/maintenance", {"reason": "the test is over"})
    lab.ironic.remove(f"/v1/nodes/{node}")


def _set(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _await(done: Any, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.5)
