"""One opened source of hosts for all who use it in this process: the surveyor, operations, and whoever asks the API.

What a driver learnt in a survey, such as which host is where, so serves the others too, and each host has one set of connections.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from corral.contracts.hosts import HostSource
from corral.domain.errors import CorralError
from corral.flows.hypervisors import Hypervisor
from corral.services.surveyor import HostGroup

LOG = logging.getLogger(__name__)


@dataclass
class _Opened:
    """`users`: how many have it, this object among them as long as it is the newest."""

    source: HostSource
    stamp: object
    users: int = 1


class SharedHosts:
    """The hosts of one group, opened when they are first wanted, and anew when its settings have changed. What was opened before is
    closed when the last one who uses it is done."""

    def __init__(self, group: HostGroup) -> None:
        self._group = group
        self._lock = threading.Lock()
        self._newest: _Opened | None = None
        self._unusable: object = None

    @property
    def group(self) -> HostGroup:
        """The group as the surveyor takes it: what it opens is shared, and what it closes is let go of."""
        return replace(self._group, open=self._opened)

    @property
    def hypervisor(self) -> Hypervisor:
        """The group as flows take it."""
        one = self._group
        return Hypervisor(one.name, one.driver, one.mark, self.use, one.pace)

    @contextmanager
    def use(self) -> Iterator[HostSource]:
        """The hosts, for a while. Settings that changed and can't be used change nothing; raises Invalid where there were none
        before."""
        with self._lock:
            mine = self._taken(strict=False)
        try:
            yield mine.source
        finally:
            self._done(mine)

    def close(self) -> None:
        """Let go of the hosts, as soon as nobody uses them."""
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is not None:
            self._done(newest)

    def _opened(self) -> HostSource:
        with self._lock:
            left = [self._taken(strict=True)]
        # Closing twice is closing once.
        return replace(left[0].source, close=lambda: self._done(left.pop()) if left else None)

    def _taken(self, *, strict: bool) -> _Opened:
        stamp, newest = self._group.stamp(), self._newest
        if newest is None or (stamp != newest.stamp and (strict or stamp != self._unusable)):
            newest = self._anew(stamp, strict=strict)
        newest.users += 1
        return newest

    def _anew(self, stamp: object, *, strict: bool) -> _Opened:
        former = self._newest
        try:
            opened = _Opened(self._group.open(), stamp)
        except CorralError as exc:
            if strict or former is None:
                raise
            self._unusable = stamp
            LOG.warning("Changed settings can't be used.", extra={"source": self._group.name, "why": exc.message})
            return former
        self._newest = opened
        if former is not None:
            self._released(former)
        return opened

    def _done(self, one: _Opened) -> None:
        with self._lock:
            self._released(one)

    @staticmethod
    def _released(one: _Opened) -> None:
        one.users -= 1
        if one.users == 0:
            one.source.close()
