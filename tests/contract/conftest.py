"""One suite, every source. `memory` always; `ironic` with the lab's real services (`-m lab` or not), located by
CORRAL_LAB_JSON or <repository>/.lab/lab.json. With CORRAL_REQUIRE_LAB=1 a missing lab is a failure, not a skip."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import libvirt
import pytest
from contract_hosts import LibvirtRack, MemoryRack, Rack
from contract_hosts_vsphere import VsphereRack
from contract_ironic import IronicYard
from contract_memory import MemoryYard
from contract_pod import MACHINES, EmulatedYard, Pod
from contract_pod import MemoryYard as MemoryPodYard
from contract_vms import LibvirtStall, MemoryStall, Stall, VsphereStall
from contract_yard import Yard

from lab.hypervisor.daemon import Hypervisor, missing
from lab.places import from_environment
from lab.pod.running import PASSWORD, RunningPod, running_pod
from lab.vcenter.server import Size, Vcenter

_DEFAULT = Path(__file__).parents[2] / ".lab" / "lab.json"


def pytest_configure(config: pytest.Config) -> None:
    # openstacksdk warns of its own default, whether anybody uses InfluxDB or not.
    config.addinivalue_line("filterwarnings", "ignore:Support for InfluxDB requires")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What shows all that the lab's Ironic has runs one after another, and beside it what has hypervisors of its own.
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.get_closest_marker("lab"):
            own = {"hypervisor", "vcenter", "rack", "stall"}.intersection(item.fixturenames)  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.apart if own else pytest.mark.alone)


@pytest.fixture(scope="session")
def lab() -> Iterator[dict[str, Any]]:
    """The summary of a lab that answers."""
    summary = Path(os.environ.get("CORRAL_LAB_JSON", _DEFAULT))
    problem = _problem(summary)
    if problem and os.environ.get("CORRAL_REQUIRE_LAB") == "1":
        pytest.fail(f"CORRAL_REQUIRE_LAB=1, but {problem}")
    if problem:
        pytest.skip(f"{problem}; start it with `python -m lab start`")
    found = json.loads(summary.read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", found["clouds_file"])
        yield found


def _problem(summary: Path) -> str:
    if not summary.exists():
        return f"there is no lab ({summary.name} is missing)"
    services = json.loads(summary.read_text())["services"]
    for name in ("keystone", "ironic", "neutron", "glance"):
        where = urlsplit(services[name])
        try:
            socket.create_connection((where.hostname or "", where.port or 80), timeout=30).close()
        except OSError as exc:
            return f"the lab's {name} does not answer: {exc}"
    return ""


@pytest.fixture(scope="session")
def ironic_yard(lab: dict[str, Any]) -> Iterator[IronicYard]:
    yard = IronicYard(lab)
    yield yard
    yard.close()


@pytest.fixture(params=["memory", pytest.param("ironic", marks=pytest.mark.lab)])
def yard(request: pytest.FixtureRequest) -> Iterator[Yard]:
    if request.param == "memory":
        memory = MemoryYard()
        yield memory
        memory.close()
        return
    ironic: IronicYard = request.getfixturevalue("ironic_yard")
    yield ironic
    ironic.take_back()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPod]:
    """The lab's pod, in a process of its own, over TLS."""
    with (
        pytest.MonkeyPatch.context() as patch,
        running_pod(MACHINES, certificates=tmp_path_factory.mktemp("pod")) as found,
    ):
        patch.setenv(EmulatedYard.PASSWORD_ENV, PASSWORD)
        yield found


@pytest.fixture(params=["memory", "manifest", "specific"])
def pod(request: pytest.FixtureRequest) -> Iterator[Pod]:
    if request.param == "memory":
        made: Pod = MemoryPodYard()
    else:
        made = EmulatedYard(request.getfixturevalue("running"), "auto" if request.param == "manifest" else "specific")
    yield made
    made.close()


# --- hypervisors ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hypervisor() -> Iterator[Hypervisor]:
    """A libvirtd with QEMU."""
    if lacking := missing():
        problem = f"{lacking[0]} is not installed; `tools/apt.sh lab` does it"
        if os.environ.get("CORRAL_REQUIRE_LAB") == "1":
            pytest.fail(f"CORRAL_REQUIRE_LAB=1, but {problem}")
        pytest.skip(problem)
    with Hypervisor(from_environment()) as made:
        yield made


@pytest.fixture(scope="module")
def vcenter() -> Iterator[Vcenter]:
    with Vcenter(from_environment(), Size(clusters=0, hosts=1, vms=0)) as made:
        yield made


_HYPERVISORS = [
    "memory",
    "test",
    pytest.param("libvirtd", marks=pytest.mark.lab),
    # The first run builds the simulator.
    pytest.param("vcenter", marks=[pytest.mark.lab, pytest.mark.timeout(900)]),
]


@pytest.fixture(params=_HYPERVISORS)
def rack(request: pytest.FixtureRequest) -> Iterator[Rack]:
    """A source with one host, for the laws of hosts."""
    made: Rack = _of_its_kind(request, MemoryRack, VsphereRack, LibvirtRack)
    yield made
    made.close()


@pytest.fixture(params=_HYPERVISORS)
def stall(request: pytest.FixtureRequest) -> Iterator[Stall]:
    """A source with one VM that may be changed, for the laws of single VMs."""
    made: Stall = _of_its_kind(request, MemoryStall, VsphereStall, LibvirtStall)
    yield made
    made.close()


def _of_its_kind(
    request: pytest.FixtureRequest, memory: Callable[[], Any], vsphere: Callable[..., Any], libvirtd: Callable[..., Any]
) -> Any:
    if request.param == "memory":
        return memory()
    if request.param == "vcenter":
        return vsphere(request.getfixturevalue("vcenter"))
    return libvirtd(*_libvirt(request))


def _libvirt(request: pytest.FixtureRequest) -> tuple[str, str, Callable[[], libvirt.virConnect]]:
    """Address, kind of domains, and the administrator's own way there."""
    uri = "test:///default" if request.param == "test" else request.getfixturevalue("hypervisor").uri
    return uri, "test" if request.param == "test" else "qemu", lambda: libvirt.open(uri)
