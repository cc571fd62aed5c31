"""The judgement: may this machine be adopted, and in this way? All reasons at once, blockers and warnings.

Rule: pure. Whoever calls has looked everything up before; what could not be looked up is an error there, not a guess
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from corral.domain.machine import Image, Machine, Network, NetworkPort, Power, is_uuid
from corral.domain.reasons import Reason, reason
from corral.domain.server import Flavor, ManageRequest

UNUSED_OWNERS = ("", "baremetal:none", "baremetal:ironic")
"""Values of device_owner with which a port of a bare-metal node belongs to no instance."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the cloud and our own record say around a machine.

    `images` and `ports` hold what exists; an id that was looked up and is not a key does not exist.
    `managed`: machine id → server uuid; `port_servers`: port id → server uuid; `mac_holders`: MAC → who has it.
    """

    images: Mapping[str, Image] = field(default_factory=dict)
    ports: Mapping[str, NetworkPort] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    managed: Mapping[str, str] = field(default_factory=dict)
    port_servers: Mapping[str, str] = field(default_factory=dict)
    mac_holders: Mapping[str, str] = field(default_factory=dict)


def machine_reasons(machine: Machine, around: Surroundings) -> tuple[Reason, ...]:
    """Why `machine` can't be adopted at all, and what should be looked at before: what lists and reports show."""
    if machine.problem:
        return (reason("unreadable", problem=machine.problem),)
    return (*_state(machine, around), *_power(machine), *_network(machine, around), *_image(machine, around))


def request_reasons(
    machine: Machine, request: ManageRequest, flavor: Flavor | None, project: str, around: Surroundings
) -> tuple[Reason, ...]:
    """Why `machine` can't be adopted as `request` asks; to be read beside `machine_reasons`."""
    return (
        *_flavor(machine, request, flavor, project),
        *_owner(machine, project),
        *_named_ports(machine, request, project, around),
        *_new_ports(machine, request, project, around),
    )


def _because(text: str | None) -> str:
    return f" ({text})" if text else ""


def _state(machine: Machine, around: Surroundings) -> Iterator[Reason]:
    node = machine.label
    if machine.provision_state != "active":
        yield reason("not-active", state=machine.provision_state, node=node)
    server = around.managed.get(machine.id)
    if server:
        yield reason("already-managed", server=server)
    # A claim by our own server is no news; one by anybody else is, whatever our record says.
    if machine.claimed_by and machine.claimed_by != server:
        yield reason("claimed", instance=machine.claimed_by)
    if not machine.resource_class:
        yield reason("no-resource-class", node=node)
    if machine.maintenance:
        yield reason("maintenance", because=_because(machine.maintenance_reason), node=node)
    if machine.retired:
        yield reason("retired", because=_because(machine.retired_reason), node=node)
    if machine.reserved_by:
        yield reason("busy", holder=machine.reserved_by)
    if machine.fault:
        yield reason("fault", fault=machine.fault, node=node)
    if machine.protected:
        yield reason("protected-already", because=_because(machine.protected_reason))


def _power(machine: Machine) -> Iterator[Reason]:
    if machine.target_power and machine.target_power != machine.power:
        yield reason("power-changing", target=machine.target_power)
    if machine.power is Power.UNKNOWN:
        yield reason("power-unknown", because=_because(machine.power_error), node=machine.label)
        return
    if machine.observed_power is None:
        if machine.power_asked:
            yield reason("power-unverified", because=_because(machine.power_error), recorded=str(machine.power))
    elif machine.observed_power is not machine.power:
        yield reason("power-untrue", recorded=str(machine.power), observed=str(machine.observed_power))
    if machine.power is Power.OFF:
        yield reason("power-off")


def _network(machine: Machine, around: Surroundings) -> Iterator[Reason]:
    if not machine.nics:
        yield reason("no-nics", node=machine.label)
    for nic in machine.nics:
        if holder := around.mac_holders.get(nic.mac):
            yield reason("mac-taken", mac=nic.mac, holder=holder)
        if not nic.vif:
            continue
        port = around.ports.get(nic.vif)
        if port is None:
            yield reason("port-missing", port=nic.vif, mac=nic.mac, node=machine.label)
        elif port.mac not in machine.macs:
            yield _mac_mismatch(machine, port)


def _mac_mismatch(machine: Machine, port: NetworkPort) -> Reason:
    return reason("port-mac-mismatch", port=port.id, mac=port.mac, macs=", ".join(sorted(machine.macs)) or "none")


def _image(machine: Machine, around: Surroundings) -> Iterator[Reason]:
    if not machine.image:
        yield reason("no-image")
    elif not is_uuid(machine.image):
        yield reason("image-not-a-uuid", image=repr(machine.image[:255]))
    elif machine.image not in around.images:
        yield reason("image-not-found", image=machine.image)


def _flavor(machine: Machine, request: ManageRequest, flavor: Flavor | None, project: str) -> Iterator[Reason]:
    if flavor is None:
        yield reason("flavor-not-found", flavor=request.flavor)
        return
    if flavor.disabled:
        yield reason("flavor-disabled", flavor=flavor.name)
    if not flavor.allows(project):
        yield reason("flavor-private", flavor=flavor.name, project=project)
    if machine.resource_class and not flavor.fits(machine.resource_class):
        wanted = ", ".join(sorted(flavor.resources)) or "nothing"
        yield reason("flavor-mismatch", flavor=flavor.name, wanted=wanted, resource_class=machine.resource_class)


def _owner(machine: Machine, project: str) -> Iterator[Reason]:
    owners = {owner for owner in (machine.owner, machine.lessee) if owner}
    if owners and project not in owners:
        yield reason("node-of-another-project", owner=" or ".join(sorted(owners)), project=project)


def _named_ports(machine: Machine, request: ManageRequest, project: str, around: Surroundings) -> Iterator[Reason]:
    named = [entry.port_id for entry in request.networks if entry.port_id]
    for port_id in sorted({port_id for port_id in named if named.count(port_id) > 1}):
        yield reason("port-twice", port=port_id)
    for port_id in dict.fromkeys(named):
        # A port that is plugged in already and is missing or has a wrong MAC is told by machine_reasons.
        plugged = port_id in machine.vifs
        port = around.ports.get(port_id)
        if port is None:
            if not plugged:
                yield reason("port-not-found", port=port_id)
            continue
        yield from _port(machine, port, project, around, plugged)
    for vif in machine.vifs:
        if vif not in named:
            yield reason("vif-not-listed", port=vif)


def _port(machine: Machine, port: NetworkPort, project: str, around: Surroundings, plugged: bool) -> Iterator[Reason]:
    if server := around.port_servers.get(port.id):
        yield reason("port-managed-already", port=port.id, server=server)
    elif _in_use(port, machine):
        yield reason("port-bound-elsewhere", port=port.id, device=f"{port.device_owner} {port.device}".strip())
    if not plugged and port.mac not in machine.macs:
        yield _mac_mismatch(machine, port)
    if not plugged and port.host == machine.id:
        yield reason("port-bound-not-plugged", port=port.id)
    if port.project and port.project != project:
        yield reason("port-of-another-project", port=port.id, owner=port.project, project=project)


def _in_use(port: NetworkPort, machine: Machine) -> bool:
    """A port is free when nothing has it, or when what has it is this very machine."""
    if port.device and port.device != machine.id:
        return True
    if port.host and port.host != machine.id and port.id not in machine.vifs:
        return True
    return port.device_owner not in UNUSED_OWNERS and port.device != machine.id


def _new_ports(machine: Machine, request: ManageRequest, project: str, around: Surroundings) -> Iterator[Reason]:
    wanted = [entry.net_id for entry in request.networks if entry.net_id]
    for net_id in dict.fromkeys(wanted):
        network = around.networks.get(net_id)
        if network is None:
            yield reason("network-not-found", network=net_id)
        elif not network.shared and network.project != project:
            yield reason("network-of-another-project", network=net_id, owner=network.project, project=project)
    free = len(free_macs(machine, request, around))
    if len(wanted) > free:
        yield reason("no-free-nic", wanted=len(wanted), free=free)


def free_macs(machine: Machine, request: ManageRequest, around: Surroundings) -> tuple[str, ...]:
    """MACs of the NICs that new ports can take, in the order of the NICs: unplugged, no member of a group, with a
    MAC (a port group may have none), not meant by a port that the request names."""
    named = {around.ports[e.port_id].mac for e in request.networks if e.port_id and e.port_id in around.ports}
    return tuple(nic.mac for nic in machine.nics if nic.mac and not (nic.vif or nic.group or nic.mac in named))


def owner_project(machine: Machine, ports: Iterable[NetworkPort], asked: str | None, caller: str) -> str:
    """The project that the server will belong to: the one asked for; else the one that all named ports share; else
    the node's lessee or owner; else the caller's."""
    if asked:
        return asked
    projects = {port.project for port in ports if port.project}
    if len(projects) == 1:
        return projects.pop()
    return machine.lessee or machine.owner or caller
