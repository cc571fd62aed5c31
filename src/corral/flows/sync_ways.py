"""How a flow looks at one machine of a source, and tells it something: the same few questions for nodes and VMs."""

from __future__ import annotations

from typing import Protocol

from corral.cloud.nothing import NoNetworks
from corral.contracts.sources import PowerTarget
from corral.contracts.syncing import Sets, Tells, Told
from corral.contracts.virtual import Where
from corral.domain.drift import Field, Value
from corral.domain.errors import NotFound, NotSupported
from corral.domain.machine import Power
from corral.domain.sync_sides import vm_facts
from corral.flows.env import Env
from corral.flows.hypervisors import Hypervisor
from corral.flows.sync_cloud import CloudedVm, PluggedNode
from corral.flows.vms import whereabouts
from corral.store.vm_records import VmRecords


class Way(Protocol):
    """The part of `Tells` and `Sets` that is about one machine."""

    def told_of(self, machine: str) -> Told:
        """The machine, asked now. Raises NotFound."""

    def settable(self) -> frozenset[Field]:
        """The fields that the source can be told."""

    def refusal(self, what: Field, value: Value) -> str:
        """Why it can't be told that value, "" when it can."""

    def disturbance(self, what: Field, value: Value) -> str:
        """What telling it that would do to the machine, "" for nothing."""

    def set(self, machine: str, what: Field, value: Value) -> None:
        """Tell it."""


def way_to(env: Env, source: str) -> Way:
    """The way to the machines of a source. Raises NotFound, NotSupported."""
    if source in env.hypervisors:
        way = VmWay(env.hypervisor(source), env.vm_records)
        return way if source not in env.clouds else clouded(env, source, way)
    machines = env.source(source).machines
    if isinstance(machines, Tells) and isinstance(machines, Sets):
        networks = env.source(source).networks
        return machines if isinstance(networks, NoNetworks) else PluggedNode(machines, networks)
    raise NotSupported(f"The {env.source(source).driver} driver of source {source} can't be synchronized.")


def clouded(env: Env, source: str, way: Way) -> CloudedVm:
    """The way to VMs around which there is a cloud."""
    return CloudedVm(
        way, source, env.clouds[source], env.cloud_records, env.cloud_sides, env.vm_records, lambda s: env.sleep(s)
    )


class VmWay:
    """The VMs of one source of hosts, asked and told one by one."""

    def __init__(self, hypervisor: Hypervisor, records: VmRecords) -> None:
        self._hypervisor = hypervisor
        self._records = records

    def told_of(self, machine: str) -> Told:
        where = whereabouts(self._records, self._hypervisor.name, machine, None)
        with self._hypervisor.vms() as vms:
            host, vm = vms.observe(where)
        if vm.id != machine:
            raise NotFound(f"VM {machine} was asked for, and {vm.id} told.")
        # Addresses come with surveys: a single look does not wait for a guest's agent.
        return Told(machine, vm.label, {**vm_facts(vm, told=False), Field.HOST: host.id}, vm=vm, problem=vm.problem)

    def settable(self) -> frozenset[Field]:
        with self._hypervisor.descriptions() as vms:
            return frozenset({Field.POWER}) | (vms.describable() if vms is not None else frozenset())

    def refusal(self, what: Field, value: Value) -> str:
        if what is Field.POWER:
            return ""
        with self._hypervisor.descriptions() as vms:
            return vms.refusal(what, value) if vms is not None else "Its driver can't tell it."

    def disturbance(self, what: Field, value: Value) -> str:
        if what is not Field.POWER:
            return ""
        return "start" if value == Power.ON else "stop"

    def set(self, machine: str, what: Field, value: Value) -> None:
        where = whereabouts(self._records, self._hypervisor.name, machine, None)
        if what is not Field.POWER:
            self._describe(where, what, value)
            return
        if value not in (Power.ON, Power.OFF):
            raise NotSupported(f"A VM can't be told the power {value!r}.")
        with self._hypervisor.switches() as vms:
            vms.switch(where, PowerTarget.ON if value == Power.ON else PowerTarget.OFF)

    def _describe(self, where: Where, what: Field, value: Value) -> None:
        with self._hypervisor.descriptions() as vms:
            if vms is None or what not in vms.describable():
                raise NotSupported(f"A VM can't be told its {what}.")
            vms.describe(where, what, value)
