"""What must never pass unseen: a machine that changes while it is adopted, and a call that is not allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fault_bench import ACTOR, LOOSE, NODE, PLUGGED, Bench, everything, memory

from corral.contracts.border import Purpose, crossing
from corral.domain.errors import Breach, Conflict, Refused, Stale
from corral.domain.machine import Power
from corral.drivers.memory.world import NicRecord, Node

Make = Callable[..., Bench]


def at(call: str, act: Callable[[], object]) -> Callable[[str], None]:
    """A hook that acts once, when that call leaves."""
    done: list[bool] = []

    def hook(told: str) -> None:
        if told.startswith(f"before {call}") and not done:
            done.append(True)
            act()

    return hook


def test_a_machine_that_reboots_while_it_is_adopted_is_given_back_and_the_proof_says_so(bench_of: Make) -> None:
    source = memory()
    bench, node = bench_of(source), source.world.nodes[NODE]

    def reboot() -> None:
        node.boots += 1

    source.faults = at("POST /v1/allocations", reboot)
    server, operation = bench.manage()
    ended = bench.finished(operation)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert ended.error["code"] == "disturbed"
    proof = bench.corral.servers.proof(server.uuid)[0]
    assert proof.verdict == "changed"
    assert [one.field for one in proof.differences] == ["boot"]
    assert node.instance_uuid is None


def test_a_machine_whose_power_changes_while_it_is_adopted_is_given_back(bench_of: Make) -> None:
    source = memory()
    bench, node = bench_of(source), source.world.nodes[NODE]

    def off() -> None:
        node.power, node.real_power = "power off", Power.OFF

    source.faults = at("POST /v1/allocations", off)
    _, operation = bench.manage()
    assert bench.finished(operation).state == "reverted"
    assert node.instance_uuid is None
    assert node.power == "power off", "Corral must not switch it back on either"


def test_the_record_and_its_name_are_free_again_after_a_failed_adoption(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    source.faults = at("POST /v1/allocations", lambda: setattr(source.world.nodes[NODE], "boots", 9))
    bench.finished(bench.manage()[1])
    source.faults = None
    assert bench.managed().name == "db-01"
    assert bench.told.count("server.manage.error") == 1
    assert bench.told.count("server.manage.end") == 1


def test_a_plan_is_refused_when_the_machine_has_changed_since(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    plan = bench.corral.plans.store([bench.request()], ACTOR)
    source.world.ports[LOOSE].mac = "52:54:00:00:00:99"
    before = everything(source)
    with pytest.raises(Stale, match="changed since"):
        bench.corral.plans.apply(plan.uuid, ACTOR)
    assert everything(source) == before


def test_a_machine_that_changes_between_apply_and_the_flow_is_left_alone(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source, start=False)
    _, operation = bench.manage()
    source.world.nodes[NODE].maintenance = True
    before = everything(source)
    bench.corral.start()
    ended = bench.finished(operation)
    assert ended.state == "reverted"
    assert ended.error is not None
    assert [one["code"] for one in ended.error["reasons"]] == ["maintenance"]
    assert everything(source) == before


def test_a_machine_that_stops_running_right_before_the_claim_is_left_alone(bench_of: Make) -> None:
    source = memory()
    bench, node = bench_of(source), source.world.nodes[NODE]
    source.faults = at("PATCH /v1/nodes", lambda: setattr(node, "provision_state", "deleting"))
    _, operation = bench.manage()
    assert bench.finished(operation).state == "reverted"
    assert (node.instance_uuid, node.protected, source.world.allocations) == (None, False, {})


def test_a_port_that_is_taken_right_before_it_is_bound_stays_with_who_took_it(bench_of: Make) -> None:
    source = memory()
    bench, node, port = bench_of(source), source.world.nodes[NODE], source.world.ports[PLUGGED]

    def take() -> None:
        port.device, port.device_owner, port.revision = "theirs", "compute:nova", port.revision + 1

    source.faults = at("PUT /v2.0/ports", take)
    _, operation = bench.manage()
    assert bench.finished(operation).state == "reverted"
    assert (port.device, port.device_owner) == ("theirs", "compute:nova")
    assert (node.instance_uuid, node.protected, source.world.allocations) == (None, False, {})


def test_a_call_that_is_not_allowed_is_stopped_at_the_border_and_fails_the_operation(
    bench_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = memory()
    bench = bench_of(source)
    before = everything(source)
    machines = source.source.machines
    # A defect, played: claiming a node would switch it off instead.
    monkeypatch.setattr(type(machines), "claim", lambda self, machine, *_: self.switch(machine, "off"))
    server, operation = bench.manage()
    ended = bench.finished(operation)
    assert ended.error is not None
    assert ended.error["code"] == "forbidden-call"
    assert everything(source) == before
    stopped = [call for call in bench.corral.servers.proof(server.uuid)[0].row.calls if not call.allowed]
    assert [(call.method, call.outcome) for call in stopped] == [("PUT", "refused at the border")]


@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.ADOPT])
def test_power_is_never_switched_but_on_request(purpose: Purpose) -> None:
    source = memory()
    with crossing(purpose), pytest.raises(Breach):
        source.source.machines.switch(NODE, "off")  # type: ignore[attr-defined]
    assert source.world.nodes[NODE].power == "power on"


def test_a_cancelled_adoption_leaves_the_machine_untouched(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    before = everything(source)
    source.faults = at("POST /v2.0/ports", lambda: bench.corral.engine.cancel(started[0]))
    started: list[str] = []
    bench.corral.engine.stop()
    server, operation = bench.manage()
    started.append(operation.uuid)
    bench.corral.start()
    ended = bench.finished(operation)
    assert ended.state == "cancelled"
    assert everything(source) == before
    assert bench.corral.servers.proof(server.uuid)[0].forbidden == 0


def test_a_bound_port_that_is_not_plugged_in_is_recorded_and_left_as_it_is(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    source.world.ports[LOOSE].host = NODE
    before = everything(source)
    server = bench.managed()
    assert "port-bound-not-plugged" in [one["code"] for one in server.warnings]
    assert source.world.ports[LOOSE].mac == before["ports"][LOOSE]["mac"]
    assert [nic.plugged for nic in server.nics if nic.port == LOOSE] == [False]
    _, operation = bench.corral.adoption.unmanage(server, ACTOR)
    assert bench.finished(operation).state == "succeeded"
    assert everything(source) == before


def test_a_machine_that_is_gone_from_its_source_can_be_let_go(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    node = source.world.nodes[NODE]
    node.protected, node.maintenance = False, True
    source.world.remove_node(NODE)
    _, operation = bench.corral.adoption.unmanage(server, ACTOR)
    assert bench.finished(operation).state == "succeeded"
    assert set(source.world.ports) == {PLUGGED, LOOSE}
    assert source.world.ports[LOOSE].device == ""


def test_unmanage_twice_is_a_conflict(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    bench.corral.engine.stop()
    leaving, _ = bench.corral.adoption.unmanage(server, ACTOR)
    with pytest.raises(Conflict):
        bench.corral.adoption.unmanage(leaving, ACTOR)
    bench.corral.start()


def test_a_bmc_that_does_not_answer_once_is_no_disturbance(bench_of: Make) -> None:
    source = memory()
    bench, node = bench_of(source), source.world.nodes[NODE]
    looks: list[str] = []

    def hook(told: str) -> None:
        if told.startswith("after PATCH"):
            node.bmc_error = "timed out"
        if told.startswith("before GET /redfish") and node.bmc_error:
            looks.append(told)
        if told.startswith("after GET /v1/ports") and looks:
            node.bmc_error = ""

    source.faults = hook
    assert bench.managed().status == "active"
    assert looks


def test_a_plan_that_names_a_machine_twice_says_which_entry_did_so_first(bench_of: Make) -> None:
    bench = bench_of(memory())
    plan = bench.corral.adoption.plan([bench.request("one"), bench.request("two")], ACTOR)
    assert plan.items[0].adoptable
    told = {one.code: one.message for one in plan.items[1].reasons}
    assert told["machine-twice"].startswith("Entry 1 ")
    assert "port-twice" in told


def test_mogans_form_takes_no_flavor_that_the_project_may_not_use(bench_of: Make) -> None:
    bench = bench_of(memory())
    private = {"name": "aaa", "resources": {"gold": "1"}, "is_public": False}
    bench.corral.flavors.create(private, ACTOR)
    with pytest.raises(Refused) as refused:
        bench.corral.adoption.manage_by_class("db-01", NODE, None, {}, ACTOR)
    assert [one.code for one in refused.value.reasons] == ["no-flavor"]
    public = bench.flavor_named("zzz")
    server, _ = bench.corral.adoption.manage_by_class("db-01", NODE, None, {}, ACTOR)
    assert server.flavor == public.uuid


def test_a_machine_with_the_mac_of_a_managed_one_is_refused(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    first = bench.managed()
    assert len(first.macs) == 3
    twin = Node(
        "aaaaaaaa-0000-4000-8000-000000000002",
        "twin",
        resource_class="gold",
        nics=[NicRecord("eeeeeeee-0000-4000-8000-000000000009", first.macs[0].upper())],
    )
    source.world.add_node(twin)
    verdict = bench.corral.inventory.judge(source.source, source.source.machines.observe("twin"))
    assert [one.message for one in verdict.reasons if one.code == "mac-taken"] == [
        f"MAC {first.macs[0]} already belongs to server {first.uuid}."
    ]
