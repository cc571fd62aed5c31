"""What must never pass unseen while a VM is adopted, what is no disturbance, and what is never written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fault_bench import ACTOR
from vm_bench import SOURCE, VM, VmBench, everything, hosts, move, once

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.virtual import Mark, Where
from corral.domain.errors import Breach, NotFound, OutcomeUnknown, Refused, Stale
from corral.domain.vm import RunState, VmDisk
from corral.drivers.memory.hosts import MemoryHosts, example_host, example_vm

Make = Callable[..., VmBench]
MARKING = "PUT"
FIRST, SECOND = example_host(0).id, example_host(1).id
ELSEWHERE = "99999999-0000-4000-8000-000000000001"


def codes(refused: Refused) -> list[str]:
    return [one.code for one in refused.reasons]


def add_disk(made: MemoryHosts) -> None:
    vm = made.vm(VM)
    made.put(replace(vm, disks=(*vm.disks, VmDisk("vdb", "file", path="/srv/images/new.qcow2"))))


DISTURBANCES: dict[str, tuple[Callable[[MemoryHosts], object], set[str]]] = {
    "restarted": (lambda made: made.restart(VM), {"run"}),
    "switched off": (lambda made: made.put(replace(made.vm(VM), state=RunState.OFF, run="")), {"run", "state"}),
    "a disk was added": (add_disk, {"disks"}),
    "renamed": (lambda made: made.put(replace(made.vm(VM), name="other")), {"name"}),
}


@pytest.mark.parametrize("what", DISTURBANCES)
def test_a_vm_that_changes_while_it_is_adopted_is_given_back_and_the_proof_says_so(vms_of: Make, what: str) -> None:
    made = hosts()
    bench = vms_of(made)
    act, fields = DISTURBANCES[what]
    made.faults = once(MARKING, lambda: act(made))
    server, operation = bench.manage()
    ended = bench.finished(operation)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert ended.error["code"] == "disturbed"
    [proof] = bench.corral.servers.proof(server.uuid)
    assert proof.verdict == "changed"
    assert {one.field for one in proof.differences} == fields
    assert everything(made)["marks"] == {}
    assert bench.told == ["server.manage.start", "server.manage.error"]


def test_a_vm_that_is_moved_to_another_host_while_it_is_adopted_is_not_disturbed(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    made.faults = once(MARKING, lambda: move(made, VM, 1))
    server, operation = bench.manage()
    # The mark was on its way to the host that had it: the whole step is done again where it is now, or undone.
    assert (done := bench.finished(operation)).state == "succeeded", done.error
    assert bench.corral.servers.get(server.uuid).host == SECOND
    [proof] = bench.corral.servers.proof(server.uuid)
    assert proof.verdict == "untouched"
    made.faults = once("DELETE", lambda: move(made, VM, 0))
    assert bench.finished(bench.unmanage(server)).state == "succeeded"
    assert everything(made)["marks"] == {}
    assert [one.verdict for one in bench.corral.servers.proof(server.uuid)] == ["untouched", "untouched"]


def test_a_vm_that_is_gone_is_let_go_and_one_whose_host_is_silent_is_kept(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    server = bench.managed()
    made.silence(FIRST)
    ended = bench.finished(bench.unmanage(server))
    assert ended.state == "reverted"
    assert bench.corral.servers.get(server.uuid).status == "active"
    made.silence(FIRST, "")
    made.take(VM)
    assert bench.finished(bench.unmanage(server)).state == "succeeded"
    with pytest.raises(NotFound):
        bench.corral.servers.get(server.uuid)


def test_without_marks_nothing_at_all_is_written_at_a_hypervisor(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made, mark=False)
    before = everything(made)
    server = bench.managed()
    assert everything(made) == before
    assert bench.finished(bench.unmanage(server)).state == "succeeded"
    calls = [call for proof in bench.corral.servers.proof(server.uuid) for call in proof.row.calls]
    assert {call.method for call in calls} == {"GET"}


def test_the_mark_that_was_written_is_removed_also_when_nothing_is_marked_any_more(vms_of: Make) -> None:
    made = hosts()
    first = vms_of(made)
    server = first.managed()
    first.corral.stop()
    second = vms_of(made, mark=False)
    assert second.finished(second.unmanage(server)).state == "succeeded"
    assert everything(made)["marks"] == {}


def test_a_vm_with_the_mark_of_another_server_is_refused_and_keeps_it(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    made._marks[VM] = Mark(ELSEWHERE, "theirs")
    with pytest.raises(Refused) as refused:
        bench.manage()
    assert codes(refused.value) == ["vm-marked"]
    made._marks.clear()
    # Another Corral is quicker, between the look and the mark.
    made.faults = once(MARKING, lambda: made._marks.update({VM: Mark(ELSEWHERE, "theirs")}))
    _, operation = bench.manage()
    ended = bench.corral.engine.wait(operation.uuid, 90)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert ELSEWHERE in ended.error["message"]
    assert made._marks == {VM: Mark(ELSEWHERE, "theirs")}


def test_a_mark_that_somebody_removes_right_after_it_was_written_is_missed(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)

    def removed(told: str) -> None:
        if told.startswith(f"after {MARKING}"):
            made._marks.clear()

    made.faults = removed
    _, operation = bench.manage()
    ended = bench.finished(operation)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert "no mark" in ended.error["message"]


def test_all_that_speaks_against_a_vm_and_the_wish_is_told_at_once(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    made.put(replace(made.vm(VM), owner="nova", persistent=False, snapshots=("one",)))
    request = replace(bench.request(), flavor="dddddddd-0000-4000-8000-00000000000f")
    with pytest.raises(Refused) as refused:
        bench.corral.adoption.manage(request, ACTOR)
    assert codes(refused.value) == ["vm-owned", "vm-transient", "vm-snapshots", "flavor-not-found"]


def test_a_plan_is_refused_when_the_vm_has_changed_and_not_when_it_was_moved(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    plan = bench.corral.plans.store([bench.request()], ACTOR)
    add_disk(made)
    with pytest.raises(Stale, match="changed since"):
        bench.corral.plans.apply(plan.uuid, ACTOR)
    plan = bench.corral.plans.store([bench.request()], ACTOR)
    move(made, VM, 1)
    _, [operation], _ = bench.corral.plans.apply(plan.uuid, ACTOR)
    assert (done := bench.finished(operation)).state == "succeeded", done.error


def test_a_vm_that_changes_between_apply_and_the_flow_is_left_alone(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made, start=False)
    _, operation = bench.manage()
    made.put(replace(made.vm(VM), owner="ovirt"))
    before = everything(made)
    bench.corral.start()
    ended = bench.finished(operation)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert [one["code"] for one in ended.error["reasons"]] == ["vm-owned"]
    assert everything(made) == before


def test_a_vm_that_is_another_one_than_the_plan_saw_is_left_alone(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made, start=False)
    _, operation = bench.manage()
    made.put(replace(made.vm(VM), cpus=64))
    before = everything(made)
    bench.corral.start()
    ended = bench.finished(operation)
    assert ended.error is not None
    assert (ended.state, ended.error["code"]) == ("reverted", "stale")
    assert everything(made) == before


def test_a_cancelled_adoption_leaves_the_vm_untouched(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made, start=False)
    before = everything(made)
    _, operation = bench.manage()
    made.faults = once(MARKING, lambda: bench.corral.engine.cancel(operation.uuid))
    bench.corral.start()
    assert bench.finished(operation).state == "cancelled"
    assert everything(made) == before


def test_a_vm_with_the_mac_of_a_server_is_refused(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    server = bench.managed()
    twin = replace(example_vm(example_host(1), 9), nics=made.vm(VM).nics)
    made.put(twin)
    with pytest.raises(Refused) as refused:
        bench.manage("app-02", twin.id)
    assert [(one.code, server.uuid in one.message) for one in refused.value.reasons] == [("mac-twice", True)]


def test_of_two_vms_with_one_mac_that_are_adopted_at_once_one_is_given_back(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made, start=False)
    twin = replace(example_vm(example_host(1), 9), nics=made.vm(VM).nics)
    made.put(twin)
    accepted = [bench.manage("app-01", VM), bench.manage("app-02", twin.id)]
    bench.corral.engine.start()  # and nobody surveys
    ended = [bench.finished(operation) for _, operation in accepted]
    assert sorted(one.state for one in ended) == ["reverted", "succeeded"]
    assert [mark.name for mark in made._marks.values()] == [
        server.name for (server, _), end in zip(accepted, ended, strict=True) if end.state == "succeeded"
    ]


@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.ADOPT])
def test_a_vm_is_never_switched_but_on_request(purpose: Purpose) -> None:
    made = hosts()
    with crossing(purpose), pytest.raises(Breach):
        made.switch(Where(VM, FIRST), PowerTarget.OFF)
    assert made.vm(VM).state is RunState.RUNNING


def test_a_reboot_whose_answer_was_lost_is_not_asked_for_twice(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    server, asked = bench.managed(), []

    def lost(told: str) -> None:
        if told.startswith("after PUT"):
            asked.append(told)
            raise OutcomeUnknown("cut off")

    made.faults = lost
    _, operation = bench.corral.servers.power(server, PowerTarget.REBOOT, ACTOR)
    ended = bench.finished(operation)
    assert len(asked) == 1
    assert ended.state == "reverted"
    found = bench.corral.servers.get(server.uuid)
    assert (found.status, found.power) == ("error", "power on")


def test_a_guest_is_given_its_time_to_stop(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    server, looks = bench.managed(), []

    def slow(told: str) -> None:
        looks.append(told)
        if len(looks) == 60:
            made.put(replace(made.vm(VM), state=RunState.OFF, run=""))

    made.guests_listen, made.faults = False, slow
    _, operation = bench.corral.servers.power(server, PowerTarget.SOFT_OFF, ACTOR)
    assert bench.finished(operation).state == "succeeded"
    assert bench.corral.servers.get(server.uuid).status == "stopped"


def test_a_guest_that_does_not_stop_runs_on_and_its_server_says_so(vms_of: Make) -> None:
    made = hosts()
    bench = vms_of(made)
    server = bench.managed()
    made.guests_listen = False
    _, operation = bench.corral.servers.power(server, PowerTarget.SOFT_OFF, ACTOR)
    assert bench.finished(operation).state == "reverted"
    found = bench.corral.servers.get(server.uuid)
    assert (found.status, found.power) == ("error", "power on")
    assert made.vm(VM).state is RunState.RUNNING


def test_the_record_of_a_vm_names_its_source_and_kind(vms_of: Make) -> None:
    bench = vms_of(hosts())
    server = bench.managed()
    assert (server.source, server.kind, server.flavor, server.snapshot) == (SOURCE, "vm", "", {"marked": True})
