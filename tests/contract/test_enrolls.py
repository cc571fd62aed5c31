"""The laws of `contracts.enrolling.Enrolls`: what Corral enrolled is removed, and nothing else ever is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from contract_yard import BreakingWire, Yard, adopting, machines_over, new_uuid

from corral.contracts.border import Purpose, crossing
from corral.contracts.enrolling import Enrolls, EnrolState, EnrolStatus, NewMachine
from corral.contracts.provisioning import Deployer, Deployment, Deploys, DeployState
from corral.domain.errors import Breach, Conflict, CorralError
from corral.domain.traces import marked_uuid


@pytest.fixture
def enrolls(yard: Yard) -> Enrolls:
    assert isinstance(yard.source.machines, Enrolls)
    return yard.source.machines


@pytest.fixture
def new(enrolls: Enrolls) -> Iterator[Callable[..., NewMachine]]:
    """Describes machines, and removes those that were enrolled."""
    made: list[NewMachine] = []

    def one(**fields: Any) -> NewMachine:
        tag = uuid4().hex
        made.append(
            NewMachine(
                id=marked_uuid(UUID(tag), "c0ffee000000"),
                name=f"contract-{tag[:8]}",
                owner=new_uuid(),
                system=f"/redfish/v1/Systems/{tag}",
                driver="fake-hardware",
                driver_info={},
                properties={"cpus": 8, "memory_mb": 32768, "cpu_arch": "x86_64"},
                resource_class="contract",
                macs=(f"02:00:5e:{tag[:2]}:{tag[2:4]}:01", f"02:00:5e:{tag[:2]}:{tag[2:4]}:02"),
                **fields,
            )
        )
        return made[-1]

    yield one
    for machine in made:
        with crossing(Purpose.ENROLL), suppress(CorralError):
            until(lambda machine=machine: enrolls.remove(machine.id, machine.owner))  # type: ignore[misc]


def until(step: Callable[[], EnrolStatus]) -> EnrolStatus:
    deadline = time.monotonic() + 120
    while (status := step()).state is EnrolState.UNDER_WAY:
        assert time.monotonic() < deadline, status
        time.sleep(0.1)
    return status


def available(enrolls: Enrolls, machine: NewMachine) -> None:
    with crossing(Purpose.ENROLL):
        enrolls.enroll(machine)
        assert until(lambda: enrolls.provide(machine.id, machine.owner)).state is EnrolState.AVAILABLE


def removed(enrolls: Enrolls, machine: str, owner: str) -> EnrolStatus:
    with crossing(Purpose.ENROLL):
        return until(lambda: enrolls.remove(machine, owner))


def test_a_machine_is_enrolled_made_available_and_removed(
    yard: Yard, enrolls: Enrolls, new: Callable[..., NewMachine]
) -> None:
    machine = new()
    available(enrolls, machine)
    seen = yard.source.machines.observe(machine.id)
    assert (seen.name, seen.provision_state, seen.resource_class) == (machine.name, "available", "contract")
    assert seen.macs == frozenset(machine.macs)
    assert seen.properties["memory_mb"] == 32768
    assert removed(enrolls, machine.id, machine.owner).state is EnrolState.GONE
    assert removed(enrolls, machine.id, machine.owner).state is EnrolState.GONE


def test_whatever_breaks_asking_again_makes_one_machine_with_its_nics(
    yard: Yard, enrolls: Enrolls, new: Callable[..., NewMachine]
) -> None:
    for step in ("before", "after"):
        for at in range(3):
            machine = new()
            wire = BreakingWire(yard.wire, at, step)
            with crossing(Purpose.ENROLL):
                with suppress(CorralError):
                    machines_over(wire).enroll(machine)
                enrolls.enroll(machine)
            assert yard.source.machines.observe(machine.id).macs == frozenset(machine.macs), (step, at)
            assert removed(enrolls, machine.id, machine.owner).state is EnrolState.GONE


def test_a_machine_that_somebody_claimed_stays(yard: Yard, enrolls: Enrolls, new: Callable[..., NewMachine]) -> None:
    machine = new()
    available(enrolls, machine)
    instance, machines = new_uuid(), yard.source.machines
    assert isinstance(machines, Deploys)
    with crossing(Purpose.DEPLOY):
        wish = Deployment({"image_source": "http://127.0.0.1:1/image"})
        machines.reserve(machine.id, Deployer(instance, new_uuid()), wish, machines.deployable(machine.id))
    status = removed(enrolls, machine.id, machine.owner)
    assert (status.state, instance in status.detail) == (EnrolState.TAKEN, True)
    assert yard.source.machines.observe(machine.id).claimed_by == instance
    yard.delete(machine.id)


def test_the_machine_of_another_server_stays(yard: Yard, enrolls: Enrolls, new: Callable[..., NewMachine]) -> None:
    machine = new()
    available(enrolls, machine)
    assert removed(enrolls, machine.id, new_uuid()).state is EnrolState.TAKEN
    with crossing(Purpose.ENROLL), pytest.raises(Conflict):
        enrolls.enroll(replace(machine, owner=new_uuid()))
    assert yard.source.machines.observe(machine.id).provision_state == "available"


@pytest.mark.parametrize("claimed", [True, False], ids=["adopted", "unclaimed"])
def test_a_machine_that_runs_is_neither_torn_down_nor_removed(yard: Yard, enrolls: Enrolls, claimed: bool) -> None:
    machine, owner = yard.machine(), new_uuid()
    if claimed:
        with adopting():
            yard.source.machines.claim(machine, owner)  # type: ignore[attr-defined]
    before, deploys = yard.record(machine), yard.source.machines
    assert isinstance(deploys, Deploys)
    with crossing(Purpose.DELETE) as recorder:
        assert deploys.destroy(machine, Deployer(owner, new_uuid())).state is DeployState.OTHER
    with crossing(Purpose.ENROLL) as enrolling:
        assert enrolls.remove(machine, owner).state is EnrolState.TAKEN
        with pytest.raises(Conflict):
            enrolls.provide(machine, owner)
    calls = [*recorder.calls, *enrolling.calls]
    assert {call.method for call in calls if call.service == "baremetal"} == {"GET"}
    assert yard.record(machine) == before


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_border_lets_no_node_be_removed_that_corral_did_not_name(yard: Yard, purpose: Purpose) -> None:
    machine = yard.machine()
    own = marked_uuid(uuid4(), "c0ffee000000")
    forbidden = [
        ("DELETE", f"/v1/nodes/{machine}", None),
        ("PUT", f"/v1/nodes/{machine}/states/provision", {"target": "manage"}),
        ("PUT", f"/v1/nodes/{own}/states/provision", {"target": "clean"}),
        ("POST", "/v1/nodes", {"uuid": own, "driver": "redfish"}),
        ("POST", "/v1/ports", {"node_uuid": machine, "address": "02:00:5e:00:00:01"}),
    ]
    for method, path, body in forbidden:
        with crossing(purpose), pytest.raises(Breach):
            yard.wire.send("baremetal", method, path, body)
