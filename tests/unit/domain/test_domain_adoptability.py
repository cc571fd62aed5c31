"""Which reasons are given for a machine and for a request, and which are not."""

from __future__ import annotations

import dataclasses

import pytest
from domain_world import (
    FLAVOR,
    IMAGE,
    MAC,
    NETWORK,
    NIC,
    NO_PORTS,
    NODE,
    OTHER_PROJECT,
    PORT,
    PROJECT,
    SERVER,
    SPARE_MAC,
    SPARE_NIC,
    SPARE_PORT,
    around,
    by_net,
    by_port,
    codes,
    flavor,
    judged,
    judged_for,
    machine,
    network,
    port,
    request,
    spare_port,
)

from corral.domain.adoptability import Surroundings, free_macs, owner_project, request_reasons
from corral.domain.machine import Machine, Nic, Power
from corral.domain.reasons import CATALOGUE, Reason, Severity, blockers
from corral.domain.reasons_of_cloud import CLOUD
from corral.domain.reasons_of_vms import VMS

TWO_NICS = (NIC, SPARE_NIC)


def test_a_running_active_node_with_its_ports_and_image_in_order_has_no_reasons() -> None:
    assert judged(machine()) == ()
    assert judged_for(request()) == ()


# --- each code, from the facts that call for it -----------------------------------------------------------

OF_THE_MACHINE: dict[str, tuple[Machine, Surroundings]] = {
    "not-active": (machine(provision_state="available"), around()),
    "claimed": (machine(claimed_by=SERVER), around()),
    "already-managed": (machine(claimed_by=SERVER), around(managed={NODE: SERVER})),
    "no-resource-class": (machine(resource_class=None), around()),
    "maintenance": (machine(maintenance=True, maintenance_reason="bad DIMM"), around()),
    "retired": (machine(retired=True, retired_reason="out of warranty"), around()),
    "busy": (machine(reserved_by="conductor-1"), around()),
    "fault": (machine(fault="power failure"), around()),
    "protected-already": (machine(protected=True, protected_reason="audit"), around()),
    "power-unknown": (machine(power=Power.UNKNOWN, observed_power=None, power_error="BMC timed out"), around()),
    "power-changing": (machine(target_power="power off"), around()),
    "power-untrue": (machine(observed_power=Power.OFF), around()),
    "power-unverified": (machine(observed_power=None, power_asked=True, power_error="401"), around()),
    "power-off": (machine(power=Power.OFF, observed_power=Power.OFF), around()),
    "no-nics": (machine(nics=()), around()),
    "mac-taken": (machine(), around(mac_holders={MAC: "server web-01"})),
    "port-missing": (machine(), NO_PORTS),
    "port-mac-mismatch": (machine(), around(port(mac="52:54:00:ee:ee:01"))),
    "no-image": (machine(image=None), around()),
    "image-not-a-uuid": (machine(image="http://images.example/debian.qcow2"), around()),
    "image-not-found": (machine(), around(images=())),
    "unreadable": (machine(problem="properties is no object"), around()),
}

OF_THE_REQUEST: dict[str, tuple[Reason, ...]] = {
    "flavor-not-found": request_reasons(machine(), request(), None, PROJECT, around()),
    "flavor-disabled": judged_for(request(), sold_as=flavor(disabled=True)),
    "flavor-private": judged_for(request(), sold_as=flavor(is_public=False, projects=(OTHER_PROJECT,))),
    "flavor-mismatch": judged_for(request(), sold_as=flavor(resources={"silver": "1"})),
    "node-of-another-project": judged_for(request(), of=machine(owner=OTHER_PROJECT)),
    "port-not-found": judged_for(request(by_port(PORT, SPARE_PORT)), of=machine(nics=TWO_NICS)),
    "port-bound-not-plugged": judged_for(
        request(by_port(PORT, SPARE_PORT)), around(port(), spare_port(host=NODE)), of=machine(nics=TWO_NICS)
    ),
    "port-twice": judged_for(request(by_port(PORT, PORT))),
    "port-bound-elsewhere": judged_for(request(), around(port(device=SERVER, device_owner="compute:nova"))),
    "port-managed-already": judged_for(request(), around(port_servers={PORT: SERVER})),
    "port-of-another-project": judged_for(request(), around(port(project=OTHER_PROJECT))),
    "vif-not-listed": judged_for(request(by_net(NETWORK)), around(networks=[network()]), of=machine(nics=TWO_NICS)),
    "network-not-found": judged_for(request((*by_port(PORT), *by_net(NETWORK))), of=machine(nics=TWO_NICS)),
    "network-of-another-project": judged_for(
        request((*by_port(PORT), *by_net(NETWORK))),
        around(networks=[network(project=OTHER_PROJECT)]),
        of=machine(nics=TWO_NICS),
    ),
    "no-free-nic": judged_for(request((*by_port(PORT), *by_net(NETWORK))), around(networks=[network()])),
}

GIVEN_ELSEWHERE = {"vif-not-kept", "no-flavor", "name-taken", "node-not-found", "machine-twice"}
"""Codes that need what only the services and flows know; their own tests raise them."""

OF_PROVISIONING = {"not-available", "protected", "not-restorable"}
"""Codes of machines that can't be provisioned: see test_domain_deployability."""

OF_PODS = {"not-composable"}
"""Codes of what a pod refuses: the contract suite of pods meets them."""

OF_VMS = VMS.keys() - OF_THE_MACHINE.keys()
"""Codes of virtual machines: test_vm_adoptability, test_vm_requests and test_mapping_vms try them."""

OF_CLOUD = CLOUD.keys()
"""Codes of what can't be recorded in a cloud: test_gaps_volumes and test_gaps_ports try them."""

WARNINGS = {
    "vif-not-listed",
    "vif-not-kept",
    "port-bound-not-plugged",
    "image-not-found",
    "image-not-a-uuid",
    "no-image",
    "power-unverified",
    "power-off",
    "protected-already",
    "vm-halted",
    "vm-saved",
    "vm-no-nics",
    "vm-encrypted",
    "disk-volatile",
    "agent-missing",
    "disk-shareable",
    "disk-backed",
    "disk-path-fleeting",
    "disk-not-in-pool",
    "nic-unplugged",
    "address-twice",
}


@pytest.mark.parametrize("code", OF_THE_MACHINE)
def test_a_machine_with_one_thing_amiss_gets_exactly_the_reason_for_it(code: str) -> None:
    one, surroundings = OF_THE_MACHINE[code]
    assert codes(judged(one, surroundings)) == [code]


@pytest.mark.parametrize("code", OF_THE_REQUEST)
def test_a_request_with_one_thing_amiss_gets_exactly_the_reason_for_it(code: str) -> None:
    assert codes(OF_THE_REQUEST[code]) == [code]


def test_no_code_of_the_catalogue_is_left_without_a_test() -> None:
    of_nodes = OF_THE_MACHINE.keys() | OF_THE_REQUEST.keys() | GIVEN_ELSEWHERE | OF_PROVISIONING
    assert of_nodes | OF_PODS | OF_VMS | OF_CLOUD == CATALOGUE.keys()
    assert not of_nodes & OF_VMS


@pytest.mark.parametrize("code", sorted(CATALOGUE.keys() - OF_CLOUD))
def test_only_what_is_harmless_is_a_warning(code: str) -> None:
    wanted = Severity.WARNING if code in WARNINGS else Severity.BLOCKER
    assert CATALOGUE[code].severity is wanted


@pytest.mark.parametrize("code", OF_THE_MACHINE)
def test_the_reason_shown_carries_the_severity_of_the_catalogue(code: str) -> None:
    (one,) = judged(*OF_THE_MACHINE[code])
    assert one.blocks is (code not in WARNINGS)


# --- many at once -----------------------------------------------------------------------------------------


def test_all_reasons_are_given_at_once_and_not_only_the_first() -> None:
    broken = machine(
        provision_state="available",
        resource_class=None,
        maintenance=True,
        retired=True,
        fault="clean failure",
        reserved_by="conductor-1",
        power=Power.UNKNOWN,
        observed_power=None,
        target_power="power on",
        image=None,
    )
    assert codes(judged(broken, NO_PORTS)) == [
        "not-active",
        "no-resource-class",
        "maintenance",
        "retired",
        "busy",
        "fault",
        "power-changing",
        "power-unknown",
        "port-missing",
        "no-image",
    ]


def test_a_request_too_gets_all_reasons_at_once() -> None:
    surroundings = around(port(project=OTHER_PROJECT, device="elsewhere"))
    wish = request((*by_port(PORT, PORT, SPARE_PORT), *by_net(NETWORK)))
    given = judged_for(wish, surroundings, of=machine(owner=OTHER_PROJECT), sold_as=flavor(disabled=True))
    assert codes(given) == [
        "flavor-disabled",
        "node-of-another-project",
        "port-twice",
        "port-bound-elsewhere",
        "port-of-another-project",
        "port-not-found",
        "network-not-found",
        "no-free-nic",
    ]


def test_of_an_unreadable_machine_nothing_else_is_claimed() -> None:
    given = judged(machine(problem="power_state is a list", provision_state="", maintenance=True), NO_PORTS)
    assert codes(given) == ["unreadable"]
    assert "power_state is a list" in given[0].message


def test_each_dead_vif_is_named_with_its_nic() -> None:
    second = dataclasses.replace(SPARE_NIC, vif=SPARE_PORT)
    given = judged(machine(nics=(NIC, second)), NO_PORTS)
    assert codes(given) == ["port-missing", "port-missing"]
    assert PORT in given[0].message and MAC in given[0].message
    assert SPARE_PORT in given[1].message and SPARE_MAC in given[1].message


# --- ownership of the machine -----------------------------------------------------------------------------


def test_a_claim_by_somebody_else_is_told_even_when_our_own_record_has_the_machine() -> None:
    given = judged(machine(claimed_by="somebody"), around(managed={NODE: SERVER}))
    assert codes(given) == ["already-managed", "claimed"]


def test_a_record_of_ours_without_a_claim_at_the_source_still_blocks() -> None:
    assert codes(judged(machine(), around(managed={NODE: SERVER}))) == ["already-managed"]


@pytest.mark.parametrize(
    "owners", [{"owner": PROJECT}, {"lessee": PROJECT}, {"owner": OTHER_PROJECT, "lessee": PROJECT}]
)
def test_the_owner_or_the_lessee_of_a_node_may_have_the_server(owners: dict[str, str]) -> None:
    assert judged_for(request(), of=machine(**owners)) == ()


def test_owner_and_lessee_are_both_named_when_neither_is_the_project() -> None:
    (given,) = judged_for(request(), of=machine(owner="a", lessee="b"))
    assert "a or b" in given.message


def test_why_a_node_is_in_maintenance_or_retired_is_quoted() -> None:
    given = judged(machine(maintenance=True, maintenance_reason="bad DIMM", retired=True))
    assert given[0].message == "It is in maintenance (bad DIMM)."
    assert given[1].message == "It is retired."


# --- power ------------------------------------------------------------------------------------------------


def test_a_power_target_that_is_reached_already_is_no_change_under_way() -> None:
    assert judged(machine(target_power="power on")) == ()


def test_a_machine_that_nobody_can_ask_for_its_power_gets_no_warning_in_a_list() -> None:
    assert judged(machine(observed_power=None, power_asked=False)) == ()


def test_a_record_of_off_for_a_running_machine_blocks() -> None:
    given = judged(machine(power=Power.OFF, observed_power=Power.ON))
    assert codes(blockers(given)) == ["power-untrue"]
    assert "'power off'" in given[0].message and "'power on'" in given[0].message


# --- MACs -------------------------------------------------------------------------------------------------


def test_a_port_group_without_a_mac_is_no_mac_of_the_machine() -> None:
    group = Nic(id="group-0", mac="", bond=True)
    assert machine(nics=(NIC, group)).macs == {MAC}


def test_a_mismatch_names_the_macs_that_would_fit() -> None:
    (given,) = judged(machine(nics=TWO_NICS), around(port(mac="52:54:00:ee:ee:01")))
    assert f"{MAC}, {SPARE_MAC}" in given.fix


def test_a_mismatch_with_a_machine_without_macs_says_that_there_is_none() -> None:
    group = Nic(id="group-0", mac="", vif=PORT, bond=True)
    (given,) = judged(machine(nics=(group,)))
    assert given.code == "port-mac-mismatch"
    assert "one of none" in given.fix


def test_a_plugged_port_with_another_mac_is_told_once_and_not_again_for_the_request() -> None:
    surroundings = around(port(mac="52:54:00:ee:ee:01"))
    assert codes(judged(machine(), surroundings)) == ["port-mac-mismatch"]
    assert judged_for(request(), surroundings) == ()


def test_an_unplugged_port_with_another_mac_is_told_for_the_request() -> None:
    surroundings = around(port(), spare_port(mac="52:54:00:ee:ee:01"))
    given = judged_for(request(by_port(PORT, SPARE_PORT)), surroundings, of=machine(nics=TWO_NICS))
    assert codes(given) == ["port-mac-mismatch"]


# --- named ports ------------------------------------------------------------------------------------------


def test_a_named_port_that_is_not_plugged_in_yet_may_be_adopted() -> None:
    surroundings = around(port(), spare_port())
    assert judged_for(request(by_port(PORT, SPARE_PORT)), surroundings, of=machine(nics=TWO_NICS)) == ()


def test_a_plugged_port_that_is_gone_is_told_once_and_not_as_not_found() -> None:
    assert codes(judged(machine(), NO_PORTS)) == ["port-missing"]
    assert judged_for(request(), NO_PORTS) == ()


@pytest.mark.parametrize("owner", ["", "baremetal:none", "baremetal:ironic"])
def test_a_port_that_ironic_keeps_for_the_node_itself_is_free(owner: str) -> None:
    assert judged_for(request(), around(port(device=NODE, device_owner=owner))) == ()
    assert judged_for(request(), around(port(device_owner=owner))) == ()


@pytest.mark.parametrize(
    "use",
    [
        {"device": SERVER},
        {"device_owner": "network:dhcp"},
        {"device_owner": "compute:nova", "device": SERVER},
    ],
)
def test_a_port_that_something_else_uses_is_not_taken_from_it(use: dict[str, str]) -> None:
    (given,) = judged_for(request(), around(port(**use)))
    assert given.code == "port-bound-elsewhere"


def test_an_unplugged_port_that_is_bound_to_another_host_is_in_use() -> None:
    surroundings = around(port(), spare_port(host="hypervisor-7"))
    given = judged_for(request(by_port(PORT, SPARE_PORT)), surroundings, of=machine(nics=TWO_NICS))
    assert codes(given) == ["port-bound-elsewhere"]


def test_a_plugged_port_that_is_bound_to_its_machine_needs_no_warning() -> None:
    assert judged_for(request(), around(port(host=NODE))) == ()


def test_a_plugged_port_may_be_bound_to_whatever_host_its_driver_wrote() -> None:
    assert judged_for(request(), around(port(host="conductor-1"))) == ()


def test_a_port_without_a_project_belongs_to_nobody_else() -> None:
    assert judged_for(request(), around(port(project=""))) == ()


def test_a_port_named_three_times_is_told_once() -> None:
    assert codes(judged_for(request(by_port(PORT, PORT, PORT)))) == ["port-twice"]


# --- new ports --------------------------------------------------------------------------------------------


def test_as_many_new_ports_as_there_are_free_nics_are_allowed() -> None:
    nics = (NIC, SPARE_NIC, Nic(id="nic-2", mac="52:54:00:10:00:03"))
    wish = request((*by_port(PORT), *by_net(NETWORK, NETWORK)))
    assert judged_for(wish, around(networks=[network()]), of=machine(nics=nics)) == ()


def test_one_new_port_too_many_is_told_with_both_numbers() -> None:
    wish = request((*by_port(PORT), *by_net(NETWORK, NETWORK)))
    (given,) = judged_for(wish, around(networks=[network()]), of=machine(nics=TWO_NICS))
    assert given.message == "2 new ports are asked for, and the machine has 1 NICs without a port."


def test_a_nic_that_a_named_port_is_meant_for_is_not_given_to_a_new_port() -> None:
    wish = request((*by_port(PORT, SPARE_PORT), *by_net(NETWORK)))
    surroundings = around(port(), spare_port(), networks=[network()])
    assert free_macs(machine(nics=TWO_NICS), wish, surroundings) == ()
    assert codes(judged_for(wish, surroundings, of=machine(nics=TWO_NICS))) == ["no-free-nic"]


def test_a_shared_network_of_another_project_may_be_used() -> None:
    wish = request((*by_port(PORT), *by_net(NETWORK)))
    surroundings = around(networks=[network(project=OTHER_PROJECT, shared=True)])
    assert judged_for(wish, surroundings, of=machine(nics=TWO_NICS)) == ()


def test_a_new_port_goes_to_the_port_group_and_never_to_one_of_its_members() -> None:
    group = Nic(id="group-0", mac="52:54:00:10:00:0a", bond=True)
    member = Nic(id="nic-2", mac="52:54:00:10:00:03", group="group-0")
    bonded = machine(nics=(group, member, SPARE_NIC))
    assert free_macs(bonded, request(by_net(NETWORK)), around()) == ("52:54:00:10:00:0a", SPARE_MAC)


def test_a_port_group_without_a_mac_takes_no_new_port() -> None:
    group = Nic(id="group-0", mac="", bond=True)
    wish = request(by_net(NETWORK))
    assert codes(judged_for(wish, around(networks=[network()]), of=machine(nics=(group,)))) == ["no-free-nic"]


def test_a_port_may_be_plugged_into_a_port_group() -> None:
    group = Nic(id="group-0", mac=MAC, vif=PORT, bond=True)
    members = (Nic(id="nic-2", mac=SPARE_MAC, group="group-0"),)
    bonded = machine(nics=(group, *members))
    assert judged(bonded) == ()
    assert judged_for(request(), of=bonded) == ()


# --- image and flavor -------------------------------------------------------------------------------------


def test_an_image_reference_with_markup_or_control_characters_is_quoted_and_cut() -> None:
    (given,) = judged(machine(image="file:///etc/passwd\n" + "x" * 1000))
    assert "\\n" in given.message and "\n" not in given.message
    assert "x" * (255 - len("file:///etc/passwd\n")) + "'" in given.message
    assert len(given.message) < 400


def test_braces_in_what_a_source_says_are_shown_and_not_filled_in() -> None:
    (given,) = judged(machine(fault="{node} {0} {power.__class__}"))
    assert "{node} {0} {power.__class__}" in given.message


def test_a_machine_without_resource_class_is_not_also_called_a_mismatch() -> None:
    assert judged_for(request(), of=machine(resource_class=None)) == ()


def test_a_flavor_that_asks_for_nothing_fits_no_machine() -> None:
    (given,) = judged_for(request(), sold_as=flavor(resources={}))
    assert given.code == "flavor-mismatch"
    assert "asks for nothing" in given.message


def test_an_unknown_flavor_is_named_as_it_was_asked_for() -> None:
    (given,) = OF_THE_REQUEST["flavor-not-found"]
    assert FLAVOR in given.message


def test_an_image_that_exists_is_no_reason() -> None:
    assert judged(machine(image=IMAGE)) == ()


# --- whose server it will be ------------------------------------------------------------------------------


def test_the_project_asked_for_wins() -> None:
    assert owner_project(machine(owner="o"), [port(project="p")], "asked", "caller") == "asked"


def test_else_the_project_that_all_ports_share() -> None:
    assert owner_project(machine(owner="o"), [port(project="p"), spare_port(project="p")], None, "caller") == "p"


def test_ports_of_several_projects_decide_nothing() -> None:
    ports = [port(project="p"), spare_port(project="q")]
    assert owner_project(machine(owner="o", lessee="l"), ports, None, "caller") == "l"
    assert owner_project(machine(owner="o"), ports, None, "caller") == "o"


def test_else_the_caller_has_it() -> None:
    assert owner_project(machine(), [port(project="")], None, "caller") == "caller"
