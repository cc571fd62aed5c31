"""Whatever happens on both sides, whenever it is heard of: the sides end agreed or in the queue, and no value is made up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corral.domain.drift import Drift, DriftState, Facts, Field
from corral.domain.lifecycle import Status
from corral.domain.merge import Act, Decision, Means, Merge, Never, Policy, Terms, Wins, decide, merge
from corral.domain.server import Server
from corral.domain.sync_compare import Comparison, Found, Patience, compare, is_spent, settled

VALUES = st.sampled_from(["a", "b", "c", None])
SIDES = st.one_of(VALUES, st.lists(st.sampled_from("abc"), unique=True).map(sorted))
FIELDS = (Field.NAME, Field.POWER, Field.IMAGE)
SERVER = Server("u", "n", "s", "m", "p", Status.ACTIVE, "f")
PATIENCE = Patience(2, 60.0)


@given(agreed=st.one_of(st.just(Never.AGREED), SIDES), record=SIDES, world=SIDES)
def test_a_merge_gives_up_a_side_only_if_that_one_did_not_change(agreed: Any, record: Any, world: Any) -> None:
    found = merge(agreed, record, world)
    assert (found is Merge.NOTHING) == (record == world)
    if found is Merge.WORLD:
        assert record == agreed != world or (agreed is Never.AGREED and record is None)
    if found is Merge.RECORD:
        assert record != world and (world == agreed or (agreed is Never.AGREED and world is None))
    if found is Merge.CONFLICT:
        assert agreed is Never.AGREED or agreed not in (record, world)


MEANS = st.builds(
    Means,
    take=st.booleans(),
    give=st.booleans(),
    disturbs=st.sampled_from(["", "start", "stop"]),
    allowed=st.frozensets(st.sampled_from(["start", "stop", "reboot"])),
    spent=st.booleans(),
)
TERMS = st.builds(Terms, st.sampled_from(Policy), st.sampled_from(Wins))


@given(found=st.sampled_from(Merge), terms=TERMS, means=MEANS)
def test_nothing_is_done_that_the_policy_the_means_and_the_rules_do_not_all_allow(
    found: Merge, terms: Terms, means: Means
) -> None:
    act = decide(found, terms, means).act
    assert (act is Act.AGREE) == (found is Merge.NOTHING)
    if act is Act.TAKE:
        assert means.take and terms.policy is not Policy.NONE
        assert found is Merge.WORLD or terms.wins is Wins.WORLD
        assert terms.wins is not Wins.RECORD
    if act is Act.CORRECT:
        assert means.give and terms.policy is Policy.SYNC and not means.spent
        assert not means.disturbs or means.disturbs in means.allowed
        assert found is Merge.RECORD or terms.wins is Wins.RECORD
        assert terms.wins is not Wins.WORLD


@dataclass
class Model:
    """A server, its machine, and a synchronizer without database: `seen` are the answers that the source ever gave."""

    terms: Terms
    record: dict[Field, Any]
    world: dict[Field, Any]
    agreed: Facts = field(default_factory=dict)
    rows: dict[Field, Drift] = field(default_factory=dict)
    turns: dict[Field, list[datetime]] = field(default_factory=dict)
    seen: list[dict[Field, Any]] = field(default_factory=list)
    said: set[tuple[Field, Any]] = field(default_factory=set)
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    acts: int = 0

    def __post_init__(self) -> None:
        self._remember()

    def _remember(self) -> None:
        self.said |= {(what, side[what]) for side in (self.record, self.world) for what in FIELDS}
        self.seen.append(dict(self.world))

    def change(self, side: str, what: Field, value: Any) -> None:
        """Somebody changes a side."""
        (self.record if side == "record" else self.world)[what] = value
        self._remember()

    def look(self, back: int = 0) -> None:
        """A pass, on the answer of now, or on one that is late by some changes."""
        told = self.seen[max(0, len(self.seen) - 1 - back)]
        result = compare(SERVER, self.record, told, self.agreed, lambda _what: self.terms, self._means)
        self.agreed = result.agreed
        for what in [what for what in self.rows if what in result.compared and what not in _named(result)]:
            del self.rows[what]
        for found in result.found:
            self._settle(found)

    def _means(self, what: Field, _value: Any) -> Means:
        return Means(take=True, give=True, spent=is_spent(tuple(self.turns.get(what, ())), self.at))

    def _settle(self, found: Found) -> None:
        fresh = Drift(
            "s", "m", "u", "n", "p", found.what, found.record, found.world, found.agreed, DriftState.SETTLING, "", 1,
            self.at, self.at, self.at,
        )  # fmt: skip
        now = settled(fresh, self.rows.get(found.what), found.decision, PATIENCE, held=False)
        self.rows[found.what] = now.drift
        if now.act is Act.TAKE:
            self._take(now.drift)
        elif now.act is Act.CORRECT:
            self._correct(now.drift)

    def _take(self, drift: Drift) -> None:
        assert self.terms.wins is Wins.WORLD or drift.record == self.agreed[drift.field]
        self.record[drift.field] = drift.world
        self._agree(drift.field, drift.world)

    def _correct(self, drift: Drift) -> None:
        # As the flow does: only what the source still says is written over.
        if self.world[drift.field] == drift.world:
            self.world[drift.field] = drift.record
            self.turns.setdefault(drift.field, []).append(self.at)
            self._agree(drift.field, drift.record)
            self._remember()

    def _agree(self, what: Field, value: Any) -> None:
        self.agreed = {**self.agreed, what: value}
        self.rows.pop(what, None)
        self.acts += 1

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def _named(result: Comparison) -> set[Field]:
    return {found.what for found in result.found}


CHANGE = st.tuples(st.sampled_from(["record", "world"]), st.sampled_from(FIELDS), st.sampled_from("abc"))
LATE = st.tuples(st.just("look"), st.integers(0, 4), st.just(""))
WAIT = st.tuples(st.just("wait"), st.sampled_from([1, 30, 61, 4000]), st.just(""))
SIDE = st.fixed_dictionaries({what: st.sampled_from("abc") for what in FIELDS})


def played(model: Model, events: list[tuple[Any, Any, Any]]) -> Model:
    for kind, first, second in events:
        if kind == "look":
            model.look(first)  # doubled, lost and late news are all just looks, at the wrong time
        elif kind == "wait":
            model.wait(first)
        else:
            model.change(kind, first, second)
    return model


@settings(max_examples=300)
@given(record=SIDE, world=SIDE, terms=TERMS, events=st.lists(st.one_of(CHANGE, CHANGE, LATE, LATE, WAIT), max_size=40))
def test_any_interleaving_ends_agreed_or_in_the_queue_and_never_in_a_loop(
    record: dict[Field, Any], world: dict[Field, Any], terms: Terms, events: list[tuple[Any, Any, Any]]
) -> None:
    model = played(Model(terms, record, world), events)
    model.wait(4000)
    for _ in range(6):
        model.look()
        model.wait(61)
    for what in FIELDS:
        if model.record[what] != model.world[what]:
            row = model.rows[what]
            assert row.state in (DriftState.OPEN, DriftState.CONFLICT)
            assert row.same(model.record[what], model.world[what])
        else:
            assert what not in model.rows
        assert {(what, model.record[what]), (what, model.world[what])} <= model.said
    before = model.acts, dict(model.record), dict(model.world)
    for _ in range(4):
        model.look()
        model.wait(4000)
    assert (model.acts, model.record, model.world) == before


@given(record=SIDE, world=SIDE, changes=st.lists(CHANGE, max_size=20))
def test_without_a_winner_no_change_of_anybody_is_ever_written_over_unseen(
    record: dict[Field, Any], world: dict[Field, Any], changes: list[tuple[Any, Any, Any]]
) -> None:
    model = Model(Terms(Policy.SYNC), dict(record), dict(record))
    model.look()
    played(model, changes)
    both = [what for what in FIELDS if record[what] not in (model.record[what], model.world[what])]
    sides = {what: (model.record[what], model.world[what]) for what in both if model.record[what] != model.world[what]}
    for _ in range(6):
        model.look()
        model.wait(61)
    assert {what: (model.record[what], model.world[what]) for what in sides} == sides
    assert all(model.rows[what].state is DriftState.CONFLICT for what in sides)


@given(owner=st.sampled_from(["x", None]), world=SIDE, terms=TERMS, agreed=st.booleans())
def test_of_a_machine_that_is_somebody_elses_nothing_is_believed(
    owner: str | None, world: dict[Field, Any], terms: Terms, agreed: bool
) -> None:
    record = {Field.NAME: "z", Field.POWER: "z", Field.IMAGE: "z", Field.OWNER: "u"}
    before: Facts = dict(record) if agreed else {}
    told = {**world, Field.OWNER: owner}
    result = compare(SERVER, record, told, before, lambda _w: terms, lambda _w, _v: Means(take=True, give=True))
    assert _named(result) == {Field.OWNER}
    assert result.found[0].decision.act in (Act.REPORT, Act.ASK)
    assert result.agreed == before


@given(times=st.lists(st.floats(0, 500), min_size=1, max_size=8), held=st.booleans())
def test_nothing_is_done_before_it_lasted_nor_while_the_brake_is_on(times: list[float], held: bool) -> None:
    at, row = datetime(2026, 1, 1, tzinfo=UTC), None
    began = at
    for looks, pause in enumerate(times, 1):
        fresh = Drift(
            "s", "m", "u", "n", "p", Field.POWER, "on", "off", "on", DriftState.SETTLING, "", 1, at, at, at
        )  # fmt: skip
        now = settled(fresh, row, Decision(Act.TAKE), PATIENCE, held=held)
        lasted = looks >= PATIENCE.looks and (at - began).total_seconds() >= PATIENCE.seconds
        assert (now.act is Act.TAKE) == (lasted and not held)
        assert (now.drift.state is DriftState.SETTLING) == (not lasted)
        row, at = replace(now.drift, id=1), at + timedelta(seconds=pause)
