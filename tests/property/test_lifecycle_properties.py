"""The lifecycle table, walked: what must hold for every row, also for those that are written next year."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corral.domain.errors import Conflict
from corral.domain.lifecycle import STABLE, TABLE, Event, Status, after

ROWS = {(row.source, row.event): row.target for row in TABLE}
FAILURES = {Status.ERROR, Status.DELETED}


def reachable(start: Status) -> set[Status]:
    found, edge = {start}, [start]
    while edge:
        here = edge.pop()
        new = {row.target for row in TABLE if row.source is here} - found
        found |= new
        edge += new
    return found


def test_every_state_is_reachable_from_a_request_to_manage_or_to_create() -> None:
    begins = {Status.MANAGING, Status.BUILDING}
    assert begins.union(*map(reachable, begins)) == set(Status)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DELETED}))
def test_no_state_is_a_trap(status: Status) -> None:
    assert Status.DELETED in reachable(status) - {status}


def test_nothing_leaves_the_state_of_a_deleted_server() -> None:
    assert reachable(Status.DELETED) == {Status.DELETED}


@pytest.mark.parametrize("status", sorted(set(Status) - STABLE))
def test_every_moving_state_can_fail_and_can_succeed(status: Status) -> None:
    events = {row.event for row in TABLE if row.source is status}
    failed = {event for event in events if "FAILED" in event.name}
    assert failed, f"{status} has no way to fail"
    assert events - failed, f"{status} has no way to succeed"


@pytest.mark.parametrize("status", sorted(set(Status) - STABLE))
def test_a_moving_state_leads_only_to_rest(status: Status) -> None:
    assert {row.target for row in TABLE if row.source is status} <= STABLE


@pytest.mark.parametrize("event", list(Event))
def test_every_event_means_something_somewhere(event: Event) -> None:
    assert any(row.event is event for row in TABLE)


def test_no_event_leads_to_two_places() -> None:
    assert max(Counter((row.source, row.event) for row in TABLE).values()) == 1


def test_only_a_manage_that_failed_or_letting_go_or_deleting_ends_a_server() -> None:
    endings = {(row.source, row.event) for row in TABLE if row.target is Status.DELETED}
    assert endings == {
        (Status.MANAGING, Event.MANAGE_FAILED),
        (Status.UNMANAGING, Event.UNMANAGED),
        (Status.DELETING, Event.GONE),
    }


@given(events=st.lists(st.sampled_from(Event), max_size=60))
def test_no_walk_of_events_ever_leaves_the_table(events: list[Event]) -> None:
    status = Status.MANAGING
    for event in events:
        wanted = ROWS.get((status, event))
        if wanted is None:
            with pytest.raises(Conflict):
                after(status, event)
        else:
            status = after(status, event)
            assert status is wanted


@given(choices=st.lists(st.integers(min_value=0), max_size=60))
def test_a_walk_of_fitting_events_always_can_go_on_until_the_server_is_gone(choices: list[int]) -> None:
    status = Status.MANAGING
    for choice in choices:
        fitting = [row.event for row in TABLE if row.source is status]
        if not fitting:
            assert status is Status.DELETED
            return
        status = after(status, fitting[choice % len(fitting)])
