"""What a verdict can be about, a node or a VM, told in the same few ways: as facts for people, as a row, as words to search.

Rule: reports, tables and files ask here; none of them knows what kind of machine it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.cli.text import counted
from corral.domain.machine import Machine
from corral.domain.vm import Vm, VmDisk, VmNic

Subject = Machine | Vm


def facts(subject: Subject) -> tuple[str, str, str]:
    """What it is, how it is, what it has."""
    if isinstance(subject, Vm):
        size = f"{counted(subject.cpus, 'CPU')}, {amount(subject.memory)}"
        has = f"{counted(len(subject.own_disks), 'disk')}, {counted(len(subject.nics), 'NIC')}"
        return size, f"{subject.state} · {subject.host_name or subject.host}", has
    plugged = f"{counted(len(subject.nics), 'NIC')}, {len(subject.vifs)} with a port"
    return subject.resource_class or "no class", f"{subject.provision_state} · {subject.power}", plugged


def words(subject: Subject) -> tuple[str | None, ...]:
    """What one may look for."""
    if isinstance(subject, Vm):
        addresses = (address.ip for nic in subject.nics for address in nic.addresses)
        places = (word for disk in subject.disks for word in (disk.path, disk.volume, disk.serial, disk.wwn))
        return subject.name, subject.id, subject.host_name, str(subject.state), *subject.macs, *addresses, *places
    return subject.name, subject.id, subject.resource_class, subject.provision_state, str(subject.power), *subject.macs


def row(subject: Subject) -> dict[str, Any]:
    """It as flat data, without its verdict."""
    return _vm_row(subject) if isinstance(subject, Vm) else _node_row(subject)


def _node_row(machine: Machine) -> dict[str, Any]:
    return {
        "resource_class": machine.resource_class,
        "provision_state": machine.provision_state,
        "power_state": str(machine.power),
        "observed_power": str(machine.observed_power) if machine.observed_power else None,
        "driver": machine.driver,
        "macs": sorted(machine.macs),
        "ports": list(machine.vifs),
    }


def _vm_row(vm: Vm) -> dict[str, Any]:
    return {
        "host": vm.host_name or vm.host,
        "state": str(vm.state),
        "power_state": str(vm.power),
        "cpus": vm.cpus,
        "memory": vm.memory,
        "firmware": vm.firmware,
        "machine_type": vm.machine_type,
        "persistent": vm.persistent,
        "agent": str(vm.agent),
        "macs": sorted(vm.macs),
        "addresses": [address.ip for nic in vm.nics for address in nic.addresses],
        "volumes": [_volume(disk) for disk in vm.own_disks],
        "nics": [_nic(nic) for nic in vm.nics],
        "snapshots": list(vm.snapshots),
    }


def _nic(nic: VmNic) -> Mapping[str, Any]:
    named = {"mac": nic.mac, "kind": nic.kind, "network": nic.network, "bridge": nic.bridge, "vlan": nic.vlan}
    addresses = [{"ip": address.ip, "origin": str(address.origin)} for address in nic.addresses]
    return {**named, "model": nic.model, "interface_id": nic.interface_id, "addresses": addresses}


def _volume(disk: VmDisk) -> Mapping[str, Any]:
    known = dict(disk.identifiers)
    return {"disk": disk.id, "format": disk.format, "size": disk.size, "used": disk.used, "identifiers": known}


def amount(size: int) -> str:
    """Bytes for people: `512 MiB`, `1.5 GiB`, `4 TiB`."""
    if size < 1 << 30:
        return f"{size >> 20} MiB"
    power = 3 if size < 1000 << 30 else 4
    return f"{size / 1024**power:.3g} {'GiB' if power == 3 else 'TiB'}"
