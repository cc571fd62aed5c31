"""The Redfish driver against services that fail, lie, or speak a dialect."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from contract_pod import WANTED, EmulatedYard, new_name

from corral.contracts.border import Purpose, Recorder, crossing
from corral.domain.blocks import BlockKind
from corral.domain.errors import Conflict, CorralError, DriverFailed, OutcomeUnknown, Refused, Unreachable
from lab.pod.running import RunningPod

Opened = Callable[..., EmulatedYard]
BLOCKS = "/redfish/v1/CompositionService/ResourceBlocks"


@pytest.fixture
def composing() -> Iterator[Recorder]:
    with crossing(Purpose.COMPOSE) as recorder:
        yield recorder


@pytest.fixture(params=["auto", "specific"])
def yard(request: pytest.FixtureRequest, running: RunningPod, composing: Recorder) -> Iterator[EmulatedYard]:
    made = EmulatedYard(running, request.param)
    yield made
    made.close()


@pytest.fixture
def opened(running: RunningPod) -> Iterator[Opened]:
    """Opens pods in other ways, and closes them whatever happens."""
    made: list[EmulatedYard] = []

    def one(method: str, **options: Any) -> EmulatedYard:
        made.append(EmulatedYard(running, method, **options))
        return made[-1]

    yield one
    for each in made:
        each.close()


@pytest.fixture
def hasty(running: RunningPod, composing: Recorder) -> Iterator[EmulatedYard]:
    """Does not wait long for an answer."""
    made = EmulatedYard(running, "specific", read_timeout=4)
    yield made
    made.close()


def clean(yard: EmulatedYard) -> bool:
    state = yard.running.control("state")
    return not state["systems"] and not any(state["blocks"].values()) and not state["reservations"]


# --- composing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["silent", "acted", "garbled"])
def test_what_was_composed_behind_a_bad_answer_is_found_by_its_name(yard: EmulatedYard, kind: str) -> None:
    yard.composing(kind)
    name = new_name()
    try:
        made = yard.composes.compose(name, WANTED, yard.blocks(1))
    except DriverFailed:
        made = yard.composes.compose(name, WANTED, yard.blocks(1))
    assert yard.names() == [name] and made.blocks == frozenset(yard.blocks(1))


def test_a_200_that_says_500_is_no_success(yard: EmulatedYard) -> None:
    yard.composing("body_500")
    with pytest.raises(CorralError):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert clean(yard)


def test_a_late_answer_is_found_by_name_without_a_second_request(hasty: EmulatedYard, composing: Recorder) -> None:
    hasty.composing("late", seconds=9)
    name = new_name()
    assert hasty.composes.compose(name, WANTED, hasty.blocks(1)).name == name
    assert hasty.names() == [name]
    assert [call.outcome for call in composing.calls if call.method == "POST" and call.path.endswith("/Systems")] == [
        "outcome-unknown"
    ]


def test_an_act_that_comes_after_we_looked_is_unknown_and_never_repeated(
    hasty: EmulatedYard, composing: Recorder
) -> None:
    hasty.composing("slow", seconds=14)
    name = new_name()
    with pytest.raises(OutcomeUnknown):
        hasty.composes.compose(name, WANTED, hasty.blocks(1))
    assert sum(call.method == "POST" and call.path.endswith("/Systems") for call in composing.calls) == 1


def test_a_service_that_falls_silent_after_it_composed_leaves_an_unknown_outcome(yard: EmulatedYard) -> None:
    name = new_name()
    yard.running.fault("answer", method="GET", path="/Systems/", status=503, times=0)
    with pytest.raises(OutcomeUnknown, match="could not be looked at"):
        yard.composes.compose(name, WANTED, yard.blocks(1))
    yard.running.control("faults", [])
    assert yard.composes.compose(name, WANTED, yard.blocks(1)).name == name
    assert yard.names() == [name]


def test_a_service_that_can_not_be_reached_has_composed_nothing(opened: Opened, composing: Recorder) -> None:
    yard = opened("auto", url="https://127.0.0.1:9")
    with pytest.raises(Unreachable, match="Nothing was sent"):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))


def test_a_system_that_vanishes_right_after_it_was_composed_is_no_success(yard: EmulatedYard) -> None:
    yard.composing("vanish")
    with pytest.raises((OutcomeUnknown, Conflict)):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert clean(yard)


def test_blocks_that_a_vanished_system_left_composed_are_not_taken(yard: EmulatedYard) -> None:
    yard.composing("alone")
    with pytest.raises((OutcomeUnknown, Conflict)):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert not any(block.free for block in yard.pools.pool().blocks if block.id in yard.blocks(1))
    with pytest.raises(Conflict):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))


def test_a_pod_that_forgets_the_name_of_a_system_does_not_keep_it(yard: EmulatedYard) -> None:
    yard.running.control("dialects", ["nameless"])
    with pytest.raises((Refused, OutcomeUnknown)):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert clean(yard)


def test_two_systems_of_one_name_are_both_given_back(yard: EmulatedYard) -> None:
    name = new_name()
    for machine in (1, 2):
        blocks = [one.rpartition("/")[2] for one in yard.blocks(machine)]
        yard.running.control("take", {"name": name, "blocks": blocks})
    with pytest.raises(Conflict, match="2 systems"):
        yard.composes.compose(name, WANTED, yard.blocks(1))
    assert clean(yard)


def test_a_block_that_somebody_has_is_not_even_asked_for(yard: EmulatedYard, composing: Recorder) -> None:
    yard.other(yard.blocks(1)[1])
    yard.composing("double")
    with pytest.raises(Conflict, match="can't be had"):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert not any(call.method == "POST" and "Sessions" not in call.path for call in composing.calls)


def test_a_reservation_that_could_not_be_used_is_given_back(opened: Opened, composing: Recorder) -> None:
    yard = opened("auto")
    yard.composing("fail")
    with pytest.raises(OutcomeUnknown):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    assert clean(yard)
    assert all(block.free for block in yard.pools.pool().blocks)


def test_a_block_that_another_client_reserved_is_left_to_it(yard: EmulatedYard) -> None:
    yard.running.control("reserve", {"blocks": ["Compute-1"]})
    with pytest.raises(Conflict, match="reserved"):
        yard.composes.compose(new_name(), WANTED, yard.blocks(1))
    state = yard.running.control("state")
    assert len(state["reservations"]) == 1 and not state["systems"]


def test_a_pod_that_chooses_the_blocks_itself_is_held_to_what_was_wanted(yard: EmulatedYard) -> None:
    made = yard.composes.compose(new_name(), WANTED, [])
    assert made.cores >= WANTED.cores and made.memory >= WANTED.memory
    assert set(yard.held()) == {one.rpartition("/")[2] for one in made.blocks}


def test_a_pod_that_has_not_enough_says_so(yard: EmulatedYard) -> None:
    for machine in (1, 2, 3, 4):
        yard.other(yard.blocks(machine)[0])
    with pytest.raises(Refused, match="can't compose"):
        yard.composes.compose(new_name(), WANTED, [])


# --- releasing ---------------------------------------------------------------------------------------------


def test_a_release_that_was_only_said_is_a_failure(yard: EmulatedYard) -> None:
    name = new_name()
    made = yard.composes.compose(name, WANTED, yard.blocks(1))
    yard.running.fault("ignore", method="DELETE", path="/Systems/")
    with pytest.raises(DriverFailed, match="still there"):
        yard.composes.release(made.id, name)
    yard.composes.release(made.id, name)
    assert clean(yard)


def test_a_service_that_falls_silent_after_a_release_leaves_an_unknown_outcome(yard: EmulatedYard) -> None:
    name = new_name()
    made = yard.composes.compose(name, WANTED, yard.blocks(1))
    yard.running.fault("answer", method="GET", path="/ResourceBlocks/[^/]+$", status=503, times=0)
    with pytest.raises(OutcomeUnknown, match="could not be looked at"):
        yard.composes.release(made.id, name)
    yard.running.control("faults", [])
    yard.composes.release(made.id, name)
    assert clean(yard)


# --- reading -----------------------------------------------------------------------------------------------


def test_dialects_are_understood(yard: EmulatedYard) -> None:
    yard.running.control("dialects", ["reserved_text", "members_under_links", "kind_text"])
    pool = yard.pools.pool()
    assert {block.id for block in pool.blocks if BlockKind.COMPUTE in block.kinds} == {
        f"{BLOCKS}/Compute-{machine}" for machine in (1, 2, 3, 4)
    }
    assert all(block.free for block in pool.blocks)
    name = new_name()
    yard.composes.release(yard.composes.compose(name, WANTED, yard.blocks(1)).id, name)
    assert clean(yard)


def test_one_bad_block_does_not_hide_the_others(yard: EmulatedYard) -> None:
    yard.running.fault("answer", path="/Storage-2$", status=200, body='{"Name": "half a blo', times=0)
    pool = {block.id: block for block in yard.pools.pool().blocks}
    assert pool[f"{BLOCKS}/Storage-2"].problem and not pool[f"{BLOCKS}/Storage-2"].free
    assert sum(block.free for block in pool.values()) == len(pool) - 1


def test_a_session_that_ended_is_renewed_and_nothing_is_done_twice(yard: EmulatedYard) -> None:
    yard.pools.systems()
    yard.running.control("forget")
    name = new_name()
    yard.composes.compose(name, WANTED, yard.blocks(1))
    assert yard.names() == [name]
    assert yard.running.control("state")["sessions"] == 1


def test_a_closed_source_has_logged_out(running: RunningPod, opened: Opened) -> None:
    yard = opened("auto")
    before = running.control("state")["sessions"]
    yard.pools.systems()
    assert running.control("state")["sessions"] == before + 1
    yard.source.close()
    assert running.control("state")["sessions"] == before


def test_a_wrong_password_is_said_and_not_shown(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRAL_TEST_WRONG", "hunter2-wrong")
    yard = opened("auto", password_env="CORRAL_TEST_WRONG")
    with pytest.raises(DriverFailed, match="Logging in failed") as caught:
        yard.pools.pool()
    assert "hunter2" not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(opened: Opened) -> None:
    yard = opened("auto", ca_file=None)
    with pytest.raises(Unreachable, match="certificate"):
        yard.pools.pool()
    assert not yard.source.machines.check().reachable


# --- hostile answers ---------------------------------------------------------------------------------------

COLLECTION = "/ResourceBlocks$"
SAID = {
    "huge": "cut off",
    "nested 50,000 levels deep": "too deep",
    "nested 100 levels deep": "too deep",
    "not JSON": "not valid JSON",
    "a list": "without a resource",
    "without members": "no list of members",
    "with members of another kind": "no list of members",
    "leading off the host": "off its host",
    "leading to another host without a scheme": "off its host",
    "leading out of Redfish": "not followed",
    "leading up": "not followed",
    "leading up in disguise": "not followed",
    "in a circle": "has no end",
    "without an end": "has no end",
    "leading its pages off the host": "off its host",
    "a redirect": "with 301",
    "an error of the server": "with 500",
}
HOSTILE: dict[str, dict[str, Any]] = {
    "huge": {"kind": "huge"},
    "nested 50,000 levels deep": {"kind": "deep"},
    "nested 100 levels deep": {"kind": "answer", "body": '{"a":' * 100 + "1" + "}" * 100},
    "not JSON": {"kind": "answer", "body": "<html>"},
    "a list": {"kind": "answer", "body": "[1, 2]"},
    "without members": {"kind": "answer", "body": '{"Name": "Blocks"}'},
    "with members of another kind": {"kind": "answer", "body": '{"Members": {"0": 1}}'},
    "leading off the host": {
        "kind": "answer",
        "body": '{"Members": [{"@odata.id": "https://192.0.2.1/redfish/v1/CompositionService/ResourceBlocks/a"}]}',
    },
    "leading to another host without a scheme": {
        "kind": "answer",
        "body": '{"Members": [{"@odata.id": "//192.0.2.1/redfish/v1/Systems/1"}]}',
    },
    "leading out of Redfish": {"kind": "answer", "body": '{"Members": [{"@odata.id": "/control/state"}]}'},
    "leading up": {"kind": "answer", "body": '{"Members": [{"@odata.id": "/redfish/v1/../../control/state"}]}'},
    "leading up in disguise": {"kind": "answer", "body": '{"Members": [{"@odata.id": "/redfish/v1/%2e%2e/control"}]}'},
    "in a circle": {"kind": "answer", "body": f'{{"Members": [], "Members@odata.nextLink": "{BLOCKS}"}}'},
    "without an end": {
        "kind": "answer",
        "body": f'{{"Members": [], "Members@odata.nextLink": "{BLOCKS}?$skip={{n}}"}}',
    },
    "leading its pages off the host": {
        "kind": "answer",
        "body": '{"Members": [], "Members@odata.nextLink": "https://192.0.2.1/redfish/v1/x"}',
    },
    "a redirect": {"kind": "answer", "status": 301, "body": "{}"},
    "an error of the server": {"kind": "answer", "status": 500, "body": "{}"},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_collection_of_blocks_is_a_clear_failure(opened: Opened, what: str) -> None:
    yard = opened("specific", longest=60, read_timeout=30)
    yard.running.fault(path=COLLECTION, times=0, **HOSTILE[what])
    threads = threading.active_count()
    with crossing(Purpose.LOOK) as recorder, pytest.raises(DriverFailed, match=SAID[what]) as caught:
        yard.pools.pool()
    assert len(caught.value.message) < 600
    assert all(call.path.startswith("/redfish/v1") for call in recorder.calls)
    assert threading.active_count() <= threads


def test_a_block_that_leads_in_circles_is_a_bad_block(opened: Opened) -> None:
    yard = opened("specific")
    body = f'{{"ResourceBlockType": ["Compute"], "ComputerSystems": [{{"@odata.id": "{BLOCKS}/Compute-1"}}]}}'
    yard.running.fault("answer", path="/Compute-1$", times=0, body=body)
    assert not next(block for block in yard.pools.pool().blocks if block.id.endswith("/Compute-1")).free


def test_an_answer_that_trickles_is_cut_off(opened: Opened) -> None:
    yard = opened("specific", read_timeout=2)
    yard.running.fault("trickle", path=COLLECTION, seconds=60)
    began = time.monotonic()
    with pytest.raises(DriverFailed, match="cut off"):
        yard.pools.pool()
    assert time.monotonic() - began < 50


def test_an_answer_that_does_not_come_is_not_waited_for(opened: Opened) -> None:
    yard = opened("specific", read_timeout=3)
    yard.running.fault("slow", path=COLLECTION, seconds=12)
    with pytest.raises(Unreachable, match="no answer"):
        yard.pools.pool()
