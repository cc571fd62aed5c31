"""The laws of `contracts.traces.Traces`, and of the ports beside it: what is listed, and what is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from contract_yard import Yard, adopting, every_break, machines_over, new_uuid

from corral import config
from corral.contracts.border import Purpose, Recorder, crossing
from corral.contracts.sources import PowerTarget
from corral.contracts.traces import Traces
from corral.domain.errors import Breach, Conflict
from corral.domain.leak_kinds import Kind
from corral.domain.server import ManageRequest, NetworkRequest
from corral.domain.traces import ClaimTrace, MachineTrace
from corral.drivers.ironic.claim import maintenance_reason
from corral.services.adoption import Actor
from corral.store.tables import servers
from corral.wiring import build

ACTOR = Actor("operator", "default")


def tracer(yard: Yard) -> Traces:
    assert isinstance(yard.source.machines, Traces)
    return yard.source.machines


@contextmanager
def mending() -> Iterator[Recorder]:
    with crossing(Purpose.MEND) as recorder:
        yield recorder


def machine_trace(yard: Yard, machine: str) -> MachineTrace:
    (found,) = (one for one in tracer(yard).traces() if isinstance(one, MachineTrace) and one.id == machine)
    return found


def claim_traces(yard: Yard, owner: str) -> list[ClaimTrace]:
    return [one for one in tracer(yard).traces() if isinstance(one, ClaimTrace) and one.owner == owner]


def test_a_free_machine_bears_no_mark(yard: Yard) -> None:
    machine = yard.machine()
    assert machine_trace(yard, machine) == MachineTrace(machine)


def test_a_claim_is_listed_with_its_protection_and_its_allocation(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        yard.source.machines.claim(machine, owner)  # type: ignore[attr-defined]
    assert machine_trace(yard, machine) == MachineTrace(machine, owner, True, owner)
    assert claim_traces(yard, owner) == [ClaimTrace(owner, machine, True)]


def test_what_somebody_else_claimed_is_listed_without_a_word_of_corral(yard: Yard) -> None:
    machine, other = yard.machine(), new_uuid()
    yard.take(machine, other)
    assert machine_trace(yard, machine) == MachineTrace(machine, other)


def test_what_is_plugged_in_is_listed(yard: Yard) -> None:
    machine, port = yard.machine(), yard.port()
    with adopting():
        yard.source.machines.plug(machine, port)  # type: ignore[attr-defined]
    assert machine_trace(yard, machine).vifs == (port,)


def test_everything_is_read_in_lists(yard: Yard) -> None:
    yard.machine()
    with crossing(Purpose.LOOK) as recorder:
        assert list(tracer(yard).traces())
    paths = {call.path for call in recorder.calls if call.service == "baremetal"}
    assert paths == {"/v1/nodes", "/v1/ports", "/v1/portgroups", "/v1/allocations"}


def test_whatever_a_broken_claim_left_is_taken_away(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    before = yard.record(machine)
    with adopting():
        for at, moment in every_break(lambda wire: machines_over(wire).claim(machine, owner), yard.wire):
            with mending():
                tracer(yard).forsake(machine, owner)
                assert yard.record(machine) == before, (at, moment)
                assert yard.allocation(owner) is None, (at, moment)
                tracer(yard).forsake(machine, owner)


def test_whatever_a_broken_release_left_is_taken_away(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    # Without one, Ironic would copy the display name there between two steps: only who has the snapshot can tell that.
    yard.call_instance(machine, "db-01")
    before = yard.record(machine)
    snapshot = yard.source.machines.snapshot(yard.source.machines.observe(machine))  # type: ignore[attr-defined]

    def run(wire: object) -> None:
        yard.source.machines.claim(machine, owner)  # type: ignore[attr-defined]
        machines_over(wire).release(machine, owner, snapshot)  # type: ignore[arg-type]

    with adopting():
        for at, moment in every_break(run, yard.wire):
            row = yard.record(machine)
            marked = machine_trace(yard, machine)
            assert not row["maintenance"] or marked.given_back_for == owner, (at, moment)
            with mending():
                tracer(yard).forsake(machine, owner)
            assert yard.record(machine) == before, (at, moment)


def test_what_somebody_else_owns_by_now_is_left_alone(yard: Yard) -> None:
    machine, owner, other = yard.machine(), new_uuid(), new_uuid()
    yard.take(machine, other)
    before = yard.record(machine)
    with mending(), pytest.raises(Conflict):
        tracer(yard).forsake(machine, owner)
    with mending(), pytest.raises(Conflict):
        tracer(yard).forsake(None, other)
    assert yard.record(machine) == before


def test_an_allocation_in_error_is_listed_and_goes(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    yard.undeploy(machine)
    # Ironic refuses to backfill for a machine that is not active, and keeps what it refused.
    with adopting():
        version = {"X-OpenStack-Ironic-API-Version": "1.65"}
        answer = yard.wire.send("baremetal", "POST", "/v1/allocations", {"uuid": owner, "node": machine}, version)
    assert answer.status >= 400
    assert claim_traces(yard, owner) == [ClaimTrace(owner, None, False)]
    with mending():
        tracer(yard).forsake(None, owner)
        tracer(yard).forsake(None, owner)
    assert claim_traces(yard, owner) == []


def test_only_the_maintenance_of_that_server_s_release_is_ended(yard: Yard) -> None:
    machine, owner = yard.machine(), new_uuid()
    with adopting():
        yard.source.machines.claim(machine, owner)  # type: ignore[attr-defined]
    whole = yard.record(machine)
    for reason, left in ((maintenance_reason(owner), False), ("bad DIMM", True)):
        with adopting():
            yard.wire.send(
                "baremetal",
                "PUT",
                f"/v1/nodes/{machine}/maintenance",
                {"reason": reason},
                {"X-OpenStack-Ironic-API-Version": "1.65"},
            )
        with mending():
            tracer(yard).end_maintenance(machine, owner)
            tracer(yard).end_maintenance(machine, new_uuid())
        assert yard.record(machine)["maintenance"] is left
    assert {**yard.record(machine), "maintenance": False, "maintenance_reason": None} == whole


def test_ports_that_corral_has_are_listed_by_what_was_done_to_them(yard: Yard) -> None:
    bound, loose, owner = yard.port(), yard.port(), new_uuid()
    networks = yard.source.networks
    with adopting():
        networks.bind(bound, owner)
        made = networks.create(yard.network, "52:54:00:0a:0b:0c", owner, yard.project, "contract-port").id
    found = {one.id: one for one in networks.marked()}
    assert loose not in found
    assert (found[bound].device, found[bound].made) == (owner, False)
    assert (found[made].device, found[made].made) == (owner, True)
    with mending():
        networks.delete(made, owner)
        networks.free(bound, owner)
    assert not {bound, made} & {one.id for one in networks.marked()}


def test_a_port_is_freed_of_its_own_device_only_and_of_nothing_else(yard: Yard) -> None:
    port, owner = yard.port(), new_uuid()
    before = yard.port_record(port)
    with adopting():
        yard.source.networks.bind(port, owner)
    bound = yard.port_record(port)
    with mending():
        yard.source.networks.free(port, new_uuid())
        assert yard.port_record(port) == bound
        for _ in range(2):
            yard.source.networks.free(port, owner)
            assert yard.port_record(port) == before
        yard.source.networks.free(new_uuid(), owner)


def test_mending_claims_binds_plugs_and_switches_nothing(yard: Yard) -> None:
    machine, port, owner = yard.machine(), yard.port(), new_uuid()
    before, port_before = yard.record(machine), yard.port_record(port)
    machines, networks = yard.source.machines, yard.source.networks
    for act in (
        lambda: machines.claim(machine, owner),  # type: ignore[attr-defined]
        lambda: machines.plug(machine, port),  # type: ignore[attr-defined]
        lambda: machines.switch(machine, PowerTarget.OFF),  # type: ignore[attr-defined]
        lambda: networks.bind(port, owner),
        lambda: networks.create(yard.network, "52:54:00:00:00:01", owner, yard.project, "x"),
    ):
        with mending(), pytest.raises(Breach):
            act()
    assert yard.record(machine) == before
    assert yard.port_record(port) == port_before


@pytest.mark.timeout(900)
def test_an_adoption_whose_record_was_lost_is_found_and_repaired_and_the_machine_runs_on(
    yard: Yard, tmp_path: Path
) -> None:
    machine = yard.machine()
    seen = yard.source.machines.observe(machine)
    port = yard.port(min(seen.macs))
    before, port_before = yard.record(machine), yard.port_record(port)
    # Closing the source is the yard's business: it is used again.
    corral = build(config.load(data_dir=tmp_path), sources={"contract": yard.source}, emit=lambda *_, **__: None)
    corral.engine.start()
    try:
        flavor = corral.flavors.create({"name": "contract", "resources": {"contract": "1"}}, ACTOR)
        wishes = (NetworkRequest(port_id=port), NetworkRequest(net_id=yard.network))
        request = ManageRequest("leaky", machine, flavor.uuid, wishes, project=yard.project)
        server, operation = corral.adoption.manage(request, Actor("operator", yard.project))
        ended = corral.engine.wait(operation.uuid, 120)
        assert ended.state == "succeeded", ended.error
        mine = [one for one in corral.leaks.scan().leaks if server.uuid in (one.owner, one.subject)]
        assert mine == []
        with corral.sql.begin() as conn:
            conn.execute(sa.delete(servers))
        found, mended = corral.leaks.fix(ACTOR)
        assert {one.kind for one in found.leaks if one.owner == server.uuid} == {
            Kind.CLAIM,
            Kind.PORT_HELD,
            Kind.PORT_MADE,
        }
        # Whatever else lives in the same Ironic is nobody's business.
        assert {one.leak.owner for one in mended} == {server.uuid}
        for one in mended:
            assert one.operation is not None
            over = corral.engine.wait(one.operation.uuid, 120)
            assert over.state == "succeeded", over.error
            assert corral.servers.operation_proof(over.uuid).forbidden == 0
        assert [one for one in corral.leaks.scan().leaks if one.owner == server.uuid] == []
        after = yard.record(machine)
        assert {**after, "nics": 0} == {**before, "nics": 0}
        now = yard.source.machines.observe(machine)
        assert (now.power, now.claimed_by, now.protected, now.maintenance) == (seen.power, None, False, False)
        assert set(now.vifs) <= {port}
        assert yard.port_record(port) is not None
        assert port_before is not None
    finally:
        corral.engine.stop()
        corral.sql.dispose()
        if corral.lock is not None:
            corral.lock.release()
