"""The seeded nodes are data: no two of them share anything that must be unique."""

import pytest

from lab.config.sushy import SYSTEMS, system_mac
from lab.seeding.inventory import NODES, benchmark_nodes


def _macs(nodes):
    return [node.mac(nic).lower() for node in nodes for nic in range(len(node.networks))]


def test_names_uuids_and_macs_are_unique():
    everyone = [*NODES, *benchmark_nodes("bench", 600), *benchmark_nodes("other", 600)]
    assert len({node.name for node in everyone}) == len(everyone)
    assert len({node.uuid for node in everyone}) == len(everyone)
    assert len(set(_macs(everyone))) == len(_macs(everyone))


def test_a_node_that_is_made_anew_keeps_its_uuid():
    assert NODES[0].uuid == "f36553ae-8c4d-5541-8de0-d4c0f7dfa927"


def test_redfish_nodes_have_the_mac_of_their_machine():
    real = [node for node in NODES if node.system]
    assert {node.system for node in real} <= set(range(1, SYSTEMS + 1))
    assert all(node.mac(0) == system_mac(node.system) for node in real)


def test_one_node_has_its_mac_in_upper_case():
    shouting = next(node for node in NODES if node.shout)
    assert shouting.mac(0) == shouting.mac(0).upper() != shouting.mac(0).lower()


@pytest.mark.parametrize("count", [1, 255, 256, 1000])
def test_benchmark_macs_are_well_formed(count):
    last = benchmark_nodes("bench", count)[-1].mac(0)
    assert [len(part) for part in last.split(":")] == [2] * 6
    assert int(last[:2], 16) & 3 == 2  # locally administered, and not multicast
