"""What counts as a disturbance, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from domain_world import NIC, SERVER, SPARE_NIC, machine

from corral.domain.fingerprint import differences, fingerprint
from corral.domain.machine import Disk, Machine, Power

DISKS = (Disk("sda", 480_000_000_000, serial="S1"),)


def changed(before: Machine, after: Machine) -> list[str]:
    return [one.field for one in differences(fingerprint(before).as_json(), fingerprint(after).as_json())]


def test_a_machine_that_was_left_alone_has_the_same_fingerprint() -> None:
    assert changed(machine(disks=DISKS), machine(disks=DISKS)) == []
    assert fingerprint(machine()).digest == fingerprint(machine()).digest


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("power", {"power": Power.OFF}),
        ("observed_power", {"observed_power": Power.OFF}),
        ("target_power", {"target_power": "rebooting"}),
        ("name", {"name": "renamed"}),
        ("provision_state", {"provision_state": "deleting"}),
        ("resource_class", {"resource_class": "silver"}),
        ("maintenance", {"maintenance": True}),
        ("driver", {"driver": "ipmi"}),
        ("macs", {"nics": (NIC, SPARE_NIC)}),
        ("disks", {"disks": DISKS}),
    ],
)
def test_a_disturbance_is_told_by_the_field_that_changed(field: str, change: dict[str, object]) -> None:
    assert changed(machine(), machine(**change)) == [field]


def test_what_adoption_itself_writes_is_no_disturbance() -> None:
    unplugged = replace(NIC, vif=None)
    adopted = machine(claimed_by=SERVER, allocation=SERVER, protected=True, protected_reason="Corral")
    assert changed(machine(nics=(unplugged,)), adopted) == []


def test_the_order_of_nics_is_no_difference() -> None:
    assert changed(machine(nics=(NIC, SPARE_NIC)), machine(nics=(SPARE_NIC, NIC))) == []


def test_a_fingerprint_is_in_one_order_whatever_process_takes_it() -> None:
    macs = [f"52:54:00:00:00:{number:02x}" for number in range(20)]
    nics = tuple(replace(NIC, id=mac, mac=mac) for mac in reversed(macs))
    taken = fingerprint(machine(nics=nics), {"c": "3", "a": "1", "b": "2"})
    assert taken.macs == tuple(macs)
    assert taken.boot == (("a", "1"), ("b", "2"), ("c", "3"))


def test_differences_are_told_in_one_order() -> None:
    before, after = (
        fingerprint(machine()).as_json(),
        fingerprint(machine(name="x", driver="y", maintenance=True)).as_json(),
    )
    assert [one.field for one in differences(before, after)] == ["driver", "maintenance", "name"]


def test_a_reset_shows_in_what_the_machine_tells_of_its_boot() -> None:
    before = fingerprint(machine(), {"last_reset": "09:00", "boot_target": "None"}).as_json()
    after = fingerprint(machine(), {"boot_target": "None", "last_reset": "09:05"}).as_json()
    (one,) = differences(before, after)
    assert one.field == "boot"
    assert "09:00" in str(one) and "09:05" in str(one) and "became" in str(one)


def test_the_digest_is_told_and_is_not_itself_a_difference() -> None:
    before, after = fingerprint(machine()).as_json(), fingerprint(machine(name="x")).as_json()
    assert before["digest"] != after["digest"]
    assert [one.field for one in differences(before, after)] == ["name"]


def test_a_field_that_an_older_release_did_not_record_is_a_difference_only_when_it_has_a_value() -> None:
    before = fingerprint(machine()).as_json()
    assert differences(before, {**before, "new": None}) == ()
    assert [one.field for one in differences(before, {**before, "new": 1})] == ["new"]
