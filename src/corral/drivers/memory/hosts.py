"""Hypervisor hosts in memory, for demonstrations and tests: `contracts.hosts` and `contracts.virtual` over plain records.

Rule: it keeps the laws that the real drivers keep (tests/contract holds all to one suite). `MemoryHosts` has the levers that are
pulled behind a driver's back: put a VM somewhere, take it away, restart it, have a host not answer.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from corral.contracts.hosts import Glimpse, HostSource, Look
from corral.domain.errors import Invalid, NotFound, Unreachable
from corral.domain.host import Host, HostNetwork, Pool
from corral.domain.vm import Address, Agent, Origin, RunState, Vm, VmDisk, VmNic
from corral.drivers.memory.vms import MemoryVms
from corral.drivers.memory.watch import Hinting

_GIB = 1 << 30
_MOST = 20_000


class MemoryHosts(MemoryVms, Hinting):
    """Hosts and their VMs, under one lock. `source` is what Corral sees."""

    driver = "memory"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._told: dict[str, dict[str, Vm]] = {}
        self._seen: dict[str, datetime] = {}

    @property
    def source(self) -> HostSource:
        """The source, with the border that its calls pass."""
        return HostSource(self.name, self.driver, self, border=self.wire.border)

    def hosts(self) -> tuple[Host, ...]:
        with self._lock:
            return tuple(self._shown(host) for host in self._hosts.values())

    def machines(self, host: str) -> tuple[Vm, ...]:
        look = self.look(host)
        if look.host.problem:
            raise Unreachable(look.host.problem)
        return look.vms

    def look(self, host: str) -> Look:
        with self._lock:
            return self._look(self._host_named(host))

    def look_at_some(self, host: str, machines: Collection[str]) -> Glimpse | None:
        with self._lock:
            found = self._host_named(host)
            if found.problem or found.id not in self._told:
                return None
            here = {ident: vm for ident, vm in self._vms[found.id].items() if ident in machines}
            told = {ident: vm for ident, vm in self._told[found.id].items() if ident not in machines}
            self._told[found.id] = {**told, **here}
            vms = tuple(here[ident] for ident in sorted(here))
            return Glimpse(self._shown(found), vms, frozenset(machines) - here.keys(), time.monotonic())

    def _host_named(self, host: str) -> Host:
        found = next((one for one in self._hosts.values() if host in (one.id, one.name)), None)
        if found is None:
            raise NotFound(f"Source {self.name} has no host {host!r}.")
        return found

    def looks(self) -> Iterator[Look]:
        with self._lock:
            looks = [self._look(host) for host in self._hosts.values()]
        yield from looks

    def _look(self, host: Host) -> Look:
        if host.problem:
            return Look(self._shown(host), as_of=time.monotonic())
        vms = self._vms[host.id]
        told, self._told[host.id] = self._told.get(host.id, {}), dict(vms)
        self._seen[host.id] = datetime.now(UTC)
        read = sum(1 for ident, vm in vms.items() if told.get(ident) != vm)
        return Look(self._shown(host), tuple(vms[ident] for ident in sorted(vms)), read, time.monotonic())

    def _shown(self, host: Host) -> Host:
        if host.problem:
            return replace(host, stale_since=self._seen.get(host.id))
        running = [vm for vm in self._vms[host.id].values() if vm.run]
        cpus, memory = sum(vm.cpus for vm in running), sum(vm.memory for vm in running)
        return replace(host, vms=len(self._vms[host.id]), cpus_given=cpus, memory_given=memory)

    def add_host(self, host: Host) -> None:
        with self._lock:
            self._hosts[host.id] = replace(host, source=self.name)
            self._vms.setdefault(host.id, {})
        self.hint(host.name)

    def remove_host(self, host: str) -> None:
        """Have a host not be there any more, with its VMs."""
        with self._lock:
            name = self._hosts[host].name
            del self._hosts[host], self._vms[host]
        self.hint(name)

    def put(self, vm: Vm) -> None:
        """Have a VM on the host that it names, as it is given; it is taken from any other."""
        with self._lock:
            mark = self._marks.get(vm.id)
            self.take(vm.id)
            self.leave(vm)
            if mark is not None:
                self._marks[vm.id] = mark  # it goes with its VM

    def vm(self, ident: str) -> Vm:
        """A VM as it is, on whichever host."""
        with self._lock:
            return next(vms[ident] for vms in self._vms.values() if ident in vms)

    def restart(self, ident: str) -> None:
        """Have a VM be reset, by whomever."""
        with self._lock:
            self.put(self._started(self.vm(ident)))

    def leave(self, vm: Vm) -> None:
        """Have a VM on the host that it names too: what a migration left behind, or a twin."""
        with self._lock:
            name = self._hosts[vm.host].name
            self._vms[vm.host][vm.id] = replace(vm, source=self.name, host_name=name)
        self.hint(name, vm.id)

    def take(self, vm: str) -> None:
        """Have a VM nowhere, nor what was written with it."""
        with self._lock:
            self._marks.pop(vm, None)
            having = [self._hosts[host].name for host, vms in self._vms.items() if vms.pop(vm, None)]
        for name in having:
            self.hint(name, vm)

    def silence(self, host: str, problem: str = "it does not answer") -> None:
        """Have a host not answer; with no problem it answers again."""
        with self._lock:
            found = self._hosts[host] = replace(self._hosts[host], problem=problem)
        self.hint(found.name)


def open_hosts(name: str, options: Mapping[str, Any]) -> HostSource:
    """`hosts`: how many there are (default 2). `vms`: how many VMs each has (default 3)."""
    unknown = sorted(set(options) - {"hosts", "vms"})
    if unknown:
        raise Invalid(f"The source's option '{unknown[0]}' is not known.", fix="Known are: hosts, vms.")
    counts = [options.get(key, default) for key, default in (("hosts", 2), ("vms", 3))]
    if any(isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MOST for count in counts):
        raise Invalid(f"The source's options 'hosts' and 'vms' must be numbers from 0 to {_MOST}.")
    made = MemoryHosts(name)
    for number in range(counts[0]):
        host = example_host(number)
        made.add_host(host)
        for position in range(counts[1]):
            made.put(example_vm(host, number * counts[1] + position))
    return made.source


def example_host(number: int) -> Host:
    """A host with a pool and a bridge."""
    return Host(
        source="",
        id=f"e0000000-0000-4000-8000-{number:012d}",
        name=f"kvm-{number + 1:02d}",
        hypervisor="memory",
        version="1",
        cores=32,
        memory=256 * _GIB,
        pools=(Pool(f"pool-{number}", "images", "dir", path="/srv/images", capacity=4096 * _GIB),),
        networks=(HostNetwork("br0", "bridge"),),
    )


def example_vm(host: Host, number: int) -> Vm:
    """A running VM that nothing speaks against."""
    mac = f"52:54:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    address = Address(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", Origin.AGENT)
    return Vm(
        source="",
        host=host.id,
        id=f"a0000000-0000-4000-8000-{number:012d}",
        name=f"vm-{number:05d}",
        state=RunState.RUNNING,
        cpus=2,
        memory=4 * _GIB,
        arch="x86_64",
        machine_type="pc-q35-7.2",
        firmware="bios",
        hypervisor="memory",
        disks=(
            VmDisk("vda", "file", bus="virtio", format="qcow2", path=f"/srv/images/{number}.qcow2", size=20 * _GIB),
        ),
        nics=(VmNic(mac, mac, "bridge", "virtio", bridge="br0", addresses=(address,)),),
        agent=Agent.CONNECTED,
        run=str(number + 1),
        notes="",
        metadata=(),
    )
