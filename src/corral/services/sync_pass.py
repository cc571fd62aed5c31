"""One pass over a source: everything is looked at first, then the brake is judged, and only then anything is done.

Rule: nothing is done on the strength of one answer. Differences settle over several looks; a machine that is not told is asked for
by itself before it is called lost; and when more of a source drifts at once than is believed, nothing at all is done.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from corral.domain.drift import RESTING, Drift, Field, Value
from corral.domain.errors import CorralError, NotFound
from corral.domain.lifecycle import STABLE, Status
from corral.domain.merge import Act, Decision, Policy
from corral.domain.server import Kind, Server
from corral.domain.sync_compare import Found, Patience, is_news, settled
from corral.domain.sync_policy import SourcePolicy
from corral.services.sync_acts import LOST, Acts, Compared, Kept
from corral.services.sync_adopting import Newcomer, by_turns, chosen
from corral.services.sync_looking import Looked, Looking, Newer, Rows, over
from corral.services.sync_worlds import World
from corral.store.sync_state import Agreed, SourceState

LOG = logging.getLogger(__name__)

_BATCH = 500
_CONFIRMED = 50
"""How many missing machines a pass asks for one by one, and how many new ones it adopts."""
_STALE_SECONDS = 300.0
"""After so long it is written down again that an old difference is still there."""
_CALM = 3
"""Passes in a row without too many differences that end the brake by themselves."""
HERE, GONE = "here", "gone"

_UNTOLD = object()

Due = Mapping[Act, Sequence[Drift]]


class Pass:
    """One pass. Made anew for each; `run` does all of it."""

    def __init__(
        self, world: World, policy: SourcePolicy, state: SourceState, acts: Acts, newer: Newer | None = None
    ) -> None:
        self._world = world
        self._policy = policy
        self._state = state
        self._acts = acts
        self._newer = newer or Newer()
        self._newer.begin()
        self._rows = acts.drifts.at(world.name)
        self._servers = {one.machine: one for one in acts.state.all(world.name)}
        self._looking = Looking(world, policy, acts, self._servers, self._rows)
        self._now = self._looking.now
        self._seen: list[int] = []
        self._kept: list[Kept] = []
        self._put: list[Drift] = []
        self.counts: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Look, judge, act. Gives what was done how often. Raises Unreachable and DriverFailed when the source could not be read
        to its end: then nothing was done."""
        looked = self._look()
        held = self._judge(looked)
        with self._newer.writing():
            self._newer.older(looked)
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
        told = self._world.told(free=self._policy.adopt is not None)
        while batch := list(islice(told, _BATCH)):
            self._looking.sort(batch)
        looked = self._looking.end()
        looked.total = len(self._servers)
        looked.missing = [
            known
            for machine, known in self._servers.items()
            if machine not in looked.ids and known.status in STABLE and known.status != Status.DELETED
        ]
        return looked

    # --- judge --------------------------------------------------------------------------------------------

    def _judge(self, looked: Looked) -> bool:
        """Whether the brake is on."""
        for one in looked.compared:
            rows = self._rows.get(one.told.machine, {})
            looked.news += any(
                self._news(rows, it.what, it.record, it.world) for it in one.result.found if not it.filling
            )
        for missing in looked.missing:
            if missing.status != Status.LOST:
                looked.news += self._news(self._rows.get(missing.machine, {}), Field.GONE, HERE, GONE)
        for told in looked.new:
            looked.news += self._news(self._rows.get(told.machine, {}), Field.NEW, None, told.name)
        if why := self._too_much(looked):
            why = f"{why}: more than {self._policy.percent:g} % (and {self._policy.least})."
            self._acts.brake(self._world.name, f"{why} Nothing is done until that is released.", self._state)
            return True
        return self._state.braked_at is not None and not self._acts.calmer(self._world.name, self._state, _CALM)

    def _too_much(self, looked: Looked) -> str:
        """What differs more than is believed, "" for nothing: of the whole source, or of what one pod tells."""
        if self._policy.too_many(looked.news, looked.total):
            return f"{looked.news} machines differ at once, of {looked.total} servers"
        pods, fleets = Counter[str](), dict[str, int]()
        for one in looked.compared:
            if (made := one.told.composed) is not None:
                rows, differ = self._rows.get(one.told.machine, {}), one.result.found
                news = (self._news(rows, it.what, it.record, it.world) for it in differ if it.what is Field.COMPOSITION)
                pods[made.claim.pod] += any(news)
                fleets[made.claim.pod] = made.fleet
        for pod, number in pods.items():
            if self._policy.too_many(number, fleets[pod]):
                return f"{number} systems differ at once at pod {pod}, of {fleets[pod]}"
        return ""

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
            now = settled(
                self._looking.drift(one.server, found), row, found.decision, self._patience(found.what), held=held
            )
            if now.act is not None:
                due.setdefault(now.act, []).append(now.drift)
            elif self._worth(row, now.drift):
                put.append(now.drift)
        ended = over(rows, one.result)
        if put or ended or (one.kept.agreed, one.kept.stamp) != (one.result.agreed, one.stamp):
            self._kept.append(Kept(one, tuple(put), ended))
        self.counts["found"] += sum(rows.get(drift.field) is None for drift in put)
        self.counts["settled"] += len(ended)
        return due

    def _act(self, one: Compared, due: Due) -> None:
        if not due:
            return
        with self._newer.writing():
            if one.told.machine not in self._newer:
                self._carry_out(one, due)

    def _carry_out(self, one: Compared, due: Due) -> None:
        if take := self._confirmed(one, due.get(Act.TAKE, ())):
            self._done("taken", self._acts.take(one, take))
        if correct := due.get(Act.CORRECT):
            self._acts.correct(one.server, correct, self._policy.allowed(one.server))
            self._done("corrected", len(correct))

    def _confirmed(self, one: Compared, take: Sequence[Drift]) -> Sequence[Drift]:
        """What may be taken over. What surveys tell may be older than a correction, and would then undo it: a field of a VM that
        was corrected before is asked for at the hypervisor itself."""
        doubtful = {drift.field for drift in take} & one.kept.turns.keys()
        if self._world.kind is Kind.NODE or not doubtful:
            return take
        try:
            now = self._world.told_of(one.told.machine).facts
        except CorralError as exc:
            LOG.info("A machine could not be asked for.", extra={"source": self._world.name, "why": exc.message})
            now = {}
        return [drift for drift in take if drift.field not in doubtful or now.get(drift.field, _UNTOLD) == drift.world]

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
            now = settled(
                self._looking.drift(server, found), row, found.decision, self._patience(Field.GONE), held=held
            )
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
            one = self._looking.compared(server, told, kept, "")
            due = self._settle(one, held=held)
            self._acts.keep(self._kept[-1:])
            self._act(one, due)

    def _adopt(self, looked: Looked, *, held: bool) -> None:
        memory = self._acts.remembered() if looked.new else {}
        due: list[Newcomer] = []
        for told in looked.new:
            rule, why = chosen(told, self._policy.adopt or (), memory.get(told.machine), self._now)
            decision = Decision(Act.REPORT if rule is None else Act.TAKE, why)
            row = self._rows.get(told.machine, {}).get(Field.NEW)
            now = settled(self._looking.new(told), row, decision, self._patience(Field.NEW), held=held)
            if now.act is None or rule is None:
                self._report(row, now.drift)
            else:
                due.append(Newcomer(rule, now.drift, row))
        now_due, later = by_turns(due, _CONFIRMED)
        for one in now_due:
            self._done("adopted", self._acts.adopt(one.rule, one.drift))
        for one in later:
            self._report(one.row, one.waiting)

    def _tidy(self, looked: Looked) -> None:
        """Drifts of machines that are told again, or are new no more."""
        new = {told.machine for told in looked.new}
        for machine, rows in self._rows.items():
            ended = [Field.GONE] if Field.GONE in rows and self._there(machine, looked) else []
            ended += [Field.NEW] if Field.NEW in rows and machine not in new else []
            if ended:
                self._acts.drop(self._world.name, machine, ended)
                self.counts["settled"] += len(ended)

    def _there(self, machine: str, looked: Looked) -> bool:
        # The one of a lost server goes when its return was written down.
        return machine in looked.ids and self._rows[machine][Field.GONE].why != LOST

    # --- inside -------------------------------------------------------------------------------------------

    def _done(self, what: str, number: int) -> None:
        self.counts[what] += number

    def _patience(self, what: Field) -> Patience:
        return Patience(self._policy.gone_looks if what is Field.GONE else self._policy.looks, self._policy.settle)
