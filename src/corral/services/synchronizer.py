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
from corral.domain.server import Kind
from corral.domain.sync_policy import SourcePolicy
from corral.services.each_alone import each_alone
from corral.services.sync_acts import Acts, Desk
from corral.services.sync_glance import Glance
from corral.services.sync_hearing import Ear, Hearing
from corral.services.sync_hints import Hints, Reacting
from corral.services.sync_looking import Newer
from corral.services.sync_pass import Pass
from corral.services.sync_pod_hearing import PodEar
from corral.services.sync_policies import Policies
from corral.services.sync_worlds import AROUND, AT_A_GLANCE, LooksAround, World

LOG = logging.getLogger(__name__)

_GROWTH = 1.5
"""By so much each pause is longer than the one before, while nothing changes."""
_JITTER = 0.1
_SOON = 1.0
"""Seconds at least from a glance that found something to the pass that judges it."""
_PARTS = 10_000
"""Ports and volumes of which it is not known yet whether they are ours: for more, everything is looked at."""
_LOOK_UPS = 9
"""What others announce of theirs is looked up for a tenth of the time at most."""
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
        pods: Mapping[str, Listens] | None = None,
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
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._pods = [
            PodEar(name, bus, desk.pods, desk, self.hint, self._awake.set, lease)
            for name, bus in (pods or {}).items()
            if desk.pods is not None
        ]
        self._follow()
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
        for pod in self._pods:
            pod.close(timeout)

    def synchronize(self, name: str) -> Mapping[str, int]:
        """One pass over a source now, in this thread. Raises what kept it from its end; Stale while another process has it."""
        return self._sources[name].once()

    def reload(self) -> None:
        """Read the policy again at the next tick, whether or not its file seems to be another one. For signals, too."""
        self._reread = True

    def glance(self, name: str, machines: Collection[str]) -> Mapping[str, int]:
        """One look at these machines of a source now, in this thread. Raises what kept it from its end."""
        return self._sources[name].glance(machines)

    def hint(self, name: str, machines: Collection[str], parts: Collection[str] = ()) -> None:
        """Something may have changed at a source: at these machines, or at those that these ports and volumes are of, if of any;
        where none is named, anywhere. Returns at once, and may be called for what is not synchronized here."""
        if (source := self._sources.get(name)) is not None and source.hint(machines, parts):
            self._awake.set()

    def again(self, name: str, machines: Collection[str]) -> None:
        """As `hint`, about what Corral itself has changed: where another process synchronizes, its next pass is soon enough."""
        if (source := self._sources.get(name)) is not None and source.leads:
            self.hint(name, machines)

    def _run(self) -> None:
        next_tick = time.monotonic()
        while not self._stopping.is_set():
            self._awake.clear()
            if time.monotonic() >= next_tick:
                self._ticked()
                next_tick = time.monotonic() + self._tick
            due = [*each_alone(self._sources.values(), SourceSync.react), *each_alone(self._pods, PodEar.react)]
            soonest = min((one for one in due if one is not None), default=self._tick)
            self._awake.wait(max(min(soonest, next_tick - time.monotonic()), 0.0))

    def _ticked(self) -> None:
        try:
            self._refresh()
            each_alone(self._sources.values(), SourceSync.tick)
            self._listen()
        except Exception:
            # Without this thread nothing would be compared any more, and nobody be told; the next tick begins anew.
            LOG.exception("A tick of the synchronizer failed.")

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
                wake = self._awake.set
                source = SourceSync(world, policy, self._desk, self._holder, wake, ear=ear, lease=self._lease)
            source.follow(policy)
            sources[name] = source
        before, self._sources = self._sources, sources
        for name in before.keys() - sources.keys():
            before[name].close(0.0)

    def _listen(self) -> None:
        """Hear of what changes at pods, where anybody synchronizes what is composed there."""
        wanted = any(self._worlds[name].kind is Kind.NODE for name in self._sources)
        each_alone(self._pods, lambda pod: pod.tick(wanted=wanted))


class SourceSync:
    """The passes over one source: one at a time. `wake`: called when there is something to `react` to."""

    def __init__(
        self,
        world: World,
        policy: SourcePolicy,
        desk: Desk,
        holder: str,
        wake: Callable[[], None],
        *,
        ear: Ear,
        lease: float,
    ) -> None:
        self.name = world.name
        self.policy_problem = ""
        """Why its policy is an older one than the file's."""
        self._ear = ear
        self._said: tuple[Hearing, str] | None = None
        self._world = world
        self._policy = policy
        self._desk = desk
        self._holder = holder
        self._wake = wake
        self._lease = lease
        self._pause = policy.every
        self._due = self._rested = 0.0
        self._judge_at: float | None = None
        """When what glances found will have lasted for long enough; None when they found nothing since the last pass began."""
        self._renewed: float | None = None
        self._passing: threading.Thread | None = None
        self._glances = Reacting(Hints(AT_A_GLANCE[world.kind]), self._glanced, f"corral-glance {self.name}")
        # Neutron and Cinder are asked beside that: when they are slow, what a hypervisor tells is not.
        self._look_ups = Reacting(Hints(_PARTS), self._looked_up, f"corral-around {self.name}")
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
        if any([self._glances.hints.everything(), self._look_ups.hints.everything()]):
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
        if self._passing is not None:
            self._passing.join(timeout)
        self._glances.join(timeout)
        self._look_ups.join(timeout)
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

    def _unfailing(self, look: Callable[[], object]) -> bool:
        """Whether it came to its end."""
        try:
            look()
            return True
        except Stale as exc:
            LOG.warning("A pass was given up.", extra={"source": self.name, "why": exc.message})
        except CorralError as exc:
            LOG.warning("A source could not be looked at.", extra={"source": self.name, "why": exc.message})
        except Exception:
            # The thread's end: the next pass is made in another one.
            LOG.exception("A pass failed.", extra={"source": self.name})
        return False

    # --- hints --------------------------------------------------------------------------------------------

    @property
    def leads(self) -> bool:
        """Whether this process was its synchronizer when it last looked."""
        return self._renewed is not None

    def hint(self, machines: Collection[str], parts: Collection[str] = ()) -> bool:
        """Look at these again, and at those that these ports and volumes are of; or at everything where nothing is named. Whether
        there is anything to `react` to that there was not before."""
        if self._renewed is None:
            self._desk.state.want(self.name)  # whoever synchronizes it makes a pass
            return False
        first = bool(parts) and self._look_ups.hints.add(parts)
        if machines or not parts:
            first = self._glances.hints.add(machines) or first
        return first

    def react(self) -> float | None:
        """Begin to look at what hints named. Gives after how many seconds there may be more to begin, None for no idea."""
        if self._renewed is None:
            return None
        return min((one for one in (self._glances.react(), self._look_ups.react()) if one is not None), default=None)

    def _glanced(self, machines: Collection[str]) -> None:
        began = time.monotonic()
        if not self._unfailing(lambda: self.glance(machines)):
            self._glances.hints.add(())  # nobody else would look at them: a pass finds what has changed there
        self._glances.hints.done(time.monotonic() - began)

    def _looked_up(self, parts: Collection[str]) -> None:
        began = time.monotonic()
        if not self._unfailing(lambda: self._look_around(self._desk.sides.owners(self.name, sorted(parts)))):
            self._look_ups.hints.add(())
        self._look_ups.hints.done((time.monotonic() - began) * _LOOK_UPS)

    def _look_around(self, machines: Collection[str]) -> None:
        """Neutron or Cinder may have something else of these now."""
        if not machines:
            return
        if isinstance(self._world, LooksAround) and len(machines) <= AROUND:
            self.glance(machines, around=True)
        else:
            # With a node its ports are looked at anyway. For more of either, everything is.
            self._glances.hints.add(machines if len(machines) <= AROUND else ())
            self._wake()

    def glance(self, machines: Collection[str], *, around: bool = False) -> Mapping[str, int]:
        """Look at these machines, beside a pass that may be under way. What was found is judged by a pass, when it has lasted."""
        acts = Acts(self._desk, self.name, self._holder)
        with crossing(Purpose.LOOK):
            counts = Glance(self._world, self._policy, acts, self._newer).run(machines, around=around)
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
