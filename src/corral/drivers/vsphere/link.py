"""The session at a vCenter: opened when it is needed, opened again when it is lost, used by one job at a time.

Rule: a job only reads, as it is run again after a loss. It ends within `longest` seconds whatever the vCenter does.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from pyVmomi import vim

from corral.contracts.border import Border
from corral.domain.errors import CorralError, DriverFailed, Unreachable
from corral.drivers.vsphere.failures import Gone
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.wire import Wire

T = TypeVar("T")
_PATIENCE = 5.0
"""Seconds that the answer to the logout is waited for."""


@dataclass
class Refusals:
    """The password that was refused last, and how: the links to one vCenter share it, as a few wrong ones lock the user out."""

    last: tuple[str, CorralError] | None = None


class Link:
    """Jobs for one vCenter, one at a time."""

    def __init__(self, options: Options, border: Border, refusals: Refusals | None = None) -> None:
        self._options = options
        self._border = border
        self._turn = threading.Lock()
        self._session: Session | None = None
        self._refusals = refusals or Refusals()
        self._closing = threading.Event()

    def ask(self, job: Callable[[Session], T]) -> T:
        """What `job` returns. Raises Unreachable and DriverFailed."""
        until = time.monotonic() + self._options.longest
        if not self._turn.acquire(timeout=self._options.longest):
            raise Unreachable(
                f"vCenter {self._options.address} is still busy with another look.", fix="Try again later."
            )
        try:
            return self._tried(job, until)
        finally:
            self._turn.release()
            if self._closing.is_set():
                self._end()

    def interrupt(self) -> None:
        """End the call that is under way, as if the connection had been lost; but never a login: of one that is cut the vCenter has
        a session that nobody can log out of."""
        session = self._session
        if session is not None and session.logged_in:
            session.wire.cut()

    def close(self) -> None:
        """Log out; where a job is under way, as soon as that has ended."""
        self._closing.set()
        self._end()

    def _end(self) -> None:
        if not self._turn.acquire(blocking=False):
            return
        try:
            session, self._session = self._session, None
            if session is not None:
                session.close(time.monotonic() + min(self._options.timeout, _PATIENCE))
        finally:
            self._turn.release()

    def _tried(self, job: Callable[[Session], T], until: float) -> T:
        for last in (False, True):
            try:
                return job(self._opened(until))
            except Gone as exc:
                self._drop()
                if last:
                    raise Unreachable(
                        f"vCenter {self._options.address} does not keep the connection: {exc}.",
                        fix="Look at its health.",
                    ) from exc
        raise AssertionError("one of the two returned or raised")

    def _opened(self, until: float) -> Session:
        if self._session is None:
            password = self._options.password()
            # A password that was refused is not sent again.
            if self._refusals.last is not None and self._refusals.last[0] == password:
                raise self._refusals.last[1]
            self._session = Session(self._options, self._border, until)
            try:
                self._session.log_in(password, lambda refusal: self._note(password, refusal))
            except BaseException:
                self._drop()
                raise
        self._session.wire.until = until
        return self._session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.wire.DropConnections()

    def _note(self, password: str, refusal: CorralError) -> None:
        self._refusals.last = (password, refusal)


class Session:
    """A login, and the views that belong to it."""

    def __init__(self, options: Options, border: Border, until: float) -> None:
        self.options = options
        self.wire = Wire(options, border)
        self.wire.until = until
        self.content: Any = None
        self.logged_in = False
        self._views: dict[str, Any] = {}
        self._known: dict[str, Any] = {}
        self.machines: dict[str, Any] = {}
        """The library's objects for VMs that were found, by their instanceUuids."""
        self.around: dict[Hashable, Any] = {}
        """What single VMs were seen to have around them; `one` knows for how long that holds."""

    def log_in(self, password: str, refused: Callable[[CorralError], None]) -> None:
        """Raises Unreachable and DriverFailed; `refused` is told when it was the login itself."""
        self.content = vim.ServiceInstance("ServiceInstance", self.wire).RetrieveContent()
        if self.content is None or self.content.sessionManager is None or self.content.viewManager is None:
            raise DriverFailed(f"{self.options.address} is no vCenter: it has no sessions or no views.")
        try:
            self.content.sessionManager.Login(self.options.user, password)
        except DriverFailed as exc:
            if isinstance(exc.__cause__, vim.fault.InvalidLogin):
                refused(exc)
            raise
        self.logged_in = True

    def view(self, kinds: tuple[Any, ...]) -> Any:
        """A view of all objects of these kinds; made once."""
        name = " ".join(kind.__name__ for kind in kinds)
        if name not in self._views:
            manager = self.content.viewManager
            self._views[name] = manager.CreateContainerView(self.content.rootFolder, list(kinds), True)
        return self._views[name]

    def once(self, what: str, read: Callable[[], T]) -> T:
        """What is read once for a session."""
        if what not in self._known:
            self._known[what] = read()
        known: T = self._known[what]
        return known

    def close(self, until: float) -> None:
        """Log out. What a vCenter that is gone answers to that is of no interest."""
        self.wire.until = until
        try:
            # Over a new connection: that one may have been cut while nothing was asked, and the session is there all the same.
            self.wire.DropConnections()
            with contextlib.suppress(CorralError, Gone):
                self.content.sessionManager.Logout()
        finally:
            self.wire.DropConnections()
