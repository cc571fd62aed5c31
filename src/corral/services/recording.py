"""Looks of one source on their way into the record: several at the same time, written in the order in which they hold.

A survey of all hosts and looks at single ones go on beside each other, and what was seen first may be told last. So each look says
as of when it holds, and one that a newer look at the same host has overtaken is not written.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from corral.contracts.hosts import Glimpse, Look
from corral.store import Surveys
from corral.store.survey_vms import Round

LOG = logging.getLogger(__name__)

Absent = tuple[str, str]
"""A host, and a VM that it does not tell any more."""

GRACE = 1.0
"""Seconds after which a VM that a host does not tell any more is gone, where a hint led there: when it moves, the other host tells
of it within that time, and it is never gone."""


class Recording:
    """The rounds of one source, by one surveyor. For any number of threads: they write one after another."""

    def __init__(self, surveys: Surveys, source: str, holder: str) -> None:
        self._surveys = surveys
        self._source = source
        self._holder = holder
        self._lock = threading.Lock()
        self._as_of: dict[str, float] = {}
        self._some_as_of: dict[str, dict[str, float]] = {}
        """By host, the VMs that were looked at by themselves since the last look at all of it, and as of when."""
        self._since: dict[Absent, float] = {}
        self.hinted = self._round()
        """The looks that hints led to: one round that never ends, so that a VM that moves is seen to move."""
        self._survey = self._round()

    def _round(self) -> Round:
        return Round(self._source, self._holder)

    def begin(self) -> Round:
        """A survey of all hosts."""
        with self._lock:
            self._survey, self.hinted.absent = self._round(), set(self._since)
            return self._survey

    def alone(self) -> Round:
        """A look at one host that somebody wants."""
        return self._round()

    def record(self, the: Round, look: Look) -> None:
        """Write a look, or at its host what kept it from being written. Raises Stale."""
        host = look.host.id
        with self._lock:
            if look.as_of and look.as_of < self._as_of.get(host, 0.0):
                the.hosts.add(host)
                return
            self._as_of[host] = max(look.as_of, self._as_of.get(host, 0.0))
            newer = {vm: at for vm, at in self._some_as_of.pop(host, {}).items() if at > look.as_of > 0}
            if newer:
                self._some_as_of[host] = newer
            # What older looks missed at this host is of no interest any more.
            self._forget({one for one in self._absent(the, host) if one[1] not in newer})
            self._written(the, look, newer)
            self._share(the, {one for one in the.absent if one[0] == host})

    def record_some(self, the: Round, some: Glimpse) -> None:
        """Write a look at some VMs, unless all of the host was looked at since. Raises Stale."""
        host = some.host.id
        with self._lock:
            if some.as_of < self._as_of.get(host, 0.0):
                return
            known = self._some_as_of.get(host, {})
            some = some.without({vm for vm in some.ids if known.get(vm, 0.0) > some.as_of})
            mine = {(host, vm) for vm in some.ids}
            self._forget(mine)
            the.absent -= mine
            self._surveys.record_some(the, some)
            self._some_as_of[host] = {**known, **dict.fromkeys(some.ids, some.as_of)}
            self._share(the, the.absent & mine)

    def _absent(self, the: Round, host: str) -> set[Absent]:
        return {one for round_ in self._rounds(the) for one in round_.absent if one[0] == host}

    def _written(self, the: Round, look: Look, newer: Collection[str]) -> None:
        try:
            self._surveys.record(the, look, newer)
        except sa.exc.SQLAlchemyError as exc:
            LOG.exception("A look was not recorded.", extra={"source": self._source, "host": look.host.name})
            problem = f"What it told could not be recorded: {type(exc).__name__}."
            self._surveys.record(the, Look(replace(look.host, problem=problem)))

    def _rounds(self, the: Round) -> tuple[Round, ...]:
        return self.hinted, self._survey, the

    def _share(self, the: Round, absent: set[Absent]) -> None:
        """Whoever looks at another host now must know that these left this one."""
        for other in self._rounds(the):
            other.absent |= absent
        if the is self.hinted:
            now = time.monotonic()
            self._since.update(dict.fromkeys(absent, now))

    def _forget(self, absent: set[Absent]) -> None:
        for other in (self.hinted, self._survey):
            other.absent -= absent
        for one in absent:
            self._since.pop(one, None)

    def settle(self, the: Round) -> None:
        """What is not told any more is gone. Raises Stale."""
        with self._lock:
            self._settle(the)

    def settle_hinted(self) -> None:
        """The same, of what was not told for the time of grace. Raises Stale."""
        with self._lock:
            ripe = {one for one, since in self._since.items() if time.monotonic() - since >= GRACE}
            self._settle(
                Round(self._source, self._holder, absent=ripe, counts=self.hinted.counts, touched=self.hinted.touched)
            )

    def counted(self) -> tuple[Counter[str], set[str]]:
        """What the looks that hints led to found since this was asked last: how many, and which VMs."""
        with self._lock:
            found = self.hinted.counts, self.hinted.touched
            self.hinted.counts, self.hinted.touched = Counter(), set()
            return found

    def _settle(self, the: Round) -> None:
        absent = set(the.absent)
        self._surveys.settle(the)
        self._forget(absent)

    def finish(self, the: Round, settings: str, forget_before: datetime | None) -> int:
        """All hosts were asked. Gives how many of what is gone for long were removed. Raises Stale."""
        with self._lock:
            self._settle(the)
            self._surveys.finish(the, settings)
            self._as_of = {host: at for host, at in self._as_of.items() if host in the.hosts}
            self._some_as_of = {host: some for host, some in self._some_as_of.items() if host in the.hosts}
            return self._surveys.forget(self._source, forget_before) if forget_before is not None else 0

    def broken(self, the: Round, problem: str) -> None:
        """Not all hosts were asked. Raises Stale."""
        with self._lock:
            self._surveys.broken(the, problem)
