"""The laws of `contracts.sources.Adopts`: claiming, protecting, and giving back."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from contract_yard import Yard, adopting, every_break, machines_over, new_uuid

from corral.contracts.sources import Adopts
from corral.domain.errors import Conflict, CorralError, NotFound


def adopts(yard: Yard) -> Adopts:
    assert isinstance(yard.source.machines, Adopts)
    return yard.source.machines


def snapshot_of(yard: Yard, machine: str) -> Mapping[str, Any]:
    return adopts(yard).snapshot(yard.source.machines.observe(machine))


def test_a_claim_makes_one_owner_with_an_allocation(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        adopts(yard).claim(machine, owner)
    observed = yard.source.machines.observe(machine)
    assert (observed.claimed_by, observed.allocation) == (owner, owner)
    allocation = yard.allocation(owner)
    assert allocation is not None
    assert (allocation["state"], allocation["node_uuid"]) == ("active", machine)


def test_claiming_again_for_the_same_owner_does_nothing(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting() as recorder:
        adopts(yard).claim(machine, owner)
        before, calls = yard.record(machine), len(recorder.calls)
        adopts(yard).claim(machine, owner)
    assert yard.record(machine) == before
    assert {call.method for call in recorder.calls[calls:]} == {"GET"}


def test_what_another_owns_cannot_be_claimed_and_is_not_touched(yard: Yard) -> None:
    machine, other, owner = yard.machine(), new_uuid(), new_uuid()
    yard.take(machine, other)
    before = yard.record(machine)
    with adopting(), pytest.raises(Conflict):
        adopts(yard).claim(machine, owner)
    assert yard.record(machine) == before
    assert yard.allocation(owner) is None


def test_an_owner_can_have_one_machine_only(yard: Yard) -> None:
    first, second, owner = yard.machine(), yard.machine(), new_uuid()
    before = yard.record(second)
    with adopting():
        adopts(yard).claim(first, owner)
        with pytest.raises(Conflict):
            adopts(yard).claim(second, owner)
    assert yard.record(second) == before


def test_a_machine_that_does_not_exist_cannot_be_claimed(yard: Yard) -> None:
    with adopting(), pytest.raises(NotFound):
        adopts(yard).claim(new_uuid(), new_uuid())


def test_a_claim_of_what_was_just_seen_is_one_change_and_one_record_of_it(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    seen = snapshot_of(yard, machine)
    with adopting() as recorder:
        adopts(yard).claim(machine, owner, seen)
    assert [call.method for call in recorder.calls] == ["PATCH", "POST"]
    observed = yard.source.machines.observe(machine)
    assert (observed.claimed_by, observed.allocation, observed.protected) == (owner, owner, True)


def test_what_was_taken_since_it_was_seen_is_not_claimed_and_not_protected(yard: Yard) -> None:
    machine, other, owner = yard.machine(), new_uuid(), new_uuid()
    seen = snapshot_of(yard, machine)
    yard.take(machine, other)
    before = yard.record(machine)
    with adopting(), pytest.raises(Conflict):
        adopts(yard).claim(machine, owner, seen)
    assert yard.record(machine) == before
    assert yard.allocation(owner) is None


def test_what_does_not_run_any_more_since_it_was_seen_is_not_claimed(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    seen = snapshot_of(yard, machine)
    yard.undeploy(machine)
    before = yard.record(machine)
    with adopting(), pytest.raises(Conflict):
        adopts(yard).claim(machine, owner, seen)
    assert yard.record(machine) == before
    assert yard.allocation(owner) is None


def test_of_sixteen_concurrent_claims_exactly_one_wins_and_the_losers_leave_nothing(yard: Yard) -> None:
    machine, owners = yard.machine(), [new_uuid() for _ in range(16)]

    def race(owner: str) -> str | CorralError:
        try:
            adopts(yard).claim(machine, owner)
        except CorralError as exc:
            return exc
        return owner

    with adopting(), ThreadPoolExecutor(16) as pool:
        started = [pool.submit(contextvars.copy_context().run, race, owner) for owner in owners]
        results = [one.result() for one in started]
    winners = [result for result in results if isinstance(result, str)]
    assert len(winners) == 1, results
    assert all(isinstance(result, Conflict | str) for result in results), results
    assert yard.source.machines.observe(machine).claimed_by == winners[0]
    assert [owner for owner in owners if yard.allocation(owner) is not None] == winners


def test_a_half_made_claim_is_completed(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        for _ in every_break(lambda wire: machines_over(wire).claim(machine, owner), yard.wire):
            adopts(yard).claim(machine, owner)
            assert yard.source.machines.observe(machine).allocation == owner
            adopts(yard).release(machine, owner, {"instance_info_traits": None})


def test_a_protected_machine_cannot_be_deleted_even_in_maintenance(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        adopts(yard).claim(machine, owner)
    assert owner in str(yard.source.machines.observe(machine).protected_reason)
    assert yard.try_delete(machine) in (403, 409)


def test_release_brings_every_field_back(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    before = yard.record(machine)
    with adopting():
        snapshot = snapshot_of(yard, machine)
        adopts(yard).claim(machine, owner)
        assert yard.record(machine) != before
        adopts(yard).release(machine, owner, snapshot)
        assert yard.record(machine) == before
        adopts(yard).release(machine, owner, snapshot)
    assert yard.record(machine) == before
    assert yard.allocation(owner) is None


@pytest.mark.parametrize("name", ["db-01", "somebody else's name for it"])
def test_release_leaves_the_name_that_the_instance_has(yard: Yard, name: str) -> None:
    machine, owner = yard.machine(), new_uuid()
    yard.call_instance(machine, name)
    before = yard.record(machine)
    with adopting():
        snapshot = snapshot_of(yard, machine)
        adopts(yard).claim(machine, owner)
        adopts(yard).release(machine, owner, snapshot)
    assert yard.record(machine) == before
    assert before["instance_name"] == name


def test_release_leaves_a_name_that_somebody_gave_the_instance_meanwhile(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        snapshot = snapshot_of(yard, machine)
        adopts(yard).claim(machine, owner)
        yard.call_instance(machine, "db-01")
        adopts(yard).release(machine, owner, snapshot)
    assert yard.record(machine)["instance_name"] == "db-01"


def test_a_snapshot_is_json_and_reading_it_changes_nothing(yard: Yard) -> None:
    import json

    machine = yard.machine()
    before = yard.record(machine)
    snapshot = snapshot_of(yard, machine)
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert (snapshot["instance_uuid"], snapshot["protected"]) == (None, False)
    assert yard.record(machine) == before


def test_a_release_that_dies_anywhere_is_finished_by_the_next(yard: Yard) -> None:
    machine = yard.machine()
    before = yard.record(machine)
    with adopting():
        snapshot = snapshot_of(yard, machine)
        owner = new_uuid()

        def run(wire: object) -> None:
            adopts(yard).claim(machine, owner)
            machines_over(wire).release(machine, owner, snapshot)  # type: ignore[arg-type]

        for at, moment in every_break(run, yard.wire):
            # However it broke: a node that can be deleted by accident must never be left behind.
            row = yard.record(machine)
            assert row["protected"] or not row["maintenance"], (at, moment)
            adopts(yard).release(machine, owner, snapshot)
            assert yard.record(machine) == before, (at, moment)
            assert yard.allocation(owner) is None, (at, moment)


def test_release_does_nothing_to_what_someone_else_owns_by_now(yard: Yard) -> None:
    machine, owner, other = yard.machine(), new_uuid(), new_uuid()
    with adopting():
        snapshot = snapshot_of(yard, machine)
        adopts(yard).claim(machine, owner)
        adopts(yard).release(machine, owner, snapshot)
        yard.take(machine, other)
        before = yard.record(machine)
        adopts(yard).release(machine, owner, snapshot)
    assert yard.record(machine) == before
    assert yard.allocation(other) is not None


def test_release_of_a_machine_that_is_gone_is_done(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        snapshot = snapshot_of(yard, machine)
        adopts(yard).claim(machine, owner)
        yard.delete(machine)
        adopts(yard).release(machine, owner, snapshot)


def test_plugging_in_is_read_back_and_done_once(yard: Yard) -> None:
    machine, port = yard.machine(), yard.port()
    with adopting():
        assert tuple(adopts(yard).vifs(machine)) == ()
        adopts(yard).plug(machine, port)
        assert tuple(adopts(yard).vifs(machine)) == (port,)
        adopts(yard).plug(machine, port)
        assert tuple(adopts(yard).vifs(machine)) == (port,)
        adopts(yard).unplug(machine, port)
        assert tuple(adopts(yard).vifs(machine)) == ()
        adopts(yard).unplug(machine, port)


def test_plugging_and_unplugging_brings_the_node_and_the_port_back(yard: Yard) -> None:
    machine, port = yard.machine(), yard.port()
    before = yard.record(machine)
    port_before = yard.port_record(port)
    with adopting():
        snapshot = yard.source.networks.ports([port])[port].snapshot
        adopts(yard).plug(machine, port)
        adopts(yard).unplug(machine, port)
        yard.source.networks.restore(port, snapshot)
    assert yard.record(machine) == before
    assert yard.port_record(port) == port_before


def test_a_machine_without_a_free_nic_takes_no_more_ports(yard: Yard) -> None:
    machine, ports = yard.machine(), [yard.port() for _ in range(3)]
    with adopting():
        adopts(yard).plug(machine, ports[0])
        adopts(yard).plug(machine, ports[1])
        with pytest.raises(Conflict):
            adopts(yard).plug(machine, ports[2])
    assert set(adopts(yard).vifs(machine)) == set(ports[:2])


def test_a_port_that_another_machine_has_is_not_taken(yard: Yard) -> None:
    first, second, port = yard.machine(), yard.machine(), yard.port()
    with adopting():
        adopts(yard).plug(first, port)
        with pytest.raises(Conflict):
            adopts(yard).plug(second, port)
    assert (tuple(adopts(yard).vifs(first)), tuple(adopts(yard).vifs(second))) == ((port,), ())


def test_a_port_that_does_not_exist_cannot_be_plugged_in(yard: Yard) -> None:
    machine = yard.machine()
    with adopting(), pytest.raises(NotFound):
        adopts(yard).plug(machine, new_uuid())


def test_a_source_may_accept_a_port_and_ignore_it(yard: Yard) -> None:
    machine, port = yard.machine("noop"), yard.port()
    with adopting():
        adopts(yard).plug(machine, port)
        assert tuple(adopts(yard).vifs(machine)) == ()
        adopts(yard).unplug(machine, port)


def test_vifs_of_nothing_are_not_found(yard: Yard) -> None:
    with pytest.raises(NotFound):
        adopts(yard).vifs(new_uuid())
    with adopting():
        adopts(yard).unplug(new_uuid(), new_uuid())
