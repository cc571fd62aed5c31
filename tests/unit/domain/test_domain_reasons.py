"""The catalogue of reasons, and what one looks like outside."""

from __future__ import annotations

import re
import string

import pytest

from corral.domain.reasons import CATALOGUE, Reason, Severity, blockers, reason, warnings
from corral.domain.reasons_of_cloud import CLOUD
from corral.domain.reasons_of_nodes import NODES
from corral.domain.reasons_of_vms import VMS

FACTS = {
    field: f"<{field}>"
    for kind in CATALOGUE.values()
    for text in (kind.message, kind.fix)
    for _, field, _, _ in string.Formatter().parse(text)
    if field
}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_reason_says_what_is_the_case_and_what_to_do(code: str) -> None:
    one = reason(code, **FACTS)
    assert one.message.endswith(".") or one.message.endswith("<problem>")
    assert one.fix.endswith((".", "`"))
    assert CATALOGUE[code].why.endswith(".")


@pytest.mark.parametrize("code", CATALOGUE)
def test_codes_are_words_with_hyphens(code: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)


def test_a_reason_survives_being_stored() -> None:
    one = reason("power-off")
    assert Reason.from_json(one.as_json()) == one


def test_a_stored_reason_without_severity_blocks() -> None:
    assert Reason.from_json({"code": "x", "message": "m", "fix": "f"}).blocks


def test_blockers_and_warnings_divide_the_reasons_and_keep_their_order() -> None:
    given = (reason("power-off"), reason("no-nics", node="n"), reason("no-image"), reason("fault", fault="f", node="n"))
    assert [one.code for one in blockers(given)] == ["no-nics", "fault"]
    assert [one.code for one in warnings(given)] == ["power-off", "no-image"]


def test_an_unknown_code_or_a_missing_fact_is_a_bug_and_says_so() -> None:
    with pytest.raises(KeyError):
        reason("no-such-code")
    with pytest.raises(KeyError):
        reason("not-active", state="available")


def test_the_json_of_a_reason_has_exactly_the_documented_parts() -> None:
    assert reason("no-image").as_json() == {
        "code": "no-image",
        "message": "It has no image on record.",
        "fix": "Nothing has to be done: the server is recorded without an image.",
        "severity": "warning",
    }
    assert reason("no-nics", node="n").severity is Severity.BLOCKER


def test_no_two_parts_of_the_catalogue_have_one_code() -> None:
    assert len(CATALOGUE) == len(NODES) + len(VMS) + len(CLOUD)
