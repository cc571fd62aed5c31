"""What hints come to: few looks, soon, and never one host all the time. And when all hosts are surveyed again."""

from __future__ import annotations

import pytest

from corral.contracts.watching import Heard, Hint
from corral.services import agenda as terms
from corral.services.agenda import Agenda
from corral.services.cadence import FLOOR, SOONEST, Cadence


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def agenda(clock: Clock) -> Agenda:
    return Agenda(clock)


def taken(agenda: Agenda, *busy: str, room: int = 100) -> list[str]:
    return [one.host for one in agenda.take(busy, room)]


def test_a_thousand_hints_of_a_host_are_one_look(agenda: Agenda, clock: Clock) -> None:
    told = [agenda.heard(Hint("kvm-01", str(number))) for number in range(1000)]
    assert told == [Heard.RECEIVED] + [Heard.COALESCED] * 999
    clock.at += terms.PAUSE
    assert taken(agenda) == ["kvm-01"]
    clock.at += 100
    assert taken(agenda) == []
    assert agenda.seconds(()) is None


def test_the_first_hint_says_since_when_a_host_is_wanted(agenda: Agenda, clock: Clock) -> None:
    agenda.heard(Hint("kvm-01"))
    clock.at += 7
    agenda.heard(Hint("kvm-01"))
    assert [one.since for one in agenda.take((), 1)] == [1000.0]


def test_a_host_that_was_just_looked_at_waits_and_the_others_do_not(agenda: Agenda, clock: Clock) -> None:
    agenda.looked("kvm-01", clock.at)
    for host in ("kvm-01", "kvm-02"):
        agenda.heard(Hint(host))
    clock.at += terms.PAUSE
    assert taken(agenda) == ["kvm-02"]
    assert agenda.seconds(()) == pytest.approx(terms.FLOOR - terms.PAUSE)
    clock.at += terms.FLOOR - terms.PAUSE
    assert taken(agenda) == ["kvm-01"]


def test_a_host_that_was_quiet_is_looked_at_again_soon_and_one_that_never_is_waits(
    agenda: Agenda, clock: Clock
) -> None:
    waits, took = [], 0.25
    for _ in range(60):
        agenda.heard(Hint("kvm-01"))
        asked = clock.at
        while not taken(agenda):
            clock.at += 0.01
        waits.append(clock.at - asked)
        clock.at += took
        agenda.looked("kvm-01", clock.at - took)
    assert max(waits[1:6]) < terms.FLOOR
    assert waits[-1] == pytest.approx(terms.REST, abs=0.03)
    clock.at += 600
    agenda.heard(Hint("kvm-01"))
    clock.at += terms.PAUSE
    assert taken(agenda) == ["kvm-01"]
    clock.at += took
    agenda.looked("kvm-01", clock.at - took)
    agenda.heard(Hint("kvm-01"))
    assert 0 < (agenda.seconds(()) or 0) < terms.FLOOR


def test_a_host_whose_looks_take_long_is_left_alone_for_longer(agenda: Agenda, clock: Clock) -> None:
    clock.at += terms.SAVED
    agenda.looked("slow", clock.at - terms.SAVED)
    for took, rest in ((0.2, 0.2 * terms.SHARE), (0.6, terms.REST), (30.0, 30.0)):
        begun, clock.at = clock.at, clock.at + took
        agenda.looked("slow", begun)
        agenda.heard(Hint("slow"))
        clock.at += rest - 0.01
        assert taken(agenda) == []
        clock.at += 0.02
        assert taken(agenda) == ["slow"]


def test_a_vm_that_comes_and_goes_all_day_costs_at_most_two_looks_a_second(agenda: Agenda, clock: Clock) -> None:
    looks = 0
    for _ in range(10_000):  # a hundred seconds
        agenda.heard(Hint("kvm-01"))
        for host in taken(agenda):
            looks += 1
            agenda.looked(host, clock.at)
        clock.at += 0.01
    assert 150 < looks <= 100 / terms.FLOOR + 1


def vms_of(agenda: Agenda, clock: Clock, *hints: Hint) -> frozenset[str]:
    """The VMs that a look is to be at after these hints of a host; none for all of it."""
    for hint in hints:
        agenda.heard(hint)
    clock.at += terms.FLOOR + terms.PAUSE
    [wanted] = agenda.take((), 100)
    agenda.looked(wanted.host, clock.at)
    return wanted.machines


def test_hints_of_some_vms_are_a_look_at_those_and_one_that_names_none_is_a_look_at_all(
    agenda: Agenda, clock: Clock
) -> None:
    named = [Hint("kvm-01", vm) for vm in ("a", "b", "a")]
    assert vms_of(agenda, clock, *named) == {"a", "b"}
    assert vms_of(agenda, clock, Hint("kvm-01"), *named) == frozenset()
    assert vms_of(agenda, clock, *named, Hint("kvm-01"), *named) == frozenset()
    assert vms_of(agenda, clock, Hint("kvm-01", "c")) == {"c"}, "what was wanted before is done"


def test_more_than_a_few_vms_are_a_look_at_all(agenda: Agenda, clock: Clock) -> None:
    hints = [Hint("kvm-01", str(number)) for number in range(terms.FEW + 1)]
    assert len(vms_of(agenda, clock, *hints[:-1])) == terms.FEW
    assert vms_of(agenda, clock, *hints) == frozenset()


def test_after_a_look_at_some_vms_the_next_one_is_soon(agenda: Agenda, clock: Clock) -> None:
    for whole, floor in ((True, terms.FLOOR), (False, terms.FLOOR_SOME)):
        agenda.looked("kvm-01", clock.at, whole=whole)
        agenda.heard(Hint("kvm-01", "a"))
        assert agenda.seconds(()) == pytest.approx(floor)
        clock.at += floor + 0.01
        assert taken(agenda) == ["kvm-01"]


def test_a_hint_that_comes_during_the_look_is_kept_for_the_next_one(agenda: Agenda, clock: Clock) -> None:
    agenda.heard(Hint("kvm-01"))
    clock.at += terms.PAUSE
    assert taken(agenda) == ["kvm-01"]
    agenda.heard(Hint("kvm-01"))
    clock.at += 1
    assert taken(agenda, "kvm-01") == []
    assert agenda.seconds(("kvm-01",)) is None
    agenda.looked("kvm-01", clock.at)
    clock.at += 10
    assert taken(agenda) == ["kvm-01"]


def test_those_that_wait_longest_are_first_and_there_are_no_more_than_there_is_room_for(
    agenda: Agenda, clock: Clock
) -> None:
    for number in range(5):
        agenda.heard(Hint(f"kvm-{number}"))
    clock.at += 1
    assert taken(agenda, room=2) == ["kvm-0", "kvm-1"]
    assert taken(agenda, room=-1) == []
    assert taken(agenda, room=9) == ["kvm-2", "kvm-3", "kvm-4"]


def test_more_hosts_than_it_keeps_are_all_hosts(clock: Clock) -> None:
    agenda = Agenda(clock, most=3)
    told = [agenda.heard(Hint(str(number))) for number in range(5)]
    assert told == [Heard.RECEIVED] * 3 + [Heard.DROPPED] * 2
    assert agenda.everything()
    assert not agenda.everything()


def test_a_hint_that_names_no_host_means_all_and_once(agenda: Agenda) -> None:
    assert agenda.heard(Hint()) is Heard.RECEIVED
    assert agenda.heard(Hint()) is Heard.COALESCED
    assert agenda.seconds(()) == 0
    assert agenda.everything()


def surveyed(cadence: Cadence, clock: Clock, *, surprises: int = 0, took: float = 0.0) -> float:
    """Survey, and give after how many seconds from its begin the next one was due."""
    cadence.begin()
    begun, clock.at = clock.at, clock.at + took
    cadence.ended(surprises)
    while not cadence.due():
        clock.at += 0.1
    return clock.at - begun


def test_where_nothing_surprises_the_time_that_is_set_is_kept_and_never_exceeded(clock: Clock) -> None:
    cadence = Cadence(100.0, clock)
    assert cadence.due()
    waits = [surveyed(cadence, clock) for _ in range(50)]
    assert all(89 <= wait <= 100.2 for wait in waits)
    assert max(waits) - min(waits) > 1, "sources that began together would be surveyed together for ever"


def test_a_surprise_brings_the_next_survey_sooner_and_calm_brings_it_back(clock: Clock) -> None:
    cadence = Cadence(100.0, clock)
    assert surveyed(cadence, clock, surprises=1) <= 100 / SOONEST + 0.2
    assert 40 < surveyed(cadence, clock) <= 50.2
    assert 85 < surveyed(cadence, clock) <= 100.2
    assert surveyed(cadence, clock, surprises=1, took=20) > 60, "a survey that takes long is not made all the time"


def test_a_hint_for_everything_brings_a_survey_soon_but_not_one_after_the_other(clock: Clock) -> None:
    cadence = Cadence(1000.0, clock)
    cadence.begin()
    cadence.ended(0)
    cadence.hurry()
    assert not cadence.due()
    clock.at += FLOOR
    assert cadence.due()
    cadence.begin()
    clock.at += FLOOR
    assert not cadence.due()
