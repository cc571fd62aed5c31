"""One VM at one host, as a look at the whole host would tell it."""

from __future__ import annotations

from typing import Any

from corral.domain.host import Host
from corral.domain.vm import RunState, Vm
from corral.drivers.libvirt.devices import DeviceNames
from corral.drivers.libvirt.leases import Addresses, merged, of_arp
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.look import STATES, Marks, completed, defined, stats_of
from corral.drivers.libvirt.look_host import look_host
from corral.drivers.libvirt.options import Options

_RANKS = (RunState.RUNNING, RunState.STOPPING, RunState.SUSPENDED, RunState.PAUSED)


def domain_of(session: Session, uuid: str) -> Any:
    """The library's object for a VM. Raises NotFound."""
    return session.ask("lookupByUUIDString", uuid)


def rank(session: Session, uuid: str) -> int:
    """How much of a VM this host has: 0 while it runs here, more the less there is of it. Raises NotFound.

    While a VM moves, two hosts have it; and the host that it left may keep its definition."""
    state = STATES.get(session.call(domain_of(session, uuid), "state")[0], RunState.UNKNOWN)
    return _RANKS.index(state) if state in _RANKS else len(_RANKS)


def look_at(
    session: Session, source: str, name: str, uuid: str, options: Options, agents: Addresses
) -> tuple[Host, Vm]:
    """The VM with its host, all of it read now. Raises NotFound."""
    domain = domain_of(session, uuid)
    host, leased = look_host(session, source, name)
    addresses = merged(agents, leased)
    if options.ask_arp and domain.ID() >= 0:
        of_arp(session, [domain], addresses)
    made = DeviceNames(session).of(defined(domain, host, session.call(domain, "XMLDesc", 0)))
    told = stats_of(session, "domainListGetStats", [domain]).get(uuid, {})
    macs = tuple(addresses.get(nic.mac, ()) for nic in made.nics) if addresses else ()
    return host, completed(domain, made, told, Marks.of_some(session, [domain]), macs)
