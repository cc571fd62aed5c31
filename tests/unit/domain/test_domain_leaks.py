"""What is a leak, whose it is, and what may be repaired: pure judgement on what a source shows and a record says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from corral.domain.leak_kinds import CATALOGUE, Kind, Leak, leak
from corral.domain.leaks import Scene, judge, lasting
from corral.domain.lifecycle import Status
from corral.domain.machine import is_uuid
from corral.domain.server import Server, ServerNic
from corral.domain.traces import (
    ClaimTrace,
    Expected,
    MachineTrace,
    Ours,
    PortTrace,
    Trace,
    expected,
    installation_of,
    marked_uuid,
    strangers,
)
from corral.flows.mend import AT_SOURCES

MINE, THEIRS = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
NODE, OTHER_NODE = str(uuid4()), str(uuid4())
PORT, SECOND = str(uuid4()), str(uuid4())
SERVER = marked_uuid(uuid4(), MINE)
LOST = marked_uuid(uuid4(), MINE)
FOREIGN = marked_uuid(uuid4(), THEIRS)
NOVA = str(uuid4())


def scene(
    *traces: Trace, servers: tuple[Expected, ...] = (), spared: frozenset[str] = frozenset(), **ours: Any
) -> Scene:
    known = {one.uuid: one for one in servers}
    return Scene("lab", traces, known, spared, Ours(MINE, **{"remembered": {LOST, SERVER}, **ours}))


def whole(**changes: Any) -> MachineTrace:
    """The machine of `SERVER`, as it should be."""
    fields: dict[str, Any] = {"owner": SERVER, "protected": True, "protected_for": SERVER, "vifs": (PORT,)}
    return MachineTrace(NODE, **{**fields, **changes})


CLAIM = ClaimTrace(SERVER, NODE, whole=True)
HAS_PORT = PortTrace(PORT, SERVER, ours=True)
EXPECTED = Expected(SERVER, NODE, (PORT,), (PORT,))


def kinds(found: list[Leak]) -> list[Kind]:
    return [one.kind for one in found]


def test_a_server_that_is_as_recorded_is_no_leak() -> None:
    assert judge(scene(whole(), CLAIM, HAS_PORT, servers=(EXPECTED,))) == []


@pytest.mark.parametrize(
    ("traces", "kind"),
    [
        ((CLAIM, HAS_PORT), Kind.MACHINE_GONE),
        ((whole(owner=None, protected_for=None, protected=False), CLAIM, HAS_PORT), Kind.MACHINE_UNCLAIMED),
        ((whole(owner=NOVA, protected_for=None), CLAIM, HAS_PORT), Kind.MACHINE_TAKEN),
        ((whole(protected=False, protected_for=None), CLAIM, HAS_PORT), Kind.UNPROTECTED),
        ((whole(given_back_for=SERVER), CLAIM, HAS_PORT), Kind.MAINTENANCE),
        ((whole(), HAS_PORT), Kind.NOT_BACKED),
        ((whole(), ClaimTrace(SERVER, None, whole=False), HAS_PORT), Kind.NOT_BACKED),
        ((whole(), CLAIM), Kind.PORT_GONE),
        ((whole(), CLAIM, PortTrace(PORT, NOVA, ours=False)), Kind.PORT_TAKEN),
        ((whole(vifs=()), CLAIM, HAS_PORT), Kind.PORT_UNPLUGGED),
        ((whole(), CLAIM, HAS_PORT, PortTrace(SECOND, SERVER, ours=True, made=True)), Kind.PORT_UNKNOWN),
        ((whole(), CLAIM, HAS_PORT, MachineTrace(OTHER_NODE, owner=SERVER)), Kind.MISPLACED),
    ],
)
def test_whatever_a_server_lacks_is_told_as_one_leak(traces: tuple[Trace, ...], kind: Kind) -> None:
    (found,) = judge(scene(*traces, servers=(EXPECTED,)))
    assert found.kind is kind
    assert found.owner == SERVER
    assert found.fixable == (kind is Kind.MAINTENANCE)
    assert "{" not in found.what + found.fix
    assert "None" not in found.what + found.fix


@pytest.mark.parametrize(
    "traces",
    [(), (CLAIM,), (MachineTrace(NODE, owner=SERVER),), (PortTrace(PORT, SERVER, ours=True, made=True),)],
)
def test_of_a_server_that_moves_right_now_nothing_is_said(traces: tuple[Trace, ...]) -> None:
    assert judge(scene(*traces, spared=frozenset({SERVER}))) == []


@pytest.mark.parametrize(
    ("trace", "kind", "told"),
    [
        (MachineTrace(NODE, owner=LOST), Kind.CLAIM, "claimed for server"),
        (MachineTrace(NODE, LOST, protected=True, protected_for=LOST), Kind.CLAIM, "claimed and protected for"),
        (MachineTrace(NODE, protected=True, protected_for=LOST), Kind.CLAIM, "is protected for"),
        (MachineTrace(NODE, given_back_for=LOST), Kind.CLAIM, "is in maintenance for"),
        (ClaimTrace(LOST, None, whole=False), Kind.ALLOCATION, "no machine"),
        (PortTrace(PORT, LOST, ours=True, made=True), Kind.PORT_MADE, "was made for"),
        (PortTrace(PORT, LOST, ours=True), Kind.PORT_HELD, "is held for"),
    ],
)
def test_what_a_former_server_left_over_is_fixable(trace: Trace, kind: Kind, told: str) -> None:
    (found,) = judge(scene(trace))
    assert (found.kind, found.fixable, found.owner, found.installation) == (kind, True, LOST, None)
    assert told in found.what


def test_a_port_that_was_made_knows_where_it_is_plugged_in() -> None:
    found = judge(scene(MachineTrace(NODE, vifs=(PORT,)), PortTrace(PORT, LOST, ours=True, made=True)))
    assert [(one.kind, one.machine) for one in found] == [(Kind.PORT_MADE, NODE)]


def test_what_belongs_to_somebody_else_is_nobody_s_business() -> None:
    theirs = (
        MachineTrace(NODE, NOVA, protected=True),
        ClaimTrace(NOVA, None, whole=False),
        PortTrace(PORT, NOVA, ours=False),
    )
    assert judge(scene(*theirs)) == []


@pytest.mark.parametrize(
    "trace",
    [
        MachineTrace(NODE, FOREIGN, protected=True, protected_for=FOREIGN),
        PortTrace(PORT, FOREIGN, ours=True, made=True),
        PortTrace(PORT, FOREIGN, ours=True),
    ],
)
def test_what_may_be_another_corral_s_is_told_and_not_fixable_until_a_person_says_so(trace: Trace) -> None:
    (found,) = judge(scene(trace))
    assert (found.fixable, found.installation) == (False, THEIRS)
    assert "another Corral's" in found.what
    assert f"--source lab --installation {THEIRS}" in found.fix
    (said,) = judge(scene(trace, told={THEIRS}))
    assert (said.fixable, said.installation) == (True, None)


def test_the_installation_in_a_uuid_alone_is_no_proof_because_a_copy_of_the_database_has_it_too() -> None:
    (found,) = judge(scene(MachineTrace(NODE, LOST), remembered=frozenset()))
    assert (found.kind, found.fixable, found.installation) == (Kind.CLAIM, False, MINE)
    assert "a copy is at work elsewhere" in found.what


def test_a_claim_of_another_corral_that_says_no_word_of_corral_is_not_even_listed() -> None:
    assert judge(scene(MachineTrace(NODE, FOREIGN), ClaimTrace(FOREIGN, None, whole=False), told={THEIRS})) == []


def test_nothing_is_taken_from_a_machine_that_has_another_owner() -> None:
    left = {"protected": True, "protected_for": LOST}
    (found,) = judge(scene(MachineTrace(NODE, NOVA, **left)))
    assert (found.kind, found.fixable) == (Kind.MARK, False)
    assert NOVA in found.what
    found_too = judge(scene(whole(**left), CLAIM, HAS_PORT, servers=(EXPECTED,)))
    assert kinds(found_too) == [Kind.MARK]


def test_a_claim_that_has_its_machine_goes_with_it_and_is_not_told_twice() -> None:
    assert kinds(judge(scene(MachineTrace(NODE, LOST), ClaimTrace(LOST, NODE, whole=True)))) == [Kind.CLAIM]


def test_a_device_that_is_no_uuid_is_no_server_s() -> None:
    assert judge(scene(PortTrace(PORT, "`rm -rf /`", ours=True, made=True))) == []


def test_where_plugging_can_t_be_read_nothing_is_missed() -> None:
    assert judge(scene(whole(vifs=None), CLAIM, HAS_PORT, servers=(EXPECTED,))) == []


def test_only_what_was_plugged_in_is_missed_when_it_is_not() -> None:
    nics = (
        ServerNic("p-before", "n", "m"),
        ServerNic("p-by-corral", "n", "m", plugged=True),
        ServerNic("p-bound-only", "n", "m"),
    )
    server = Server("u", "n", "lab", NODE, "p", Status.ACTIVE, "f", nics=nics, snapshot={"vifs": ["p-before"]})
    found = expected(server)
    assert (found.ports, found.plugged) == (("p-before", "p-by-corral", "p-bound-only"), ("p-before", "p-by-corral"))
    assert expected(replace(server, nics=())).plugged == ()


def test_only_what_is_seen_twice_counts() -> None:
    first, second = judge(scene(MachineTrace(NODE, LOST))), judge(scene(PortTrace(PORT, LOST, ours=True)))
    assert lasting(first, second) == []
    assert lasting(first, [*second, *first]) == first


def test_strangers_are_all_who_are_named_and_not_known() -> None:
    traces = (
        MachineTrace(NODE, SERVER, protected_for=LOST, given_back_for=FOREIGN),
        ClaimTrace(NOVA, None, whole=True),
    )
    assert strangers(traces, {SERVER}) == {LOST, FOREIGN, NOVA}


def test_a_server_s_uuid_tells_its_installation_and_stays_a_uuid_that_is_its_own() -> None:
    made = {marked_uuid(uuid4(), MINE) for _ in range(100)}
    assert len(made) == 100
    assert all(is_uuid(one) and installation_of(one) == MINE for one in made)
    assert all(one[14] == "8" and one[19] in "89ab" for one in made)


def test_every_kind_has_words_and_what_is_mended_at_sources_is_what_mends() -> None:
    assert set(CATALOGUE) == set(Kind)
    in_records = {Kind.STUCK, Kind.HALF_APPLIED, Kind.HELD, Kind.ATTEMPT, Kind.RECORD_GONE}
    assert {kind for kind, told in CATALOGUE.items() if told.mends} == AT_SOURCES | in_records
    of_clouds = ("record", "part", "cloud", "now", "word")
    words = dict.fromkeys(("owner", "machine", "how", "other", *of_clouds), "x")
    assert all("{" not in leak(kind, "lab", "s", words).what for kind in Kind)
