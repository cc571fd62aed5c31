"""The laws of `contracts.sources.Powers`."""

from __future__ import annotations

import time

import pytest
from contract_yard import Yard, new_uuid

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import Powers, PowerTarget
from corral.domain.errors import NotFound
from corral.domain.machine import Power


def powers(yard: Yard) -> Powers:
    assert isinstance(yard.source.machines, Powers)
    return yard.source.machines


def settled(yard: Yard, machine: str) -> Power:
    deadline = time.monotonic() + 120
    while powers(yard).switching(machine):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return powers(yard).power(machine)


def test_a_machine_is_switched_off_and_on_and_rebooted(yard: Yard) -> None:
    machine = yard.machine()
    assert powers(yard).power(machine) is Power.ON
    with crossing(Purpose.POWER):
        for target, expected in (
            (PowerTarget.OFF, Power.OFF),
            (PowerTarget.ON, Power.ON),
            (PowerTarget.SOFT_OFF, Power.OFF),
            (PowerTarget.REBOOT, Power.ON),
            (PowerTarget.SOFT_REBOOT, Power.ON),
        ):
            powers(yard).switch(machine, target)
            assert settled(yard, machine) is expected


def test_the_power_of_nothing_is_not_found(yard: Yard) -> None:
    with pytest.raises(NotFound):
        powers(yard).power(new_uuid())
    with crossing(Purpose.POWER), pytest.raises(NotFound):
        powers(yard).switch(new_uuid(), PowerTarget.ON)
