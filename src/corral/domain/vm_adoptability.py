"""The judgement on VMs: may this one be brought under management where it runs? All reasons at once.

Rule: pure. A part that the host could not be asked for is not judged by; a duplicate counts wherever in the look it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from shlex import quote

from corral.domain.host import Host, Part
from corral.domain.reasons import Reason, reason
from corral.domain.vm import Agent, RunState, Vm, VmDisk, VmNic
from corral.domain.vm_holders import Holders as Holders
from corral.domain.vm_holders import disk_key
from corral.domain.vm_holders import holders as holders

_FLEETING = re.compile(r"/dev/(sd[a-z]+|vd[a-z]+|nvme\d+n\d+|dm-\d+)\d*")
"""Names that a kernel gives to devices in the order in which it finds them."""
_PLUGGED = ("bridge", "network", "portgroup")
"""Kinds of NICs that are on a network which others can be on too."""


def vm_reasons(vm: Vm, host: Host, among: Holders, managed: Mapping[str, str] | None = None) -> tuple[Reason, ...]:
    """Why `vm` can't be adopted, and what should be looked at before. `managed`: VM id → server uuid, of our own record."""
    if vm.problem:
        return (reason("unreadable", problem=vm.problem),)
    found = (
        *_owner(vm, among, managed or {}),
        *_state(vm),
        *_shape(vm),
        *(one for disk in vm.own_disks for one in disk_reasons(vm, disk, host, among)),
        *_network(vm, host, among),
    )
    return tuple(dict.fromkeys(found))


def _word(text: str) -> str:
    """For a command that people copy: one word to a shell, whatever a host calls its things."""
    return quote(text)


def _owner(vm: Vm, among: Holders, managed: Mapping[str, str]) -> Iterator[Reason]:
    if server := managed.get(vm.id):
        yield reason("already-managed", server=server)
    if vm.owner:
        yield reason("vm-owned", owner=vm.owner)
    if others := among.others(vm, ("id", vm.id)):
        yield reason("vm-twice", others=others)


def _state(vm: Vm) -> Iterator[Reason]:
    if vm.state is RunState.OFF:
        yield reason("power-off")
    elif vm.state in (RunState.PAUSED, RunState.SUSPENDED):
        yield reason("vm-halted", state=str(vm.state))
    elif vm.state is not RunState.RUNNING:
        yield reason("vm-unsettled", state=str(vm.state))
    if vm.saved:
        yield reason("vm-saved", vm=_word(vm.id))
    if vm.question:
        yield reason("vm-question", question=vm.question)


_KINDS = (
    ("template", "vm-template"),
    ("fault_tolerant", "vm-fault-tolerant"),
    ("linked", "vm-linked-clone"),
    ("encrypted", "vm-encrypted"),
    ("unconsolidated", "vm-unconsolidated"),
)
"""What a VM may be besides, and the reason that makes."""


def _shape(vm: Vm) -> Iterator[Reason]:
    yield from (reason(code) for kind, code in _KINDS if getattr(vm, kind))
    if not vm.persistent:
        yield reason("vm-transient", vm=_word(vm.id))
    for device in vm.passthrough:
        yield reason("vm-passthrough", kind=device.kind, address=device.address)
    if vm.snapshots:
        names = ", ".join(vm.snapshots[:3]) + (", …" if len(vm.snapshots) > 3 else "")
        yield reason("vm-snapshots", names=names, vm=_word(vm.id))
    if vm.state is RunState.RUNNING and vm.agent is not Agent.CONNECTED:
        yield reason("agent-missing", agent="has no channel" if vm.agent is Agent.ABSENT else "does not answer")


def disk_reasons(vm: Vm, disk: VmDisk, host: Host, among: Holders) -> Iterator[Reason]:
    """Those of the VM's reasons that are about one of its own disks."""
    if others := among.others(vm, disk_key(vm, disk)):
        yield reason("disk-shared", disk=disk.id, others=others)
    elif disk.shared:
        yield reason("disk-shareable", disk=disk.id)
    if disk.job:
        yield reason("disk-busy", disk=disk.id, job=disk.job)
    if disk.volatile:
        yield reason("disk-volatile", disk=disk.id)
    # Of a linked clone the VM says it, once.
    if disk.backing and not vm.linked:
        yield reason("disk-backed", disk=_word(disk.id), backing=disk.backing[0], vm=_word(vm.id))
    if not disk.path or disk.protocol:
        return
    if not disk.wwn and _FLEETING.fullmatch(disk.path):
        yield reason("disk-path-fleeting", disk=disk.id, path=disk.path)
    elif host.tells(Part.POOLS) and not (disk.pool or host.pool_of(disk.path)):
        yield reason(
            "disk-not-in-pool", disk=disk.id, path=disk.path, folder=_word(disk.path.rpartition("/")[0] or "/")
        )


def _network(vm: Vm, host: Host, among: Holders) -> Iterator[Reason]:
    if not vm.nics:
        yield reason("vm-no-nics")
    yield from (one for nic in vm.nics for one in nic_reasons(vm, nic, host, among))


def nic_reasons(vm: Vm, nic: VmNic, host: Host, among: Holders) -> Iterator[Reason]:
    """Those of the VM's reasons that are about one of its NICs."""
    yield from _nic(nic, host)
    if others := among.others(vm, ("mac", nic.mac)):
        yield reason("mac-twice", mac=nic.mac, others=others)
    if sum(1 for one in vm.nics if one.mac == nic.mac) > 1:
        yield reason("mac-twice", mac=nic.mac, others="another NIC of the same VM")
    for address in nic.addresses:
        if others := among.others(vm, ("address", address.ip)):
            yield reason("address-twice", address=address.ip, origin=str(address.origin), others=others)


def _nic(nic: VmNic, host: Host) -> Iterator[Reason]:
    if nic.kind not in (*_PLUGGED, "hostdev"):
        yield reason("nic-unplugged", mac=nic.mac, kind=nic.kind)
    elif nic.kind in ("network", "portgroup"):
        known = {one.name for one in host.networks if one.kind == nic.kind}
        if host.tells(Part.NETWORKS) and nic.network not in known:
            yield reason("nic-network-unknown", mac=nic.mac, network=nic.network or "without a name", host=host.name)
    elif nic.kind == "bridge" and host.tells(Part.BRIDGES):
        known = {name for one in host.networks for name in (one.name, one.bridge)}
        if nic.bridge not in known:
            yield reason("nic-network-unknown", mac=nic.mac, network=nic.bridge or "without a name", host=host.name)
