"""One source of hosts: its surveys, its looks at single hosts, and its watch.

Rule: whatever may hang is done in a thread of its own; `tick` and `react` only begin it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from corral.contracts.hosts import HostSource, LooksAtOne, LooksAtSome
from corral.contracts.pace import Pace
from corral.contracts.watching import CountsHints, Heard, Hint, Watches
from corral.domain.errors import CorralError, Stale
from corral.services.agenda import Agenda, Wanted
from corral.services.cadence import Cadence
from corral.services.recording import GRACE, Recording
from corral.store import SurveyLeases, Surveys
from corral.store.survey_vms import Round

LOG = logging.getLogger(__name__)

_AT_ONCE = 32
"""Single hosts that are looked at at the same time, beside the survey of all. Those that hang don't count: so a rack that dies
delays nobody."""
_HANGS = 1.0
"""Seconds after which a look counts as one that hangs."""
_MOST = 256
"""Looks at single hosts in all."""
_PATIENCE = 1.0
"""Seconds that a survey is waited for at the end of the process."""
_SURPRISES = ("new", "moved", "back", "gone")
_ITSELF = {"hosts_changed"}
"""What is nothing to those who compare VMs: the space that a pool has left changes all the time."""


@dataclass(frozen=True, slots=True)
class HostGroup:
    """A source of hosts, by its settings. `every`: seconds at most from the begin of one survey to that of the next. `open`: makes
    what asks them, or raises Invalid. `stamp`: something that is another thing when `open` would make something else now. `mark`:
    whether its VMs are marked when they are adopted. `pace`: how hard it is asked, by this process."""

    name: str
    driver: str
    every: float
    open: Callable[[], HostSource]
    stamp: Callable[[], object] = lambda: None
    mark: bool = True
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """`keep`: how long what is gone stays in the record, None for ever. `lease`: seconds after which another process goes on when
    this one has died. `wake`: called when there is something to `react` to. `changed`: told the source, and the VMs of which the
    record was changed, when that was done; none where it were only hosts."""

    keep: timedelta | None
    lease: float
    wake: Callable[[], None]
    changed: Callable[[str, Collection[str]], None]


class SourceSurvey:
    """At most one survey of all hosts at a time, and looks at single ones beside it: one for each host."""

    def __init__(
        self,
        group: HostGroup,
        holder: str,
        surveys: Surveys,
        leases: SurveyLeases,
        clock: Callable[[], datetime],
        counts: CountsHints,
        terms: Terms,
    ) -> None:
        self.name = group.name
        self._group = group
        self._holder = holder
        self._leases = leases
        self._clock = clock
        self._counts = counts
        self._terms = terms
        self._stamp = group.stamp()
        self._opened = group.open()
        self._former: list[HostSource] = []
        self._unusable = ""
        self._renewed: float | None = None
        self._cadence = Cadence(group.every)
        self._agenda = Agenda()
        self._recording = Recording(surveys, group.name, holder)
        self._hosts = 0
        self._survey: threading.Thread | None = None
        self._looking: dict[str, float] = {}
        self._threads: set[threading.Thread] = set()
        self._watched: tuple[HostSource, Callable[[], None]] | None = None
        self._closing = threading.Event()

    def tick(self) -> None:
        """Begin what is due, if this process is the source's surveyor."""
        if not self._leading():
            self._cadence.reset()  # whoever becomes it begins at once
            self._unwatch()
            return
        self._watch()
        wishes = self._leases.wanted(self.name)
        alone = isinstance(self._opened.hosts, LooksAtOne)
        busy = self._survey is not None and self._survey.is_alive()
        if not busy and (self._cadence.due() or (wishes and not alone)):
            self._cadence.begin()
            self._survey = self._begun(self.survey)
        elif alone:
            for host, wish in wishes.items():
                if self._room() > 0 and wish[0] not in self._looking:
                    self._begin_look(wish[0], partial(self._wished, host, wish))

    def close(self) -> None:
        """End the lease, and let go of the hosts."""
        self._closing.set()
        self._unwatch()
        if self._renewed is not None:
            with suppress(sa.exc.SQLAlchemyError):  # then it ends by itself
                self._leases.end_lease(self.name, self._holder)
        for source in (self._opened, *self._former):
            source.close()
        until = time.monotonic() + _PATIENCE
        for thread in (self._survey, *self._threads):
            if thread is not None:
                thread.join(max(until - time.monotonic(), 0.01))

    def _leading(self) -> bool:
        now = time.monotonic()
        if self._renewed is None or now - self._renewed > self._terms.lease / 3:
            self._renewed = now if self._leases.lease(self.name, self._holder, self._terms.lease) else None
        return self._renewed is not None

    def _begun(self, act: Callable[[], object]) -> threading.Thread:
        # A daemon: the process must be able to end while a host hangs.
        thread = threading.Thread(target=act, name=f"corral-survey {self.name}", daemon=True)
        thread.start()
        return thread

    # --- all hosts ----------------------------------------------------------------------------------------

    def survey(self) -> Mapping[str, int]:
        """Survey all hosts. What goes wrong at one of them, or at the source, is in the record."""
        self._leading()
        the = self._recording.begin()
        try:
            wishes, settings = self._leases.wanted(self.name), self._reopen()
            if problem := self._looks(the):
                self._recording.broken(the, problem)
            else:
                self._finish(the, settings)
            self._leases.granted(self.name, wishes)
        except Exception as exc:  # noqa: BLE001 - the thread's end, and told of
            self._ended(exc)
        self._cadence.ended(sum(the.counts[kind] for kind in _SURPRISES) if self._hosts else 0)
        self._hosts = len(the.hosts)
        self._tell(the.counts, the.touched)
        return the.counts

    def _looks(self, the: Round) -> str:
        """What kept it from its end, "" when nothing did."""
        try:
            for look in self._opened.hosts.looks():
                self._recording.record(the, look)
        except (Stale, sa.exc.SQLAlchemyError):
            raise
        except CorralError as exc:
            return exc.message
        except Exception as exc:
            LOG.exception("A driver failed unexpectedly.", extra={"source": self.name})
            return f"The driver {self._group.driver} failed unexpectedly: {type(exc).__name__}."
        return ""

    def _finish(self, the: Round, settings: str) -> None:
        before = self._clock() - self._terms.keep if self._terms.keep is not None else None
        if number := self._recording.finish(the, settings, before):
            LOG.info("What was gone for long was removed.", extra={"source": self.name, "number": number})

    def _reopen(self) -> str:
        """Go on with other hosts where the settings name others now. What is wrong with those, and then nothing changes."""
        self._let_go()
        stamp = self._group.stamp()
        if stamp == self._stamp:
            return self._unusable
        self._stamp, self._unusable = stamp, ""
        try:
            opened = self._group.open()
        except CorralError as exc:
            self._unusable = f"Its settings changed, and can't be used: {exc.message}"
            LOG.warning("Changed settings can't be used.", extra={"source": self.name, "why": exc.message})
        else:
            # What is looked at right now is looked at through the former ones.
            self._former.append(self._opened)
            self._opened = opened
            LOG.info("The hosts of a source were read anew.", extra={"source": self.name})
        return self._unusable

    def _let_go(self) -> None:
        """Of hosts from before the settings changed, once nobody looks at them."""
        if not self._looking:
            while self._former:
                self._former.pop().close()

    # --- hints --------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Watch the hosts that are surveyed now."""
        if self._watched is not None and self._watched[0] is self._opened:
            return
        self._unwatch()
        opened = self._opened
        if isinstance(opened.hosts, Watches):
            self._watched = opened, opened.hosts.watch(self._heard)

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, None
        if watched is not None:
            watched[1]()
            self._agenda.clear()

    def _heard(self, hint: Hint) -> None:
        found = self._agenda.heard(hint)
        if found is not Heard.RECEIVED:
            self._counts.hinted(self.name, found)
        self._counts.hinted(self.name, Heard.RECEIVED)
        if found is not Heard.COALESCED:
            self._terms.wake()

    def react(self) -> float | None:
        """Begin the looks that hints want now. Gives after how many seconds there may be more to begin, None for no idea."""
        if self._watched is None:
            return None
        alone = isinstance(self._opened.hosts, LooksAtOne)
        if self._agenda.everything() or (self._agenda.waiting() and not alone):
            self._agenda.clear()
            self._cadence.hurry()
            self._counts.hinted(self.name, Heard.ACTED)
        if not alone:
            return None
        for wanted in self._agenda.take(self._looking, self._room()):
            self._counts.hinted(self.name, Heard.ACTED)
            self._begin_look(wanted.host, partial(self._hinted, wanted), self._settle)
        seconds = self._agenda.seconds(self._looking)
        return seconds if seconds is None or self._room() > 0 else max(seconds, _HANGS / 4)

    def _hinted(self, wanted: Wanted) -> None:
        begun, whole = time.monotonic(), True
        try:
            whole = not self._look_at_some(wanted)
            if not whole or self._look(self._recording.hinted, wanted.host):
                self._counts.recorded(self.name, time.monotonic() - wanted.since)
        finally:
            self._agenda.looked(wanted.host, begun, whole=whole)

    def _look_at_some(self, wanted: Wanted) -> bool:
        """Whether a look at the VMs that hints named was enough, and is in the record now."""
        hosts = self._opened.hosts
        if not (wanted.machines and isinstance(hosts, LooksAtSome)):
            return False
        try:
            some = hosts.look_at_some(wanted.host, wanted.machines)
        except CorralError as exc:
            LOG.info(
                "VMs could not be looked at.", extra={"source": self.name, "host": wanted.host, "why": exc.message}
            )
            return False
        if some is not None:
            self._recording.record_some(self._recording.hinted, some)
        return some is not None

    def _settle(self) -> None:
        """After a look for a hint."""
        self._tell(*self._recording.counted())
        if self._recording.hinted.absent and not self._closing.wait(GRACE):
            self._recording.settle_hinted()
            self._tell(*self._recording.counted())

    # --- single hosts -------------------------------------------------------------------------------------

    def _room(self) -> int:
        """How many looks more may be begun."""
        began, now = tuple(self._looking.values()), time.monotonic()
        return min(_AT_ONCE - sum(now - at < _HANGS for at in began), _MOST - len(began))

    def _begin_look(self, host: str, look: Callable[[], object], after: Callable[[], object] = lambda: None) -> None:
        self._looking[host] = time.monotonic()

        def run() -> None:
            try:
                look()
            finally:
                del self._looking[host]
                self._terms.wake()
            after()

        self._threads = {one for one in self._threads if one.is_alive()} | {self._begun(self._unfailing(run))}

    def _unfailing(self, act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            except Exception as exc:  # noqa: BLE001 - the thread's end, and told of
                self._ended(exc)

        return run

    def _wished(self, host: str, wish: tuple[str, datetime]) -> None:
        """One look at one host, by its name: a driver that was just started knows no ids."""
        the = self._recording.alone()
        if self._look(the, wish[0]):
            self._recording.settle(the)
        self._leases.granted(self.name, {host: wish})
        self._tell(the.counts, the.touched)

    def _look(self, the: Round, host: str) -> bool:
        """Whether a look at that host is in the record now."""
        hosts = self._opened.hosts
        try:
            look = hosts.look(host) if isinstance(hosts, LooksAtOne) else None
        except CorralError as exc:
            LOG.info("A host could not be looked at.", extra={"source": self.name, "host": host, "why": exc.message})
            return False
        if look is not None:
            self._recording.record(the, look)
        return look is not None

    def _ended(self, exc: Exception) -> None:
        """Say what ended a survey before its time. At the end of the process, what it works with is let go of under it."""
        if isinstance(exc, Stale):
            LOG.warning("A survey was given up.", extra={"source": self.name, "why": exc.message})
        elif not self._closing.is_set():
            LOG.error("A survey failed.", exc_info=exc, extra={"source": self.name})

    def _tell(self, counts: Counter[str], touched: set[str]) -> None:
        if found := {key: number for key, number in counts.items() if number}:
            LOG.info("Hosts are not as they were.", extra={"source": self.name, **found})
            if not touched and found.keys() <= _ITSELF:
                return
            try:
                self._terms.changed(self.name, touched)
            except sa.exc.SQLAlchemyError as exc:
                # Whoever wanted to know looks now and then anyway.
                LOG.warning("Nobody could be told of it.", exc_info=exc, extra={"source": self.name})
