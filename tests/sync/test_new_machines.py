"""New machines that rules adopt, and those that they leave to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sync_bench import ACTOR, Bench, node_id
from vms_bench import VM, VmBench

from corral.contracts.border import Purpose, crossing
from corral.contracts.syncing import Told
from corral.contracts.virtual import Mark, Where
from corral.domain.drift import Drift, DriftState, Field
from corral.domain.errors import Invalid
from corral.domain.lifecycle import Status
from corral.domain.server import Server
from corral.domain.sync_policy import read_policy
from corral.drivers.memory.hosts import example_host, example_vm
from corral.services.sync_acts import REFUSED
from corral.services.sync_adopting import Newcomer, by_turns, chosen
from corral.store.drift import DriftFilter
from corral.store.servers import ServerFilter
from corral.store.sync_rules import Remembered

RULE = {"project": "bank", "name": "node-*", "mapping": {"flavor": "gold"}}
VM_RULE = {"project": "bank", "mapping": {"rules": [{"project": "bank", "name": "by-rule-{name}"}]}}
OPEN = {"brake": {"percent": 100, "least": 100}}
OTHER = example_vm(example_host(0), 1)


def servers(one: VmBench) -> dict[str, Server]:
    found = one.corral.servers.page(
        ServerFilter(source="racks"), limit=100, marker=None, sort_key="name", descending=False
    )
    return {server.machine: server for server in found}


def news(one: VmBench | Bench) -> dict[str, Drift]:
    """What is known of new machines, by machine."""
    found = one.corral.drift.page(DriftFilter(field=Field.NEW), limit=100)
    return {row.machine: row for row in found}


def let_go(one: VmBench | Bench, server: Server) -> None:
    _, operation = one.corral.adoption.unmanage(server, ACTOR)
    assert one.corral.engine.wait(operation.uuid, 90).state == "succeeded"


# --- VMs --------------------------------------------------------------------------------------------------


def test_new_vms_are_adopted_by_the_mapping_of_the_rule_that_is_for_them(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate", adopt=[{**VM_RULE, "name": "vm-0000[12]"}], **OPEN)
    one.looks(4)
    found = servers(one)
    assert sorted(server.name for server in found.values()) == ["app-01", "by-rule-vm-00001", "by-rule-vm-00002"]
    assert {server.project for server in found.values()} == {"bank"}
    assert found[OTHER.id].status is Status.ACTIVE
    # The one that no rule is for is told, and left as it is.
    [(vm, drift)] = news(one).items()
    assert (vm, drift.state, drift.why) == (
        example_vm(example_host(1), 3).id,
        DriftState.OPEN,
        "No rule adopts it.",
    )


def test_without_rules_nobody_looks_for_new_vms(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="sync")
    one.looks(3)
    assert news(one) == {}


def test_a_vm_that_somebody_let_go_is_not_adopted_again_by_a_rule(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate", adopt=[VM_RULE], **OPEN)
    let_go(one, one.server())
    one.looks(4)
    assert VM not in servers(one)
    assert len(servers(one)) == 3
    assert "let it go" in news(one)[VM].why
    assert news(one)[VM].why.startswith("operator")


def test_a_vm_that_is_anothers_is_told_with_the_reason_and_never_taken(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate", adopt=[VM_RULE], **OPEN)
    theirs = Mark("dddddddd-0000-4000-8000-000000000001", "theirs")
    with crossing(Purpose.ADOPT):
        one.hosts.mark(Where(OTHER.id, OTHER.host), theirs)
    one.looks(5)
    assert OTHER.id not in servers(one)
    assert news(one)[OTHER.id].why.startswith(REFUSED)
    assert "mark" in news(one)[OTHER.id].why


def test_more_new_vms_than_are_believed_wait_for_somebody_to_release_the_brake(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate", adopt=[VM_RULE], brake={"percent": 5, "least": 2})
    one.looks(4)
    assert len(servers(one)) == 1
    assert {drift.state for drift in news(one).values()} == {DriftState.HELD}
    one.corral.drift.release("racks", ACTOR)
    one.looks(2)
    assert len(servers(one)) == 4


def test_a_vm_on_a_host_that_does_not_answer_is_not_new(vms: Callable[..., VmBench]) -> None:
    one = vms(policy="tolerate", adopt=[VM_RULE], **OPEN)
    one.hosts.silence(example_host(1).id)
    one.looks(4)
    assert {server.host for server in servers(one).values()} == {example_host(0).id}
    assert news(one) == {}


def test_a_rule_that_could_adopt_no_vm_is_refused_with_its_place(vms: Callable[..., VmBench]) -> None:
    with pytest.raises(Invalid, match=r"sources.racks.adopt\[0\].resource_class"):
        vms(adopt=[{**VM_RULE, "resource_class": "gold"}])
    with pytest.raises(Invalid, match=r"sources.racks.adopt\[0\].mapping.*networks"):
        vms(adopt=[{"project": "bank", "mapping": {"networks": ["tenant"]}}])


# --- nodes ------------------------------------------------------------------------------------------------


def test_a_node_that_somebody_let_go_is_not_adopted_again_by_a_rule(bench: Callable[..., Bench]) -> None:
    one = bench(machines=2, policy="tolerate", adopt=[RULE], brake={"least": 10})
    one.adopt(1)
    let_go(one, one.server(1))
    one.looks(4)
    assert [server.machine for server in one.servers()] == [node_id(2)]
    assert "let it go" in news(one)[node_id(1)].why
    one.adopt(1)  # a person may
    one.looks(2)
    assert len(one.servers()) == 2
    assert news(one) == {}


def test_a_node_that_is_anothers_is_never_taken(bench: Callable[..., Bench]) -> None:
    one = bench(machines=1, policy="tolerate", adopt=[RULE], brake={"least": 10})
    one.node(1).instance_uuid = "dddddddd-0000-4000-8000-000000000001"
    one.looks(4)
    assert one.servers() == []
    assert news(one) == {}


def test_an_adoption_that_ends_undone_is_begun_three_times_and_then_left_to_people(bench: Callable[..., Bench]) -> None:
    one = bench(machines=1, policy="tolerate", adopt=[RULE], brake={"least": 10})

    def restarted(moment: str) -> None:
        # Somebody switches the machine off in the middle of each adoption.
        if moment.startswith("after PATCH"):
            one.node(1).power = "power off"

    one.memory.faults = restarted
    for _ in range(8):
        one.node(1).power = "power on"
        one.looks(2)
    begun = [it for it in one.corral.engine.operations(limit=100) if it.kind == "manage"]
    assert len(begun) == 3
    assert one.servers() == []
    assert "3 times" in news(one)[node_id(1)].why
    one.memory.faults = None
    one.node(1).power = "power on"
    one.clock.wait(timedelta(days=1).total_seconds())
    one.looks(3)
    assert len(one.servers()) == 1


# --- whose turn it is -------------------------------------------------------------------------------------


def test_those_that_were_refused_keep_nobody_from_their_turn_and_come_by_turns(bench: Callable[..., Bench]) -> None:
    one = bench(machines=1, policy="tolerate", adopt=[RULE])
    one.looks(1)
    [drift] = one.drifts("settling")
    (rule,) = read_policy({"sources": {"lab": {"adopt": [RULE]}}})["lab"].adopt or ()

    def refused(number: int) -> Newcomer:
        row = replace(
            drift, machine=node_id(number), why=f"{REFUSED} no", last_seen_at=drift.last_seen_at + timedelta(number)
        )
        return Newcomer(rule, replace(drift, machine=node_id(number)), row)

    old = [refused(number) for number in range(60, 0, -1)]
    fresh = [Newcomer(rule, replace(drift, machine=node_id(number))) for number in range(100, 160)]
    now, later = by_turns([*old, *fresh], 50)
    assert [it.drift.machine for it in now[:50]] == [node_id(number) for number in range(100, 150)]
    assert [it.drift.machine for it in now[50:]] == [node_id(number) for number in range(1, 6)]
    assert len(later) == 10 + 55
    assert later[-1].waiting.why == f"{REFUSED} no"  # what is known of it stays


def test_what_rules_remember_of_a_machine_goes_before_every_rule(bench: Callable[..., Bench]) -> None:
    now = bench(machines=0).clock()
    rules = read_policy({"sources": {"lab": {"adopt": [RULE]}}})["lab"].adopt or ()
    told = Told("x", "node-1", free=True)
    assert chosen(told, rules, None, now)[0] is rules[0]
    assert chosen(Told("x", "other", free=True), rules, None, now)[0] is None
    assert chosen(told, rules, Remembered(let_go_at=now), now)[0] is None
    tries = tuple(now - timedelta(hours=hours) for hours in (1, 2, 30))
    assert chosen(told, rules, Remembered(tries=tries), now)[0] is rules[0]
    assert chosen(told, rules, Remembered(tries=(*tries, now)), now)[0] is None
