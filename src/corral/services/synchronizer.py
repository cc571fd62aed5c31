"""The synchronizer: keeps record and world in step, source by source, as the policy says.

Each source has one synchronizer among all processes, by a lease. It looks often while things change, and less and less often while
nothing does, never quite regularly, so that many sources are not asked at once. Whoever hears that something changed only says so:
that causes a look, and is believed in nothing else.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.border import Purpose, crossing
from corral.domain.errors import CorralError, Stale
from corral.domain.sync_policy import SourcePolicy
from corral.services.sync_acts import Acts, Desk
from corral.services.sync_pass import Pass
from corral.services.sync_worlds import World

LOG = logging.getLogger(__name__)

_GROWTH = 1.5
"""By so much each pause is longer than the one before, while nothing changes."""
_JITTER = 0.1
_CHANGES = ("taken", "corrected", "lost", "returned", "adopted", "found", "settled")


class Synchronizer:
    """Passes in threads of its own. `tick`: seconds between two looks for what is due; `lease`: seconds after which another process
    goes on when this one has died."""

    def __init__(
        self,
        worlds: Mapping[str, World],
        policies: Mapping[str, SourcePolicy],
        desk: Desk,
        *,
        tick: float = 1.0,
        lease: float = 30.0,
    ) -> None:
        holder = str(uuid4())
        self._sources = {
            name: SourceSync(worlds[name], policy, desk, holder, lease=lease)
            for name, policy in policies.items()
            if name in worlds
        }
        self._tick = tick
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to synchronize."""
        if self._sources:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="corral-synchronizer", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Begin nothing more, and let others take over."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        for source in self._sources.values():
            source.close(timeout)

    def synchronize(self, name: str) -> Mapping[str, int]:
        """One pass over a source now, in this thread. Raises what kept it from its end; Stale while another process has it."""
        return self._sources[name].once()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for source in self._sources.values():
                try:
                    source.tick()
                except Exception:
                    LOG.exception("What is due at a source could not be looked up.", extra={"source": source.name})
            self._stopping.wait(self._tick)


class SourceSync:
    """The passes over one source: one at a time."""

    def __init__(self, world: World, policy: SourcePolicy, desk: Desk, holder: str, *, lease: float) -> None:
        self.name = world.name
        self._world = world
        self._policy = policy
        self._desk = desk
        self._holder = holder
        self._lease = lease
        self._pause = policy.every
        self._due = 0.0
        self._renewed: float | None = None
        self._passing: threading.Thread | None = None

    def tick(self) -> None:
        """Begin a pass when one is due or wanted, if this process is the source's synchronizer."""
        if not self._leading():
            self._due = 0.0  # whoever becomes it begins at once
            return
        if self._passing is not None and self._passing.is_alive():
            return
        if time.monotonic() >= self._due or self._desk.state.state(self.name).wanted_at is not None:
            # A daemon: the process must be able to end while a source hangs.
            self._passing = threading.Thread(target=self._begun, name=f"corral-sync {self.name}", daemon=True)
            self._passing.start()

    def close(self, timeout: float) -> None:
        """End the lease. A pass that hangs is not waited for: what it would write is refused from now on."""
        if self._passing is not None:
            self._passing.join(timeout)
        if self._renewed is not None:
            with suppress(sa.exc.SQLAlchemyError):  # then it ends by itself
                self._desk.state.end_lease(self.name, self._holder)
            self._renewed = None

    def once(self) -> Mapping[str, int]:
        """One pass. What kept it from its end is in the record, and is raised."""
        if not self._leading():
            raise Stale(f"Source {self.name} is synchronized by another process now.", fix="Wait, or stop that one.")
        state, began = self._desk.state.state(self.name), time.monotonic()
        acts = Acts(self._desk, self.name, self._holder)
        try:
            # Whatever is done is done by operations, with a proof of their own: a pass itself only reads.
            with crossing(Purpose.LOOK):
                counts = Pass(self._world, self._policy, state, acts).run()
        except CorralError as exc:
            self._ended(Counter(), exc.message, began)
            raise
        except Exception as exc:
            self._ended(Counter(), f"It failed unexpectedly: {type(exc).__name__}.", began)
            raise
        self._ended(counts, "", began)
        if state.wanted_at is not None:
            self._desk.state.granted(self.name, state.wanted_at)
        return counts

    def _begun(self) -> None:
        try:
            self.once()
        except Stale as exc:
            LOG.warning("A pass was given up.", extra={"source": self.name, "why": exc.message})
        except CorralError as exc:
            LOG.warning("A source could not be looked at.", extra={"source": self.name, "why": exc.message})
        except Exception:
            LOG.exception("A pass failed.", extra={"source": self.name})

    def _ended(self, counts: Counter[str], problem: str, began: float) -> None:
        changed = any(counts[what] for what in _CHANGES)
        self._pause = self._policy.every if changed else min(self._pause * _GROWTH, self._policy.at_most)
        pause = self._pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing
        self._due = time.monotonic() + pause
        now = self._desk.clock()
        values: dict[str, Any] = {"problem": problem or None, "pause": pause}
        if not problem:
            values |= {"ended_at": now, "seconds": time.monotonic() - began, "servers": counts["servers"]}
        if changed:
            values["changed_at"] = now
            LOG.info("Record and world were compared.", extra={"source": self.name, **counts})
        for what, number in counts.items():
            if what != "servers" and number:
                self._desk.count(self.name, what, number)
        with self._desk.state.changing() as conn:
            self._desk.state.put(conn, self.name, **values)

    def _leading(self) -> bool:
        now = time.monotonic()
        if self._renewed is None or now - self._renewed > self._lease / 3:
            self._renewed = now if self._desk.state.lease(self.name, self._holder, self._lease) else None
        return self._renewed is not None
