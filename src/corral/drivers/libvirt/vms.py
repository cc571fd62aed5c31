"""Single VMs of all hosts: found wherever they are, observed, marked, switched.

What reads goes over the connections of the looks. What marks and switches has connections of its own, which libvirt lets write;
they are opened when a VM of their host is first marked or switched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import TypeVar

from corral.contracts.border import Border
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Console, Mark, Where
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, CorralError, DriverFailed, NotFound, Unreachable
from corral.domain.host import Host
from corral.domain.vm import Vm
from corral.drivers.libvirt import console
from corral.drivers.libvirt.acting import Change, act
from corral.drivers.libvirt.describe import DESCRIBABLE, describe, refusal
from corral.drivers.libvirt.hosts import LibvirtHosts
from corral.drivers.libvirt.leases import of_agent
from corral.drivers.libvirt.link import Link, Session
from corral.drivers.libvirt.mark import Marking
from corral.drivers.libvirt.one import domain_of, look_at, rank
from corral.drivers.libvirt.options import Options
from corral.drivers.libvirt.switch import switch
from corral.drivers.libvirt.xml import Unreadable

T = TypeVar("T")
_TRIES = 2
"""A VM that moved between finding it and asking for it is looked for once more."""


class LibvirtVms(LibvirtHosts):
    """`contracts.virtual` over libvirt, beside `contracts.hosts`."""

    def __init__(self, name: str, options: Options, border: Border) -> None:
        super().__init__(name, options, border)
        self._writing = {
            place.name: Link(place, border, options.timeout, options.longest, write=True) for place in options.hosts
        }

    def observe(self, where: Where) -> tuple[Host, Vm]:
        """See `contracts.virtual.Vms`; the VM's addresses are those that a look would have."""
        return self._at(where, partial(self._observed, where.vm))

    def observe_marked(self, where: Where) -> tuple[Host, Vm, Mark | None]:
        """At the host where it is found, one after the other."""
        return self._at(where, lambda name: (*self._observed(where.vm, name), self._mark_at(where.vm, name)))

    def mark(self, where: Where, mark: Mark) -> None:
        """As an element of the domain's metadata, live and in its definition; live only for a transient one."""
        self._changed(where, lambda session, change: _marking(session, where.vm).put(change, mark))

    def unmark(self, where: Where, server: str) -> None:
        """Remove that element. libvirt keeps an empty `<metadata/>` where there was none before."""
        try:
            self._changed(where, lambda session, change: _marking(session, where.vm).take(change, server))
        except NotFound:
            return

    def marked(self, where: Where) -> Mark | None:
        """The mark, live or in the definition."""
        return self._at(where, partial(self._mark_at, where.vm))

    def marks(self) -> Iterator[tuple[Where, Mark]]:
        """From the looks' own knowledge: what has not changed is not read again."""
        for _name, told in self._each(self._links, lambda name: self._links[name].ask(self._lookers[name].marks)):
            if not isinstance(told, CorralError):
                yield from ((Where(vm, host), mark) for host, vm, mark in told)

    def switch(self, where: Where, target: PowerTarget) -> None:
        """See `contracts.virtual.SwitchesVms`. A transient VM is not switched off: it would be gone for good."""
        self._changed(where, lambda session, change: switch(session, change, where.vm, target))

    def describable(self) -> frozenset[Field]:
        """See `contracts.virtual.DescribesVms`."""
        return DESCRIBABLE

    def refusal(self, what: Field, value: Value) -> str:
        """What no XML can have, and what would not come back as it was."""
        return refusal(what, value)

    def describe(self, where: Where, what: Field, value: Value) -> None:
        """Notes as the description; a name as the domain's own where it is off, else as its title; the rest in the labels."""
        self._changed(where, lambda session, change: describe(session, change, where.vm, what, value))

    def consoles(self, where: Where) -> tuple[Console, ...]:
        """VNC and SPICE screens, and serial lines that somebody can connect to."""
        return self._at(where, lambda name: self._links[name].ask(partial(self._consoles, name, where.vm)))

    def close(self) -> None:
        """Let go of all hosts; as for looks."""
        super().close()
        for link in self._writing.values():
            link.close()

    def _observed(self, uuid: str, name: str) -> tuple[Host, Vm]:
        addresses, untold = self._told_by_agents(name, lambda session: of_agent(session, uuid))
        host, vm = self._links[name].ask(
            lambda session: look_at(session, self.name, name, uuid, self._options, addresses)
        )
        self._noted(name, host)
        return replace(host, untold=(*host.untold, *untold)), vm

    def _mark_at(self, uuid: str, name: str) -> Mark | None:
        return next(iter(self._links[name].ask(lambda session: _marking(session, uuid).all())), None)

    def _consoles(self, name: str, uuid: str, session: Session) -> tuple[Console, ...]:
        domain = domain_of(session, uuid)
        if session.call(domain, "isActive") == 0:
            raise Conflict("The VM is off, so it has no console.", fix="Switch it on.")
        try:
            return console.consoles(session.call(domain, "XMLDesc", 0), self._links[name].place.uri)
        except Unreadable as exc:
            raise DriverFailed(
                f"The VM's definition can't be read: {exc}.", fix="Look at it with `virsh dumpxml`."
            ) from exc

    def _changed(self, where: Where, job: Callable[[Session, Change], None]) -> None:
        def at(name: str) -> None:
            try:
                act(self._writing[name], job)
            finally:
                self._lookers[name].changed(where.vm)  # the event of it may come late, or never

        self._at(where, at)

    def _at(self, where: Where, job: Callable[[str], T]) -> T:
        """What `job` returns for the host that has the VM. Raises NotFound, Unreachable."""
        for _ in range(_TRIES):
            name = self._found(where)
            try:
                return job(name)
            except NotFound:
                continue
        raise NotFound(f"VM {where.vm} is at no host of source {self.name} any more.", fix="Survey the hosts.")

    def _found(self, where: Where) -> str:
        """The host that has it: the one that is named, unless the VM does not run there and does so elsewhere."""
        first = self._named(where.host)
        told = dict(self._ranked([first] if first else [], where.vm))
        if first is None or told.get(first) != 0:
            told.update(self._ranked((name for name in self._links if name != first), where.vm))
        having = [(found, name != first, name) for name, found in told.items() if isinstance(found, int)]
        if having:
            return min(having)[2]
        for found in told.values():
            if isinstance(found, CorralError) and not isinstance(found, NotFound):
                raise Unreachable(
                    f"VM {where.vm} was not found, and not all hosts answer: {found.message}", fix=found.fix
                )
        raise NotFound(f"No host of source {self.name} has the VM {where.vm}.", fix="Survey the hosts.")

    def _ranked(self, names: Iterable[str], uuid: str) -> Iterator[tuple[str, int | CorralError]]:
        return self._each(names, lambda name: self._links[name].ask(lambda session: rank(session, uuid)))

    def _each(self, names: Iterable[str], job: Callable[[str], T]) -> Iterator[tuple[str, T | CorralError]]:
        """For each of these hosts, all at the same time; one that is another's second name is left out."""
        chosen = [name for name in names if self._first.get(self._id(name), name) == name]
        if not chosen:
            return
        with ThreadPoolExecutor(min(int(self._options.threads), len(chosen)), "libvirt vms") as pool:
            asked = [(name, pool.submit(copy_context().run, _tried, job, name)) for name in chosen]
            yield from ((name, one.result()) for name, one in asked)


def _marking(session: Session, uuid: str) -> Marking:
    return Marking(session, domain_of(session, uuid))


def _tried(job: Callable[[str], T], name: str) -> T | CorralError:
    try:
        return job(name)
    except CorralError as exc:
        return exc
