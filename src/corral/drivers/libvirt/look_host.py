"""The host itself: what it is, its pools, its networks, its interfaces, and the leases of its networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import libvirt

from corral.domain.errors import CorralError, DriverFailed
from corral.domain.host import Host, HostNetwork, Part, Pool
from corral.drivers.libvirt import host_xml
from corral.drivers.libvirt.leases import Addresses, leased
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.xml import Unreadable

T = TypeVar("T")
MOST = 4096
_ACTIVE = libvirt.VIR_CONNECT_LIST_INTERFACES_ACTIVE
Untold = list[tuple[Part, str]]


def look_host(session: Session, source: str, name: str) -> tuple[Host, Addresses]:
    """The host without its VMs, and the addresses that its networks gave. What can't be asked for is in `untold`."""
    untold: Untold = []
    identity = session.once("identity", lambda: _identity(session))
    pools = _part(untold, Part.POOLS, lambda: _pools(session, untold))
    lease: Addresses = {}
    networks = _part(untold, Part.NETWORKS, lambda: _networks(session, untold, lease))
    bridges = _part(untold, Part.BRIDGES, lambda: _interfaces(session))
    taken = {network.bridge for network in networks}
    networks += tuple(bridge for bridge in bridges if bridge.name not in taken)
    found, hypervisor, version, cores, memory = identity
    return (
        Host(
            source=source,
            id=found or name,
            name=name,
            hypervisor=hypervisor,
            version=version,
            cores=cores,
            memory=memory,
            pools=pools,
            networks=networks,
            untold=tuple(untold),
        ),
        lease,
    )


def host_id(session: Session, name: str) -> str:
    """The id of the host at the other end of this connection."""
    return session.once("identity", lambda: _identity(session))[0] or name


def _identity(session: Session) -> tuple[str, str, str, int, int]:
    try:
        found = host_xml.host_id(session.ask("getCapabilities"))
    except Unreadable as exc:
        raise DriverFailed(
            f"The host's capabilities can't be read: {exc}.", fix="Look at `virsh capabilities` there."
        ) from exc
    info = session.ask("getInfo")
    return found, str(session.ask("getType")), _version(session.ask("getVersion")), int(info[2]), int(info[1]) << 20


def _version(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"


def _part(untold: Untold, part: Part, read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    try:
        return read()
    except CorralError as exc:
        untold.append((part, exc.message))
        return ()


def _pools(session: Session, untold: Untold) -> tuple[Pool, ...]:
    return tuple(_each(session, untold, Part.POOLS, session.ask("listAllStoragePools", 0), host_xml.pool))


def _networks(session: Session, untold: Untold, lease: Addresses) -> tuple[HostNetwork, ...]:
    found = session.ask("listAllNetworks", 0)
    read = tuple(_each(session, untold, Part.NETWORKS, found, host_xml.network))
    active = [one for one, answer in session.each(found[:MOST], "isActive") if answer == 1]
    for network, answer in session.each(active, "DHCPLeases"):
        if isinstance(answer, CorralError):
            untold.append((Part.LEASES, f"network {network.name()}: {answer.message}"))
        else:
            leased(lease, answer)
    return read


def _each(session: Session, untold: Untold, part: Part, objects: list[Any], read: Callable[..., T]) -> list[T]:
    made = []
    active = dict(session.each(objects[:MOST], "isActive"))
    for one, answer in session.each(objects[:MOST], "XMLDesc", 0):
        try:
            if isinstance(answer, CorralError):
                raise Unreadable(answer.message)
            made.append(read(answer, active=active[one] == 1))
        except Unreadable as exc:
            # One that can't be read must not make what lies in it look lost: the part counts as not told.
            untold.append((part, f"{one.name()}: {exc}"))
    return made


def _interfaces(session: Session) -> tuple[HostNetwork, ...]:
    """Every active interface may be a bridge: one of Open vSwitch looks like any other."""
    return tuple(HostNetwork(one.name(), "bridge") for one in session.ask("listAllInterfaces", _ACTIVE)[:MOST])
