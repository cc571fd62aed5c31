"""What servers are created with: an emulated pod, an Ironic that can deploy what is composed of it, and a Corral over both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.support.corral import Corral
from tests.e2e.support.ironic import PARTS, SplitIronic
from tests.e2e.support.lab import CHECKOUT, Json, Lab

PASSWORD = "pod-password"
SYSTEMS = "/redfish/v1/Systems"
_BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks"
_SETTINGS = """\
data_dir: {data}
port: {port}
workers: {workers}
settle_timeout: 3
default_source: lab
sync: {sync}
sources:
  - name: lab
    options: {{cloud: corral-system, network_cloud: corral, read_timeout: {patience}}}
    limits: {limits}
  - name: pod
    driver: {driver}
    options: {options}
    nodes: {{driver: {hardware}, interfaces: {{deploy_interface: fake, network_interface: flat}}}}
"""


def ok(reply: httpx.Response) -> Json:
    assert reply.is_success, reply.text
    return dict(reply.json()) if reply.content else {}


@contextmanager
def emulated_pod(machines: int, seconds: int) -> Iterator[httpx.Client]:
    """An emulated pod with blocks for so many machines, as somebody who may do anything there."""
    env = {**os.environ, "POD_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "lab.pod", "--machines", str(machines), "--seconds", str(seconds)]
    with subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            with httpx.Client(base_url=url, auth=("pod", PASSWORD), timeout=120, trust_env=False) as client:
                yield client
        finally:
            process.terminate()


def redfish(url: str, patience: int = 60) -> str:
    """The options of a pod's source, for `builder`."""
    return f'{{url: "{url.rstrip("/")}", username: pod, password_env: POD_PASSWORD, read_timeout: {patience}}}'


@contextmanager
def deploying(lab: Lab, home: Path) -> Iterator[Lab]:
    """The lab, with an Ironic in place of its own that can deploy what is composed: by its fake, emulated disks hold no image."""
    ironic = SplitIronic(lab, home, "lab-redfish")
    with ExitStack() as stack:
        for part in PARTS:
            stack.callback(ironic.kill, part)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(ironic.start, PARTS))
        other = lab.with_ironic(ironic.url)
        stack.callback(other.close_ironic)
        yield other


@contextmanager
def builder(
    home: Path,
    clouds: str,
    options: str,
    *,
    driver: str = "redfish",
    hardware: str = "lab-redfish",
    limits: str = "{}",
    workers: int = 4,
    patience: int = 60,
    sync: str = "{}",
) -> Iterator[Corral]:
    """A Corral over the lab and a pod with these options."""
    os.environ["POD_PASSWORD"] = PASSWORD
    served = Corral(home, clouds)
    given = {
        "driver": driver,
        "hardware": hardware,
        "limits": limits,
        "workers": workers,
        "patience": patience,
        "sync": sync,
    }
    settings = _SETTINGS.format(data=home / "data", port=served.port, options=options, **given)
    (home / "corral.yaml").write_text(settings)
    try:
        served.start()
        yield served
    finally:
        served.stop()
        served.http.close()
        del os.environ["POD_PASSWORD"]


def clouds_with(lab: Lab, home: Path, endpoints: Mapping[str, str] | None = None) -> str:
    """A clouds.yaml like the lab's, that leads to this lab's Ironic. `endpoints`: where Ironic and Neutron are instead."""
    clouds, there = json.loads(Path(lab.clouds).read_text()), endpoints or {}
    clouds["clouds"]["corral-system"]["baremetal_endpoint_override"] = there.get("ironic", lab.ironic_url)
    if "neutron" in there:
        clouds["clouds"]["corral"]["network_endpoint_override"] = there["neutron"]
    (home / "clouds.yaml").write_text(json.dumps(clouds))
    return str(home / "clouds.yaml")


def flavor(corral: Corral, **fields: Any) -> str:
    body = {"name": f"f-{uuid4().hex[:8]}", "description": "", "resources": {}, **fields}
    return str(ok(corral.http.post("/v1/flavors", json=body))["uuid"])


def wish(lab: Lab, flavor: str, prefix: str, **more: Any) -> Json:
    """The body of a request for one server. `prefix`: of its name, another for each file of tests."""
    wanted = {
        "name": f"{prefix}-{uuid4().hex[:8]}",
        "image_uuid": lab.seeded["images"]["debian-12"],
        "flavor_uuid": flavor,
        "networks": [{"net_id": lab.seeded["networks"]["tenant"]}],
        "project_id": lab.seeded["projects"]["demo"],
        "min_count": 1,
        "max_count": 1,
    }
    return {"server": {**wanted, **more}}


def ports(lab: Lab, prefix: str) -> set[str]:
    """Those of servers whose names begin so: others come and go meanwhile."""
    found = lab.neutron.get("/v2.0/ports?fields=id&fields=name")["ports"]
    return {one["id"] for one in found if one["name"].startswith(f"{prefix}-")}


def nodes(lab: Lab) -> set[str]:
    """Those that were made of composed systems."""
    found = lab.ironic.get("/v1/nodes?fields=uuid,name&limit=1000")["nodes"]
    return {one["uuid"] for one in found if str(one["name"]).startswith("corral-")}


def blocks(pod: httpx.Client) -> dict[str, str]:
    """How each block of the pod is: Unused, Composed …"""
    found = [ok(pod.get(one["@odata.id"])) for one in ok(pod.get(_BLOCKS))["Members"]]
    return {one["@odata.id"]: one["CompositionStatus"]["CompositionState"] for one in found}
