"""A service that was too slow to answer carries out what it was asked after Corral has given up and undone everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fault_bench import ACTOR, Bench, everything, memory
from test_calls_fail import Nth, whole

from corral.domain.errors import OutcomeUnknown
from corral.drivers.memory import Postponed

Make = Callable[..., Bench]


def _let_go(bench: Bench, server: str) -> None:
    _, leaving = bench.corral.adoption.unmanage(bench.corral.servers.get(server), ACTOR)
    assert bench.finished(leaving).state == "succeeded"


def _is_act(call: str) -> bool:
    return not call.startswith("GET")


@pytest.mark.timeout(300)
def test_what_manage_asked_for_in_vain_is_undone_also_when_it_is_done_late(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    before, late = everything(source), []
    for nth in range(1, 200):
        fault = Nth(nth, "before", Postponed)
        source.faults = fault
        try:
            server, operation = bench.manage()
        except OutcomeUnknown:
            continue  # a look before anything was begun
        ended = bench.corral.engine.wait(operation.uuid, 90)
        source.faults = None
        source.wire.catch_up()
        whole(source, bench, before, server.uuid, f"{fault.failed}, late, {ended.state}")
        if ended.state == "succeeded":
            _let_go(bench, server.uuid)
            if not fault.failed:
                break
        elif _is_act(fault.failed):
            late.append(fault.failed)
    assert len(late) >= 4, late


@pytest.mark.timeout(300)
def test_what_unmanage_asked_for_in_vain_is_taken_back_also_when_it_is_done_late(bench_of: Make) -> None:
    source = memory()
    bench = bench_of(source)
    before, late = everything(source), []
    server = bench.managed()
    for nth in range(1, 200):
        fault = Nth(nth, "before", Postponed)
        source.faults = fault
        _, operation = bench.corral.adoption.unmanage(bench.corral.servers.get(server.uuid), ACTOR)
        ended = bench.corral.engine.wait(operation.uuid, 90)
        source.faults = None
        source.wire.catch_up()
        end = whole(source, bench, before, server.uuid, f"{fault.failed}, late, {ended.state}")
        if not fault.failed:
            break
        if _is_act(fault.failed):
            late.append(fault.failed)
        if end == "untouched":
            server = bench.managed()
    assert len(late) >= 4, late
