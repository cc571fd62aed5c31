"""When a plan still holds, and when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from domain_world import FLAVOR, NETWORK, NODE, PORT, PROJECT, by_net, flavor, machine, network, port, request

from corral.domain.digest import digest, plain
from corral.domain.machine import Power
from corral.domain.plan import Plan, PlanItem, Step, basis
from corral.domain.reasons import reason
from corral.domain.server import ManageRequest

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def the_basis(**changes: object) -> str:
    return basis(machine(**changes), {PORT: port()}, {NETWORK: network()}, flavor(), True)


def item(wish: ManageRequest = request(), seen: str = "seen", reasons: tuple = ()) -> PlanItem:  # type: ignore[type-arg]
    return PlanItem(wish, "lab", NODE, "bank-db-01", PROJECT, seen, reasons, (Step("Claim it", "PATCH /v1/nodes"),))


def plan(*items: PlanItem) -> Plan:
    return Plan(uuid="p", project=PROJECT, user=None, items=items, created_at=NOW)


def test_the_same_observation_has_the_same_basis() -> None:
    assert the_basis() == the_basis()


def test_times_reasons_in_words_and_unjudged_properties_do_not_make_a_plan_stale() -> None:
    assert the_basis() == the_basis(updated_at=NOW, created_at=NOW, power_error="x", properties={"cpus": 2})


def test_a_lock_a_fault_or_an_unreadable_answer_makes_a_plan_stale() -> None:
    seen = {the_basis(), the_basis(reserved_by="c"), the_basis(fault="power failure"), the_basis(problem="no object")}
    assert len(seen) == 4


def test_being_asked_in_vain_for_the_power_is_another_fact_than_not_being_asked() -> None:
    assert the_basis(observed_power=None, power_asked=True) != the_basis(observed_power=None)


def test_a_changed_power_claim_port_network_flavor_or_image_makes_a_plan_stale() -> None:
    ports, networks = {PORT: port()}, {NETWORK: network()}
    seen = [
        basis(machine(), ports, networks, flavor(), True),
        basis(machine(observed_power=Power.OFF), ports, networks, flavor(), True),
        basis(machine(claimed_by="x"), ports, networks, flavor(), True),
        basis(machine(), {PORT: port(project="q")}, networks, flavor(), True),
        basis(machine(), {}, networks, flavor(), True),
        basis(machine(), ports, {NETWORK: network(shared=True)}, flavor(), True),
        basis(machine(), ports, networks, flavor(disabled=True), True),
        basis(machine(), ports, networks, flavor(uuid="another"), True),
        basis(machine(), ports, networks, flavor(resources={"silver": "1"}), True),
        basis(machine(), ports, networks, None, True),
        basis(machine(), ports, networks, flavor(), False),
    ]
    assert len(set(seen)) == len(seen)


def test_a_flavor_that_is_renamed_does_not_make_a_plan_stale() -> None:
    ports, networks = {PORT: port()}, {NETWORK: network()}
    renamed = flavor(name="gold-2", description="new words")
    assert basis(machine(), ports, networks, flavor(), True) == basis(machine(), ports, networks, renamed, True)


def test_two_plans_for_one_wish_on_one_world_have_one_digest() -> None:
    assert plan(item()).digest == replace(plan(item()), uuid="q", user="u").digest


def test_another_wish_another_world_or_another_machine_is_another_digest() -> None:
    plans = [
        plan(item()),
        plan(item(request(by_net(NETWORK)))),
        plan(item(seen="seen later")),
        plan(replace(item(), machine="other")),
        plan(replace(item(), source="other")),
        plan(item(), item()),
    ]
    assert len({one.digest for one in plans}) == len(plans)


def test_an_item_is_adoptable_with_warnings_and_not_with_a_blocker() -> None:
    assert item(reasons=(reason("no-image"),)).adoptable
    assert not item(reasons=(reason("no-image"), reason("no-nics", node="n"))).adoptable


def test_a_step_that_sends_nothing_names_no_call() -> None:
    assert Step("Observe and check the machine again").call == ""


def test_a_request_survives_being_stored_with_the_plan() -> None:
    wish = replace(request(by_net(NETWORK)), metadata={"k": "v"}, project=PROJECT, source="lab")
    assert ManageRequest.from_json(wish.as_json()) == wish
    assert wish.as_json()["flavor_uuid"] == FLAVOR


def test_the_digest_of_data_does_not_depend_on_the_kind_of_its_containers() -> None:
    assert digest({"a": (1, 2), "b": {"x", "y"}}) == digest({"b": ["x", "y"], "a": [1, 2]})
    assert plain({"at": NOW}) == {"at": "2025-01-01T00:00:00+00:00"}


def test_a_digest_is_the_same_on_every_machine() -> None:
    assert digest({"b": 1, "a": "é"}) == "6d9eb45284090145dc16661b06abe01185a16a7dabba07c992a131bffa6b8114"
