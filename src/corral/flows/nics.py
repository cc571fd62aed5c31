"""The network ports of a server that is created: looked at, plugged in, verified, and all of it taken back.

Rule: a port that was named is given back as it was; one that was made for the server goes. Named ports go first: Ironic chooses
the NIC for them, and those that are made get the MACs of what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corral.contracts.border import Purpose
from corral.domain.creation import Built, CreateRequest
from corral.domain.errors import Conflict, DriverFailed
from corral.domain.machine import Machine, NetworkPort
from corral.domain.placing import open_macs
from corral.domain.reasons import reason
from corral.engine import Json, Run
from corral.flows.building import machine_of, telling, wish_of
from corral.flows.env import Env, adopter, at_border, source_of


def named(wish: CreateRequest) -> list[str]:
    """The ports that were named."""
    return [one.port_id for one in wish.networks if one.port_id]


def problems(run: Run[Env], ports: Mapping[str, NetworkPort]) -> list[str]:
    """What is wrong with the networks that were asked for. `ports`: those of the named ones that exist. Only reads."""
    wish, project, found = wish_of(run), run.params["project"], []
    for uuid in named(wish):
        port = ports.get(uuid)
        if port is None:
            found.append(f"Port {uuid} does not exist.")
        elif port.project != project:
            found.append(f"Port {uuid} is of project {port.project}, not {project}.")
        elif port.device not in ("", run.params["server"]):
            found.append(f"Port {uuid} belongs to device {port.device}.")
    nets = [one.net_id for one in wish.networks if one.net_id]
    known = source_of(run).networks.networks(nets)
    for uuid in nets:
        network = known.get(uuid)
        if network is None:
            found.append(f"Network {uuid} does not exist.")
        elif network.project != project and not network.shared:
            found.append(f"Network {uuid} is of project {network.project}, and not shared.")
    return found


@telling
def plug(run: Run[Env]) -> Json:
    """Make each named port the server's and plug it in; then make a port for each network, and plug that in."""
    source, wish, server = source_of(run), wish_of(run), run.params["server"]
    machine, kept = _machine(run), Built.of(run.env.servers.get(server)).ports
    for port in named(wish):
        with at_border(run, Purpose.ADOPT):
            source.networks.bind(port, server, kept[port] if run.attempt == 1 else None)
            adopter(source).plug(machine, port)
    made = []
    nets = [one for one in wish.networks if one.net_id]
    for entry, mac in zip(nets, _macs(run, machine, len(nets)), strict=True):
        with at_border(run, Purpose.ADOPT):
            port_made = source.networks.create(str(entry.net_id), mac, server, run.params["project"], wish.name)
            adopter(source).plug(machine, port_made.id)
        made.append({"port": port_made.id, "port_type": entry.port_type})
    return made


def _machine(run: Run[Env]) -> str:
    machine = machine_of(run)
    if machine is None:
        raise Conflict(
            f"Server {run.params['server']} has no machine any more.", fix="Delete it, and create another one."
        )
    return machine


def _macs(run: Run[Env], machine: str, count: int) -> list[str]:
    """The MACs for the ports to be made: the same ones again after a restart."""
    source = source_of(run)
    with at_border(run, Purpose.LOOK):
        seen = source.machines.observe(machine)
        earlier = {port.mac for port in source.networks.created_for(run.params["server"])}
    ours = [nic.mac for nic in seen.nics if nic.mac in earlier]
    free = [*ours, *(mac for mac in open_macs(seen) if mac not in ours)]
    if len(free) < count:
        raise Conflict(f"Machine {seen.label} has {len(free)} free NICs, and {count} are needed.")
    # In the order of the NICs, whatever was begun already.
    order = [nic.mac for nic in seen.nics]
    return sorted(free, key=order.index)[:count]


def unplug(run: Run[Env]) -> None:
    """Unplug what this server's are, delete those that were made, and give the others back as they were."""
    source, server = source_of(run), run.params["server"]
    found = run.env.servers.find(server)
    if found is None:
        return
    for port, fields in Built.of(found).ports.items():
        with at_border(run, Purpose.ADOPT):
            if found.placed and _may_be_ours(source.networks.ports([port]).get(port), server):
                adopter(source).unplug(found.machine, port)
            source.networks.restore(port, fields)
    with at_border(run, Purpose.ADOPT):
        for made in source.networks.created_for(server):
            if found.placed:
                adopter(source).unplug(found.machine, made.id)
            source.networks.delete(made.id, server)


def _may_be_ours(port: NetworkPort | None, server: str) -> bool:
    """Whether it is this server's, or nobody's: one that was let go may have been plugged in late."""
    return port is not None and port.device in ("", server)


def read_back(run: Run[Env], machine: Machine) -> dict[str, Any]:
    """Every NIC as the record keeps it, and the warnings. Believes no status code. Raises Conflict, DriverFailed."""
    made: dict[str, str | None] = {one["port"]: one["port_type"] for one in run.results["plug"]}
    types = {entry.port_id: entry.port_type for entry in wish_of(run).networks if entry.port_id}
    wanted = [*filter(None, types), *made]
    with at_border(run, Purpose.LOOK):
        found = source_of(run).networks.ports(wanted)
    _check(wanted, found, run.params["server"])
    nics = [
        {
            "port": port,
            "mac": found[port].mac,
            "network": found[port].network,
            "addresses": [ip.address for ip in found[port].fixed_ips],
            "port_type": made.get(port, types.get(port)),
            "made": port in made,
            "plugged": port in machine.vifs,
        }
        for port in wanted
    ]
    lost = [
        reason("vif-not-kept", port=port, interface=machine.network_interface).as_json()
        for port in wanted
        if port not in machine.vifs
    ]
    return {"nics": nics, "warnings": lost}


def _check(wanted: Sequence[str], ports: Mapping[str, NetworkPort], server: str) -> None:
    for uuid in wanted:
        port = ports.get(uuid)
        if port is None:
            raise DriverFailed(f"Port {uuid} vanished while the server was being created.", fix="Try again.")
        if port.device != server:
            raise Conflict(f"Port {uuid} was taken by {port.device or 'nobody'} while the server was being created.")
