"""One look at a whole vCenter: hosts and VMs in bulk, and of the VMs only those read in full that may have changed.

What says that a VM may have changed: another version, time or size of its configuration, another name, host or address; and that it
has not been read for a while, as none of those tells everything.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyVmomi import vim

from corral.contracts.hosts import Look
from corral.domain.host import Host
from corral.domain.vm import RunState, Vm
from corral.drivers.vsphere.collect import Told, of_objects, of_view
from corral.drivers.vsphere.inventory import Inventory, look_inventory
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.properties import CHANGES, MOMENT, STANDING, vm

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
    """Looks at a vCenter, and remembers what it saw. For one thread at a time."""

    def __init__(self, source: str, options: Options) -> None:
        self._source = source
        self._options = options
        self._kept: dict[str, Kept] = {}
        self._shape: tuple[object, ...] = ()

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
        self._kept = found
        return tuple(_looked(hosts[one], placed[one], counts[one], seconds) for one in hosts)

    def _vms(self, session: Session, inventory: Inventory) -> tuple[dict[str, Kept], set[str]]:
        """The VMs by the vCenter's ids, and which of them were read in full."""
        first = not self._kept
        paths = (*MOMENT, *STANDING) if first else MOMENT
        told = {one.object: one for _, one in of_view(session, session.view(_VMS), {vim.VirtualMachine: paths})}
        stale = set(told) if first else {one for one in told if self._stale(told[one])}
        full = told if first else self._read(session, stale)
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
    return str(value) if isinstance(value, vim.vm.SnapshotInfo | vim.vm.QuestionInfo) else value


def _host_of(moment: Mapping[str, Any]) -> str:
    host = moment.get("runtime.host")
    return str(getattr(host, "_moId", ""))


def _nowhere(source: str, address: str, number: str) -> Host:
    """A host that VMs are on and that is not told of: the user may not see it, or the VM is registered nowhere."""
    name = f"{number or 'no host'} at {address}"
    return Host(source, name, name, "ESXi")


def _looked(host: Host, vms: list[Vm], read: int, seconds: float) -> Look:
    if not host.reachable:
        return Look(host)
    running = [one for one in vms if one.state is RunState.RUNNING]
    used = replace(
        host,
        vms=len(vms),
        cpus_given=sum(one.cpus for one in running),
        memory_given=sum(one.memory for one in running),
        seconds=seconds,
    )
    return Look(used, tuple(sorted(vms, key=lambda one: one.id)), read)
