"""The laws of `contracts.sources.Discovers`."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from contract_yard import CLASS, SpoilingWire, Yard, adopting, machines_over, new_uuid

from corral.contracts.border import Purpose, crossing
from corral.contracts.sources import Discovers, Query
from corral.domain.errors import NotFound
from corral.domain.machine import Power

OURS = Query(resource_class=CLASS)


def ids(yard: Yard, query: Query = OURS, marker: str | None = None, limit: int | None = None) -> list[str]:
    return [machine.id for machine in yard.source.machines.discover(query, marker=marker, limit=limit)]


def test_a_source_says_that_it_can_discover_and_that_it_is_well(yard: Yard) -> None:
    health = yard.source.machines.check()
    assert health.reachable, health.detail
    assert health.detail
    assert isinstance(yard.source.machines, Discovers)
    assert yard.source.capabilities == ("discovers", "adopts", "powers", "deploys", "traces", "enrolls")


def test_machines_come_in_the_order_of_their_ids_and_once_each(yard: Yard) -> None:
    mine = [yard.machine() for _ in range(3)]
    found = ids(yard, Query())
    assert found == sorted(set(found))
    assert set(mine) <= set(found)


def test_a_list_goes_on_after_its_marker(yard: Yard) -> None:
    [yard.machine() for _ in range(3)]
    everything = ids(yard)
    for index, marker in enumerate(everything):
        assert ids(yard, marker=marker) == everything[index + 1 :]


def test_a_list_goes_on_after_a_marker_that_was_deleted(yard: Yard) -> None:
    [yard.machine() for _ in range(3)]
    for marker in (new_uuid(), "00000000-0000-4000-8000-000000000000", "ffffffff-ffff-4fff-bfff-ffffffffffff"):
        assert ids(yard, marker=marker) == [one for one in ids(yard) if one > marker]


def test_a_limit_is_kept(yard: Yard) -> None:
    [yard.machine() for _ in range(3)]
    everything = ids(yard)
    assert [ids(yard, limit=limit) for limit in (0, 1, 2)] == [[], everything[:1], everything[:2]]
    assert ids(yard, marker=everything[0], limit=1) == everything[1:2]


def test_a_list_has_the_machines_times_when_they_are_asked_for(yard: Yard) -> None:
    yard.machine()
    timed = list(yard.source.machines.discover(replace(OURS, times=True)))
    plain = list(yard.source.machines.discover(OURS))
    assert all(machine.created_at is not None for machine in timed)
    # Nothing else may depend on which of its two lists the source was asked for.
    without = {"created_at": None, "updated_at": None, "allocation": None}
    assert [replace(machine, **without) for machine in timed] == [replace(machine, **without) for machine in plain]


def test_small_pages_and_big_pages_give_the_same_machines(yard: Yard) -> None:
    machine = yard.machine()
    with adopting():
        yard.source.machines.plug(machine, yard.port())  # type: ignore[attr-defined]
    small = machines_over(yard.wire, page_size=2)
    big = machines_over(yard.wire)
    try:
        assert list(small.discover(OURS)) == list(big.discover(OURS))
    finally:
        small.close()
        big.close()


def test_a_list_can_be_narrowed_to_one_resource_class(yard: Yard) -> None:
    machine = yard.machine()
    assert machine in ids(yard)
    assert {found.resource_class for found in yard.source.machines.discover(OURS)} == {CLASS}
    assert ids(yard, Query(resource_class="no such class")) == []


def test_a_list_can_be_narrowed_to_one_name(yard: Yard) -> None:
    machine = yard.source.machines.observe(yard.machine())
    assert ids(yard, Query(name=machine.name)) == [machine.id]
    assert ids(yard, Query(name=machine.name, resource_class="other")) == []
    assert ids(yard, Query(name=machine.name), marker=machine.id) == []
    assert ids(yard, Query(name="contract-no-such-name")) == []


def test_a_list_of_free_machines_leaves_out_those_that_are_claimed(yard: Yard) -> None:
    free, claimed = yard.machine(), yard.machine()
    yard.take(claimed, new_uuid())
    query = Query(resource_class=CLASS, active_free=True)
    found = ids(yard, query)
    assert free in found
    assert claimed not in found
    name = yard.source.machines.observe(claimed).name
    assert ids(yard, replace(query, name=name)) == []


def test_a_machine_is_observed_by_its_id_and_by_its_name(yard: Yard) -> None:
    machine = yard.machine()
    by_id = yard.source.machines.observe(machine)
    assert by_id.name is not None
    assert yard.source.machines.observe(by_id.name) == by_id
    assert yard.source.machines.observe(machine.upper()).id == machine
    assert (by_id.id, by_id.source, by_id.provision_state, by_id.power) == (machine, "contract", "active", Power.ON)
    assert (by_id.resource_class, by_id.image, by_id.claimed_by) == (CLASS, yard.image, None)
    assert by_id.created_at is not None


@pytest.mark.parametrize(
    "ident",
    ["contract-no-such-node", str(UUID(int=1)), "detail", "../v1/nodes", "a/b", "", "a b"],
)
def test_what_does_not_exist_is_not_found(yard: Yard, ident: str) -> None:
    with pytest.raises(NotFound):
        yard.source.machines.observe(ident)


def test_nics_have_normal_macs_and_the_ports_that_are_plugged_in(yard: Yard) -> None:
    machine, port = yard.machine(), yard.port()
    with adopting():
        yard.source.machines.plug(machine, port)  # type: ignore[attr-defined]
    observed = yard.source.machines.observe(machine)
    listed = next(one for one in yard.source.machines.discover(OURS) if one.id == machine)
    assert observed.nics == listed.nics
    assert observed.vifs == (port,)
    assert len(observed.nics) == 2
    assert all(nic.mac == nic.mac.lower() and len(nic.mac) == 17 for nic in observed.nics)


def test_a_listed_machine_is_the_observed_one(yard: Yard) -> None:
    """Except for what a list can't have: times, and the allocation."""
    machine = yard.machine()
    listed = next(one for one in yard.source.machines.discover(OURS) if one.id == machine)
    observed = yard.source.machines.observe(machine)
    assert listed == replace(observed, created_at=listed.created_at, updated_at=listed.updated_at, allocation=None)


def test_one_record_that_cannot_be_read_does_not_hide_the_others(yard: Yard) -> None:
    machine = yard.machine()
    spoilt = machines_over(SpoilingWire(yard.wire, machine))
    try:
        found = {one.id: one for one in spoilt.discover(OURS)}
    finally:
        spoilt.close()
    assert sorted(found) == ids(yard)
    assert [one.id for one in found.values() if one.problem] == [machine]
    assert "provision_state" in found[machine].problem


def test_looking_only_reads(yard: Yard) -> None:
    machine = yard.machine()
    with crossing(Purpose.LOOK) as recorder:
        ids(yard)
        yard.source.machines.observe(machine)
    assert {call.method for call in recorder.calls} == {"GET"}
    assert all(call.allowed for call in recorder.calls)


def test_the_machine_itself_is_asked_for_its_power_where_that_is_possible(yard: Yard) -> None:
    if yard.can_ask_machines is None:
        pytest.skip("no machine here can be asked")
    machine = yard.source.machines.observe(yard.can_ask_machines)
    listed = next(m for m in yard.source.machines.discover(Query()) if m.id == machine.id)
    assert machine.power_asked
    assert machine.observed_power in (Power.ON, Power.OFF)
    assert (listed.observed_power, listed.power_asked) == (machine.observed_power, True)
    assert machine.boot["power_state"] in ("On", "Off")


def test_where_nobody_can_be_asked_nothing_is_made_up(yard: Yard) -> None:
    machine = yard.source.machines.observe(yard.machine())
    assert (machine.observed_power, machine.power_asked) == (None, False)
    assert machine.boot == {}
