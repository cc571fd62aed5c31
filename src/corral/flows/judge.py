"""Looks up everything around one machine and judges it: the same for a plan, and for the flow that carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corral.contracts.sources import Source
from corral.domain.adoptability import Surroundings, free_macs, machine_reasons, request_reasons
from corral.domain.machine import Machine, is_uuid
from corral.domain.plan import basis
from corral.domain.reasons import Reason
from corral.domain.server import Flavor, ManageRequest
from corral.store import Servers


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found around a machine, all reasons, and the digest of what they rest on."""

    machine: Machine
    around: Surroundings
    reasons: tuple[Reason, ...]
    basis: str
    free_macs: tuple[str, ...]


def judge(
    machine: Machine, request: ManageRequest, flavor: Flavor | None, project: str, around: Surroundings
) -> Judgement:
    """Judge `machine` for `request`, with everything around it looked up before."""
    reasons = (
        *machine_reasons(machine, around),
        *request_reasons(machine, request, flavor, project, around),
    )
    known = machine.image in around.images
    found = basis(machine, dict(around.ports), dict(around.networks), flavor, known)
    return Judgement(machine, around, tuple(dict.fromkeys(reasons)), found, free_macs(machine, request, around))


def surroundings(
    source: Source, machine: Machine, request: ManageRequest, servers: Servers, *, own: str | None = None
) -> Surroundings:
    """Everything that the cloud and our own record say around one machine and one request.

    `own` is the server that is being made of it: what is reserved for that one is free."""
    named = [entry.port_id for entry in request.networks if entry.port_id]
    nets = [entry.net_id for entry in request.networks if entry.net_id]
    ports = source.networks.ports(dict.fromkeys([*machine.vifs, *named]))
    holders = {mac: f"server {uuid}" for mac, uuid in servers.mac_holders(machine.macs).items() if uuid != own}
    if nets:
        holders |= _mac_conflicts(source, machine, nets, named)
    return Surroundings(
        images=source.images.images([machine.image] if is_uuid(machine.image) and machine.image else []),
        ports=ports,
        networks=source.networks.networks(dict.fromkeys(nets)),
        managed=_others(servers.managed(source.name, [machine.id]), own),
        port_servers=_others(servers.holders(named), own),
        mac_holders=holders,
    )


def _others(found: dict[str, str], own: str | None) -> dict[str, str]:
    return {key: server for key, server in found.items() if server != own}


def _mac_conflicts(source: Source, machine: Machine, nets: Iterable[str], named: Iterable[str]) -> dict[str, str]:
    """MACs of free NICs that the network service would refuse: another port on the same network has them."""
    free = [nic.mac for nic in machine.nics if not nic.vif]
    found = source.networks.ports_by_mac(free)
    return {
        mac: f"port {port.id}" for mac, port in found.items() if port.network in set(nets) and port.id not in set(named)
    }
