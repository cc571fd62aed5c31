"""One pass over a source: everything is looked at first, then the brake is judged, and only then anything is done.

Rule: nothing is done on the strength of one answer. Differences settle over several looks; a machine that is not told is asked for
by itself before it is called lost; and when more of a source drifts at once than is believed, nothing at all is done.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from corral.contracts.syncing import Told
from corral.domain.digest import digest
from corral.domain.drift import RESTING, Drift, DriftState, Field, Value
from corral.domain.errors import CorralError, NotFound
from corral.domain.lifecycle import STABLE, Status
from corral.domain.merge import Act, Decision, Means, Policy
from corral.domain.server import Flavor, Server
from corral.domain.sync_compare import Comparison, Found, Patience, compare, is_news, is_spent, settled
from corral.domain.sync_policy import SourcePolicy
from corral.domain.sync_sides import record_side
from corral.services.sync_acts import LOST, Acts, Compared, Kept
from corral.services.sync_worlds import World
from corral.store.sync_state import Agreed, Known, SourceState

LOG = logging.getLogger(__name__)

_BATCH = 500
_CONFIRMED = 50
"""How many missing machines a pass asks for one by one, and how many new ones it adopts."""
_STALE_SECONDS = 300.0
"""After so long it is written down again that an old difference is still there."""
_CALM = 3
"""Passes in a row without too many differences that end the brake by themselves."""
HERE, GONE = "here", "gone"

Rows = Mapping[Field, Drift]
Due = Mapping[Act, Sequence[Drift]]


@dataclass
class Looked:
    """What a pass saw. `total`: servers at the source; `news`: machines that count for the brake."""

    ids: dict[str, str] = field(default_factory=dict)
    compared: list[Compared] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    new: list[Told] = field(default_factory=list)
    total: int = 0
    news: int = 0


class Pass:
    """One pass. Made anew for each; `run` does all of it."""

    def __init__(self, world: World, policy: SourcePolicy, state: SourceState, acts: Acts) -> None:
        self._world = world
        self._policy = policy
        self._state = state
        self._acts = acts
        self._now: datetime = acts.clock()
        self._rows = acts.drifts.at(world.name)
        self._flavors: Mapping[str, Flavor] = {one.uuid: one for one in acts.flavors.all()}
        self._seen: list[int] = []
        self._kept: list[Kept] = []
        self._put: list[Drift] = []
        self.counts: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Look, judge, act. Gives what was done how often. Raises Unreachable and DriverFailed when the source could not be read
        to its end: then nothing was done."""
        looked = self._look()
        held = self._judge(looked)
        due = [(one, self._settle(one, held=held)) for one in looked.compared]
        self._acts.keep(self._kept)
        for one, acts in due:
            self._act(one, acts)
        self._confirm(looked, held=held)
        self._adopt(looked, held=held)
        self._acts.put(self._put)
        self._tidy(looked)
        self._acts.seen(self._seen)
        self.counts["servers"] = looked.total
        return self.counts

    # --- look ---------------------------------------------------------------------------------------------

    def _look(self) -> Looked:
        looked = Looked()
        told = self._world.told(free=self._policy.adopt is not None)
        while batch := list(islice(told, _BATCH)):
            self._sort(looked, batch)
        for known in self._acts.state.all(self._world.name):
            looked.total += 1
            if known.machine not in looked.ids and known.status in STABLE and known.status != Status.DELETED:
                looked.missing.append(known)
        return looked

    def _sort(self, looked: Looked, batch: list[Told]) -> None:
        known = self._acts.state.known(self._world.name, [one.machine for one in batch])
        fresh: dict[str, tuple[Known, Told, str]] = {}
        for one in batch:
            twice, looked.ids[one.machine] = one.machine in looked.ids, ""
            here = known.get(one.machine)
            if twice:
                fresh.pop(one.machine, None)  # who is told twice is not believed either time
            elif here is None:
                if one.free and not one.problem:
                    looked.new.append(one)
            elif here.status in STABLE and not one.problem:
                stamp = f"{one.stamp or digest(_plain(one))}:{here.revision}:{self._policy.stamp}"
                if here.stamp != stamp or self._pending(one.machine):
                    fresh[one.machine] = here, one, stamp
        self._compare(looked, fresh)

    def _pending(self, machine: str) -> bool:
        return any(row.state not in RESTING for row in self._rows.get(machine, {}).values())

    def _compare(self, looked: Looked, fresh: Mapping[str, tuple[Known, Told, str]]) -> None:
        if not fresh:
            return
        servers = self._acts.servers.several(known.uuid for known, _, _ in fresh.values())
        kept = self._acts.state.agreed(servers)
        filled = {one.machine: one for one in self._world.filled([told for _, told, _ in fresh.values()])}
        for machine, (known, _, stamp) in fresh.items():
            server, told = servers.get(known.uuid), filled.get(machine)
            if server is None or told is None or told.problem or server.revision != known.revision:
                continue  # it is just changing: the next pass sees it
            agreed = kept.get(known.uuid, Agreed())
            looked.compared.append(self._compared(server, told, agreed, stamp))

    def _compared(self, server: Server, told: Told, kept: Agreed, stamp: str) -> Compared:
        record = record_side(server, self._flavors, kept.agreed)
        allowed = self._policy.allowed(server)

        def means(what: Field, value: Value) -> Means:
            turns = tuple(datetime.fromisoformat(at) for at in kept.turns.get(what, ()))
            return replace(self._world.means(what, value), allowed=allowed, spent=is_spent(turns, self._now))

        result = compare(server, record, told.facts, kept.agreed, lambda what: self._policy.terms(server, what), means)
        return Compared(server, told, kept, stamp, result)

    # --- judge --------------------------------------------------------------------------------------------

    def _judge(self, looked: Looked) -> bool:
        """Whether the brake is on."""
        for one in looked.compared:
            rows = self._rows.get(one.told.machine, {})
            looked.news += any(self._news(rows, it.what, it.record, it.world) for it in one.result.found)
        for missing in looked.missing:
            if missing.status != Status.LOST:
                looked.news += self._news(self._rows.get(missing.machine, {}), Field.GONE, HERE, GONE)
        for told in looked.new:
            looked.news += self._news(self._rows.get(told.machine, {}), Field.NEW, None, told.name)
        if self._policy.too_many(looked.news, looked.total):
            self._acts.brake(
                self._world.name,
                f"{looked.news} machines differ at once, of {looked.total} servers: more than "
                f"{self._policy.percent:g} % (and {self._policy.least}). Nothing is done until that is released.",
                self._state,
            )
            return True
        return self._state.braked_at is not None and not self._acts.calmer(self._world.name, self._state, _CALM)

    def _news(self, rows: Rows, what: Field, record: Value, world: Value) -> bool:
        return is_news(rows.get(what), record, world, self._state.released_at)

    # --- act ----------------------------------------------------------------------------------------------

    def _settle(self, one: Compared, *, held: bool) -> Due:
        """Bring one server's drifts up to date. Gives what is to be done about them."""
        if one.server.status is Status.LOST:
            self._returned(one, held=held)
            return {}
        rows = self._rows.get(one.told.machine, {})
        due: dict[Act, list[Drift]] = {}
        put: list[Drift] = []
        for found in one.result.found:
            row = rows.get(found.what)
            now = settled(self._drift(one.server, found), row, found.decision, self._patience(found.what), held=held)
            if now.act is not None:
                due.setdefault(now.act, []).append(now.drift)
            elif self._worth(row, now.drift):
                put.append(now.drift)
        over = [what for what in rows if what in one.result.compared and what not in _fields(one.result)]
        if put or over or (one.kept.agreed, one.kept.stamp) != (one.result.agreed, one.stamp):
            self._kept.append(Kept(one, tuple(put), tuple(over)))
        self.counts["found"] += sum(rows.get(drift.field) is None for drift in put)
        self.counts["settled"] += len(over)
        return due

    def _act(self, one: Compared, due: Due) -> None:
        if take := due.get(Act.TAKE):
            self._done("taken", self._acts.take(one, take))
        if correct := due.get(Act.CORRECT):
            self._acts.correct(one.server, correct, self._policy.allowed(one.server))
            self._done("corrected", len(correct))

    def _worth(self, row: Drift | None, drift: Drift) -> bool:
        """Whether the row has to be written. That an old one is still there is written now and then."""
        if row is None or not row.same(drift.record, drift.world) or (row.state, row.why) != (drift.state, drift.why):
            return True
        if drift.state not in RESTING:
            return True
        if row.id is not None and (self._now - row.last_seen_at).total_seconds() > _STALE_SECONDS:
            self._seen.append(row.id)
        return False

    def _returned(self, one: Compared, *, held: bool) -> None:
        power = one.told.facts.get(Field.POWER)
        doubt = any(found.what in (Field.OWNER, Field.NICS) for found in one.result.found)
        if held or doubt or power is None or self._policy.terms(one.server, Field.GONE).policy is Policy.NONE:
            return
        self._done("returned", self._acts.returned(one.server, power))

    def _confirm(self, looked: Looked, *, held: bool) -> None:
        """Machines that are not told: those that have been missing for long enough are asked for, and lost when they are gone."""
        asked = 0
        missing = [known.uuid for known in looked.missing if known.status != Status.LOST]
        for server in self._acts.servers.several(missing).values():
            terms = self._policy.terms(server, Field.GONE)
            act = Act.REPORT if terms.policy is Policy.NONE else Act.TAKE
            found = Found(Field.GONE, HERE, GONE, HERE, Decision(act, "Its source does not tell of it any more."))
            row = self._rows.get(server.machine, {}).get(Field.GONE)
            now = settled(self._drift(server, found), row, found.decision, self._patience(Field.GONE), held=held)
            if now.act is None:
                self._report(row, now.drift)
            elif asked < _CONFIRMED:
                asked += 1
                self._ask(server, now.drift, held=held)

    def _report(self, row: Drift | None, drift: Drift) -> None:
        if self._worth(row, drift):
            self._put.append(drift)
            self.counts["found"] += row is None

    def _ask(self, server: Server, drift: Drift, *, held: bool) -> None:
        try:
            told = self._world.told_of(server.machine)
        except NotFound:
            self._done("lost", self._acts.lost(server, drift))
            return
        except CorralError as exc:
            LOG.info("A machine could not be asked for.", extra={"source": self._world.name, "why": exc.message})
            return
        self._acts.drop(server.source, server.machine, [Field.GONE])
        if not told.problem:
            kept = self._acts.state.agreed([server.uuid]).get(server.uuid, Agreed())
            one = self._compared(server, told, kept, "")
            due = self._settle(one, held=held)
            self._acts.keep(self._kept[-1:])
            self._act(one, due)

    def _adopt(self, looked: Looked, *, held: bool) -> None:
        adopted = 0
        for told in looked.new:
            rule = next((one for one in self._policy.adopt or () if one.matches(told.name, told.resource_class)), None)
            why = "No rule adopts it." if rule is None else "A rule adopts it."
            decision = Decision(Act.REPORT if rule is None else Act.TAKE, why)
            row = self._rows.get(told.machine, {}).get(Field.NEW)
            now = settled(self._new(told), row, decision, self._patience(Field.NEW), held=held)
            if now.act is None or rule is None or adopted >= _CONFIRMED:
                self._report(row, now.drift)
            else:
                adopted += 1
                self._done("adopted", self._acts.adopt(rule, now.drift, row))

    def _tidy(self, looked: Looked) -> None:
        """Drifts of machines that are told again, or are new no more."""
        new = {told.machine for told in looked.new}
        for machine, rows in self._rows.items():
            over = [Field.GONE] if Field.GONE in rows and self._there(machine, looked) else []
            over += [Field.NEW] if Field.NEW in rows and machine not in new else []
            if over:
                self._acts.drop(self._world.name, machine, over)
                self.counts["settled"] += len(over)

    def _there(self, machine: str, looked: Looked) -> bool:
        # The one of a lost server goes when its return was written down.
        lost = {known.machine for known in looked.missing}
        row = self._rows[machine][Field.GONE]
        return machine in looked.ids and machine not in lost and row.why != LOST

    # --- inside -------------------------------------------------------------------------------------------

    def _done(self, what: str, number: int) -> None:
        self.counts[what] += number

    def _patience(self, what: Field) -> Patience:
        return Patience(self._policy.gone_looks if what is Field.GONE else self._policy.looks, self._policy.settle)

    def _drift(self, server: Server, found: Found) -> Drift:
        return Drift(
            source=server.source,
            machine=server.machine,
            server=server.uuid,
            name=server.name,
            project=server.project,
            field=found.what,
            record=found.record,
            world=found.world,
            agreed=found.agreed,
            state=DriftState.SETTLING,
            why=found.decision.why,
            looks=1,
            first_seen_at=self._now,
            changed_at=self._now,
            last_seen_at=self._now,
        )

    def _new(self, told: Told) -> Drift:
        at = self._now
        return Drift(
            self._world.name, told.machine, None, told.name, None, Field.NEW, None, told.name, None,
            DriftState.SETTLING, "", 1, at, at, at,
        )  # fmt: skip


def _plain(told: Told) -> dict[str, Value]:
    return {str(what): value for what, value in told.facts.items()}


def _fields(result: Comparison) -> frozenset[Field]:
    return frozenset(found.what for found in result.found)
