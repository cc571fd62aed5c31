"""Hypervisor hosts in memory, for demonstrations and tests: `contracts.hosts.Hosts` over plain records.

Rule: it keeps the laws that the real drivers keep (tests/contract holds all to one suite). `MemoryHosts` has the levers that are
pulled behind a driver's back: put a VM somewhere, take it away, have a host not answer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from corral.contracts.hosts import HostSource, Look
from corral.domain.errors import Invalid, NotFound, Unreachable
from corral.domain.host import Host, HostNetwork, Pool
from corral.domain.vm import Address, Agent, Origin, RunState, Vm, VmDisk, VmNic

_GIB = 1 << 30
_MOST = 20_000


class MemoryHosts:
    """Hosts and their VMs, under one lock."""

    driver = "memory"

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.RLock()
        self._hosts: dict[str, Host] = {}
        self._vms: dict[str, dict[str, Vm]] = {}
        self._told: dict[str, dict[str, Vm]] = {}
        self._seen: dict[str, datetime] = {}

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
            found = next((one for one in self._hosts.values() if host in (one.id, one.name)), None)
            if found is None:
                raise NotFound(f"Source {self.name} has no host {host!r}.")
            return self._look(found)

    def looks(self) -> Iterator[Look]:
        with self._lock:
            looks = [self._look(host) for host in self._hosts.values()]
        yield from looks

    def _look(self, host: Host) -> Look:
        if host.problem:
            return Look(self._shown(host))
        vms = self._vms[host.id]
        told, self._told[host.id] = self._told.get(host.id, {}), dict(vms)
        self._seen[host.id] = datetime.now(UTC)
        read = sum(1 for ident, vm in vms.items() if told.get(ident) != vm)
        return Look(self._shown(host), tuple(vms[ident] for ident in sorted(vms)), read)

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

    def remove_host(self, host: str) -> None:
        """Have a host not be there any more, with its VMs."""
        with self._lock:
            del self._hosts[host], self._vms[host]

    def put(self, vm: Vm) -> None:
        """Have a VM on the host that it names, as it is given; it is taken from any other."""
        with self._lock:
            self.take(vm.id)
            self.leave(vm)

    def leave(self, vm: Vm) -> None:
        """Have a VM on the host that it names too: what a migration left behind, or a twin."""
        with self._lock:
            name = self._hosts[vm.host].name
            self._vms[vm.host][vm.id] = replace(vm, source=self.name, host_name=name)

    def take(self, vm: str) -> None:
        """Have a VM nowhere."""
        with self._lock:
            for vms in self._vms.values():
                vms.pop(vm, None)

    def silence(self, host: str, problem: str = "it does not answer") -> None:
        """Have a host not answer; with no problem it answers again."""
        with self._lock:
            self._hosts[host] = replace(self._hosts[host], problem=problem)


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
    return HostSource(name, "memory", made)


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
    )
