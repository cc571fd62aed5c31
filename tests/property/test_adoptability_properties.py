"""What holds for the judgement on any machine, however odd."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from domain_strategies import MACS, UUIDS, flavors, machines, projects, requests, surroundings
from hypothesis import assume, given
from hypothesis import strategies as st

from corral.domain.adoptability import Surroundings, free_macs, machine_reasons, request_reasons
from corral.domain.machine import Machine, Power, normal_mac
from corral.domain.plan import PlanItem
from corral.domain.reasons import CATALOGUE, Reason, blockers, warnings
from corral.domain.server import Flavor, ManageRequest, normal_class


def codes(reasons: tuple[Reason, ...]) -> set[str]:
    return {one.code for one in reasons}


@given(machine=machines, around=surroundings, wish=requests, flavor=st.none() | flavors, project=projects)
def test_any_machine_gets_an_answer_from_the_catalogue_and_always_the_same_one(
    machine: Machine, around: Surroundings, wish: ManageRequest, flavor: Flavor | None, project: str
) -> None:
    before = copy.deepcopy((machine, around, wish, flavor))
    given_twice = [
        (*machine_reasons(machine, around), *request_reasons(machine, wish, flavor, project, around)) for _ in range(2)
    ]
    assert given_twice[0] == given_twice[1]
    assert codes(given_twice[0]) <= CATALOGUE.keys()
    assert all(one.message and one.fix for one in given_twice[0])
    assert (machine, around, wish, flavor) == before


@given(machine=machines, around=surroundings, wish=requests, flavor=st.none() | flavors, project=projects)
def test_a_machine_is_adoptable_exactly_when_nothing_blocks(
    machine: Machine, around: Surroundings, wish: ManageRequest, flavor: Flavor | None, project: str
) -> None:
    reasons = (*machine_reasons(machine, around), *request_reasons(machine, wish, flavor, project, around))
    item = PlanItem(wish, "lab", machine.id, machine.name, project, "seen", reasons, ())
    assert item.adoptable is (not any(CATALOGUE[one.code].severity == "blocker" for one in reasons))
    assert sorted(map(str, (*blockers(reasons), *warnings(reasons)))) == sorted(map(str, reasons))


BLOCKS: dict[str, tuple[str, dict[str, Any]]] = {
    "maintenance": ("maintenance", {"maintenance": True}),
    "retired": ("retired", {"retired": True}),
    "a lock": ("busy", {"reserved_by": "conductor-1"}),
    "a fault": ("fault", {"fault": "power failure"}),
    "a claim": ("claimed", {"claimed_by": "another instance"}),
    "another state": ("not-active", {"provision_state": "cleaning"}),
    "no resource class": ("no-resource-class", {"resource_class": None}),
    "a power change": ("power-changing", {"target_power": "soft rebooting"}),
    "no power": ("power-unknown", {"power": Power.UNKNOWN, "observed_power": None}),
    "no NICs": ("no-nics", {"nics": ()}),
}
SAYS_THE_SAME_OF_THE_SAME_FACT = {
    # The fact that is replaced took these reasons with it: they were about the value that it had before.
    "no power": {"power-untrue", "power-off", "power-unverified"},
    "no NICs": {"port-missing", "port-mac-mismatch", "mac-taken"},
}


@pytest.mark.parametrize("what", BLOCKS)
@given(machine=machines, around=surroundings)
def test_one_blocker_more_never_hides_another_one(what: str, machine: Machine, around: Surroundings) -> None:
    assume(not machine.problem)
    code, change = BLOCKS[what]
    before = codes(machine_reasons(machine, around))
    after = codes(machine_reasons(dataclasses.replace(machine, **change), around))
    assert code in after
    assert before - SAYS_THE_SAME_OF_THE_SAME_FACT.get(what, set()) <= after


@given(machine=machines, around=surroundings, server=st.sampled_from(UUIDS))
def test_a_record_of_ours_hides_only_the_claim_that_is_our_own(
    machine: Machine, around: Surroundings, server: str
) -> None:
    assume(not machine.problem)
    ours = dataclasses.replace(around, managed={machine.id: server})
    hidden = codes(machine_reasons(machine, around)) - codes(machine_reasons(machine, ours))
    assert hidden <= ({"claimed"} if machine.claimed_by == server else set())


@given(machine=machines, around=surroundings)
def test_an_unreadable_machine_has_that_one_reason(machine: Machine, around: Surroundings) -> None:
    unreadable = dataclasses.replace(machine, problem="not what it should be")
    assert codes(machine_reasons(unreadable, around)) == {"unreadable"}


@given(machine=machines, around=surroundings, wish=requests)
def test_new_ports_only_ever_get_real_free_nics(machine: Machine, around: Surroundings, wish: ManageRequest) -> None:
    free = free_macs(machine, wish, around)
    named = {around.ports[one.port_id].mac for one in wish.networks if one.port_id and one.port_id in around.ports}
    unplugged = {nic.mac for nic in machine.nics if nic.vif is None and nic.group is None}
    assert set(free) <= unplugged - named - {""}


@given(machine=machines, around=surroundings, wish=requests, project=projects)
def test_more_new_ports_than_free_nics_always_block(
    machine: Machine, around: Surroundings, wish: ManageRequest, project: str
) -> None:
    wanted = sum(1 for one in wish.networks if one.net_id)
    told = "no-free-nic" in codes(request_reasons(machine, wish, None, project, around))
    assert told is (wanted > len(free_macs(machine, wish, around)))


@given(text=st.text() | st.text(alphabet="0123456789abcdefABCDEF:-. ", max_size=30))
def test_normalising_a_mac_twice_changes_nothing_more(text: str) -> None:
    assert normal_mac(normal_mac(text)) == normal_mac(text)


@given(mac=st.sampled_from(MACS), separator=st.sampled_from([":", "-", "."]), upper=st.booleans())
def test_case_and_separator_of_a_mac_do_not_matter(mac: str, separator: str, upper: bool) -> None:
    written = mac.replace(":", separator)
    assert normal_mac(written.upper() if upper else written) == mac


@given(name=st.text())
def test_normalising_a_resource_class_twice_changes_nothing_more(name: str) -> None:
    once = normal_class(name)
    assert normal_class(once) == once
    assert once.startswith("CUSTOM_")
    assert all(char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" for char in once)
