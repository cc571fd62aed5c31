"""On which network of Neutron a NIC is, and the port that would record it there.

Rule: a network follows from a rule, or from what the hypervisor tells: the VLAN, and addresses that one of its subnets holds.
Nothing of a port's wiring is recorded: it is bound nowhere, so no agent does anything about it.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corral.domain.gaps import Gap, Kind, record_of
from corral.domain.gaps_rules import GapRules, NetworkRule
from corral.domain.host import Host
from corral.domain.reasons import Reason, reason
from corral.domain.vm import Vm, VmNic

OWNER = "corral:vm"
"""device_owner of a port that records a NIC. Neutron knows no meaning for it; Nova sets its own when it takes a port."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Where a network is in the world. `kind`: vlan, flat, vxlan …"""

    kind: str
    physical_network: str = ""
    vlan: int | None = None


@dataclass(frozen=True, slots=True)
class Subnet:
    """Addresses of a network. `pools`: the first and last address of each that Neutron gives out by itself."""

    id: str
    cidr: str
    gateway: str = ""
    pools: tuple[tuple[str, str], ...] = ()

    def holds(self, address: str) -> bool:
        """Whether the address is one of it."""
        return ipaddress.ip_address(address) in ipaddress.ip_network(self.cidr, strict=False)

    def allows(self, address: str) -> bool:
        """Whether one port may have it: of IPv4 neither the network's own address nor that of all in it."""
        network = ipaddress.ip_network(self.cidr, strict=False)
        ends = (network.network_address, network.broadcast_address)
        return network.version == 6 or network.prefixlen > 30 or ipaddress.ip_address(address) not in ends

    def gives(self, address: str) -> bool:
        """Whether Neutron might give the address to somebody by itself."""
        wanted = ipaddress.ip_address(address)
        return any(_between(wanted, *pool) for pool in self.pools)


def _between(wanted: Any, first: str, last: str) -> bool:
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
    return bool(low.version == wanted.version and low <= wanted <= high)


@dataclass(frozen=True, slots=True)
class CloudNetwork:
    """A network of Neutron, with its segments and subnets."""

    id: str
    name: str
    project: str = ""
    shared: bool = False
    segments: tuple[Segment, ...] = ()
    subnets: tuple[Subnet, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


@dataclass(frozen=True, slots=True)
class CloudPort:
    """A port that is there. `record`: which of our records made it, "" for none."""

    id: str
    mac: str
    network: str
    project: str = ""
    name: str = ""
    device: str = ""
    device_owner: str = ""
    description: str = ""
    addresses: tuple[tuple[str, str], ...] = ()
    """(subnet, address)"""
    revision: int | None = None
    up: bool = True
    """Its administrative state."""

    @property
    def record(self) -> str:
        return record_of(self.description)

    @property
    def holder(self) -> str:
        """Who has it, for people."""
        return f"{self.device_owner} {self.device}".strip() or "nobody"


@dataclass(frozen=True, slots=True)
class Cabling:
    """What Neutron tells: all networks, and those ports that have a MAC or an address in question."""

    networks: tuple[CloudNetwork, ...] = ()
    ports: tuple[CloudPort, ...] = ()
    rules: GapRules = field(default_factory=GapRules)


def addresses_of(nic: VmNic) -> tuple[str, ...]:
    """The addresses of a NIC that a network gives: none that a NIC makes up for itself, each once."""
    found = dict.fromkeys(it for one in nic.addresses if (it := _read(one.ip)) is not None)
    return tuple(str(it) for it in found if not (it.is_link_local or it.is_loopback or it.is_multicast))


def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None  # an agent of a guest says what it likes


def vlan_of(nic: VmNic, host: Host) -> int | None:
    """The VLAN of a NIC: its own, else that of the host's network it is on; 0 for none, None when nobody tells."""
    if nic.vlan is not None:
        return nic.vlan
    named = (one for one in host.networks if one.name == (nic.network or nic.bridge) and one.vlan is not None)
    return next((one.vlan for one in named), None)


def check_rules(rules: GapRules, networks: Iterable[CloudNetwork]) -> tuple[str, ...]:
    """The networks that rules name and that do not exist, or exist twice."""
    known = [one.name for one in networks] + [one.id for one in networks]
    return tuple(one.network for one in rules.networks if one.network and known.count(one.network) != 1)


def gaps_of_ports(vms: Sequence[Vm], host: Host, cabling: Cabling, projects: Mapping[str, str]) -> dict[str, list[Gap]]:
    """By VM, the gap that each of its NICs is."""
    chosen = {(vm.id, nic.mac): _networks(nic, host, cabling) for vm in vms for nic in vm.nics}
    twice = _twice(vms, {key: found for key, (found, _) in chosen.items()})
    made: dict[str, list[Gap]] = {vm.id: [] for vm in vms}
    for vm in vms:
        for nic in vm.nics:
            found, why = chosen[vm.id, nic.mac]
            made[vm.id].append(_gap(vm, nic, host, cabling, found, why, projects.get(vm.id, ""), twice))
    return made


# --- the network ------------------------------------------------------------------------------------------


def _networks(nic: VmNic, host: Host, cabling: Cabling) -> tuple[tuple[CloudNetwork, ...], tuple[str, ...]]:
    """The networks that it may be on, and what says so."""
    vlan, addresses = vlan_of(nic, host), addresses_of(nic)
    rule = cabling.rules.rule_for(nic, vlan, host.name)
    if rule.network:
        named = tuple(one for one in cabling.networks if rule.network in (one.id, one.name))
        return named, (f"rule: network {rule.network}",)
    vlan = rule.vlan if rule.vlan is not None else vlan
    if vlan is None and not rule.physical_network and not addresses:
        return (), ()
    found = tuple(one for one in cabling.networks if _carries(one, vlan, rule) and _holds_all(one, addresses))
    told = (vlan is not None and f"VLAN {vlan}", rule.physical_network and f"physical network {rule.physical_network}")
    return found, (*(one for one in told if one), *(f"address {one}" for one in addresses))


def _carries(network: CloudNetwork, vlan: int | None, rule: NetworkRule) -> bool:
    """Whether a network is on that VLAN of that physical network, as far as either is known."""
    if vlan is None and not rule.physical_network:
        return True
    return any(
        (vlan is None or (one.vlan == vlan and one.kind == "vlan") or (vlan == 0 and one.kind == "flat"))
        and rule.physical_network in ("", one.physical_network)
        for one in network.segments
    )


def _holds_all(network: CloudNetwork, addresses: Sequence[str]) -> bool:
    return all(any(subnet.holds(one) for subnet in network.subnets) for one in addresses)


# --- the port ---------------------------------------------------------------------------------------------


def _gap(
    vm: Vm,
    nic: VmNic,
    host: Host,
    cabling: Cabling,
    found: tuple[CloudNetwork, ...],
    why: tuple[str, ...],
    project: str,
    twice: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> Gap:
    where = ", ".join(f"{key} {value}" for key, value in _where(nic, host)) or f"connected as {nic.kind}"
    if cabling.rules.rule_for(nic, vlan_of(nic, host), host.name).leave:
        left = (reason("network-left", mac=nic.mac, where=where),)
        return Gap(Kind.PORT, vm.id, nic.mac, project, reasons=left, left=True)
    if len(found) != 1:
        return Gap(Kind.PORT, vm.id, nic.mac, project, reasons=(_no_one(nic, where, found, why),))
    network, addresses = found[0], addresses_of(nic)
    ours = [one for one in cabling.ports if _records(one, vm, nic, network)]
    if ours:
        there = (reason("port-recorded", mac=nic.mac, port=ours[0].id),)
        return Gap(Kind.PORT, vm.id, nic.mac, ours[0].project, evidence=why, reasons=there, there=ours[0].id)
    reasons = (
        *_taken(nic, network, addresses, cabling.ports),
        *_addressed(nic, network, addresses),
        *_doubled(vm, nic, network, addresses, twice),
        *_doubtful(nic, network, why),
    )
    return Gap(Kind.PORT, vm.id, nic.mac, project, _wanted(vm, nic, network, addresses, project), why, reasons)


def _where(nic: VmNic, host: Host) -> Iterator[tuple[str, str]]:
    vlan = vlan_of(nic, host)
    said = {"network": nic.network, "bridge": nic.bridge, "VLAN": "" if vlan is None else str(vlan)}
    yield from ((key, value) for key, value in said.items() if value)


def _no_one(nic: VmNic, where: str, found: Sequence[CloudNetwork], why: Sequence[str]) -> Reason:
    if found:
        told = ", ".join(one.label for one in found[:5])
        return reason("network-ambiguous", mac=nic.mac, where=where, found=told)
    told = f"none has {', '.join(why)}" if why else "neither its VLAN nor an address is known"
    return reason("network-unmatched", mac=nic.mac, where=where, why=told)


def _records(port: CloudPort, vm: Vm, nic: VmNic, network: CloudNetwork) -> bool:
    """Whether that port is the VM's for this NIC already, whoever made it."""
    return (port.mac, port.network, port.device) == (nic.mac, network.id, vm.id)


def _wanted(vm: Vm, nic: VmNic, network: CloudNetwork, addresses: Sequence[str], project: str) -> dict[str, Any]:
    """What Neutron is asked to make, but for the mark. Without addresses it is told so: it would choose some by itself."""
    fixed = [
        {"subnet_id": subnet.id, "ip_address": address}
        for address in addresses
        for subnet in [one for one in network.subnets if one.holds(address)][:1]
    ]
    return {
        "network_id": network.id,
        "mac_address": nic.mac,
        "fixed_ips": fixed,
        "device_id": vm.id,
        "device_owner": OWNER,
        "name": vm.label[:255],
        "project_id": project,
    }


def _taken(nic: VmNic, network: CloudNetwork, addresses: Sequence[str], ports: Iterable[CloudPort]) -> Iterator[Reason]:
    for port in ports:
        if port.network != network.id:
            continue
        if port.mac == nic.mac:
            yield reason("port-mac-taken", mac=nic.mac, port=port.id, holder=port.holder)
            continue
        for _, address in port.addresses:
            if address in addresses:
                yield reason("port-address-taken", address=address, mac=nic.mac, port=port.id, holder=port.holder)


def _addressed(nic: VmNic, network: CloudNetwork, addresses: Sequence[str]) -> Iterator[Reason]:
    if not addresses:
        yield reason("port-address-unknown", mac=nic.mac)
    for address in addresses:
        subnet = next((one for one in network.subnets if one.holds(address)), None)
        if subnet is None:
            yield reason("port-address-outside", address=address, mac=nic.mac, network=network.label)
        elif not subnet.allows(address):
            yield reason("port-address-unusable", address=address, mac=nic.mac, subnet=subnet.cidr)
        elif address == subnet.gateway:
            yield reason("port-address-gateway", address=address, mac=nic.mac, subnet=subnet.cidr)
        elif not subnet.gives(address):
            yield reason("port-outside-pools", address=address, mac=nic.mac, subnet=subnet.cidr)


def _doubtful(nic: VmNic, network: CloudNetwork, why: Sequence[str]) -> Iterator[Reason]:
    if all(one.startswith("address ") for one in why):
        yield reason("network-by-address", network=network.label, mac=nic.mac)


_Who = tuple[str, str]


def _twice(vms: Sequence[Vm], chosen: Mapping[_Who, tuple[CloudNetwork, ...]]) -> dict[tuple[str, str], list[_Who]]:
    """By (network, MAC or address), the NICs that have it, where there are several."""
    users: defaultdict[tuple[str, str], list[_Who]] = defaultdict(list)
    for vm in vms:
        for nic in vm.nics:
            for network in chosen[vm.id, nic.mac][:1]:
                for what in (nic.mac, *addresses_of(nic)):
                    users[network.id, what].append((vm.label, nic.mac))
    return {key: who for key, who in users.items() if len(who) > 1}


def _doubled(
    vm: Vm,
    nic: VmNic,
    network: CloudNetwork,
    addresses: Sequence[str],
    twice: Mapping[tuple[str, str], Sequence[_Who]],
) -> Iterator[Reason]:
    for what in (nic.mac, *addresses):
        others = [name for name, mac in twice.get((network.id, what), ()) if (name, mac) != (vm.label, nic.mac)]
        if others or list(twice.get((network.id, what), ())).count((vm.label, nic.mac)) > 1:
            yield reason("nic-port-twice", mac=nic.mac, what=what, others=", ".join(others[:3]) or "the same VM")
