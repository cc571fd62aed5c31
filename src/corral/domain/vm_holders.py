"""Who else has what only one VM may have: its id, its disks, its MACs, its addresses.

Rule: pure. `held` says what a VM holds, and is all that a record needs to keep to find the other holders by an index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corral.domain.vm import Vm, VmDisk

NAMED = 3
"""So many of the others are named."""
ENOUGH = NAMED + 2
"""So many holders tell everything that is said: the VM itself, those that are named, and that there are more."""

Key = tuple[str, ...]
"""`("mac", M)`, `("address", A)`, `("disk", …)` as `disk_key` says, `("id", I)`."""


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """One that has something: a VM by its id, with its host's name and its own, for people. What is at no host has none."""

    vm: str
    host: str
    label: str


@dataclass(frozen=True, slots=True)
class Holders:
    """Who has what, for what more than one has; the first `ENOUGH` of each, by id."""

    having: Mapping[Key, Sequence[Holder]] = field(default_factory=dict)

    def others(self, vm: Vm, key: Key) -> str:
        """The others that have it too, as text; "" for none. Of the same id on another host only the VM itself speaks."""
        own, found = holder(vm), self.having.get(key, ())
        twins = [one for one in found if one.vm == vm.id and one.host != own.host] if key[0] == "id" else []
        rivals = twins or [one for one in found if one.vm != vm.id]
        named = [one.label if one.host in ("", own.host) else f"{one.label} on {one.host}" for one in rivals]
        return ", ".join(named[:NAMED]) + (" and others" if len(named) > NAMED else "")


def holder(vm: Vm) -> Holder:
    """The VM as a holder."""
    return Holder(vm.id, vm.host_name or vm.host, vm.label)


def held(vm: Vm) -> Iterator[Key]:
    """What the VM holds, each once, but for its id."""
    disks = (disk_key(vm, disk) for disk in vm.own_disks)
    macs = (("mac", nic.mac) for nic in vm.nics if nic.mac)
    addresses = (("address", one.ip) for nic in vm.nics for one in nic.addresses if one.ip)
    yield from dict.fromkeys((*disks, *macs, *addresses))


def disk_key(vm: Vm, disk: VmDisk) -> Key:
    """A path means the same on one host only; a name in network storage, or a WWN, means the same everywhere."""
    if wwn := disk.page83:
        return "disk", "wwn", wwn
    where = disk.place or ()
    return ("disk", *where) if disk.protocol else ("disk", vm.host, *where)


def holders(vms: Iterable[Vm]) -> Holders:
    """The holders among these VMs. Only what more than one has is kept, so that it stays small."""
    found: dict[Key, set[Holder]] = defaultdict(set)
    for vm in vms:
        who = holder(vm)
        found["id", vm.id].add(who)
        for key in held(vm):
            found[key].add(who)
    return Holders({key: _first(who) for key, who in found.items() if len(who) > 1})


def _first(who: Iterable[Holder]) -> tuple[Holder, ...]:
    return tuple(sorted(who)[:ENOUGH])
