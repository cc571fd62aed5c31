"""Single VMs of a vCenter: observed, marked, switched.

They share the session for looks at one host, so that nobody waits for a look at all of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

from pyVmomi import vim

from corral.contracts.border import Border
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Console, Mark, Where
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, NotFound
from corral.domain.host import Host
from corral.domain.machine import is_uuid
from corral.domain.vm import Vm
from corral.drivers.vsphere import mark as marks
from corral.drivers.vsphere.acting import Change, act
from corral.drivers.vsphere.collect import of_view
from corral.drivers.vsphere.describe import DESCRIBABLE, describe, refusal
from corral.drivers.vsphere.finding import machine
from corral.drivers.vsphere.hosts import VsphereHosts
from corral.drivers.vsphere.inventory import attributes, text
from corral.drivers.vsphere.link import Session
from corral.drivers.vsphere.one import host_ids, look_at
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.properties import values
from corral.drivers.vsphere.switch import await_task, power, switch

_OF_MARKS = ("customValue", "config.instanceUuid", "runtime.host")


class VsphereVms(VsphereHosts):
    """`contracts.virtual` over a vCenter, beside `contracts.hosts`. A VM is found wherever it is: its host does not matter."""

    def __init__(self, name: str, options: Options, border: Border) -> None:
        super().__init__(name, options, border)
        self._patience = options.timeout

    def observe(self, where: Where) -> tuple[Host, Vm]:
        """See `contracts.virtual.Vms`."""
        host, vm, _mark = self.observe_marked(where)
        return host, vm

    def observe_marked(self, where: Where) -> tuple[Host, Vm, Mark | None]:
        """In the same call."""
        host, vm, held = self._alone.ask(lambda session: look_at(session, self.name, where.vm))
        return self._noted(host), vm, held.mark

    def mark(self, where: Where, mark: Mark) -> None:
        """As the value of a custom attribute, which is made when it is missing. Takes a second longer than the calls."""
        if act(self._alone, lambda session, change: marks.put(session, change, where.vm, mark)):
            time.sleep(marks.SETTLE)
            self._alone.ask(lambda session: marks.confirm(session, where.vm, mark))

    def unmark(self, where: Where, server: str) -> None:
        """Empty that attribute."""
        try:
            act(self._alone, lambda session, change: marks.take(session, change, where.vm, server))
        except NotFound:
            return

    def marked(self, where: Where) -> Mark | None:
        """The mark in that attribute."""
        return self._alone.ask(lambda session: marks.held(session, where.vm))[1].mark

    def marks(self) -> Iterator[tuple[Where, Mark]]:
        """In one listing of all VMs; none where nobody made the attribute."""
        yield from self._alone.ask(_all_marks)

    def switch(self, where: Where, target: PowerTarget) -> None:
        """See `contracts.virtual.SwitchesVms`. The soft ways need VMware Tools in the guest."""
        task = act(self._alone, lambda session, change: switch(session, change, machine(session, where.vm), target))
        if task is not None:
            await_task(self._alone, task, self._patience)

    def describable(self) -> frozenset[Field]:
        """See `contracts.virtual.DescribesVms`; there is no place for metadata."""
        return DESCRIBABLE

    def refusal(self, what: Field, value: Value) -> str:
        """What a vCenter has no room for."""
        return refusal(what, value)

    def describe(self, where: Where, what: Field, value: Value) -> None:
        """The VM's name, its annotation, and custom attributes."""
        task = act(self._alone, lambda session, change: describe(session, change, where.vm, what, value))
        if task is not None:
            await_task(self._alone, task, self._patience)

    def consoles(self, where: Where) -> tuple[Console, ...]:
        """The VM's screen, by a ticket that holds for a short time. Raises NotSupported at what gives no tickets."""
        return act(self._alone, lambda session, change: (_screen(session, change, where.vm),))


def _screen(session: Session, change: Change, uuid: str) -> Console:
    found = machine(session, uuid)
    if power(session, found) != "poweredOn":
        raise Conflict("The VM does not run, so it has no console.", fix="Switch it on.")
    ticket = change.send(lambda: found.AcquireTicket("webmks"))
    host, port = text(ticket.host) or session.options.host, int(ticket.port or 443)
    named = f"[{host}]" if ":" in host else host
    return Console("mks", f"wss://{named}:{port}/ticket/{quote(text(ticket.ticket), safe='')}")


def _all_marks(session: Session) -> list[tuple[Where, Mark]]:
    key = marks.key_of(attributes(session))
    if key is None:
        return []
    hosts, found = host_ids(session), []
    for _, one in of_view(session, session.view((vim.VirtualMachine,)), {vim.VirtualMachine: _OF_MARKS}):
        mark = marks.mark_of(values(one.properties.get("customValue")).get(key, ""))
        uuid = text(one.properties.get("config.instanceUuid")).lower()
        if mark is not None and is_uuid(uuid):
            host = hosts.get(text(getattr(one.properties.get("runtime.host"), "_moId", "")), "")
            found.append((Where(uuid, host), mark))
    return found
