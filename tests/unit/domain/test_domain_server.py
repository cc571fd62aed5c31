"""Flavors against resource classes, and requests as they are stored."""

from __future__ import annotations

import pytest
from domain_world import flavor

from corral.domain.server import NetworkRequest, normal_class


@pytest.mark.parametrize("name", ["gold", "Gold", "GOLD", "CUSTOM_GOLD", "custom_gold", "Custom-Gold"])
def test_a_resource_class_is_one_class_however_it_is_written(name: str) -> None:
    assert normal_class(name) == "CUSTOM_GOLD"


@pytest.mark.parametrize(
    ("name", "placement"),
    [
        ("baremetal.large", "CUSTOM_BAREMETAL_LARGE"),
        # What follows is how OpenStack itself writes them: one underscore for a run, capitals last.
        ("gold -- 2024", "CUSTOM_GOLD_2024"),
        ("a__b", "CUSTOM_A_B"),
        ("groß", "CUSTOM_GRO_"),
        ("-gold", "CUSTOM__GOLD"),
    ],
)
def test_other_characters_become_what_placement_makes_of_them(name: str, placement: str) -> None:
    assert normal_class(name) == placement


def test_a_flavor_fits_the_class_that_it_asks_for_in_either_spelling() -> None:
    assert flavor(resources={"gold": "1"}).fits("CUSTOM_GOLD")
    assert flavor(resources={"CUSTOM_GOLD": "1"}).fits("Gold")


@pytest.mark.parametrize("resource_class", ["silver", "", None])
def test_a_flavor_fits_no_other_class(resource_class: str | None) -> None:
    assert not flavor().fits(resource_class)


def test_a_flavor_that_asks_for_two_classes_or_for_none_fits_no_machine() -> None:
    assert not flavor(resources={"gold": "1", "silver": "1"}).fits("gold")
    assert not flavor(resources={}).fits("gold")


def test_a_flavor_that_writes_one_class_twice_still_fits() -> None:
    assert flavor(resources={"gold": "1", "CUSTOM_GOLD": "1"}).fits("gold")


def test_a_network_entry_is_stored_with_only_what_was_given() -> None:
    assert NetworkRequest(port_id="p", port_type="ovs").as_json() == {"port_id": "p", "port_type": "ovs"}
