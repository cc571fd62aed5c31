"""One look at a whole vCenter: hosts and VMs in bulk, and of the VMs only those read in full that may have changed.

What says that a VM may have changed: another version, time or size of its configuration, another name, host or address; and that it
has not been read for a while, as none of those tells everything.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyVmomi import vim

from corral.contracts.hosts import Glimpse, Look
from corral.domain.errors import NotFound
from corral.domain.host import Host
from corral.domain.vm import RunState, Vm
from corral.drivers.vsphere.collect import Told, of_host, of_objects, of_view
from corral.drivers.vsphere.inventory import STATE, Inventory, attributes, look_inventory, stated
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.properties import CHANGES, MOMENT, STANDING, values, vm

_VMS = (vim.VirtualMachine,)


@dataclass(slots=True)
class Kept:
    """What a VM was at the last look: what it has, as read at `at`; what it did then; and what both came to."""

    at: float
    standing: Mapping[str, Any]
    missing: Mapping[str, str]
    moment: Mapping[str, Any]
    shape: object
    vm: Vm


class Looker:
    """Looks at a vCenter, and remembers what it saw. At all for one thread at a time, at single hosts for one beside it: what they
    remember may be overwritten by what is older, which is noticed and read again; the rest is for any thread."""

    def __init__(self, source: str, options: Options) -> None:
        self._source = source
        self._options = options
        self._kept: dict[str, Kept] = {}
        self._shape: tuple[object, ...] = ()
        self._changed: set[str] = set()
        self._hosts: dict[str, Host] = {}
        """As the last looks told them, with what their VMs use since."""
        self._nameless: set[int] = set()
        self._lock = threading.Lock()
        self.inventory: Inventory | None = None
        """As the last look at all saw it."""

    # --- what the last look saw ---------------------------------------------------------------------------

    @property
    def known(self) -> set[str]:
        """The vCenter's ids of the VMs that were seen."""
        return set(self._kept)

    def changed(self, number: str) -> None:
        """A VM that may have changed, whatever its moment says."""
        with self._lock:
            self._changed.add(number)

    def differs(self, number: str, told: Mapping[str, Any]) -> bool:
        """Whether any of these properties was another one."""
        kept = self._kept.get(number)
        return kept is None or any(kept.moment.get(path) != value for path, value in told.items())

    def host_of(self, number: str) -> str:
        """The vCenter's id of the host where a VM was; "" for a VM that was not seen."""
        kept = self._kept.get(number)
        return _host_of(kept.moment) if kept is not None else ""

    def name_of(self, host: str) -> str:
        """The name of the host with that id of the vCenter's; "" for one that was not seen."""
        found = self.inventory.hosts.get(host) if self.inventory is not None else None
        return found.name if found is not None else ""

    def number_of(self, host: str) -> str | None:
        """The vCenter's id of the host with that name or id."""
        hosts = self.inventory.hosts if self.inventory is not None else {}
        return next((number for number, one in hosts.items() if host in (one.name, one.id)), None)

    # --- looks --------------------------------------------------------------------------------------------

    def look_at(self, session: Session, number: str) -> Look:
        """One look at one host that was seen before. What the host itself has is as the last look at all told it."""
        begun, inventory = time.monotonic(), self.inventory
        assert inventory is not None, "the host was seen"
        wanted = {vim.HostSystem: STATE, vim.VirtualMachine: MOMENT}
        answers = list(of_host(session, vim.HostSystem(number, session.wire), wanted))
        state = next((one for kind, one in answers if issubclass(kind, vim.HostSystem)), None)
        if state is None:
            raise NotFound(f"Its vCenter has no host {inventory.hosts[number].name} any more.")
        told = {one.object: one for kind, one in answers if issubclass(kind, vim.VirtualMachine)}
        inventory = self._named(session, told.values(), inventory)
        found, read = self._made_of(session, told, inventory)
        with self._lock:
            left = {one for one, kept in self._kept.items() if _host_of(kept.moment) == number} - found.keys()
            self._kept = {**{one: kept for one, kept in self._kept.items() if one not in left}, **found}
        here = [kept.vm for kept in found.values() if _host_of(kept.moment) == number]
        host = stated(inventory.hosts[number], state)
        look = _looked(host, here, len(read), time.monotonic() - begun, begun)
        with self._lock:
            self._hosts[number] = look.host
        return look

    def look_at_some(self, session: Session, number: str, machines: Collection[str]) -> Glimpse | None:
        """Those VMs, by the vCenter's ids, of a host; all of it in one call. None for a host that was not seen, or that does not
        answer its vCenter."""
        begun, inventory = time.monotonic(), self.inventory
        assert inventory is not None, "the host was seen"
        objects = [vim.HostSystem(number, session.wire)]
        objects += [vim.VirtualMachine(one, session.wire) for one in sorted(machines)]
        wanted = {vim.HostSystem: STATE, vim.VirtualMachine: (*MOMENT, *STANDING)}
        answers = list(of_objects(session, objects, wanted))
        state = next((one for kind, one in answers if issubclass(kind, vim.HostSystem)), None)
        if number not in self._hosts or state is None or not stated(self._hosts[number], state).reachable:
            return None
        told = {one.object: one for kind, one in answers if issubclass(kind, vim.VirtualMachine)}
        found, _ = self._made_of(session, told, self._named(session, told.values(), inventory), told)
        return self._glimpsed(number, machines, found, begun)

    def _glimpsed(self, number: str, machines: Collection[str], found: Mapping[str, Kept], begun: float) -> Glimpse:
        here = {kept.vm.id: kept.vm for kept in found.values() if _host_of(kept.moment) == number}
        with self._lock:
            self._changed.difference_update(machines)
            before = [kept for one in machines if (kept := self._kept.get(one)) is not None]
            self._kept = {one: kept for one, kept in self._kept.items() if one not in machines} | dict(found)
            self._use(before, -1)
            self._use(found.values(), 1)
            missing = {kept.vm.id for kept in before} - here.keys()
            if missing:  # another one may have the same instanceUuid
                missing -= {kept.vm.id for kept in self._kept.values() if _host_of(kept.moment) == number}
            vms = tuple(here[one] for one in sorted(here))
            return Glimpse(self._hosts[number], vms, frozenset(missing), begun)

    def _use(self, some: Iterable[Kept], sign: int) -> None:
        """Count what VMs use of their hosts, or use no more. The caller holds the lock."""
        for kept in some:
            if (host := self._hosts.get(number := _host_of(kept.moment))) is not None:
                on = sign if kept.vm.state is RunState.RUNNING else 0
                cpus, memory = host.cpus_given + on * kept.vm.cpus, host.memory_given + on * kept.vm.memory
                self._hosts[number] = replace(host, vms=host.vms + sign, cpus_given=cpus, memory_given=memory)

    def _named(self, session: Session, told: Iterable[Told], inventory: Inventory) -> Inventory:
        """The inventory, with the names of custom attributes that are newer than it. A key that stays without a name is asked about
        once until the next look at all."""
        keys = {key for one in told for key in values(one.properties.get("customValue"))}
        if not (keys := keys - inventory.attributes.keys() - self._nameless):
            return inventory
        names = attributes(session)
        self._nameless |= keys - names.keys()
        newer = replace(inventory, attributes=names)
        with self._lock:
            if self.inventory is inventory:
                self.inventory = newer
        return newer

    def look(self, session: Session) -> tuple[Look, ...]:
        """A look at each host, and at none for the VMs whose host is not told, in the order of the hosts' names."""
        begun = time.monotonic()
        inventory = look_inventory(session, self._source)
        if self._shape != (shape := inventory.shape):
            self._shape = shape  # another object: what VMs were made of is not what it was
        found, read = self._vms(session, inventory)
        seconds = time.monotonic() - begun
        placed: dict[str, list[Vm]] = defaultdict(list)
        for kept in found.values():
            placed[_host_of(kept.moment)].append(kept.vm)
        counts = Counter(_host_of(found[number].moment) for number in read)
        hosts = dict(inventory.hosts)
        for number in placed.keys() - hosts.keys():
            hosts[number] = _nowhere(self._source, self._options.address, number)
        with self._lock:
            self._kept, self.inventory, self._nameless = found, inventory, set()
            looks = {one: _looked(hosts[one], placed[one], counts[one], seconds, begun) for one in hosts}
            self._hosts = {one: look.host for one, look in looks.items()}
        return tuple(looks.values())

    def _vms(self, session: Session, inventory: Inventory) -> tuple[dict[str, Kept], set[str]]:
        """The VMs by the vCenter's ids, and which of them were read in full."""
        first = not self._kept
        paths = (*MOMENT, *STANDING) if first else MOMENT
        told = {one.object: one for _, one in of_view(session, session.view(_VMS), {vim.VirtualMachine: paths})}
        return self._made_of(session, told, inventory, told if first else None)

    def _made_of(
        self, session: Session, told: Mapping[str, Told], inventory: Inventory, full: Mapping[str, Told] | None = None
    ) -> tuple[dict[str, Kept], set[str]]:
        """The VMs of which a moment was told. `full`: all of them, if that is known; else the stale ones are read."""
        with self._lock:
            changed = self._changed & told.keys()
            self._changed -= changed
        stale = set(told) if full is not None else {one for one in told if one in changed or self._stale(told[one])}
        if full is None:
            try:
                full = self._read(session, stale)
            except BaseException:
                with self._lock:
                    self._changed |= changed  # what was heard of is still to be read
                raise
        now = time.monotonic()
        found = {}
        for number, one in told.items():
            if number in stale and number not in full:
                continue  # it was removed in between
            found[number] = self._made(number, one, full.get(number) if number in stale else None, inventory, now)
        return found, stale & found.keys()

    def _stale(self, told: Told) -> bool:
        kept = self._kept.get(told.object)
        if kept is None or time.monotonic() - kept.at >= self._options.refresh:
            return True
        return any(told.properties.get(path) != kept.moment.get(path) for path in CHANGES)

    def _read(self, session: Session, stale: Iterable[str]) -> dict[str, Told]:
        objects = [vim.VirtualMachine(one, session.wire) for one in sorted(stale)]
        return {one.object: one for _, one in of_objects(session, objects, {vim.VirtualMachine: STANDING})}

    def _made(self, number: str, told: Told, full: Told | None, inventory: Inventory, now: float) -> Kept:
        """The VM; the same object as before where nothing of it has changed."""
        kept, moment = self._kept.get(number), told.properties
        if kept is not None and full is None:
            if kept.shape is self._shape and plain(kept.moment) == plain(moment):
                return kept
            at, standing, missing = kept.at, kept.standing, kept.missing
        else:
            assert full is not None, "what is not kept was read"
            at, standing, missing = now, full.properties, {**told.missing, **full.missing}
        host = inventory.hosts.get(_host_of(moment))
        made = vm({**standing, **moment}, missing, number, self._source, host, inventory)
        return Kept(at, standing, missing, moment, self._shape, made)


def plain(moment: Mapping[str, Any]) -> list[tuple[str, object]]:
    """The moment as values that can be compared: the library's objects are themselves only."""
    return [(path, _plain(moment.get(path))) for path in MOMENT]


def _plain(value: Any) -> object:
    if isinstance(value, list):
        return values(value)
    return str(value) if isinstance(value, vim.vm.SnapshotInfo | vim.vm.QuestionInfo) else value


def _host_of(moment: Mapping[str, Any]) -> str:
    host = moment.get("runtime.host")
    return str(getattr(host, "_moId", ""))


def _nowhere(source: str, address: str, number: str) -> Host:
    """A host that VMs are on and that is not told of: the user may not see it, or the VM is registered nowhere."""
    name = f"{number or 'no host'} at {address}"
    return Host(source, name, name, "ESXi")


def _looked(host: Host, vms: list[Vm], read: int, seconds: float, begun: float) -> Look:
    if not host.reachable:
        return Look(host, as_of=begun)
    running = [one for one in vms if one.state is RunState.RUNNING]
    used = replace(
        host,
        vms=len(vms),
        cpus_given=sum(one.cpus for one in running),
        memory_given=sum(one.memory for one in running),
        seconds=seconds,
    )
    return Look(used, tuple(sorted(vms, key=lambda one: one.id)), read, begun)
