"""Changes at a vCenter: each is sent once. What a failure of a change means is decided here.

Looking can be repeated, changing can't: a vCenter that answers with a fault has done nothing, but where no answer came, nobody
knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pyVmomi import vim, vmodl

from corral.domain.errors import (
    Conflict,
    CorralError,
    DriverFailed,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Unreachable,
)
from corral.drivers.vsphere.failures import Gone, words
from corral.drivers.vsphere.link import Link, Session

T = TypeVar("T")
_FAULT = vim.fault
_BUSY = (_FAULT.TaskInProgress, _FAULT.InvalidState, _FAULT.ToolsUnavailable, _FAULT.ConcurrentAccess)
"""The vCenter did nothing: the VM is in another state, or something else is being done to it."""
_LACKING = (vmodl.fault.MethodNotFound, vmodl.fault.NotSupported, vmodl.fault.NotImplemented)


class Change:
    """One attempt; knows whether anything that changes was sent."""

    def __init__(self) -> None:
        self.sent = False

    def send(self, call: Callable[[], T]) -> T:
        """A call that changes something. Raises Conflict, NotFound, NotSupported, OutcomeUnknown, DriverFailed."""
        before, self.sent = self.sent, True
        try:
            return call()
        except (Gone, Unreachable, DriverFailed) as exc:
            fault = exc.__cause__
            if isinstance(fault, vmodl.MethodFault) or fault is None:
                self.sent = before  # it was refused there, or at the border
            if (found := meaning(fault)) is not None:
                raise found from exc
            raise


def meaning(fault: Any) -> CorralError | None:
    """What a fault that a change came to means; None when it means nothing special."""
    if isinstance(fault, vmodl.fault.ManagedObjectNotFound):
        return NotFound(f"The VM is not at the vCenter any more: {words(fault)}.", fix="Survey the hosts.")
    if isinstance(fault, _FAULT.ToolsUnavailable):
        return Conflict(
            "VMware Tools do not run in the VM, so it can't be asked to.", fix="Use a hard change of power."
        )
    if isinstance(fault, _BUSY):
        what = type(fault).__name__.rpartition(".")[2]
        return Conflict(
            f"The vCenter refuses it: {what}: {words(fault)}.", fix="Look at the VM's tasks, then try again."
        )
    if isinstance(fault, _LACKING):
        return NotSupported(f"This vCenter does not know the call: {words(fault)}.")
    return None


def act(link: Link, job: Callable[[Session, Change], T]) -> T:
    """What `job` returns, which may change things by `Change.send`.

    Raises Unreachable as long as nothing was sent, OutcomeUnknown when no answer came after that."""
    change = Change()

    def once(session: Session) -> T:
        try:
            return job(session, change)
        except Gone as exc:
            if change.sent:
                raise _unknown(exc) from exc
            raise

    try:
        return link.ask(once)
    except (Unreachable, DriverFailed) as exc:
        answered = isinstance(exc.__cause__, vmodl.MethodFault) or isinstance(exc, OutcomeUnknown)
        if change.sent and not answered and exc.__cause__ is not None:
            raise _unknown(exc) from exc
        raise


def _unknown(exc: Exception) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"The vCenter's answer to a change was lost, which may or may not have been made: {exc}",
        fix="Look at the VM before anything else is done to it.",
    )
