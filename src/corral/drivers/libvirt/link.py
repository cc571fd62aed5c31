"""The connection to one host, and the one thread that uses it.

A call into libvirt can hang: a host that is gone, a daemon that waits for its QEMU. So each host has a thread of its own, and
whoever asks waits only as long as answers keep coming. A thread that hangs is left alone until it comes back; a second one is
never started.

Rule: objects of the library stay in here and in the jobs that `ask` runs; each call passes the border.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextvars import copy_context
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import libvirt

from corral.contracts.border import Border
from corral.domain.errors import CorralError, DriverFailed, NotFound, NotSupported, Unreachable
from corral.drivers.libvirt.options import Place
from corral.drivers.libvirt.rules import CALL, SERVICE

T = TypeVar("T")
KEEPALIVE = (5, 3)
"""Seconds between two questions whether the host is still there, and how many may stay unanswered."""
_TICK = 0.5
_EVENTS = (
    *("LIFECYCLE", "REBOOT", "BLOCK_JOB_2", "DISK_CHANGE", "TRAY_CHANGE", "DEVICE_ADDED", "DEVICE_REMOVED"),
    *("AGENT_LIFECYCLE", "METADATA_CHANGE"),
)


class Gone(Exception):
    """The connection is lost: the job may be tried once more over a new one."""


class Link:
    """Jobs for one host, one at a time. `on_change` is called with the UUID of each domain that an event names, `on_loss` when the
    connection is lost: what happens from then on is not heard of."""

    def __init__(self, place: Place, border: Border, timeout: float, longest: float, *, write: bool) -> None:
        self.place = place
        self.timeout = timeout
        self._longest = longest
        self._opener = "open" if write else "openReadOnly"
        self._border = border
        self._turn = threading.Lock()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._running: Future[Any] | None = None
        self._heard = time.monotonic()
        self._session: Session | None = None
        self.on_change: Callable[[str], None] = lambda _uuid: None
        self.on_loss: Callable[[], None] = lambda: None

    def ask(self, job: Callable[[Session], T]) -> T:
        """What `job` returns; it is run again once if the connection turns out to be lost, so it must only read.

        Raises Unreachable when nothing is heard of the host for `timeout` seconds."""
        begun = time.monotonic()
        if not self._turn.acquire(timeout=self.timeout):
            raise self._silent("is still busy with another look")
        try:
            if self._running is not None and not self._running.done():
                raise self._silent("has not answered an earlier question yet")
            return self._wait(self._start(job), begun)
        finally:
            self._turn.release()

    def _start(self, job: Callable[[Session], T]) -> Future[T]:
        if self._thread is None:
            # A daemon: the process must be able to end while a host hangs.
            self._thread = threading.Thread(target=self._work, name=f"libvirt {self.place.name}", daemon=True)
            self._thread.start()
        future: Future[T] = Future()
        context = copy_context()
        self._running, self._heard = future, time.monotonic()
        self._jobs.put(lambda: _into(future, lambda: context.run(self._run, job)))
        return future

    def _wait(self, future: Future[T], begun: float) -> T:
        while True:
            try:
                return future.result(_TICK)
            except Late:
                if future.done():
                    raise
            now = time.monotonic()
            if now - self._heard > self.timeout:
                raise self._silent(f"did not answer within {self.timeout:g} s")
            if now - begun > self._longest:
                raise self._silent(f"was not done within {self._longest:g} s")

    def _silent(self, how: str) -> Unreachable:
        return Unreachable(
            f"Host {self.place.name} {how}.", fix="Look at the host and at the way to it, then try again."
        )

    def _work(self) -> None:
        while (act := self._jobs.get()) is not None:
            act()
        self._drop()

    def _run(self, job: Callable[[Session], T]) -> T:
        try:
            return job(self._open())
        except Gone:
            self._drop()
        try:
            return job(self._open())
        except Gone as exc:
            self._drop()
            raise Unreachable(f"Host {self.place.name} is gone: {exc}", fix="Look whether libvirt runs there.") from exc

    def _open(self) -> Session:
        if self._session is not None and self._session.alive():
            return self._session
        self._drop()
        _event_loop()
        session = Session(self)
        session.open(self.place.uri, self._opener)
        self._session = session
        return session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def call(self, kind: str, method: str, arguments: Sequence[Any], act: Callable[[], T]) -> T:
        """One call through the border."""
        path = f"/{quote(self.place.name, safe='')}/{kind}/{method}"
        with self._border.admit(SERVICE, CALL, path, arguments) as passed:
            try:
                answer = act()
            except libvirt.libvirtError as exc:
                passed.outcome = f"libvirt error {exc.get_error_code()}"
                raise
            finally:
                self._heard = time.monotonic()
            passed.outcome = "done"
            return answer

    def close(self) -> None:
        """Have the thread end when it can. Returns at once."""
        if self._thread is not None:
            self._jobs.put(None)


class Session:
    """An open connection. Only the link's thread uses it."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._connection: Any = None
        self._callbacks: list[int] = []
        self._known: dict[str, Any] = {}

    def open(self, uri: str, opener: str) -> None:
        """Raises Unreachable with libvirt's own words."""
        try:
            self._connection = self._link.call("libvirt", opener, (), lambda: getattr(libvirt, opener)(uri))
        except libvirt.libvirtError as exc:
            raise Unreachable(f"Host {self._link.place.name} can't be reached: {words(exc)}", fix=_HELP) from exc
        with contextlib.suppress(NotSupported):  # a hypervisor inside this process, as the test driver is, needs none
            self.call(self._connection, "setKeepAlive", *KEEPALIVE)
        # Whoever writes hears nothing: the read-only connection beside it does.
        for event in _EVENTS if opener == "openReadOnly" else ():
            number = getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{event}")
            with contextlib.suppress(NotSupported):
                self._callbacks.append(
                    self.call(self._connection, "domainEventRegisterAny", None, number, self._heard_of, None)
                )

        with contextlib.suppress(NotSupported):
            self.call(self._connection, "registerCloseCallback", self._lost, None)

    def _heard_of(self, _connection: Any, domain: Any, *_details: Any) -> None:
        self._link.on_change(domain.UUIDString())

    def _lost(self, *_details: Any) -> None:
        self._link.on_loss()

    def ask(self, method: str, *arguments: Any) -> Any:
        """Call a method of the connection; see `call`."""
        return self.call(self._connection, method, *arguments)

    def call(self, target: Any, method: str, *arguments: Any) -> Any:
        """Call a method of one of the library's objects.

        Raises Gone when the connection is lost, NotSupported where the hypervisor has no such call, NotFound for a VM that it
        has not, DriverFailed else."""
        try:
            return self._link.call(
                type(target).__name__, method, arguments, lambda: getattr(target, method)(*arguments)
            )
        except libvirt.libvirtError as exc:
            raise self._translated(exc, f"{type(target).__name__}.{method}") from exc

    def each(self, targets: Sequence[Any], method: str, *arguments: Any) -> list[tuple[Any, Any]]:
        """The same call for many objects, which passes the border once, as it only reads: (object, answer or a CorralError)."""
        if not targets:
            return []
        found: list[tuple[Any, Any]] = []
        self._link.call(
            type(targets[0]).__name__, method, arguments, lambda: self._each(targets, method, arguments, found)
        )
        return found

    def _each(
        self, targets: Sequence[Any], method: str, arguments: Sequence[Any], found: list[tuple[Any, Any]]
    ) -> None:
        link = self._link
        for target in targets:
            try:
                found.append((target, getattr(target, method)(*arguments)))
            except libvirt.libvirtError as exc:
                translated = self._translated(exc, method)
                if isinstance(translated, Gone):
                    raise translated from exc
                found.append((target, translated))
            link._heard = time.monotonic()

    def _translated(self, exc: libvirt.libvirtError, what: str) -> Exception:
        if not self.alive():
            return Gone(words(exc))
        if exc.get_error_code() == libvirt.VIR_ERR_NO_SUPPORT:
            return NotSupported(f"Host {self._link.place.name} has no {what}.")
        if exc.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
            return NotFound(f"Host {self._link.place.name} has no such VM: {words(exc)}")
        return DriverFailed(
            f"{what} failed at host {self._link.place.name}: {words(exc)}", fix="Look at libvirt's log there."
        )

    def once(self, what: str, read: Callable[[], T]) -> T:
        """What is read once for a connection, because it does not change as long as the daemon runs."""
        if what not in self._known:
            self._known[what] = read()
        known: T = self._known[what]
        return known

    def alive(self) -> bool:
        """Whether the connection holds, as far as this side knows: nothing is sent."""
        try:
            return bool(self._connection.isAlive())
        except libvirt.libvirtError:
            return False

    def close(self) -> None:
        """Let go. What a lost connection answers to that is of no interest."""
        for number in self._callbacks:
            with contextlib.suppress(Gone, CorralError):
                self.call(self._connection, "domainEventDeregisterAny", number)
        with contextlib.suppress(Gone, CorralError):
            self.call(self._connection, "unregisterCloseCallback")
        with contextlib.suppress(libvirt.libvirtError):
            self._connection.close()


_HELP = "Try `virsh -c URI list` from here, as the same user: it fails in the same way."


def words(exc: libvirt.libvirtError) -> str:
    """libvirt's message, on one line and not too long, without the frames that SSH draws around its warnings."""
    said = (exc.get_error_message() or str(exc)).split()
    return " ".join(word for word in said if word.strip("@"))[:300]


def _into(future: Future[T], act: Callable[[], T]) -> None:
    try:
        future.set_result(act())
    except BaseException as exc:  # noqa: BLE001  # whoever waits gets it, whatever it is
        future.set_exception(exc)


@cache
def _event_loop() -> None:
    """libvirt's own loop, for keepalive and events: one for the process, begun before the first connection."""
    libvirt.registerErrorHandler(
        lambda _context, _error: None, None
    )  # errors are raised; libvirt would print them, too
    libvirt.virEventRegisterDefaultImpl()
    # A timer, so that the loop turns even with nothing to watch.
    libvirt.virEventAddTimeout(1000, lambda _timer, _opaque: None, None)
    threading.Thread(target=_turn, name="libvirt events", daemon=True).start()


def _turn() -> None:
    while True:
        try:
            libvirt.virEventRunDefaultImpl()
        except libvirt.libvirtError:
            time.sleep(_TICK)
