"""What a source of hypervisor hosts can do: tell its hosts, and the VMs on them, in bulk.

All methods may raise Unreachable and DriverFailed, are safe to call from several threads at once, and send only what the border
allows for the purpose *look*.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from corral.contracts.border import Border
from corral.domain.host import Host
from corral.domain.vm import Vm


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one host: the host, its VMs ordered by id, and how many of them had to be read again since the look before.

    A host that could not be looked at has `problem` set, and no VMs: nothing is known of them, they are not gone."""

    host: Host
    vms: tuple[Vm, ...] = ()
    read: int = 0
    as_of: float = field(default=0.0, compare=False)
    """When it was begun, or given up, by the monotonic clock: of two looks at a host the later one holds. 0 when nobody says."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A look at some VMs of one host, and at no others. `host`: as it is with them; `vms`: those that it has; `missing`: ids of
    those that it has not, or not any more. `as_of`: as of a look."""

    host: Host
    vms: tuple[Vm, ...] = ()
    missing: frozenset[str] = frozenset()
    as_of: float = field(default=0.0, compare=False)

    @property
    def ids(self) -> frozenset[str]:
        """All VMs that it tells of."""
        return self.missing | {vm.id for vm in self.vms}

    def without(self, ids: Collection[str]) -> Glimpse:
        """The same, but for these VMs."""
        return replace(self, vms=tuple(vm for vm in self.vms if vm.id not in ids), missing=self.missing.difference(ids))


@runtime_checkable
class Hosts(Protocol):
    """Hypervisor hosts and their VMs. Reads only."""

    name: str
    driver: str

    def hosts(self) -> tuple[Host, ...]:
        """Every host without its VMs, in a stable order; one that does not answer in time is there with `problem`."""

    def machines(self, host: str) -> tuple[Vm, ...]:
        """The VMs of the host with that id or name, ordered by id. One that can't be read comes with `problem` set.

        Raises NotFound; Unreachable when the host does not answer."""

    def looks(self) -> Iterator[Look]:
        """One look at every host, each as soon as it is done: all are asked at the same time, in as few calls as the hypervisor
        knows, and none waits for another. Each host comes exactly once, the one that does not answer in time as well.

        Looking again rests on the look before: what has not changed is not read again."""


@runtime_checkable
class LooksAtOne(Protocol):
    """Hosts that can be looked at one by one. Of those that can't, all are looked at when one is wanted."""

    def look(self, host: str) -> Look:
        """One look at the host with that id or name, beside a look at all that may be under way; otherwise as `Hosts.looks`.

        Raises NotFound."""


@runtime_checkable
class LooksAtSome(Protocol):
    """Hosts that can be asked for a few of their VMs, at a price that does not grow with the VMs that they have."""

    def look_at_some(self, host: str, machines: Collection[str]) -> Glimpse | None:
        """Those VMs, as hints name them, on the host with that id or name: as a look at all of it would tell them. None where only
        such a look can tell: the host was not looked at yet, or it is not sure that it is as it was then.

        Raises NotFound."""


@dataclass(frozen=True, slots=True)
class HostSource:
    """Hosts that were opened. Made by a driver's entry point (`corral.hosts`): `open_hosts(name: str, options: Mapping[str, Any])
    -> HostSource`, which raises Invalid for options that it does not know or can't use, and does no I/O."""

    name: str
    driver: str
    hosts: Hosts
    close: Callable[[], None] = lambda: None
    border: Border = field(default_factory=lambda: Border(()))
