"""Whose disks may be erased: nobody's but a free machine's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corral.domain.deployability import deploy_reasons
from corral.domain.machine import Machine, Power

FREE = Machine("lab", "aaaaaaaa-0000-4000-8000-000000000001", "n1", "available", Power.OFF)
INSTANCE = "99999999-0000-4000-8000-000000000001"

SPOILED: dict[str, dict[str, Any]] = {
    "not-available": {"provision_state": "active"},
    "claimed": {"claimed_by": INSTANCE},
    "maintenance": {"maintenance": True, "maintenance_reason": "new fan"},
    "retired": {"retired": True},
    "protected": {"protected": True},
    "busy": {"reserved_by": "conductor-1"},
    "fault": {"fault": "power failure"},
    "power-changing": {"target_power": "power on"},
    "not-restorable": {"instance_info": {"a": {"b": ["******"]}}},
    "unreadable": {"problem": "provision_state is missing"},
}


def codes(machine: Machine, server: str | None = None) -> list[str]:
    return [one.code for one in deploy_reasons(machine, server)]


def test_a_machine_that_is_available_and_nobodys_is_free() -> None:
    assert codes(FREE) == []
    assert codes(replace(FREE, power=Power.UNKNOWN, instance_info={"left": "over"})) == []


@pytest.mark.parametrize("code", SPOILED)
def test_one_thing_amiss_is_one_reason(code: str) -> None:
    assert codes(replace(FREE, **SPOILED[code])) == [code]


@pytest.mark.parametrize(
    "state", ["active", "deploying", "wait call-back", "deploy failed", "manageable", "error", "rescue", ""]
)
def test_no_other_provision_state_is_free(state: str) -> None:
    assert codes(replace(FREE, provision_state=state)) == ["not-available"]


def test_an_allocation_without_instance_is_a_claim_too() -> None:
    assert codes(replace(FREE, allocation=INSTANCE)) == ["claimed"]


def test_all_reasons_come_at_once() -> None:
    everything = {key: value for code, one in SPOILED.items() if code != "unreadable" for key, value in one.items()}
    assert set(codes(replace(FREE, **everything))) == SPOILED.keys() - {"unreadable", "not-restorable"}
    everything["provision_state"] = "available"
    assert set(codes(replace(FREE, **everything))) == SPOILED.keys() - {"unreadable", "not-available"}


def test_a_machine_that_corral_manages_is_never_free() -> None:
    assert codes(FREE, server=INSTANCE) == ["already-managed"]
    assert codes(replace(FREE, claimed_by=INSTANCE), server=INSTANCE) == ["already-managed"]
