"""What `benchmarks.sync` keeps in step: machines of one kind, all of them servers already, that somebody else changes.

Rule: who changes a machine is another client than Corral, with the source's own API. Servers are written into the record as
adoption would have done, from what the source or the survey says.
"""

from __future__ import annotations

import json
import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import libvirt

from benchmarks.growth_world import records
from benchmarks.vm_adoption import give_macs
from corral.config import SourceSettings
from corral.contracts.border import Call
from corral.contracts.hosts import HostSource
from corral.domain.drift import Field
from corral.domain.lifecycle import Status
from corral.domain.server import Kind, Server
from corral.domain.vm import RunState, Vm
from corral.drivers.libvirt import open_hosts as open_libvirt
from corral.drivers.memory.fleet import ident
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm
from corral.drivers.vsphere import open_hosts as open_vsphere
from corral.store import Servers
from corral.wiring import Corral
from lab.places import from_environment
from lab.rig.worlds import served
from lab.vcenter.administrator import administrator, done
from lab.vcenter.server import USER, Size, Vcenter


@dataclass
class Yard:
    """Machines of one kind. `change`: changes one of them at the source, and gives its id; each machine once. `differs`: in which
    field that is a drift. `told`: gives the hint that a notification would, where the driver hears of nothing by itself. `deaf`:
    has the source tell of nothing from now on, None where that can't be. `one_by_one`: asks for one machine with a bare client,
    as a loop over all machines would."""

    name: str
    what: str
    size: int
    differs: Field
    change: Callable[[], str]
    fill: Callable[[Corral], None]
    sources: Sequence[SourceSettings] = ()
    hosts: Callable[[], HostSource] | None = None
    told: bool = False
    deaf: Callable[[bool], None] | None = None
    one_by_one: Callable[[int], None] | None = None
    calls: Counter[str] = field(default_factory=Counter)

    def open_hosts(self) -> HostSource:
        """The source of hosts, whose calls are counted."""
        assert self.hosts is not None
        source = self.hosts()
        source.border.heard = self._heard
        return source

    def count(self, corral: Corral) -> None:
        """Count the calls at sources of nodes too."""
        for source in corral.sources.values():
            source.border.heard = self._heard

    def _heard(self, call: Call) -> None:
        # Of a library's calls the method tells nothing: its name is at the end of the path.
        self.calls[call.path.rsplit("/", 1)[-1] if call.method == "CALL" else call.method] += 1


@contextmanager
def nodes(size: int, folder: Path) -> Iterator[Yard]:
    """Nodes of an Ironic in memory, in a process of its own, over HTTP."""
    left = iter(range(size))
    command = ["benchmarks.growth_world", "--managed", str(size), "--free", "10"]
    with served(command, folder) as entry, httpx.Client(base_url=entry["baremetal_endpoint_override"]) as other:
        clouds = folder / "clouds.yaml"
        clouds.write_text(json.dumps({"clouds": {"memory": entry}}))  # JSON is YAML
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(clouds)

        def change() -> str:
            node = ident(f"node-{next(left):05d}")
            patch = [{"op": "add", "path": "/instance_info/display_name", "value": "called-otherwise"}]
            other.patch(f"/v1/nodes/{node}", json=patch).raise_for_status()
            return node

        def fill(corral: Corral) -> None:
            _write(corral, [replace(one, power="power on") for one in records(size)])

        def one_by_one(number: int) -> None:
            other.get(f"/v1/nodes/{ident(f'node-{number:05d}')}/states").raise_for_status().json()

        source = SourceSettings(name="memory", driver="ironic", options={"cloud": "memory", "bmc": {"ask": False}})
        yield Yard(
            "memory", "nodes of an Ironic in memory, over HTTP", size, Field.NAME, change, fill, [source],
            told=True, one_by_one=one_by_one,
        )  # fmt: skip


@contextmanager
def vms(size: int, _folder: Path, per_host: int = 100) -> Iterator[Yard]:
    """VMs on hosts in memory, which tell of changes by themselves."""
    world, left = MemoryHosts("racks"), iter(range(size))
    for number in range(-(-size // per_host)):
        world.add_host(example_host(number))
    for number in range(size):
        world.put(example_vm(example_host(number // per_host), number))

    def change() -> str:
        number = next(left)
        vm = world.vm(example_vm(example_host(number // per_host), number).id)
        world.put(replace(vm, cpus=vm.cpus + 1))
        return vm.id

    yield Yard(
        "racks", f"VMs on hosts in memory, {per_host} each", size, Field.CPU, change,
        lambda corral: _write_vms(corral, "racks", world.source), hosts=lambda: world.source,
        deaf=lambda lost: setattr(world, "lost", lost),
    )  # fmt: skip


@contextmanager
def domains(size: int, _folder: Path) -> Iterator[Yard]:
    """Domains of libvirt's test driver on one host: it shares its default host among all connections of a process."""
    with libvirt.open("test:///default") as other:
        made = [other.defineXML(_domain(number)) for number in range(size)]
        left = iter(made)

        def change() -> str:
            one = next(left)
            one.rename(f"{one.name()}-b", 0)
            return one.UUIDString()

        def hosts() -> HostSource:
            return open_libvirt("test", {"hosts": [{"uri": "test:///default", "name": "one"}], "timeout": 120})

        try:
            yield Yard(
                "test", "domains of one host of libvirt's test driver", size, Field.NAME, change,
                lambda corral: _write_vms(corral, "test", hosts()), hosts=hosts,
            )  # fmt: skip
        finally:
            for one in made:
                one.undefine()


@contextmanager
def vcenter(size: int, _folder: Path) -> Iterator[Yard]:
    """VMs of the simulated vCenter, a process of its own."""
    with Vcenter(from_environment(), Size(clusters=4, cluster_hosts=8, hosts=0, vms=max(size // 4, 1))) as made:
        give_macs(made)
        content = administrator(made).content
        view = content.viewManager.CreateContainerView(content.rootFolder, None, True)
        vms = [one for one in view.view if type(one).__name__ == "vim.VirtualMachine"]
        # Read before anything is timed: the answers are long, and this process is the one that is measured.
        left = iter([(one, str(one.config.instanceUuid).lower()) for one in vms])
        login = {"host": made.host, "port": made.port, "user": USER, "password_file": str(made.password_file)}

        def change() -> str:
            vm, ident = next(left)
            done(vm.Rename_Task(f"b-{ident}"))
            return ident

        def hosts() -> HostSource:
            return open_vsphere("center", {**login, "ca_file": str(made.certificate)})

        yield Yard(
            "center", "VMs of a simulated vCenter, on 32 hosts", 4 * max(size // 4, 1), Field.NAME, change,
            lambda corral: _write_vms(corral, "center", hosts()), hosts=hosts,
        )  # fmt: skip


def _domain(number: int) -> str:
    mac = f"52:54:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
    return (
        f"<domain type='test'><name>bench{number:05d}</name><uuid>{uuid.UUID(int=(0xABD << 96) + number)}</uuid>"
        f"<memory unit='MiB'>512</memory><vcpu>1</vcpu><os><type arch='i686'>hvm</type></os><devices>"
        f"<disk type='file' device='disk'><source file='/srv/{number}.img'/><target dev='vda' bus='virtio'/></disk>"
        f"<interface type='bridge'><mac address='{mac}'/><source bridge='br0'/></interface></devices></domain>"
    )


def _write_vms(corral: Corral, name: str, source: HostSource) -> None:
    """Every VM as the server that adoption would have made of it."""
    seen = {vm.id: vm for look in source.hosts.looks() for vm in look.vms}
    _write(corral, [_server(name, number, vm) for number, vm in enumerate(seen.values())])


def _server(source: str, number: int, vm: Vm) -> Server:
    on = vm.state is RunState.RUNNING
    return Server(
        str(uuid.uuid5(uuid.NAMESPACE_OID, vm.id)), f"vm-{number:06d}", source, vm.id, "bank",
        Status.ACTIVE if on else Status.STOPPED, "", kind=Kind.VM, machine_name=vm.name, host=vm.host, cpus=vm.cpus,
        memory=vm.memory, macs=vm.macs, volumes=vm.disks, vm_nics=vm.nics, power=str(vm.power),
    )  # fmt: skip


def _write(corral: Corral, made: Sequence[Server]) -> None:
    servers = Servers(corral.sql, lambda: datetime.now(UTC))
    with corral.sql.begin() as conn:
        for one in made:
            servers.add(conn, one)


YARDS: dict[str, tuple[Callable[[int, Path], AbstractContextManager[Yard]], int]] = {
    "nodes": (nodes, 10_000),
    "vms": (vms, 10_000),
    "libvirt": (domains, 2_000),
    "vcenter": (vcenter, 400),
}
"""What there is, and how many of it by default."""
