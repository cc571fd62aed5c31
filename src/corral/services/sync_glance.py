"""A glance: machines that hints named are looked at again at once, and what differs is written down as seen.

Rule: nothing is decided here. A glance brings drifts into the record and takes settled ones out of it; whether one is believed,
what is done about it, and whether too many drift at once is a pass's to say, which sees all of the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from corral.domain.drift import Drift, DriftState, Field
from corral.domain.lifecycle import STABLE, Status
from corral.domain.merge import Act, Decision
from corral.domain.sync_compare import Found, Patience, settled
from corral.domain.sync_policy import SourcePolicy
from corral.services.sync_acts import LOST, Acts, Compared, Kept
from corral.services.sync_looking import SETTLES, Looked, Looking, Newer, over
from corral.services.sync_worlds import LooksAround, World

_FIRST = Patience(1, 0.0)
_GONE = Decision(Act.REPORT, SETTLES)


class Glance:
    """One glance. Made anew for each; `run` does all of it. `newer`: what a pass that is under way is told of."""

    def __init__(self, world: World, policy: SourcePolicy, acts: Acts, newer: Newer) -> None:
        self._world = world
        self._policy = policy
        self._acts = acts
        self._newer = newer
        self._put: list[Drift] = []
        self._wrote: set[str] = set()
        self._pending: set[str] = set()
        self.counts: Counter[str] = Counter()

    def run(self, machines: Collection[str], *, around: bool = False) -> Counter[str]:
        """Look at these; with `around`, at what a cloud has of them as well. Gives what was found and what is settled; `pending`:
        machines whose drifts wait for a pass. Raises Unreachable and DriverFailed when they could not be asked for: then nothing
        was written."""
        wanted = sorted(machines)
        known = self._acts.state.known(self._world.name, wanted)
        look = self._world.around if around and isinstance(self._world, LooksAround) else self._world.named
        told = list(look(wanted))
        with self._newer.writing():
            rows = self._acts.drifts.at(self._world.name, wanted)
            looking = Looking(self._world, self._policy, self._acts, known, rows)
            looking.sort(told)
            looked = looking.end()
            kept = [one for one in (self._seen(looking, it, rows) for it in looked.compared) if one is not None]
            self._whole(looking, looked, rows)
            self._acts.keep(kept)
            self._acts.put(self._put)
            # Where both sides agree now, what a pass saw before is older. Where they don't, a pass must get to it some time: of
            # that only what is news to it counts.
            self._newer.add(self._wrote | (looked.ids - self._pending))
        return self.counts

    def _seen(self, looking: Looking, one: Compared, rows: dict[str, dict[Field, Drift]]) -> Kept | None:
        """What is written of one server, None for nothing."""
        here = rows.get(one.told.machine, {})
        if one.server.status is Status.LOST:
            self.counts["pending"] += 1  # a pass brings it back
            self._pending.add(one.told.machine)
            return None
        put = tuple(
            self._fresh(looking.drift(one.server, found), here.get(found.what))
            for found in one.result.found
            if found.what not in here or not here[found.what].same(found.record, found.world)
        )
        ended = over(here, one.result)
        self.counts["found"] += sum(drift.field not in here for drift in put)
        self.counts["settled"] += len(ended)
        if one.result.found:
            self.counts["pending"] += 1
            self._pending.add(one.told.machine)
        if put or ended:
            self._wrote.add(one.told.machine)
        if put or ended or (one.kept.agreed, one.kept.stamp) != (one.result.agreed, one.stamp):
            return Kept(one, put, ended)
        return None

    def _fresh(self, drift: Drift, row: Drift | None) -> Drift:
        now = settled(drift, row, _GONE, _FIRST, held=False).drift
        return replace(now, state=DriftState.SETTLING, why=SETTLES)

    def _whole(self, looking: Looking, looked: Looked, rows: dict[str, dict[Field, Drift]]) -> None:
        """Machines that are not told any more, are told again, or are new."""
        gone = [one for one in looking.known.values() if one.machine not in looked.ids and one.status in STABLE]
        for server in self._acts.servers.several(one.uuid for one in gone).values():
            if server.status not in (Status.LOST, Status.DELETED) and Field.GONE not in rows.get(server.machine, {}):
                self._note(server.machine, looking.drift(server, _missing()))
        for told in looked.new:
            if self._policy.adopt is not None and Field.NEW not in rows.get(told.machine, {}):
                self._note(told.machine, looking.new(told))
        for machine in looked.ids & rows.keys():
            if Field.GONE in rows[machine] and rows[machine][Field.GONE].why != LOST:
                self._acts.drop(self._world.name, machine, [Field.GONE])
                self._wrote.add(machine)
                self.counts["settled"] += 1

    def _note(self, machine: str, drift: Drift) -> None:
        self._put.append(drift)
        self._wrote.add(machine)
        self.counts["found"] += 1
        self.counts["pending"] += 1


def _missing() -> Found:
    return Found(Field.GONE, "here", "gone", "here", _GONE)
