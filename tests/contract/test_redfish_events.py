"""Listening to a pod's events: what is heard of real changes, and of services that are slow, cut the stream, or send nonsense."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from contract_pod import EmulatedYard

from corral.contracts.watching import Announces
from corral.drivers.redfish.announcing import BIGGEST_EVENT
from lab.pod.running import RunningPod
from tests.waiting import until

EVENTS = "/redfish/v1/EventService"
SYSTEM = "/redfish/v1/Systems/composed-1"


class Listener:
    """Whoever listens, and what it was told."""

    def __init__(self, yard: EmulatedYard) -> None:
        self.heard: list[frozenset[str]] = []
        self.said: list[str] = []
        self._yard = yard
        self.stop: Callable[[], None] = lambda: None

    def start(self) -> Listener:
        assert isinstance(self._yard.source.machines, Announces)
        bus = self._yard.source.machines.announcements()
        assert bus is not None
        self.stop = bus.listen(self._hear, self.said.append)
        return self

    def _hear(self, ids: Collection[str], _parts: Collection[str] = ()) -> None:
        self.heard.append(frozenset(ids))

    @property
    def why(self) -> str | None:
        return self.said[-1] if self.said else None

    def connected(self, times: int = 1) -> Listener:
        until(lambda: self.said.count("") >= times and self.why == "")
        return self


@pytest.fixture
def yard(running: RunningPod) -> Iterator[EmulatedYard]:
    one = EmulatedYard(running, "specific", read_timeout=5)
    yield one
    one.close()


@pytest.fixture
def listener(yard: EmulatedYard) -> Iterator[Listener]:
    one = Listener(yard)
    yield one
    one.stop()


def streams(yard: EmulatedYard) -> int:
    return int(yard.running.control("state")["streams"])


def event(*origins: Any, **more: Any) -> str:
    records = [{"MessageId": "x", "OriginOfCondition": origin} for origin in origins]
    return f"data: {json.dumps({'Events': records, **more})}\n\n"


def say(yard: EmulatedYard, text: str, times: int = 1) -> None:
    yard.running.control("say", {"text": text, "times": times})


def test_a_block_that_changes_is_named_and_a_new_stream_says_that_anything_may_have(
    yard: EmulatedYard, listener: Listener
) -> None:
    listener.start().connected()
    assert listener.heard == [frozenset()]
    block = yard.blocks(1)[0]
    yard.other(block)
    until(lambda: frozenset([block]) in listener.heard)


def test_who_stops_is_heard_no_more_and_leaves_no_stream_behind(yard: EmulatedYard, listener: Listener) -> None:
    listener.start().connected()
    assert streams(yard) == 1
    listener.stop()
    until(lambda: streams(yard) == 0)
    assert listener.why == "", "to stop is no trouble"


def test_a_stream_that_is_cut_is_told_and_opened_again_with_a_look_at_everything(
    yard: EmulatedYard, listener: Listener
) -> None:
    listener.start().connected()
    yard.running.control("cut")
    listener.connected(times=2)
    assert listener.said[1].startswith("The stream of events ended")
    assert listener.heard.count(frozenset()) == 2


def test_a_session_that_ended_is_begun_again(yard: EmulatedYard, listener: Listener) -> None:
    listener.start().connected()
    yard.running.control("forget")
    yard.running.control("cut")
    listener.connected(times=2)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (event({"@odata.id": SYSTEM}), frozenset([SYSTEM])),
        (event(SYSTEM), frozenset([SYSTEM])),
        (event({"@odata.id": f"{SYSTEM}/Processors/1"}), frozenset([f"{SYSTEM}/Processors/1"])),
        (event({"@odata.id": "/redfish/v1/Chassis/1/Sensors/7"}, SYSTEM), frozenset([SYSTEM])),
        (event({"@odata.id": "http://192.0.2.1/redfish/v1/Systems/1"}), frozenset()),
        (event({"@odata.id": "/redfish/v1/../../etc"}, SYSTEM), frozenset()),
        (event(None), frozenset()),
        (event(7), frozenset()),
        (event(*[SYSTEM] * 2000), frozenset()),
        ("data: {not json\n\n", frozenset()),
        ("data: " + "[" * 50_000 + "\n\n", frozenset()),
        ('data: {"Events": "all"}\n\n', frozenset()),
        ("event: x\nid: \x00\ndata: [1]\n\n", frozenset()),
    ],
    ids=range(13),
)  # fmt: skip
def test_of_an_event_only_what_it_names_here_is_read_and_nonsense_says_that_something_changed(
    yard: EmulatedYard, listener: Listener, text: str, heard: frozenset[str]
) -> None:
    listener.start().connected()
    say(yard, text)
    until(lambda: len(listener.heard) == 2)
    assert listener.heard[1] == heard
    assert listener.why == ""


def test_what_has_nothing_to_do_with_systems_is_not_told(yard: EmulatedYard, listener: Listener) -> None:
    listener.start().connected()
    say(yard, ": still here\n\n")
    say(yard, event("/redfish/v1/Chassis/1/Sensors/7", "/redfish/v1/TaskService/Tasks/3"))
    say(yard, 'data: {"MetricValues": [], "Name": "heat"}\n\n')
    say(yard, event(SYSTEM))
    until(lambda: len(listener.heard) > 1)
    assert listener.heard == [frozenset(), frozenset([SYSTEM])]


def test_an_event_without_end_is_cut_off_and_the_next_stream_is_read(yard: EmulatedYard, listener: Listener) -> None:
    listener.start().connected()
    say(yard, "data: " + "x" * (BIGGEST_EVENT + 65536))
    listener.connected(times=2)
    assert "longer than" in listener.said[1]
    say(yard, event(SYSTEM))
    until(lambda: frozenset([SYSTEM]) in listener.heard)


def test_many_events_are_all_heard_and_none_is_too_long_because_of_the_others(
    yard: EmulatedYard, listener: Listener
) -> None:
    listener.start().connected()
    one = event(*[SYSTEM] * 100)
    number = BIGGEST_EVENT // len(one) + 20
    say(yard, one, number)
    until(lambda: listener.heard.count(frozenset([SYSTEM])) == number)
    assert listener.said == [""]


@pytest.mark.parametrize(
    ("service", "why"),
    [
        ({"Subscriptions": {"@odata.id": f"{EVENTS}/Subscriptions"}}, "only pushes to subscribers"),
        ({"ServiceEnabled": False, "ServerSentEventUri": f"{EVENTS}/SSE"}, "switched off"),
        ({"ServerSentEventUri": "https://192.0.2.1/redfish/v1/EventService/SSE"}, "off its host"),
        ({"ServerSentEventUri": f"{EVENTS}/Subscriptions"}, "where it should stream events"),
        ({"ServerSentEventUri": "/redfish/v1/Nowhere"}, "404"),
    ],
)
def test_why_a_pod_is_not_heard_is_told(
    yard: EmulatedYard, listener: Listener, service: dict[str, Any], why: str
) -> None:
    body = json.dumps({"@odata.id": EVENTS, **service})
    yard.running.fault("answer", method="GET", path=f"{EVENTS}$", body=body, times=0)
    listener.start()
    until(lambda: listener.why)
    assert why in str(listener.why)
    assert listener.heard == []


def test_a_pod_without_an_event_service_says_so(yard: EmulatedYard, listener: Listener) -> None:
    yard.running.fault("answer", method="GET", path="^/redfish/v1$", body='{"Name": "root"}', times=0)
    listener.start()
    until(lambda: listener.why)
    assert "has no EventService" in str(listener.why)


def test_a_slow_pod_is_waited_for_and_one_that_is_away_is_tried_again(yard: EmulatedYard, listener: Listener) -> None:
    yard.running.fault("fail", method="GET", path="/EventService/SSE", times=1)
    yard.running.fault("slow", method="GET", path="/EventService/SSE", times=1, seconds=1)
    listener.start().connected()
    assert len(listener.said) == 2


def test_nobody_listens_where_the_source_says_so(running: RunningPod) -> None:
    one = EmulatedYard(running, "specific", events=False)
    assert isinstance(one.source.machines, Announces)
    assert one.source.machines.announcements() is None
    one.close()
