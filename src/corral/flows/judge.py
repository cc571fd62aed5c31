"""Looks up everything around one machine and judges it: the same for a plan, and for the flow that carries it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from corral.contracts.sources import Source
from corral.domain.adoptability import Surroundings, free_macs, machine_reasons, request_reasons
from corral.domain.machine import Machine, NetworkPort, is_uuid
from corral.domain.plan import basis
from corral.domain.reasons import Reason
from corral.domain.server import Flavor, ManageRequest
from corral.store import Servers

T = TypeVar("T")


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
    source: Source,
    wishes: Sequence[tuple[Machine, ManageRequest]],
    servers: Servers,
    *,
    own: str | None = None,
) -> list[Surroundings]:
    """What the cloud and our own record say around machines of one source, each with what is wished for it.

    For one machine or for thousands each kind of thing is asked for once, in batches. `own` is the server that is being
    made of a machine: what is reserved for that one is free."""
    ports = source.networks.ports(_once(port for machine, wish in wishes for port in (*machine.vifs, *_named(wish))))
    images = source.images.images(_once(_image(machine) for machine, _ in wishes))
    networks = source.networks.networks(_once(net for _, wish in wishes for net in _nets(wish)))
    taken = source.networks.ports_by_mac(
        _once(mac for machine, wish in wishes if _nets(wish) for mac in _free(machine))
    )
    managed = _others(servers.managed(source.name, [machine.id for machine, _ in wishes]), own)
    holders = _others(servers.holders(_once(port for _, wish in wishes for port in _named(wish))), own)
    macs = _others(servers.mac_holders(_once(mac for machine, _ in wishes for mac in machine.macs)), own)
    return [
        Surroundings(
            images=_of(images, [_image(machine)]),
            ports=_of(ports, [*machine.vifs, *_named(wish)]),
            networks=_of(networks, _nets(wish)),
            managed=_of(managed, [machine.id]),
            port_servers=_of(holders, _named(wish)),
            mac_holders=_mac_conflicts(machine, wish, taken)
            | {mac: f"server {server}" for mac, server in _of(macs, machine.macs).items()},
        )
        for machine, wish in wishes
    ]


def _named(wish: ManageRequest) -> list[str]:
    return [entry.port_id for entry in wish.networks if entry.port_id]


def _nets(wish: ManageRequest) -> list[str]:
    return [entry.net_id for entry in wish.networks if entry.net_id]


def _free(machine: Machine) -> list[str]:
    return [nic.mac for nic in machine.nics if not nic.vif]


def _image(machine: Machine) -> str:
    """The image's id, or nothing: what is no UUID is never looked up."""
    return machine.image if machine.image and is_uuid(machine.image) else ""


def _once(ids: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(ids) if one]


def _of(found: Mapping[str, T], ids: Iterable[str]) -> dict[str, T]:
    return {one: found[one] for one in dict.fromkeys(ids) if one in found}


def _others(found: Mapping[str, str], own: str | None) -> dict[str, str]:
    return {key: server for key, server in found.items() if server != own}


def _mac_conflicts(machine: Machine, wish: ManageRequest, taken: Mapping[str, NetworkPort]) -> dict[str, str]:
    """MACs of free NICs that the network service would refuse: another port on the same network has them."""
    nets, named = _nets(wish), _named(wish)
    found = _of(taken, _free(machine)) if nets else {}
    return {mac: f"port {port.id}" for mac, port in found.items() if port.network in nets and port.id not in named}
