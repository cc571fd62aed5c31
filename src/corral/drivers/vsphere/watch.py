"""What a vCenter says by itself: one filter over all VMs and hosts, and a question that waits until something in it changes.

The filter is state at the vCenter, and is lost with its session. Whoever begins anew is told everything first: that is compared
with what the last look saw, and only what differs is hinted. So neither a start nor a loss makes all be looked at again.

Rule: what comes is used to say where to look, and for nothing else. It is bounded, and asked for `_REST` seconds apart at least:
neither a vCenter in a storm nor one that answers nonsense at once costs more than that.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from pyVmomi import vim, vmodl

from corral.contracts.watching import Hint
from corral.domain.errors import CorralError, DriverFailed
from corral.drivers.vsphere.collect import MOST, filter_of
from corral.drivers.vsphere.failures import Gone
from corral.drivers.vsphere.link import Link, Session
from corral.drivers.vsphere.look import Looker
from corral.drivers.vsphere.options import Options

LOG = logging.getLogger(__name__)

COMPARED = (
    *(
        "name",
        "config.changeVersion",
        "runtime.host",
        "summary.config.numEthernetCards",
        "summary.config.numVirtualDisks",
    ),
    *("guest.ipAddress", "summary.runtime.powerState", "summary.runtime.connectionState", "summary.runtime.bootTime"),
)
"""Of the moment of a look: another value when a watch begins means that the VM changed unheard."""
WATCHED = {
    vim.VirtualMachine: (
        *COMPARED,
        "summary.runtime.question",
        "guest.toolsRunningStatus",
        "snapshot",
        "parent",
        "customValue",
    ),
    vim.HostSystem: ("runtime.connectionState",),
}
_LONGEST_WAIT = 30
_REST = 0.2
_PATIENCE = 2.0
"""Seconds for taking the filter away at the end."""
_RETRY = (1.0, 60.0)
"""Seconds before the first try after a failure, and at most."""
_FIRST = 0.25
_collector = vmodl.query.PropertyCollector


class Watch:
    """One watch, in a thread of its own, over a session of its own: the question that waits holds it."""

    def __init__(self, link: Link, looker: Looker, options: Options, heard: Callable[[Hint], None]) -> None:
        self._link = link
        self._looker = looker
        self._options = options
        self._heard = heard
        # A question must be over before its silence is taken for a loss.
        self._wait = min(_LONGEST_WAIT, int(options.timeout / 2))
        self._stopped = threading.Event()
        self._session: Session | None = None
        self._filter: Any = None
        self._version = ""
        self._hosts: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name=f"vsphere watch {options.address}", daemon=True)

    def begin(self) -> None:
        """Begin, as soon as all was looked at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and take the filter away. Returns at once, or when that is done."""
        self._stopped.set()
        self._link.interrupt()
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        least, most = _RETRY
        pause = least
        while not self._stopped.is_set():
            if self._looker.inventory is None:
                self._stopped.wait(_FIRST)
                continue
            try:
                self._link.ask(self._turn)
                pause = least
                self._stopped.wait(_REST if self._wait else 1.0)
            except CorralError as exc:
                self._filter = None
                if pause == least:
                    LOG.warning(
                        "Changes can't be watched.", extra={"vcenter": self._options.address, "why": exc.message}
                    )
                self._stopped.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311  # no secret
                pause = min(pause * 2, most)
        self._link.close()

    def _turn(self, session: Session) -> None:
        """One question, and all pages of its answer."""
        try:
            if self._filter is None or session is not self._session:
                self._begin(session)
            self._followed(session)
        except (Gone, CorralError):
            if not self._stopped.is_set():
                raise
        if self._stopped.is_set():
            self._end(session)

    def _begin(self, session: Session) -> None:
        self._session, self._version = session, ""
        self._hosts.clear()
        view = session.view((*WATCHED,))
        self._filter = session.content.propertyCollector.CreateFilter(filter_of(view, WATCHED), False)

    def _end(self, session: Session) -> None:
        session.wire.until = time.monotonic() + _PATIENCE
        made, self._filter = self._filter, None
        if made is not None and session is self._session:
            with contextlib.suppress(Gone, CorralError):
                made.Destroy()

    def _followed(self, session: Session) -> None:
        first, told, more = not self._version, 0, True
        while more and not self._stopped.is_set():
            session.wire.until = time.monotonic() + self._wait + self._options.timeout
            options = _collector.WaitOptions(maxWaitSeconds=self._wait, maxObjectUpdates=self._options.page)
            answer = session.content.propertyCollector.WaitForUpdatesEx(self._version, options)
            if answer is None:
                return
            count, more = self._taken(answer, first=first)
            told += count
            if more and (told > MOST or not count):
                raise self._strange(f"it tells of more than {MOST} objects, or of none in a page")
        if first:
            self._compare()

    def _taken(self, answer: Any, *, first: bool) -> tuple[int, bool]:
        """Note one page. Gives how many objects it tells of, and whether there are more pages."""
        try:
            version, found = answer.version, list(_objects(answer))
            if not isinstance(version, str) or not 0 < len(version) <= 1024 or len(found) > MOST:
                raise self._strange("it has no version, or has no end")
            for kind, number, values in found:
                (self._first if first else self._changed)(kind, number, values)
        except (AttributeError, TypeError, ValueError) as exc:
            raise self._strange(f"{type(exc).__name__}: {exc}") from exc
        self._version = version
        return len(found), answer.truncated is True

    def _strange(self, what: str) -> DriverFailed:
        return DriverFailed(
            f"The answer of vCenter {self._options.address} to WaitForUpdatesEx makes no sense: {what[:200]}.",
            fix="Nothing has to be done: its hosts are surveyed all the same. Look whether that is a vCenter.",
        )

    # --- hints --------------------------------------------------------------------------------------------

    def _first(self, kind: type, number: str, values: dict[str, Any]) -> None:
        if issubclass(kind, vim.VirtualMachine):
            host = _moid(values.get("runtime.host"))
            self._hosts[number] = host
            if self._looker.differs(number, {path: values.get(path) for path in COMPARED}):
                self._hint(number, host, self._looker.host_of(number))

    def _compare(self) -> None:
        """What the last look saw and is not told any more."""
        for number in self._looker.known - self._hosts.keys():
            self._hint(number, self._looker.host_of(number))

    def _changed(self, kind: type, number: str, values: dict[str, Any]) -> None:
        if not issubclass(kind, vim.VirtualMachine):
            self._hint("", number)
            return
        before = self._hosts.get(number) or self._looker.host_of(number)
        after = _moid(values["runtime.host"]) if "runtime.host" in values else before
        if len(self._hosts) < MOST:
            self._hosts[number] = after
        self._hint(number, before, after)

    def _hint(self, number: str, *hosts: str) -> None:
        """Where a VM was, and where it is; everywhere if that is not known."""
        self._looker.changed(number)
        for host in {one for one in hosts if one} or {""}:
            self._heard(Hint(self._looker.name_of(host), number))


def _objects(answer: Any) -> Iterator[tuple[type, str, dict[str, Any]]]:
    for one in answer.filterSet:
        for update in one.objectSet:
            values = {change.name: change.val for change in update.changeSet}
            yield type(update.obj), str(update.obj._moId), values


def _moid(host: Any) -> str:
    return str(getattr(host, "_moId", ""))
