"""onboard_vm: a VM that runs becomes a server, and is not touched.

observe again → check → (record and name were reserved when the operation was stored) → mark → record volumes and NICs → verify
the fingerprint → active or stopped.

The mark is the only thing that is written at the hypervisor, and only where the source's setting `mark` says so. Whatever fails,
it is taken away again and the record goes: the VM is wholly managed or wholly untouched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corral.domain.descriptions import DESCRIPTIVE, unfit
from corral.domain.digest import plain
from corral.domain.drift import Facts, Field
from corral.domain.errors import Conflict, Refused, Stale
from corral.domain.lifecycle import Event, Status
from corral.domain.machine import Power
from corral.domain.plan import Step as Preview
from corral.domain.reasons import Reason, blockers
from corral.domain.server import ManageRequest, Server
from corral.domain.sync_sides import record_side, vm_facts, with_world
from corral.domain.vm import Vm
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.domain.vm_requests import vm_basis, vm_request_reasons
from corral.engine import Flow, Json, Run, Step
from corral.flows.env import Env, was_lost
from corral.flows.judge_vms import judge_vms
from corral.flows.manage import announce, finish, forget
from corral.flows.vms import hypervisor_of, mark_vm, observe_marked, unmark_vm, vm_unchanged
from corral.store.host_rows import disk_of, nic_of

_SAVES = 5


def observe(run: Run[Env]) -> Json:
    """Look at the VM once more, refuse what has changed, and keep what the record will have of it."""
    host, vm, mark = observe_marked(run)
    request = ManageRequest.from_json(run.params["request"])
    flavor = run.env.flavors.find(request.flavor) if request.flavor else None
    own = run.params["server"]
    [judged] = judge_vms(run.params["source"], [(host, vm)], run.env.vm_records, run.env.servers, own=own)
    marked = mark.server if mark is not None else None
    asked = tuple(vm_request_reasons(request, flavor, run.params["project"], mark=marked, own=own))
    reasons = (*judged.reasons, *asked)
    if found := blockers(reasons):
        raise Refused(f"VM {vm.label} can't be adopted any more.", found)
    if run.params["basis"] not in (None, vm_basis(vm, flavor)):
        raise Stale(
            f"VM {vm.label} has changed since the plan was made.",
            fix="Make a new plan and look at it before applying it.",
        )
    before = vm_fingerprint(vm).as_json()
    run.along(lambda conn: run.env.proofs.before(run.operation, before, conn=conn))
    warnings = [one.as_json() for one in reasons if not one.blocks]
    return {"host": vm.host, "before": before, "vm": _kept(vm), "mark": hypervisor_of(run).mark, "warnings": warnings}


def _kept(vm: Vm) -> dict[str, Any]:
    """What the record has of it, as JSON."""
    return {
        "power": str(vm.power),
        "cpus": vm.cpus,
        "memory": vm.memory,
        "macs": sorted(vm.macs),
        "disks": [plain(disk) for disk in vm.disks],
        "nics": [plain(nic) for nic in vm.nics],
        "said": {str(what): value for what, value in vm_facts(vm).items() if what in DESCRIPTIVE},
    }


def _seen(run: Run[Env]) -> Mapping[str, Any]:
    """What `observe` saw; empty when the operation failed before it acted, and so has nothing to undo."""
    return run.results.get("observe") or {}


def settle(run: Run[Env]) -> None:
    """When an answer was lost: take away once more what may have been written late."""
    if _seen(run).get("mark") and was_lost(run):
        unmark_vm(run)


def mark(run: Run[Env]) -> Json | None:
    """Write at the hypervisor whose the VM is, where that is wanted."""
    if _seen(run)["mark"]:
        mark_vm(run, run.params["name"])
    return None


def unmark(run: Run[Env]) -> None:
    """Remove the mark. What else is written there stays."""
    if _seen(run).get("mark"):
        unmark_vm(run)


def record(run: Run[Env]) -> Json | None:
    """Record what the VM has, by ids that last. Raises Conflict when another server has one of its MACs by now."""
    _save(run, _recorded)
    return None


def _recorded(run: Run[Env], server: Server) -> Server:
    seen, vm = _seen(run), _seen(run)["vm"]
    return replace(
        with_world(server, _said(server, vm.get("said", {}))),
        host=seen["host"],
        cpus=vm["cpus"],
        memory=vm["memory"],
        macs=tuple(vm["macs"]),
        volumes=tuple(disk_of(one) for one in vm["disks"]),
        vm_nics=tuple(nic_of(one) for one in vm["nics"]),
        snapshot={"marked": seen["mark"]},
        warnings=tuple(seen["warnings"]),
    )


def _said(server: Server, said: Mapping[str, Any]) -> Facts:
    """What people said of the VM where it is, as far as whoever adopts it says nothing else, and the record can have it."""
    own = record_side(server, {}, {})
    found = {Field(what): value for what, value in said.items()}
    return {
        what: value for what, value in found.items() if own.get(what) is None and not unfit(server.kind, what, value)
    }


def verify(run: Run[Env]) -> Json:
    """Look again after the last act: the same run of the same VM, with the same MACs and disks. And believe no answer: see whether
    the mark is there."""
    host, vm, found = vm_unchanged(run, _seen(run)["before"])
    if _seen(run)["mark"] and (found is None or found.server != run.params["server"]):
        raise Conflict(
            f"VM {vm.label} bears {'no mark' if found is None else f'the mark of server {found.server}'} after it was marked.",
            fix="Somebody else writes marks there: see which tools do, then try again.",
        )
    return {"host": host.id, "power": str(vm.power)}


def activate(run: Run[Env]) -> Json:
    """Complete the record. The status is what the VM's power is: adoption starts and stops nothing."""
    server = _save(run, _completed)
    return {"server": server.uuid, "status": str(server.status)}


def _completed(run: Run[Env], server: Server) -> Server:
    seen = run.results["verify"]
    event = Event.MANAGED_OFF if seen["power"] == Power.OFF else Event.MANAGED_ON
    return replace(server.on(event), power=seen["power"], host=seen["host"], launched_at=run.env.clock())


def _save(run: Run[Env], changed: Any) -> Server:
    """Save the record as `changed(run, server)` gives it, with what others changed meanwhile; not when it is complete already."""
    for _ in range(_SAVES):
        server = run.env.servers.get(run.params["server"])
        if server.status is not Status.MANAGING:
            return server
        try:
            run.check()
            return run.env.servers.save(changed(run, server), was=server)
        except Stale:
            continue
    raise Stale("The server's record is being changed all the time.", fix="Try again.")


FLOW: Flow[Env] = Flow(
    name="onboard_vm",
    version=1,
    steps=(
        Step("observe", "Observe and check the VM", observe, undo=settle),  # only reads; undone last
        Step("mark", "Mark the VM as the server's", mark, undo=unmark),
        Step("record", "Record its volumes and NICs", record, undo=None),  # `forget` removes the record
        Step("verify", "Verify that nothing was disturbed", verify, undo=None),  # only reads
        Step("activate", "Complete the record", activate, undo=None),  # the last act; `forget` removes the record
    ),
    on_start=announce,
    on_success=finish,
    on_reverted=forget,
)


def preview_vm(vm: Vm, reasons: tuple[Reason, ...], *, mark: bool) -> tuple[Preview, ...]:
    """What the flow would do to this VM, for a plan. Empty when it would refuse."""
    if blockers(reasons):
        return ()
    marked = (Preview("Mark the VM as the server's", f"mark {vm.id}"),) if mark else ()
    volumes, nics = len(vm.disks), len(vm.nics)
    status = "stopped" if vm.power is Power.OFF else "active"
    return (
        Preview("Observe and check the VM again"),
        *marked,
        Preview(
            f"Record {volumes} {'volume' if volumes == 1 else 'volumes'} and {nics} {'NIC' if nics == 1 else 'NICs'}"
        ),
        Preview("Verify that nothing was disturbed"),
        Preview(f"Record the server as {status}"),
    )
