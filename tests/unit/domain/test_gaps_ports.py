"""On which network of Neutron a NIC is, and the port that would record it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.domain.errors import Invalid
from corral.domain.gaps import Gap
from corral.domain.gaps_ports import Cabling, CloudNetwork, CloudPort, Segment, Subnet, addresses_of, gaps_of_ports
from corral.domain.gaps_rules import read_gap_rules
from corral.domain.host import Host, HostNetwork
from corral.domain.vm import Address, Origin, Vm, VmNic

HOST = Host("racks", "h", "kvm-01", networks=(HostNetwork("br120", "bridge", vlan=120), HostNetwork("br0", "bridge")))
SUBNET = Subnet("s120", "10.12.0.0/24", "10.12.0.1", (("10.12.0.100", "10.12.0.200"),))
TENANT = CloudNetwork("n120", "tenant", segments=(Segment("vlan", "physnet1", 120),), subnets=(SUBNET,))
OTHER = CloudNetwork("n130", "other", segments=(Segment("vlan", "physnet1", 130),))
FLAT = CloudNetwork("nflat", "flat", segments=(Segment("flat", "physnet1"),))
MAC = "52:54:00:00:00:01"


def nic(*ips: str, bridge: str = "br120", mac: str = MAC, **more: Any) -> VmNic:
    addresses = tuple(Address(ip, Origin.AGENT) for ip in ips)
    return VmNic(mac, mac, "bridge", bridge=bridge, addresses=addresses, **more)


def gaps(*nics: VmNic, networks: tuple[CloudNetwork, ...] = (TENANT, OTHER, FLAT), **cabling: Any) -> list[Gap]:
    rules = read_gap_rules(cabling.pop("rules", {}))
    vm = Vm("racks", "h", "v", "db", nics=nics)
    return gaps_of_ports([vm], HOST, Cabling(networks, rules=rules, **cabling), {"v": "p"})["v"]


def codes(one: Gap) -> list[str]:
    return [each.code for each in one.reasons]


def test_a_nic_is_on_the_network_of_its_vlan_that_holds_its_addresses() -> None:
    [found] = gaps(nic("10.12.0.111"))
    assert (codes(found), found.evidence) == ([], ("VLAN 120", "address 10.12.0.111"))
    assert found.wanted == {
        "network_id": "n120",
        "mac_address": MAC,
        "fixed_ips": [{"subnet_id": "s120", "ip_address": "10.12.0.111"}],
        "device_id": "v",
        "device_owner": "corral:vm",
        "name": "db",
        "project_id": "p",
    }


def test_a_vlan_whose_network_does_not_hold_the_address_is_no_match() -> None:
    assert codes(gaps(nic("192.168.1.9"))[0]) == ["network-unmatched"]


def test_one_vlan_on_two_physical_networks_is_an_ambiguity_until_a_rule_tells_them_apart() -> None:
    second = replace(TENANT, id="n2", segments=(Segment("vlan", "physnet2", 120),))
    assert codes(gaps(nic("10.12.0.111"), networks=(TENANT, second))[0]) == ["network-ambiguous"]
    rules = {"networks": [{"when": {"bridge": "br1*"}, "physical_network": "physnet2"}]}
    [found] = gaps(nic("10.12.0.111"), networks=(TENANT, second), rules=rules)
    assert (codes(found), found.wanted["network_id"]) == ([], "n2")


def test_addresses_alone_are_enough_and_said_to_be_alone() -> None:
    [found] = gaps(nic("10.12.0.111", bridge="br0"))
    assert (codes(found), found.wanted["network_id"], found.fillable) == (["network-by-address"], "n120", True)


def test_a_nic_of_which_nothing_is_known_is_on_no_network() -> None:
    assert codes(gaps(nic(bridge="br0"))[0]) == ["network-unmatched"]


def test_no_vlan_is_a_flat_network() -> None:
    [found] = gaps(nic(vlan=0))
    assert (codes(found), found.wanted["network_id"], found.wanted["fixed_ips"]) == (
        ["port-address-unknown"],
        "nflat",
        [],
    )


def test_a_rule_may_say_the_vlan_that_no_hypervisor_tells() -> None:
    rules = {"networks": [{"when": {"bridge": "br0", "host": "kvm-*"}, "vlan": 130}]}
    assert gaps(nic(bridge="br0"), rules=rules)[0].wanted["network_id"] == "n130"


def test_addresses_that_a_nic_makes_up_for_itself_are_left_out_and_others_have_one_form() -> None:
    told = nic("fe80::1", "127.0.0.1", "10.12.0.111", "2001:DB8:0:0::9", "no address", "10.12.0.111")
    assert addresses_of(told) == ("10.12.0.111", "2001:db8::9")


@pytest.mark.parametrize(
    ("ip", "said", "blocked"),
    [
        ("10.12.0.0", "port-address-unusable", True),
        ("10.12.0.255", "port-address-unusable", True),
        ("10.12.0.1", "port-address-gateway", True),
        ("10.12.0.9", "port-outside-pools", False),
    ],
)
def test_addresses_that_neutron_keeps_are_told(ip: str, said: str, blocked: bool) -> None:
    [found] = gaps(nic(ip))
    assert (codes(found), found.blocked) == ([said], blocked)


def test_what_is_taken_is_told_with_who_has_it_and_other_networks_do_not_count() -> None:
    port = CloudPort("p1", MAC, "n120", device="x", device_owner="compute:nova", addresses=(("s120", "10.12.0.111"),))
    [found] = gaps(nic("10.12.0.111"), ports=(port,))
    assert codes(found) == ["port-mac-taken"]
    assert "compute:nova x" in found.reasons[0].message
    assert codes(gaps(nic("10.12.0.111"), ports=(replace(port, mac="52:54:00:00:00:99"),))[0]) == ["port-address-taken"]
    assert codes(gaps(nic("10.12.0.111"), ports=(replace(port, network="n130"),))[0]) == []


def test_a_port_that_the_vm_has_for_this_nic_is_no_gap_whoever_made_it() -> None:
    port = CloudPort("p1", MAC, "n120", device="v", device_owner="compute:nova")
    [found] = gaps(nic("10.12.0.111"), ports=(port,))
    assert (codes(found), found.there) == (["port-recorded"], "p1")


def test_two_nics_with_one_address_are_both_left() -> None:
    found = gaps(nic("10.12.0.111"), nic("10.12.0.111", mac="52:54:00:00:00:02"))
    assert [codes(one) for one in found] == [["nic-port-twice"], ["nic-port-twice"]]


def test_a_nic_that_a_rule_leaves_out_is_left() -> None:
    [found] = gaps(nic("10.12.0.111"), rules={"networks": [{"when": {"vlan": "120"}, "leave": True}]})
    assert (codes(found), found.fillable, found.blocked) == (["network-left"], False, False)


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        {"network": []},
        {"networks": {}},
        {"networks": [{"when": {"brdge": "x"}, "leave": True}]},
        {"networks": [{"when": {}}]},
        {"networks": [{"network": "n", "leave": True}]},
        {"networks": [{"vlan": 5000}]},
        {"networks": [{"vlan": True}]},
        {"networks": [{"network": ["n"]}]},
        {"volumes": {"keep": []}},
        {"volumes": {"keeps": ["cinder"]}},
        {"project": "a b"},
        {"projects": {"v": 7}},
        {"projects": {"v\0": "p"}},
        {"networks": [{"network": "n\0"}]},
    ],
)
def test_a_mistake_in_the_rules_is_found_before_anything_is_looked_at(wrong: Any) -> None:
    with pytest.raises(Invalid) as caught:
        read_gap_rules(wrong)
    assert (caught.value.code, bool(caught.value.fix)) == ("invalid-mapping", True)
