"""The machines of one Ironic, with every capability: each lives in its own module."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from corral.cloud.patience import Patience
from corral.cloud.wire import Service, Wire
from corral.contracts.enrolling import EnrolStatus, NewMachine
from corral.contracts.provisioning import Deployer, Deployment, DeployStatus
from corral.contracts.sources import Health, PowerTarget, Query
from corral.contracts.syncing import Told
from corral.domain.drift import Field, Value
from corral.domain.errors import CorralError
from corral.domain.machine import Machine, Power
from corral.domain.traces import ClaimTrace, MachineTrace
from corral.drivers.ironic.bmc import Bmcs
from corral.drivers.ironic.claim import Claims, snapshot
from corral.drivers.ironic.deploy import Deployments
from corral.drivers.ironic.discover import Discovery
from corral.drivers.ironic.enroll import Enrolments
from corral.drivers.ironic.power import Switches
from corral.drivers.ironic.sync import NodeSync
from corral.drivers.ironic.traces import NodeTraces
from corral.drivers.ironic.versions import API_VERSION, Nodes, speaking
from corral.drivers.ironic.vifs import Vifs


def ironic_service(wire: Wire, patience: Patience | None = None) -> Service:
    """Ironic behind `wire`, in the version that this driver speaks."""
    return Service(wire, "baremetal", speaking(API_VERSION), patience)


class IronicMachines:
    """`Discovers`, `Adopts`, `Powers`, `Deploys`, `Enrolls`, `Traces`, `Tells`, `Sets`.

    `probes` are called by `check` too: what else must work."""

    def __init__(
        self,
        name: str,
        driver: str,
        service: Service,
        bmcs: Bmcs | None,
        *,
        page_size: int = 1000,
        probes: Sequence[Callable[[], object]] = (),
    ) -> None:
        self.name = name
        self.driver = driver
        self._service = service
        self._probes = probes
        self._nodes = Nodes(service)
        self._discovery = Discovery(name, service, self._nodes, bmcs, page_size)
        self._claims = Claims(service, self._nodes)
        self._vifs = Vifs(service)
        self._switches = Switches(service)
        self._deployments = Deployments(name, service, self._vifs)
        self._enrolments = Enrolments(service)
        self._traces = NodeTraces(service, self._nodes, self._claims, page_size)
        self._sync = NodeSync(name, service, self._nodes, self._switches, page_size)

    def close(self) -> None:
        self._discovery.close()

    def check(self) -> Health:
        start = time.monotonic()
        try:
            detail = self._check()
        except CorralError as exc:
            return Health(False, str(exc), time.monotonic() - start)
        return Health(True, detail, time.monotonic() - start)

    def _check(self) -> str:
        newest = self._nodes.newest()
        nodes = self._service.listed("/v1/nodes", "nodes", [("limit", "1"), ("fields", "uuid")])
        for probe in self._probes:
            probe()
        blind = "" if nodes else "; this login sees no node (a system-scoped one sees all)"
        return f"Ironic API {newest}{blind}"

    def discover(self, query: Query, *, marker: str | None = None, limit: int | None = None) -> Iterator[Machine]:
        return self._discovery.discover(query, marker, limit)

    def observe(self, machine: str) -> Machine:
        return self._discovery.observe(machine)

    def snapshot(self, machine: Machine) -> Mapping[str, Any]:
        return snapshot(machine)

    def claim(self, machine: str, owner: str, seen: Mapping[str, Any] | None = None) -> None:
        self._claims.claim(machine, owner, seen)

    def release(self, machine: str, owner: str, snapshot: Mapping[str, Any]) -> None:
        self._claims.release(machine, owner, snapshot)

    def vifs(self, machine: str) -> Sequence[str]:
        return self._vifs.vifs(machine)

    def plug(self, machine: str, port: str) -> None:
        self._vifs.plug(machine, port)

    def unplug(self, machine: str, port: str) -> None:
        self._vifs.unplug(machine, port)

    def power(self, machine: str) -> Power:
        return self._switches.power(machine)

    def switch(self, machine: str, target: PowerTarget) -> None:
        self._switches.switch(machine, target)

    def switching(self, machine: str) -> bool:
        return self._switches.switching(machine)

    def deployable(self, machine: str) -> Mapping[str, Any]:
        return self._deployments.deployable(machine)

    def reserve(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        self._deployments.reserve(machine, who, wish, before)

    def deploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> None:
        self._deployments.deploy(machine, who, wish, before)

    def deployment(self, machine: str, who: Deployer) -> DeployStatus:
        return self._deployments.deployment(machine, who)

    def undeploy(self, machine: str, who: Deployer, wish: Deployment, before: Mapping[str, Any]) -> DeployStatus:
        return self._deployments.undeploy(machine, who, wish, before)

    def destroy(self, machine: str, who: Deployer) -> DeployStatus:
        return self._deployments.destroy(machine, who)

    def enroll(self, machine: NewMachine) -> None:
        self._enrolments.enroll(machine)

    def provide(self, machine: str, owner: str) -> EnrolStatus:
        return self._enrolments.provide(machine, owner)

    def remove(self, machine: str, owner: str) -> EnrolStatus:
        return self._enrolments.remove(machine, owner)

    def traces(self) -> Iterator[MachineTrace | ClaimTrace]:
        return self._traces.traces()

    def forsake(self, machine: str | None, owner: str) -> None:
        self._traces.forsake(machine, owner)

    def end_maintenance(self, machine: str, owner: str) -> None:
        self._traces.end_maintenance(machine, owner)

    def told(self, *, free: bool) -> Iterator[Told]:
        return self._sync.told(free=free)

    def told_of(self, machine: str) -> Told:
        return self._sync.told_of(machine)

    def settable(self) -> frozenset[Field]:
        return self._sync.settable()

    def refusal(self, what: Field, value: Value) -> str:
        return self._sync.refusal(what, value)

    def disturbance(self, what: Field, value: Value) -> str:
        return self._sync.disturbance(what, value)

    def set(self, machine: str, what: Field, value: Value) -> None:
        self._sync.set(machine, what, value)
