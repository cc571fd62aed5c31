"""Hypervisor hosts, and what is on them, as the API shows them. What is not known is null, or 0 for an amount."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from corral.api.render import time
from corral.domain.host import HostNetwork, Pool
from corral.domain.reasons import Reason
from corral.domain.vm import VmDisk, VmNic
from corral.services.hosts import HostSourceState
from corral.services.vm_verdicts import JudgedPart, SeenVm
from corral.store.host_rows import KnownHost


def source(one: HostSourceState) -> dict[str, Any]:
    """A source of hosts."""
    return {
        "name": one.group.name,
        "driver": one.group.driver,
        "survey_every": one.group.every,
        "surveyed_at": time(one.state.surveyed_at),
        "problem": one.state.problem or None,
    }


def host(one: KnownHost, base: str) -> dict[str, Any]:
    """A host in a list."""
    it = one.host
    return {
        "id": it.id,
        "name": it.name,
        "source": it.source,
        "group": it.group or None,
        "hypervisor": it.hypervisor or None,
        "version": it.version or None,
        "reachable": it.reachable and one.gone_since is None,
        "problem": it.problem or None,
        "stale_since": time(it.stale_since),
        "seen_at": time(one.seen_at),
        "first_seen_at": time(one.first_seen_at),
        "changed_at": time(one.changed_at),
        "gone_since": time(one.gone_since),
        "survey_wanted_at": time(one.wanted_at),
        "cores": it.cores,
        "cpus_given": it.cpus_given,
        "memory": it.memory,
        "memory_given": it.memory_given,
        "machines": it.vms,
        "storage": _storage(it.pools),
        "networks": len(it.networks),
        "links": [{"href": f"{base}/v1/hosts/{quote(it.id, safe='')}", "rel": "self"}],
    }


def host_detail(one: KnownHost, base: str) -> dict[str, Any]:
    """A host with its pools and networks."""
    return {
        **host(one, base),
        "pools": [_pool(pool) for pool in one.host.pools],
        "host_networks": [_network(network) for network in one.host.networks],
        "untold": [{"part": str(part), "why": why} for part, why in one.host.untold],
    }


def _storage(pools: tuple[Pool, ...]) -> dict[str, int]:
    return {
        "capacity": sum(pool.capacity for pool in pools),
        "used": sum(pool.used for pool in pools),
        "pools": len(pools),
    }


def _pool(one: Pool) -> dict[str, Any]:
    named = {"id": one.id, "name": one.name, "kind": one.kind, "path": one.path or None, "source": one.source or None}
    return {**named, "capacity": one.capacity, "used": one.used, "active": one.active}


def _network(one: HostNetwork) -> dict[str, Any]:
    named = {"name": one.name, "kind": one.kind, "id": one.id or None, "bridge": one.bridge or None}
    return {**named, "vlan": one.vlan, "active": one.active}


def machine(seen: SeenVm) -> dict[str, Any]:
    """A VM with its verdict."""
    one, vm = seen.known, seen.known.vm
    return {
        "id": vm.id,
        "name": vm.name,
        "source": vm.source,
        "adoptable": seen.judged.adoptable,
        "reasons": _reasons(seen.judged.reasons),
        "server_uuid": seen.judged.server,
        "host": vm.host,
        "host_name": vm.host_name or None,
        "also_on": list(one.also_on),
        "state": str(vm.state),
        "power_state": str(vm.power),
        "cpus": vm.cpus,
        "memory": vm.memory,
        "arch": vm.arch or None,
        "machine_type": vm.machine_type or None,
        "firmware": vm.firmware or None,
        "hypervisor": vm.hypervisor or None,
        "persistent": vm.persistent,
        "saved": vm.saved,
        "agent": str(vm.agent),
        "owner": vm.owner or None,
        "folder": vm.folder or None,
        "tags": list(vm.tags),
        "run": vm.run or None,
        "snapshots": list(vm.snapshots),
        "passthrough": [{"kind": device.kind, "address": device.address} for device in vm.passthrough],
        "volumes": len(vm.own_disks),
        "macs": sorted(vm.macs),
        "addresses": [address.ip for nic in vm.nics for address in nic.addresses],
        "problem": vm.problem or None,
        "first_seen_at": time(one.first_seen_at),
        "changed_at": time(one.changed_at),
        "gone_since": time(one.gone_since),
    }


def _reasons(found: Iterable[Reason]) -> list[dict[str, str]]:
    return [one.as_json() for one in found]


def volume(judged: JudgedPart) -> dict[str, Any]:
    """A volume that a VM uses, with the reasons that are about it."""
    one, disk = judged.held, judged.held.part
    assert isinstance(disk, VmDisk)
    return {
        "machine": one.vm,
        "machine_name": one.vm_name,
        "id": disk.id,
        "kind": disk.kind,
        "device": disk.device,
        "bus": disk.bus or None,
        "format": disk.format or None,
        "path": disk.path or None,
        "pool": disk.pool or None,
        "volume": disk.volume or None,
        "protocol": disk.protocol or None,
        "serial": disk.serial or None,
        "wwn": disk.wwn or None,
        "identifiers": dict(disk.identifiers),
        "backing": list(disk.backing),
        "size": disk.size,
        "used": disk.used,
        "read_only": disk.read_only,
        "shared": disk.shared,
        "job": disk.job or None,
        "reasons": _reasons(judged.reasons),
    }


def nic(judged: JudgedPart) -> dict[str, Any]:
    """A NIC of a VM, with the reasons that are about it."""
    one, it = judged.held, judged.held.part
    assert isinstance(it, VmNic)
    return {
        "machine": one.vm,
        "machine_name": one.vm_name,
        "id": it.id,
        "mac": it.mac,
        "kind": it.kind,
        "model": it.model or None,
        "network": it.network or None,
        "bridge": it.bridge or None,
        "interface_id": it.interface_id or None,
        "vlan": it.vlan,
        "device": it.device or None,
        "addresses": [{"ip": address.ip, "origin": str(address.origin)} for address in it.addresses],
        "reasons": _reasons(judged.reasons),
    }
