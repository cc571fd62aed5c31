"""Changes at a host: each is tried once, over a connection that may write.

Looking can be repeated, changing can't: where the answer to a change was lost, nobody knows whether it was carried out, and
whoever asked must look before anything else. Where nothing had been sent yet, the host was simply not reachable.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import libvirt

from corral.domain.errors import Conflict, DriverFailed, OutcomeUnknown, Unreachable
from corral.drivers.libvirt.link import Gone, Link, Session

T = TypeVar("T")
_BUSY = (libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_OPERATION_TIMEOUT, libvirt.VIR_ERR_RESOURCE_BUSY)
"""libvirt did nothing: the domain is in another state, or something else is being done to it."""


class Change:
    """One attempt. Knows whether anything that changes was sent, and whether somebody still waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self.sent = False

    def send(self, session: Session, target: Any, method: str, *arguments: Any) -> Any:
        """A call that changes something. Raises Conflict when the domain is not in a state for it; as `Session.call` else."""
        with self._lock:
            if self._left:
                raise Unreachable(f"Nobody waits for {method} any more; it was not sent.")
            self.sent = True
        try:
            return session.call(target, method, *arguments)
        except DriverFailed as exc:
            if isinstance(exc.__cause__, libvirt.libvirtError) and exc.__cause__.get_error_code() in _BUSY:
                raise Conflict(exc.message, fix="Look at what is done to the VM there, then try again.") from exc
            raise

    def leave(self) -> bool:
        """Nobody waits any more, so nothing more is sent. Whether anything was."""
        with self._lock:
            self._left = True
            return self.sent


def act(link: Link, job: Callable[[Session, Change], T]) -> T:
    """What `job` returns, which may change things by `Change.send`.

    Raises Unreachable as long as nothing was sent, OutcomeUnknown when the host fell silent after that."""
    change = Change()

    def once(session: Session) -> T:
        try:
            return job(session, change)
        except Gone as exc:
            if change.sent:
                raise _unknown(link, str(exc)) from exc
            raise

    try:
        return link.ask(once)
    except Unreachable as exc:
        if change.leave():
            raise _unknown(link, exc.message) from exc
        raise


def _unknown(link: Link, why: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"Host {link.place.name} fell silent in the middle of a change, which may or may not have been made: {why}",
        fix="Look at the VM before anything else is done to it.",
    )
