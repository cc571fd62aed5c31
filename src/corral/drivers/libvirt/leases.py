"""Addresses of NICs, by MAC: from the DHCP leases of a host's networks in bulk; from guest agents and ARP where that is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import libvirt

from corral.domain.errors import CorralError, NotFound
from corral.domain.machine import normal_mac
from corral.domain.vm import Address, Origin
from corral.drivers.libvirt.link import Session

Addresses = dict[str, tuple[Address, ...]]
MOST = 64
"""Addresses of one NIC that are kept."""


def add(known: Addresses, mac: object, ip: object, origin: Origin) -> None:
    """Note an address, once; who is asked first is believed."""
    if not (isinstance(mac, str) and isinstance(ip, str)):
        return
    normal = normal_mac(mac)
    having = known.get(normal, ())
    if len(having) < MOST and all(one.ip != ip for one in having):
        known[normal] = (*having, Address(ip[:64], origin))


def leased(known: Addresses, leases: Iterable[dict[str, Any]]) -> None:
    """Note what a network's DHCP server gave."""
    for lease in leases:
        add(known, lease.get("mac"), lease.get("ipaddr"), Origin.LEASE)


def of_agents(session: Session) -> Addresses:
    """What the guest agents of all running VMs say. A guest without an agent has none; one whose agent hangs holds this up, which
    is why it is asked over a connection of its own."""
    found: Addresses = {}
    running = session.ask("listAllDomains", libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
    _asked(session, running, found, libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT, Origin.AGENT)
    return found


def of_agent(session: Session, uuid: str) -> Addresses:
    """What the guest agent of one VM says. Raises NotFound."""
    found: Addresses = {}
    domain = session.ask("lookupByUUIDString", uuid)
    _asked(session, [domain], found, libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT, Origin.AGENT)
    return found


def of_some_agents(session: Session, uuids: Iterable[str]) -> Addresses:
    """What the guest agents of these VMs say. Who is not there says nothing."""
    found: Addresses = {}
    for uuid in uuids:
        with suppress(NotFound):
            found = merged(found, of_agent(session, uuid))
    return found


def leased_to(session: Session, macs: Iterable[str]) -> Addresses:
    """What the host's networks gave to these MACs, and nobody else's leases."""
    found: Addresses = {}
    if wanted := list(dict.fromkeys(macs)):
        networks = session.ask("listAllNetworks", libvirt.VIR_CONNECT_LIST_NETWORKS_ACTIVE)
        for mac in wanted:
            for _network, answer in session.each(networks, "DHCPLeases", mac):
                # Which networks don't tell is said by looks at the whole host.
                leased(found, () if isinstance(answer, CorralError) else answer)
    return found


def of_arp(session: Session, running: Sequence[Any], known: Addresses) -> None:
    """Note what the host's ARP table has of running VMs."""
    _asked(session, running, known, libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP, Origin.ARP)


def merged(first: Mapping[str, tuple[Address, ...]], second: Mapping[str, tuple[Address, ...]]) -> Addresses:
    """Both; where both have an address, the first one's word on where it is from holds."""
    known = dict(first)
    for mac, addresses in second.items():
        for address in addresses:
            add(known, mac, address.ip, address.origin)
    return known


def _asked(session: Session, running: Sequence[Any], found: Addresses, kind: int, origin: Origin) -> None:
    for _domain, answer in session.each(running, "interfaceAddresses", kind):
        if isinstance(answer, CorralError):
            continue
        for interface in answer.values():
            for address in interface.get("addrs") or ():
                add(found, interface.get("hwaddr"), address.get("addr"), origin)
