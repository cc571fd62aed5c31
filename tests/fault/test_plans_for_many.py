"""A plan for many machines is the same as that many plans for one, and asks far less."""

from __future__ import annotations

from collections.abc import Callable

from fault_bench import ACTOR, Bench, everything

from corral.contracts.sources import Query
from corral.domain.server import ManageRequest, NetworkRequest
from corral.drivers.memory import MemorySource
from corral.drivers.memory.fleet import synthetic

Make = Callable[..., Bench]
MANY = 60


def fleet(make: Make, start: bool = True) -> tuple[MemorySource, Bench, list[ManageRequest]]:
    source = MemorySource("lab")
    synthetic(source.world, MANY)
    bench = make(source, start=start)
    flavor = bench.flavor().uuid
    machines = list(source.source.machines.discover(Query()))
    wishes = [
        ManageRequest(f"server-{n}", machine.id, flavor, tuple(NetworkRequest(port_id=vif) for vif in machine.vifs))
        for n, machine in enumerate(machines)
    ]
    return source, bench, wishes


def test_each_item_is_what_a_plan_for_it_alone_would_be(bench_of: Make) -> None:
    source, bench, wishes = fleet(bench_of)
    source.world.nodes[wishes[3].node].maintenance = True
    together = bench.corral.adoption.plan(wishes, ACTOR).items
    alone = [bench.corral.adoption.plan([wish], ACTOR).items[0] for wish in wishes]
    assert list(together) == alone
    assert [item.adoptable for item in together].count(False) == 1


def test_it_asks_for_each_kind_of_thing_once_not_for_each_machine(bench_of: Make) -> None:
    source, bench, wishes = fleet(bench_of)
    asked: list[str] = []
    source.faults = lambda told: asked.append(told) if told.startswith("before") else None
    bench.corral.adoption.plan(wishes, ACTOR)
    assert len(asked) < MANY / 2, asked


def test_a_machine_that_nobody_knows_does_not_hide_the_others(bench_of: Make) -> None:
    _, bench, wishes = fleet(bench_of)
    lost = ManageRequest(
        "lost", "99999999-0000-4000-8000-000000000000", wishes[0].flavor, (NetworkRequest(net_id="n"),)
    )
    items = bench.corral.adoption.plan([*wishes[:40], lost], ACTOR).items
    assert [one.code for one in items[40].reasons] == ["node-not-found"]
    assert all(item.adoptable for item in items[:40])


def test_all_of_them_are_adopted_and_given_back(bench_of: Make) -> None:
    source, bench, wishes = fleet(bench_of)
    before = everything(source)
    plan = bench.corral.plans.store(wishes, ACTOR)
    _, operations, _ = bench.corral.plans.apply(plan.uuid, ACTOR)
    assert {bench.finished(one).state for one in operations} == {"succeeded"}
    for one in operations:
        server = bench.corral.servers.get(str(one.subject))
        _, leaving = bench.corral.adoption.unmanage(server, ACTOR)
        assert bench.finished(leaving).state == "succeeded"
    assert everything(source) == before
