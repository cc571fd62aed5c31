"""MACs, ids and labels of machines."""

from __future__ import annotations

import pytest
from domain_world import IMAGE, NIC, NODE, PORT, SPARE_NIC, machine

from corral.domain.machine import Disk, Image, Machine, NetworkPort, Nic, Power, is_uuid, normal_mac


@pytest.mark.parametrize(
    "written",
    ["52:54:00:AB:CD:EF", "52-54-00-ab-cd-ef", "5254.00ab.cdef", "525400ABCDEF", " 52:54:00:ab:cd:ef "],
)
def test_a_mac_is_one_mac_however_it_is_written(written: str) -> None:
    assert normal_mac(written) == "52:54:00:ab:cd:ef"


@pytest.mark.parametrize("odd", ["", "None", "52:54:00", "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03"])
def test_what_is_no_ethernet_mac_stays_what_it_is(odd: str) -> None:
    assert normal_mac(odd) == odd.lower()


@pytest.mark.parametrize("text", [IMAGE, IMAGE.upper()])
def test_a_uuid_is_one_in_either_case(text: str) -> None:
    assert is_uuid(text)


@pytest.mark.parametrize(
    "text", ["", None, 7, IMAGE.replace("-", ""), f"{IMAGE}\n", f"{IMAGE}/..", f"file:///{IMAGE}", f"{{{IMAGE}}}"]
)
def test_anything_else_is_no_uuid(text: object) -> None:
    assert not is_uuid(text)


def test_a_machine_is_called_by_its_name_and_else_by_its_id() -> None:
    assert machine().label == "bank-db-01"
    assert machine(name=None).label == NODE
    assert machine(name="").label == NODE


def test_only_nics_with_a_port_have_vifs() -> None:
    assert machine(nics=(SPARE_NIC, NIC)).vifs == (PORT,)


def test_what_a_source_does_not_tell_is_empty_and_claims_nothing() -> None:
    bare = Machine("lab", NODE, None, "active", Power.ON)
    assert (bare.driver, bare.network_interface, bare.power_error, bare.problem) == ("", "", "", "")
    assert not (bare.maintenance or bare.retired or bare.protected or bare.power_asked)
    assert Nic("n", "m") == Nic("n", "m", vif=None, group=None, bond=False, href="")
    assert Disk("sda") == Disk("sda", size=0, serial="", wwn="", rotational=None)
    port = NetworkPort("p", "m", "n", "project")
    assert {port.name, port.status, port.device, port.device_owner, port.host, port.vnic_type} == {""}
    assert Image("i", "debian").status == "active"
