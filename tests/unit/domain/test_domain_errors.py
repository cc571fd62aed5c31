"""What an error tells whoever gets it."""

from __future__ import annotations

import pytest

from corral.domain import errors
from corral.domain.errors import Conflict, CorralError, NotFound, Refused
from corral.domain.reasons import reason


def tree(root: type[CorralError] = CorralError) -> list[type[CorralError]]:
    """The kinds of the domain; other layers refine them for themselves, and show the same codes."""
    children = [child for child in root.__subclasses__() if child.__module__ == CorralError.__module__]
    return [root, *(one for child in children for one in tree(child))]


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in tree()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", tree())
def test_every_kind_of_error_stands_in_the_tree_that_the_module_draws(kind: type[CorralError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind is CorralError or kind.status in range(400, 600)


def test_a_more_precise_kind_keeps_the_status_of_its_parent() -> None:
    assert errors.Stale.status == Conflict.status
    assert errors.OutcomeUnknown.status == errors.Breach.status == errors.DriverFailed.status


def test_a_message_says_what_happened_and_then_what_to_do() -> None:
    assert str(NotFound("No such node.", fix="Look at the list.")) == "No such node. Look at the list."
    assert str(NotFound("No such node.")) == "No such node."


def test_one_error_may_be_more_precise_than_its_kind_without_changing_the_kind() -> None:
    assert Conflict("Locked.", code="locked").as_json()["code"] == "locked"
    assert Conflict("Other.").as_json()["code"] == "conflict"


def test_a_refusal_carries_every_reason_in_its_json_and_in_its_text() -> None:
    refused = Refused("It can't be adopted.", [reason("no-image"), reason("no-nics", node="n")])
    assert [one["code"] for one in refused.as_json()["reasons"]] == ["no-image", "no-nics"]
    assert "[no-image]" in str(refused) and "[no-nics]" in str(refused)
    assert refused.fix
