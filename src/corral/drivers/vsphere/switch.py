"""Power of one VM. Rule: what is asked for is done once, and nothing stronger: a guest that does not shut down is left running."""

from __future__ import annotations

import time
from typing import Any

from pyVmomi import vim

from corral.contracts.sources import PowerTarget
from corral.domain.errors import Conflict, DriverFailed
from corral.drivers.vsphere.acting import Change, meaning
from corral.drivers.vsphere.collect import of_objects
from corral.drivers.vsphere.failures import words
from corral.drivers.vsphere.link import Link, Session

_POLL = 0.2
_STATE = "summary.runtime.powerState"


def switch(session: Session, change: Change, machine: Any, target: PowerTarget) -> Any:
    """The task at the vCenter, None when there is nothing to wait for. Raises Conflict."""
    state = power(session, machine)
    if target is PowerTarget.ON:
        return None if state == "poweredOn" else change.send(machine.PowerOnVM_Task)
    if state == "poweredOff":
        if target in (PowerTarget.REBOOT, PowerTarget.SOFT_REBOOT):
            raise Conflict("The VM is off, so it can't be rebooted.", fix="Switch it on.")
        return None
    calls = {
        PowerTarget.OFF: machine.PowerOffVM_Task,
        PowerTarget.REBOOT: machine.ResetVM_Task,
        PowerTarget.SOFT_OFF: machine.ShutdownGuest,
        PowerTarget.SOFT_REBOOT: machine.RebootGuest,
    }
    return change.send(calls[target])


def power(session: Session, machine: Any) -> Any:
    """Its state in the vCenter's words, None when it was removed."""
    told = of_objects(session, [machine], {vim.VirtualMachine: (_STATE,)})
    return next((one.properties.get(_STATE) for _, one in told), None)


def await_task(link: Link, task: Any, seconds: float) -> None:
    """Wait until a task is done, or that long: it was taken then. Others may use the session between two looks at it.

    Raises Conflict and DriverFailed for what it came to."""
    until = time.monotonic() + seconds
    while (fault := link.ask(lambda session: _outcome(session, str(task._moId)))) is None:
        if time.monotonic() > until:
            return
        time.sleep(_POLL)
    if fault:
        raise meaning(fault[0]) or DriverFailed(
            f"The vCenter could not do it: {type(fault[0]).__name__.rpartition('.')[2]}: {fault[1]}.",
            fix="Look at the VM's tasks in the vSphere Client.",
        )


def _outcome(session: Session, number: str) -> tuple[Any, ...] | None:
    """None while it runs, nothing when it is done, the fault and its words when it failed."""
    told = of_objects(session, [vim.Task(number, session.wire)], {vim.Task: ("info.state", "info.error")})
    known = next((one.properties for _, one in told), {})
    if known.get("info.state") in ("queued", "running"):
        return None
    if known.get("info.state") != "error":
        return ()
    error = known.get("info.error")
    return error, words(error)
