"""The Valence driver over a server with Valence's documented answers, of both generations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from valence_service import PODM, Valence, error, serving

from corral.contracts.border import Purpose, crossing
from corral.contracts.composition import Composes, Pools
from corral.contracts.sources import Source
from corral.domain.blocks import Media, Wanted, WantedAdapters, WantedDrives
from corral.domain.errors import (
    Breach,
    Conflict,
    DriverFailed,
    Invalid,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Refused,
    Unreachable,
)
from corral.drivers.valence import open_source
from corral.drivers.valence.machines import ValencePod

WANTED = Wanted(16, 65536, adapters=(WantedAdapters(1, 10_000),))
Open = Callable[..., ValencePod]


@pytest.fixture(params=["older", "newer"])
def valence(request: pytest.FixtureRequest) -> Valence:
    return Valence(request.param == "newer")


@pytest.fixture
def opened(valence: Valence) -> Iterator[Open]:
    with ExitStack() as stack:
        url = stack.enter_context(serving(valence))

        def open_(**options: Any) -> ValencePod:
            known = {"url": url, "settle": 0.3, **({"podm_id": PODM} if valence.newer else {})}
            source: Source = open_source("rack", {**known, **options})
            stack.callback(source.close)
            assert isinstance(source.machines, ValencePod)
            return source.machines

        stack.enter_context(crossing(Purpose.COMPOSE))
        yield open_


@pytest.fixture
def pod(opened: Open) -> ValencePod:
    return opened()


def test_it_composes_and_shows_no_blocks(pod: ValencePod) -> None:
    assert isinstance(pod, Pools)
    assert isinstance(pod, Composes)
    assert pod.pool().blocks == ()
    assert pod.check().reachable


def test_quantities_are_sent_as_text_and_the_pod_manager_only_where_it_is_set(
    pod: ValencePod, valence: Valence
) -> None:
    pod.compose("one", WANTED, ())
    sent = next(body for method, _, body in valence.requests if method == "POST")
    assert sent["properties"] == {"memory": {"capacity_mib": "65536"}, "processor": {"total_cores": "16"}}
    assert sent.get("podm_id") == (PODM if valence.newer else None)


def test_what_was_composed_is_read_back_with_its_amounts(pod: ValencePod) -> None:
    made = pod.compose("one", WANTED, ())
    assert (made.name, made.cores, made.memory, made.power) == ("one", 16, 65536, "Off")
    assert made.macs == ("02:00:5e:00:00:01",)
    assert pod.system(made.id) == made
    assert list(pod.named("one")) == [made] == list(pod.systems())


def test_asking_again_for_the_same_name_gives_the_same_system(pod: ValencePod, valence: Valence) -> None:
    assert pod.compose("one", WANTED, ()) == pod.compose("one", WANTED, ())
    assert len(valence.nodes) == 1


@pytest.mark.parametrize("status", [500, 502, 0])
def test_a_composition_that_was_done_and_answered_with_a_failure_is_found(
    pod: ValencePod, valence: Valence, status: int
) -> None:
    def failing() -> tuple[int, Any]:
        valence.compose({"name": "one", **({"podm_id": PODM} if valence.newer else {})})
        return error(500, "it broke") if status else (0, None)

    valence.once["POST"] = failing
    assert pod.compose("one", WANTED, ()).name == "one"
    assert len(valence.nodes) == 1


def test_a_failure_after_which_nothing_is_there_is_told(pod: ValencePod, valence: Valence) -> None:
    valence.once["POST"] = lambda: error(500, "no such thing")
    with pytest.raises(DriverFailed, match="no such thing") as failed:
        pod.compose("one", WANTED, ())
    assert not isinstance(failed.value, OutcomeUnknown)
    valence.once["POST"] = lambda: (0, None)
    with pytest.raises(OutcomeUnknown):
        pod.compose("one", WANTED, ())
    assert not valence.nodes


def test_a_success_of_which_nothing_is_there_is_not_believed(pod: ValencePod, valence: Valence) -> None:
    valence.once["POST"] = lambda: (200, {"uuid": "made-up", "name": "one", "index": "1"})
    with pytest.raises(OutcomeUnknown, match="lists no such node"):
        pod.compose("one", WANTED, ())


def test_an_error_in_the_body_of_a_success_is_an_error(pod: ValencePod, valence: Valence) -> None:
    valence.once["POST"] = lambda: (200, error(409, "busy")[1])
    with pytest.raises(Conflict, match="busy"):
        pod.compose("one", WANTED, ())


def test_a_machine_that_somebody_has_is_never_taken_apart(pod: ValencePod, valence: Valence) -> None:
    first = pod.compose("theirs", WANTED, ())

    def same() -> tuple[int, Any]:
        return valence.compose({"name": "ours", **({"podm_id": PODM} if valence.newer else {})}, first_index)

    first_index = valence.nodes[first.id]["index"]
    valence.once["POST"] = same
    with pytest.raises(DriverFailed, match="theirs"):
        pod.compose("ours", WANTED, ())
    ours = next(uuid for uuid, node in valence.nodes.items() if node["name"] == "ours")
    with pytest.raises(DriverFailed, match="left as it is"):
        pod.release(ours, "ours")
    assert valence.taken_apart == []


def test_less_than_what_was_wanted_is_given_back(pod: ValencePod, valence: Valence) -> None:
    valence.facts["memory"] = [{"total_memory_mb": "1024"}]
    valence.facts["network"] = [{"mac": "02:00:5e:00:00:01", "speed_mbps": "1000"}]
    with pytest.raises(Conflict, match="1024 of 65536 MiB, 1 interfaces"):
        pod.compose("one", WANTED, ())
    assert not valence.nodes


def test_a_system_that_does_not_tell_what_it_has_is_given_back_unless_that_is_accepted(
    opened: Open, valence: Valence
) -> None:
    valence.facts.clear()
    wanted = Wanted(4, 1024)
    with pytest.raises(Conflict, match="0 of 4 cores"):
        opened().compose("one", wanted, ())
    assert opened(unmeasured=True).compose("one", wanted, ()).cores == 0


def test_an_interface_whose_speed_is_not_told_is_believed_only_where_that_is_accepted(
    opened: Open, valence: Valence
) -> None:
    valence.facts["network"] = [{"mac": "02:00:5e:00:00:01"}]
    with pytest.raises(Conflict, match="1 interfaces that are fast enough of 1"):
        opened().compose("one", WANTED, ())
    assert opened(unmeasured=True).compose("one", WANTED, ()).macs == ("02:00:5e:00:00:01",)
    two = Wanted(16, 65536, adapters=(WantedAdapters(2, 0),))
    with pytest.raises(Conflict, match="1 interfaces that are fast enough of 2"):
        opened(unmeasured=True).compose("two", two, ())


def test_nothing_left_is_a_conflict(pod: ValencePod, valence: Valence) -> None:
    valence.machines = dict.fromkeys(valence.machines, True)
    with pytest.raises(Conflict, match="nothing left"):
        pod.compose("one", WANTED, ())


def test_what_valence_can_not_be_asked_for_is_refused_with_every_reason(pod: ValencePod, valence: Valence) -> None:
    wanted = Wanted(1, 1, drives=(WantedDrives(1, 1, Media.SSD),), traits=frozenset({"GPU"}))
    with pytest.raises(Refused) as refused:
        pod.compose("one", wanted, ["block"])
    assert len(refused.value.reasons) == 3
    assert not valence.requests


def test_a_released_system_is_gone_and_releasing_again_is_done(pod: ValencePod, valence: Valence) -> None:
    made, kept = pod.compose("one", WANTED, ()), pod.compose("two", WANTED, ())
    pod.release(made.id, "one")
    pod.release(made.id, "one")
    assert list(valence.nodes) == [kept.id]
    with pytest.raises(NotFound):
        pod.system(made.id)


def test_a_system_of_another_name_is_never_released(pod: ValencePod, valence: Valence) -> None:
    made = pod.compose("one", WANTED, ())
    pod.release(made.id, "not-one")
    assert not valence.taken_apart


def test_a_release_that_was_done_and_answered_with_a_failure_is_done(pod: ValencePod, valence: Valence) -> None:
    made = pod.compose("one", WANTED, ())
    valence.once["DELETE"] = lambda: (valence.delete(made.id), error(500, "it broke"))[1]
    pod.release(made.id, "one")
    made = pod.compose("two", WANTED, ())
    valence.once["DELETE"] = lambda: error(500, "it broke")
    with pytest.raises(DriverFailed, match="it broke"):
        pod.release(made.id, "two")
    valence.once["DELETE"] = lambda: (200, None)
    with pytest.raises(DriverFailed, match="still lists it"):
        pod.release(made.id, "two")


def test_an_enrolment_leads_to_the_system_at_the_pod_manager_and_shows_no_secret(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODM_PASSWORD", "s3cret")
    login = {"redfish_username": "root", "redfish_password_env": "PODM_PASSWORD"}
    pod = opened(redfish_address="https://podm.example.org", **login)
    enrolment = pod.enrolment(pod.compose("one", WANTED, ()))
    assert enrolment.driver_info["redfish_system_id"] == "/redfish/v1/Systems/1"
    assert enrolment.secrets == {"redfish_username": "root", "redfish_password": "s3cret"}
    assert "s3cret" not in repr(enrolment)
    with pytest.raises(NotSupported, match="redfish_address"):
        opened().enrolment(pod.system(next(iter(pod.systems())).id))


def test_nothing_is_composed_or_released_without_the_purpose(pod: ValencePod, valence: Valence) -> None:
    made = pod.compose("one", WANTED, ())
    with crossing(Purpose.LOOK), pytest.raises(Breach):
        pod.compose("two", WANTED, ())
    with crossing(Purpose.LOOK), pytest.raises(Breach):
        pod.release(made.id, "one")
    assert list(valence.nodes) == [made.id]


@pytest.mark.parametrize("data", [b"[[", b"{}", b'[{"name": "x"}]', b"[" * 100_000, b"7"])
def test_an_answer_that_makes_no_sense_is_a_failure_and_no_traceback(
    pod: ValencePod, valence: Valence, data: bytes
) -> None:
    valence.once["GET"] = lambda: (200, data)
    with pytest.raises(DriverFailed):
        pod.systems()


def test_a_valence_that_is_not_there_is_unreachable() -> None:
    source = open_source("rack", {"url": "http://127.0.0.1:9"})
    assert not source.machines.check().reachable
    assert isinstance(source.machines, ValencePod)
    with pytest.raises(Unreachable):
        source.machines.systems()
    source.close()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"url": "ftp://x"},
        {"url": "http://x/path"},
        {"url": "http://x", "podm": "1"},
        {"url": "http://x", "settle": True},
        {"url": "http://x", "redfish_username": "root"},
        {"url": "http://x", "redfish_username": "root", "redfish_password_env": "NOT_THERE_AT_ALL"},
    ],
)
def test_options_that_are_wrong_are_named(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="option"):
        open_source("rack", options)


# --- what was composed, as it is now ----------------------------------------------------------------------


def test_what_there_is_of_nodes_is_told_by_one_list_without_their_blocks(opened: Open, valence: Valence) -> None:
    pod = opened()
    with crossing(Purpose.COMPOSE):
        made, gone = (pod.compose(name, WANTED, ()) for name in ("corral-1", "corral-2"))
    del valence.nodes[gone.id]
    valence.requests.clear()
    found = pod.assemblies({made.id: (), gone.id: ()})
    assert list(found.systems) == [made.id]
    assert (found.systems[made.id].name, found.systems[made.id].blocks, found.systems[made.id].twins) == (
        "corral-1",
        None,
        (),
    )
    assert [request[:2] for request in valence.requests] == [("GET", "/v1/nodes")]


def test_a_record_that_names_the_same_hardware_is_told_beside_ours(opened: Open, valence: Valence) -> None:
    pod = opened()
    with crossing(Purpose.COMPOSE):
        made = pod.compose("corral-1", WANTED, ())
    index = valence.nodes[made.id]["index"]
    valence.nodes["twin"] = {**valence.nodes[made.id], "uuid": "twin", "name": "another"}
    assert valence.nodes["twin"]["index"] == index
    assert pod.assemblies({made.id: ()}).systems[made.id].twins == ("twin",)


def test_a_valence_whose_list_is_none_tells_nothing(opened: Open, valence: Valence) -> None:
    pod = opened()
    valence.once["GET"] = lambda: (200, {"nodes": "none"})
    with pytest.raises(DriverFailed):
        pod.assemblies({"x": ()})
