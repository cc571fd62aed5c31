"""All hosts of a vCenter: one login, one look at all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from corral.contracts.border import Border
from corral.contracts.hosts import Glimpse, Look
from corral.contracts.watching import Hint
from corral.domain.errors import NotFound, Unreachable
from corral.domain.host import Host
from corral.domain.vm import Vm
from corral.drivers.vsphere.inventory import look_inventory
from corral.drivers.vsphere.link import Link, Refusals
from corral.drivers.vsphere.look import Looker
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.watch import Watch


class VsphereHosts:
    """`contracts.hosts.Hosts` over a vCenter. When it can't be asked, all methods raise: nothing is known of any host then."""

    driver = "vsphere"

    def __init__(self, name: str, options: Options, border: Border) -> None:
        self.name = name
        self._options = options
        # A question that waits for changes, and a look at all, take long: neither holds up a look at one host.
        refusals = Refusals()
        self._link, self._alone, self._watching = (Link(options, border, refusals) for _ in range(3))
        self._looker = Looker(name, options)
        self._seen: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def hosts(self) -> tuple[Host, ...]:
        """In the order of their names."""
        found = self._link.ask(lambda session: look_inventory(session, self.name))
        return tuple(self._noted(host) for host in found.hosts.values())

    def machines(self, host: str) -> tuple[Vm, ...]:
        """By the host's name or id. All hosts are looked at for it."""
        for look in self.looks():
            if host in (look.host.name, look.host.id):
                if not look.host.reachable:
                    raise Unreachable(look.host.problem, fix="Look at the host in the vSphere Client, then try again.")
                return look.vms
        raise self._unknown(host)

    def looks(self) -> Iterator[Look]:
        """All at once, as the vCenter tells of all at once."""
        for look in self._link.ask(self._looker.look):
            yield replace(look, host=self._noted(look.host))

    def look(self, host: str) -> Look:
        """One host by its name or id, in as many calls as it has pages of VMs, and those for the VMs that changed."""
        number = self._looker.number_of(host)
        if number is None:
            for look in self.looks():
                if host in (look.host.name, look.host.id):
                    return look
            raise self._unknown(host)
        look = self._alone.ask(lambda session: self._looker.look_at(session, number))
        return replace(look, host=self._noted(look.host))

    def look_at_some(self, host: str, machines: Collection[str]) -> Glimpse | None:
        """By the vCenter's ids of VMs, as its hints name them; in one call."""
        number = self._looker.number_of(host)
        if number is None:
            return None
        some = self._alone.ask(lambda session: self._looker.look_at_some(session, number, machines))
        return None if some is None else replace(some, host=self._noted(some.host))

    def watch(self, heard: Callable[[Hint], None]) -> Callable[[], None]:
        """As `contracts.watching.Watches`. Hosts are hinted by their names."""
        made = Watch(self._watching, self._looker, self._options, heard)
        made.begin()
        return made.stop

    def close(self) -> None:
        """Log out."""
        for link in (self._link, self._alone):
            link.close()

    def _unknown(self, host: str) -> NotFound:
        return NotFound(f"Source {self.name} has no host {host!r}.", fix="`corral probe vsphere` lists them.")

    def _noted(self, host: Host) -> Host:
        """The host, with when it was last seen where it does not answer."""
        with self._lock:
            if host.reachable:
                self._seen[host.id] = datetime.now(UTC)
                return host
            return replace(host, stale_since=self._seen.get(host.id))
