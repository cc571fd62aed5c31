"""The janitor: forgets what has been kept for long enough, a little at a time, and says in the audit trail that it did."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from corral.engine import Engine
from corral.flows import Env
from corral.store import Audit, AuditEntry, Turns
from corral.store.retention import OF_LIVE_SERVERS, Retention, forget_proofs

LOG = logging.getLogger(__name__)

_LOOKED_FOR = 10_000
_BATCH = 100
_PLANNING = timedelta(days=1)
"""A plan that is being written for longer than this is written by nobody any more."""
_LOOKS = 12  # in an hour, whether it is time again
_BREATH = 0.05  # seconds between batches, in which others get the database


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days things are kept; 0: for ever. `operations`: with events, proof, and the plan that they came from."""

    operations: int
    plans: int
    audit: int


class Janitor:
    """Sweeps once an hour in a thread of its own. Every process has one, and each sweep is the turn of one of them: so it is done
    whichever processes there are, and once. A sweep ends with its turn; what is left is the next one's."""

    def __init__(
        self,
        engine: Engine[Env],
        retention: Retention,
        audit: Audit,
        keep: Keep,
        clock: Callable[[], datetime],
        *,
        turns: Turns | None = None,
        first: float = 60.0,
        every: float = 3600.0,
    ) -> None:
        """`turns`: None for a process that is alone. `first` and `every`: seconds until the first sweep, and between sweeps."""
        self._engine = engine
        self._retention = retention
        self._audit = audit
        self._keep = keep
        self._clock = clock
        self._turns = turns
        self._first, self._every = first, every
        self._ends = float("inf")
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to sweep now and then."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="corral-janitor", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Stop after the batch that is under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None

    def sweep(self) -> Mapping[str, int]:
        """Forget everything that is old enough now. Gives how many of each kind went; kinds of which none went are left out."""
        gone = {
            "operations": self._counted(self._old_operations(self._before(self._keep.operations))),
            "plans": self._counted(self._old_plans()),
            "unfinished_plans": self._counted(self._retention.unsealed_plans(self._clock() - _PLANNING)),
            "audit": self._counted(self._old_audit(self._before(self._keep.audit))),
        }
        gone = {kind: number for kind, number in gone.items() if number}
        if gone:
            LOG.info("Old records were removed.", extra=gone)
            self._audit.add(AuditEntry("retention:sweep", "done", detail=gone))
        return gone

    def _run(self) -> None:
        patience = self._first
        while not self._stopping.wait(patience):
            patience = self._every / _LOOKS
            try:
                if self._turns is None or self._turns.take("janitor", self._every):
                    self._ends = time.monotonic() + self._every
                    self.sweep()
            except Exception:
                LOG.exception("Old records could not be removed; the next try is in an hour.")

    def _counted(self, batches: Iterator[int]) -> int:
        total = 0
        for number in batches:
            total += number
            if self._stopping.wait(_BREATH) or time.monotonic() > self._ends:
                break
        return total

    def _old_operations(self, before: datetime | None) -> Iterator[int]:
        while before is not None and (found := self._engine.over(before, spare=OF_LIVE_SERVERS, limit=_LOOKED_FOR)):
            for start in range(0, len(found), _BATCH):
                batch = found[start : start + _BATCH]
                yield self._engine.forget(batch, before, spare=OF_LIVE_SERVERS, alongside=forget_proofs)

    def _old_plans(self) -> Iterator[int]:
        if (before := self._before(self._keep.plans)) is not None:
            yield from self._retention.expired_plans(before)
        if (before := self._before(self._keep.operations)) is not None:
            yield from self._retention.applied_plans(before)

    def _old_audit(self, before: datetime | None) -> Iterator[int]:
        if before is not None:
            yield from self._retention.audit_entries(before)

    def _before(self, days: int) -> datetime | None:
        return self._clock() - timedelta(days=days) if days else None
