"""What pods tell of systems that were composed there: the same of every pod, in few calls, and only what is certain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract_pod import WANTED, EmulatedYard, Pod, new_name

from corral.contracts.border import Purpose, Recorder, crossing
from corral.contracts.composition import TellsAssemblies
from corral.domain.blocks import ComposedSystem
from corral.domain.errors import DriverFailed, NotSupported, Unreachable
from corral.domain.sync_pods import Assemblies, Claim, Composed, composed
from lab.pod.running import RunningPod


def tells(pod: Pod) -> TellsAssemblies:
    assert isinstance(pod.source.machines, TellsAssemblies)
    return pod.source.machines


def made(pod: Pod, machine: int) -> tuple[ComposedSystem, Claim]:
    name = new_name()
    with crossing(Purpose.COMPOSE):
        system = pod.composes.compose(name, WANTED, pod.blocks(machine))
    return system, Claim("pod", name, system.id, tuple(pod.blocks(machine)))


def look(pod: Pod, *claims: Claim) -> Assemblies:
    return tells(pod).assemblies({one.system: one.blocks for one in claims})


def differs(claim: Claim, found: Assemblies) -> list[str]:
    both = composed(claim, found)
    assert isinstance(both, Composed)
    return sorted(set(both.world) ^ set(both.record({})["composition"]))


def test_a_system_that_was_just_composed_is_as_claimed(pod: Pod) -> None:
    claims = [made(pod, machine)[1] for machine in (1, 2)]
    found = look(pod, *claims)
    assert found.systems.keys() == {one.system for one in claims}
    assert [differs(one, found) for one in claims] == [[], []]


def test_a_system_that_vanished_is_gone_and_the_other_is_as_it_was(pod: Pod) -> None:
    system, gone = made(pod, 1)
    _, stays = made(pod, 2)
    pod.vanish(system.id)
    found = look(pod, gone, stays)
    assert f"system {gone.system} gone" in differs(gone, found)
    assert differs(stays, found) == []


def test_a_block_that_somebody_else_got_after_that_is_told_with_whose_it_is(pod: Pod) -> None:
    system, claim = made(pod, 1)
    pod.vanish(system.id)
    pod.other(claim.blocks[0])
    assert any(one.startswith(f"block {claim.blocks[0]} in ") for one in differs(claim, look(pod, claim)))


# --- the Redfish driver -----------------------------------------------------------------------------------


@pytest.fixture
def yard(running: RunningPod) -> Iterator[EmulatedYard]:
    one = EmulatedYard(running, "specific", read_timeout=2)
    yield one
    one.close()


def act(yard: EmulatedYard, claim: Claim, block: str, action: str) -> None:
    path = f"{claim.system}/Actions/ComputerSystem.{action}ResourceBlock"
    with yard.running.client() as client:
        client.post(path, json={"ResourceBlock": {"@odata.id": block}}).raise_for_status()


def test_blocks_that_were_put_in_and_taken_out_at_the_pod_are_told(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    act(yard, claim, yard.blocks(2)[1], "Add")
    act(yard, claim, claim.blocks[1], "Remove")
    assert differs(claim, look(yard, claim)) == sorted([f"block {yard.blocks(2)[1]}", f"block {claim.blocks[1]}"])


def test_a_block_that_two_systems_have_is_told_of_ours(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    yard.other(claim.blocks[0])
    assert any(" also in " in one for one in differs(claim, look(yard, claim)))


def test_a_system_that_is_not_in_use_is_told_and_one_that_is_off_is_not(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    name = claim.system.rpartition("/")[2]
    yard.running.control("declare", {"system": name, "state": "StandbyOffline"})
    assert differs(claim, look(yard, claim)) == []
    yard.running.control("declare", {"system": name, "state": "Disabled"})
    assert differs(claim, look(yard, claim)) == sorted([f"system {claim.system}", f"system {claim.system} Disabled"])


def of_many(yard: EmulatedYard, some: list[Claim]) -> Assemblies:
    """As in a pass over more systems than are read one by one."""
    others = {f"/redfish/v1/Systems/none-{number}": () for number in range(20)}
    return tells(yard).assemblies({one.system: one.blocks for one in some} | others)


def test_many_systems_are_read_by_their_list_with_one_request_for_each(yard: EmulatedYard) -> None:
    claims = [made(yard, machine)[1] for machine in (1, 2, 3)]
    yard.other(claims[0].blocks[0])
    with crossing(Purpose.LOOK) as recorder:
        found = of_many(yard, claims)
    assert [differs(one, found) for one in claims[1:]] == [[], []]
    assert any(" also in " in one for one in differs(claims[0], found))
    systems = [call for call in recorder.calls if call.path.startswith("/redfish/v1/Systems/")]
    assert len(systems) == 4 + 20, "each that is there once, and those that the list lacks"
    assert len(recorder.calls) - len(systems) <= 4, "the root, the service, the list, and the block that two have"


def test_a_list_that_lacks_a_system_is_not_believed_when_the_system_answers(yard: EmulatedYard) -> None:
    claims = [made(yard, machine)[1] for machine in (1, 2)]
    empty = '{"@odata.id": "/redfish/v1/Systems", "Members": []}'
    yard.running.fault("answer", method="GET", path="/Systems$", body=empty, times=0)
    found = of_many(yard, claims)
    assert [differs(one, found) for one in claims] == [[], []]


@pytest.mark.parametrize("kind", ["fail", "body_500", "huge", "deep"])
def test_a_system_that_can_not_be_read_is_unknown_and_others_are_not(yard: EmulatedYard, kind: str) -> None:
    claims = [made(yard, machine)[1] for machine in (1, 2)]
    yard.running.fault(kind, method="GET", path=f"{claims[0].system}$", times=0)
    for found in (look(yard, *claims), of_many(yard, claims)):
        assert found.unsure == {claims[0].system}
        assert differs(claims[1], found) == []


def test_a_pod_that_reads_nothing_at_all_is_not_one_whose_systems_are_gone(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    yard.running.fault("trickle", method="GET", path="/Systems/", times=0, seconds=20)
    with pytest.raises(DriverFailed, match="cut off"):
        look(yard, claim)


def test_a_service_that_composes_nothing_says_nothing_of_our_systems(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    yard.running.fault("answer", method="GET", path="^/redfish/v1$", body='{"Name": "another"}', times=0)
    yard.running.fault("answer", method="GET", path="/Systems", body="{}", status=404, times=0)
    with pytest.raises(NotSupported):
        look(yard, claim)


def test_links_off_the_pod_are_not_followed_and_the_system_is_unknown(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    _, other = made(yard, 2)
    body = '{"Name": "x", "Links": {"ResourceBlocks": [{"@odata.id": "http://192.0.2.1/redfish/v1/x"}]}}'
    yard.running.fault("answer", method="GET", path=f"{claim.system}$", body=body, times=0)
    assert look(yard, claim, other).unsure == {claim.system}


def test_a_look_composes_and_changes_nothing(yard: EmulatedYard) -> None:
    _, claim = made(yard, 1)
    recorder: Recorder
    with crossing(Purpose.LOOK) as recorder:
        look(yard, claim)
    assert {call.method for call in recorder.calls} <= {"GET", "POST"}
    assert all(call.look for call in recorder.calls)


def test_a_pod_that_is_away_is_unreachable() -> None:
    from corral.drivers.redfish import open_source

    source = open_source("pod", {"url": "http://127.0.0.1:9"})
    assert isinstance(source.machines, TellsAssemblies)
    with pytest.raises(Unreachable):
        source.machines.assemblies({"/redfish/v1/Systems/1": ()})
    source.close()
