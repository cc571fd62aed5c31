"""The surveyor: keeps the record of hosts as the hosts are, by surveys in the background, and by looks at single hosts that hints
or people want.

Each source of hosts has one surveyor among all processes, by a lease: what its driver remembers of the last survey makes the next
one cheap. Looks are written as they come, so a host that hangs holds up nobody else's; only the next survey of its source waits for
it, as long as the driver does. Hints are believed nothing but where to look; what they don't tell, surveys find.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from corral.contracts.watching import CountsHints, Uncounted
from corral.services.each_alone import each_alone
from corral.services.source_survey import HostGroup, SourceSurvey, Terms
from corral.store import SurveyLeases, Surveys

__all__ = ["HostGroup", "Surveyor"]


class Surveyor:
    """Surveys in threads of its own. `tick`: seconds between two looks for what is due; `lease`: seconds after which another
    process goes on when this one has died; `keep_days`: for how long what is gone stays in the record, 0 for ever; `counts` is
    told what becomes of hints, and `changed` each source, with the VMs, when the record of its hosts or VMs was changed."""

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
        counts: CountsHints | None = None,
        changed: Callable[[str, Collection[str]], None] = lambda _source, _vms: None,
    ) -> None:
        """Opens every source. Raises Invalid."""
        self._tick = tick
        self._stopping = False
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        holder, told = str(uuid4()), counts or Uncounted()
        terms = Terms(timedelta(days=keep_days) if keep_days else None, lease, self._awake.set, changed)
        self._sources = {one.name: SourceSurvey(one, holder, surveys, leases, clock, told, terms) for one in groups}

    def start(self) -> None:
        """Begin to survey, and to watch."""
        if self._sources:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="corral-surveyor", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Begin nothing more, let others take over, and let go of the hosts. A look that hangs is not waited for."""
        self._stopping = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        for source in self._sources.values():
            source.close()

    def survey(self, name: str) -> Mapping[str, int]:
        """Survey one source now, in this thread. Gives how many VMs and hosts are new, changed, moved, back, gone or silent."""
        return self._sources[name].survey()

    def _run(self) -> None:
        next_tick = time.monotonic()
        while not self._stopping:
            self._awake.clear()
            if time.monotonic() >= next_tick:
                each_alone(self._sources.values(), SourceSurvey.tick)
                next_tick = time.monotonic() + self._tick
            due = each_alone(self._sources.values(), SourceSurvey.react)
            soonest = min((one for one in due if one is not None), default=self._tick)
            self._awake.wait(max(min(soonest, next_tick - time.monotonic()), 0.0))
