"""manage: a machine that runs becomes a server, and is not touched.

observe again → check → (record and name were reserved when the operation was stored) → claim and protect → bind ports →
create ports and plug them → read back and verify the fingerprint → active or stopped.

Everything before `claim` only reads. Whatever fails afterwards, everything done is undone in reverse order and the record
goes: the machine is wholly managed or wholly untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from corral.contracts.border import Purpose
from corral.domain.errors import Conflict, DriverFailed, Refused, Stale
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Machine, NetworkPort, Power
from corral.domain.plan import Step as Preview
from corral.domain.reasons import Reason, blockers, reason
from corral.domain.server import ManageRequest, NetworkRequest, Server, ServerNic
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, adopter, at_border, note, payload, source_of, take_fingerprint, unchanged, was_lost
from corral.flows.judge import Judgement, judge, surroundings

_SAVES = 5

T = TypeVar("T")


def observe(run: Run[Env]) -> Json:
    """Look at everything once more, refuse what has changed, and keep what will be needed to undo."""
    request = ManageRequest.from_json(run.params["request"])
    source = source_of(run)
    with at_border(run, Purpose.LOOK):
        machine = source.machines.observe(run.params["machine"])
        flavor = run.env.flavors.find(request.flavor)
        [around] = surroundings(source, [(machine, request)], run.env.servers, own=run.params["server"])
        seen = judge(machine, request, flavor, run.params["project"], around)
        _refuse(seen, run.params["basis"])
    before = take_fingerprint(machine)
    run.along(lambda conn: run.env.proofs.before(run.operation, before, conn=conn))
    # Of what was just seen and judged: a second look could find something else.
    snapshot = {
        "machine": dict(adopter(source).snapshot(machine)),
        "ports": {port: dict(seen.around.ports[port].snapshot) for port in _named(request)},
        "vifs": list(machine.vifs),
    }
    return {
        "snapshot": snapshot,
        "plug": [p for p in _named(request) if p not in snapshot["vifs"] and not seen.around.ports[p].host],
        "before": before,
        "macs": sorted(machine.macs),
        "free_macs": list(seen.free_macs),
        "image": machine.image if machine.image in seen.around.images else None,
        "power": str(machine.power),
        "network_interface": machine.network_interface,
        "warnings": [one.as_json() for one in seen.reasons if not one.blocks],
    }


def _refuse(seen: Judgement, basis: str | None) -> None:
    if found := blockers(seen.reasons):
        raise Refused(f"Machine {seen.machine.label} can't be adopted any more.", found)
    if basis is not None and seen.basis != basis:
        raise Stale(
            f"Machine {seen.machine.label} has changed since the plan was made.",
            fix="Make a new plan and look at it before applying it.",
        )


def _named(request: ManageRequest) -> list[str]:
    return [entry.port_id for entry in request.networks if entry.port_id]


def _nets(request: ManageRequest) -> list[NetworkRequest]:
    return [entry for entry in request.networks if entry.net_id]


def _snapshot(run: Run[Env]) -> dict[str, Any]:
    """What there was before; empty when the operation failed before it acted, and so has nothing to undo."""
    seen = run.results.get("observe")
    return seen["snapshot"] if seen else {}


def settle(run: Run[Env]) -> None:
    """When an answer was lost: undo once more what may have been done late. Only what bears the server's mark by then, or was to
    be plugged in: all else is somebody else's by now."""
    if not was_lost(run):
        return
    remove_ports(run)
    source, server, before = source_of(run), run.params["server"], _snapshot(run)
    with at_border(run, Purpose.ADOPT):
        plugged = set(adopter(source).vifs(run.params["machine"])) & set(run.results["observe"]["plug"])
        ports = source.networks.ports(before["ports"])
        for port in before["ports"]:
            if port in plugged:
                adopter(source).unplug(run.params["machine"], port)
            if port in plugged or (port in ports and ports[port].device == server):
                source.networks.restore(port, before["ports"][port])
    unclaim(run)


def claim(run: Run[Env]) -> Json | None:
    """Become the machine's one owner at the source, which from here on refuses everybody else, and to tear it down."""
    with at_border(run, Purpose.ADOPT):
        adopter(source_of(run)).claim(
            run.params["machine"], run.params["server"], _first(run, _snapshot(run)["machine"])
        )
    return None


def _first(run: Run[Env], seen: T) -> T | None:
    """What `observe` saw, at the first attempt. What an attempt that was broken off has changed nobody has seen."""
    return seen if run.attempt == 1 else None


def unclaim(run: Run[Env]) -> None:
    """Give the machine back, with its protection and every other field as the snapshot has them."""
    with at_border(run, Purpose.ADOPT):
        adopter(source_of(run)).release(run.params["machine"], run.params["server"], _snapshot(run)["machine"])


def bind(run: Run[Env]) -> Json | None:
    """Make each named port the server's, and plug in those that are not plugged in yet.

    A port that is bound already stays as it is: attaching it would have Ironic unbind it and Neutron reset its MAC."""
    source, request = source_of(run), ManageRequest.from_json(run.params["request"])
    for port in _named(request):
        with at_border(run, Purpose.ADOPT):
            source.networks.bind(port, run.params["server"], _first(run, _snapshot(run)["ports"][port]))
            if port in run.results["observe"]["plug"]:
                adopter(source).plug(run.params["machine"], port)
    return None


def _seen(port: NetworkPort) -> dict[str, Any]:
    """What the record keeps of a port."""
    return {"mac": port.mac, "network": port.network, "addresses": [ip.address for ip in port.fixed_ips]}


def unbind(run: Run[Env]) -> None:
    """Unplug what was not plugged in before, then bring each port's fields back: unplugging changes some of them."""
    source, before = source_of(run), _snapshot(run)
    for port, fields in before["ports"].items():
        with at_border(run, Purpose.ADOPT):
            if port in run.results["observe"]["plug"]:
                adopter(source).unplug(run.params["machine"], port)
            source.networks.restore(port, fields)


def create_ports(run: Run[Env]) -> Json:
    """Create a port on each network asked for, with the MAC of a free NIC, and plug it in."""
    source, request = source_of(run), ManageRequest.from_json(run.params["request"])
    made = []
    for entry, mac in zip(_nets(request), run.results["observe"]["free_macs"], strict=False):
        with at_border(run, Purpose.ADOPT):
            port = source.networks.create(
                str(entry.net_id), mac, run.params["server"], run.params["project"], request.name
            )
            adopter(source).plug(run.params["machine"], port.id)
        made.append({"port": port.id, "port_type": entry.port_type})
    return made


def remove_ports(run: Run[Env]) -> None:
    """Unplug and delete the ports that were made, found by their owner: also one whose answer was lost."""
    source = source_of(run)
    with at_border(run, Purpose.ADOPT):
        for port in source.networks.created_for(run.params["server"]):
            adopter(source).unplug(run.params["machine"], port.id)
            source.networks.delete(port.id, run.params["server"])


def verify(run: Run[Env]) -> Json:
    """Look at everything again after the last act. Any difference of the fingerprint means that the machine was disturbed, by us
    or by somebody else. And believe no status code: see which ports are really plugged in, and what they are like now."""
    machine = unchanged(run, run.results["observe"]["before"])
    source, request = source_of(run), ManageRequest.from_json(run.params["request"])
    made: dict[str, str | None] = {one["port"]: one["port_type"] for one in run.results["create_ports"]}
    types = {entry.port_id: entry.port_type for entry in request.networks if entry.port_id}
    wanted = [*filter(None, types), *made]
    with at_border(run, Purpose.LOOK):
        found = source.networks.ports(wanted)
    _check_ports(wanted, found, run.params["server"], run.results["observe"]["macs"])
    ports = {port: _seen(one) for port, one in found.items()}
    plugged = set(machine.vifs)
    before, to_plug = set(_snapshot(run)["vifs"]), set(run.results["observe"]["plug"])
    bound = [port for port in wanted if port not in made and port not in before and port not in to_plug]
    nics = [
        {
            "port": port,
            **ports[port],
            "port_type": made.get(port, types.get(port)),
            "made": port in made,
            "plugged": port in plugged and port not in before,
        }
        for port in wanted
    ]
    interface = run.results["observe"]["network_interface"]
    lost = [
        reason("vif-not-kept", port=port, interface=interface)
        for port in wanted
        if port not in plugged and port not in bound
    ]
    return {"nics": nics, "warnings": [one.as_json() for one in lost]}


def _check_ports(wanted: Iterable[str], ports: Mapping[str, NetworkPort], server: str, macs: Sequence[str]) -> None:
    for uuid in wanted:
        port = ports.get(uuid)
        if port is None:
            raise DriverFailed(f"Port {uuid} vanished while the machine was being adopted.", fix="Try again.")
        if port.device != server:
            # Neutron on MySQL does not keep two writers of one port apart, even when both name the revision that they read.
            raise Conflict(
                f"Port {uuid} was taken by {port.device or 'nobody'} while the machine was being adopted.",
                fix="See who uses the port, or name another one.",
            )
        if port.mac not in macs:
            raise DriverFailed(
                f"Port {uuid} has MAC {port.mac} after it was plugged in, which is none of the machine's NICs.",
                fix="The network interface of the node gave the port another MAC; look at the conductor's log.",
            )


def activate(run: Run[Env]) -> Json:
    """Complete the record. The status is what the machine's power is: adoption starts and stops nothing."""
    for _ in range(_SAVES):
        server = run.env.servers.get(run.params["server"])
        if server.status is not Status.MANAGING:
            break
        try:
            run.check()
            server = run.env.servers.save(_completed(run, server))
            break
        except Stale:
            continue  # somebody changed the description meanwhile; take theirs along
    return {"server": server.uuid, "status": str(server.status)}


def _completed(run: Run[Env], server: Server) -> Server:
    seen, back = run.results["observe"], run.results["verify"]
    on = seen["power"] == Power.ON
    return replace(
        server.on(Event.MANAGED_ON if on else Event.MANAGED_OFF),
        power=seen["power"],
        image=seen["image"],
        nics=tuple(ServerNic(**{**nic, "addresses": tuple(nic["addresses"])}) for nic in back["nics"]),
        macs=tuple(seen["macs"]),
        warnings=(*seen["warnings"], *back["warnings"]),
        snapshot=seen["snapshot"],
        launched_at=run.env.clock(),
    )


def announce(run: Run[Env]) -> None:
    """server.manage.start"""
    run.env.emit("server.manage.start", payload(run, run.env.servers.find(run.params["server"])))


def finish(run: Run[Env]) -> None:
    """server.manage.end, and the audit entry."""
    server = run.env.servers.find(run.params["server"])
    run.env.emit("server.manage.end", payload(run, server))
    note(run, "server:manage", "succeeded", warnings=[one["code"] for one in server.warnings] if server else [])


def forget(run: Run[Env]) -> None:
    """Remove the record of an adoption that did not come about; the operation and its proof stay, and say why."""
    server = run.env.servers.find(run.params["server"])
    if server is not None:
        run.env.emit("server.manage.error", payload(run, server.on(Event.MANAGE_FAILED)), error=True)
        run.env.servers.remove(server.uuid)
        note(run, "server:manage", "reverted")


FLOW: Flow[Env] = Flow(
    name="manage",
    version=2,
    steps=(
        Step("observe", "Observe and check the machine", observe, undo=settle),  # only reads; undone last
        Step("claim", "Claim and protect the machine", claim, undo=unclaim),
        Step("bind", "Bind existing ports", bind, undo=unbind),
        Step("create_ports", "Create and plug new ports", create_ports, undo=remove_ports),
        Step("verify", "Verify that nothing was disturbed", verify, undo=None),  # only reads
        Step("activate", "Complete the record", activate, undo=None),  # the last act; `forget` removes the record
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=forget,
)


def _bound(reasons: tuple[Reason, ...]) -> str:
    return " ".join(one.message for one in reasons if one.code == "port-bound-not-plugged")


def preview(machine: Machine, request: ManageRequest, reasons: tuple[Reason, ...]) -> tuple[Preview, ...]:
    """What the flow would do to this machine, for a plan. Empty when it would refuse."""
    if blockers(reasons):
        return ()
    node, marks = machine.id, "instance_uuid" if machine.protected else "instance_uuid, protected"
    steps = [
        Preview("Observe and check the machine again"),
        Preview("Claim and protect the machine", f"PATCH /v1/nodes/{node} {marks}; POST /v1/allocations"),
    ]
    for port in _named(request):
        steps.append(Preview(f"Make port {port} the server's", f"PUT /v2.0/ports/{port} device_id, device_owner"))
        if port not in machine.vifs and port not in _bound(reasons):
            steps.append(Preview(f"Plug port {port} in", f"POST /v1/nodes/{node}/vifs"))
    for entry in _nets(request):
        steps.append(Preview(f"Create a port on network {entry.net_id}", "POST /v2.0/ports"))
        steps.append(Preview("Plug the new port in", f"POST /v1/nodes/{node}/vifs"))
    status = "active" if machine.power is Power.ON else "stopped"
    return (*steps, Preview("Verify that nothing was disturbed"), Preview(f"Record the server as {status}"))
