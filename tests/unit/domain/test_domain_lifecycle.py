"""What may happen to a server in each state."""

from __future__ import annotations

import pytest

from corral.domain.errors import Conflict
from corral.domain.lifecycle import OBSERVED, STABLE, TABLE, Event, Status, after, diagram
from corral.domain.server import Server


def server(status: Status) -> Server:
    return Server(uuid="s", name="db-01", source="lab", machine="m", project="p", status=status, flavor="f", revision=3)


def test_adoption_records_the_power_that_it_found() -> None:
    assert server(Status.MANAGING).on(Event.MANAGED_ON).status is Status.ACTIVE
    assert server(Status.MANAGING).on(Event.MANAGED_OFF).status is Status.STOPPED


def test_a_failed_adoption_leaves_no_server() -> None:
    assert after(Status.MANAGING, Event.MANAGE_FAILED) is Status.DELETED


def test_an_event_changes_the_status_and_nothing_else() -> None:
    before = server(Status.ACTIVE)
    changed = before.on(Event.POWER_OFF)
    assert changed.status is Status.POWERING_OFF
    assert before.status is Status.ACTIVE
    assert (changed.uuid, changed.revision) == (before.uuid, before.revision)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.STOPPED, Status.ERROR])
def test_a_server_at_rest_can_always_be_let_go(status: Status) -> None:
    assert after(status, Event.UNMANAGE) is Status.UNMANAGING


@pytest.mark.parametrize("status", sorted(set(Status) - STABLE))
def test_a_server_that_is_being_moved_takes_no_other_request(status: Status) -> None:
    for asked in (Event.POWER_ON, Event.POWER_OFF, Event.REBOOT, Event.UNMANAGE, Event.DELETE):
        with pytest.raises(Conflict):
            after(status, asked)


LEAVE = {Event.UNMANAGE, Event.DELETE}
ASKED = {Event.POWER_ON, Event.POWER_OFF, Event.SOFT_POWER_OFF, Event.REBOOT, Event.SOFT_REBOOT, *LEAVE}
ALLOWED = {
    Status.ACTIVE: ASKED - {Event.POWER_ON},
    Status.STOPPED: {Event.POWER_ON, *LEAVE},
    Status.ERROR: {Event.POWER_ON, Event.POWER_OFF, Event.REBOOT, *LEAVE},
    Status.LOST: LEAVE,
    Status.DELETED: set(),
}


@pytest.mark.parametrize("status", sorted(STABLE))
def test_a_server_at_rest_takes_exactly_the_requests_that_make_sense(status: Status) -> None:
    assert {row.event for row in TABLE if row.source is status} - OBSERVED == ALLOWED[status]


def test_a_machine_that_is_not_at_its_source_is_lost_until_it_is_back_or_let_go() -> None:
    lost = server(Status.ACTIVE).on(Event.VANISHED)
    assert lost.status is Status.LOST
    assert (lost.on(Event.SEEN_ON).status, lost.on(Event.SEEN_OFF).status) == (Status.ACTIVE, Status.STOPPED)
    assert {row.target for row in TABLE if row.source is Status.LOST} == {
        Status.ACTIVE, Status.STOPPED, Status.UNMANAGING, Status.DELETING,
    }  # fmt: skip


def test_what_is_only_seen_switches_nothing_and_ends_no_server() -> None:
    assert {row.target for row in TABLE if row.event in OBSERVED} == {Status.ACTIVE, Status.STOPPED, Status.LOST}


def test_power_gets_a_server_out_of_error() -> None:
    assert after(Status.ERROR, Event.POWER_ON) is Status.POWERING_ON
    assert after(Status.POWERING_ON, Event.IS_ON) is Status.ACTIVE


def test_a_soft_power_off_that_the_system_ignored_ends_as_active() -> None:
    assert after(after(Status.ACTIVE, Event.SOFT_POWER_OFF), Event.IS_ON) is Status.ACTIVE


def test_an_event_that_does_not_fit_names_what_is_possible() -> None:
    with pytest.raises(Conflict) as caught:
        after(Status.ACTIVE, Event.POWER_ON)
    assert "active" in caught.value.message
    possible = "delete asked, power off asked, reboot asked, soft power off asked, soft reboot asked, unmanage asked"
    assert f"Possible now: {possible}." in caught.value.fix


def test_nothing_happens_to_a_deleted_server() -> None:
    with pytest.raises(Conflict, match="Possible now: nothing"):
        after(Status.DELETED, Event.POWER_ON)


def test_the_diagram_shows_every_state_and_every_row() -> None:
    drawn = diagram().splitlines()
    assert drawn[0] == "stateDiagram-v2"
    for status in Status:
        assert f"    {status.name}: {status}" in drawn
    for row in TABLE:
        assert f"    {row.source.name} --> {row.target.name}: {row.event}" in drawn
    assert "    [*] --> MANAGING: manage accepted" in drawn
    assert "    [*] --> BUILDING: create accepted" in drawn
    assert "    DELETED --> [*]" in drawn
