"""What the steps of VMs' flows find around them: the hypervisor that has the VM, and the VM itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corral.contracts.border import Purpose
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Mark, Where
from corral.domain.errors import DriverFailed
from corral.domain.fingerprint import differences
from corral.domain.host import Host
from corral.domain.machine import Power
from corral.domain.server import Kind
from corral.domain.vm import RunState, Vm
from corral.domain.vm_fingerprint import vm_fingerprint
from corral.engine import Run
from corral.flows.env import Env, at_border
from corral.flows.hypervisors import Hypervisor
from corral.store.vm_records import VmRecords

_LOOKS = 3
_BETWEEN_LOOKS = 2.0  # seconds


def is_vm(run: Run[Env]) -> bool:
    """Whether the operation is about a VM. What earlier releases stored is about nodes."""
    return bool(run.params.get("kind") == Kind.VM)


def hypervisor_of(run: Run[Env]) -> Hypervisor:
    """The source of hosts that this operation works at. Raises NotFound."""
    return run.env.hypervisor(run.params["source"])


def where_of(run: Run[Env]) -> Where:
    """The VM of this operation, at the host where it was seen last: by a step, else by surveys, else when it was adopted."""
    machine, seen = run.params["machine"], run.results.get("observe") or {}
    if host := seen.get("host"):
        return Where(machine, host)
    return whereabouts(run.env.vm_records, run.params["source"], machine, run.params.get("host"))


def whereabouts(records: VmRecords, source: str, vm: str, known: str | None) -> Where:
    """The VM at the host where surveys saw it last, else at the one that is `known`."""
    return Where(vm, records.place(source, vm) or known or "")


def observe_vm(run: Run[Env]) -> tuple[Host, Vm]:
    """The VM as it is now, with the host that has it. Raises NotFound, Unreachable."""
    with at_border(run, Purpose.LOOK), hypervisor_of(run).vms() as vms:
        return vms.observe(where_of(run))


def observe_marked(run: Run[Env]) -> tuple[Host, Vm, Mark | None]:
    """As `observe_vm`, with the mark that the VM bears."""
    with at_border(run, Purpose.LOOK), hypervisor_of(run).vms() as vms:
        return vms.observe_marked(where_of(run))


def mark_vm(run: Run[Env], name: str) -> None:
    """Mark the VM as this operation's server's. Raises Conflict, NotFound."""
    with at_border(run, Purpose.ADOPT), hypervisor_of(run).vms() as vms:
        vms.mark(where_of(run), Mark(run.params["server"], name))


def unmark_vm(run: Run[Env]) -> None:
    """Remove the mark of this operation's server."""
    with at_border(run, Purpose.ADOPT), hypervisor_of(run).vms() as vms:
        vms.unmark(where_of(run), run.params["server"])


def vm_unchanged(run: Run[Env], before: Mapping[str, Any]) -> tuple[Host, Vm, Mark | None]:
    """Take the fingerprint again and hold it against the one from before; it is kept with the proof.

    As for nodes, a difference counts when it lasts over a few looks. Gives the VM as it was seen last, on whichever host it is, and
    the mark that it bears; raises DriverFailed with every difference."""
    for look in range(_LOOKS):
        host, vm, mark = observe_marked(run)
        after = vm_fingerprint(vm).as_json()
        changed = differences(dict(before), after)
        if not changed:
            break
        if look < _LOOKS - 1:
            run.env.sleep(_BETWEEN_LOOKS)
    run.along(lambda conn: run.env.proofs.after(run.operation, after, conn=conn))
    if changed:
        raise DriverFailed(
            f"The VM is not as it was before: {'; '.join(map(str, changed))}.",
            fix="Find out who changed it (the proof lists every call that Corral made), then try again.",
            code="disturbed",
        )
    return host, vm, mark


class VmPowers:
    """The VM of an operation as `contracts.sources.Powers` has machines."""

    def __init__(self, run: Run[Env]) -> None:
        self._run = run
        self._hypervisor = hypervisor_of(run)

    def power(self, machine: str) -> Power:
        """What the hypervisor says. Raises NotFound."""
        return self._observed(machine).power

    def switch(self, machine: str, target: PowerTarget) -> None:
        """Ask for the change. Raises Conflict while something else is done to it."""
        with self._hypervisor.switches() as vms:
            vms.switch(self._where(machine), target)

    def switching(self, machine: str) -> bool:
        """True while it stops, and while its guest was asked to stop and still runs: that takes as long as the guest takes."""
        state = self._observed(machine).state
        asked = PowerTarget(self._run.params["target"]) is PowerTarget.SOFT_OFF
        return state is RunState.STOPPING or (asked and state is RunState.RUNNING)

    def _observed(self, machine: str) -> Vm:
        with self._hypervisor.vms() as vms:
            return vms.observe(self._where(machine))[1]

    def _where(self, machine: str) -> Where:
        return whereabouts(self._run.env.vm_records, self._hypervisor.name, machine, self._run.params.get("host"))
