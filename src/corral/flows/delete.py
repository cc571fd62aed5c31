"""delete: a server that Corral created goes, with all that was made for it.

observe → tear down → unplug → remove the node (of a composed server) → release what it was composed of → forget. Never in another
order: a node whose hardware is gone would fail at every look, and hardware that a node still names would be handed to two.

Rule: what was torn down can't be brought back, so nothing here is undone: a delete that stops is in error, and goes on where it
stopped when it is asked for again. Nothing is torn down that does not bear both marks of its deployment, whoever claims it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from corral.contracts.border import Purpose
from corral.contracts.provisioning import Deployer, DeployState
from corral.domain.creation import Built
from corral.domain.errors import Conflict, DriverFailed, NotFound, Refused, Unreachable
from corral.domain.lifecycle import Event, Status
from corral.domain.placing import is_enrolled_here
from corral.domain.reasons import reason
from corral.domain.server import Server
from corral.engine import Flow, Json, Run, Step
from corral.flows import deploy as deploying
from corral.flows import nics
from corral.flows.building import about, built, change, telling
from corral.flows.compose import release, remove
from corral.flows.env import Env, at_border, deployer, note, source_of

T = TypeVar("T")
_TRIES = 4


@telling
def observe(run: Run[Env]) -> Json:
    """See what there is to tear down, and refuse what is not ours to. Only reads."""
    server = run.env.servers.get(run.params["server"])
    refuse_adopted(server)
    operation = Built.of(server).operation
    if not server.placed or operation is None:
        return {"machine": None, "operation": operation}
    with at_border(run, Purpose.LOOK):
        try:
            machine = source_of(run).machines.observe(server.machine)
            state = deployer(source_of(run)).deployment(server.machine, Deployer(server.uuid, operation)).state
        except NotFound:
            return {"machine": None, "operation": operation}
    if machine.claimed_by == server.uuid:
        if machine.protected:
            because = f" ({machine.protected_reason})" if machine.protected_reason else ""
            raise Refused(f"Machine {machine.label} can't be torn down.", [reason("protected", because=because)])
        if state is DeployState.OTHER and machine.provision_state == "active":
            raise Conflict(
                f"Machine {machine.label} is claimed for server {server.uuid}, and does not bear the mark of its deployment: it is "
                "not torn down.",
                fix="Find out who changed instance_info.corral_operation of the node.",
            )
    elif machine.claimed_by is not None and is_enrolled_here(server.machine):
        raise Conflict(
            f"Machine {machine.label}, composed for this server, is claimed by instance {machine.claimed_by}.",
            fix="Ask whoever has it; delete the server again when it is free.",
        )
    ours = machine.claimed_by == server.uuid
    return {"machine": server.machine if ours else None, "operation": operation}


def refuse_adopted(server: Server) -> None:
    """Raise Conflict for a server that ran before it was Corral's. Nothing of it is ever torn down."""
    if server.adopted:
        raise Conflict(
            f"Server {server.name} was adopted: it is let go, never torn down.", fix="Unmanage it: its machine runs on."
        )


@telling
def undeploy(run: Run[Env]) -> Json | None:
    """Tear the deployment down, and wait until the machine is nobody's."""
    seen = run.results["observe"]
    if (machine := seen["machine"]) is None:
        return None
    change(run, built(leaving=True))
    machines, owner = deployer(source_of(run)), Deployer(run.params["server"], seen["operation"])

    def tear_down() -> None:
        with at_border(run, Purpose.DELETE):
            status = deploying.given_back(run, machine, lambda: machines.destroy(machine, owner))
        with at_border(run, Purpose.LOOK):
            holder = source_of(run).machines.observe(machine).claimed_by if status.state is DeployState.FAILED else None
        if holder == owner.owner:
            raise DriverFailed(
                f"Machine {machine} could not be torn down: {status.detail}.", fix="Mend it at its source."
            )

    _patiently(run, tear_down)
    return None


@telling
def unplug(run: Run[Env]) -> Json | None:
    """Unplug the network; delete the ports that were made, and give the others back as they were."""
    _patiently(run, lambda: nics.unplug(run))
    return None


@telling
def unenroll(run: Run[Env]) -> Json | None:
    """Remove the node of a composed system."""
    server = run.env.servers.get(run.params["server"])
    if server.composed and server.placed and is_enrolled_here(server.machine):
        _patiently(run, lambda: remove(run, server.machine))
    return None


@telling
def give_back(run: Run[Env]) -> Json | None:
    """Release what was composed, which the pod was seen to have no more."""
    for attempt in run.env.compositions.of_server(run.params["server"]):

        def let_go(attempt: Any = attempt) -> None:
            with at_border(run, Purpose.COMPOSE):
                release(run, attempt)

        _patiently(run, let_go)
    return None


def forget(run: Run[Env]) -> Json | None:
    """Remove the record. Proof and audit stay."""
    run.check()
    run.env.servers.remove(run.params["server"])
    return None


def _patiently(run: Run[Env], act: Callable[[], T]) -> T:
    """Do what looks before it acts, and can so be done again: a service that stumbles is asked a few times."""
    for attempt in range(_TRIES):
        try:
            return act()
        except (Unreachable, DriverFailed):
            if attempt == _TRIES - 1:
                raise
            run.env.sleep(2.0**attempt)
    raise AssertionError("the last attempt returns or raises")


def announce(run: Run[Env]) -> None:
    """server.delete.start"""
    run.env.emit("server.delete.start", about(run, run.env.servers.find(run.params["server"])))


def finish(run: Run[Env]) -> None:
    """server.delete.end, and the audit entry."""
    run.env.emit("server.delete.end", about(run, None))
    note(run, "server:delete", "succeeded")


def stop(run: Run[Env]) -> None:
    """The server is in error, and says where it stopped. Asked to be deleted again, it goes on from there."""
    if run.env.servers.find(run.params["server"]) is None:
        return
    server = change(run, lambda server: _stopped(run, server) if server.status is Status.DELETING else server)
    run.env.emit("server.delete.error", about(run, server), error=True)
    note(run, "server:delete", "reverted")


def _stopped(run: Run[Env], server: Server) -> Server:
    cancelled = {"code": "cancelled", "message": "Its deletion was cancelled.", "fix": "", "operation": run.operation}
    of_this = (server.fault or {}).get("operation") == run.operation
    return replace(server.on(Event.DELETE_FAILED), fault=server.fault if of_this else cancelled)


FLOW: Flow[Env] = Flow(
    name="delete",
    version=1,
    steps=(
        Step("observe", "Observe the machine", observe, undo=None),  # only reads
        Step("undeploy", "Tear the deployment down", undeploy, undo=None),  # can't be taken back
        Step("unplug", "Unplug the network", unplug, undo=None),  # ports that are gone don't come back
        Step("unenroll", "Remove the node", unenroll, undo=None),  # of a machine that is torn down
        Step("release", "Release what was composed", give_back, undo=None),  # somebody may have it by now
        Step("forget", "Forget the server", forget, undo=None),  # the last act
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=stop,
)
