"""What a pod has of a composed server, as sides that are compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corral.domain.descriptions import unfit
from corral.domain.drift import Field
from corral.domain.server import Kind
from corral.domain.sync_pods import Assemblies, Assembly, Claim, Composed, amiss, blocks_in, composed

CLAIM = Claim("rack", "corral-1", "/S/1", ("/B/1", "/B/2"))
MADE = Assembly("/S/1", "corral-1", blocks=frozenset(CLAIM.blocks))
AS_CLAIMED = ["block /B/1", "block /B/2", "system /S/1"]


def seen(made: Assembly | None = MADE, claim: Claim = CLAIM, **more: object) -> Composed:
    systems = {} if made is None else {made.system: made}
    found = composed(claim, Assemblies(systems, **more))  # type: ignore[arg-type]
    assert found is not None
    return found


def world(one: Composed) -> list[str]:
    return list(one.facts[Field.COMPOSITION])


def test_a_system_that_is_as_claimed_differs_in_nothing() -> None:
    assert world(seen()) == seen().record({})[Field.COMPOSITION] == AS_CLAIMED


@pytest.mark.parametrize(
    ("made", "holders", "said"),
    [
        (None, {}, ["system /S/1 gone"]),
        (None, {"/B/1": ("/S/2",)}, ["block /B/1 in /S/2", "system /S/1 gone"]),
        (replace(MADE, name="another's"), {}, ["block /B/1", "block /B/2", "system /S/1 called \"another's\""]),
        (replace(MADE, state="Disabled"), {}, ["block /B/1", "block /B/2", "system /S/1 Disabled"]),
        (replace(MADE, blocks=frozenset(["/B/1"])), {}, ["block /B/1", "system /S/1"]),
        (replace(MADE, blocks=frozenset(["/B/1"])), {"/B/2": ("/S/2",)}, ["block /B/1", "block /B/2 in /S/2", "system /S/1"]),
        (MADE, {"/B/2": ("/S/1", "/S/2")}, ["block /B/1", "block /B/2 also in /S/2", "system /S/1"]),
        (replace(MADE, blocks=frozenset(["/B/1", "/B/2", "/B/3"])), {}, ["block /B/1", "block /B/2", "block /B/3", "system /S/1"]),
        (Assembly("/S/1", "corral-1", twins=("u-2", "u-1")), {}, ["system /S/1 also u-1, u-2"]),
        (replace(MADE, blocks=frozenset()), {}, ["system /S/1 without any block of ours"]),
    ],
)  # fmt: skip
def test_each_kind_of_change_at_a_pod_is_told(
    made: Assembly | None, holders: dict[str, tuple[str, ...]], said: list[str]
) -> None:
    assert world(seen(made, holders=holders)) == said


def test_a_block_that_may_be_shared_is_no_trouble() -> None:
    assert world(seen(holders={"/B/1": ("/S/1", "/S/9")}, shared=frozenset(["/B/1"]))) == AS_CLAIMED


def test_of_a_system_that_could_not_be_read_nothing_is_told() -> None:
    assert composed(CLAIM, Assemblies({}, frozenset(["/S/1"]))) is None


def test_where_the_pod_chose_the_blocks_the_first_look_at_a_sound_system_says_which() -> None:
    chosen = replace(CLAIM, blocks=())
    assert seen(claim=chosen).record({})[Field.COMPOSITION] == AS_CLAIMED
    assert seen(None, chosen).record({})[Field.COMPOSITION] == ["system /S/1"], "what is gone is not agreed on"
    later = seen(replace(MADE, blocks=frozenset(["/B/9"])), chosen)
    assert later.record({Field.COMPOSITION: AS_CLAIMED})[Field.COMPOSITION] == AS_CLAIMED
    assert world(later) == ["block /B/9", "system /S/1"]


def test_only_other_blocks_of_a_sound_system_can_be_taken_over() -> None:
    other = world(seen(replace(MADE, blocks=frozenset(["/B/1", "/B/7"]))))
    assert unfit(Kind.NODE, Field.COMPOSITION, other) == ""
    assert blocks_in(other) == ("/B/1", "/B/7")
    for wrong in (world(seen(None)), ["block /B/1 in /S/2", "system /S/1"], ["block /B/1"], [], None):
        assert amiss(wrong)
        assert unfit(Kind.NODE, Field.COMPOSITION, wrong)
