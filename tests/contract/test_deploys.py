"""The laws of `contracts.provisioning.Deploys`: only what is free is deployed, and only what was deployed here is taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from contract_lot import IMAGE, LEFT_OVER, End, IronicLot, Lot, MemoryLot
from contract_yard import BreakingWire, every_break, machines_over, new_uuid

from corral.contracts.border import Purpose, crossing
from corral.contracts.provisioning import Deployer, Deployment, Deploys, DeployState, DeployStatus
from corral.domain.errors import Breach, Conflict, DriverFailed, NotFound, Refused

DRIVE = {"meta_data": {"name": "n1"}}
BLANK: dict[str, Any] = {"instance_info": {}, "target_raid_config": {}, "vifs": []}


@pytest.fixture(scope="module")
def ironic_lot(lab: dict[str, Any]) -> Iterator[IronicLot]:
    lot = IronicLot(lab)
    yield lot
    lot.close()


@pytest.fixture(params=["memory", pytest.param("ironic", marks=pytest.mark.lab)])
def lot(request: pytest.FixtureRequest) -> Iterator[Lot]:
    if request.param == "ironic":
        yield request.getfixturevalue("ironic_lot")
        return
    memory = MemoryLot()
    yield memory
    memory.close()


def deploys(lot: Lot) -> Deploys:
    assert isinstance(lot.source.machines, Deploys)
    return lot.source.machines


def somebody() -> Deployer:
    return Deployer(new_uuid(), new_uuid())


def wish(lot: Lot, **fields: Any) -> Deployment:
    return Deployment({"image_source": lot.image, **IMAGE, "root_device": {"wwn": "0x5000"}, **fields}, DRIVE)


def begun(lot: Lot, machine: str, who: Deployer) -> dict[str, Any]:
    """Deploy; what `deployable` gave."""
    with crossing(Purpose.DEPLOY):
        before = dict(deploys(lot).deployable(machine))
        deploys(lot).deploy(machine, who, wish(lot), before)
    return before


def settled(look: Callable[[], DeployStatus]) -> DeployStatus:
    deadline = time.monotonic() + 120
    while (status := look()).state is DeployState.UNDER_WAY:
        assert time.monotonic() < deadline, status
        time.sleep(0.2)
    return status


def ended(lot: Lot, machine: str, who: Deployer) -> DeployStatus:
    return settled(lambda: deploys(lot).deployment(machine, who))


def undone(lot: Lot, machine: str, who: Deployer, before: dict[str, Any]) -> DeployStatus:
    with crossing(Purpose.DEPLOY):
        return settled(lambda: deploys(lot).undeploy(machine, who, wish(lot), before))


def until(lot: Lot, machine: str, state: str) -> None:
    deadline = time.monotonic() + 120
    while lot.record(machine)["provision_state"] != state:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_free_machine_is_deployed_as_wished(lot: Lot) -> None:
    machine, who = lot.free(), somebody()
    begun(lot, machine, who)
    assert ended(lot, machine, who) == DeployStatus(DeployState.DEPLOYED, "active")
    now = lot.record(machine)
    assert (now["provision_state"], now["instance_uuid"]) == ("active", who.owner)
    assert dict(wish(lot).fields).items() <= now["instance_info"].items()
    assert now["instance_info"]["configdrive"] == "******"
    assert now["instance_info"]["corral_operation"] == who.operation
    assert "somebody" not in now["instance_info"]


def test_what_is_deployed_is_not_torn_down_any_more(lot: Lot) -> None:
    machine, who = lot.free(), somebody()
    before = begun(lot, machine, who)
    assert ended(lot, machine, who).state is DeployState.DEPLOYED
    now = lot.record(machine)
    assert undone(lot, machine, who, before).state is DeployState.DEPLOYED
    assert lot.record(machine) == now


def test_asking_again_for_the_same_deployment_sends_nothing(lot: Lot) -> None:
    machine, who = lot.free(), somebody()
    before = begun(lot, machine, who)
    ended(lot, machine, who)
    with crossing(Purpose.DEPLOY) as recorder:
        deploys(lot).deploy(machine, who, wish(lot), before)
    assert {call.method for call in recorder.calls if call.service == "baremetal"} == {"GET"}


@pytest.mark.parametrize("vif", [False, True], ids=["", "plugged"])
def test_a_deployment_that_waits_for_its_agent_is_taken_back_without_a_trace(lot: Lot, vif: bool) -> None:
    machine, who = lot.free(End.WAITS, vif=vif), somebody()
    was = lot.record(machine)
    before = begun(lot, machine, who)
    assert deploys(lot).deployment(machine, who).state is DeployState.UNDER_WAY
    until(lot, machine, "wait call-back")
    assert undone(lot, machine, who, before) == DeployStatus(DeployState.FREE, "available")
    assert lot.record(machine) == was
    assert lot.record(machine)["instance_info"] == LEFT_OVER
    assert deploys(lot).deployable(machine) == before


def test_the_sizes_and_the_root_device_of_a_partition_image_are_taken(lot: Lot) -> None:
    machine, who = lot.free(End.WAITS), somebody()
    was = lot.record(machine)
    sizes = {"root_gb": 8, "swap_mb": 512, "ephemeral_gb": 3, "ephemeral_format": "xfs", "preserve_ephemeral": False}
    capabilities = {"boot_mode": "uefi", "boot_option": "local", "disk_label": "gpt"}
    files = {"image_type": "partition", "kernel": lot.image, "ramdisk": lot.image}
    wanted = wish(lot, **sizes, **files, capabilities=capabilities)
    with crossing(Purpose.DEPLOY):
        before = deploys(lot).deployable(machine)
        deploys(lot).deploy(machine, who, wanted, before)
        until(lot, machine, "wait call-back")
        assert {**sizes, "capabilities": capabilities}.items() <= lot.record(machine)["instance_info"].items()
        assert settled(lambda: deploys(lot).undeploy(machine, who, wanted, before)).state is DeployState.FREE
    assert lot.record(machine) == was


def test_arrays_are_asked_for_and_taken_back(lot: Lot) -> None:
    machine, who = lot.free(End.WAITS), somebody()
    was = lot.record(machine)
    array = {"raid_level": "1", "size_gb": "MAX", "controller": "software", "is_root_volume": True}
    built = replace(wish(lot), raid={"logical_disks": [array]})
    with crossing(Purpose.DEPLOY):
        before = deploys(lot).deployable(machine)
        deploys(lot).deploy(machine, who, built, before)
        until(lot, machine, "wait call-back")
        assert settled(lambda: deploys(lot).undeploy(machine, who, built, before)).state is DeployState.FREE
    assert lot.record(machine) == was


def test_a_deployment_that_fails_says_why_and_is_taken_back_without_a_trace(lot: Lot) -> None:
    machine, who = lot.free(End.FAILS), somebody()
    was = lot.record(machine)
    before = begun(lot, machine, who)
    status = ended(lot, machine, who)
    assert status.state is DeployState.FAILED
    assert status.detail.startswith("deploy failed: Failed to prepare to deploy")
    assert undone(lot, machine, who, before) == DeployStatus(DeployState.FREE, "available")
    assert lot.record(machine) == was


def test_a_machine_that_can_not_be_cleaned_is_told_and_left(lot: Lot) -> None:
    machine, who = lot.free(End.UNCLEAN), somebody()
    before = begun(lot, machine, who)
    assert ended(lot, machine, who).state is DeployState.FAILED
    status = undone(lot, machine, who, before)
    assert status.state is DeployState.FAILED
    assert status.detail.startswith("clean failed: Failed to prepare"), status
    now = lot.record(machine)
    assert undone(lot, machine, who, before) == status
    assert lot.record(machine) == now


def test_a_wish_that_the_source_refuses_leaves_a_claim_that_is_taken_back(lot: Lot) -> None:
    machine, who = lot.free(End.WAITS), somebody()
    was, bad = lot.record(machine), wish(lot, image_source="")
    with crossing(Purpose.DEPLOY):
        before = dict(deploys(lot).deployable(machine))
        with pytest.raises(DriverFailed, match="image_source"):
            deploys(lot).deploy(machine, who, bad, before)
    assert deploys(lot).deployment(machine, who).state is DeployState.FREE
    assert undone(lot, machine, who, before).state is DeployState.FREE
    assert lot.record(machine) == was


# --- what is never touched -----------------------------------------------------------------------------------

SPOILED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "claimed": ({"instance_uuid": "99999999-0000-4000-8000-%012d"}, {"claimed"}),
    "in maintenance": ({"maintenance": True}, {"maintenance"}),
    "with a hidden secret": ({"instance_info": {"some_password": "geheim"}}, {"not-restorable"}),
    "all of it": (
        {
            "instance_uuid": "99999999-0000-4000-8000-%012d",
            "maintenance": True,
            "instance_info": {"some_password": "geheim"},
        },
        {"claimed", "maintenance", "not-restorable"},
    ),
}


def spoiled(lot: Lot, machine: str, what: str) -> set[str]:
    fields, codes = SPOILED[what]
    tail = int(machine[:8], 16)
    lot.set(machine, **{key: value % tail if isinstance(value, str) else value for key, value in fields.items()})
    return codes


@pytest.mark.parametrize("what", SPOILED)
def test_a_machine_that_is_not_free_is_refused_with_all_reasons_and_not_touched(lot: Lot, what: str) -> None:
    machine, who = lot.free(End.WAITS), somebody()
    before = dict(deploys(lot).deployable(machine))
    codes = spoiled(lot, machine, what)
    was = lot.record(machine)
    with crossing(Purpose.DEPLOY) as recorder:
        for act in (
            lambda: deploys(lot).deployable(machine),
            lambda: deploys(lot).deploy(machine, who, wish(lot), before),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert {one.code for one in refused.value.reasons} == codes
        assert deploys(lot).undeploy(machine, who, wish(lot), before).state is not DeployState.UNDER_WAY
    assert {call.method for call in recorder.calls if call.service == "baremetal"} == {"GET"}
    assert lot.record(machine) == was


def test_a_machine_that_runs_is_refused_and_not_touched(lot: Lot) -> None:
    machine, who = lot.running(), somebody()
    was = lot.record(machine)
    before = dict(BLANK)
    with crossing(Purpose.DEPLOY) as recorder:
        with pytest.raises(Refused) as refused:
            deploys(lot).deploy(machine, who, wish(lot), before)
        assert deploys(lot).undeploy(machine, who, wish(lot), before).state is DeployState.OTHER
    assert {one.code for one in refused.value.reasons} == {"not-available"}
    assert {call.method for call in recorder.calls if call.service == "baremetal"} == {"GET"}
    assert lot.record(machine) == was


def test_an_adopted_machine_is_refused_and_not_touched_whoever_asks(lot: Lot) -> None:
    machine, who = lot.running(), somebody()
    with crossing(Purpose.ADOPT):
        lot.source.machines.claim(machine, who.owner)  # type: ignore[attr-defined]
    was = lot.record(machine)
    before = dict(BLANK)
    with crossing(Purpose.DEPLOY):
        with pytest.raises(Refused) as refused:
            deploys(lot).deploy(machine, who, wish(lot), before)
        assert deploys(lot).undeploy(machine, who, wish(lot), before).state is DeployState.OTHER
    assert {one.code for one in refused.value.reasons} == {"not-available", "claimed", "protected"}
    assert deploys(lot).deployment(machine, who).state is DeployState.OTHER
    assert lot.record(machine) == was
    with crossing(Purpose.ADOPT):
        lot.source.machines.release(machine, who.owner, {"instance_info_traits": None})  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", [End.ACTIVE, End.WAITS, End.FAILS])
def test_what_another_operation_deployed_for_the_same_owner_is_not_touched(lot: Lot, end: End) -> None:
    machine, first = lot.free(end), somebody()
    second = Deployer(first.owner, new_uuid())
    before = begun(lot, machine, first)
    until(lot, machine, end)
    was = lot.record(machine)
    assert deploys(lot).deployment(machine, first).state is not DeployState.OTHER
    assert deploys(lot).deployment(machine, second).state is DeployState.OTHER
    with crossing(Purpose.DEPLOY):
        with pytest.raises(Refused):
            deploys(lot).deploy(machine, second, wish(lot), before)
        assert deploys(lot).undeploy(machine, second, wish(lot), before).state is DeployState.OTHER
    assert lot.record(machine) == was


def test_of_two_that_want_one_machine_one_gets_it(lot: Lot) -> None:
    machine, both = lot.free(), [somebody(), somebody()]
    before = dict(deploys(lot).deployable(machine))

    def take(who: Deployer) -> bool:
        with crossing(Purpose.DEPLOY):
            try:
                deploys(lot).deploy(machine, who, wish(lot), before)
            except (Refused, Conflict):
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(take, both))
    assert sorted(got) == [False, True]
    winner, loser = both[got.index(True)], both[got.index(False)]
    assert ended(lot, machine, winner).state is DeployState.DEPLOYED
    assert undone(lot, machine, loser, before).state is DeployState.OTHER
    assert lot.record(machine)["instance_uuid"] == winner.owner


def test_a_machine_that_was_changed_since_it_was_looked_at_is_not_taken(lot: Lot) -> None:
    machine = lot.free()
    before = dict(deploys(lot).deployable(machine))
    lot.set(machine, instance_info={"somebody": "prepares it"})
    was = lot.record(machine)
    with crossing(Purpose.DEPLOY), pytest.raises(Conflict, match="changed since"):
        deploys(lot).deploy(machine, somebody(), wish(lot), before)
    assert lot.record(machine) == was


def test_a_machine_that_does_not_exist_is_not_found(lot: Lot) -> None:
    with crossing(Purpose.DEPLOY):
        for machine in (new_uuid(), "a-name"):
            with pytest.raises(NotFound):
                deploys(lot).deployable(machine)
        assert deploys(lot).undeploy(new_uuid(), somebody(), wish(lot), BLANK).state is DeployState.OTHER


# --- the border ----------------------------------------------------------------------------------------------


Act = tuple[str, str, Any]


def deploying(machine: str) -> list[Act]:
    """Everything that deploying sends, until the machine is deployed."""
    path, mark = f"/v1/nodes/{machine}", {"corral_operation": new_uuid()}
    claim = {"op": "add", "path": "/instance_uuid", "value": new_uuid()}
    return [
        ("PATCH", path, [claim, {"op": "add", "path": "/instance_info", "value": mark}]),
        ("PATCH", path, [{"op": "add", "path": "/instance_info", "value": {}}]),
        ("PUT", f"{path}/states/provision", {"target": "active"}),
        ("PUT", f"{path}/states/provision", {"target": "active", "configdrive": "x"}),
        ("PUT", f"{path}/states/raid", {"logical_disks": []}),
    ]


def giving_back(machine: str) -> list[Act]:
    """What takes a deployment back."""
    path = f"/v1/nodes/{machine}"
    unclaim = [{"op": "remove", "path": "/instance_uuid"}, {"op": "add", "path": "/instance_info", "value": {}}]
    return [("PATCH", path, unclaim), ("PUT", f"{path}/states/provision", {"target": "deleted"})]


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.DEPLOY])
def test_nothing_is_deployed_or_torn_down_for_any_other_purpose(lot: Lot, purpose: Purpose) -> None:
    machine = lot.running()
    was = lot.record(machine)
    # Who deletes a server may take its deployment back, and begin none.
    forbidden = deploying(machine) + ([] if purpose is Purpose.DELETE else giving_back(machine))
    for method, target, body in forbidden:
        with crossing(purpose), pytest.raises(Breach):
            lot.wire.send("baremetal", method, target, body)
    assert lot.record(machine) == was


def test_deploying_can_send_nothing_else(lot: Lot) -> None:
    machine = lot.running()
    was, path = lot.record(machine), f"/v1/nodes/{machine}"
    info = {"op": "add", "path": "/instance_info", "value": {"corral_operation": new_uuid()}}
    claim = {"op": "add", "path": "/instance_uuid", "value": new_uuid()}
    step = {"interface": "deploy", "step": "erase_devices", "args": {}, "priority": 1}
    for method, target, body in (
        ("PATCH", path, [claim]),
        ("PATCH", path, [info]),
        ("PATCH", path, [{"op": "remove", "path": "/instance_uuid"}]),
        ("PATCH", path, [claim, {**info, "value": {"image_source": "x"}}]),
        ("PATCH", path, [claim, info, {"op": "add", "path": "/protected", "value": False}]),
        ("PATCH", path, [{"op": "add", "path": "/protected", "value": False}, {**info, "value": {}}]),
        ("PUT", f"{path}/states/provision", {"target": "active", "clean_steps": []}),
        ("PUT", f"{path}/states/provision", {"target": "active", "deploy_steps": [step]}),
        ("PUT", f"{path}/states/provision", {"target": "deleted", "configdrive": "x"}),
        ("PUT", f"{path}/states/power", {"target": "power off"}),
        ("PUT", f"{path}/maintenance", {"reason": "x"}),
        ("DELETE", f"/v1/allocations/{new_uuid()}", None),
        ("POST", "/v1/allocations", {"uuid": new_uuid(), "node": machine}),
    ):
        with crossing(Purpose.DEPLOY), pytest.raises(Breach):
            lot.wire.send("baremetal", method, target, body)
    assert lot.record(machine) == was


# --- crashes, and many at once --------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [End.ACTIVE, End.WAITS])
def test_a_deployment_that_breaks_anywhere_is_whole_or_leaves_no_trace(lot: Lot, end: End) -> None:
    machine = lot.free(end)
    who = somebody()
    was, before = lot.record(machine), dict(deploys(lot).deployable(machine))

    def run(wire: BreakingWire) -> None:
        with crossing(Purpose.DEPLOY):
            machines_over(wire).deploy(machine, who, wish(lot), before)

    seen = []
    for at, moment in every_break(run, lot.wire):
        status = undone(lot, machine, who, before)
        seen.append((at, moment, status.state))
        if status.state is DeployState.DEPLOYED:
            # The request had arrived: the deployment is whole.
            assert lot.record(machine)["provision_state"] == "active"
            break
        assert (status.state, lot.record(machine)) == (DeployState.FREE, was), (at, moment)
    assert [one[:2] for one in seen] == [(0, "before"), (0, "after"), (1, "before"), (1, "after")]
    assert (seen[-1][2] is DeployState.DEPLOYED) == (end is End.ACTIVE)


def test_taking_back_that_breaks_anywhere_is_gone_on_with(lot: Lot) -> None:
    machine, who = lot.free(End.WAITS), somebody()
    was = lot.record(machine)

    def run(wire: BreakingWire) -> None:
        machines = machines_over(wire)
        if wire.broken or lot.record(machine)["instance_uuid"] is None:
            begun(lot, machine, who)
            until(lot, machine, "wait call-back")
        with crossing(Purpose.DEPLOY):
            settled(lambda: machines.undeploy(machine, who, wish(lot), dict(BEFORE)))

    BEFORE = dict(deploys(lot).deployable(machine))
    count = 0
    for _ in every_break(run, lot.wire):
        count += 1
        assert undone(lot, machine, who, BEFORE).state is DeployState.FREE
        assert lot.record(machine) == was
    assert count >= 4
    assert lot.record(machine) == was


def test_many_that_wait_are_looked_at_by_lists(lot: Lot) -> None:
    waiting = [(lot.free(End.WAITS), somebody()) for _ in range(4)]
    for machine, who in waiting:
        begun(lot, machine, who)
        until(lot, machine, "wait call-back")
    machines = machines_over(lot.wire)
    with crossing(Purpose.LOOK) as recorder:
        for machine, who in waiting:
            assert machines.deployment(machine, who) == DeployStatus(DeployState.UNDER_WAY, "wait call-back")
    asked = [call.path for call in recorder.calls if call.service == "baremetal"]
    assert asked == ["/v1/nodes", "/v1/nodes"]
