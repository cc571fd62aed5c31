"""offboard_vm: a server that is a VM is let go, and the VM stays exactly as it runs.

observe → remove the mark → verify → put back what was synchronized → forget. A VM that is gone from its hypervisors is let go too:
then only the record is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.domain.errors import Conflict, DriverFailed, NotFound, NotSupported
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Power
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.engine import Flow, Json, Run, Step
from corral.flows import sync_origin
from corral.flows.env import Env, note, payload, was_lost
from corral.flows.unmanage import announce, finish, forget
from corral.flows.vms import mark_vm, observe_vm, unmark_vm, vm_unchanged


def observe(run: Run[Env]) -> Json:
    """Take the fingerprint, and keep what is needed to go on, or back, without the record."""
    server = run.env.servers.get(run.params["server"])
    kept = {"name": server.name, "power": server.power, "marked": bool(server.snapshot.get("marked"))}
    try:
        _, vm = observe_vm(run)
    except NotFound:
        return {**kept, "gone": True}
    before = vm_fingerprint(vm).as_json()
    run.along(lambda conn: run.env.proofs.before(run.operation, before, conn=conn))
    return {**kept, "host": vm.host, "gone": False, "before": before}


def _seen(run: Run[Env]) -> Mapping[str, Any]:
    return run.results.get("observe") or {"gone": True, "marked": False}


def _is_marked(run: Run[Env]) -> bool:
    return _seen(run)["marked"] and not _seen(run)["gone"]


def settle(run: Run[Env]) -> None:
    """When an answer was lost: mark the VM once more, whatever was done late."""
    if _is_marked(run) and was_lost(run):
        mark_again(run)


def unmark(run: Run[Env]) -> Json | None:
    """Remove the mark that adoption wrote, and nothing else."""
    if _is_marked(run):
        unmark_vm(run)
    return None


def mark_again(run: Run[Env]) -> None:
    """Mark the VM again. If somebody else was quicker, or it is gone by now, that is final."""
    if not _is_marked(run):
        return
    try:
        mark_vm(run, _seen(run)["name"])
    except (Conflict, NotFound) as exc:
        run.progress(1.0, f"The VM can't be marked again: {exc}")


def verify(run: Run[Env]) -> Json | None:
    """Take the fingerprint again: letting go must disturb the VM as little as adopting it did."""
    if _seen(run)["gone"]:
        return None
    _, vm, _mark = vm_unchanged(run, _seen(run)["before"])
    return {"host": vm.host}


def put_back(run: Run[Env]) -> Json | None:
    """Bring back what was said of the VM before synchronization first wrote it. What can't be put back stays: nobody's VM is kept
    for the sake of its notes."""
    if _seen(run)["gone"]:
        return None
    try:
        return {"put_back": sync_origin.put_back(run)}
    except (Conflict, DriverFailed, NotFound, NotSupported) as exc:
        run.progress(1.0, f"Not everything that synchronization wrote could be put back: {exc}")
        return None


def tell_again(run: Run[Env]) -> None:
    """It is called as the server again."""
    if not _seen(run)["gone"]:
        sync_origin.tell_again(run)


def stay(run: Run[Env]) -> None:
    """The server is as it was."""
    server = run.env.servers.find(run.params["server"])
    if server is None or server.status is not Status.UNMANAGING:
        return
    run.env.emit("server.unmanage.error", payload(run, server), error=True)
    on = _seen(run).get("power", server.power) == Power.ON
    run.env.servers.save(server.on(Event.UNMANAGE_FAILED_ON if on else Event.UNMANAGE_FAILED_OFF))
    note(run, "server:unmanage", "reverted")


FLOW: Flow[Env] = Flow(
    name="offboard_vm",
    version=1,
    steps=(
        Step("observe", "Observe the VM", observe, undo=settle),  # only reads; undone last
        Step("unmark", "Remove the mark", unmark, undo=mark_again),
        Step("verify", "Verify that nothing was disturbed", verify, undo=None),  # only reads
        Step("put_back", "Put back what was synchronized", put_back, undo=tell_again),
        Step("forget", "Forget the server", forget, undo=None),  # the last act
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=stay,
)
