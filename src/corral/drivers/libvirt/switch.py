"""Power of one VM. Rule: what is asked for is done once, and nothing stronger: a guest that does not shut down is left running."""

from __future__ import annotations

from typing import Any

from corral.contracts.sources import PowerTarget
from corral.domain.errors import Conflict
from corral.drivers.libvirt.acting import Change
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.one import domain_of

_METHODS: dict[PowerTarget, tuple[str, tuple[int, ...]]] = {
    PowerTarget.OFF: ("destroy", ()),
    PowerTarget.SOFT_OFF: ("shutdown", ()),
    # The reset button: the process stays, as does the run's id.
    PowerTarget.REBOOT: ("reset", (0,)),
    PowerTarget.SOFT_REBOOT: ("reboot", (0,)),
}


def switch(session: Session, change: Change, uuid: str, target: PowerTarget) -> None:
    """Raises NotFound, Conflict."""
    domain = domain_of(session, uuid)
    running = session.call(domain, "isActive") == 1
    if target is PowerTarget.ON:
        if not running:
            # Of a VM whose memory was saved, libvirt itself goes on from there.
            change.send(session, domain, "create")
        return
    if not running:
        _refuse_to_reboot(target)
        return
    if target in (PowerTarget.OFF, PowerTarget.SOFT_OFF):
        _refuse_to_lose(session, domain)
    method, arguments = _METHODS[target]
    change.send(session, domain, method, *arguments)


def _refuse_to_reboot(target: PowerTarget) -> None:
    if target in (PowerTarget.REBOOT, PowerTarget.SOFT_REBOOT):
        raise Conflict("The VM is off, so it can't be rebooted.", fix="Switch it on.")


def _refuse_to_lose(session: Session, domain: Any) -> None:
    if session.call(domain, "isPersistent") == 0:
        raise Conflict(
            "The VM is transient: libvirt would forget it the moment it is off.",
            fix="Give it a definition first: `virsh dumpxml --inactive VM >vm.xml && virsh define vm.xml`.",
        )
