"""Judges VMs against the record: the same for a page of verdicts, for a plan, and for the flow that adopts one.

What else has their MACs, addresses and disks, and who manages them, is asked of the record by indexes, once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corral.domain.host import Host
from corral.domain.reasons import Reason, blockers, reason
from corral.domain.vm import Vm
from corral.domain.vm_adoptability import vm_reasons
from corral.domain.vm_holders import Holder, Holders
from corral.store import Servers
from corral.store.host_rows import KnownVm
from corral.store.vm_records import VmRecords


@dataclass(frozen=True, slots=True)
class JudgedVm:
    """A VM with its host, all that speaks against adopting it or should be known before, and the server that it is, if it is one.
    `among`: who else has what it has."""

    vm: Vm
    host: Host
    among: Holders
    reasons: tuple[Reason, ...]
    server: str | None = None

    @property
    def adoptable(self) -> bool:
        return not blockers(self.reasons)


def judge_vms(
    source: str, seen: Sequence[tuple[Host, Vm]], records: VmRecords, servers: Servers, *, own: str | None = None
) -> list[JudgedVm]:
    """Judge VMs of one source with their hosts, as they were just seen or as the record has them. `own` is the server that is
    being made of one of them: what is reserved for that one is free."""
    managed = {vm: server for vm, server in servers.managed(source, [vm.id for _, vm in seen]).items() if server != own}
    among = _with_servers(records.holders(source, [vm for _, vm in seen]), seen, servers, {own, *managed.values()})
    return [JudgedVm(vm, host, among, vm_reasons(vm, host, among, managed), managed.get(vm.id)) for host, vm in seen]


def judge_known(source: str, known: Sequence[KnownVm], records: VmRecords, servers: Servers) -> list[JudgedVm]:
    """Judge VMs of one source as the record has them. What is gone, or on a host that does not answer, can't be adopted."""
    judged = judge_vms(source, with_hosts(source, known, records), records, servers)
    return [
        replace(one, reasons=(*out_of_sight(of, one.host), *one.reasons)) for one, of in zip(judged, known, strict=True)
    ]


def with_hosts(source: str, known: Sequence[KnownVm], records: VmRecords) -> list[tuple[Host, Vm]]:
    """Each VM with the host that has it, by the record."""
    hosts = records.hosts(source, [one.vm.host for one in known])
    return [(hosts.get(one.vm.host) or _unknown(one.vm), one.vm) for one in known]


def out_of_sight(known: KnownVm, host: Host) -> tuple[Reason, ...]:
    """That what the record has of a VM can't be relied on: it is gone, or its host does not answer."""
    if known.gone_since is not None:
        return (reason("vm-gone"),)
    return (reason("host-silent", host=host.name, problem=_sentence(host.problem)),) if host.problem else ()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _unknown(vm: Vm) -> Host:
    return Host(vm.source, vm.host, vm.host_name or vm.host, problem="it is not on record")


def _with_servers(among: Holders, seen: Iterable[tuple[Host, Vm]], servers: Servers, own: set[str | None]) -> Holders:
    """With the other servers that have their MACs, at whichever source."""
    macs = {mac for _, vm in seen for mac in vm.macs}
    rivals = {
        ("mac", mac): (Holder("", "", f"server {server}"),)
        for mac, server in servers.mac_holders(macs).items()
        if server not in own
    }
    return Holders({**among.having, **{key: (*among.having.get(key, ()), *who) for key, who in rivals.items()}})
