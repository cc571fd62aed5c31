"""All hosts of a source: looked at at the same time, each in its own thread, none waiting for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime

from corral.contracts.border import Border
from corral.contracts.hosts import Glimpse, Look
from corral.contracts.watching import Hint
from corral.domain.errors import CorralError, NotFound, Unreachable
from corral.domain.host import Host, Part
from corral.domain.vm import Vm
from corral.drivers.libvirt.leases import Addresses, of_agents, of_some_agents
from corral.drivers.libvirt.link import Link, Session
from corral.drivers.libvirt.look import Looker
from corral.drivers.libvirt.look_host import look_host
from corral.drivers.libvirt.options import Options
from corral.drivers.libvirt.watch import Ear


class LibvirtHosts:
    """`contracts.hosts.Hosts` over libvirt."""

    driver = "libvirt"

    def __init__(self, name: str, options: Options, border: Border) -> None:
        self.name = name
        self._options = options
        self._links = {
            place.name: Link(place, border, options.timeout, options.longest, write=False) for place in options.hosts
        }
        # Guest agents answer over connections that may write, and may hang: both apart from the looks.
        self._agents = {
            place.name: Link(place, border, options.timeout, options.longest, write=True)
            for place in options.hosts
            if options.ask_agent
        }
        self._lookers = {place.name: Looker(name, place.name, options) for place in options.hosts}
        self._ear = Ear()
        for place, link in self._links.items():
            self._ear.listen(link, self._lookers[place])
        self._seen: dict[str, tuple[Host, datetime]] = {}
        self._first: dict[str, str] = {}
        self._lock = threading.Lock()

    def hosts(self) -> tuple[Host, ...]:
        """Every host, in the order of the options."""
        with ThreadPoolExecutor(min(int(self._options.threads), len(self._links)), "libvirt hosts") as pool:
            asked = [pool.submit(copy_context().run, self._host, name) for name in self._links]
            return tuple(one.result() for one in asked)

    def machines(self, host: str) -> tuple[Vm, ...]:
        """By the host's name, or the id that it had when it was last seen."""
        look = self.look(host)
        if not look.host.reachable:
            raise Unreachable(look.host.problem, fix="Look at the host and at the way to it, then try again.")
        return look.vms

    def look(self, host: str) -> Look:
        """One host, likewise by name or id."""
        name = self._named(host)
        if name is None:
            self.hosts()
            name = self._named(host)
        if name is None:
            raise NotFound(f"Source {self.name} has no host {host!r}.", fix="`corral probe libvirt` lists them.")
        return self._look(name)

    def look_at_some(self, host: str, machines: Collection[str]) -> Glimpse | None:
        """By UUIDs of VMs, as events name them."""
        name = self._named(host)
        if name is None:
            return None
        addresses, untold = self._told_by_agents(name, lambda session: of_some_agents(session, machines))
        some = self._links[name].ask(lambda session: self._lookers[name].look_at_some(session, machines, addresses))
        return some if some is not None and not untold and self._noted(name, some.host).reachable else None

    def looks(self) -> Iterator[Look]:
        """As they are done."""
        pool = ThreadPoolExecutor(min(int(self._options.threads), len(self._links)), "libvirt looks")
        try:
            for future in as_completed([pool.submit(copy_context().run, self._look, name) for name in self._links]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def watch(self, heard: Callable[[Hint], None]) -> Callable[[], None]:
        """As `contracts.watching.Watches`. Hosts are hinted by their names."""
        return self._ear.watch(heard)

    def close(self) -> None:
        """Let go of all hosts. Returns at once; a host that hangs is let go of when it comes back."""
        for link in (*self._links.values(), *self._agents.values()):
            link.close()

    def _named(self, host: str) -> str | None:
        """What the host with that id or name is called here, if it was seen."""
        return next((name for name in self._links if host in (name, self._id(name))), None)

    def _id(self, name: str) -> str:
        seen = self._seen.get(name)
        return seen[0].id if seen else name

    def _host(self, name: str) -> Host:
        try:
            host, _ = self._links[name].ask(lambda session: look_host(session, self.name, name))
        except CorralError as exc:
            return self._absent(name, exc.message)
        return self._noted(name, host)

    def _look(self, name: str) -> Look:
        addresses, untold = self._told_by_agents(name, of_agents)
        try:
            look = self._links[name].ask(lambda session: self._lookers[name].look(session, addresses, untold))
        except CorralError as exc:
            return Look(self._absent(name, exc.message), as_of=time.monotonic())
        host = self._noted(name, look.host)
        return replace(look, host=host) if host.reachable else Look(host)

    def _told_by_agents(
        self, name: str, of: Callable[[Session], Addresses]
    ) -> tuple[Addresses, tuple[tuple[Part, str], ...]]:
        if name not in self._agents:
            return {}, ()
        try:
            return self._agents[name].ask(of), ()
        except CorralError as exc:
            return {}, ((Part.AGENTS, exc.message),)

    def _noted(self, name: str, host: Host) -> Host:
        with self._lock:
            first = self._first.setdefault(host.id, name)
            self._seen[name] = host, datetime.now(UTC)
        if first == name:
            return host
        problem = f"{name} is the same machine as {first} (its UUID is {host.id}), which is looked at already."
        return Host(self.name, name, name, problem=problem)

    def _absent(self, name: str, problem: str) -> Host:
        with self._lock:
            last, at = self._seen.get(name, (Host(self.name, name, name), None))
        return replace(last, problem=problem, stale_since=at)
