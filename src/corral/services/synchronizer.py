"""The synchronizer: keeps record and world in step, source by source, as the policy says.

Each source has one synchronizer among all processes, by a lease. It looks often while things change, and less and less often while
nothing does, never quite regularly, so that many sources are not asked at once. Whoever hears that something changed only says so:
that causes a look, at the machines that were named where they are few, and is believed in nothing else.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from corral.contracts.border import Purpose, crossing
from corral.contracts.watching import Listens
from corral.domain.errors import CorralError, Stale
from corral.domain.sync_policy import SourcePolicy
from corral.services.sync_acts import Acts, Desk
from corral.services.sync_glance import Glance
from corral.services.sync_hearing import Ear, Hearing
from corral.services.sync_hints import Hints
from corral.services.sync_looking import Newer
from corral.services.sync_pass import Pass
from corral.services.sync_policies import Policies
from corral.services.sync_worlds import AT_A_GLANCE, World

LOG = logging.getLogger(__name__)

_GROWTH = 1.5
"""By so much each pause is longer than the one before, while nothing changes."""
_JITTER = 0.1
_SOON = 1.0
"""Seconds at least from a glance that found something to the pass that judges it."""
_CHANGES = ("taken", "corrected", "lost", "returned", "adopted", "found", "settled")


class Synchronizer:
    """Passes in threads of its own. `tick`: seconds between two looks for what is due; `lease`: seconds after which another process
    goes on when this one has died."""

    def __init__(
        self,
        worlds: Mapping[str, World],
        policies: Policies,
        desk: Desk,
        *,
        buses: Mapping[str, Listens] | None = None,
        tick: float = 1.0,
        lease: float = 30.0,
    ) -> None:
        self._worlds = worlds
        self._policies = policies
        self._desk = desk
        self._buses = buses or {}
        self._holder = str(uuid4())
        self._lease = lease
        self._tick = tick
        self._reread = False
        self._sources: dict[str, SourceSync] = {}
        self._follow()
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to synchronize."""
        if self._policies.watched:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="corral-synchronizer", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Begin nothing more, and let others take over."""
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        for source in self._sources.values():
            source.close(timeout)

    def synchronize(self, name: str) -> Mapping[str, int]:
        """One pass over a source now, in this thread. Raises what kept it from its end; Stale while another process has it."""
        return self._sources[name].once()

    def reload(self) -> None:
        """Read the policy again at the next tick, whether or not its file seems to be another one. For signals, too."""
        self._reread = True

    def glance(self, name: str, machines: Collection[str]) -> Mapping[str, int]:
        """One look at these machines of a source now, in this thread. Raises what kept it from its end."""
        return self._sources[name].glance(machines)

    def hint(self, name: str, machines: Collection[str]) -> None:
        """Something may have changed at a source: at these machines, or, where none is named, anywhere. Returns at once, and may be
        called for what is not synchronized here."""
        if (source := self._sources.get(name)) is not None:
            source.hint(machines)
            self._awake.set()

    def _run(self) -> None:
        next_tick = time.monotonic()
        while not self._stopping.is_set():
            self._awake.clear()
            if time.monotonic() >= next_tick:
                self._refresh()
                self._each(SourceSync.tick)
                next_tick = time.monotonic() + self._tick
            soonest = min((one for one in self._each(SourceSync.react) if one is not None), default=self._tick)
            self._awake.wait(max(min(soonest, next_tick - time.monotonic()), 0.0))

    def _refresh(self) -> None:
        anyway, self._reread = self._reread, False
        if self._policies.refresh(anyway=anyway):
            self._follow()
        for source in self._sources.values():
            source.policy_problem = self._policies.problem

    def _follow(self) -> None:
        """Have a synchronizer for each source that the policy names, by what it says now."""
        sources = {}
        for name, policy in self._policies.items():
            if (world := self._worlds.get(name)) is None:
                continue
            if (source := self._sources.get(name)) is None:
                ear = Ear(name, self._buses.get(name), partial(self.hint, name))
                source = SourceSync(world, policy, self._desk, self._holder, ear=ear, lease=self._lease)
            source.follow(policy)
            sources[name] = source
        before, self._sources = self._sources, sources
        for name in before.keys() - sources.keys():
            before[name].close(0.0)

    def _each(self, act: Callable[[SourceSync], float | None]) -> list[float | None]:
        found = []
        for source in self._sources.values():
            try:
                found.append(act(source))
            except Exception:
                # Another source must not suffer from it, and this one is asked again at the next tick.
                LOG.exception("What is due at a source could not be looked up.", extra={"source": source.name})
        return found


class SourceSync:
    """The passes over one source: one at a time."""

    def __init__(self, world: World, policy: SourcePolicy, desk: Desk, holder: str, *, ear: Ear, lease: float) -> None:
        self.name = world.name
        self.policy_problem = ""
        """Why its policy is an older one than the file's."""
        self._ear = ear
        self._said: tuple[Hearing, str] | None = None
        self._world = world
        self._policy = policy
        self._desk = desk
        self._holder = holder
        self._lease = lease
        self._pause = policy.every
        self._due = self._rested = 0.0
        self._judge_at: float | None = None
        """When what glances found will have lasted for long enough; None when they found nothing since the last pass began."""
        self._renewed: float | None = None
        self._passing: threading.Thread | None = None
        self._glancing: threading.Thread | None = None
        self._hints = Hints(AT_A_GLANCE[world.kind])
        self._newer = Newer()

    def tick(self) -> None:
        """Begin a pass when one is due or wanted, if this process is the source's synchronizer."""
        if not self._leading():
            self._due = 0.0  # whoever becomes it begins at once
            self._said = None
            self._ear.close()
            return
        self._ear.listen()
        self._say()
        if self._passing is not None and self._passing.is_alive():
            return
        if self._hints.everything():
            self._due = min(self._due, self._rested)
        if time.monotonic() >= self._due or self._desk.state.state(self.name).wanted_at is not None:
            # A daemon: the process must be able to end while a source hangs.
            self._passing = threading.Thread(target=self._begun, name=f"corral-sync {self.name}", daemon=True)
            self._passing.start()

    def follow(self, policy: SourcePolicy) -> None:
        """Go by that policy from the next look on. Another one than before is held against everything at once."""
        if policy != self._policy:
            self._policy, self._pause, self._due = policy, policy.every, 0.0

    def close(self, timeout: float) -> None:
        """End the lease. A pass that hangs is not waited for: what it would write is refused from now on."""
        self._ear.close()
        for thread in (self._passing, self._glancing):
            if thread is not None:
                thread.join(timeout)
        if self._renewed is not None:
            with suppress(sa.exc.SQLAlchemyError):  # then it ends by itself
                self._desk.state.end_lease(self.name, self._holder)
            self._renewed = None

    def once(self) -> Mapping[str, int]:
        """One pass. What kept it from its end is in the record, and is raised."""
        if not self._leading():
            raise Stale(f"Source {self.name} is synchronized by another process now.", fix="Wait, or stop that one.")
        state, began, self._judge_at = self._desk.state.state(self.name), time.monotonic(), None
        acts = Acts(self._desk, self.name, self._holder)
        try:
            # Whatever is done is done by operations, with a proof of their own: a pass itself only reads.
            with crossing(Purpose.LOOK):
                counts = Pass(self._world, self._policy, state, acts, self._newer).run()
        except CorralError as exc:
            self._ended(Counter(), exc.message, began, state.wanted_at)
            raise
        except Exception as exc:
            self._ended(Counter(), f"It failed unexpectedly: {type(exc).__name__}.", began, state.wanted_at)
            raise
        self._ended(counts, "", began, state.wanted_at)
        return counts

    def _begun(self) -> None:
        self._unfailing(self.once)

    def _unfailing(self, look: Callable[[], object]) -> None:
        try:
            look()
        except Stale as exc:
            LOG.warning("A pass was given up.", extra={"source": self.name, "why": exc.message})
        except CorralError as exc:
            LOG.warning("A source could not be looked at.", extra={"source": self.name, "why": exc.message})
        except Exception:
            # The thread's end: the next pass is made in another one.
            LOG.exception("A pass failed.", extra={"source": self.name})

    # --- hints --------------------------------------------------------------------------------------------

    def hint(self, machines: Collection[str]) -> None:
        """Look at these again, or at everything where none is named."""
        if self._renewed is None:
            self._desk.state.want(self.name)  # whoever synchronizes it makes a pass
        else:
            self._hints.add(machines)

    def react(self) -> float | None:
        """Begin to look at what hints named. Gives after how many seconds there may be more to begin, None for no idea."""
        if self._renewed is None or (self._glancing is not None and self._glancing.is_alive()):
            return Hints.PAUSE if self._hints.waiting() else None
        if machines := self._hints.take():
            self._glancing = threading.Thread(
                target=self._unfailing,
                args=(lambda: self.glance(machines),),
                name=f"corral-glance {self.name}",
                daemon=True,
            )
            self._glancing.start()
        return self._hints.seconds()

    def glance(self, machines: Collection[str]) -> Mapping[str, int]:
        """Look at these machines, beside a pass that may be under way. What was found is judged by a pass, when it has lasted."""
        began = time.monotonic()
        acts = Acts(self._desk, self.name, self._holder)
        try:
            with crossing(Purpose.LOOK):
                counts = Glance(self._world, self._policy, acts, self._newer).run(machines)
        finally:
            self._hints.done(time.monotonic() - began)
        if counts["pending"] and self._judge_at is None:
            self._judge_at = time.monotonic() + min(max(self._policy.settle, _SOON), self._policy.every)
            self._due = min(self._due, self._judge_at)
        for what in ("found", "settled"):
            if counts[what]:
                self._desk.count(self.name, what, counts[what])
        return counts

    # --- inside -------------------------------------------------------------------------------------------

    def _say(self) -> None:
        """Write down what people must know of how it hears, and by which policy it goes, when it is not as it was."""
        now = self._ear.now, self.policy_problem
        if now == self._said:
            return
        hearing, problem = now
        values: dict[str, Any] = {"policy_problem": problem or None}
        if self._said is None or self._said[0] != hearing:
            since = None if hearing.hears is None else self._desk.clock()
            values |= {"hears": hearing.hears, "hears_why": hearing.why or None, "hears_since": since}
        with self._desk.state.changing() as conn:
            self._desk.state.put(conn, self.name, **values)
        self._said = now

    def _ended(self, counts: Counter[str], problem: str, began: float, wanted: datetime | None) -> None:
        changed = any(counts[what] for what in _CHANGES)
        # A source that was away has much to tell when it is back, which is not to be waited for.
        self._pause = self._policy.every if changed or problem else min(self._pause * _GROWTH, self._policy.at_most)
        pause = self._pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, guards nothing
        self._due = time.monotonic() + pause
        # Hints without end must not have everything looked at without end.
        self._rested = time.monotonic() + max(_SOON, time.monotonic() - began)
        if self._judge_at is not None:  # a glance went on beside the pass
            self._due = min(self._due, self._judge_at)
        now = self._desk.clock()
        values: dict[str, Any] = {"problem": problem or self._world.trouble or None, "pause": pause}
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
        # A wish is one pass, whatever came of it: a source that does not answer is not asked all the time.
        if wanted is not None:
            self._desk.state.granted(self.name, wanted)

    def _leading(self) -> bool:
        now = time.monotonic()
        if self._renewed is None or now - self._renewed > self._lease / 3:
            self._renewed = now if self._desk.state.lease(self.name, self._holder, self._lease) else None
        return self._renewed is not None
