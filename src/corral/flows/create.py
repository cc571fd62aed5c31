"""create: a server on a machine that is there and that nobody has.

check → choose and claim a machine → plug the network in → deploy → verify → active. When its deployment fails the machine is given
back, and the next attempt, an operation of its own, goes elsewhere.

Rule: only what is available and unclaimed is ever taken, and only what bears both marks of this operation is ever torn down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from corral.contracts.border import Purpose
from corral.contracts.provisioning import DeployState
from corral.contracts.sources import Query, Source
from corral.domain.creation import Built
from corral.domain.errors import Conflict, DriverFailed, NotFound, Refused
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Machine, Power
from corral.domain.placing import Capacity, capacity
from corral.domain.server import Flavor, Server, ServerNic
from corral.engine import Flow, Json, Run, Step, Submission
from corral.flows import deploy as deploying
from corral.flows.building import (
    about,
    built,
    change,
    deployment,
    flavor_of,
    machine_of,
    telling,
    unplaced,
    who,
    wish_of,
)
from corral.flows.env import Env, at_border, deployer, note, source_of, was_lost
from corral.flows.nics import named, plug, problems, read_back, unplug
from corral.flows.start import Actor, Books, accept, params_of
from corral.flows.start import about as operation_about
from corral.store import Servers

MOST_TRIES = 3
"""On how many machines a deployment is tried."""
NO_NODE = "no-node"
_KEYS = UUID("6b3f1c52-3b7a-4c6e-8f0b-6d7d2c1b9e55")


# --- the steps --------------------------------------------------------------------------------------------------


@telling
def check(run: Run[Env]) -> Json | None:
    """Refuse what can't be, with everything that is wrong at once, and keep what will be needed to undo. Only reads the world."""
    source, wish = source_of(run), wish_of(run)
    deployer(source)
    flavor_of(run)
    with at_border(run, Purpose.LOOK):
        ports = source.networks.ports(named(wish))
        found = problems(run, ports)
        if wish.image not in source.images.images([wish.image]):
            found.insert(0, f"Image {wish.image} does not exist.")
    if found:
        raise Conflict(
            f"The server can't be created: {' '.join(found)}", fix="Correct the request, and create it anew."
        )
    if run.attempt == 1:
        kept = {port: dict(one.snapshot) for port, one in ports.items()}
        change(run, built(operation=run.operation, ports=kept, partitions=wish.partitions))
    return None


def settle(run: Run[Env]) -> None:
    """When an answer was lost: undo once more what may have been done late. Only then is it forgotten which machine was chosen."""
    if was_lost(run):
        tear_down(run)
        unplug(run)
        give_back(run)
    change(run, unplaced)


@telling
def claim(run: Run[Env]) -> Json:
    """Take the first machine that fits and that nobody else takes at the same moment. The choice is written into the record before
    the machine is claimed: two servers of Corral can't choose one, and whoever goes on after a crash knows which it was."""
    if (chosen := machine_of(run)) is not None and _claimed(run, chosen):
        return {"machine": chosen}
    seen = _capacity(run)
    for machine in _spread(seen.fits, run.params["server"]):
        if _take(run, machine) and _claimed(run, machine.id):
            return {"machine": machine.id}
    raise Conflict(f"No machine is free for this server. {seen.told}", code=NO_NODE, fix="Free a machine, or add one.")


def _capacity(run: Run[Env]) -> Capacity:
    wish, tried = wish_of(run), Built.of(run.env.servers.get(run.params["server"])).tried
    with at_border(run, Purpose.LOOK):
        return fitting(
            source_of(run), run.env.servers, flavor_of(run), wish.availability_zone, len(wish.networks), tried
        )


def fitting(
    source: Source, servers: Servers, flavor: Flavor, zone: str | None, networks: int, tried: tuple[str, ...] = ()
) -> Capacity:
    """The machines of a source that a server may have right now. Only reads."""
    machines = list(source.machines.discover(Query(available_free=True)))
    managed = servers.managed(source.name, [one.id for one in machines])
    return capacity(machines, flavor, zone, networks, managed, tried)


def _spread(machines: tuple[Machine, ...], server: str) -> Iterator[Machine]:
    """In an order of this server's own, so that many who choose at once do not all begin with the same one."""
    yield from sorted(machines, key=lambda one: uuid5(UUID(server), one.id))


def _take(run: Run[Env], machine: Machine) -> bool:
    """Write the choice down; False when another server has the machine."""
    try:
        with at_border(run, Purpose.LOOK):
            before = dict(deployer(source_of(run)).deployable(machine.id))
    except (Conflict, Refused, NotFound):
        return False
    try:
        change(run, lambda server: replace(with_before(server, before), machine=machine.id, machine_name=machine.name))
    except Conflict:
        return False
    return True


def with_before(server: Server, before: dict[str, Any]) -> Server:
    """The server with what its machine was like before."""
    return replace(Built.of(server), before=before).on(server)


def _claimed(run: Run[Env], machine: str) -> bool:
    """Claim the machine; False, and nothing of it in the record, when somebody else was faster."""
    before = Built.of(run.env.servers.get(run.params["server"])).before or {}
    try:
        with at_border(run, Purpose.DEPLOY):
            deployer(source_of(run)).reserve(machine, who(run), deployment(run), before)
    except (Conflict, Refused, NotFound):
        change(run, unplaced)
        return False
    return True


def give_back(run: Run[Env]) -> None:
    """Give the machine back as it was."""
    server = run.env.servers.get(run.params["server"])
    before = Built.of(server).before
    if not server.placed or before is None:
        return
    with at_border(run, Purpose.DEPLOY):
        machines, me, wish = deployer(source_of(run)), who(run), deployment(run)
        status = deploying.given_back(run, server.machine, lambda: machines.undeploy(server.machine, me, wish, before))
    if status.state is DeployState.FAILED:
        # It is nobody's by now, and whoever runs the source sees that it could not be cleaned.
        run.progress(1.0, f"machine {server.machine} was torn down, and is {status.detail}")


@telling
def deploy(run: Run[Env]) -> Json:
    """Deploy, and wait for the end. What an earlier attempt of this operation began is not begun again."""
    machine = str(machine_of(run))
    before = Built.of(run.env.servers.get(run.params["server"])).before or {}
    machines, me = deployer(source_of(run)), who(run)
    try:
        with at_border(run, Purpose.DEPLOY):
            if machines.deployment(machine, me).state is DeployState.FREE:
                run.check()
                machines.deploy(machine, me, deployment(run), before)
            deploying.ended(run, machines, machine, me)
    except DriverFailed as exc:
        if exc.code == deploying.FAILED:
            change(run, lambda server: _tried(server, machine))
        raise
    return {"machine": machine}


def _tried(server: Server, machine: str) -> Server:
    kept = Built.of(server)
    return replace(kept, tried=tuple(dict.fromkeys((*kept.tried, machine)))).on(server)


def tear_down(run: Run[Env]) -> None:
    """Take the deployment back, also one that has come to its end: nobody was ever given this machine. What bears other marks than
    this operation's is not touched; the claim stays until the network was unplugged."""
    server = run.env.servers.get(run.params["server"])
    before = Built.of(server).before
    if not server.placed or before is None:
        return
    machine, machines, me, wish = server.machine, deployer(source_of(run)), who(run), deployment(run)
    try:
        with at_border(run, Purpose.LOOK):
            status = machines.deployment(machine, me)
    except NotFound:
        return
    if status.state in (DeployState.FREE, DeployState.OTHER):
        return
    with at_border(run, Purpose.DEPLOY):
        status = deploying.given_back(run, machine, lambda: machines.undeploy(machine, me, wish, before))
    if status.state is DeployState.DEPLOYED:
        with at_border(run, Purpose.DELETE):
            deploying.given_back(run, machine, lambda: machines.destroy(machine, me))


@telling
def verify(run: Run[Env]) -> Json:
    """Look at everything again: the machine is deployed for us, and each port is where it should be. Only reads."""
    machine, source = str(machine_of(run)), source_of(run)
    with at_border(run, Purpose.LOOK):
        seen = source.machines.observe(machine)
        state = deployer(source).deployment(machine, who(run)).state
    if state is not DeployState.DEPLOYED:
        raise DriverFailed(f"Machine {seen.label} is {state} after it was deployed ({seen.provision_state}).")
    return {**read_back(run, seen), "power": str(seen.power), "macs": sorted(seen.macs), "name": seen.name}


def activate(run: Run[Env]) -> Json:
    """Complete the record."""
    server = change(run, lambda server: _completed(run, server) if server.status is Status.BUILDING else server)
    return {"server": server.uuid, "status": str(server.status)}


def _completed(run: Run[Env], server: Server) -> Server:
    seen = run.results["verify"]
    return replace(
        server.on(Event.BUILT_OFF if seen["power"] == Power.OFF else Event.BUILT_ON),
        power=seen["power"],
        image=wish_of(run).image,
        machine_name=seen["name"],
        nics=tuple(ServerNic(**{**nic, "addresses": tuple(nic["addresses"])}) for nic in seen["nics"]),
        macs=tuple(seen["macs"]),
        warnings=tuple(seen["warnings"]),
        fault=None,
        launched_at=run.env.clock(),
    )


# --- begin and end ----------------------------------------------------------------------------------------------


def announce(run: Run[Env]) -> None:
    """server.create.start"""
    run.env.emit("server.create.start", about(run, run.env.servers.find(run.params["server"])))


def finish(run: Run[Env]) -> None:
    """server.create.end, and the audit entry."""
    server = run.env.servers.get(run.params["server"])
    run.env.emit("server.create.end", about(run, server))
    note(run, "server:create", "succeeded", machine=server.machine)


def elsewhere(run: Run[Env]) -> None:
    """Everything is undone. Where only that machine was to blame, another one is tried; else the server is in error."""
    server = run.env.servers.find(run.params["server"])
    if server is None or server.status is not Status.BUILDING or Built.of(server).operation != run.operation:
        return  # another operation has it by now: this was done before a crash
    if (flow := _next(run, server)) is not None:
        note(run, "server:create", "reverted", tried=list(Built.of(server).tried))
        _submit(run, server, flow)
    else:
        give_up(run)


def give_up(run: Run[Env]) -> None:
    """The server is in error, until whoever asked for it deletes it; nothing of it is left anywhere."""
    server = change(run, lambda server: _failed(run, server) if server.status is Status.BUILDING else server)
    run.env.emit("server.create.error", about(run, server), error=True)
    note(run, "server:create", "reverted")


def _failed(run: Run[Env], server: Server) -> Server:
    cancelled = {"code": "cancelled", "message": "It was cancelled.", "fix": "", "operation": run.operation}
    of_this = (server.fault or {}).get("operation") == run.operation
    return replace(server.on(Event.BUILD_FAILED), fault=server.fault if of_this else cancelled)


def _next(run: Run[Env], server: Server) -> str | None:
    """The flow to try next: the same on another machine, or composing one where none is left; None to leave it."""
    fault = server.fault or {}
    if fault.get("operation") != run.operation:
        return None
    if fault.get("code") == deploying.FAILED and len(Built.of(server).tried) < MOST_TRIES:
        return "create"
    flavor = run.env.flavors.find(server.flavor)
    full = fault.get("code") == NO_NODE and flavor is not None and flavor.compose is not None
    return "compose" if full and run.params.get("own_machine") else None


def _submit(run: Run[Env], server: Server, flow: str) -> None:
    """Store the next attempt, once, however often this is called."""
    env, uuid = run.env, str(uuid5(_KEYS, run.operation))
    actor = Actor(run.params["user"], run.params["project"], run.params["request_id"])
    own = run.params.get("own_machine")
    given = {key: run.params[key] for key in ("name", "request", "own_machine", "pod") if key in run.params}
    params = {**params_of(server, actor), **given, **({"machine": own} if flow == "compose" else {})}
    new = operation_about(server, actor, uuid)

    def alongside(conn: sa.Connection) -> None:
        kept = replace(Built.of(server), operation=uuid).on(server)
        moved = replace(kept, machine=str(own), composed=True) if flow == "compose" else kept
        accept(
            conn, Books(env.servers, env.proofs, env.audit), "create", env.servers.save(moved, conn=conn), actor, uuid
        )

    try:
        env.submit([Submission(flow, params, new, alongside)], first=lambda _conn: None)
    except sa.exc.IntegrityError as exc:
        raise DriverFailed("Somebody stored the next attempt at the same time.", fix="It is looked at again.") from exc


FLOW: Flow[Env] = Flow(
    name="create",
    version=1,
    steps=(
        Step("check", "Check what was asked for", check, undo=settle),  # only reads; undone last
        Step("claim", "Choose a machine and claim it", claim, undo=give_back),
        Step("plug", "Plug the network in", plug, undo=unplug),
        Step("deploy", "Deploy the image", deploy, undo=tear_down),
        Step("verify", "Verify machine and ports", verify, undo=None),  # only reads
        Step("activate", "Complete the record", activate, undo=None),  # the last act
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=elsewhere,
)
