"""What an operator's mapping makes of machines, and how it says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from domain_world import FLAVOR, NETWORK, NODE, OTHER_PROJECT, PORT, PROJECT, flavor, machine

from corral.domain.errors import Invalid
from corral.domain.machine import Network
from corral.domain.mapping import Mapped, check_flavors, mapped, names_of_networks, read_rules, with_networks
from corral.domain.server import ManageRequest, NetworkRequest

SILVER = replace(flavor(), uuid="55555555-0000-4000-8000-000000000002", name="silver-1", resources={"silver": "1"})
FLAVORS = (flavor(), SILVER)


def made(rules: Any = None, number: int = 1, **changes: Any) -> Mapped:
    return mapped(read_rules(rules or {}), machine(**changes), FLAVORS, number)


def codes(one: Mapped) -> list[str]:
    return [reason.code for reason in one.reasons]


def test_without_rules_a_server_has_the_nodes_name_the_only_flavor_and_the_plugged_ports() -> None:
    wanted = ManageRequest("bank-db-01", NODE, FLAVOR, (NetworkRequest(port_id=PORT),), source="lab")
    assert made() == Mapped(wanted)


def test_templates_are_filled_with_the_machines_fields_properties_and_number() -> None:
    rules = {"name": "{resource_class}-{number}", "metadata": {"rack": "r{properties.rack}"}, "description": "{uuid}"}
    request = made(rules, 7, properties={"rack": 12}).request
    assert (request.name, request.metadata, request.description) == ("gold-7", {"rack": "r12"}, NODE)


def test_a_flavor_is_taken_by_class_however_the_class_is_written() -> None:
    rules = {"flavor": {"CUSTOM_GOLD": "silver-1"}}
    assert made(rules).request.flavor == SILVER.uuid
    assert made(rules, resource_class="silver").request.flavor == SILVER.uuid
    assert made({"flavor": SILVER.uuid}).request.flavor == SILVER.uuid


def test_networks_are_made_beside_the_plugged_ports_or_in_their_place() -> None:
    both = made({"networks": [NETWORK], "port_type": "data"}).request.networks
    assert both == (NetworkRequest(port_id=PORT, port_type="data"), NetworkRequest(net_id=NETWORK, port_type="data"))
    assert made({"networks": [NETWORK], "ports": "none"}).request.networks == (NetworkRequest(net_id=NETWORK),)


@pytest.mark.parametrize(
    ("rule", "changes", "project"),
    [
        ("owner", {"owner": PROJECT}, PROJECT),
        ("owner", {"owner": PROJECT, "lessee": OTHER_PROJECT}, OTHER_PROJECT),
        ({"property": "tenant"}, {"properties": {"tenant": PROJECT}}, PROJECT),
        (OTHER_PROJECT, {"owner": PROJECT}, OTHER_PROJECT),
    ],
)
def test_the_project_is_the_owners_a_propertys_or_one_for_all(rule: Any, changes: Any, project: str) -> None:
    assert made({"project": rule}, **changes).request.project == project


def test_what_a_machine_lacks_blocks_it_with_every_reason_at_once() -> None:
    rules = {"name": "{properties.rack}", "project": "owner"}
    lacking = made(rules, resource_class="iron", nics=(), owner=None, lessee=None)
    assert codes(lacking) == ["mapping-empty", "no-flavor", "no-networks", "mapping-empty"]
    assert lacking.request.name == "bank-db-01"  # so that people know which it is


def test_a_name_that_no_server_may_have_and_a_class_that_two_flavors_fit_are_reasons() -> None:
    assert codes(made({"description": "{properties.x}"}, properties={"x": "<b>"})) == ["mapping-unfit"]
    twice = mapped(read_rules({}), machine(), (flavor(), replace(flavor(), uuid="x", name="y")), 1)
    assert codes(twice) == ["flavor-ambiguous"]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"flavour": "x"}, "'flavour', which does not exist. Did you mean 'flavor'?"),
        ({"name": "{nam}"}, "{nam}, which no machine has. Did you mean 'name'?"),
        ({"name": "{name"}, "a brace without its pair"),
        ({"name": ""}, "should be a text"),
        ({"ports": "pluged"}, "Did you mean 'plugged'?"),
        ({"ports": "none"}, "no network"),
        ({"networks": "tenant"}, "list of networks, by name or UUID"),
        ({"networks": [""]}, "list of networks, by name or UUID"),
        ({"project": {"propery": "x"}}, "Did you mean 'property'?"),
        ({"project": "a b"}, "no project's id"),
        ({"metadata": "x"}, "should be a mapping"),
        ({"metadata": {"a/b": "x"}}, "'a/b'"),
        ({"flavor": {"gold": True}}, "flavor.gold is True"),
        (["name"], "no mapping"),
    ],
)
def test_a_mistake_in_the_rules_is_named_with_what_was_probably_meant(rules: Any, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rules(rules)
    assert told in str(caught.value)


def test_a_flavor_that_does_not_exist_is_found_before_any_machine_is_looked_at() -> None:
    with pytest.raises(Invalid, match="Did you mean 'silver-1'"):
        check_flavors(read_rules({"flavor": {"gold": "silver1"}}), FLAVORS)


NETS = {
    "tenant": [Network("cccccccc-0000-4000-8000-000000000001", "tenant", "bank")],
    "twice": [
        Network(f"cccccccc-0000-4000-8000-00000000000{n}", "twice", project) for n, project in ((2, "bank"), (3, ""))
    ],
}


def test_networks_are_named_or_given_by_uuid() -> None:
    rules = read_rules({"networks": ["tenant", "dddddddd-0000-4000-8000-000000000001"]})
    assert names_of_networks(rules) == ("tenant",)
    known = with_networks(rules, NETS)
    assert known.networks == ("cccccccc-0000-4000-8000-000000000001", "dddddddd-0000-4000-8000-000000000001")
    assert names_of_networks(known) == ()


def test_a_network_that_does_not_exist_or_is_not_the_only_one_of_its_name_is_told_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="There is no network 'tenants'"):
        with_networks(read_rules({"networks": ["tenants"]}), NETS)
    with pytest.raises(Invalid) as caught:
        with_networks(read_rules({"networks": ["twice"]}), NETS)
    for told in (
        "2 networks are called 'twice'",
        "000000000002 (project bank)",
        "000000000003 (project unknown)",
        "UUID",
    ):
        assert told in str(caught.value)
