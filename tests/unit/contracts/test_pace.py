"""A source is asked at its rate, and left alone when it does not answer."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest

from corral.contracts.border import Border, Call, Purpose, Rule, crossing
from corral.contracts.pace import Limits, Pace
from corral.domain.errors import Unreachable


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(limits: Limits) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace("east", limits, clock, clock.sleep, lambda: 0.0), clock


def test_calls_wait_for_their_turn() -> None:
    pace, clock = paced(Limits(requests=10.0))
    for _ in range(5):
        pace.enter("baremetal")
    assert clock.slept == pytest.approx([0.1] * 4)


def test_a_service_that_is_silent_again_and_again_is_left_alone_and_the_others_are_not() -> None:
    pace, _clock = paced(Limits(failures=3, pause=5.0))
    for _ in range(3):
        pace.enter("baremetal")
        pace.left("baremetal", "unreachable")
    with pytest.raises(Unreachable, match="does not answer, and is left alone"):
        pace.enter("baremetal")
    pace.enter("network")
    assert pace.silence() == 5.0
    assert (pace.state().breaker, pace.state().services) == ("open", {"baremetal": 5.0})
    assert not pace.allows(0)


def test_after_the_pause_one_call_tries_and_its_answer_opens_the_way_for_all() -> None:
    pace, clock = paced(Limits(failures=1, pause=5.0))
    pace.left("baremetal", "504")
    clock.now += 5.0
    assert pace.allows(0)
    assert pace.silence() == 0.0
    pace.enter("baremetal")
    with pytest.raises(Unreachable):
        pace.enter("baremetal")
    pace.left("baremetal", "200")
    pace.enter("baremetal")
    assert pace.state().breaker == "closed"


@pytest.mark.parametrize(("outcome", "goes_on"), [("200", True), ("504", False)])
def test_while_one_call_tries_others_wait_for_its_outcome(outcome: str, goes_on: bool) -> None:
    pace, clock = paced(Limits(failures=1, pause=5.0))
    pace.left("baremetal", "504")
    clock.now += 5.0
    pace.enter("baremetal")
    pace.sleep = lambda _seconds: pace.left("baremetal", outcome)
    with nullcontext() if goes_on else pytest.raises(Unreachable):
        pace.enter("baremetal")


def test_each_pause_is_twice_as_long_up_to_the_longest() -> None:
    pace, clock = paced(Limits(failures=1, pause=5.0, longest=12.0))
    pauses = []
    for _ in range(3):
        pace.left("baremetal", "outcome-unknown")
        pauses.append(pace.state().services["baremetal"])
        clock.now += 60.0
        pace.enter("baremetal")
    assert pauses == [5.0, 10.0, 12.0]


def test_calls_that_were_on_their_way_together_make_one_pause() -> None:
    pace, _clock = paced(Limits(failures=3, pause=5.0))
    for _ in range(8):
        pace.enter("baremetal")
    for _ in range(8):
        pace.left("baremetal", "outcome-unknown")
    assert pace.silence() == 5.0


def test_a_refusal_is_an_answer() -> None:
    pace, _clock = paced(Limits(failures=1))
    for outcome in ("409", "500", "404", "refused at the border"):
        pace.left("baremetal", outcome)
        pace.enter("baremetal")


def test_a_bmc_that_is_silent_says_nothing_of_the_others() -> None:
    pace, _clock = paced(Limits(failures=1))
    pace.left("bmc", "unreachable")
    pace.enter("bmc")


def test_operations_at_a_source_are_as_many_as_its_limit() -> None:
    pace, _clock = paced(Limits(flows=2))
    assert [pace.allows(running) for running in range(4)] == [True, True, False, False]


RULES = (
    Rule(Purpose.LOOK, "baremetal", "GET", re.compile(".*"), "reads"),
    Rule(Purpose.ADOPT, "baremetal", "PATCH", re.compile(".*"), "claims"),
)


def cross(border: Border, method: str, outcome: str) -> Call:
    with border.admit("baremetal", method, "/v1/nodes/n") as call:
        call.outcome = outcome
    return call


def test_the_border_sends_nothing_to_a_service_that_is_left_alone() -> None:
    border, heard = Border(RULES), []
    border.pace, border.heard = Pace("east", Limits(failures=1)), heard.append
    cross(border, "GET", "unreachable")
    with pytest.raises(Unreachable):
        cross(border, "GET", "200")
    assert [call.outcome for call in heard] == ["unreachable", "not sent"]


def test_each_act_is_preceded_by_the_guard_and_a_look_is_not() -> None:
    class Lost(BaseException):
        pass

    guarded = []

    def guard() -> None:
        guarded.append(1)
        if len(guarded) == 2:
            raise Lost

    border = Border(RULES)
    with crossing(Purpose.ADOPT, guard=guard) as recorder:
        cross(border, "GET", "200")
        cross(border, "PATCH", "200")
        with pytest.raises(Lost):
            cross(border, "PATCH", "200")
    assert (len(guarded), [call.outcome for call in recorder.calls]) == (2, ["200", "200", "not sent"])
