"""The surveyor: keeps the record of hosts as the hosts are, by surveys in the background and when somebody wants one.

Each source of hosts has one surveyor among all processes, by a lease: what its driver remembers of the last survey makes the next
one cheap. Looks are written as they come, so a host that hangs holds up nobody else's; only the next survey of its source waits for
it, as long as the driver does.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.hosts import HostSource, Look, LooksAtOne
from corral.domain.errors import CorralError, Stale
from corral.store import SurveyLeases, Surveys
from corral.store.survey_vms import Round

LOG = logging.getLogger(__name__)

_AT_ONCE = 8
"""Hosts of one source that are looked at at the same time because somebody wants it, beside the survey of all."""

_PATIENCE = 1.0
"""Seconds that a survey is waited for at the end of the process."""


@dataclass(frozen=True, slots=True)
class HostGroup:
    """A source of hosts, by its settings. `every`: seconds from the begin of one survey to that of the next. `open`: makes what
    asks them, or raises Invalid. `stamp`: something that is another thing when `open` would make something else now."""

    name: str
    driver: str
    every: float
    open: Callable[[], HostSource]
    stamp: Callable[[], object] = lambda: None


class Surveyor:
    """Surveys in threads of its own. `tick`: seconds between two looks for what is due; `lease`: seconds after which another
    process goes on when this one has died; `keep_days`: for how long what is gone stays in the record."""

    def __init__(
        self,
        groups: Iterable[HostGroup],
        surveys: Surveys,
        leases: SurveyLeases,
        clock: Callable[[], datetime],
        *,
        keep_days: int = 30,
        tick: float = 1.0,
        lease: float = 30.0,
    ) -> None:
        """Opens every source. Raises Invalid."""
        holder = str(uuid4())
        self._sources = {
            one.name: SourceSurvey(one, holder, surveys, leases, clock, keep_days=keep_days, lease=lease)
            for one in groups
        }
        self._tick = tick
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to survey."""
        if self._sources:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="corral-surveyor", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Begin nothing more, let others take over, and let go of the hosts. A look that hangs is not waited for."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        for source in self._sources.values():
            source.close()

    def survey(self, name: str) -> Mapping[str, int]:
        """Survey one source now, in this thread. Gives how many VMs and hosts are new, changed, moved, back, gone or silent."""
        return self._sources[name].survey()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for source in self._sources.values():
                try:
                    source.tick()
                except Exception:
                    LOG.exception("What is due at a source could not be looked up.", extra={"source": source.name})
            self._stopping.wait(self._tick)


class SourceSurvey:
    """The surveys of one source: at most one of all hosts at a time, and a few of single hosts beside it."""

    def __init__(
        self,
        group: HostGroup,
        holder: str,
        surveys: Surveys,
        leases: SurveyLeases,
        clock: Callable[[], datetime],
        *,
        keep_days: int,
        lease: float,
    ) -> None:
        self.name = group.name
        self._group = group
        self._holder = holder
        self._surveys = surveys
        self._leases = leases
        self._clock = clock
        self._keep = timedelta(days=keep_days) if keep_days else None
        self._lease = lease
        self._stamp = group.stamp()
        self._opened = group.open()
        self._former: list[HostSource] = []
        self._unusable = ""
        self._renewed: float | None = None
        self._due = 0.0
        self._survey: threading.Thread | None = None
        self._looking: dict[str, threading.Thread] = {}
        self._writing = threading.Lock()
        self._closed = False

    def tick(self) -> None:
        """Begin what is due, if this process is the source's surveyor."""
        if not self._leading():
            self._due = 0.0  # whoever becomes it begins at once
            return
        wishes = self._leases.wanted(self.name)
        busy = self._survey is not None and self._survey.is_alive()
        if not busy and (time.monotonic() >= self._due or (wishes and not isinstance(self._opened.hosts, LooksAtOne))):
            self._due = time.monotonic() + self._group.every
            self._survey = self._begun(self.survey)
        elif isinstance(self._opened.hosts, LooksAtOne):
            self._look_at(wishes)

    def close(self) -> None:
        """End the lease, and let go of the hosts."""
        self._closed = True
        if self._renewed is not None:
            with suppress(sa.exc.SQLAlchemyError):  # then it ends by itself
                self._leases.end_lease(self.name, self._holder)
        for source in (self._opened, *self._former):
            source.close()
        for thread in (self._survey, *self._looking.values()):
            if thread is not None:
                thread.join(_PATIENCE)

    def _leading(self) -> bool:
        now = time.monotonic()
        if self._renewed is None or now - self._renewed > self._lease / 3:
            self._renewed = now if self._leases.lease(self.name, self._holder, self._lease) else None
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
        the = Round(self.name, self._holder)
        try:
            wishes, settings = self._leases.wanted(self.name), self._reopen()
            problem = self._looks(the)
            with self._writing:
                if problem:
                    self._surveys.broken(the, problem)
                else:
                    self._surveys.finish(the, settings)
                    self._forget()
            self._leases.granted(self.name, wishes)
        except Exception as exc:  # noqa: BLE001 - the thread's end, and told of
            self._ended(exc)
        self._tell(the.counts)
        return the.counts

    def _looks(self, the: Round) -> str:
        """What kept it from its end, "" when nothing did."""
        try:
            for look in self._opened.hosts.looks():
                self._record(the, look)
        except (Stale, sa.exc.SQLAlchemyError):
            raise
        except CorralError as exc:
            return exc.message
        except Exception as exc:
            LOG.exception("A driver failed unexpectedly.", extra={"source": self.name})
            return f"The driver {self._group.driver} failed unexpectedly: {type(exc).__name__}."
        return ""

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
        if not any(thread.is_alive() for thread in self._looking.values()):
            while self._former:
                self._former.pop().close()

    def _record(self, the: Round, look: Look) -> None:
        try:
            with self._writing:
                self._surveys.record(the, look)
        except sa.exc.SQLAlchemyError as exc:
            LOG.exception("A look was not recorded.", extra={"source": self.name, "host": look.host.name})
            problem = f"What it told could not be recorded: {type(exc).__name__}."
            with self._writing:
                self._surveys.record(the, Look(replace(look.host, problem=problem)))

    def _forget(self) -> None:
        if self._keep is not None and (number := self._surveys.forget(self.name, self._clock() - self._keep)):
            LOG.info("What was gone for long was removed.", extra={"source": self.name, "number": number})

    # --- single hosts -------------------------------------------------------------------------------------

    def _look_at(self, wishes: Mapping[str, tuple[str, datetime]]) -> None:
        self._looking = {host: thread for host, thread in self._looking.items() if thread.is_alive()}
        for host, wish in wishes.items():
            if host not in self._looking and len(self._looking) < _AT_ONCE:
                self._looking[host] = self._begun(partial(self._one, host, wish))

    def _one(self, host: str, wish: tuple[str, datetime]) -> None:
        the = Round(self.name, self._holder)
        try:
            self._look(the, wish[0])
            self._leases.granted(self.name, {host: wish})
        except Exception as exc:  # noqa: BLE001 - the thread's end, and told of
            self._ended(exc)
        self._tell(the.counts)

    def _look(self, the: Round, name: str) -> None:
        """One look at one host, by its name: a driver that was just started knows no ids."""
        hosts = self._opened.hosts
        try:
            look = hosts.look(name) if isinstance(hosts, LooksAtOne) else None
        except CorralError as exc:
            LOG.info("A host could not be looked at.", extra={"source": self.name, "host": name, "why": exc.message})
            return
        if look is not None:
            self._record(the, look)
            with self._writing:
                self._surveys.settle(the)

    def _ended(self, exc: Exception) -> None:
        """Say what ended a survey before its time. At the end of the process, what it works with is let go of under it."""
        if isinstance(exc, Stale):
            LOG.warning("A survey was given up.", extra={"source": self.name, "why": exc.message})
        elif not self._closed:
            LOG.error("A survey failed.", exc_info=exc, extra={"source": self.name})

    def _tell(self, counts: Counter[str]) -> None:
        if found := {key: number for key, number in counts.items() if number}:
            LOG.info("Hosts are not as they were.", extra={"source": self.name, **found})
