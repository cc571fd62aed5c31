"""The laws of `contracts.syncing`: what a source tells of all its machines in lists, and what it can be told."""

from __future__ import annotations

import time

import pytest
from contract_yard import Yard, new_uuid

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import Adopts
from corral.contracts.syncing import Sets, Tells, Told
from corral.domain.drift import Field, Value
from corral.domain.errors import Breach, Conflict, NotFound, NotSupported


def teller(yard: Yard) -> Tells:
    assert isinstance(yard.source.machines, Tells)
    return yard.source.machines


def setter(yard: Yard) -> Sets:
    assert isinstance(yard.source.machines, Sets)
    return yard.source.machines


def claimed(yard: Yard) -> tuple[str, str]:
    """A machine of ours, and the server that has it."""
    machine, server = yard.machine(), new_uuid()
    assert isinstance(yard.source.machines, Adopts)
    with crossing(Purpose.ADOPT):
        yard.source.machines.claim(machine, server)
    return machine, server


def listed(yard: Yard, machine: str, *, free: bool = False) -> Told | None:
    return next((told for told in teller(yard).told(free=free) if told.machine == machine), None)


def test_a_list_tells_of_machines_that_somebody_has_and_of_free_ones_when_asked(yard: Yard) -> None:
    machine, server = claimed(yard)
    spare = yard.machine()
    told = listed(yard, machine)
    assert told is not None
    assert (told.facts[Field.OWNER], told.facts[Field.POWER], told.free) == (server, "power on", False)
    assert listed(yard, spare) is None
    found = listed(yard, spare, free=True)
    assert found is not None
    assert found.free
    assert found.facts[Field.OWNER] is None


def test_a_list_and_a_look_tell_the_same(yard: Yard) -> None:
    machine, _ = claimed(yard)
    assert listed(yard, machine) == teller(yard).told_of(machine)


def test_the_nics_and_what_is_plugged_in_are_told(yard: Yard) -> None:
    machine, _ = claimed(yard)
    observed = yard.source.machines.observe(machine)
    told = listed(yard, machine)
    assert told is not None
    assert told.facts[Field.NICS] == sorted(observed.macs)
    assert told.facts[Field.PORTS] == sorted(observed.vifs)


def test_a_machine_that_does_not_exist_is_not_found(yard: Yard) -> None:
    with pytest.raises(NotFound):
        teller(yard).told_of(new_uuid())


def test_an_instance_is_called_something_and_that_is_taken_away_again(yard: Yard) -> None:
    machine, _ = claimed(yard)
    before = yard.record(machine)
    with crossing(Purpose.SYNC):
        for name in ("web-1", "web-1", "web-2 ü"):
            setter(yard).set(machine, Field.NAME, name)
            told = listed(yard, machine)
            assert told is not None
            assert told.facts[Field.NAME] == name
        setter(yard).set(machine, Field.NAME, before["instance_info"].get("display_name"))
    after = yard.record(machine)
    assert after["name"] == before["name"]
    assert after["instance_info"] == before["instance_info"]


def test_a_name_leaves_nothing_behind_when_it_is_taken_away_at_once(yard: Yard) -> None:
    machine, _ = claimed(yard)
    with crossing(Purpose.SYNC):
        setter(yard).set(machine, Field.NAME, None)
        before = yard.record(machine)
        setter(yard).set(machine, Field.NAME, "web-1")
        setter(yard).set(machine, Field.NAME, None)
    assert "display_name" not in before["instance_info"]
    assert yard.record(machine) == before


SAID: dict[Field, tuple[Value, ...]] = {
    Field.NOTES: ("a note", 'two\nlines, "quotes" & <more> ü'),
    Field.METADATA: (["team=blue", "tokens=7"], ["x y=a=b"]),
    Field.TAGS: (["gold"], ["a/b", "env:prod"]),
}


@pytest.mark.parametrize("what", list(SAID))
def test_what_is_said_of_an_instance_is_told_and_leaves_nothing_behind(yard: Yard, what: Field) -> None:
    machine, _ = claimed(yard)
    with crossing(Purpose.SYNC):
        setter(yard).set(machine, Field.NAME, "web-1")
        before = yard.record(machine)
        for value in (*SAID[what], SAID[what][-1], None):
            assert setter(yard).refusal(what, value) == ""
            setter(yard).set(machine, what, value)
            told = listed(yard, machine)
            assert told is not None
            assert told.facts[what] == teller(yard).told_of(machine).facts[what] == value
        assert yard.record(machine) == before


def test_what_ironic_would_mask_is_refused_and_nothing_is_left_of_it(yard: Yard) -> None:
    machine, _ = claimed(yard)
    with crossing(Purpose.SYNC):
        setter(yard).set(machine, Field.NOTES, "harmless")
        before = yard.record(machine)
        with pytest.raises(Conflict, match="masks"):
            setter(yard).set(machine, Field.NOTES, "admin_password = 'hunter2'")
        with pytest.raises(NotSupported):
            setter(yard).set(machine, Field.NOTES, "what *** hides")
    assert yard.record(machine) == before


def test_power_is_told_as_a_disturbance_and_switches_only_what_is_not_so_yet(yard: Yard) -> None:
    machine, _ = claimed(yard)
    assert setter(yard).disturbance(Field.POWER, "power on") == "start"
    assert setter(yard).disturbance(Field.POWER, "power off") == "stop"
    assert setter(yard).disturbance(Field.NAME, "x") == ""
    with crossing(Purpose.SYNC):
        setter(yard).set(machine, Field.POWER, "power on")
        setter(yard).set(machine, Field.POWER, "power off")
        until(yard, machine, "power off")
        setter(yard).set(machine, Field.POWER, "power on")
        until(yard, machine, "power on")


def until(yard: Yard, machine: str, power: str) -> None:
    """While it is being switched no power is told; then the new one."""
    end = time.monotonic() + 120
    while (told := teller(yard).told_of(machine).facts.get(Field.POWER)) != power:
        assert time.monotonic() < end, told
        time.sleep(0.1)


def test_what_it_can_not_be_told_is_refused(yard: Yard) -> None:
    machine, _ = claimed(yard)
    assert Field.MEMORY not in setter(yard).settable()
    with crossing(Purpose.SYNC), pytest.raises(NotSupported):
        setter(yard).set(machine, Field.MEMORY, 1)


@pytest.mark.parametrize("purpose", [Purpose.LOOK, Purpose.ADOPT, Purpose.MEND])
def test_nothing_is_told_under_another_purpose(yard: Yard, purpose: Purpose) -> None:
    machine, _ = claimed(yard)
    before = yard.record(machine)
    # A name that no other test gave this machine: what it has already is not told again.
    with crossing(purpose), pytest.raises(Breach):
        setter(yard).set(machine, Field.NAME, f"untold-{purpose}")
    assert yard.record(machine) == before
