"""What is left over when record and world part company, at every step: found, told, and repaired where it is certainly ours.

The engine leaves nothing behind (the rest of this folder); what is played here is what it can't help: a database that is lost, or
taken back to an older copy, while an adoption has come as far as its nth act."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fault_bench import ACTOR, LOOSE, NODE, PLUGGED, Bench, everything, memory

from corral.domain.errors import Invalid, NotFound, Unreachable
from corral.domain.leak_kinds import Kind
from corral.domain.lifecycle import Event
from corral.domain.traces import installation_of, marked_uuid
from corral.drivers.memory import MemorySource
from corral.drivers.memory.world import allocation
from corral.engine import Operation
from corral.engine.tables import metadata as engine_metadata
from corral.store import Audit
from corral.store.audit import AuditFilter
from corral.store.loose_ends import QUIET
from corral.store.servers import ServerFilter
from corral.store.tables import cluster_nodes, plan_items, plans, proofs, servers
from corral.wiring import now

Make = Callable[..., Bench]


class Cut:
    """The world can't be reached any more after the nth act, before or after it was carried out."""

    def __init__(self, nth: int, moment: str) -> None:
        self.nth, self.moment = nth, moment
        self.seen, self.call = 0, ""
        self.reached = threading.Event()

    def __call__(self, told: str) -> None:
        moment, _, call = told.partition(" ")
        if not call.startswith("GET"):
            self.seen += moment == "before"
            if self.seen == self.nth and moment == self.moment and not self.call:
                self.call = call
                self.reached.set()
        if self.call:
            raise Unreachable("the process that made this call is dead")


def lose(bench: Bench, *, proofs_too: bool = False) -> None:
    """Take the record back to a time before there were any servers and operations."""
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.delete(servers))
        for table in reversed(engine_metadata.sorted_tables):
            conn.execute(sa.delete(table))
        if proofs_too:
            conn.execute(sa.delete(proofs))


def left_over(make: Make, source: MemorySource, database: str, nth: int, moment: str) -> tuple[Bench, str]:
    """A Corral whose adoption came as far as its nth act, and was forgotten. Gives the act, "" where there are fewer."""
    first, cut = make(source, database), Cut(nth, moment)
    source.faults = cut
    _, operation = first.manage()
    while not cut.reached.wait(0.01):
        found = first.corral.engine.operation(operation.uuid)
        if found is not None and found.state.final:
            break
    first.corral.stop()
    source.faults = None
    second = make(source, database, start=False)
    lose(second)
    second.corral.start()
    return second, cut.call


def fixed(bench: Bench) -> list[Kind]:
    """Repair everything, and see each operation to its end. Gives what was repaired."""
    found, mended = bench.corral.leaks.fix(ACTOR)
    assert all(one.fixable for one in found.leaks), found
    for one in mended:
        assert one.problem is None
        if one.operation is not None:
            ended = bench.corral.engine.wait(one.operation.uuid, 90)
            assert ended.state == "succeeded", ended.error
    return [one.kind for one in found.leaks]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_adoption_that_was_forgotten_at_any_act_leaves_what_is_found_and_repaired(
    bench_of: Make, moment: str
) -> None:
    kinds: set[Kind] = set()
    for nth in range(1, 50):
        source = memory()
        free = everything(source)
        bench, call = left_over(bench_of, source, f"lost-{nth}.db", nth, moment)
        changed = everything(source) != free
        found = fixed(bench)
        kinds |= set(found)
        assert bool(found) == changed, call
        assert bench.leaks() == [], call
        now_ = everything(source)
        assert now_["nodes"][NODE] | {"nics": []} == free["nodes"][NODE] | {"nics": []}, call
        assert now_["allocations"] == {}, call
        assert set(now_["ports"]) == set(free["ports"]), call
        assert all(not port["device"] for port in now_["ports"].values()), call
        # What was plugged in stays: nobody knows who uses it by now.
        vifs = {nic["vif"] for nic in now_["nodes"][NODE]["nics"]}
        assert vifs <= {PLUGGED, LOOSE, None}, call
        if not call:
            break
    assert not call
    assert kinds == {Kind.CLAIM, Kind.PORT_HELD, Kind.PORT_MADE}


def test_what_is_repaired_is_audited_and_every_call_is_kept_and_allowed(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    owner = bench.managed().uuid
    lose(bench)
    boots = source.world.nodes[NODE].boots
    found, mended = bench.corral.leaks.fix(ACTOR)
    for one in mended:
        assert one.operation is not None
        bench.corral.engine.wait(one.operation.uuid, 90)
        trail = Audit(bench.corral.sql, now).page(AuditFilter(operation=one.operation.uuid), limit=9)
        assert [(entry.action, entry.outcome, entry.user) for entry in trail] == [
            ("leak:fix", "succeeded", ACTOR.user),
            ("leak:fix", "accepted", ACTOR.user),
        ]
        proof = bench.corral.servers.operation_proof(one.operation.uuid)
        assert proof.row.calls
        assert proof.forbidden == 0
    assert {one.owner for one in found.leaks} == {owner}
    assert source.world.nodes[NODE].boots == boots
    assert source.world.nodes[NODE].power == "power on"


def test_what_was_never_known_here_is_told_and_left_alone_until_a_person_names_its_installation(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    owner = bench.managed().uuid
    lose(bench, proofs_too=True)
    before = everything(source)
    found, mended = bench.corral.leaks.fix(ACTOR)
    assert mended == []
    assert everything(source) == before
    assert {one.installation for one in found.leaks} == {installation_of(owner)} == {found.installation}
    assert not any(one.fixable for one in found.leaks)
    with pytest.raises(Invalid):
        bench.corral.leaks.fix(ACTOR, told=installation_of(owner))
    _, mended = bench.corral.leaks.fix(ACTOR, "lab", told=installation_of(owner))
    assert [bench.corral.engine.wait(one.operation.uuid, 90).state for one in mended if one.operation] == [
        "succeeded"
    ] * len(found.leaks)
    assert bench.leaks() == []


def test_another_corral_s_servers_on_the_same_source_are_never_repaired(bench_of: Make) -> None:
    source = memory()
    theirs, mine = bench_of(source, "theirs.db"), bench_of(source, "mine.db")
    server = theirs.managed()
    before = everything(source)
    found, mended = mine.corral.leaks.fix(ACTOR)
    assert mended == []
    assert everything(source) == before
    assert {one.installation for one in found.leaks} == {installation_of(server.uuid)} != {found.installation}
    _, leaving = theirs.corral.adoption.unmanage(server, ACTOR)
    assert theirs.finished(leaving).state == "succeeded"


def test_a_server_that_another_source_has_explains_its_claim_at_this_one_too(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.update(servers).values(source="other"))
    found, mended = bench.corral.leaks.fix(ACTOR)
    assert [one.kind for one in found.leaks] == [Kind.SOURCE_GONE]
    assert mended == []
    assert source.world.nodes[NODE].instance_uuid == server.uuid
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.update(servers).values(source="lab"))


def test_an_adoption_that_runs_is_no_leak_at_any_act(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    looks: list[list[str]] = []

    def look(told: str) -> None:
        if not told.split(" ")[1].startswith("GET"):
            source.faults = None
            looks.append(bench.leaks())
            source.faults = look

    source.faults = look
    server = bench.managed()
    _, leaving = bench.corral.adoption.unmanage(server, ACTOR)
    assert bench.finished(leaving).state == "succeeded"
    source.faults = None
    assert len(looks) > 20
    assert looks == [[]] * len(looks)


def test_an_operation_that_begins_and_ends_while_the_world_is_read_is_no_leak(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    leaving: list[Operation] = []

    def adopt_and_let_go(told: str) -> None:
        # Neither the record before nor the one after knows of a server that comes and goes while nodes are listed.
        source.faults = None
        if told == "before GET /v1/nodes":
            bench.managed()
            source.faults = adopt_and_let_go
        elif told == "after GET /v1/nodes":
            (server,) = bench.corral.servers.page(
                ServerFilter(), limit=2, marker=None, sort_key="uuid", descending=True
            )
            leaving.append(bench.corral.adoption.unmanage(server, ACTOR)[1])
            assert bench.corral.engine.wait(leaving[0].uuid, 90).state == "succeeded"
        else:
            source.faults = adopt_and_let_go

    source.faults = adopt_and_let_go
    found = bench.corral.leaks.scan()
    assert leaving
    assert found.leaks == ()


def test_an_allocation_in_error_goes_and_one_of_somebody_else_stays(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    _, leaving = bench.corral.adoption.unmanage(server, ACTOR)
    bench.finished(leaving)
    other = str(uuid4())
    for owner in (server.uuid, other):
        source.world.allocations[owner] = allocation(owner, None, "error", "no")
    assert fixed(bench) == [Kind.ALLOCATION]
    assert list(source.world.allocations) == [other]
    del source.world.allocations[other]


def test_maintenance_that_a_release_left_on_a_living_server_is_ended_and_nothing_else(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    before = everything(source)
    node = source.world.nodes[NODE]
    node.maintenance, node.maintenance_reason = (
        True,
        f"Corral gives this node back: server {server.uuid} (for a moment)",
    )
    assert fixed(bench) == [Kind.MAINTENANCE]
    assert everything(source) == before
    node.maintenance, node.maintenance_reason = True, "bad DIMM"
    assert bench.leaks() == []
    node.maintenance = False


def test_what_has_a_server_by_the_time_of_the_repair_is_left_alone(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    with bench.corral.sql.begin() as conn:
        row = conn.execute(sa.select(servers)).mappings().one()
        conn.execute(sa.delete(servers))
    before = everything(source)
    bench.corral.engine.stop()
    _, mended = bench.corral.leaks.fix(ACTOR)
    with bench.corral.sql.begin() as conn:
        # The record is back, from a newer copy.
        conn.execute(sa.insert(servers).values(**row))
    bench.corral.engine.start()
    ended = [bench.corral.engine.wait(one.operation.uuid, 90) for one in mended if one.operation]
    assert {one.state for one in ended} == {"reverted"}
    assert everything(source) == before
    assert bench.corral.servers.get(server.uuid).status == "active"
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.delete(servers))
    fixed(bench)


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda world, node: world.nodes.pop(NODE) and world.order.remove(NODE), Kind.MACHINE_GONE),
        (lambda world, node: setattr(node, "protected", False), Kind.UNPROTECTED),
        (lambda world, node: setattr(node, "instance_uuid", str(uuid4())), Kind.MACHINE_TAKEN),
        (lambda world, node: setattr(node, "instance_uuid", None), Kind.MACHINE_UNCLAIMED),
        (lambda world, node: world.allocations.clear(), Kind.NOT_BACKED),
        (lambda world, node: world.ports.pop(LOOSE), Kind.PORT_GONE),
        (lambda world, node: setattr(world.ports[LOOSE], "device", str(uuid4())), Kind.PORT_TAKEN),
        (lambda world, node: setattr(node.nics[1], "vif", None), Kind.PORT_UNPLUGGED),
    ],
)
def test_whatever_a_server_loses_is_told_and_nothing_is_done_about_it(
    bench_of: Make, spoil: Callable[..., object], kind: Kind
) -> None:
    source = memory()
    bench = bench_of(source, "spoilt.db")
    bench.managed()
    spoil(source.world, source.world.nodes[NODE])
    before = everything(source)
    found, mended = bench.corral.leaks.fix(ACTOR)
    assert kind in [one.kind for one in found.leaks]
    assert mended == []
    assert everything(source) == before
    lose(bench, proofs_too=True)
    source.world.nodes.clear()
    source.world.ports.clear()
    source.world.allocations.clear()
    source.world.order.clear()


def test_a_source_that_does_not_answer_is_told_and_hides_nothing_else(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    bench.managed()

    def dead(told: str) -> None:
        raise Unreachable("connection refused")

    source.faults = dead
    found = bench.corral.leaks.scan()
    source.faults = None
    assert (found.leaks, list(found.problems)) == ((), ["lab"])
    with pytest.raises(NotFound):
        bench.corral.leaks.scan("nowhere")


def test_a_server_whose_adoption_nobody_carries_out_is_forgotten_and_then_its_claim_goes(bench_of: Make) -> None:
    source = memory()
    free = everything(source)
    bench = bench_of(source)
    bench.managed()
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.update(servers).values(status="managing"))
    assert Kind.STUCK in fixed(bench)
    assert Kind.CLAIM in fixed(bench)
    assert bench.leaks() == []
    assert everything(source)["nodes"][NODE] | {"nics": []} == free["nodes"][NODE] | {"nics": []}


@pytest.mark.parametrize(
    ("event", "power", "status"),
    [
        (Event.UNMANAGE, "power on", "active"),
        (Event.UNMANAGE, "power off", "stopped"),
        (Event.REBOOT, "power on", "active"),
        (Event.POWER_OFF, "power off", "stopped"),
    ],
)
def test_a_server_that_nobody_moves_on_comes_to_rest_as_its_machine_s_power_is(
    bench_of: Make, event: Event, power: str, status: str
) -> None:
    source = memory()
    bench = bench_of(source)
    server = bench.managed()
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.update(servers).values(status=str(server.on(event).status)))
    source.world.nodes[NODE].power = power
    assert fixed(bench) == [Kind.STUCK]
    assert bench.corral.servers.get(server.uuid).status == status
    assert bench.leaks() == []


def begun_plan(bench: Bench) -> str:
    """A plan for the one machine, whose applying was begun long ago."""
    head = {"uuid": str(uuid4()), "project": "bank", "digest": "d", "created_at": now(), "operations": []}
    item = {"source": "lab", "machine": NODE, "project": "bank", "basis": "b", "request": {}, "reasons": []}
    with bench.corral.sql.begin() as conn:
        conn.execute(sa.insert(plans).values(**head, applied_at=now() - QUIET - timedelta(minutes=1)))
        conn.execute(sa.insert(plan_items).values(**item, plan=head["uuid"], position=0, steps=[{"title": "t"}]))
    return str(head["uuid"])


def plan_row(bench: Bench, uuid: str) -> Any:
    with bench.corral.sql.connect() as conn:
        return conn.execute(sa.select(plans).where(plans.c.uuid == uuid)).one()


def test_a_plan_that_broke_off_while_it_was_applied_is_called_over_or_can_be_applied_again(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    untouched = begun_plan(bench)
    assert fixed(bench) == [Kind.HALF_APPLIED]
    assert plan_row(bench, untouched).applied_at is None
    _, operation = bench.manage()
    bench.finished(operation)
    begun = begun_plan(bench)
    assert fixed(bench) == [Kind.HALF_APPLIED]
    assert plan_row(bench, begun).operations == [operation.uuid]
    assert plan_row(bench, begun).cancelled_at is not None
    assert bench.leaks() == []


def test_a_hold_of_an_operation_that_is_over_is_let_go_and_an_old_operation_that_nobody_has_is_told(
    bench_of: Make,
) -> None:
    source = memory()
    bench = bench_of(source)
    bench.corral.engine.stop()
    server, operation = bench.manage()
    with bench.corral.sql.begin() as conn:
        aged = engine_metadata.tables["operations"]
        conn.execute(sa.update(aged).values(created_at=now() - QUIET - timedelta(minutes=1)))
        row = {"id": str(uuid4()), "name": "n1", "project": "bank", "roles": [], "meta": {}, "status": "discover"}
        conn.execute(sa.insert(cluster_nodes).values(**row, busy=str(uuid4()), created_at=now(), revision=1))
    found, _ = bench.corral.leaks.fix(ACTOR)
    assert {one.kind: one.subject for one in found.leaks} == {
        Kind.UNATTENDED: operation.uuid,
        Kind.HELD: row["id"],
    }
    assert [one.kind for one in bench.corral.leaks.scan().leaks] == [Kind.UNATTENDED]
    bench.corral.engine.start()
    assert bench.finished(operation).state == "succeeded"
    assert installation_of(server.uuid) == bench.corral.leaks.scan().installation
    assert marked_uuid(uuid4(), installation_of(server.uuid)) != server.uuid
