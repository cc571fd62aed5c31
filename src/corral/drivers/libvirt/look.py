"""One look at one host: everything in bulk, and of the VMs only those read again that may have changed.

What says that a VM may have changed: an event, or another state, run, name, or set of disks and NICs in libvirt's bulk statistics;
and that it has not been read for a while, as neither of those tells everything. What its disks use comes with the statistics.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import libvirt

from corral.contracts.hosts import Glimpse, Look
from corral.contracts.virtual import Mark
from corral.domain.errors import CorralError, NotFound
from corral.domain.host import Host, Part
from corral.domain.vm import Address, RunState, Vm
from corral.drivers.libvirt.devices import DeviceNames
from corral.drivers.libvirt.domain_xml import vm
from corral.drivers.libvirt.leases import Addresses, leased_to, merged, of_arp
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.look_host import host_id, look_host
from corral.drivers.libvirt.mark import marks_in
from corral.drivers.libvirt.options import Options
from corral.drivers.libvirt.sizes import sized
from corral.drivers.libvirt.xml import Unreadable

MOST_VMS = 20_000
_STATS = (
    libvirt.VIR_DOMAIN_STATS_STATE
    | libvirt.VIR_DOMAIN_STATS_BALLOON
    | libvirt.VIR_DOMAIN_STATS_VCPU
    | libvirt.VIR_DOMAIN_STATS_INTERFACE
    | libvirt.VIR_DOMAIN_STATS_BLOCK
)
STATES = {
    libvirt.VIR_DOMAIN_RUNNING: RunState.RUNNING,
    libvirt.VIR_DOMAIN_BLOCKED: RunState.RUNNING,
    libvirt.VIR_DOMAIN_PAUSED: RunState.PAUSED,
    libvirt.VIR_DOMAIN_SHUTDOWN: RunState.STOPPING,
    libvirt.VIR_DOMAIN_SHUTOFF: RunState.OFF,
    libvirt.VIR_DOMAIN_CRASHED: RunState.CRASHED,
    libvirt.VIR_DOMAIN_PMSUSPENDED: RunState.SUSPENDED,
}
_SHAPE = (".name", ".path", ".count", "state.state", "vcpu.current", "vcpu.maximum", "balloon.maximum")
"""Endings of the statistics that tell what a VM has, not how much it does."""
Stats = Mapping[str, Any]


@dataclass(slots=True)
class Kept:
    """What a VM was at the last look: its definition as read at `at`, from what its statistics looked like then."""

    shape: tuple[Any, ...]
    at: float
    defined: Vm
    marks: tuple[Mark, ...] = ()
    told: tuple[Any, ...] = ()
    vm: Vm | None = None


class Looker:
    """Looks at one host, and remembers what it saw. `look` is run by one thread at a time; `changed` by any."""

    def __init__(self, source: str, name: str, options: Options) -> None:
        self._source = source
        self._name = name
        self._options = options
        self._kept: dict[str, Kept] = {}
        self._changed: set[str] = set()
        self._host: Host | None = None
        """As the last look told it, with what its VMs use since."""
        self._lock = threading.Lock()

    def changed(self, uuid: str) -> None:
        """An event names this VM."""
        with self._lock:
            self._changed.add(uuid)

    def missed(self) -> None:
        """Events were lost: every VM may be another one."""
        with self._lock:
            self._changed |= set(self._kept)

    def look(
        self, session: Session, agents: Mapping[str, tuple[Address, ...]], untold: tuple[tuple[Part, str], ...] = ()
    ) -> Look:
        """`agents`: the addresses that guest agents told, where they were asked; `untold`: why they did not."""
        begun = time.monotonic()
        host, leased = look_host(session, self._source, self._name)
        host = replace(host, untold=(*host.untold, *untold))
        addresses = merged(agents, leased)
        with self._lock:
            changed, self._changed = self._changed, set()
        try:
            domains = session.ask("listAllDomains", 0)[:MOST_VMS]
            stats = stats_of(session, "getAllDomainStats")
            marks = Marks.of(session)
            read = self._read(session, host, domains, stats, changed)
            if self._options.ask_arp:
                of_arp(session, [domain for domain in domains if domain.ID() >= 0], addresses)
        except BaseException:
            with self._lock:
                self._changed |= changed  # what was heard of is still to be read
            raise
        vms = sorted((self._vm(domain, stats, marks, addresses) for domain in domains), key=lambda one: one.id)
        self._host = _used(host, vms, time.monotonic() - begun)
        return Look(self._host, tuple(vms), read, begun)

    def look_at_some(
        self, session: Session, uuids: Collection[str], agents: Mapping[str, tuple[Address, ...]]
    ) -> Glimpse | None:
        """These VMs, each read now, in as many calls as there are of them. None where another host is at the other end than was
        looked at, or none was yet. Raises NotFound for a VM that goes right now."""
        begun, host = time.monotonic(), self._host
        full = len(self._kept) >= MOST_VMS and not self._kept.keys() >= set(uuids)
        if host is None or host.id != host_id(session, self._name) or full:
            return None
        with self._lock:
            heard = self._changed.intersection(uuids)
            self._changed -= heard
        try:
            vms = self._read_some(session, host, uuids, agents)
        except BaseException:
            with self._lock:
                self._changed |= heard  # as for a look at all
            raise
        missing = frozenset(uuids).difference(vm.id for vm in vms)
        for uuid in missing:
            self._kept.pop(uuid, None)
        self._host = _used(host, [kept.vm for kept in self._kept.values() if kept.vm is not None], host.seconds)
        return Glimpse(self._host, vms, missing, begun)

    def _read_some(
        self, session: Session, host: Host, uuids: Iterable[str], agents: Mapping[str, tuple[Address, ...]]
    ) -> tuple[Vm, ...]:
        domains = []
        for uuid in sorted(uuids):
            with contextlib.suppress(NotFound):
                domains.append(session.ask("lookupByUUIDString", uuid))
        stats = stats_of(session, "domainListGetStats", domains) if domains else {}
        marks = Marks.of_some(session, domains)
        self._read(session, host, domains, stats, set(uuids), self._kept)
        macs = [nic.mac for domain in domains for nic in self._kept[domain.UUIDString()].defined.nics]
        addresses = merged(agents, leased_to(session, macs) if host.tells(Part.NETWORKS) else {})
        if self._options.ask_arp:
            of_arp(session, [domain for domain in domains if domain.ID() >= 0], addresses)
        return tuple(self._vm(domain, stats, marks, addresses) for domain in domains)

    def marks(self, session: Session) -> tuple[tuple[str, str, Mark], ...]:
        """By a look: host, VM and mark of all that bear one while they run, or in their definition while they don't."""
        self.look(session, {})
        return tuple((kept.defined.host, uuid, mark) for uuid, kept in self._kept.items() for mark in kept.marks)

    def _read(
        self,
        session: Session,
        host: Host,
        domains: Iterable[Any],
        stats: Mapping[str, Stats],
        changed: set[str],
        others: Mapping[str, Kept] | None = None,
    ) -> int:
        """Keep what these are, read again where it may have changed, and `others`."""
        now = time.monotonic()
        known, self._kept = self._kept, dict(others or {})
        stale: dict[str, tuple[Any, tuple[Any, ...]]] = {}
        for domain in domains:
            uuid = domain.UUIDString()
            shape = _shape(domain, stats.get(uuid))
            kept = known.get(uuid)
            fresh = kept is not None and kept.shape == shape and now - kept.at < self._options.refresh
            if kept is not None and fresh and uuid not in changed and kept.defined.host == host.id:
                self._kept[uuid] = kept
            else:
                stale[uuid] = (domain, shape)
        names = DeviceNames(session)
        for domain, answer in session.each([domain for domain, _ in stale.values()], "XMLDesc", 0):
            uuid = domain.UUIDString()
            made = names.of(defined(domain, host, answer))
            self._kept[uuid] = Kept(stale[uuid][1], now, made, _marks(answer) if not made.problem else ())
        return len(stale)

    def _vm(self, domain: Any, stats: Mapping[str, Stats], marks: Marks, addresses: Addresses) -> Vm:
        """The VM with all that its definition does not say; the same object as before where nothing of that has changed."""
        uuid = domain.UUIDString()
        kept, told = self._kept[uuid], stats.get(uuid, {})
        macs = tuple(addresses.get(nic.mac, ()) for nic in kept.defined.nics) if addresses else ()
        moment = (told, *marks.of_vm(uuid), macs)
        if kept.vm is None or kept.told != moment:
            kept.vm, kept.told = completed(domain, kept.defined, told, marks, macs), moment
        return kept.vm


@dataclass(frozen=True, slots=True)
class Marks:
    """What libvirt tells by lists: which VMs are transient, which have saved memory, and the snapshots of those that have any."""

    transient: frozenset[str]
    saved: frozenset[str]
    snapshots: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, session: Session) -> Marks:
        def listed(flag: int) -> list[Any]:
            return list(session.ask("listAllDomains", flag))

        names = session.each(listed(libvirt.VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT), "snapshotListNames", 0)
        return cls(
            frozenset(one.UUIDString() for one in listed(libvirt.VIR_CONNECT_LIST_DOMAINS_TRANSIENT)),
            frozenset(one.UUIDString() for one in listed(libvirt.VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE)),
            _snapshots(names),
        )

    @classmethod
    def of_some(cls, session: Session, domains: Sequence[Any]) -> Marks:
        """The same of some VMs."""

        def having(of: Iterable[Any], method: str, *arguments: int) -> frozenset[str]:
            return frozenset(one.UUIDString() for one in of if session.call(one, method, *arguments) == 1)

        lasting = having(domains, "isPersistent")
        saved = having((one for one in domains if one.UUIDString() in lasting), "hasManagedSaveImage", 0)
        names = session.each(domains, "snapshotListNames", 0)
        return cls(frozenset(one.UUIDString() for one in domains) - lasting, saved, _snapshots(names))

    def of_vm(self, uuid: str) -> tuple[bool, bool, tuple[str, ...]]:
        return uuid not in self.transient, uuid in self.saved, self.snapshots.get(uuid, ())


def _snapshots(names: Iterable[tuple[Any, Any]]) -> dict[str, tuple[str, ...]]:
    return {one.UUIDString(): ("?",) if isinstance(told, CorralError) else tuple(told) for one, told in names}


def stats_of(session: Session, method: str, *domains: Any) -> dict[str, Stats]:
    """Statistics by UUID, without waiting for a VM whose monitor is busy. Empty where the hypervisor has none: all is read then."""
    flags = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT
    with contextlib.suppress(CorralError):
        return {domain.UUIDString(): told for domain, told in session.ask(method, *domains, _STATS, flags)}
    return {}


def defined(domain: Any, host: Host, answer: str | CorralError) -> Vm:
    """What a domain's XML says; a VM with a problem where it can't be read."""
    try:
        if isinstance(answer, CorralError):
            raise Unreadable(answer.message)
        return vm(answer, host.source, host.id, host.name)
    except Unreadable as exc:
        return Vm(host.source, host.id, domain.UUIDString(), domain.name(), host_name=host.name, problem=str(exc))


def _marks(answer: str | CorralError) -> tuple[Mark, ...]:
    return () if isinstance(answer, CorralError) else marks_in(answer)


def _shape(domain: Any, stats: Stats | None) -> tuple[Any, ...]:
    if stats is None:
        return (time.monotonic(),)  # like nothing before: it is read
    return domain.ID(), domain.name(), *(pair for pair in stats.items() if pair[0].endswith(_SHAPE))


def completed(domain: Any, defined: Vm, told: Stats, marks: Marks, macs: tuple[tuple[Address, ...], ...]) -> Vm:
    persistent, saved, snapshots = marks.of_vm(defined.id)
    run = domain.ID()
    nics = defined.nics
    if any(macs):
        nics = tuple(replace(nic, addresses=found) for nic, found in zip(nics, macs, strict=True))
    return replace(
        defined,
        state=STATES.get(told.get("state.state", -1), RunState.UNKNOWN),
        run=str(run) if run >= 0 else "",
        persistent=persistent,
        saved=saved,
        snapshots=snapshots,
        nics=nics,
        disks=sized(defined.disks, told),
    )


def _used(host: Host, vms: list[Vm], seconds: float) -> Host:
    running = [one for one in vms if one.run]
    return replace(
        host,
        vms=len(vms),
        cpus_given=sum(one.cpus for one in running),
        memory_given=sum(one.memory for one in running),
        seconds=seconds,
    )
